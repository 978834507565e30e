"""Who may use the web API: every SQL statement on tokens. What is kept of a token is its hash."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lessongen.database.rows import record
from lessongen.lesson.records import SubmitLimit, Token
from lessongen.system.clock import to_text

if TYPE_CHECKING:
    from lessongen.database.port import Database, Row

_COLUMNS = "id, user, limit_tasks, limit_seconds, created_at, revoked_at"
_ADD = f"""
INSERT INTO tokens (sha256, user, limit_tasks, limit_seconds, created_at) VALUES (?, ?, ?, ?, ?)
RETURNING {_COLUMNS}"""
_FIND = f"SELECT {_COLUMNS} FROM tokens WHERE sha256 = ? AND revoked_at IS NULL"
_VALID = "SELECT sha256 FROM tokens WHERE sha256 IN (SELECT value FROM json_each(?)) AND revoked_at IS NULL"
_ALL = f"SELECT {_COLUMNS} FROM tokens ORDER BY id"
_REVOKE = """
UPDATE tokens SET revoked_at = :now
WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(:numbers)) AND revoked_at IS NULL RETURNING id"""
_LONGEST_PERIOD = "SELECT coalesce(max(limit_seconds), 0) FROM tokens WHERE revoked_at IS NULL"


class Tokens:
    """Tokens in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, sha256: str, user: str, limit: SubmitLimit | None, now: datetime) -> Token:
        """Keep a new token's hash."""
        row = (
            sha256,
            user,
            limit.tasks if limit else None,
            int(limit.period.total_seconds()) if limit else None,
            to_text(now),
        )
        return self._database.durable(lambda connection: _token(connection.execute(_ADD, row).fetchall()[0]))

    def find(self, sha256: str) -> Token | None:
        """The token of that hash, unless it was revoked."""
        rows = self._database.read(_FIND, (sha256,))
        return _token(rows[0]) if rows else None

    def valid(self, hashes: Iterable[str]) -> set[str]:
        """Those of the hashes whose tokens are there and were not revoked."""
        return {row[0] for row in self._database.read(_VALID, (json.dumps(list(hashes)),))}

    def all(self) -> list[Token]:
        """All tokens, revoked ones too, oldest first."""
        return [_token(row) for row in self._database.read(_ALL)]

    def revoke(self, numbers: Iterable[int], now: datetime) -> list[int]:
        """Revoke tokens; the numbers of those that were valid until now."""
        parameters = {"numbers": json.dumps(list(numbers)), "now": to_text(now)}
        return self._database.durable(
            lambda connection: [row[0] for row in connection.execute(_REVOKE, parameters).fetchall()]
        )

    def longest_period(self) -> timedelta:
        """The longest period that a valid token's limit is counted over."""
        return timedelta(seconds=self._database.read(_LONGEST_PERIOD)[0][0])


def _token(row: Row) -> Token:
    limit = None
    if row["limit_tasks"] is not None:
        limit = SubmitLimit(tasks=row["limit_tasks"], period=timedelta(seconds=row["limit_seconds"]), defers=False)
    return record(Token, row, number=row["id"], limit=limit)
