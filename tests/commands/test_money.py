"""What models take: told before, while and after; the server's models; templates; and that no key is ever shown."""

from __future__ import annotations

import dataclasses
import io
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lessongen.app import DEFAULT_MODEL
from lessongen.cli import main
from lessongen.commands.follow import _lines
from lessongen.commands.models import listed_as, nearest
from lessongen.jobs import Jobs
from lessongen.lesson.attempt import Usage
from lessongen.lesson.records import NewVersion
from lessongen.lesson.task import LessonRequest, Priority, Progress, Task
from lessongen.queue.attempt import LeasedAttempt
from lessongen.store import SqliteStore
from lessongen.system.terminal import Output, dollars
from tests.commands.test_startup import HEAVY, loaded
from tests.conftest import CommandLine
from tests.lessons import changed, lesson
from tests.queues import SetClock
from tests.scripted_model import ScriptedModel, error

KEY = "sk-live-0123456789abcdef"
CREATE = ("create", "--no-start", "english", "verbs")


@pytest.fixture
def jobs(home: Path) -> Iterator[Jobs]:
    """The queue of the database that the command line of this test uses."""
    store = SqliteStore(home / "lessons.db")
    yield Jobs(store=store, clock=SetClock())
    store.close()


def call(cost: float | None = 0.002, model: str = "gpt-4.1-mini", tokens: int = 1_000) -> Usage:
    return Usage(step="plan", model=model, input_tokens=tokens, output_tokens=100, cost=cost)


def begun(jobs: Jobs, *calls: Usage, user: str = "ann", topic: str = "verbs", **wishes: Any) -> LeasedAttempt:
    """An attempt at a lesson by a model, after these calls."""
    model = calls[0].model if calls else "gpt-4.1-mini"
    request = LessonRequest(subject="english", topic=topic, writer="openai", model=model, **wishes)
    jobs.submit([request], user=user, priority=Priority.NORMAL, writer="openai")
    attempt = LeasedAttempt(jobs, jobs.claim("w1", 1)[0])
    for each in calls:
        attempt.used(each)
    return attempt


def stored(jobs: Jobs, *calls: Usage, user: str = "ann", topic: str = "verbs") -> Task:
    """A lesson by a model that took these calls; its task."""
    task = begun(jobs, *calls, user=user, topic=topic).lease
    provenance = {
        "writer": "openai",
        "model": calls[0].model,
        "temperature": 0.4,
        "template": "mine@0123456789ab",
        "tokens": sum(each.input_tokens + each.output_tokens for each in calls),
        "cost": sum(each.cost or 0.0 for each in calls),
        "check": {"passed": True, "rules": 44, "layers": ["deterministic", "model"], "refused": {"model": 2}},
        "passed_over": ["Wikipedia was not used: it could not be reached."],
        "rewritten": 3,
        "replaced": 1,
    }
    content = changed(lesson(), {f"provenance.{name}": value for name, value in provenance.items()})
    new = NewVersion(
        name=task.task.request.lesson,
        content=content.model_dump_json(),
        body="",
        texts={},
        writer="openai",
        model=calls[0].model,
        reason="created",
    )
    assert jobs.complete(task, new).version is not None
    return task.task


# ---------------------------------------------------------------- before


