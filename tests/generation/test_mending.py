"""From a writer's draft to a lesson: judged and reviewed at once, mended once, and then no model is asked any more."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from lessongen.check.gate import examine
from lessongen.check.in_passing import unanswered
from lessongen.check.pointers import BACK_TO_THE_START, MISFIT, dangling
from lessongen.generation.choosing import surplus, without_surplus
from lessongen.generation.generate import Generator
from lessongen.generation.judging import Judging
from lessongen.generation.mending import Mending
from lessongen.lesson.attempt import Attempt
from lessongen.lesson.draft import Anew, Draft, Problem
from lessongen.lesson.judgement import Claim
from lessongen.lesson.material import Material
from lessongen.lesson.model import Lesson
from lessongen.lesson.place import Place
from lessongen.lesson.task import LessonRequest, Priority
from lessongen.queue.attempt import LeasedAttempt
from lessongen.system.errors import CheckFailed
from lessongen.writers.extractive import ExtractiveWriter
from tests import made_up_articles
from tests.attempts import PlainAttempt
from tests.generation.test_judging import Results, Signing
from tests.judging import EXAM, LABELS
from tests.lessons import JUDGED, SHORT, changed, question, quoted, teaching, texts
from tests.queues import open_jobs

REQUEST = LessonRequest(subject="crafts", topic="lantern boats", writer="free", seed=1)
KEEL = "sections[1].blocks[0].sentences[3]"
FLAW = "gives the answer away"


def written(text: str = JUDGED, *quotes: str) -> dict[str, Any]:
    return {"text": text, "cites": list(quotes or ("keel",)), "origin": "written"}


def flaw(at: int) -> Problem:
    return Problem(rule="item-length", where=Place.of("questions", at), message=FLAW)


@dataclasses.dataclass(kw_only=True)
class Free:
    """A writer whose drafts, repairs and reviews are given; it notes what happens to it."""

    lesson: Lesson
    mended: Lesson | None = None
    reviews: list[Sequence[Problem]] = dataclasses.field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None
    told: list[tuple[str, Any]] = dataclasses.field(default_factory=list)

    name = "free"
    languages = frozenset({"en"})
    writes_freely = True

    def write(self, request: LessonRequest, material: Material, attempt: Attempt, *, judge: str = "rules") -> Draft:
        self.told.append(("write", judge))
        return Draft(lesson=self.lesson, texts=texts())

    def anew(self, stored: Draft, key: str, request: LessonRequest, attempt: Attempt) -> Anew:
        raise AssertionError("not asked for")

    def review(
        self, draft: Draft, request: LessonRequest, material: Material, attempt: Attempt, before: Draft | None = None
    ) -> Sequence[Problem]:
        self.told.append(("review", before))
        self.meanwhile()
        return self.reviews.pop(0) if self.reviews else ()

    def repair(
        self, draft: Draft, problems: Sequence[Problem], request: LessonRequest, material: Material, attempt: Attempt
    ) -> Draft | None:
        self.told.append(("repair", [each.rule for each in problems]))
        return Draft(lesson=self.mended, texts=texts()) if self.mended else None

    @property
    def steps(self) -> list[str]:
        return [step for step, _ in self.told]

    def problems(self) -> list[str]:
        (found,) = [told for step, told in self.told if step == "repair"]
        return list(found)


def judging(
    writer: Free | None, *refused: str, passes: bool = True, meanwhile: Callable[[], object] = lambda: None
) -> Judging:
    def decide(claim: Claim, _place: int) -> bool:
        if writer is not None:
            writer.told.append(("judge", claim.sentence))
        meanwhile()
        return claim.sentence not in refused

    judge = Signing(decide=decide) if passes else _Failing(decide=decide)
    results = Results()
    return Judging(judge=lambda _request, _exam: judge, results=lambda: results)


class _Failing(Signing):
    def judge(self, claims: Any, attempt: Any) -> list[Any]:
        return [dataclasses.replace(each, ruling="supported") for each in super().judge(claims, attempt)]


def passed(
    writer: Free,
    *refused: str,
    attempt: Attempt | None = None,
    shown: Mapping[str, int] | None = None,
    **more: Any,
) -> Lesson:
    mending = Mending(
        judging=judging(None, *refused, **more),
        writer=writer,
        filler=lambda: ExtractiveWriter(None),
        request=REQUEST,
        material=made_up_articles.skerry_mills(),
        attempt=attempt or PlainAttempt(),
        stored=None,
    )
    draft, rules = mending.passed(Draft(lesson=writer.lesson, texts=texts(), shown=shown or {}))
    assert rules > 50
    assert examine(draft.lesson, draft.texts).problems == ()
    return draft.lesson


def asking(*more: Mapping[str, Any], **changes: Any) -> Lesson:
    """The valid lesson with written questions at its end."""
    own = [each.model_dump() for each in teaching().questions]
    asked = [question({**SHORT, "origin": "written", "id": f"w{at}", **each}) for at, each in enumerate(more)]
    return changed(teaching(), {"questions": [*own, *asked], **changes})


def texts_of(made: Lesson) -> str:
    return made.model_dump_json(exclude={"provenance", "sources"})


# ---------------------------------------------------------------- who is asked, and when


def test_what_is_good_is_judged_and_reviewed_once_and_not_mended() -> None:
    writer = Free(lesson=changed(teaching(), {KEEL: written()}))
    made = passed(writer)
    assert writer.steps == ["review"]
    assert JUDGED in texts_of(made)


def test_all_findings_go_into_one_repair_and_what_is_new_is_judged_and_reviewed_again() -> None:
    bad = changed(teaching(), {KEEL: written(), "outcome": "Students can row."})
    good = changed(teaching(), {KEEL: written("The keel is one plank of cedar.")})
    writer = Free(lesson=bad, mended=good, reviews=[[flaw(1)], []])
    made = passed(writer, JUDGED)
    assert writer.steps == ["review", "repair", "review"]
    assert writer.problems() == ["verdict-supported", "item-length", "outcome-said-by-students"]
    assert writer.told[0] == ("review", None)
    before = writer.told[2][1]
    assert before.lesson.outcome == "Students can row."
    assert "The keel is one plank of cedar." in texts_of(made)


def test_the_second_time_nobody_is_asked_to_mend() -> None:
    bad = changed(teaching(), {KEEL: written()})
    writer = Free(lesson=bad, mended=bad, reviews=[[flaw(1)], [flaw(1)]])
    passed(writer, JUDGED)
    assert writer.steps == ["review", "repair", "review"]


def test_where_right_options_stand_is_no_matter_for_a_writer() -> None:
    options = {"questions[1].options": ["1717", "1741", "1768", "1733"]}
    writer = Free(lesson=changed(teaching(), {KEEL: written(), **options}))
    assert "choice-answer-place" in {each.rule for each in examine(writer.lesson, texts()).problems}
    made = passed(writer)
    assert writer.steps == ["review"]
    assert made.questions[1].answer == "1741"


def test_judge_and_review_are_asked_at_once(tmp_path: Path) -> None:
    both = threading.Barrier(2)
    jobs = open_jobs(tmp_path)
    jobs.submit([REQUEST], user="", priority=Priority.NORMAL, writer="free")
    attempt = LeasedAttempt(jobs, jobs.claim("w1", 1)[0])
    first = Free(lesson=changed(teaching(), {KEEL: written()}), meanwhile=lambda: both.wait(20))
    passed(first, attempt=attempt, meanwhile=_for_the_lesson(both))
    jobs.store.close()


def _for_the_lesson(both: threading.Barrier) -> Callable[[], object]:
    """Waits for the other at the first claim that is none of the exam's."""
    exam = iter(range(len(EXAM.short())))
    once = iter([both])

    def wait() -> None:
        if next(exam, None) is None:
            barrier = next(once, None)
            if barrier is not None:
                barrier.wait(20)

    return wait


