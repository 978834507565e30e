"""Whose turn it is: the next due task by priority, then by turns between users, then by age.

Users take turns in the order of their names: next is the first after the one served last, or else the first of all. So
each claim costs the same however many tasks one user has waiting, and a new user's task waits for at most one claim of
each other. Limits are counted from rows; users at theirs are skipped, at most as many as there are running tasks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lessongen.database.port import Connection


HIGHEST_DUE = """
SELECT priority FROM tasks WHERE status = 'pending' AND run_at IS NULL ORDER BY priority DESC LIMIT 1"""

NEXT_LOWER_DUE = """
SELECT priority FROM tasks WHERE status = 'pending' AND run_at IS NULL AND priority < ?
ORDER BY priority DESC LIMIT 1"""

LAST_SERVED = "SELECT user FROM turns WHERE priority = ?"

NEXT_TURN = """
SELECT id, user FROM tasks
WHERE status = 'pending' AND run_at IS NULL AND priority = :priority AND user > :user ORDER BY user, id LIMIT 1"""

FIRST_TURN = """
SELECT id, user FROM tasks
WHERE status = 'pending' AND run_at IS NULL AND priority = :priority ORDER BY user, id LIMIT 1"""

SERVED = "INSERT INTO turns (priority, user) VALUES (?, ?) ON CONFLICT (priority) DO UPDATE SET user = excluded.user"

RUNNING = "SELECT count(*) FROM (SELECT 1 FROM tasks WHERE status = 'in_progress' AND user = ? LIMIT ?) AS few"


def next_due(connection: Connection, running_per_user: int | None) -> int | None:
    """The row id of the task to claim next, its user's turn taken; None if no task may be claimed now."""
    highest = connection.execute(HIGHEST_DUE).fetchone()
    while highest is not None:
        last = connection.execute(LAST_SERVED, (highest[0],)).fetchone()
        found = _in_turn(connection, highest[0], last[0] if last else None, running_per_user)
        if found is not None:
            if last is None or found[1] != last[0]:
                connection.execute(SERVED, (highest[0], found[1]))
            return found[0]
        highest = connection.execute(NEXT_LOWER_DUE, (highest[0],)).fetchone()
    return None


def _in_turn(
    connection: Connection, priority: int, last: str | None, running_per_user: int | None
) -> tuple[int, str] | None:
    """Once round the users of a priority, from the one after the last served: the first who may have a task more."""
    after = last
    is_second_half = after is None
    while True:
        if after is None:
            found = connection.execute(FIRST_TURN, {"priority": priority}).fetchone()
        else:
            found = connection.execute(NEXT_TURN, {"priority": priority, "user": after}).fetchone()
        if found is None:
            if is_second_half:
                return None
            is_second_half, after = True, None
            continue
        if is_second_half and last is not None and found[1] > last:
            return None
        if running_per_user is None or _running(connection, found[1], running_per_user) < running_per_user:
            return (found[0], found[1])
        after = found[1]


def _running(connection: Connection, user: str, at_most: int) -> int:
    count: int = connection.execute(RUNNING, (user, at_most)).fetchone()[0]
    return count
