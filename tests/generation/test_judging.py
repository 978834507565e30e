"""Lessons that a judge judged: by a real server's answers, and by judges that decide as a test says."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from lessongen.app import App
from lessongen.check.gate import examine
from lessongen.check.reading import Reading
from lessongen.check.verdicts import judged
from lessongen.generation.generate import Generator
from lessongen.generation.judging import Judging
from lessongen.lesson.draft import Anew, Draft, Stored
from lessongen.lesson.judgement import Bar, Claim, ExamResult, Identity
from lessongen.lesson.model import Lesson
from lessongen.lesson.records import NewVersion
from lessongen.lesson.task import LessonRequest
from lessongen.lesson.who_judged import who_judged
from lessongen.system.errors import BadAnswer, CheckFailed, KeyRefused, LessongenError, Unavailable
from lessongen.system.settings import load
from tests import good_model, made_up_articles
from tests.attempts import PlainAttempt
from tests.judging import EXAM, LABELS, Deciding, Shown, said, shown_in
from tests.lessons import JUDGED, changed, lesson, quoted, teaching, texts
from tests.scripted_model import Fault, ScriptedModel, error

REQUEST = LessonRequest(subject="crafts", topic="skerry mill", writer="openai", seed=1)
PROSE = "sections[1].blocks[0].sentences"
KEEL = f"{PROSE}[3]"
JETTY_POSTS = "sections[2].blocks[1].sentences[1]"


class Scene:
    """The worker's side of a configuration, on made-up articles, with a server whose judge decides as told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, server: ScriptedModel) -> None:
        monkeypatch.setenv("LESSONGEN_JUDGE_NAME", "auto")
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("LESSONGEN_OPENAI_READ_SECONDS", "2")
        monkeypatch.setenv("LESSONGEN_OPENAI_CALL_SECONDS", "4")
        self.app = App(load(os.environ))
        self.generate: Generator = dataclasses.replace(
            self.app.generator(), gather=lambda _request, _attempt: made_up_articles.skerry_mills()
        )

    def lesson(self, request: LessonRequest = REQUEST, **attempt: Any) -> tuple[Lesson, NewVersion]:
        made = self.generate(request, PlainAttempt(**attempt))
        return Lesson.model_validate_json(made.content), made


def judging_as(judge: Callable[[Shown], str]) -> Callable[[dict[str, Any]], object]:
    """A model that writes well and judges so."""

    def answer(request: dict[str, Any]) -> object:
        is_judging = good_model.step_of(request) == "judge"
        return good_model.judged(request, judge) if is_judging else good_model.answer(request)

    return answer


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Scene]]:
    """Makes scenes; servers and databases are closed behind the test."""
    opened: list[Any] = []

    def make(answer: Callable[[dict[str, Any]], object] = good_model.answer) -> Scene:
        server = ScriptedModel(answer)
        server.__enter__()
        made = Scene(monkeypatch, server)
        opened.append((made, server))
        made.server = server  # type: ignore[attr-defined]
        return made

    yield make
    for made, server in opened:
        made.app.close()
        server.__exit__(None, None, None)


def judge_calls(made: Scene) -> list[dict[str, Any]]:
    return [call for call in made.server.calls if good_model.step_of(call) == "judge"]  # type: ignore[attr-defined]


def written(made: Lesson, kept: Mapping[str, str]) -> list[Any]:
    return list(judged(Reading(made, kept)))


# ---------------------------------------------------------------- a judge behind a server


def test_a_judge_sits_the_short_exam_before_its_first_lesson_alone_and_signs_each_written_sentence(
    scene: Callable[..., Scene],
) -> None:
    made = scene()
    first, version = made.lesson()
    own = written(first, version.texts)
    assert len(own) >= 4
    assert all(each.verdict and each.verdict.judge == "scripted-1" and each.is_sealed for each in own)
    assert examine(first, version.texts).problems == ()
    (exam,) = first.provenance.exams
    assert (exam.judge, exam.caught, exam.unfaithful, exam.accepted, exam.honest) == ("scripted-1", 40, 40, 40, 40)
    assert (first.provenance.judge, first.provenance.exam) == ("scripted-1", exam.exam)
    assert first.provenance.check is not None
    assert first.provenance.check.layers[-1] == "judge"
    calls = len(judge_calls(made))
    assert calls in (3, 4)  # two of the exam, one of the draft, and one of what was mended where something was
    server = made.server  # type: ignore[attr-defined]
    assert first.provenance.tokens == server.input_tokens + server.output_tokens
    made.lesson(dataclasses.replace(REQUEST, seed=2))
    assert len(judge_calls(made)) - calls in (1, 2), "the exam is not sat again"


