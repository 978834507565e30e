"""The database's files taken away, exchanged, linked, cut and restored under whoever uses them; what comes of it.

One run: a database with finished tasks, of which an older copy is kept; someone who has it open; a task accepted just
before the fault, more asked for just after it; then whoever had it open leaves, and a new worker does what is left.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from lessongen.queue.presence import Roster
from tests.conftest import run_cli
from tests.processes import ROOT, roster_of, start_worker
from tests.queues import open_jobs, submit

NAME = "lessons.db"
PATIENCE_SECONDS = 120.0
_ASKED_AFTER = 2
_BUSY_TASKS = 300  # for eight seconds and more: asking for one more takes some, on a machine that has other work


# ---------------------------------------------------------------- faults


def _at(folder: Path, suffix: str) -> Path:
    return folder / (NAME + suffix)


def _removed(*suffixes: str) -> Callable[[Path], None]:
    def fault(folder: Path) -> None:
        for suffix in suffixes:
            _at(folder, suffix).unlink(missing_ok=True)

    return fault


def _replaced(*suffixes: str) -> Callable[[Path], None]:
    """By another file of the same content: what an editor, or a tool that synchronises folders, does."""

    def fault(folder: Path) -> None:
        for suffix in suffixes:
            other = _at(folder, suffix + ".other")
            shutil.copyfile(_at(folder, suffix), other)
            other.replace(_at(folder, suffix))

    return fault


def _cut(suffix: str, share: float) -> Callable[[Path], None]:
    def fault(folder: Path) -> None:
        path = _at(folder, suffix)
        os.truncate(path, int(path.stat().st_size * share) // 512 * 512)

    return fault


def _restored(*, in_place: bool, beside: str) -> Callable[[Path], None]:
    """An older copy is put back; what is beside the database is left, removed, or put back too."""

    def fault(folder: Path) -> None:
        copy = folder / "backup" / NAME
        if beside == "removed":
            _removed("-wal", "-shm")(folder)
        if in_place:
            shutil.copyfile(copy, folder / NAME)
        else:
            shutil.copyfile(copy, folder / "new.db")
            (folder / "new.db").replace(folder / NAME)
        if beside == "restored":
            for suffix in ("-wal", "-shm"):
                shutil.copyfile(folder / "backup" / (NAME + suffix), _at(folder, suffix))

    return fault


def _linked(folder: Path) -> None:
    (folder / "other").mkdir()
    os.link(folder / NAME, folder / "other" / NAME)


def _linked_with_all(folder: Path) -> None:
    subprocess.run(["cp", "-al", str(folder), str(folder.parent / "snapshot")], check=True)
    (folder.parent / "snapshot").rename(folder / "other")


def _symlinked(folder: Path) -> None:
    (folder / "other").mkdir()
    (folder / "other" / NAME).symlink_to(folder / NAME)


FAULTS: dict[str, Callable[[Path], None]] = {
    "removed: -shm": _removed("-shm"),
    "removed: -wal": _removed("-wal"),
    "removed: -wal, -shm": _removed("-wal", "-shm"),
    "removed: database": _removed(""),
    "removed: all three": _removed("", "-wal", "-shm"),
    "replaced: database": _replaced(""),
    "replaced: -wal": _replaced("-wal"),
    "replaced: -shm": _replaced("-shm"),
    "replaced: all three": _replaced("", "-wal", "-shm"),
    "cut: database to nothing": _cut("", 0),
    "cut: database to half": _cut("", 0.5),
    "cut: -wal to nothing": _cut("-wal", 0),
    "cut: -wal to half": _cut("-wal", 0.5),
    "cut: -shm to nothing": _cut("-shm", 0),
    "restored: by mv": _restored(in_place=False, beside="left"),
    "restored: by mv, -wal, -shm removed": _restored(in_place=False, beside="removed"),
    "restored: by cp": _restored(in_place=True, beside="left"),
    "restored: by cp, -wal, -shm removed": _restored(in_place=True, beside="removed"),
    "restored: all three, by cp": _restored(in_place=True, beside="restored"),
    "linked: database": _linked,
    "linked: whole folder": _linked_with_all,
    "linked: by a symlink": _symlinked,
}


# ---------------------------------------------------------------- who has it open


@dataclass
class Run:
    """One run, and what was seen of it: `accepted` and `refused` hold what was asked for after the fault."""

    folder: Path
    before: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    at_other_name: list[str] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """Where commands find the database."""
        kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
        home = {"LESSONGEN_HOME": str(self.folder), "PYTHONPATH": str(ROOT), "LESSONGEN_SOURCES_WIKIPEDIA": "no"}
        return {**kept, **home}

    def create(self, topic: str, *options: str) -> tuple[str | None, str]:
        """Ask for a lesson: the accepted task's id, or None and the error with its hint."""
        asking = ("create", "bench", topic, "--no-start", "--json", *options)
        done = run_cli(*asking, environment=self.environment)
        if done.code == 0:
            return done.json()["task_id"], ""
        assert "Traceback" not in done.stderr, done.stderr
        error = done.error()
        assert error["hint"], error
        return None, f"{error['message']} {error['hint']}"

    def note(self, told: tuple[str | None, str]) -> None:
        """Keep what came of a request after the fault."""
        task_id, error = told
        if task_id is not None:
            self.accepted.append(task_id)
        else:
            self.refused.append(error)


