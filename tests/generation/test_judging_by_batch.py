"""A judge whose calls go by a provider's Batch API: in few rounds, each call once, whatever it answers."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lessongen.lesson.attempt import Attempt, BatchedCall, HandedIn
from lessongen.lesson.judgement import is_no_judgement
from lessongen.lesson.records import NewVersion
from lessongen.lesson.task import LessonRequest
from lessongen.queue.attempt import LeasedAttempt
from lessongen.queue.json_views import batch_row
from lessongen.system.errors import BadAnswer, OverBudget
from tests import good_model
from tests.batched_work import KEY, Office
from tests.conftest import CommandLine
from tests.judging import claim, model_judge, shown_in
from tests.lessons import judged, lesson
from tests.queues import new_version
from tests.scripted_batches import Script, ScriptedBatches

LAMPS = [
    claim(f"Keeper {number} lit {number} lamps.", f"Keeper {number} lit {number} lamps a night.")
    for number in range(120)
]
AN_ANSWER = 63  # items: 60 of LAMPS in each of two calls, and three controls


class Judged:
    """A lesson without words for each request; a judge decides on `LAMPS` before."""

    def __init__(self, server: ScriptedBatches) -> None:
        self.stood: list[int] = []
        self._judge = model_judge(server, goes_by_batch=True)

    def __call__(self, request: LessonRequest, attempt: Attempt) -> NewVersion:
        verdicts = self._judge.judge(LAMPS, attempt)
        self.stood.append(sum(each.stands for each in verdicts))
        if is_no_judgement(verdicts):
            raise BadAnswer("The judge gave no usable answer.")
        return dataclasses.replace(new_version(request), content=lesson(topic=request.topic).model_dump_json())


@pytest.fixture
def provider() -> Iterator[ScriptedBatches]:
    with ScriptedBatches(good_model.answer, api_key=KEY, script=Script(looks=0)) as server:
        yield server


@pytest.fixture
def office(tmp_path: Path, provider: ScriptedBatches) -> Iterator[Office]:
    made = Office(folder=tmp_path, address=provider.base_url)
    made._generate = Judged(provider)  # type: ignore[assignment]
    yield made
    made.jobs.store.close()


def items_of(line: dict[str, Any]) -> int:
    return len(shown_in(line["body"]))


def test_all_calls_of_a_judgement_go_out_in_one_round(office: Office, provider: ScriptedBatches) -> None:
    batch = office.submit("lamps", "lanterns")
    office.work()
    assert office.statuses(batch) == {"completed": 2}
    assert [[items_of(line) for line in each.lines] for each in provider.batches.values()] == [[AN_ANSWER] * 4]
    assert provider.calls == []
    assert office._generate.stood == [120, 120]  # type: ignore[attr-defined]


def test_a_bad_answer_is_asked_for_in_halves_in_the_next_round_and_never_again(
    office: Office, provider: ScriptedBatches
) -> None:
    """Each round is another worker, so that what is known of the rounds before is in the database or nowhere."""
    provider.answer = lambda request: "no JSON" if len(shown_in(request)) == AN_ANSWER else good_model.answer(request)
    batch = office.submit("lamps")
    office.work()
    assert office.statuses(batch) == {"completed": 1}
    assert [len(each.lines) for each in provider.batches.values()] == [2, 4]
    assert max(Counter(provider.sent).values()) == 1
    assert office._generate.stood == [120]  # type: ignore[attr-defined]


def test_a_judge_that_never_answers_well_ends_its_task_and_is_asked_anew_when_that_is_retried(
    office: Office, provider: ScriptedBatches
) -> None:
    provider.answer = lambda _request: "supported, all of them"
    batch = office.submit("lamps")
    office.work()
    assert office.statuses(batch) == {"failed": 1}
    assert [each.code for each in office.failures(batch)] == ["bad_answer"]
    assert [len(each.lines) for each in provider.batches.values()] == [2, 4] * 3  # three attempts
    provider.answer = good_model.answer
    office.batches.retry(batch)
    office.work()
    assert office.statuses(batch) == {"completed": 1}


def test_calls_that_are_handed_in_together_are_held_to_the_budget_together(office: Office) -> None:
    office.submit("lamps")
    (lease,) = office.jobs.claim("w1", 1)
    request = dataclasses.replace(lease.task.request, max_cost=0.025)
    lease = dataclasses.replace(lease, task=dataclasses.replace(lease.task, request=request))
    attempt = LeasedAttempt(office.jobs, lease)

    def ask(number: int) -> object:
        def make(key: str, inputs_sha256: str) -> BatchedCall:
            return BatchedCall(key=key, inputs_sha256=inputs_sha256, model="scripted-1", body={}, cost=0.01)

        return attempt.step(f"judge-{number}", {}, lambda: attempt.batched(make, lambda answer: answer))

    for number in range(2):
        with pytest.raises(HandedIn):
            ask(number)
    with pytest.raises(OverBudget):
        ask(2)


def test_who_judged_is_known_while_a_batch_runs_and_afterwards(office: Office) -> None:
    made: dict[str, str] = {"lamps": judged().model_dump_json(), "lanterns": lesson().model_dump_json()}
    office._generate = lambda request, _attempt: dataclasses.replace(  # type: ignore[assignment]
        new_version(request), content=made[request.topic]
    )
    running = office.submit("lamps")
    (lease,) = office.jobs.claim("w1", 1)
    assert batch_row(office.batches.standing(running))["judges"] == {}
    office.jobs.complete(lease, office._generate(lease.task.request, None))  # type: ignore[arg-type]
    assert batch_row(office.batches.standing(running))["judges"] == {"able-1": 1}
    office.batches.close_ended()
    assert office.batches.standing(running).summary is not None
    assert batch_row(office.batches.standing(running))["judges"] == {"able-1": 1}
    quoted = office.submit("lanterns")
    office.work()
    assert batch_row(office.batches.standing(quoted))["judges"] == {}


def test_lessons_of_a_batch_are_judged_by_the_batch_api_and_the_exam_is_asked_directly_once(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, provider: ScriptedBatches
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", provider.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("LESSONGEN_JUDGE_NAME", "auto")
    monkeypatch.setenv("LESSONGEN_OPENAI_BATCH_LOOK_SECONDS", "0.2")
    plan = tmp_path / "plan.csv"
    plan.write_text("subject,topic\nenglish,verbs\nchemistry,acid\n")
    assert cli("batch", "submit", str(plan), "--batch-api", "--no-start").code == 0
    for _ in range(40):  # each drain is a round
        assert cli("worker", "--drain").code == 0
        if cli("batch", "show", "last", "--json").json()["is_over"]:
            break
    assert cli("batch", "show", "last", "--json").json()["counts"]["completed"] == 2
    assert [good_model.step_of(call) for call in provider.calls] == ["judge"] * 2  # the short exam
    lines = [line for each in provider.batches.values() for line in each.lines]
    assert sum(good_model.step_of(line["body"]) == "judge" for line in lines) >= 2
    assert max(Counter(provider.sent).values()) == 1
    rounds = [{good_model.step_of(line["body"]) for line in each.lines} for each in provider.batches.values()]
    assert {"judge", "answers"} in rounds, "a draft is judged in the round in which its questions are answered"
    lesson = cli("show", "chemistry", "acid", "--json").json()
    assert lesson["content"]["provenance"]["judge"] == "scripted-1"
    assert lesson["metadata"]["judged"].startswith(
        "Written sentences were judged by scripted-1, which in the short exam"
    )
    assert "judged" not in cli("show", "chemistry", "acid", "--json", "--student").json()["metadata"]
    assert cli("batch", "show", "last", "--json").json()["judges"] == {"scripted-1": 2}
    assert "judged by scripted-1 (2 lessons)" in cli("batch", "show", "last").stdout
    assert "scripted-1" in cli("batch", "list").stdout
