"""A disk that takes no more, and one that takes nothing: workers survive it or leave with a reason, clients say so."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lessongen.jobs import Jobs
from lessongen.lesson.records import TaskFilter
from lessongen.lesson.task import Status
from lessongen.system.errors import ExitCode
from tests.faults.soundness import inspect, verify
from tests.processes import ROOT, eventually, worker
from tests.queues import open_jobs, submit

pytestmark = pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="needs Linux's prlimit")

_SUBMIT = """
import resource, sys
from pathlib import Path
from lessongen.system.clock import SystemClock
from lessongen.system.errors import LessongenError
from lessongen.jobs import Jobs
from lessongen.store import SqliteStore
from lessongen.lesson.task import LessonRequest, Priority
if sys.argv[2] != "-":
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
requests = [LessonRequest(subject="english", topic=f"topic {number}") for number in range(int(sys.argv[3]))]
try:
    jobs = Jobs(store=SqliteStore(Path(sys.argv[1])), clock=SystemClock())
    jobs.submit(requests, user="", priority=Priority.NORMAL, writer="extractive")
except LessongenError as error:
    print(error.code)
    sys.exit(error.exit_code)
"""


def submit_many(database: Path, *, tasks: int, file_bytes: int | None = None) -> subprocess.CompletedProcess[str]:
    """A client that submits so many tasks at once, and may let no file grow beyond so many bytes."""
    limit = "-" if file_bytes is None else str(file_bytes)
    return subprocess.run(
        [sys.executable, "-c", _SUBMIT, str(database), limit, str(tasks)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def written(folder: Path) -> int:
    """How long the log of the database's latest writes is."""
    return (folder / "lessons.db-wal").stat().st_size


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of 2 MB; its test is skipped for who may not mount one."""
    place = folder / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "lessongen-test", str(place)]
    if sys.platform != "linux" or os.geteuid() != 0 or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("only root may mount a small disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_worker_whose_files_may_not_grow_waits_and_stores_its_lesson_once_they_may(
    jobs: Jobs, tmp_path: Path
) -> None:
    tasks = [submit(jobs, f"sleep:0.5#{number}") for number in range(4)]
    with worker(tmp_path, "--threads", "2", "--lease", "2") as process:
        eventually(lambda: jobs.store.tasks.counts(TaskFilter())[Status.IN_PROGRESS] == 2)
        before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (min(16_384, written(tmp_path)), before[1]))
        eventually(lambda: "can't write its end" in (tmp_path / "worker.log").read_text())
        assert process.poll() is None
        assert jobs.store.tasks.counts(TaskFilter())[Status.COMPLETED] == 0
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)
        eventually(lambda: jobs.store.tasks.counts(TaskFilter())[Status.COMPLETED] == 4)
    assert {jobs.get(task.task_id).attempt for task in tasks} == {1}, "what was done is not done again"
    verify(tmp_path, tasks=4)


def test_a_submission_that_does_not_fit_on_the_disk_leaves_nothing_of_it(jobs: Jobs, tmp_path: Path) -> None:
    submit(jobs, "the one before")
    done = submit_many(tmp_path / "lessons.db", tasks=2_000, file_bytes=written(tmp_path) + 200_000)
    assert (done.returncode, done.stdout.strip()) == (ExitCode.DATABASE, "disk_full"), done.stderr
    assert jobs.store.tasks.counts(TaskFilter())[Status.PENDING] == 1
    assert submit_many(tmp_path / "lessons.db", tasks=2_000).returncode == 0
    assert jobs.store.tasks.counts(TaskFilter())[Status.PENDING] == 2_001
    assert inspect(tmp_path, accepted=2_001).problems == 0


def test_on_a_full_disk_clients_are_refused_and_the_worker_goes_on_when_there_is_space(tmp_path: Path) -> None:
    with small_disk(tmp_path) as folder:
        jobs = open_jobs(folder)
        tasks = [submit(jobs, f"sleep:3#{number}") for number in range(3)]
        with worker(folder, "--threads", "2") as process:
            eventually(lambda: jobs.store.tasks.counts(TaskFilter())[Status.IN_PROGRESS] == 2)
            filler = folder / "filler"
            with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
                while True:
                    file.write(b"x" * 4096)
            done = submit_many(folder / "lessons.db", tasks=3_000)
            assert (done.returncode, done.stdout.strip()) == (ExitCode.DATABASE, "disk_full"), done.stderr
            assert process.poll() is None
            assert jobs.store.tasks.counts(TaskFilter())[Status.COMPLETED] < 3
            filler.unlink()
            eventually(lambda: jobs.store.tasks.counts(TaskFilter())[Status.COMPLETED] == 3)
        assert {jobs.get(task.task_id).attempt for task in tasks} == {1}
        verify(folder, tasks=3)
        jobs.store.close()


def test_a_worker_and_a_client_refuse_a_disk_that_is_read_only(tmp_path: Path) -> None:
    with small_disk(tmp_path) as folder:
        jobs = open_jobs(folder)
        submit(jobs)
        jobs.store.close()
        log = tmp_path / "worker.log"
        log.touch()
        (folder / "worker.log").symlink_to(log)
        (folder / "barriers").symlink_to(tmp_path / "barriers")
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        with worker(folder) as process:
            assert process.wait(120) == ExitCode.DATABASE, log.read_text()
        assert "Traceback" not in log.read_text()
        done = submit_many(folder / "lessons.db", tasks=3)
        assert (done.returncode, "Traceback" in done.stderr) == (ExitCode.DATABASE, False), done.stderr
        subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True)
        with worker(folder, "--drain") as process:
            assert process.wait(120) == 0
        verify(folder, tasks=1)