@contextmanager
def _worker(run: Run) -> Iterator[Callable[[], None]]:
    process = start_worker(run.folder, "--threads", "2", "--lease", "2")
    try:
        _wait_for(roster_of(run.folder).has_taker)

        def ask() -> None:
            for number in range(_ASKED_AFTER):
                run.note(run.create(f"sleep:0#{number}"))

        yield ask
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(120)
        process.kill()
        if process.wait() not in (0, -15):
            run.refused.append((run.folder / "worker.log").read_text().splitlines()[-1])


@contextmanager
def _busy_worker(run: Run) -> Iterator[Callable[[], None]]:
    jobs = open_jobs(run.folder)
    run.before += [submit(jobs, f"sleep:0.05#{number}").task_id for number in range(_BUSY_TASKS)]
    jobs.store.close()
    with _worker(run) as ask:
        yield ask


@contextmanager
def _server(run: Run) -> Iterator[Callable[[], None]]:
    with (run.folder / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "lessongen", "serve", "--port", "0", "--json", "--no-start"],
            env=run.environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdout is not None
    try:
        address = json.loads(process.stdout.readline())["url"]

        def ask() -> None:
            for number in range(_ASKED_AFTER):
                try:
                    answer = httpx.post(
                        f"{address}/lessons", json={"subject": "bench", "topic": f"sleep:0#{number}"}, timeout=30
                    )
                except httpx.HTTPError as error:
                    run.refused.append(f"the server is gone: {error}")
                    continue
                said = answer.json()
                run.note((said["task_id"], "") if answer.status_code == 200 else (None, said["detail"]))
            run.note(run.create("sleep:0#by create"))

        httpx.post(f"{address}/lessons", json={"subject": "bench", "topic": "sleep:0#warm"}, timeout=30)
        yield ask
    finally:
        process.terminate()
        process.wait(120)
        process.stdout.close()


@contextmanager
def _creates(run: Run) -> Iterator[Callable[[], None]]:
    """Commands, one after the other, two at a time: the fault comes while they run."""
    told: list[tuple[str | None, str]] = []
    go_on = threading.Event()

    def create(which: int) -> None:
        number = 0
        while not go_on.is_set() or number < 2:
            told.append(run.create(f"sleep:0#{which}-{number}"))
            number += 1

    threads = [threading.Thread(target=create, args=(which,)) for which in range(2)]
    for thread in threads:
        thread.start()
    _wait_for(lambda: len(told) >= 2)

    def ask() -> None:
        was = len(told)
        run.before += [task_id for task_id, _ in told[:was] if task_id]
        # Those two whose end and the fault came at the same moment may be of before or of after it.
        time.sleep(0.5)
        go_on.set()
        for thread in threads:
            thread.join()
        run.before += [task_id for task_id, _ in told[was : was + 2] if task_id]
        for each in told[was + 2 :] + [t for t in told[was : was + 2] if t[0] is None]:
            run.note(each)

    try:
        yield ask
    finally:
        go_on.set()
        for thread in threads:
            thread.join()


HOLDERS: dict[str, Callable[[Run], contextlib.AbstractContextManager[Callable[[], None]]]] = {
    "an idle worker": _worker,
    "a busy worker": _busy_worker,
    "a server": _server,
    "create": _creates,
}