# ---------------------------------------------------------------- the seat


def generated(writer: Free, judge: Judging | None) -> Lesson:
    generate = Generator(
        gather=lambda _request, _attempt: made_up_articles.skerry_mills(),
        writers={"free": lambda: writer, "extractive": lambda: ExtractiveWriter(None)},
        body_text=lambda _lesson: "",
        judging=judge,
    )
    return Lesson.model_validate_json(generate(REQUEST, PlainAttempt()).content)


def test_a_judge_sits_its_exam_before_anything_is_written_and_the_writer_is_told_who_judges() -> None:
    writer = Free(lesson=changed(teaching(), {KEEL: written()}))
    generated(writer, judging(writer))
    at = writer.told.index(("write", "deciding"))
    assert {told for step, told in writer.told[:at] if step == "judge"} <= set(LABELS)
    assert len(writer.told[:at]) == len(EXAM.short())


def test_where_no_judge_passed_the_writer_is_told_that_the_rules_judge() -> None:
    writer = Free(lesson=changed(teaching(), {KEEL: written("The keel of the boat is carved from a plank of cedar.")}))
    made = generated(writer, judging(writer, passes=False))
    assert ("write", "rules") in writer.told
    assert made.provenance.judge == "rules"
    other = Free(lesson=teaching())
    generated(other, None)
    assert ("write", "rules") in other.told