def test_what_a_lesson_takes_is_told_before_it_is_made(
    cli: CommandLine, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    asking = ("create", "--no-start", "--model", "gpt-4.1-mini", "english", "verbs")
    guessed = cli(*asking, "--json").json()
    assert (guessed["writer"], guessed["model"], guessed["estimated_cost_by"]) == (
        "openai",
        "gpt-4.1-mini",
        "price list",
    )
    assert 0 < guessed["estimated_cost"] < 1
    cli("cancel", "last")
    stored(jobs, call(), call())

    known = cli(*asking, "--json").json()

    assert (known["estimated_cost"], known["estimated_tokens"]) == (0.004, 2_200)
    assert known["estimated_cost_by"] == "last lessons"
    assert "about $0.0040 (2 calls, 2,200 tokens) by the last lessons" in cli(*asking).stdout
    assert "less than what is expected" in cli(*asking, "--max-cost", "0.001").stderr
    assert "less than what is expected" not in cli(*asking, "--max-cost", "1").stderr


def test_nothing_is_guessed_for_a_server_of_ones_own(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")

    answer = cli("create", "--no-start", "--json", "--model", "gpt-4.1-mini", "english", "verbs").json()

    assert (answer["writer"], answer["estimated_cost"], answer["estimated_cost_by"]) == ("openai", None, None)


def test_the_writer_that_auto_means_is_settled_when_it_is_asked_for(
    cli: CommandLine, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = ("create", "--no-start", "--max-cost", "0.05", "english", "verbs")
    cli(*asking)
    assert jobs.find("last").request.writer == "extractive"
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    cli(*asking)
    request = jobs.find("last").request
    assert (request.writer, request.max_cost, request.template) == ("openai", 0.05, "default")
    cli(*asking, "--writer", "extractive")
    assert jobs.find("last").request.writer == "extractive"


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--writer", "openai"), 78, "No model server is set"),
        (("--model", "gpt-4.1-mini"), 78, "--model is for a model"),
        (("--template", "mine"), 78, "--template is for a model"),
        (("--writer", "extractive", "--model", "x"), 2, "has none"),
        (("--max-cost", "cheap"), 2, "--max-cost can't be"),
        (("--max-cost", "-1"), 2, "--max-cost can't be"),
        (("--writer", "gpt"), 2, "There is no writer"),
    ],
)
def test_what_can_not_be_written_is_refused_before_a_task_is_made(
    cli: CommandLine, options: tuple[str, ...], code: int, said: str
) -> None:
    ended = cli("create", *options, "english", "verbs")

    assert (ended.code, said in ended.stderr) == (code, True)
    assert cli("tasks", "--json").json()["total"] == 0


def test_reuse_looks_at_the_model_and_the_template(
    cli: CommandLine, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    for name in ("mine", "yours"):
        cli("template", "new", name)
    task = stored(jobs, call())
    for options, is_reused in (
        ((), True),
        (("--model", "gpt-4.1-mini", "--template", "mine"), True),
        (("--writer", "openai"), True),
        (("--template", "yours"), False),
        (("--model", "other"), False),
        (("--writer", "extractive"), False),
    ):
        answer = cli("create", "--no-start", "--reuse", "--json", *options, "english", "verbs").json()
        assert (answer["task_id"] == task.task_id) is is_reused, options


@pytest.mark.parametrize("arguments", ["create --no-start english verbs", "usage", "template", "status last"])
def test_a_key_makes_no_command_slow_to_start(jobs: Jobs, monkeypatch: pytest.MonkeyPatch, arguments: str) -> None:
    stored(jobs, call(model=DEFAULT_MODEL))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    assert loaded(*arguments.split()) & (HEAVY | {"openai", "httpx2", "genai_prices"}) == set()


# ---------------------------------------------------------------- while and after


def test_status_tells_what_a_task_has_taken_so_far(cli: CommandLine, jobs: Jobs) -> None:
    begun(jobs, call(0.25), call(0.5), max_cost=2.0)

    assert cli("status", "last", "--json").json()["spent"] == {"calls": 2, "tokens": 2_200, "cost": 0.75}
    shown = cli("status", "last").stdout
    assert "$0.75 (2 calls, 2,200 tokens)" in shown
    assert "at most $2.00" in shown
    assert "openai with gpt-4.1-mini" in shown


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def seen(command: str) -> str:
    """What a person at a terminal reads, its lines joined."""
    terminal = Terminal()
    assert main(command.split(), stdout=terminal, stderr=io.StringIO()) == 0
    return " ".join(terminal.getvalue().split())


@pytest.mark.parametrize("command", ["status last", "cite last", "show last"])
def test_a_lesson_tells_by_whom_from_what_and_past_which_checks(jobs: Jobs, command: str) -> None:
    stored(jobs, call(0.25), call(0.5))

    shown = seen(command)

    for fact in (
        "openai with gpt-4.1-mini, template mine@0123456789ab, temperature 0.4, seed",
        "2,200 tokens, $0.75",
        "Wikipedia was not used: it could not be reached.",
        "passed 44 rules, and a model's judgement of each written sentence",
        "2 by the model layer; 3 rewritten; 1 replaced by the quote",
    ):
        assert fact in shown, fact


def test_a_students_lesson_does_not_tell_its_making(jobs: Jobs) -> None:
    stored(jobs, call())

    assert "temperature" in seen("show last")
    assert "temperature" not in seen("show last --student")


def test_a_task_that_is_gone_still_tells_what_its_lesson_took(
    cli: CommandLine, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = stored(jobs, call(0.25))
    kept = cli("status", task.task_id, "--json").json()
    monkeypatch.setenv("LESSONGEN_TASKS_KEEP_COMPLETED", "0")
    cli("purge")

    state = cli("status", task.task_id, "--json").json()

    assert (state["writer"], state["model"]) == ("openai", "gpt-4.1-mini")
    assert state["spent"] == {"calls": None, "tokens": 1_100, "cost": 0.25}
    assert set(kept) - {"worker_alive"} == set(state)


def test_usage_sums_calls_tokens_and_dollars_by_what_is_asked_for(cli: CommandLine, jobs: Jobs) -> None:
    stored(jobs, call(0.25), call(0.25, "other"))
    stored(jobs, call(0.5), user="bob", topic="nouns")
    begun(jobs, call(None, "local"), user="bob")

    by_model = cli("usage", "--json").json()
    by_user = cli("usage", "--by", "user", "--json").json()

    lines = {line["key"]: line for line in by_model["lines"]}
    assert lines["gpt-4.1-mini"] == {
        "key": "gpt-4.1-mini",
        "lessons": 2,
        "calls": 2,
        "input_tokens": 2_000,
        "output_tokens": 200,
        "cost": 0.75,
        "unpriced_calls": 0,
    }
    assert (lines["local"]["lessons"], lines["local"]["unpriced_calls"]) == (0, 1)
    assert by_model["total"] == by_user["total"]
    assert (by_model["total"]["lessons"], by_model["total"]["cost"]) == (2, 1.0)
    assert {line["key"]: line["cost"] for line in by_user["lines"]} == {"ann": 0.5, "bob": 0.5}
    assert cli("usage", "--user", "ann", "--json").json()["total"]["calls"] == 2
    days = cli("usage", "--by", "day", "--json").json()["lines"]
    assert [line["key"] for line in days] == ["2026-01-31"]
    shown = cli("usage").stdout
    assert "unknown" in shown
    assert "The price of 1 call is not known" in shown


def test_usage_can_be_limited_to_the_last_days(cli: CommandLine, jobs: Jobs) -> None:
    stored(jobs, call())
    hours = (time.time() - SetClock().moment.timestamp()) / 3_600

    assert cli("usage", "--since", f"{int(hours) + 2}h", "--json").json()["total"]["calls"] == 1
    limited = cli("usage", "--since", f"{int(hours) - 2}h")
    assert "No call" in limited.stdout


@pytest.mark.parametrize(
    ("options", "said"), [(("--by", "week"), "user, model, day"), (("--since", "monday"), "a duration")]
)
def test_usage_says_what_it_can_be_asked(cli: CommandLine, options: tuple[str, ...], said: str) -> None:
    ended = cli("usage", *options)

    assert (ended.code, said in ended.stderr) == (2, True)


def test_usage_without_any_says_how_to_begin(cli: CommandLine, jobs: Jobs) -> None:
    assert "OPENAI_API_KEY" in cli("usage").stdout
    assert cli("usage", "--json").json()["lines"] == []


@pytest.mark.parametrize(
    ("amount", "words"), [(0, "$0.00"), (12.4, "$12.40"), (0.0042, "$0.0042"), (0.00001, "under $0.0001")]
)
def test_money_is_told_with_the_digits_that_count(amount: float, words: str) -> None:
    assert dollars(amount) == words


# ---------------------------------------------------------------- the server


def test_models_lists_what_the_server_offers_and_marks_the_chosen_one(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedModel(lambda _: {}, models=("alpha", "beta")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        assert "config set openai.model alpha" in cli("models").stdout
        assert doctors(cli)[1]["model"]["state"] == "fail"
        server.models = ("alpha",)
        assert cli("models").stdout.split() == ["*", "alpha"]
        server.models = ("alpha", "beta")
        monkeypatch.setenv("LESSONGEN_OPENAI_MODEL", "beta")

        assert cli("models").stdout.split() == ["alpha", "*", "beta"]
        assert cli("models", "--json").json() == {
            "server": f"127.0.0.1:{server.port}",
            "models": ["alpha", "beta"],
            "chosen": "beta",
            "is_offered": True,
            "instead": None,
            "judges": [],
        }
        monkeypatch.setenv("LESSONGEN_OPENAI_MODEL", "betta")
        missing = cli("models")
        assert "does not offer “betta”" in missing.stderr
        assert "config set openai.model beta" in missing.stdout
        assert server.calls == []


def test_a_model_that_has_gone_is_told_with_the_one_to_take(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedModel(lambda _: {}, models=("zeta", "gpt-6-luna", "gpt-6.1-sol")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("LESSONGEN_OPENAI_MODEL", "gpt-4.1-mini")

        gone = cli("models")
        assert "does not offer “gpt-4.1-mini”" in gone.stderr
        assert "config set openai.model gpt-6-luna" in gone.stdout
        assert cli("models", "--json").json()["instead"] == "gpt-6-luna"
        assert doctors(cli)[1]["model"]["remedy"].endswith("config set openai.model gpt-6-luna")


def test_what_was_decided_is_said_in_three_lines(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Level general, as many minutes as its text needs, 5 to 12 questions; extractive" in cli(*CREATE).stdout
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("LESSONGEN_JUDGE_NAME", "auto")

    said = cli(*CREATE, "--minutes", "20", "--level", "grade-6").stdout.splitlines()

    assert len(said) == 5
    assert said[1] == "  Level grade-6, 20 minutes, 5 to 12 questions; openai writer with gpt-6-luna"
    assert re.fullmatch(r"  \$0\.\d+ or less by the price list, \$0\.\d+ where its server caches .*", said[2])
    assert "gpt-6-luna is to judge, and sits a short exam before: about $0." in said[3]
    answer = cli(*CREATE, "--json", "--minutes", "20").json()
    assert (answer["minutes"], answer["questions"], answer["model"]) == (20, None, "gpt-6-luna")
    assert 0 < answer["estimated_cost_if_cached"] < answer["estimated_cost"]
    assert answer["estimated_exam_cost"] > 0


def test_a_short_text_and_a_short_lesson_are_expected_to_cost_less(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    (tmp_path / "short.txt").write_text("A verb is a word. " * 100)
    (tmp_path / "long.txt").write_text("A verb is a word. " * 100_000)

    def cost(*options: str) -> float:
        return float(cli(*CREATE, "--json", *options).json()["estimated_cost"])

    usual = cost()
    assert cost("--source", str(tmp_path / "long.txt")) == usual
    assert cost("--minutes", "20") < usual
    short = cli(*CREATE, "--json", "--source", str(tmp_path / "short.txt")).json()
    assert short["estimated_cost"] < usual / 2
    assert short["estimated_tokens"] == 10 * 451 + 30_000 + 12_000


@pytest.mark.parametrize(
    ("model", "listed"), [("x", "x"), ("gemini", "models/gemini"), ("llama", "llama:latest"), ("free:free", "free")]
)
def test_a_model_is_known_by_the_names_that_servers_give_it(model: str, listed: str) -> None:
    assert listed_as(model, ["other", listed]) == listed
    assert listed_as(model, ["other"]) is None
    assert nearest(model, ["other"], "http://127.0.0.1:9/v1") == "other"


def test_without_a_server_models_says_how_to_set_one(cli: CommandLine) -> None:
    ended = cli("models", "--json")

    assert ended.code == 78
    assert "OPENAI_BASE_URL" in ended.error()["hint"]


def doctors(cli: CommandLine, *options: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """What doctor finds, once it was answered in time: on a busy machine that may not be at the first try."""
    for _ in range(20):
        code, found = found_once(cli, *options)
        if "no answer in 10 s" not in found["model"]["detail"]:
            break
    return code, found


def found_once(cli: CommandLine, *options: str) -> tuple[int, dict[str, dict[str, Any]]]:
    ended = cli("doctor", "--json", *options)
    return ended.code, {each["name"]: each for each in ended.json()["checks"]}


def test_doctor_asks_the_server_and_names_what_is_wrong(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedModel(lambda _: {}, models=("alpha",), api_key=KEY) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("LESSONGEN_OPENAI_MODEL", "alpha")
        code, found = doctors(cli)
        assert (code, found["model"]["state"], "alpha among them" in found["model"]["detail"]) == (0, "ok", True)
        monkeypatch.setenv("LESSONGEN_OPENAI_MODEL", "omega")
        code, found = doctors(cli)
        assert (code, found["model"]["state"], "omega" in found["model"]["detail"]) == (78, "fail", True)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-0123456789")
        code, found = doctors(cli)
        assert (code, found["model"]["state"]) == (77, "fail")
        monkeypatch.setenv("LESSONGEN_WRITER", "extractive")
        code, found = doctors(cli)
        assert (code, found["model"]["state"]) == (0, "warn")
        asked = len(server.requests)
        code, found = doctors(cli, "--no-network")
        assert (code, len(server.requests)) == (0, asked)
        assert server.calls == []


def test_doctor_waits_no_longer_than_it_says_for_a_server_that_is_silent(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{silent.getsockname()[1]}/v1")
        started = time.monotonic()

        code, found = found_once(cli)

    assert (code, "no answer in 10 s" in found["model"]["detail"]) == (69, True)
    assert time.monotonic() - started < 40


def test_doctor_looks_at_the_wiki_the_archive_and_the_template(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "school.zim"
    archive.write_bytes(b"ZIM\x04" + bytes(100))
    monkeypatch.setenv("LESSONGEN_SOURCES_ZIM", str(archive))
    with socket.create_server(("127.0.0.1", 0)) as wiki:
        monkeypatch.setenv("LESSONGEN_SOURCES_MEDIAWIKI_URL", f"http://127.0.0.1:{wiki.getsockname()[1]}/w/api.php")
        code, found = doctors(cli)
    assert (code, found["wiki"]["state"], found["archive"]["state"]) == (0, "ok", "ok")
    assert "sources.contact" in found["wiki"]["remedy"]

    archive.write_bytes(b"PK\x03\x04")
    monkeypatch.setenv("LESSONGEN_OPENAI_TEMPLATE", "mine")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    code, found = doctors(cli)
    assert (code, found["wiki"]["state"], found["archive"]["state"]) == (78, "warn", "warn")
    assert (found["template"]["state"], found["model"]["state"]) == ("fail", "fail")


@pytest.mark.parametrize("secret", [KEY, "not-like-a-key-at-all"])
def test_a_key_is_nowhere_to_be_seen(
    cli: CommandLine, home: Path, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    echo = error(401, f"Incorrect API key provided: {secret}", code="invalid_api_key")
    with ScriptedModel(lambda _: {}, models=echo) as server:
        monkeypatch.setenv("OPENAI_API_KEY", secret)
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        said = ""
        for command in ("create --no-start english verbs", "status last", "models", "doctor", "config list", "usage"):
            for form in ((), ("--json",)):
                ended = cli(*command.split(), *form)
                said += ended.stdout + ended.stderr

    assert "OPENAI_API_KEY" in said
    assert secret not in said
    assert server.requests[0].headers["authorization"] == f"Bearer {secret}"
    assert not [file for file in home.rglob("*") if file.is_file() and secret.encode() in file.read_bytes()]


# ---------------------------------------------------------------- templates


def test_a_template_is_made_listed_shown_and_used(
    cli: CommandLine, home: Path, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = cli("template", "new", "mine", "--json").json()
    assert Path(made["folder"]).is_relative_to(home)
    (Path(made["folder"]) / "cycle.md").write_text("Write {cycles}, about the sea.\n")

    names = {each["name"]: each for each in cli("template", "--json").json()["templates"]}
    assert (list(names), names["default"]["is_used"], names["mine"]["folder"]) == (
        ["default", "mine"],
        True,
        made["folder"],
    )
    assert cli("template", "show", "mine", "cycle").stdout == "Write {cycles}, about the sea.\n"
    assert cli("template", "show", "mine", "--json").json()["parts"]["cycle"].endswith("about the sea.\n")
    assert "about the sea" in cli("template", "show", "mine").stdout
    assert cli("template", "new", "yours", "--like", "mine").code == 0
    assert cli("template", "show", "yours", "cycle.md").stdout == "Write {cycles}, about the sea.\n"
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert cli("create", "--no-start", "--template", "yours", "english", "verbs").code == 0
    assert jobs.find("last").request.template == "yours"


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("template show nope", 66, "There is: default"),
        ("template show default nope", 66, "plan"),
        ("template new mine --like nope", 66, "There is: default"),
        ("template new default", 73, "default"),
        ("create --no-start --template nope english verbs", 2, "template new"),
    ],
)
def test_a_template_that_is_not_there_is_told(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, command: str, code: int, said: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    ended = cli(*command.split())

    assert (ended.code, said in ended.stderr) == (code, True)


def test_a_mistake_in_a_template_is_told_before_a_task_is_made(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(cli("template", "new", "mine", "--json").json()["folder"])
    (folder / "section.md").write_text("About {nothing that is known}.\n")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    ended = cli("create", "--template", "mine", "english", "verbs")

    assert (ended.code, "section.md, line 1" in ended.stderr) == (78, True)


# ---------------------------------------------------------------- following


def test_a_message_that_counts_is_not_said_with_every_token(jobs: Jobs) -> None:
    task = begun(jobs, call()).lease.task
    stderr = io.StringIO()
    show = _lines(Output(io.StringIO(), stderr, {}))
    for step in (1, 2):
        for tokens in range(100):
            message = f"Writing section {step} of 2 \N{MIDDLE DOT} {tokens} tokens"
            show(dataclasses.replace(task, progress=Progress(step=f"section-{step}", percent=30, message=message)))

    said = stderr.getvalue().splitlines()
    assert [line.partition(" \N{MIDDLE DOT} ")[0] for line in said] == [
        " 30 %  Writing section 1 of 2",
        " 30 %  Writing section 2 of 2",
    ]