# ---------------------------------------------------------------- a run


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of it: accepted tasks that are not done or not there at the end, from before the fault and after it."""

    fault: str
    lost_before: int
    lost_after: int
    accepted_after: int
    refusals: list[str]
    is_sound: bool
    used_under_two_names: bool

    @property
    def verdict(self) -> str:
        """In a few words; in capitals what must not be."""
        if self.lost_after or self.used_under_two_names:
            return "LOST WHAT WAS ACCEPTED"
        if not self.is_sound:
            return "DAMAGED"
        if not self.lost_before:
            return "nothing lost" + (", refused for a time" if self.refusals else "")
        return "refused" if self.refusals else "LOST WITHOUT A WORD"

    @property
    def is_good(self) -> bool:
        """Whether it ended as it should."""
        return self.verdict != self.verdict.upper() and not self.verdict.startswith(("LOST", "DAMAGED"))


def run(holder: str, fault: str, folder: Path) -> Outcome:
    """Have the fault befall the holder, in an empty folder."""
    seen = Run(folder)
    _history(folder)
    with HOLDERS[holder](seen) as ask:
        first, error = seen.create("sleep:0#before")
        assert first, error
        seen.before.append(first)
        if holder == "an idle worker":
            time.sleep(0.3)
        with contextlib.suppress(FileNotFoundError):  # between two commands there may be nothing beside the database
            FAULTS[fault](folder)
        other = folder / "other" / NAME
        if other.exists() and not other.is_symlink():
            told, _ = seen.create("sleep:0#other", "--db", str(other))
            seen.at_other_name += [told] if told else []
        elif other.exists():
            seen.note(seen.create("sleep:0#other", "--db", str(other)))
        ask()
    return _judged(seen, fault)


def _history(folder: Path) -> None:
    jobs = open_jobs(folder)
    for number in range(3):
        submit(jobs, f"sleep:0#old {number}")
    (folder / "backup").mkdir()
    for suffix in ("", "-wal", "-shm"):
        shutil.copyfile(folder / (NAME + suffix), folder / "backup" / (NAME + suffix))
    whole = sqlite3.connect(folder / "backup" / NAME)
    copies = [shutil.copyfile(folder / (NAME + s), folder / "backup" / ("kept" + s)) for s in ("-wal", "-shm")]
    whole.execute("SELECT 1 FROM sqlite_master").fetchone()
    whole.close()  # the copy is whole by itself
    for suffix, copy in zip(("-wal", "-shm"), copies, strict=True):
        copy.rename(folder / "backup" / (NAME + suffix))
    jobs.store.close()
    _drain(folder)
    jobs = open_jobs(folder)
    for number in range(40):  # the database grows, so that half of it is not all of what it was
        submit(jobs, f"sleep:0#new {number}")
    jobs.store.close()
    _drain(folder)


def _drain(folder: Path) -> int:
    process = start_worker(folder, "--drain", "--threads", "4", "--lease", "2")
    return process.wait(PATIENCE_SECONDS)


def _judged(seen: Run, fault: str) -> Outcome:
    code = _drain(seen.folder)
    if code != 0:
        seen.refused.append((seen.folder / "worker.log").read_text().splitlines()[-1])
        # What the refusals say: by this line one goes on with what is there now.
        told, error = seen.create("sleep:0#refused")
        assert told is None, "a worker left, and a task is accepted"
        seen.refused.append(error)
        line = re.search(r"mkdir -p .*", error)
        if line is not None:
            subprocess.run(["sh", "-c", line[0]], check=True)
            _drain(seen.folder)
    found: dict[str, str] = {}
    is_sound, is_refused = True, False
    try:
        connection = sqlite3.connect(seen.folder / NAME)
        found = dict(connection.execute("SELECT task_id, status FROM tasks").fetchall())
        is_sound = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()
    except sqlite3.DatabaseError:
        is_sound, is_refused = False, True
    told, error = seen.create("sleep:0#at the end")
    is_refused = is_refused or told is None
    if told is None:
        seen.refused.append(error)
    done = {task_id for task_id, status in found.items() if status == "completed"}
    return Outcome(
        fault=fault,
        lost_before=len(set(seen.before) - done),
        lost_after=len(set(seen.accepted) - done),
        accepted_after=len(seen.accepted),
        refusals=seen.refused,
        is_sound=is_sound or is_refused,
        used_under_two_names=bool(seen.at_other_name),
    )


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


__all__ = ["FAULTS", "HOLDERS", "Outcome", "Roster", "run"]