# ---------------------------------------------------------------- what becomes of what is refused again


def test_by_the_rules_a_refused_sentence_gives_way_to_its_quote() -> None:
    writer = Free(lesson=changed(teaching(), {KEEL: written()}))
    made = passed(writer, passes=False)
    assert writer.problems() == ["written-supported"]
    assert JUDGED not in texts_of(made)
    assert quoted("keel")["text"] in texts_of(made)
    assert made.provenance.replaced == 1


def test_a_question_with_a_flaw_goes_while_enough_are_left() -> None:
    writer = Free(lesson=teaching(), reviews=[[flaw(1), flaw(2), flaw(2)]])
    made = passed(writer)
    assert [each.id for each in made.questions] == ["q1", "q2", "q4", "q5", "q6"]  # q3 has more against it
    assert "q3" not in [block.question for each in made.sections for block in each.blocks if block.kind == "check"]


def test_flawed_questions_go_unmended_where_fewer_are_enough() -> None:
    lesson = asking({"role": "exit"}, {"role": "exit"}, {"role": "exit"}, {"role": "exit"})
    names = [each.id for each in lesson.questions]
    first = names.index("w0")
    places = [Place.of("questions", at) for at in range(first, first + 4)]
    wrong = [Problem(rule="x", where=where, message="flawed") for where in places[:2]]
    reason = Problem(rule="x", where=places[2].at("feedback"), message="not said")
    others = sum(each.role == "exit" for each in lesson.questions) - 4
    shown, problems = {"exit": others + 4}, [*wrong, reason]
    assert surplus(lesson, problems, shown) == frozenset()
    assert surplus(lesson, problems, shown, least={"exit": 1}) == {"w0", "w1"}, "a reason is mended for little"
    assert len(surplus(lesson, problems, shown, least={"exit": others + 3})) == 1
    assert surplus(lesson, problems, shown, kept={"w1"}, least={"exit": 1}) == {"w0"}


def test_of_more_questions_than_are_shown_the_flawed_ones_go_before_anything_is_mended() -> None:
    lesson = teaching()
    role = lesson.questions[1].role
    shown: dict[str, int] = {role: sum(each.role == role for each in lesson.questions) - 1}
    gone = surplus(lesson, [flaw(1)], shown)
    assert gone == {"q2"}
    assert without_surplus(lesson, [flaw(0), flaw(1)], gone) == [flaw(0)]
    writer = Free(lesson=lesson, reviews=[[flaw(1)]])
    made = passed(writer, shown=shown)
    assert "repair" not in writer.steps
    assert "q2" not in {each.id for each in made.questions}
    assert surplus(lesson, [flaw(1)], shown, kept={"q2"}).isdisjoint({"q2"}), "what is locked stays"


