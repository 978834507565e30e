"""Calls by the provider's Batch API, against a server on a socket that follows the published shapes."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lessongen.lesson.task import LIVE, LessonRequest, Status
from lessongen.queue.batches import PlannedTask, Wish
from lessongen.queue.provider_batches import ProviderBatchRules
from tests import good_model
from tests.batched_work import GOOD, KEY, RULES, Office, said
from tests.conftest import CommandLine
from tests.processes import eventually
from tests.scripted_batches import Script, ScriptedBatches
from tests.scripted_model import Fault, error

TOPICS = ("verbs:2", "nouns:2", "adverbs:2", "gravity:1")
CALLS = 7


@pytest.fixture
def provider() -> Iterator[ScriptedBatches]:
    """A provider whose batches are over at the first look."""
    with ScriptedBatches(lambda request: GOOD, api_key=KEY, script=Script(looks=0)) as server:
        yield server


@pytest.fixture
def office(tmp_path: Path, provider: ScriptedBatches) -> Iterator[Office]:
    found = Office(folder=tmp_path, address=provider.base_url)
    yield found
    found.jobs.store.close()


def usages(folder: Path) -> list[tuple[str, str, int, int, float]]:
    with contextlib.closing(sqlite3.connect(folder / "lessons.db")) as database:
        return database.execute("SELECT task_id, step, input_tokens, output_tokens, cost FROM usage").fetchall()


def left_over(folder: Path) -> tuple[int, int]:
    """How many calls, and how many sent_batches that are not over, are in the database."""
    with contextlib.closing(sqlite3.connect(folder / "lessons.db")) as database:
        calls = database.execute("SELECT count(*) FROM batched_calls").fetchone()[0]
        return calls, database.execute("SELECT count(*) FROM sent_batches WHERE ended_at IS NULL").fetchone()[0]


# ---------------------------------------------------------------- the good way


@pytest.mark.parametrize(("body", "keeps_metadata"), [("object", True), ("string", False)])
def test_each_round_is_one_file_with_the_next_call_of_every_task(
    office: Office, provider: ScriptedBatches, body: Any, keeps_metadata: bool
) -> None:
    provider.script.body, provider.script.keeps_metadata = body, keeps_metadata
    batch = office.submit(*TOPICS)

    office.work()

    assert office.statuses(batch) == {"completed": 4}
    assert [len(each.lines) for each in provider.batches.values()] == [4, 3]
    assert provider.calls == []
    assert left_over(office.folder) == (0, 0)


def test_an_answer_is_tied_to_task_step_and_inputs_and_paid_once_at_the_batch_price(
    office: Office, provider: ScriptedBatches
) -> None:
    batch = office.submit(*TOPICS)
    tasks = {task_id: office.jobs.get(task_id) for task_id in office.jobs.store.batches.task_ids(batch.batch_id, LIVE)}

    office.work()

    ids = Counter(provider.sent)
    assert len(ids) == CALLS
    assert max(ids.values()) == 1
    for line in (line for each in provider.batches.values() for line in each.lines):
        task_id, digest, step = line["custom_id"].split(".")
        assert said(line["body"]) == f"{tasks[task_id].request.topic} {step.removeprefix('step-')}"
        assert len(digest) == 12
    paid = usages(office.folder)
    assert Counter(paid_step for _, paid_step, *_ in paid) == {"step-0": 4, "step-1": 3}
    assert all(cost == pytest.approx((tokens_in + tokens_out) / 1_000) for _, _, tokens_in, tokens_out, cost in paid)
    assert sum(tokens_in for _, _, tokens_in, _, _ in paid) == provider.input_tokens
    assert office.batches.standing(batch).spent.cost == pytest.approx(sum(row[4] for row in paid))


def test_a_task_that_waits_for_the_provider_takes_no_slot(office: Office, provider: ScriptedBatches) -> None:
    provider.script.looks = None
    batch = office.submit(*TOPICS)

    office.worker(concurrency=1).run()

    tasks = [office.jobs.get(each) for each in office.jobs.store.batches.task_ids(batch.batch_id, (Status.PENDING,))]
    assert len(tasks) == 4
    assert {(task.attempt, task.waits_for, task.run_at) for task in tasks} == {(0, 0, None)}
    assert {task.progress.message for task in tasks} == {"Waiting for the provider's Batch API"}
    assert not office.jobs.has_due()
    found = office.batches.standing(batch).provider
    assert found is not None
    assert (found.waiting, found.sent, found.answered) == (0, 4, 0), found


def test_answers_outlive_the_worker_and_files_at_the_provider_are_deleted(
    office: Office, provider: ScriptedBatches
) -> None:
    office.submit("verbs:1")
    office.work()

    assert provider.files == {}
    assert [name for name in provider.names.values() if name.startswith("lessongen-")]


def test_two_workers_send_nothing_twice(office: Office, provider: ScriptedBatches) -> None:
    batch = office.submit(*TOPICS)
    others = [Office(folder=office.folder, address=provider.base_url) for _ in range(2)]
    threads = [threading.Thread(target=other.work) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert office.statuses(batch) == {"completed": 4}
    assert max(Counter(provider.sent).values()) == 1
    assert len(usages(office.folder)) == CALLS


def test_calls_of_two_batches_and_too_many_for_one_file_go_in_files_of_their_own(
    tmp_path: Path, provider: ScriptedBatches
) -> None:
    office = Office(
        folder=tmp_path,
        address=provider.base_url,
        rules=ProviderBatchRules(look_seconds=0.05, most_calls=2, gather_seconds=0),
    )
    batches = [office.submit("verbs", "nouns", "adverbs"), office.submit("gravity")]

    office.work()

    assert [office.statuses(batch) for batch in batches] == [{"completed": 3}, {"completed": 1}]
    assert sorted(len(each.lines) for each in provider.batches.values()) == [1, 1, 2]
    office.jobs.store.close()


# ---------------------------------------------------------------- what goes wrong with single calls


def test_a_call_that_the_provider_refuses_fails_its_task_alone(office: Office, provider: ScriptedBatches) -> None:
    provider.script.fate = lambda place, body: "refused" if said(body).startswith("nouns") else "answered"
    batch = office.submit(*TOPICS)

    office.work()

    assert office.statuses(batch) == {"completed": 3, "failed": 1}
    assert office.failures(batch)[0].code == "request_refused"
    assert "Not like this" in office.failures(batch)[0].message


def test_an_error_without_any_response_is_tried_as_often_as_the_task_may(
    office: Office, provider: ScriptedBatches
) -> None:
    provider.script.fate = lambda place, body: "failed" if said(body).startswith("nouns") else "answered"
    batch = office.submit("verbs", "nouns")

    office.work()

    assert office.statuses(batch) == {"completed": 1, "failed": 1}
    assert "the model broke" in office.failures(batch)[0].message
    assert len(provider.sent) == 1 + 3


def test_a_limited_call_goes_into_the_next_file(office: Office, provider: ScriptedBatches) -> None:
    provider.script.fate = lambda place, body: (
        "limited" if len(provider.batches) == 1 and said(body).startswith("nouns") else "answered"
    )
    batch = office.submit("verbs", "nouns")

    office.work()

    assert office.statuses(batch) == {"completed": 2}
    assert [len(each.lines) for each in provider.batches.values()] == [2, 1]


def test_a_call_that_is_never_answered_fails_in_the_end(office: Office, provider: ScriptedBatches) -> None:
    provider.script.fate = lambda place, body: "forgotten" if said(body).startswith("nouns") else "answered"
    batch = office.submit("verbs", "nouns")

    office.work()

    assert office.statuses(batch) == {"completed": 1, "failed": 1}
    assert office.failures(batch)[0].code == "unanswered"
    assert len(provider.sent) == 1 + RULES.most_sends


@pytest.mark.parametrize(
    "answer", ["no JSON", {"wrong": 1}, Fault(content="{", finish_reason="length"), Fault(has_choices=False)]
)
def test_an_answer_of_no_use_is_paid_thrown_away_and_asked_for_again(tmp_path: Path, answer: object) -> None:
    answers = iter([answer, GOOD])
    with ScriptedBatches(lambda request: next(answers), api_key=KEY, script=Script(looks=0)) as provider:
        office = Office(folder=tmp_path, address=provider.base_url)
        batch = office.submit("verbs")

        office.work()

        assert office.statuses(batch) == {"completed": 1}
        assert len(usages(tmp_path)) == 2
        seeds = [line["body"]["seed"] for each in provider.batches.values() for line in each.lines]
        assert len(set(seeds)) == 2, "it would fail in the same way"
        office.jobs.store.close()


def test_what_the_provider_does_not_take_is_not_sent_again(tmp_path: Path) -> None:
    with ScriptedBatches(lambda request: GOOD, api_key=KEY, refuses=["json_schema", "temperature"]) as provider:
        office = Office(folder=tmp_path, address=provider.base_url)
        batch = office.submit("verbs", "nouns", "adverbs")
        office.work()

        assert office.statuses(batch) == {"completed": 3}
        assert "json_schema" not in json.dumps(list(provider.batches.values())[-1].lines)
        office.jobs.store.close()


# ---------------------------------------------------------------- what goes wrong with whole batches


def test_of_an_expired_batch_what_was_answered_stays_and_the_rest_is_sent_again(
    office: Office, provider: ScriptedBatches
) -> None:
    provider.script.ends_as = "expired"
    provider.script.fate = lambda place, body: "answered" if len(provider.batches) > 1 or place % 2 else "expired"
    batch = office.submit("verbs", "nouns", "adverbs", "gravity")

    office.work()

    assert office.statuses(batch) == {"completed": 4}
    assert [len(each.lines) for each in provider.batches.values()] == [4, 2]
    assert len(usages(office.folder)) == 4


def test_a_batch_that_was_cancelled_at_the_provider_is_sent_again(office: Office, provider: ScriptedBatches) -> None:
    provider.script.ends_as = "cancelled"
    provider.script.fate = lambda place, body: "answered" if len(provider.batches) > 1 or place == 0 else "forgotten"
    batch = office.submit("verbs", "nouns", "adverbs")

    office.work()

    assert office.statuses(batch) == {"completed": 3}
    assert [len(each.lines) for each in provider.batches.values()] == [3, 2]


def test_of_a_file_that_is_refused_for_one_line_the_others_are_sent_again(
    office: Office, provider: ScriptedBatches
) -> None:
    def refused(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {"code": "model_not_found", "line": number, "message": "No such model.", "param": "body.model"}
            for number, line in enumerate(lines, 1)
            if said(line["body"]).startswith("nouns")
        ]

    provider.script.refuses_file = refused
    batch = office.submit("verbs", "nouns", "adverbs")

    office.work()

    assert office.statuses(batch) == {"completed": 2, "failed": 1}
    assert office.failures(batch)[0].code == "request_refused"


def test_a_file_that_is_refused_as_a_whole_fails_its_tasks_with_the_reason(
    office: Office, provider: ScriptedBatches
) -> None:
    said_so = {"code": "billing_hard_limit_reached", "line": None, "message": "Billing hard limit has been reached."}
    provider.script.refuses_file = lambda lines: [said_so]
    batch = office.submit("verbs", "nouns")

    office.work()

    assert office.statuses(batch) == {"failed": 2}
    assert all("Billing hard limit" in failure.message for failure in office.failures(batch))
    assert len(provider.batches) == 1


def test_where_the_provider_has_no_room_fewer_calls_are_sent_later(office: Office, provider: ScriptedBatches) -> None:
    full = {"code": "token_limit_exceeded", "line": None, "message": "Enqueued token limit reached."}
    provider.script.refuses_file = lambda lines: [full] if len(lines) > 2 else []
    batch = office.submit("verbs", "nouns", "adverbs", "gravity", "brazil")

    office.worker(drain=False, idle_seconds=0.5).run()

    assert office.statuses(batch) == {"completed": 5}
    assert max(len(each.lines) for each in provider.batches.values() if each.record["status"] == "completed") <= 2


def test_a_batch_that_the_provider_has_lost_is_given_up_at_the_third_look(
    office: Office, provider: ScriptedBatches
) -> None:
    provider.script.looks = None
    batch = office.submit("verbs", "nouns")
    office.worker().run()
    lost = provider.batches.pop("batch_2")
    provider.script.looks = 1

    office.work()

    assert office.statuses(batch) == {"completed": 2}
    assert provider.sent == lost.custom_ids
    asked = [each for each in provider.requests if each.path == "/v1/batches/batch_2"]
    assert len(asked) >= RULES.most_looks_missing


def test_answers_that_are_gone_are_asked_for_again(office: Office, provider: ScriptedBatches) -> None:
    provider.script.faults = [("GET /v1/files/.*/content", error(404, "No such File object."))] * 3
    batch = office.submit("verbs", "nouns")

    office.worker(drain=False, idle_seconds=0.6).run()

    assert office.statuses(batch) == {"completed": 2}
    assert len(provider.batches) == 2


@pytest.mark.parametrize(
    "fault",
    [
        Fault(content="", ends="cut", body='{"custom_id": "a", "resp'),
        Fault(body="<!doctype html><html></html>", headers={"Content-Type": "text/html"}),
        Fault(body='{"custom_id": \n'),
        error(503, "Overloaded."),
        error(429, "Slow down.", headers={"Retry-After": "0"}),
        Fault(ends="reset", after=None),
    ],
)
def test_a_provider_that_stumbles_at_each_request_is_asked_again_and_nothing_is_sent_twice(
    office: Office, provider: ScriptedBatches, fault: Fault
) -> None:
    asked = ("POST /v1/files", "POST /v1/batches", "GET /v1/batches", "GET /v1/batches/.*", "GET /v1/files/.*/content")
    provider.script.faults = [(each, fault) for each in asked]
    provider.script.begins_first = True  # the provider has begun, and we don't hear of it
    batch = office.submit("verbs", "nouns")

    office.worker(drain=False, idle_seconds=0.5).run()

    assert office.statuses(batch) == {"completed": 2}
    assert provider.script.faults == []
    assert max(Counter(provider.sent).values()) == 1
    assert len(usages(office.folder)) == 2


# ---------------------------------------------------------------- providers without it, and without a key


@pytest.mark.parametrize(("lacks", "status"), [("files", 404), ("batches", 405), ("files", 501)])
def test_a_provider_without_the_batch_api_is_said_to_be_one(
    office: Office, provider: ScriptedBatches, lacks: str, status: int
) -> None:
    provider.script.lacks, provider.script.lacking = [lacks], status
    batch = office.submit("verbs", "nouns")

    office.work()

    assert office.statuses(batch) == {"failed": 2}
    assert {failure.code for failure in office.failures(batch)} == {"no_batch_api"}
    assert "without --batch-api" in office.failures(batch)[0].hint


def test_whether_a_batch_was_begun_is_not_guessed_where_none_are_listed(
    office: Office, provider: ScriptedBatches
) -> None:
    provider.script.faults = [("POST /v1/batches", Fault(ends="reset", after=None))]
    provider.script.lacks = ["list"]
    batch = office.submit("verbs")

    office.worker(drain=False, idle_seconds=0.4).run()

    assert office.statuses(batch) == {"failed": 1}
    assert "can't be told" in office.failures(batch)[0].message


def test_a_worker_of_another_provider_leaves_a_parcel_alone(office: Office, provider: ScriptedBatches) -> None:
    provider.script.looks = 0
    batch = office.submit("verbs")
    office.worker().run()
    with ScriptedBatches(lambda request: GOOD) as stranger:
        other = Office(folder=office.folder, address=stranger.base_url)
        other.worker().run()

        assert stranger.requests == []
        found = other.batches.standing(batch).provider
        assert found is not None
        assert "was sent to" in (found.sent_batches[0].trouble or "")
        other.jobs.store.close()

    office.work()
    assert office.statuses(batch) == {"completed": 1}


def test_a_key_that_is_refused_later_loses_nothing_that_is_paid(office: Office, provider: ScriptedBatches) -> None:
    batch = office.submit("verbs")
    office.worker().run()
    provider.api_key = "sk-another-key-entirely"
    office.worker().run()
    found = office.batches.standing(batch).provider
    assert found is not None
    assert "refuses the API key" in (found.sent_batches[0].trouble or "")
    assert KEY not in (office.folder / "lessons.db").read_bytes().decode("latin-1")
    provider.api_key = KEY

    office.work()

    assert office.statuses(batch) == {"completed": 1}
    assert len(provider.sent) == 1


# ---------------------------------------------------------------- cancelled


def test_cancelling_the_batch_cancels_it_at_the_provider_and_counts_what_was_paid(
    office: Office, provider: ScriptedBatches
) -> None:
    provider.script.looks = None
    batch = office.submit("verbs", "nouns")
    office.worker().run()
    provider.script.fate = lambda place, body: "answered" if place == 0 else "forgotten"

    office.batches.cancel(batch)
    assert office.batches.standing(batch).spent.cost == 0
    office.worker(drain=False, idle_seconds=0.3).run()

    assert provider.batches["batch_2"].record["status"] == "cancelled"
    assert office.statuses(batch) == {"cancelled": 2}
    assert office.batches.standing(batch).spent.cost > 0
    assert office.batches.standing(batch).provider is None

    provider.script.looks = 0
    office.batches.retry(batch)
    office.work()

    assert office.statuses(batch) == {"completed": 2}
    assert Counter(provider.sent) == Counter({provider.sent[0]: 1, provider.sent[1]: 2})


def test_one_cancelled_task_does_not_cancel_the_calls_of_the_others(office: Office, provider: ScriptedBatches) -> None:
    provider.script.looks = 3
    batch = office.submit("verbs", "nouns")
    office.worker().run()
    first = office.jobs.get(office.jobs.store.batches.task_ids(batch.batch_id, LIVE)[0])
    office.jobs.cancel([first])

    office.work()

    assert office.statuses(batch) == {"completed": 1, "cancelled": 1}
    assert provider.requests_to("POST .*/cancel") == []


def test_an_idle_worker_stays_while_something_is_at_the_provider(office: Office, provider: ScriptedBatches) -> None:
    provider.script.looks = 8
    batch = office.submit("verbs")

    office.worker(drain=False, idle_seconds=0.1).run()

    assert office.statuses(batch) == {"completed": 1}


def test_what_would_cost_too_much_is_not_sent(office: Office, provider: ScriptedBatches) -> None:
    request = LessonRequest(subject="english", topic="verbs:3", writer="openai", batch_api=True, max_cost=0.015)
    row = PlannedTask(request=request)
    batch = office.batches.submit([row], Wish(name="plan"), writer="openai").batch

    office.work()

    assert office.failures(batch)[0].code == "over_budget"
    assert len(provider.sent) < 3


# ---------------------------------------------------------------- the command line


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A batch file of two lessons."""
    file = tmp_path / "plan.csv"
    file.write_text("subject,topic\nenglish,verbs\nbiology,photosynthesis\n")
    return file


