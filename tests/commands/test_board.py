"""`tasks --watch`: a live board on a terminal, lines elsewhere; `cancel` and `retry` of thousands of tasks."""

from __future__ import annotations

import fcntl
import io
import json
import os
import pty
import re
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from lessongen.commands.board_drawing import drawn
from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import LessonRequest, Priority, Status
from lessongen.queue.board import Board
from lessongen.queue.pace import Pace, pace
from lessongen.queue.presence import Card, Peer
from tests.conftest import CommandLine
from tests.processes import eventually, worker
from tests.queues import SetClock, new_version, open_jobs, submit

WATCH = [sys.executable, "-m", "lessongen", "tasks", "--watch"]


@contextmanager
def watching(*options: str) -> Iterator[subprocess.Popen[str]]:
    """A board whose standard output is a pipe."""
    board = subprocess.Popen([*WATCH, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield board
    finally:
        board.kill()
        board.communicate()


@dataclass
class Terminal:
    """A board on a terminal of its own, and all that it has drawn."""

    columns: int
    drawn: str = ""
    code: int = -1
    _master: int = -1
    _process: subprocess.Popen[bytes] = field(init=False)

    def open(self, *options: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, self.columns, 0, 0))
        environment = {**os.environ, "TERM": "xterm", "COLUMNS": str(self.columns), "LINES": "24"}
        self._process = subprocess.Popen([*WATCH, *options], stdin=slave, stdout=slave, stderr=slave, env=environment)
        os.close(slave)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            while data := os.read(self._master, 65_536):
                self.drawn += data.decode(errors="replace")
        except OSError:
            return  # the board has left

    def shows(self, text: str) -> bool:
        return text in self.drawn

    def interrupt(self) -> None:
        self._process.send_signal(signal.SIGINT)
        self.code = self._process.wait(120)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._master)


@contextmanager
def terminal(*options: str, columns: int) -> Iterator[Terminal]:
    """A board on a terminal that is closed when the block ends."""
    shown = Terminal(columns)
    shown.open(*options)
    try:
        yield shown
    finally:
        shown.close()


@pytest.mark.parametrize("columns", [100, 40])
def test_the_board_shows_workers_and_tasks_and_ctrl_c_leaves_it(tmp_path: Path, columns: int) -> None:
    jobs = open_jobs(tmp_path)
    running, waiting = submit(jobs, "sleep:60"), submit(jobs, "nouns")
    with worker(tmp_path, "--threads", "1"), terminal("--db", str(tmp_path / "lessons.db"), columns=columns) as board:
        eventually(lambda: board.shows("1 in progress"))
        eventually(lambda: board.shows("1 of 1"))
        assert board.shows(running.task_id[:8])
        assert board.shows(waiting.task_id[:8])
        board.interrupt()
        eventually(lambda: "\x1b[?25h" in board.drawn)
    assert board.code == 0
    assert "Traceback" not in board.drawn
    assert "\x1b[?1049h" not in board.drawn, "the alternate screen stays off"
    jobs.store.close()


def test_no_line_of_the_board_is_wider_or_longer_than_the_terminal(tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path)
    one = submit(jobs)
    topics = ["日本語" * 30, "a\u202eb\x1b[2J\n" + "long " * 30, "short"] * 10
    tasks = [replace(one, request=replace(one.request, topic=topic)) for topic in topics]
    now = datetime.now(UTC)
    board = Board(
        counts={**dict.fromkeys(Status, 0), Status.PENDING: len(tasks)},
        peers=(),
        running_of={},
        running=(),
        waiting=tasks,
        finished=(),
        pace=Pace(ended=0, since=None),
    )
    for width, height in ((200, 50), (100, 24), (60, 24), (40, 12), (20, 6)):
        shown = io.StringIO()
        Console(width=width, height=height, file=shown).print(drawn(board, now, width, height))
        lines = shown.getvalue().splitlines()
        assert len(lines) < height
        assert all(cell_len(line) <= width for line in lines)
        assert not re.search("[\u202e\x1b]", shown.getvalue())
    jobs.store.close()