def test_the_last_question_on_an_objective_stays_to_be_mended() -> None:
    lesson = teaching()
    first, *others = (each.model_copy(update={"role": "exit", "objective": "o2"}) for each in lesson.questions)
    lesson = lesson.model_copy(update={"questions": [first.model_copy(update={"objective": "o1"}), *others]})
    wrong = [Problem(rule="x", where=Place.of("questions", at), message="flawed") for at in (0, 1)]
    gone = surplus(lesson, wrong, {"exit": len(lesson.questions)}, least={"exit": 1})
    assert gone == {others[0].id}


def test_a_spare_question_without_a_flaw_takes_the_place_of_one_that_was_mended_in_vain() -> None:
    lesson = teaching()
    shown: dict[str, int] = {"exit": sum(each.role == "exit" for each in lesson.questions) - 1}
    (spare,) = surplus(lesson, [], shown)
    at, stays = next(
        (at, each.id) for at, each in enumerate(lesson.questions) if each.role == "exit" and each.id != spare
    )
    elsewhere = Problem(rule="level", where=Place.of("sections", 1), message="reads at grade 9 for 6")
    for second, gone in (([], spare), ([flaw(at)], stays)):
        writer = Free(lesson=lesson, mended=lesson, reviews=[[elsewhere], second])
        names = {each.id for each in lesson.questions} - {each.id for each in passed(writer, shown=shown).questions}
        assert names == {gone}


def test_a_task_that_the_lesson_does_not_answer_goes_where_its_section_has_another() -> None:
    sections = [each.model_dump() for each in teaching().sections]
    task = {"kind": "task", "criteria": ["clear"], "origin": "author", "by": "Ada"}
    sections[1]["blocks"] += [{**task, "prompt": "Explain the lamp."}, {**task, "prompt": "Describe the mast."}]
    lesson = changed(teaching(), {"sections": sections})
    found = [*unanswered(lesson, {2: "the height of the mast"})]
    made = passed(Free(lesson=lesson, reviews=[found]))
    assert "Explain the lamp." in texts_of(made)
    assert "Describe the mast." not in texts_of(made)
    assert not any("height" in each for each in made.provenance.notices)


def test_what_goes_back_to_the_start_goes_where_nothing_was_asked_there() -> None:
    sections = teaching().model_dump()["sections"]
    back = {"text": BACK_TO_THE_START, "role": "framing", "origin": "written"}
    sections[-1]["blocks"].append({"kind": "prose", "sentences": [back]})
    with_starter = changed(teaching(), {"sections": sections})
    bare = [each.model_copy(update={"role": "check"}) for each in with_starter.questions]
    assert [each.message for each in dangling(with_starter.model_copy(update={"questions": bare}))] == [
        "nothing was asked at the start"
    ]
    starter = bare[0].model_copy(update={"role": "starter"})
    assert dangling(with_starter.model_copy(update={"questions": [starter, *bare[1:]]})) == []


def test_of_good_questions_those_stay_that_ask_about_different_things() -> None:
    lesson = teaching()
    questions = [each.model_copy(update={"role": "exit"}) for each in lesson.questions]
    lesson = lesson.model_copy(update={"questions": questions})
    gone = surplus(lesson, [], {"exit": 2})
    stay = [each for each in questions if each.id not in gone]
    assert len(stay) == 2
    assert len({each.objective for each in stay}) == min(2, len({each.objective for each in questions}))


def test_a_sentence_that_points_to_a_part_which_is_not_there_goes() -> None:
    pointing = {"text": "Look at the worked example.", "role": "framing", "origin": "written"}
    sections = teaching().model_dump()["sections"]
    sections[1]["notes"] = [pointing, {**pointing, "text": "Ask for reasons."}]
    made = passed(Free(lesson=changed(teaching(), {"sections": sections})))
    assert [each.text for each in made.sections[1].notes] == ["Ask for reasons."]


