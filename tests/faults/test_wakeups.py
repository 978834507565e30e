"""Wake-ups that get lost: a worker finds its tasks all the same, a second later."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest

from lessongen.jobs import Jobs
from lessongen.lesson.task import Status, Task
from lessongen.queue.presence import Roster
from tests.processes import eventually, worker
from tests.queues import submit


def found_after(jobs: Jobs, roster: Roster, topic: str) -> float:
    """Seconds until a task that is announced like any other has begun."""
    task: Task = submit(jobs, topic)
    roster.wake()
    eventually(lambda: jobs.get(task.task_id).status is Status.COMPLETED, seconds=180)
    started = jobs.get(task.task_id).started_at
    assert started is not None
    return (started - task.created_at).total_seconds()


def test_a_worker_whose_socket_was_deleted_still_finds_its_tasks_within_about_a_second(
    jobs: Jobs, tmp_path: Path, roster: Roster
) -> None:
    with worker(tmp_path):
        eventually(roster.has_taker)
        if roster.has_sockets:
            Path(roster.alive()[0].card.socket).unlink()
        waits = [found_after(jobs, roster, f"topic {number}") for number in range(4)]
    assert min(waits) < 1.5, waits  # of several, as the machine may have other work


def test_a_worker_whose_socket_is_flooded_still_finds_its_tasks(jobs: Jobs, tmp_path: Path, roster: Roster) -> None:
    if not roster.has_sockets:
        pytest.skip("there are no sockets")
    with worker(tmp_path), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        eventually(roster.has_taker)
        sender.setblocking(False)
        address = roster.alive()[0].card.socket
        deadline = time.monotonic() + 0.5
        while time.monotonic() < deadline:
            try:
                sender.sendto(b"?" * 64, address)
            except BlockingIOError:
                time.sleep(0.001)
        found_after(jobs, roster, "verbs")


def test_cards_that_say_nothing_keep_no_worker_from_its_tasks(jobs: Jobs, tmp_path: Path, roster: Roster) -> None:
    with worker(tmp_path):
        eventually(roster.has_taker)
        (roster.folder / "1-empty.card").write_text("")
        (roster.folder / "1-other.card").write_text('["not", "a", "card"]')
        (roster.folder / "1-zero.card").symlink_to("/dev/zero")
        os.mkfifo(roster.folder / "1-pipe.card")
        (roster.folder / "1-five.card").write_text(
            '{"worker_id": "1-five", "pid": 1, "socket": 5, "started_at": "", "concurrency": 1, "is_detached": false}'
        )
        (roster.folder / "1-lost.card").write_text(
            '{"worker_id": "1-lost", "pid": 1, "socket": "/nowhere", "started_at": "", "concurrency": 1,'
            ' "is_detached": false}'
        )
        found_after(jobs, roster, "verbs")
        eventually(lambda: roster.dead() == [])


def test_a_file_in_the_place_of_the_workers_folder_keeps_no_task_from_the_queue(
    jobs: Jobs, tmp_path: Path, roster: Roster
) -> None:
    roster.folder.touch()
    submit(jobs)
    roster.wake()
    assert not roster.has_taker()
    with worker(tmp_path) as process:
        assert process.wait(120) != 0
    assert "Traceback" not in (tmp_path / "worker.log").read_text()