def test_judges_of_two_lessons_share_what_is_known_of_their_server(scene: Callable[..., Scene]) -> None:
    made = scene()
    for pair in EXAM.pairs[:2]:
        made.app.judge("model", exam=EXAM, writing="scripted-1").judge([pair.claim], PlainAttempt())
    asked = [each.path for each in made.server.requests]  # type: ignore[attr-defined]
    assert sum(path.endswith("/models") for path in asked) == 1
    assert len(judge_calls(made)) == 2


@pytest.mark.parametrize("says", ["supported", "not said"])
def test_a_judge_that_failed_judges_nothing_and_the_lesson_says_so_with_what_to_do(
    scene: Callable[..., Scene], says: str
) -> None:
    made = scene(judging_as(lambda _item: says))
    first, version = made.lesson()
    assert all(each.verdict is None for each in written(first, version.texts))
    assert (first.provenance.judge, first.provenance.exams) == ("rules", [])
    (notice,) = [each for each in first.provenance.notices if "word rules" in each]
    assert "scripted-1 has not passed the exam" in notice
    assert "lessongen config set judge.model" in notice
    assert len(judge_calls(made)) == 1
    made.lesson(dataclasses.replace(REQUEST, seed=2))
    assert len(judge_calls(made)) == 1


def test_the_rules_judge_where_a_request_says_so(scene: Callable[..., Scene]) -> None:
    made = scene()
    first, _ = made.lesson(dataclasses.replace(REQUEST, judge="rules"))
    assert first.provenance.judge == "rules"
    assert judge_calls(made) == []


def test_what_the_judge_refuses_does_not_stand_and_the_rest_does(scene: Callable[..., Scene]) -> None:
    refused: list[str] = []

    def judge(item: Shown) -> str:
        if item.sentence in LABELS:
            return good_model.judge(item)
        if item.sentence in refused or len(refused) < 2:
            refused.append(item.sentence)
            return "not said"
        return good_model.judge(item)

    made = scene(judging_as(judge))
    first, version = made.lesson()
    own = written(first, version.texts)
    assert set(refused).isdisjoint(each.claim.sentence for each in own)
    assert own
    assert all(each.verdict for each in own)
    assert first.provenance.check is not None
    assert first.provenance.check.refused["judge"] >= 2


def test_a_writer_whose_sentences_are_refused_by_half_is_told_to_be_not_able_enough(
    scene: Callable[..., Scene],
) -> None:
    made = scene(judging_as(lambda item: good_model.judge(item) if item.sentence in LABELS else "not said"))
    with pytest.raises(CheckFailed) as caught:
        made.lesson()
    assert "not able enough" in caught.value.message
    assert "Nothing was saved" in caught.value.message
    assert "--model" in (caught.value.hint or "")


BAD_JUDGES: dict[str, tuple[Fault, type[LessongenError]]] = {
    "down": (error(503, "overloaded"), Unavailable),
    "slow": (Fault(ends="stall"), Unavailable),
    "wants another key": (error(401, "Incorrect API key provided.", code="invalid_api_key"), KeyRefused),
    "hangs up": (Fault(ends="reset"), Unavailable),
}


@pytest.mark.parametrize("is_examined", [False, True])
@pytest.mark.parametrize("name", BAD_JUDGES)
def test_nothing_stands_by_a_judge_that_can_not_be_asked_and_the_rules_do_not_step_in(
    scene: Callable[..., Scene], name: str, *, is_examined: bool
) -> None:
    fault, wanted = BAD_JUDGES[name]
    is_bad = not is_examined

    def answer(request: dict[str, Any]) -> object:
        if is_bad and good_model.step_of(request) == "judge":
            return fault
        return good_model.answer(request)

    made = scene(answer)
    if is_examined:
        made.lesson()
        is_bad = True
    before = len(made.app.store.exams.all())
    with pytest.raises(wanted):
        made.lesson(dataclasses.replace(REQUEST, seed=2))
    assert len(made.app.store.exams.all()) == before