def test_a_note_that_a_reader_found_not_to_fit_goes_and_of_a_fact_the_teacher_is_told() -> None:
    sections = teaching().model_dump()["sections"]
    note = {"text": "In the hearing, let each side speak.", "role": "framing", "origin": "written"}
    sections[1]["notes"] = [note, {**note, "text": "Ask for reasons."}]
    places = [Place.of("sections", 1, "notes", 0), Place.of("key_points", 0)]
    found = [Problem(rule=MISFIT, where=each, message="no table has it.") for each in places]
    made = passed(Free(lesson=changed(teaching(), {"sections": sections}), reviews=[found]))
    assert [each.text for each in made.sections[1].notes] == ["Ask for reasons."]
    point = made.key_points[0].text
    assert made.provenance.notices[-1] == f"Key points: of “{point}” a reading model says: no table has it."


def test_what_led_up_to_a_task_that_has_gone_goes_with_it() -> None:
    led_up = {"text": "Now pass judgement.", "role": "framing", "origin": "written"}
    hollow = {
        "id": "hollow",
        "kind": "practice",
        "title": "Your turn",
        "minutes": 4,
        "blocks": [{"kind": "prose", "sentences": [led_up]}],
        "notes": [{**led_up, "text": "Keep the verdict short."}],
    }
    sections = [each.model_dump() for each in teaching().sections]
    lesson = changed(teaching(), {"sections": [*sections, hollow], "minutes": teaching().minutes + 4})
    made = passed(Free(lesson=lesson))
    assert [each.title for each in made.sections] == [each.title for each in teaching().sections]
    assert made.minutes == teaching().minutes
    assert "verdict short" not in made.model_dump_json()


def test_what_is_found_elsewhere_is_told_to_the_teacher() -> None:
    level = Problem(rule="level", where=Place.of("sections", 1), message="reads at grade 9 for 6")
    lesson_wide = Problem(rule="level", where=Place.of("summary"), message="the summary is long")
    made = passed(Free(lesson=teaching(), reviews=[[level, lesson_wide]]))
    assert made.provenance.notices[-2:] == [
        "Section 2, “What a lantern boat is”: reads at grade 9 for 6.",
        "The summary is long.",
    ]
    assert [each.title for each in made.sections] == [each.title for each in teaching().sections]


GOOD = ("Cedar makes the keel.", "A keel is carved.", "The keel is a plank.", "One plank makes a keel.")
REFUSED = {"stem": "What do rowers fear?", "answer": "Rowers fear storms.", "term": "storm", "cites": ["signal"]}


def test_a_refused_question_goes_and_its_wrong_reason_alone_where_that_is_refused() -> None:
    why = {"option": "Beeswax", "reason": written("Beeswax is for candles.", "tar")}
    made = passed(
        Free(lesson=asking(REFUSED, **{"questions[0].why": [why], "key_points": [written(each) for each in GOOD]})),
        "What do rowers fear? – Rowers fear storms.",  # noqa: RUF001
        "Beeswax is for candles.",
    )
    assert [each.id for each in made.questions] == ["q1", "q2", "q3", "q4", "q5", "q6"]
    assert made.questions[0].why == []


HUES = ("red", "blue", "green", "white", "black")


def few() -> Lesson:
    """A lesson of five written questions, which a judge refuses."""
    asked = [
        question(
            {
                **SHORT,
                "origin": "written",
                "id": f"w{at}",
                "stem": f"What of {hue} boats?",
                "answer": f"They are {hue}.",
            }
        )
        for at, hue in enumerate(HUES)
    ]
    sections = teaching().model_dump()["sections"]
    sections[1]["blocks"].pop(2)
    sections[2]["kind"] = "exit"
    sections[2]["blocks"][-1] = {"kind": "check", "question": "w0"}
    asked[0]["objective"] = "o2"
    return changed(teaching(), {"questions": asked, "sections": sections, KEEL: written()})


