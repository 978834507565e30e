"""The command line: create, status, tasks, show and their answers, as a person and as a script meets them."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from lessongen.commands import tree
from lessongen.system.terminal import wrapped
from tests.conftest import CommandLine, made
from tests.processes import eventually

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def test_every_command_has_help_that_the_list_of_commands_agrees_with(cli: CommandLine) -> None:
    def look(words: tuple[str, ...], entry: tree.Entry) -> None:
        shown = cli(*words, "--help")
        assert (shown.code, entry.about in " ".join(shown.stdout.split())) == (0, True), words
        for name, inner in (entry.commands or {}).items():
            look((*words, name), inner)

    for name, entry in tree.COMMANDS.items():
        look((name,), entry)


@pytest.mark.parametrize(
    ("word", "meant"),
    [("creat", "create"), ("rename", "lessons rename"), ("submit", "batch submit")],
)
def test_a_command_that_is_not_there_names_the_one_that_was_meant(cli: CommandLine, word: str, meant: str) -> None:
    refused = cli(word, "english", "verbs")
    assert (refused.code, refused.stdout) == (2, "")
    assert f"Did you mean `lessongen {meant}`?" in refused.stderr


def test_create_answers_with_the_documented_shape(cli: CommandLine) -> None:
    answer = cli("create", "--no-start", "--json", "english", "irregular", "verbs").json()

    assert set(answer) == {
        *("task_id", "status", "message", "subject", "topic", "language", "level", "variant"),
        *("estimated_completion_time", "estimated_seconds", "next"),
        *("writer", "model", "minutes", "questions", "focus", "estimated_tokens", "estimated_cost"),
        *("estimated_cost_if_cached", "estimated_cost_by", "estimated_exam_cost"),
    }
    assert (answer["writer"], answer["model"], answer["estimated_cost"]) == ("extractive", None, None)
    assert UUID.fullmatch(answer["task_id"])
    assert (answer["status"], answer["topic"]) == ("pending", "irregular verbs")
    assert answer["message"] == "Lesson generation started for english/irregular verbs"
    low, high = re.fullmatch(r"(\d+)-(\d+) seconds", answer["estimated_completion_time"]).groups()  # type: ignore[union-attr]
    assert int(low) <= answer["estimated_seconds"] <= int(high)
    assert answer["next"] == f"lessongen status {answer['task_id']} --watch"


def test_a_lesson_is_made_and_shown_in_every_format(cli: CommandLine, tmp_path: Path) -> None:
    task_id = made(cli)

    state = cli("status", task_id, "--json").json()
    assert (state["status"], state["percent"], state["article"], state["error"]) == ("completed", 100, "Verb", None)
    assert all(MOMENT.fullmatch(state[each]) for each in ("created_at", "started_at", "completed_at"))
    shown = cli("show", "english", "verbs", "--json").json()
    assert state["lesson"] == shown
    assert set(shown["metadata"]) == {"timestamp", "date_created", "version", "last_updated", "approvals", "judged"}
    assert shown["content"]["sources"][0]["title"] == "Verb"
    assert cli("show", task_id[:8], "--format", "json").json() == shown
    for form in ("rich", "md", "html"):
        answer = cli("show", "last", "--format", form)
        assert (answer.code, "Verb" in answer.stdout) == (0, True), form
    target = tmp_path / "lesson.html"
    assert cli("show", "english", "verbs", "--output", str(target)).code == 0
    assert target.read_text().lower().startswith("<!doctype html")


def test_a_students_lesson_holds_no_answers(cli: CommandLine) -> None:
    made(cli)

    questions = cli("show", "english", "verbs", "--student", "--json").json()["content"]["questions"]

    assert questions
    assert not any("answer" in question or "feedback" in question for question in questions)


def test_tasks_lists_them_with_counts(cli: CommandLine) -> None:
    for topic in ("verbs", "nouns"):
        cli("create", "--no-start", "english", topic)
    cli("cancel", "last")

    listed = cli("tasks", "--json").json()

    assert set(listed) == {"tasks", "counts", "total"}
    assert listed["counts"] == {"pending": 1, "in_progress": 0, "completed": 0, "failed": 0, "cancelled": 1}
    assert listed["total"] == len(listed["tasks"]) == 2
    assert [each["topic"] for each in cli("tasks", "--status", "cancelled", "--json").json()["tasks"]] == ["nouns"]


def test_versions_can_be_listed_compared_cited_and_checked(cli: CommandLine) -> None:
    made(cli)
    made(cli)

    assert [each["version"] for each in cli("history", "english", "verbs", "--json").json()["versions"]] == [
        "1.0",
        "1.1",
    ]
    difference = cli("diff", "english", "verbs", "--json").json()
    assert (difference["from"], difference["to"]) == ("1.0", "1.1")
    assert cli("diff", "english", "verbs").code == 0
    claims = cli("cite", "english", "verbs", "--json").json()["claims"]
    assert any(claim["quotes"] for claim in claims)
    assert claims[0]["claim"] in cli("cite", "english", "verbs").stdout
    report = cli("check", "english", "verbs", "--version", "1.0", "--json").json()
    assert report["passed"] is True


def test_check_exits_with_65_where_a_stored_lesson_falls_short(cli: CommandLine, home: Path) -> None:
    made(cli)
    with sqlite3.connect(home / "lessons.db") as database:
        database.execute("UPDATE texts SET text = 'Something else.'")
    database.close()

    checked = cli("check", "english", "verbs")

    assert checked.code == 65
    assert "source-kept" in checked.stdout


def test_lessons_are_listed_searched_renamed_and_deleted(cli: CommandLine) -> None:
    made(cli)

    assert [each["topic"] for each in cli("lessons", "--json").json()["lessons"]] == ["verbs"]
    assert [each["topic"] for each in cli("lessons", "verbs", "--json").json()["lessons"]] == ["verbs"]
    assert cli("lessons", "search", "quasar").stdout.startswith("No lesson")
    assert cli("lessons", "rename", "english", "verbs", "--to-topic", "doing words", "--yes").code == 0
    assert cli("show", "english", "doing", "words", "--json").code == 0
    assert cli("lessons", "--json", "delete", "english", "doing words").error()["hint"] == "Add --yes."
    assert cli("lessons", "delete", "english", "doing words", "--yes").code == 0
    assert cli("lessons", "--json").json() == {"lessons": []}


def test_a_finished_task_past_its_retention_is_still_found_by_its_lesson(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = made(cli)
    monkeypatch.setenv("LESSONGEN_TASKS_KEEP_COMPLETED", "0")
    assert cli("purge", "--json").json() == {"dropped": 1}

    state = cli("status", task_id, "--json").json()

    assert (state["status"], state["article"], state["version"]) == ("completed", "Verb", "1.0")
    assert state["lesson"] == cli("show", task_id, "--json").json()


def test_waiting_ends_with_where_the_lesson_is_and_starts_the_worker_that_makes_it(shell: CommandLine) -> None:
    waited = shell("create", "--wait", "english", "verbs")

    assert waited.code == 0
    assert "version 1.0" in waited.stdout
    assert "Checking every sentence" in waited.stderr
    assert len(shell("worker", "status", "--json").json()["workers"]) == 1
    assert shell("create", "--wait", "--json", "english", "verbs").json()["version"] == "1.1"
    assert "completed" in shell("worker", "logs").stdout
    assert len(shell("worker", "stop", "--json").json()["stopped"]) == 1


def test_waiting_for_a_topic_that_no_source_covers_ends_with_that_failures_code(shell: CommandLine) -> None:
    waited = shell("create", "--wait", "--json", "english", "zzgl brmpf")

    assert (waited.code, waited.stdout) == (65, "")
    assert waited.error()["code"] == "uncovered"
    failed = shell("status", "last", "--json").json()
    assert (failed["status"], failed["error"]["code"]) == ("failed", "uncovered")
    assert shell("show", "last").code == 65
    assert shell("retry", "last", "--no-start").code == 0


def test_waiting_gives_up_at_its_timeout_and_the_task_goes_on(cli: CommandLine) -> None:
    waited = cli("create", "--wait", "--timeout", "0.2s", "--no-start", "english", "verbs")

    assert waited.code == 75
    assert "--watch" in waited.stderr
    assert cli("status", "last", "--json").json()["status"] == "pending"


def test_ctrl_c_while_waiting_leaves_the_task_and_says_how_to_follow_it(home: Path) -> None:
    waiting = subprocess.Popen(
        [sys.executable, "-m", "lessongen", "create", "--wait", "--no-start", "english", "verbs"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert waiting.stderr is not None
    assert "Task" in waiting.stderr.readline()
    eventually(lambda: (home / "lessons.db").exists())
    waiting.send_signal(signal.SIGINT)
    _, rest = waiting.communicate(timeout=120)

    assert waiting.returncode == 130
    assert "--watch" in rest
    assert "Traceback" not in rest


def test_reuse_gives_the_stored_lesson(cli: CommandLine) -> None:
    task_id = made(cli)

    reused = cli("create", "--reuse", "--json", "English", "VERBS").json()

    assert (reused["task_id"], reused["status"]) == (task_id, "completed")
    assert cli("tasks", "--json").json()["total"] == 1


@pytest.mark.parametrize(
    ("options", "is_reused"),
    [
        (("--article", "verb"), True),
        (("--article", "Noun"), False),
        (("--questions", "5"), True),
        (("--questions", "6"), False),
        (("--seed", "7"), True),
        (("--seed", "8"), False),
        (("--minutes", "35"), True),
        (("--minutes", "240"), False),
        (("--writer", "extractive"), True),
        (("--writer", "auto", "--level", "grade-7"), False),
    ],
)
def test_reuse_gives_only_what_was_asked_for(cli: CommandLine, options: tuple[str, ...], is_reused: bool) -> None:
    made(cli, "english", "verbs", "--seed", "7", "--questions", "5", "--minutes", "35")

    answer = cli("create", "--no-start", "--reuse", "--json", *options, "english", "verbs").json()

    assert answer["status"] == ("completed" if is_reused else "pending")


def test_reuse_finds_an_older_version_and_says_where_a_lesson_differs(cli: CommandLine) -> None:
    first = made(cli, "english", "verbs", "--seed", "1")
    made(cli, "english", "verbs", "--seed", "2")

    assert cli("create", "--reuse", "--json", "--seed", "1", "english", "verbs").json()["task_id"] == first
    assert "differs" in cli("create", "--no-start", "--reuse", "--seed", "3", "english", "verbs").stderr


def test_a_renamed_lesson_is_shown_by_its_new_name_everywhere(cli: CommandLine) -> None:
    task_id = made(cli)
    assert (
        cli("lessons", "rename", "english", "verbs", "--to-topic", "doing words", "--to-level", "b1", "--yes").code == 0
    )

    shown = cli("show", "english", "doing", "words", "--json").json()
    assert [(each["topic"], each["level"]) for each in (shown, shown["content"])] == [("doing words", "B1")] * 2
    assert cli("status", task_id, "--json").json()["lesson"] == shown
    for form in ("rich", "md", "html"):
        text = cli("show", task_id, "--format", form).stdout
        assert ("english / doing words" in text, "english / verbs" in text) == (True, False), form
    assert cli("check", "english", "doing words").code == 0


READING = [
    *("tasks", "tasks --status failed", "lessons", "lessons list", "lessons search x", "worker status", "worker stop"),
    *("worker logs", "doctor", "config list", "purge --yes", "purge --user ann --yes", "tasks --watch"),
    *("show english verbs", "show last", "status last", "status last --watch", "history english verbs"),
    *("diff english verbs", "cite english verbs", "check english verbs", "cancel last", "cancel --all --yes"),
    *("retry --failed --yes", "lessons delete english verbs --yes", "lessons rename a b --to-topic c --yes"),
    *("db check", "db vacuum", "usage", "usage --by day --json"),
]


@pytest.mark.parametrize("command", READING)
def test_what_only_reads_makes_no_database_and_says_that_there_is_none(
    cli: CommandLine, tmp_path: Path, command: str
) -> None:
    folder = tmp_path / "nowhere"

    ended = cli(*command.split(), "--db", str(folder / "typo.db"))

    assert not folder.exists()
    assert ended.code in (0, 66)
    assert ended.code == 0 or (str(folder) in ended.stderr and "--db" in ended.stderr)


def test_an_empty_list_says_that_its_database_is_not_there(cli: CommandLine, tmp_path: Path) -> None:
    typo = str(tmp_path / "typo.db")

    assert all(typo in cli(each, "--db", typo).stdout for each in ("tasks", "lessons"))
    assert cli("tasks", "--json", "--db", typo).json() == {
        "tasks": [],
        "counts": dict.fromkeys(("pending", "in_progress", "completed", "failed", "cancelled"), 0),
        "total": 0,
    }
    assert cli("lessons", "--json", "--db", typo).json() == {"lessons": []}


def test_help_names_what_is_given_in_capitals_and_no_types(cli: CommandLine) -> None:
    def look(words: tuple[str, ...], entry: tree.Entry) -> None:
        shown = cli(*words, "--help").stdout
        assert not re.search(r"<[a-z]|<=|\{", shown), words
        for name, inner in (entry.commands or {}).items():
            look((*words, name), inner)

    for name, entry in tree.COMMANDS.items():
        look((name,), entry)
    assert cli("create", "--help").stdout.startswith("Usage: lessongen create [OPTIONS] SUBJECT TOPIC...\n")


@pytest.mark.parametrize("columns", [40, 60, 100])
def test_help_is_no_wider_than_the_terminal(cli: CommandLine, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for command in ("", "create", "lessons", "lessons rename", "worker", "show", "tasks", "doctor", "template new"):
        lines = cli(*command.split(), "--help").stdout.splitlines()
        wide = [line for line in lines if len(line) > columns and " " in line.strip()]
        assert wide == [], command


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("tasks --limit many", "1 to 100,000"),
        ("tasks --limit 0", "1 to 100,000"),
        ("create english verbs --minutes 4", "5 to 240"),
        ("create english verbs --questions 13", "5 to 12"),
        ("worker --concurrency 65", "1 to 64"),
        ("worker stop --timeout soon", "a duration"),
        ("create english verbs --timeout 5s", "--wait"),
        ("worker stopp", "`lessongen worker stop`"),
    ],
)
def test_a_wrong_value_is_told_with_what_is_right(cli: CommandLine, arguments: str, said: str) -> None:
    ended = cli(*arguments.split())

    assert (ended.code, said in ended.stderr, "Input should" in ended.stderr) == (2, True, False)


def test_a_status_is_shown_in_words_and_taken_in_them(cli: CommandLine, home: Path) -> None:
    cli("create", "--no-start", "english", "verbs")
    with sqlite3.connect(home / "lessons.db") as database:
        database.execute("UPDATE tasks SET status = 'in_progress', lease_token = 'x'")
    database.close()

    assert "1 in progress" in cli("tasks").stdout
    assert "in progress" in cli("status", "last").stdout
    assert cli("tasks", "--status", "in progress", "--json").json()["counts"]["in_progress"] == 1


def test_lines_are_broken_at_words_and_commands_not_at_all() -> None:
    line = "  Follow the task to its very end: lessongen status 1234 --watch, lessongen worker logs"

    broken = wrapped(line, 30).split("\n")

    assert broken == [
        "  Follow the task to its very",
        "    end:",
        "    lessongen status 1234 --watch,",
        "    lessongen worker logs",
    ]
    assert wrapped("short  and\tspaced", 30) == "short  and\tspaced"
    assert wrapped("語" * 10 + " " + "語" * 10, 30, 3).split("\n") == ["語" * 10, "   " + "語" * 10]


def test_lines_fit_a_terminal_and_stay_whole_in_a_pipe(shell: CommandLine, home: Path) -> None:
    made(shell)
    whole = shell("cite", "english", "verbs").stdout
    script = ["script", "-qec", f"stty cols 60; {sys.executable} -m lessongen cite english verbs", "/dev/null"]

    shown = subprocess.run(script, capture_output=True, text=True, timeout=300, check=True).stdout

    assert max(map(len, whole.splitlines())) > 100
    assert all(len(line) <= 60 or " " not in line.strip() for line in shown.splitlines())
    assert shown.split() == whole.split()


def test_a_table_breaks_its_cells_and_cuts_none_of_them_off(home: Path) -> None:
    script = ["script", "-qec", f"stty cols 80; {sys.executable} -m lessongen config list", "/dev/null"]

    shown = subprocess.run(script, capture_output=True, text=True, timeout=300, check=True).stdout

    assert all(len(line) <= 80 for line in re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines())
    assert {"yours", "are;", "sentences;", "fetch"} <= set(shown.split())


def test_a_lesson_of_another_level_is_told_from_the_usual_one(cli: CommandLine) -> None:
    cli("create", "math", "fractions", "--level", "grade-5", "--no-start")
    cli("worker", "--drain")

    assert "math / fractions (grade-5)" in cli("tasks").stdout
    assert "math / fractions (grade-5), version 1.0" in cli("status", "last").stdout
    assert "lessongen create --level grade-5 math fractions" in cli("diff", "math", "fractions").stderr


def test_versions_may_stand_behind_the_topic(cli: CommandLine) -> None:
    made(cli)
    made(cli)

    assert cli("diff", "english", "verbs", "1.0", "1.1").stdout.startswith("english / verbs: 1.0 → 1.1\n")
    assert cli("diff", "english", "verbs", "1.0").stdout.startswith("english / verbs: 1.0 → 1.1\n")
    assert cli("diff", "english", "verbs", "1.0", "--to", "1.1").code == 2
    for command in ("diff", "revert"):
        refused = cli(command, "english", "verbs", "9.9")
        assert (refused.code, "has no version 9.9; there is 1.0 to 1.1" in refused.stderr) == (66, True)


def test_empty_states_say_what_to_do_next(cli: CommandLine) -> None:
    assert "lessongen create" in cli("tasks").stdout
    assert "lessongen create" in cli("lessons").stdout
    assert "worker --detach" in cli("worker", "status").stdout
    assert "no log yet" in cli("worker", "logs").stderr
    assert cli("status", "last").code == 66


def test_status_warns_where_no_worker_is_alive(cli: CommandLine) -> None:
    cli("create", "--no-start", "english", "verbs")

    shown = cli("status", "last")

    assert (shown.code, "No worker is alive" in shown.stderr) == (0, True)
    assert cli("status", "last", "--json").json()["worker_alive"] is False


def test_next_commands_name_the_database_that_was_given(cli: CommandLine, tmp_path: Path) -> None:
    database = tmp_path / "my lessons.db"

    answer = cli("create", "--no-start", "--json", "--db", str(database), "english", "verbs").json()

    assert answer["next"].endswith(f"--watch --db '{database}'")


def test_hints_name_the_database_that_was_given_and_work_when_typed(cli: CommandLine, tmp_path: Path) -> None:
    database = str(tmp_path / "my lessons.db")
    cli("create", "--no-start", "--db", database, "english", "verbs")
    for arguments in ("show english nouns", "status ffffffff", "show last"):
        hint = cli(*arguments.split(), "--db", database, "--json").error()["hint"]
        assert ("lessongen " in hint, f"--db '{database}'" in hint) == (True, True), arguments
    missing = cli("show", "english", "nouns", "--db", database, "--json").error()["hint"]
    command = shlex.split(missing[missing.index("lessongen ") :])[1:]
    assert cli(*command, "--no-start").code == 0


def test_hints_suggest_no_name_that_would_be_refused(cli: CommandLine) -> None:
    cli("create", "--no-start", "english", "verbs")
    for topic in ("", "x" * 10_000, "-", "a\u202eb"):
        ended = cli("show", "--", "english", topic)
        assert "lessongen create SUBJECT TOPIC" in ended.stderr
        assert len(ended.stderr) < 400


def test_a_cancelled_task_says_how_to_resume_it(cli: CommandLine) -> None:
    task_id = cli("create", "--no-start", "--json", "english", "verbs").json()["task_id"]
    cli("cancel", "last")

    watched = cli("status", "last", "--watch")

    assert (watched.code, f"lessongen retry {task_id}" in watched.stderr) == (75, True)


def test_doctor_finds_a_fresh_machine_well_and_names_what_is_broken(cli: CommandLine, tmp_path: Path) -> None:
    assert cli("doctor", "--json").json()["ok"] is True
    assert not (tmp_path / "home" / "lessons.db").exists()
    broken = tmp_path / "broken.db"
    broken.write_text("this is no database, but long enough to be taken for one " * 100)

    found = cli("doctor", "--db", str(broken), "--json")

    assert found.code == 74
    assert [each["name"] for each in found.json()["checks"] if each["state"] == "fail"] == ["database"]


def test_doctor_says_where_a_database_cannot_be_made(
    cli: CommandLine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)

    found = {each["name"]: each for each in cli("doctor", "--json").json()["checks"]}

    assert found["database"]["state"] == "fail"
    assert found["database"]["detail"].endswith(f"{home} is read-only")


def test_completion_offers_ids_subjects_and_topics_and_creates_no_database(shell: CommandLine, home: Path) -> None:
    def offered(line: str) -> list[str]:
        environment = {**os.environ, "_LESSONGEN_COMPLETE": "complete_bash", "COMP_WORDS": line}
        environment["COMP_CWORD"] = str(len(line.split(" ")) - 1)
        completed = shell(environment=environment)
        assert (completed.code, completed.stderr) == (0, "")
        return completed.stdout.split()

    assert offered("lessongen show ") == []
    assert offered("lessongen worker s") == ["status", "stop"]
    assert offered("lessongen worker --dr") == ["--drain"]
    assert offered("lessongen config se") == ["set"]
    assert offered("lessongen config set defaults.l") == ["defaults.language", "defaults.level"]
    assert offered("lessongen tasks --status c") == ["completed", "cancelled"]
    assert not (home / "lessons.db").exists()
    task_id = made(shell)
    assert task_id in offered("lessongen status ")
    assert offered(f"lessongen status {task_id[:4]}") == [task_id]
    assert offered("lessongen show en") == ["english"]
    assert offered("lessongen show english ") == ["verbs"]
    assert offered("lessongen show english verbs --version ") == ["1.0"]
    assert offered("lessongen create english ") == ["verbs"]
    assert {"s1", "s2", "summary"} <= set(offered("lessongen lock english verbs --section s"))
    assert offered("lessongen revert english verbs --version ") == ["1.0"]


def test_output_is_one_json_object_also_when_no_one_has_set_a_locale(shell: CommandLine) -> None:
    environment = {each: os.environ[each] for each in ("PATH", "LESSONGEN_HOME", "PYTHONPATH")}

    answer = shell("create", "--no-start", "--json", "français", "un été 🌞", environment=environment)

    assert json.loads(answer.stdout)["topic"] == "un été 🌞"
    assert "un été 🌞" in shell("tasks", environment=environment).stdout