ODD_ANSWERS: dict[str, Callable[[list[dict[str, Any]]], object]] = {
    "too few": lambda answers: {"answers": answers[:1]},
    "other numbers": lambda answers: {"answers": [each | {"item": each["item"] + 100} for each in answers]},
    "the same number": lambda answers: {"answers": [each | {"item": 1} for each in answers]},
    "no words of a quote": lambda answers: {"answers": [each | {"span": "words from nowhere"} for each in answers]},
    "no JSON": lambda _answers: "supported, all of them",
}


@pytest.mark.parametrize("name", ODD_ANSWERS)
def test_nothing_stands_by_a_passed_judge_whose_answers_can_not_be_used(scene: Callable[..., Scene], name: str) -> None:
    def answer(request: dict[str, Any]) -> object:
        items = shown_in(request) if good_model.step_of(request) == "judge" else []
        if items and any(item.sentence not in LABELS for item in items):
            return ODD_ANSWERS[name]([said(item, "supported") for item in items])
        return good_model.answer(request)

    with pytest.raises(BadAnswer):
        scene(answer).lesson()


def test_a_part_made_anew_is_judged_beside_what_was_judged_before(scene: Callable[..., Scene]) -> None:
    made = scene()
    first, version = made.lesson()
    stored = Stored(number=0, draft=Draft(lesson=first, texts=version.texts), locks=frozenset())
    request = dataclasses.replace(REQUEST, part="quiz", seed=5)
    calls = len(judge_calls(made))
    second, again = made.lesson(request, stored=stored, earlier=[first], seed=5)
    assert len(judge_calls(made)) == calls + 1
    assert all(each.verdict for each in written(second, again.texts))
    assert examine(second, again.texts).problems == ()


def test_of_a_quiz_made_anew_few_questions_stay_where_there_are_no_others(scene: Callable[..., Scene]) -> None:
    made = scene()
    first, version = made.lesson()
    stored = Stored(number=0, draft=Draft(lesson=first, texts=version.texts), locks=frozenset())
    second, _ = made.lesson(dataclasses.replace(REQUEST, part="quiz", seed=5), stored=stored, earlier=[first], seed=5)
    before = {each.stem: each for each in first.questions}
    stay = [before[each.stem] for each in second.questions if each.stem in before]
    assert len(stay) <= len(before) // 2
    assert not any(each.cites for each in stay)  # those that ask about nothing that the lesson shows


def test_what_is_locked_since_before_there_was_a_judge_stands_by_the_rules_as_it_did(
    scene: Callable[..., Scene],
) -> None:
    made = scene()
    first, version = made.lesson(dataclasses.replace(REQUEST, judge="rules"))
    section = next(each for each in first.sections if '"written"' in each.model_dump_json())
    stored = Stored(
        number=0, draft=Draft(lesson=first, texts=version.texts), locks=frozenset({f"section:{section.id}"})
    )
    second, again = made.lesson(dataclasses.replace(REQUEST, seed=2), stored=stored, earlier=[first], seed=2)
    assert examine(second, again.texts).problems == ()
    by = {each.verdict.judge for each in written(second, again.texts)}
    assert by == {"rules", "scripted-1"}


# ---------------------------------------------------------------- judges that decide as a test says


@dataclass
class Results:
    """Exam results in a list."""

    kept: list[ExamResult] = field(default_factory=list)

    def add(self, result: ExamResult) -> int:
        self.kept.append(result)
        return len(self.kept)

    def of(self, identity: Identity, exam: str) -> list[ExamResult]:
        return [each for each in reversed(self.kept) if (each.identity, each.exam) == (identity, exam)]


@dataclass(frozen=True, kw_only=True)
class Signing(Deciding):
    """A deciding judge that is right on the exam, and whose verdicts name their exam and the first quote."""

    def judge(self, claims: Any, attempt: Any) -> list[Any]:
        ruled = super().judge(claims, attempt)
        return [
            dataclasses.replace(
                each,
                judge=self.model,
                exam=EXAM.name,
                ruling=("supported" if LABELS[claim.sentence] else "not said")
                if claim.sentence in LABELS
                else each.ruling,
                span=claim.quotes[0].text if claim.quotes else "",
            )
            for each, claim in zip(ruled, claims, strict=True)
        ]