@pytest.fixture
def writing(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedBatches]:
    """A provider whose model writes good lessons, set in the environment; a batch is over at the first look."""
    with ScriptedBatches(good_model.answer, api_key=KEY, script=Script(looks=0)) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("LESSONGEN_OPENAI_BATCH_LOOK_SECONDS", "0.2")
        yield server


def test_lessons_are_written_by_the_batch_api_and_followed_to_their_end(
    shell: CommandLine, writing: ScriptedBatches, plan: Path
) -> None:
    plan.write_text("subject,topic\nenglish,verbs\n")
    done = shell("batch", "submit", str(plan), "--batch-api", "--wait")

    assert (done.code, done.stdout, done.stderr) == (0, "", "")
    shown = shell("batch", "show", "last", "--json").json()
    assert (shown["counts"]["completed"], shown["provider"]) == (1, None)
    assert writing.calls == []
    assert max(Counter(writing.sent).values()) == 1
    assert shell("worker", "stop").code == 0


def test_a_batch_at_the_provider_is_shown_listed_waited_for_and_cancelled(
    cli: CommandLine, shell: CommandLine, writing: ScriptedBatches, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LESSONGEN_OPENAI_BATCH_LOOK_SECONDS", "60")
    writing.script.looks = None
    batch = cli("batch", "submit", str(plan), "--batch-api", "--no-start").stdout.strip()
    assert cli("worker", "--drain").code == 0

    shown = cli("batch", "show", batch, "--json").json()["provider"]
    assert (shown["waiting"], shown["sent"], shown["answered"]) == (0, 2, 0)
    assert shown["batches"][0]["provider_id"] == "batch_2"
    assert "at the provider: 0 of 2 answered" in cli("batch", "show", batch).stdout
    assert "at the provider" in cli("batch", "list").stdout
    assert cli("db", "check").code == 0
    waited = cli("batch", "wait", batch, "--no-start", "--timeout", "1s")
    assert waited.code == 75
    cancelled = shell("batch", "cancel", batch, "--yes")
    assert "The provider is asked to cancel too" in cancelled.stdout
    eventually(lambda: writing.batches["batch_2"].record["status"] == "cancelling")
    assert cli("worker", "stop").code == 0


@pytest.mark.parametrize("lacking", [404, 405, 501])
def test_a_provider_without_it_is_refused_before_anything_is_taken(
    cli: CommandLine, writing: ScriptedBatches, plan: Path, home: Path, lacking: int
) -> None:
    writing.script.lacks, writing.script.lacking = ["batches"], lacking

    done = cli("batch", "submit", str(plan), "--batch-api", "--no-start")

    assert done.code == 69
    assert f"has no Batch API ({lacking})" in done.stderr
    assert "without --batch-api" in done.stderr
    assert not (home / "lessons.db").exists()


def test_a_provider_that_can_not_be_reached_now_is_asked_by_the_worker(
    cli: CommandLine, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")

    assert cli("batch", "submit", str(plan), "--batch-api", "--no-start").code == 0


def test_lessons_that_no_model_writes_have_no_batch_api(cli: CommandLine, plan: Path, home: Path) -> None:
    done = cli("batch", "submit", str(plan), "--batch-api", "--writer", "extractive", "--no-start")

    assert done.code == 2
    assert "--writer openai" in done.stderr


def test_a_dry_run_by_the_batch_api_costs_half(cli: CommandLine, plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-nobody")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    options = ("--dry-run", "--json", "--writer", "openai", "--model", "gpt-4.1-mini")

    whole = cli("batch", "submit", str(plan), *options).json()
    half = cli("batch", "submit", str(plan), *options, "--batch-api").json()

    assert half["estimated_cost"] == pytest.approx(whole["estimated_cost"] / 2)
    assert half["estimated_seconds"] > whole["estimated_seconds"]