def test_a_quiz_that_is_too_short_is_filled_up_with_questions_on_quotes() -> None:
    refused = [f"What of {hue} boats? – They are {hue}." for hue in HUES[1:3]]  # noqa: RUF001
    made = passed(Free(lesson=few()), *refused)
    assert [each.origin for each in made.questions] == ["written"] * 3 + ["quoted"] * 2
    assert {each.role for each in made.questions} == {"exit"}
    assert [block.question for block in made.sections[2].blocks if block.kind == "check"] == [
        "w0",
        *(each.id for each in made.questions[3:]),
    ]


def test_where_too_little_is_left_nothing_is_saved() -> None:
    terms = [{"term": f"Boat {at}", "definition": written(f"Boats of sort {at}.", "boat")} for at in range(3)]
    writer = Free(lesson=changed(teaching(), {"key_terms": terms, "key_points": [written()] * 5}))
    gone = [f"Boats of sort {at}." for at in range(3)]
    bad = changed(writer.lesson, {f"key_terms[{at}].definition.cites": [] for at in range(3)})
    bad = changed(bad, {f"key_terms[{at}].definition.role": "gloss" for at in range(3)})
    with pytest.raises(CheckFailed, match="too little is left"):
        passed(Free(lesson=bad), *gone)


def test_a_writer_refused_by_half_is_not_asked_to_mend() -> None:
    lesson = changed(teaching(), {KEEL: written(), "key_points[0]": written("All boats are old.", "boat")})
    writer = Free(lesson=lesson)
    with pytest.raises(CheckFailed, match="not able enough"):
        passed(writer, JUDGED, "All boats are old.")
    assert writer.steps == ["review"]


def test_what_the_gate_objects_to_in_the_end_goes() -> None:
    writer = Free(lesson=changed(teaching(), {"materials": ["Scissors", "<b>Glue</b>"]}))
    made = passed(writer)
    assert writer.problems() == ["no-markup"]
    assert made.materials == ["Scissors"]


def test_what_can_not_go_is_refused_with_the_rule() -> None:
    with pytest.raises(CheckFailed, match="language-known"):
        passed(Free(lesson=changed(teaching(), {"language": "fr"})))


WORDED: dict[str, tuple[str, str]] = {
    "title": ("Boats of Atlantis", "lantern boats"),
    "outcome": ("Students can row.", ""),
    "sections[1].title": ("Boats of Atlantis", "lantern boats"),
    "sections[2].title": ("Jetties of Atlantis", "Questions"),
    "objectives[1].text": ("Name Atlantis.", "Recall what the lesson says about mooring ring."),
}


@pytest.mark.parametrize("path", WORDED)
def test_what_heads_a_lesson_is_worded_plainly_where_it_does_not_stand(path: str) -> None:
    bad, plain = WORDED[path]
    made = passed(Free(lesson=changed(teaching(), {path: bad})))
    value: Any = made.model_dump()
    for step in path.replace("]", "").replace("[", ".").split("."):
        value = value[int(step) if step.isdigit() else step]
    assert value == plain
    assert bad not in texts_of(made)


def test_a_summary_that_does_not_stand_gives_way_to_a_key_point_and_an_activity_goes() -> None:
    activity = {**teaching().sections[0].blocks[0].model_dump(), "steps": ["Row as in Atlantis."]}
    blocks = [*teaching().model_dump()["sections"][1]["blocks"], activity]
    summary = {"text": "It is steered <b>here</b>.", "cites": ["steered"], "origin": "written"}
    made = passed(Free(lesson=changed(teaching(), {"summary": summary, "sections[1].blocks": blocks})))
    assert made.summary == teaching().key_points[0]
    assert "Atlantis" not in texts_of(made)