def judging(decide: Callable[[Claim, int], bool], bar: Bar | None = None) -> Judging:
    results, judge = Results(), Signing(decide=decide)
    return Judging(judge=lambda _request, _exam: judge, results=lambda: results, bar=bar or Bar())


def outcome_of(made: Lesson, *refused: str, bar: Bar | None = None) -> Any:
    draft = Draft(lesson=made, texts=texts())
    return judging(lambda claim, _place: claim.sentence not in refused, bar).draft(draft, REQUEST, PlainAttempt())


def writing(path: str, text: str = JUDGED, **more: Any) -> Lesson:
    return changed(teaching(), {path: {"text": text, "cites": ["keel"], "origin": "written"} | more})


@pytest.mark.parametrize(
    "path", ["key_terms[0].definition", "misconceptions[0].correction", "summary", "key_points[0]"]
)
def test_a_refused_statement_gives_way_to_its_quote(path: str) -> None:
    made = outcome_of(writing(path), JUDGED)
    (refusal,) = made.refused
    assert refusal.problem.rule == "verdict-supported"
    left = made.without_refused().lesson
    said_there = [each.text for each in Reading(left, texts()).statements]
    assert JUDGED not in said_there
    assert quoted("keel")["text"] in said_there
    assert left.provenance.replaced == 1


def test_a_refused_sentence_of_running_text_goes_where_enough_stay_around_it() -> None:
    left = outcome_of(writing(KEEL), JUDGED).without_refused().lesson
    assert len(left.sections[1].blocks[0].sentences) == 5
    assert JUDGED not in left.model_dump_json()
    assert quoted("keel")["text"] not in [each.text for each in Reading(left, texts()).statements]
    assert left.provenance.replaced == 0


def test_a_refused_sentence_stays_as_its_quote_where_its_section_would_have_too_few() -> None:
    left = outcome_of(writing(JETTY_POSTS, cites=["posts"]), JUDGED).without_refused().lesson
    assert quoted("posts")["text"] in [each.text for each in left.sections[2].blocks[1].sentences]
    assert left.provenance.replaced == 1


def test_a_refused_sentence_stays_as_its_quote_where_the_next_points_back_at_it() -> None:
    made = changed(writing(KEEL), {f"{PROSE}[4]": {"text": "It is made of cedar.", "cites": ["keel"]}})
    left = outcome_of(changed(made, {f"{PROSE}[4].origin": "written"}), JUDGED).without_refused().lesson
    assert [each.text for each in left.sections[1].blocks[0].sentences][3] == quoted("keel")["text"]


def test_a_refused_summary_without_a_quote_gives_way_to_a_key_point() -> None:
    made = changed(teaching(), {"summary": {"text": "Boats are fun.", "role": "gloss", "origin": "written"}})
    left = outcome_of(made, "Boats are fun.").without_refused().lesson
    assert left.summary == teaching().key_points[0]
    assert examine(left, texts()).problems == ()


def test_a_worked_example_goes_whole_where_a_step_is_refused() -> None:
    step = {"text": JUDGED, "cites": ["keel"], "origin": "written"}
    example = {
        **{"kind": "example", "problem": "What is a jetty?", "answer": quoted("jetty")["text"]},
        **{"steps": [quoted("jetty"), step], "origin": "quoted", "cites": ["jetty"]},
    }
    blocks = [*teaching().model_dump()["sections"][2]["blocks"], example]
    left = outcome_of(changed(teaching(), {"sections[2].blocks": blocks}), JUDGED).without_refused().lesson
    assert left.sections[2].blocks == teaching().sections[2].blocks