def test_throughput_and_time_left_come_from_what_ended_of_late(cli: CommandLine, tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path)
    requests = [LessonRequest(subject="english", topic=f"sleep:0.05#{number}") for number in range(40)]
    jobs.submit(requests, user="ann", priority=Priority.NORMAL, writer="extractive")
    began = time.monotonic()
    with worker(tmp_path, "--threads", "2", "--drain") as process:
        process.wait(120)
    submit(jobs)

    with watching("--json", "--db", str(tmp_path / "lessons.db")) as board:
        assert board.stdout is not None
        seen = json.loads(board.stdout.readline())
    took = time.monotonic() - began

    assert seen["counts"]["completed"] == 40
    assert 60 * 40 / (took + 1) < seen["tasks_per_minute"] < 60 * 40 / (40 * 0.05 / 2)
    assert seen["seconds_left"] is None, "no worker is alive"
    jobs.store.close()


def test_time_left_is_said_while_a_worker_takes_tasks() -> None:
    now = datetime.now(UTC)

    def board(ended: int, seconds: float) -> Board:
        return Board(
            counts={**dict.fromkeys(Status, 0), Status.PENDING: 30},
            peers=(_peer(),),
            running_of={},
            running=(),
            waiting=(),
            finished=(),
            pace=Pace(ended=ended, since=now - timedelta(seconds=seconds)),
        )

    assert board(10, 60).tasks_per_minute(now) == 10
    assert board(10, 60).seconds_left(now) == 180
    assert board(10, 60).seconds_left(now + timedelta(seconds=60)) == 360
    assert board(0, 60).seconds_left(now) is None


def test_what_ended_before_an_idle_time_does_not_make_the_present_pace_slower(tmp_path: Path) -> None:
    clock = SetClock()
    jobs = open_jobs(tmp_path, clock)

    def work_off(tasks: int) -> None:
        """Four a second."""
        for _ in range(tasks):
            submit(jobs, f"topic {clock.seconds}")
            lease = jobs.claim("worker", 1)[0]
            clock.advance(0.25)
            jobs.complete(lease, new_version(lease.task.request))

    work_off(3)
    clock.advance(240)
    work_off(8)
    found = pace(jobs.store.tasks, TaskFilter(), clock.now())
    assert found.per_minute(clock.now()) == pytest.approx(240)
    assert found.seconds_left(36, clock.now()) == pytest.approx(9)
    jobs.store.close()


def test_the_board_and_the_batch_say_the_same_time_left(cli: CommandLine, home: Path) -> None:
    jobs = open_jobs(home)
    submit(jobs, "sleep:0.05#before")
    with worker(home, "--drain") as process:
        process.wait(120)
    rows = "".join(f"english,sleep:0.2#{number}\n" for number in range(200))
    (home / "rows.csv").write_text("subject,topic\n" + rows)
    batch = cli("batch", "submit", str(home / "rows.csv"), "--no-start", "--json").json()["batch_id"]
    time.sleep(12)  # nothing runs for so long
    with worker(home, "--threads", "1"), watching("--json", "--db", str(home / "lessons.db")) as board:
        assert board.stdout is not None
        lines = map(json.loads, board.stdout)
        seen = [next(each for each in lines if each["counts"]["completed"] >= 12)]
        shown = cli("batch", "show", batch, "--json").json()
        asked_at = datetime.now(UTC)
        seen += [next(each for each in lines if datetime.fromisoformat(each["at"]) > asked_at)]
    # What the batch says stands between what the board said before it and after it.
    least, most = sorted(each["seconds_left"] for each in seen)
    assert least - 3 <= shown["seconds_left"] <= most + 3
    jobs.store.close()


