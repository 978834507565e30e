"""`batch`: a curriculum from one file, as a person and as cron submit it, through real command lines."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import shlex
import signal
import socketserver
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CommandLine, run_cli
from tests.processes import eventually, roster_of

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

PLAN = """key,subject,topic,after
nouns,english,nouns,gravity
,english,verbs,
,biology,photosynthesis,
,history,french revolution,
,math,prime numbers,
gravity,physics,gravity,
"""
LESSONS = 6
BATCH_KEYS = {
    "batch_id",
    "name",
    "user",
    "tasks",
    "skipped",
    "counts",
    "tokens",
    "cost",
    "judges",
    "created_at",
    "ended_at",
    "provider",
}
FAILED = "english,zzgl brmpf\n"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A batch file of six lessons that the offline encyclopedia covers; the first comes after the last."""
    return written(tmp_path, PLAN)


def written(folder: Path, text: str, name: str = "plan.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def rows(home: Path, query: str) -> list[Any]:
    with contextlib.closing(sqlite3.connect(home / "lessons.db")) as database:
        return database.execute(query).fetchall()


def counts(home: Path) -> dict[str, int]:
    return dict(rows(home, "SELECT status, count(*) FROM tasks GROUP BY status"))


def submitted(cli: CommandLine, file: Path, *options: str) -> str:
    """Submit a batch that nobody works on; its id."""
    done = cli("batch", "submit", str(file), "--no-start", *options)
    assert done.code == 0, done.stderr
    return done.stdout.strip()


def drained(cli: CommandLine) -> None:
    assert cli("worker", "--drain").code == 0


# ---------------------------------------------------------------- a night's run


def test_a_batch_is_made_in_order_silently_and_a_second_run_makes_nothing(
    shell: CommandLine, plan: Path, home: Path
) -> None:
    done = shell("batch", "submit", str(plan), "--wait")

    assert (done.code, done.stdout, done.stderr) == (0, "", "")
    assert counts(home) == {"completed": LESSONS}
    topics = [topic for (topic,) in rows(home, "SELECT topic FROM tasks ORDER BY completed_at")]
    assert topics.index("gravity") < topics.index("nouns")

    again = shell("batch", "submit", str(plan), "--wait", "--skip-existing", "--json")

    assert (again.code, again.json()["tasks"], again.json()["skipped"], again.json()["is_over"]) == (0, 0, 6, True)
    assert rows(home, "SELECT count(*) FROM versions") == [(LESSONS,)]
    assert shell("worker", "stop").code == 0


def test_killed_with_all_its_workers_the_same_command_ends_what_it_began(
    shell: CommandLine, plan: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LESSONGEN_WORKER_CONCURRENCY", "1")
    command = [sys.executable, "-m", "lessongen", "batch", "submit", str(plan), "--wait"]
    waiting = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    eventually(lambda: (home / "lessons.db").exists() and _completed(home) > 0, seconds=180)
    waiting.kill()
    waiting.wait()
    killed = [peer.card.pid for peer in roster_of(home).alive()]
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    assert killed
    assert _completed(home) < LESSONS

    done = shell("batch", "submit", str(plan), "--wait")

    assert (done.code, done.stdout, done.stderr) == (0, "", "")
    assert rows(home, "SELECT count(*) FROM batches") == [(1,)]
    assert counts(home) == {"completed": LESSONS}
    assert rows(home, "SELECT count(*), count(DISTINCT lesson) FROM versions") == [(LESSONS, LESSONS)]


def _completed(home: Path) -> int:
    try:
        return counts(home).get("completed", 0)
    except sqlite3.OperationalError:  # not made yet
        return 0


def test_two_crons_at_the_same_minute_make_one_batch(plan: Path, home: Path) -> None:
    command = [sys.executable, "-m", "lessongen", "batch", "submit", str(plan), "--no-start"]
    crons = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    said = [cron.communicate(timeout=120) for cron in crons]

    assert [cron.returncode for cron in crons] == [0, 0, 0, 0], said
    assert len({stdout for stdout, _ in said}) == 1
    assert sum("running already" in stderr for _, stderr in said) == 3
    assert counts(home) == {"pending": LESSONS}


def test_it_runs_with_nothing_in_its_environment_no_input_and_in_the_root_folder(plan: Path, home: Path) -> None:
    environment = {
        **{name: os.environ[name] for name in ("PATH", "LESSONGEN_HOME", "LESSONGEN_SOURCES_WIKIPEDIA")},
        "PYTHONPATH": os.environ["PYTHONPATH"],  # where the package itself is
    }
    command = shlex.join([sys.executable, "-m", "lessongen", "batch", "submit", str(plan), "--wait"])
    done = subprocess.run(
        ["/bin/sh", "-c", f"{command} <&-"], cwd="/", env=environment, capture_output=True, text=True, timeout=100
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert counts(home) == {"completed": LESSONS}


def test_a_home_that_nobody_names_is_said_to_be_missing(plan: Path) -> None:
    done = run_cli(
        "batch", "submit", str(plan), environment={"HOME": "", "PATH": os.environ["PATH"], "PYTHONPATH": os.getcwd()}
    )

    assert done.code == 78
    assert "LESSONGEN_HOME" in done.stderr


def test_a_database_that_is_named_needs_no_home(plan: Path, tmp_path: Path) -> None:
    database = tmp_path / "here" / "my.db"
    environment = {
        "HOME": "",
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.environ["PYTHONPATH"],
        "LESSONGEN_SOURCES_WIKIPEDIA": "no",
    }
    one = written(tmp_path, "subject,topic\nenglish,verbs\n", "one.csv")
    done = run_cli("batch", "submit", str(one), "--wait", "--db", str(database), environment=environment)
    named = run_cli("lessons", environment={**environment, "LESSONGEN_DATABASE": str(database)})
    stopped = run_cli("worker", "stop", "--db", str(database), environment=environment)

    assert (done.code, done.stdout, done.stderr) == (0, "", "")
    assert "verbs" in named.stdout
    assert stopped.code == 0
    assert sorted(path.name for path in database.with_name("my.db-home").iterdir()) == ["cache", "worker.log"]


# ---------------------------------------------------------------- what goes wrong


def test_bad_rows_are_listed_one_a_line_and_nothing_is_submitted(
    shell: CommandLine, tmp_path: Path, home: Path
) -> None:
    good = "".join(f"english,topic {number},20\n" for number in range(1_000))
    lines = ["subject,topic,minutes", *good.splitlines()]
    lines[17], lines[400], lines[999] = "english,verbs,soon", "english,,20", "english,nouns,2"
    file = written(tmp_path, "\n".join(lines))

    done = shell("batch", "submit", str(file), "--wait")

    *problems, summary, hint = done.stderr.splitlines()
    assert (done.code, done.stdout) == (65, "")
    assert [problem.split(":")[:3] for problem in problems] == [
        [str(file), "18", " column 3, minutes"],
        [str(file), "401", " column 2, topic"],
        [str(file), "1000", " column 3, minutes"],
    ]
    assert " 3 " in summary
    assert "nothing was" in hint
    assert not (home / "lessons.db").exists()


def test_bad_rows_are_told_as_json_too(cli: CommandLine, tmp_path: Path) -> None:
    done = cli("batch", "submit", str(written(tmp_path, "subject,topic,minuts\nenglish,verbs,5\n")), "--json")

    error = done.error()
    assert (done.code, error["code"], error["problem_count"]) == (65, "bad_rows", 1)
    assert error["problems"][0]["line"] == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--on-done", "no-such-command --now"], "no-such-command"),
        (["--on-done", ""], "empty"),
        (["--on-done", "sh 'half"], "quot"),
        (["--on-done", "cat | sh"], "shell"),
        (["--webhook", "ftp://example.org/done"], "ftp"),
        (["--webhook", "example.org/done"], "no address"),
        (["--webhook", "https://ann:secret@example.org/"], "no address"),
        (["--webhook", "https://example.org/a b"], "no address"),
        (["--webhook", "http://example.org:99999/"], "no address"),
        (["--after-failed", "stop"], "run, fail"),
        (["--priority", "urgent"], "low, normal, high"),
        (["--max-age", "old"], "--max-age"),
        (["--timeout", "5s"], "--wait"),
        (["--format", "xlsx"], "csv, jsonl, yaml"),
        (["--writer", "robot"], "robot"),
    ],
)
def test_options_that_can_not_work_are_refused_before_anything_is_taken(
    cli: CommandLine, plan: Path, home: Path, options: list[str], words: str
) -> None:
    done = cli("batch", "submit", str(plan), "--no-start", *options)

    assert done.code == 2
    assert words in done.stderr
    assert not (home / "lessons.db").exists()


def test_a_file_that_is_not_there_or_no_file_is_said_to_be(cli: CommandLine, plan: Path) -> None:
    missing = cli("batch", "submit", str(plan.with_name("plam.csv")))
    folder = cli("batch", "submit", str(plan.parent))

    assert (missing.code, folder.code) == (66, 2)
    assert "Did you mean plan.csv?" in missing.stderr


def test_a_model_without_a_server_is_refused_for_the_whole_batch(cli: CommandLine, plan: Path, home: Path) -> None:
    done = cli("batch", "submit", str(plan), "--writer", "openai")

    assert done.code == 78
    assert "OPENAI_API_KEY" in done.stderr
    assert not (home / "lessons.db").exists()


def test_lessons_that_fail_are_named_one_a_line_and_the_exit_code_is_1(shell: CommandLine, tmp_path: Path) -> None:
    file = written(tmp_path, "subject,topic,after\nenglish,verbs,\nenglish,zzgl brmpf,\nenglish,nouns,zzgl brmpf\n")

    done = shell("batch", "submit", str(file), "--wait")

    unmade, after, summary, hint = done.stderr.splitlines()
    assert (done.code, done.stdout) == (1, "")
    assert unmade.startswith("english / zzgl brmpf: ")
    assert after.startswith("english / nouns: ")
    assert "comes before it" in after
    assert "2 of 3 lessons" in summary
    assert "batch retry" in hint
    shown = shell("batch", "wait", "last", "--json")
    assert (shown.code, shown.error()["code"]) == (1, "batch_failed")
    assert [each["code"] for each in shown.json()["failed"]] == ["uncovered", "prerequisite"]


def test_what_comes_after_a_failed_lesson_is_made_on_wish(cli: CommandLine, tmp_path: Path, home: Path) -> None:
    file = written(tmp_path, "subject,topic,after\nenglish,zzgl brmpf,\nenglish,nouns,zzgl brmpf\n")
    submitted(cli, file, "--after-failed", "run")
    drained(cli)

    assert counts(home) == {"failed": 1, "completed": 1}


def test_at_the_first_failure_the_rest_is_cancelled_on_wish(
    cli: CommandLine, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LESSONGEN_WORKER_CONCURRENCY", "1")
    submitted(cli, written(tmp_path, f"subject,topic\n{FAILED}english,verbs\nenglish,nouns\n"), "--fail-fast")
    drained(cli)

    assert counts(home) == {"failed": 1, "cancelled": 2}
    assert cli("batch", "wait", "last").code == 1


# ---------------------------------------------------------------- waiting


def test_waiting_gives_up_at_its_timeout_and_the_batch_goes_on(cli: CommandLine, plan: Path, home: Path) -> None:
    batch = submitted(cli, plan)

    waited = cli("batch", "wait", batch[:8], "--timeout", "0.2s", "--no-start")

    assert waited.code == 75
    assert "0 of 6 tasks" in waited.stderr
    assert f"lessongen batch wait {batch}" in waited.stderr
    assert counts(home) == {"pending": LESSONS}


def test_waiting_starts_the_worker_that_nobody_has_started(shell: CommandLine, tmp_path: Path, home: Path) -> None:
    submitted(shell, written(tmp_path, "subject,topic\nenglish,verbs\n"))

    assert shell("batch", "wait", "last").code == 0
    assert counts(home) == {"completed": 1}


def test_ctrl_c_while_waiting_leaves_the_batch_and_says_how_to_follow_it(plan: Path, home: Path) -> None:
    batch = run_cli("batch", "submit", str(plan), "--no-start").stdout.strip()
    waiting = subprocess.Popen(
        [sys.executable, "-m", "lessongen", "batch", "wait", batch, "--no-start"],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert waiting.stderr is not None
    assert "No worker" in waiting.stderr.readline()
    waiting.send_signal(signal.SIGINT)
    _, said = waiting.communicate(timeout=120)

    assert waiting.returncode == 130
    assert f"lessongen batch wait {batch}" in said
    assert "Traceback" not in said
    assert counts(home) == {"pending": LESSONS}


def test_on_a_terminal_a_bar_shows_the_whole_batch_and_its_end_is_said(plan: Path) -> None:
    shown = on_a_terminal("batch", "submit", str(plan), "--wait")

    assert re.search(r"[1-6]/6", shown)
    assert "6 completed" in shown
    assert "a minute" in shown


def on_a_terminal(*arguments: str) -> str:
    """All that a command writes to a terminal."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "lessongen", *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
    )
    os.close(slave)
    pieces = []
    with contextlib.suppress(OSError):  # how Linux tells that the other side has gone
        while piece := os.read(master, 65_536):
            pieces.append(piece)
    os.close(master)
    assert process.wait(120) == 0
    return b"".join(pieces).decode()


# ---------------------------------------------------------------- at the end


@dataclass
class Hook:
    """A server that keeps what is posted to it."""

    posted: list[dict[str, Any]] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def hook() -> Iterator[Hook]:
    kept = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            kept.posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    socketserver.TCPServer.allow_reuse_address = True
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.address = f"http://127.0.0.1:{server.server_address[1]}/done?token=1"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_end_is_told_to_a_command_on_its_input_and_to_a_webhook(
    shell: CommandLine, tmp_path: Path, hook: Hook
) -> None:
    file = written(tmp_path, "subject,topic\nenglish,verbs\n" + FAILED)
    script = written(tmp_path, '#!/bin/sh\ncat > "$1.new" && mv "$1.new" "$1"\n', "tell.sh")
    script.chmod(0o755)
    told = tmp_path / "it is told.json"
    command = f"./tell.sh {shlex.quote(str(told))}"

    done = subprocess.run(
        [
            *(sys.executable, "-m", "lessongen", "batch", "submit", str(file), "--wait"),
            *("--on-done", command, "--webhook", hook.address),
        ],
        cwd=tmp_path,
        capture_output=True,
        timeout=300,
    )

    assert done.returncode == 1
    eventually(lambda: bool(hook.posted) and told.exists())
    summary = json.loads(told.read_text())
    assert summary == hook.posted[0]
    assert (summary["counts"]["completed"], summary["counts"]["failed"], summary["name"]) == (1, 1, str(file))
    assert summary["failed"][0]["topic"] == "zzgl brmpf"
    shell("worker", "stop")
    assert len(hook.posted) == 1


def test_a_telling_that_a_kill_cuts_short_is_done_again_by_the_next_worker(
    shell: CommandLine, tmp_path: Path, home: Path
) -> None:
    file = written(tmp_path, "subject,topic\nenglish,verbs\n")
    script = tmp_path / "tell.sh"
    script.write_text(
        '#!/bin/sh\ncat >> "$1"; echo >> "$1"\n[ -e "$1.killed" ] || { touch "$1.killed"; kill -9 $PPID; }\n'
    )
    script.chmod(0o755)
    told = tmp_path / "told"
    batch = submitted(shell, file, "--on-done", f"{script} {told}")

    assert shell("worker", "--drain").code == -signal.SIGKILL
    assert rows(home, "SELECT told_at FROM batches") == [(None,)]
    assert shell("worker", "--drain").code == 0
    assert shell("worker", "--drain").code == 0

    summaries = [json.loads(line) for line in told.read_text().splitlines()]
    assert [summary["batch_id"] for summary in summaries] == [batch, batch]
    assert summaries[0] == summaries[1]


def test_a_batch_in_which_nothing_is_left_to_make_is_told_of_too(cli: CommandLine, plan: Path, hook: Hook) -> None:
    file = plan.with_name("one.csv")
    file.write_text("subject,topic\nenglish,verbs\n")
    submitted(cli, file)
    drained(cli)

    assert cli("batch", "submit", str(file), "--skip-existing", "--webhook", hook.address).code == 0

    assert [(each["tasks"], each["skipped"]) for each in hook.posted] == [(0, 1)]


# ---------------------------------------------------------------- submitting


def test_a_running_batch_is_recognised_and_submitted_again_on_wish_only(
    cli: CommandLine, plan: Path, home: Path
) -> None:
    first = submitted(cli, plan)
    second = cli("batch", "submit", str(plan), "--no-start", "--json").json()

    assert UUID.fullmatch(first)
    assert (second["batch_id"], second["is_new"]) == (first, False)
    assert submitted(cli, plan) == first
    assert cli("batch", "submit", str(plan), "--no-start", "--quiet").stderr == ""
    assert counts(home) == {"pending": LESSONS}
    assert submitted(cli, plan, "--again") != first
    assert counts(home) == {"pending": 2 * LESSONS}


def test_a_lesson_is_made_again_when_it_is_older_than_it_may_be(cli: CommandLine, tmp_path: Path, home: Path) -> None:
    file = written(tmp_path, "subject,topic\nenglish,verbs\n")
    submitted(cli, file)
    drained(cli)

    assert cli("batch", "submit", str(file), "--max-age", "7d", "--json").json()["tasks"] == 0
    assert cli("batch", "submit", str(file), "--no-start", "--max-age", "0", "--json").json()["tasks"] == 1


def test_rows_are_read_from_standard_input_in_each_format(shell: CommandLine) -> None:
    texts = {
        "csv": "subject,topic\nenglish,verbs\nenglish,nouns\n",
        "jsonl": '{"subject": "english", "topic": "verbs"}\n{"subject": "english", "topic": "nouns"}\n',
        "yaml": "defaults: {subject: english}\nlessons:\n  - topic: verbs\n  - topic: nouns\n",
    }
    for form, text in texts.items():
        for options in ([], ["--format", form]):
            done = shell("batch", "submit", "-", "--dry-run", "--json", *options, stdin=text)
            assert done.code == 0, done.stderr
            assert [each["topic"] for each in done.json()["lessons"]] == ["verbs", "nouns"]
            assert done.json()["name"] == "standard input"


def test_options_hold_for_rows_that_say_nothing_else(cli: CommandLine, tmp_path: Path, home: Path) -> None:
    file = written(tmp_path, "subject,topic,minutes,level,priority\nenglish,verbs,,,\nenglish,nouns,90,grade-3,low\n")
    submitted(cli, file, "--minutes", "20", "--level", "grade-7", "--priority", "high", "--user", "ann")

    tasks = {each["topic"]: each for each in cli("tasks", "--json").json()["tasks"]}
    requests = {topic: json.loads(text) for topic, text in rows(home, "SELECT topic, request FROM tasks")}
    assert (tasks["verbs"]["level"], tasks["verbs"]["priority"], tasks["verbs"]["user"]) == ("grade-7", "high", "ann")
    assert (tasks["nouns"]["level"], tasks["nouns"]["priority"]) == ("grade-3", "low")
    assert (requests["verbs"]["minutes"], requests["nouns"]["minutes"]) == (20, 90)


def test_a_dry_run_shows_what_would_be_made_and_writes_nothing(cli: CommandLine, plan: Path, home: Path) -> None:
    planned = cli("batch", "submit", str(plan), "--dry-run", "--json").json()

    assert not (home / "lessons.db").exists()
    assert (planned["tasks"], planned["skipped"], planned["estimated_cost"]) == (LESSONS, 0, 0.0)
    assert planned["estimated_seconds"] > 0
    assert planned["lessons"][0]["after"] == [LESSONS - 1]
    assert {each["fate"] for each in planned["lessons"]} == {"new"}
    assert planned["lessons"][0]["sources"] == ["the offline encyclopedia"]
    shown = cli("batch", "submit", str(plan), "--dry-run").stdout
    assert "6 tasks would be submitted; none was" in shown
    assert "english / verbs" in shown


def test_a_dry_run_tells_new_lessons_from_other_versions_and_from_those_left_out(
    cli: CommandLine, tmp_path: Path, home: Path
) -> None:
    submitted(cli, written(tmp_path, "subject,topic\nenglish,verbs\n"))
    drained(cli)
    file = written(tmp_path, "subject,topic\nenglish,verbs\nenglish,nouns\n")

    def fates(*options: str) -> list[str]:
        answer = cli("batch", "submit", str(file), "--dry-run", "--json", *options).json()
        return [each["fate"] for each in answer["lessons"]]

    assert fates() == ["another version", "new"]
    assert fates("--skip-existing") == ["left out", "new"]
    assert rows(home, "SELECT count(*) FROM batches") == [(1,)]


def test_the_cost_of_a_dry_run_is_that_of_all_rows(
    cli: CommandLine, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-nobody")
    options = ("--dry-run", "--json", "--writer", "openai", "--model", "gpt-4.1-mini")
    one = plan.with_name("one.csv")
    one.write_text("subject,topic\nenglish,verbs\n")

    single = cli("batch", "submit", str(one), *options).json()
    whole = cli("batch", "submit", str(plan), *options).json()

    assert single["estimated_cost_by"] == whole["estimated_cost_by"] == "price list"
    assert single["estimated_cost"] > 0
    assert whole["estimated_cost"] == pytest.approx(LESSONS * single["estimated_cost"])


# ---------------------------------------------------------------- looking, cancelling, trying again


def test_batches_are_listed_and_shown_in_the_documented_shapes(cli: CommandLine, plan: Path, tmp_path: Path) -> None:
    first = submitted(cli, written(tmp_path, "subject,topic\nenglish,verbs\n" + FAILED, "first.csv"))
    drained(cli)
    second = submitted(cli, plan)

    listed = cli("batch", "list", "--json").json()["batches"]
    assert [each["batch_id"] for each in listed] == [second, first]
    assert set(listed[0]) == BATCH_KEYS
    assert listed[1]["counts"] == {"pending": 0, "in_progress": 0, "completed": 1, "failed": 1, "cancelled": 0}
    shown = cli("batch", "show", first[:8], "--json").json()
    assert set(shown) == BATCH_KEYS | {
        *("is_over", "tasks_per_minute", "seconds_left", "fail_fast", "on_done", "webhook", "failed", "alike")
    }
    assert set(shown["failed"][0]) == {"task_id", "status", "subject", "topic", "code", "message", "hint"}
    assert cli("batch", "show", "last", "--json").json()["batch_id"] == second
    words = cli("batch", "show", first).stdout
    assert "1 completed, 1 failed" in words
    assert "english / zzgl brmpf" in words
    assert f"lessongen batch retry {first}" in words
    assert first[:8] in cli("batch", "list").stdout


def test_what_failed_so_far_is_listed_while_the_batch_runs_in_the_shape_of_its_summary(
    cli: CommandLine, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, f"subject,topic\n{FAILED}english,verbs\n")
    batch = submitted(cli, file)
    drained(cli)
    over = cli("batch", "show", batch, "--json").json()["failed"]
    cli("retry", "--batch", batch, "--no-start", "--yes")
    with contextlib.closing(sqlite3.connect(home / "lessons.db")) as database, database:
        database.execute("UPDATE tasks SET status = 'failed' WHERE status = 'pending'")

    running = cli("batch", "show", batch, "--json").json()

    assert running["is_over"] is False
    assert [set(each) for each in running["failed"]] == [set(each) for each in over]


def test_a_cancelled_batch_is_over_and_tried_again_as_a_whole(cli: CommandLine, plan: Path, home: Path) -> None:
    batch = submitted(cli, plan)

    assert cli("batch", "cancel", batch, "--json").error()["hint"] == "Add --yes."
    assert cli("batch", "cancel", batch, "--yes", "--json").json() == {
        "batch_id": batch,
        "cancelled": LESSONS,
        "asked_to_stop": 0,
        "provider": None,
    }
    assert "nothing was cancelled" in cli("batch", "cancel", batch, "--yes").stdout
    assert cli("batch", "wait", batch).code == 1
    again = cli("batch", "retry", batch, "--no-start", "--json").json()
    assert (again["retried"], again["next"]) == (LESSONS, f"lessongen batch wait {batch}")
    assert counts(home) == {"pending": LESSONS}
    drained(cli)
    assert cli("batch", "wait", batch).code == 0
    assert "nothing to try again" in cli("batch", "retry", batch).stdout


def test_tasks_are_listed_cancelled_and_retried_by_their_batch(cli: CommandLine, plan: Path, home: Path) -> None:
    batch = submitted(cli, plan)
    cli("create", "--no-start", "chemistry", "acids")

    assert cli("tasks", "--batch", batch[:8], "--json").json()["total"] == LESSONS
    cancelled = cli("cancel", "--batch", "last", "--yes", "--json").json()["tasks"]
    assert {each["status"] for each in cancelled} == {"cancelled"}
    assert counts(home) == {"cancelled": LESSONS, "pending": 1}
    assert cli("batch", "show", batch, "--json").json()["is_over"] is True
    assert len(cli("retry", "--batch", batch, "--no-start", "--yes", "--json").json()["tasks"]) == LESSONS
    assert counts(home) == {"pending": LESSONS + 1}


@pytest.mark.parametrize(
    "arguments",
    [("batch", "show"), ("batch", "wait"), ("batch", "cancel"), ("batch", "retry"), ("tasks", "--batch")],
)
def test_a_batch_that_nobody_knows_is_not_found(
    cli: CommandLine, plan: Path, arguments: tuple[str, ...], home: Path
) -> None:
    assert cli(*arguments, "last").code == 66
    assert not (home / "lessons.db").exists()
    submitted(cli, plan)
    for unknown in ("zzz", "0000"):
        assert cli(*arguments, unknown).code == 66


def test_where_there_are_no_batches_the_list_says_what_to_do(cli: CommandLine, home: Path) -> None:
    assert cli("batch", "list", "--json").json() == {"batches": []}
    assert "lessongen batch submit" in cli("batch", "list").stdout
    assert not (home / "lessons.db").exists()


def test_hints_name_the_database_that_was_given(cli: CommandLine, plan: Path, tmp_path: Path) -> None:
    database = tmp_path / "other.db"
    answer = cli("batch", "submit", str(plan), "--no-start", "--json", "--db", str(database)).json()

    assert answer["next"] == f"lessongen batch wait {answer['batch_id']} --db {database}"


def test_what_foreign_text_a_file_holds_never_steers_the_terminal(cli: CommandLine, tmp_path: Path) -> None:
    done = cli("batch", "submit", str(written(tmp_path, "subject,topic\nenglish,\x1b[2Jverbs\n")))

    assert done.code == 65
    assert "\x1b" not in done.stdout + done.stderr