def test_what_is_made_for_a_part_is_judged_whatever_blocks_it_has() -> None:
    row = {"cells": ["Ring", "a hoop"], "cites": ["ring"], "origin": "written"}
    refused = {"cells": ["Ring", "a rope"], "cites": ["ring"], "origin": "written"}
    table = {"kind": "table", "title": "Parts", "headings": ["Part", "Meaning"], "rows": [row, refused]}
    said = {"text": JUDGED, "cites": ["keel"], "origin": "written"}
    analogy = teaching().sections[1].blocks[4].model_dump() | {"statement": said}
    task = {"kind": "task", "prompt": "What is it?", "answer": "A ring.", "cites": ["ring"], "origin": "written"}
    section = {**teaching().sections[1].model_dump(), "blocks": [table, analogy, task, {**task, "answer": "A rope."}]}
    stored = Draft(lesson=teaching(), texts=texts())
    made = Anew(
        blocks=Lesson.model_validate({**teaching().model_dump(), "sections": [section], "minutes": 15})
        .sections[0]
        .blocks,
        sources=teaching().sources,
        texts=texts(),
    )
    judge = judging(lambda claim, _place: "rope" not in claim.sentence)
    _, left = judge.anew(stored, made, REQUEST, PlainAttempt())
    assert [block.kind for block in left.blocks] == ["table", "analogy", "task"]
    assert [each.cells for each in left.blocks[0].rows] == [["Ring", "a hoop"]]  # type: ignore[union-attr]
    assert left.blocks[1].statement.verdict  # type: ignore[union-attr]
    assert left.blocks[2].verdict  # type: ignore[union-attr]


def test_what_is_more_than_a_sentence_goes_where_it_is_refused() -> None:
    row = {"sections[1].blocks[5].rows[1].origin": "written", "sections[1].blocks[5].rows[1].cells": ["Ring", "a hoop"]}
    made = outcome_of(changed(teaching(), row), "Ring: a hoop")
    left = made.without_refused().lesson.sections[1].blocks[5]
    assert [each.cells[0] for each in left.rows] == [teaching().sections[1].blocks[5].rows[0].cells[0]]  # type: ignore[union-attr]
    asked = changed(teaching(), {"questions[5].origin": "written", "questions[5].answer": "A boat."})
    question = asked.questions[5]
    made = outcome_of(asked, f"{question.stem} – A boat.")  # noqa: RUF001
    assert question.id not in {each.id for each in made.without_refused().lesson.questions}


def test_what_trips_a_wire_is_refused_whatever_the_judge_says_and_is_not_shown_to_it() -> None:
    made = outcome_of(writing(KEEL, "In 1999 the keel was carved from one plank of cedar."))
    (refusal,) = made.refused
    assert "1999" in refusal.reason
    assert "In 1999" not in made.without_refused().lesson.model_dump_json()


def test_a_sentence_that_stands_in_two_places_is_judged_once_and_stands_in_both() -> None:
    other = {"key_points[0]": {"text": JUDGED, "cites": ["keel"], "origin": "written"}}
    twice = changed(writing("key_terms[0].definition"), other)
    asked: list[str] = []

    def decide(claim: Claim, _place: int) -> bool:
        asked.append(claim.sentence)
        return True

    made = judging(decide).draft(Draft(lesson=twice, texts=texts()), REQUEST, PlainAttempt())
    assert asked.count(JUDGED) == 1
    own = [each for each in written(made.draft.lesson, texts()) if each.claim.sentence == JUDGED]
    assert [bool(each.verdict) for each in own] == [True, True]
    assert examine(made.draft.lesson, texts()).problems == ()


def test_a_lowered_bar_is_told_in_the_lesson() -> None:
    made = outcome_of(writing(KEEL), bar=Bar(caught=0.5)).draft.lesson
    (notice,) = [each for each in made.provenance.notices if "asked of it" in each]
    assert "50 %" in notice
    assert "50 %" in who_judged(made.provenance.model_dump())
    told = who_judged(outcome_of(writing(KEEL)).draft.lesson.provenance.model_dump())
    assert told == (
        f"Written sentences were judged by deciding, which in the short exam {EXAM.name} caught 40 of 40 unfaithful "
        "sentences and accepted 40 of 40 honest ones."
    )


def test_who_judged_is_told_of_lessons_of_every_age() -> None:
    assert who_judged({}) == ""
    assert who_judged(lesson().provenance.model_dump()) == ""
    assert "word rules alone" in who_judged({"judge": "rules", "exams": []})