def test_a_cancelled_task_is_shown_as_cancelled_and_a_running_one_as_cancelling(tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path)
    stubborn = submit(jobs, "verbs")
    lease = jobs.claim("worker", 1)[0]
    jobs.cancel([stubborn])
    running = jobs.get(stubborn.task_id)
    jobs.settle_cancelled(lease)
    over = jobs.get(stubborn.task_id)
    assert over.cancel_requested
    states = {}
    for task, kind in ((running, "running"), (over, "finished")):
        kinds = {"running": (), "waiting": (), "finished": (), kind: (task,)}
        shown = io.StringIO()
        board = Board(counts=dict.fromkeys(Status, 0), peers=(), running_of={}, pace=Pace(ended=0, since=None), **kinds)
        Console(width=50, height=20, file=shown).print(drawn(board, datetime.now(UTC), 50, 20))
        states[kind] = shown.getvalue()
    assert ("cancelling" in states["running"], "cancelling" in states["finished"]) == (True, False)
    assert "cancelled" in states["finished"]
    jobs.store.close()


def _peer() -> Peer:
    card = Card(worker_id="1-a", pid=1, socket="", started_at="", concurrency=1, is_detached=False)
    return Peer(card=card, is_leaving=False, is_frozen=False)


def test_without_a_terminal_each_change_is_one_json_line(tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path)
    first = submit(jobs)
    with watching("--json", "--db", str(tmp_path / "lessons.db")) as board:
        assert board.stdout is not None
        before = json.loads(board.stdout.readline())
        jobs.cancel([first])
        after = json.loads(board.stdout.readline())

    assert set(before) == {
        *("at", "counts", "total", "workers", "running", "waiting", "finished", "tasks_per_minute", "seconds_left")
    }
    assert [task["task_id"] for task in before["waiting"]] == [first.task_id]
    assert [task["task_id"] for task in after["finished"]] == [first.task_id]
    assert (after["counts"]["cancelled"], after["waiting"]) == (1, [])
    jobs.store.close()


def test_nothing_is_said_while_nothing_changes(tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path)
    submit(jobs)
    with watching("--db", str(tmp_path / "lessons.db")) as board:
        assert board.stdout is not None
        assert re.fullmatch(
            r"\d\d:\d\d:\d\d UTC  1 pending\. .*no worker is alive\. 0 workers\.\n", board.stdout.readline()
        )
        time.sleep(1.5)
        board.send_signal(signal.SIGINT)
        rest, errors = board.communicate(timeout=120)
    assert (rest, errors, board.returncode) == ("", "", 0)
    jobs.store.close()


def test_the_board_leaves_when_its_reader_has_gone(tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path)
    submit(jobs)
    with watching("--json", "--db", str(tmp_path / "lessons.db")) as board:
        assert board.stdout is not None
        board.stdout.readline()
        board.stdout.close()
        assert board.wait(120) == 0
        assert board.stderr is not None
        assert board.stderr.read() == ""
        board.stdout = None
    jobs.store.close()


def test_the_board_lists_only_what_is_asked_for(tmp_path: Path) -> None:
    jobs = open_jobs(tmp_path)
    submit(jobs, user="ann")
    bobs = submit(jobs, user="bob")
    with watching("--json", "--user", "bob", "--db", str(tmp_path / "lessons.db")) as board:
        assert board.stdout is not None
        seen = json.loads(board.stdout.readline())
    assert ([task["task_id"] for task in seen["waiting"]], seen["total"]) == ([bobs.task_id], 1)
    jobs.store.close()


# ---------------------------------------------------------------- thousands of tasks


def test_thousands_are_cancelled_and_retried_in_few_statements(
    cli: CommandLine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = open_jobs(home)
    requests = [LessonRequest(subject="english", topic=f"topic {number}") for number in range(2_000)]
    jobs.submit(requests, user="ann", priority=Priority.NORMAL, writer="extractive")
    jobs.store.close()
    statements: set[str] = set()
    connect = sqlite3.connect

    def traced(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **options)
        connection.set_trace_callback(statements.add)  # a trigger is traced as the statement that fires it
        return connection

    monkeypatch.setattr("sqlite3.connect", traced)

    ended = cli("cancel", "--all", "--yes")
    assert (ended.code, ended.stdout) == (0, "cancelled: 2,000\n")
    ended = cli("retry", "--all", "--yes", "--no-start", "--json")
    assert (ended.code, len(ended.json()["tasks"])) == (0, 2_000)
    assert cli("tasks", "--json").json()["counts"]["pending"] == 2_000
    assert 0 < len(statements) < 100
