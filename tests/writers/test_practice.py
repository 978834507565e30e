"""Lessons on skills: what a source says of them, and computed practice put beside it."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from lessongen.check.computed import is_read
from lessongen.check.gate import examine
from lessongen.check.items import in_sequence
from lessongen.check.reading import Reading
from lessongen.check.sums import is_solved, worth
from lessongen.exporters import Order
from lessongen.exporters.formats import html, md
from lessongen.generation.generate import Generator
from lessongen.generation.merge import kept_keys
from lessongen.generation.source_chain import SourceChain
from lessongen.lesson.attempt import Attempt
from lessongen.lesson.claims import cites
from lessongen.lesson.draft import Draft, Problem, Stored
from lessongen.lesson.edition import student_view
from lessongen.lesson.material import Document, Material, Part, Source, Writer
from lessongen.lesson.model import Check, Example, Lesson, Prose, sha256
from lessongen.lesson.parts import parts_of
from lessongen.lesson.questions.choice import Choice
from lessongen.lesson.task import LessonRequest
from lessongen.sources.primer import PrimerSource
from lessongen.system.errors import CheckFailed, TooThin, Uncovered
from lessongen.writers.computed import keys_of
from lessongen.writers.computed.practice import for_writer, materials, with_practice
from lessongen.writers.computed.registry import all_skills
from lessongen.writers.extractive import ExtractiveWriter
from tests import good_model
from tests.attempts import PlainAttempt
from tests.check.papers import paper
from tests.exporters.opened import without_own_script
from tests.lessons import FOR_STUDENTS
from tests.queues import SetClock
from tests.scripted_model import ScriptedModel
from tests.writers.test_openai_writer import writer_for

TOPICS = [
    ("math", "quadratic equations", "quadratic-equations"),
    ("math", "percentages", "percentages"),
    ("math", "area of a circle", "shapes"),
    ("math", "unit conversion", "units"),
    ("math", "mean and median", "samples"),
    ("math", "long division", "arithmetic"),
    ("math", "adding fractions", "fractions"),
    ("math", "lcm", "primes"),
    ("math", "square roots", "powers"),
    ("math", "simultaneous equations", "linear-equations"),
    ("math", "map scale", "ratios"),
    ("math", "pythagorean theorem", "pythagoras"),
    ("math", "average speed", "mean-speed"),
    ("math", "rounding", "rounding"),
    ("math", "angles", "angles"),
    ("math", "binary numbers", "binary-numbers"),
    ("english", "verbs past tense", "english-verbs"),
    ("english", "irregular verbs", "irregular-verbs"),
    ("english", "plurals", "plurals"),
    ("english", "comparatives and superlatives", "comparison"),
]
# Skills whose questions the gate reads seldom or never.
OTHER_TOPICS = [
    ("math", "probability", "probability"),
    ("math", "telling time", "telling-time"),
    ("math", "area by counting squares", "counting-squares"),
    ("physics", "ohm's law", "ohms-law"),
    ("chemistry", "balancing chemical equations", "balancing-equations"),
    ("english", "apostrophes", "apostrophes"),
    ("english", "simple present", "simple-present"),
    ("english", "questions and negatives", "questions-negatives"),
]
ALL_TOPICS = [*TOPICS, *OTHER_TOPICS]

PRINTED = str.maketrans({"-": "\N{MINUS SIGN}", "*": "\N{MULTIPLICATION SIGN}"})


class Covering:
    """A source that has one document for every request."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def find(self, request: LessonRequest, attempt: Attempt) -> Material:
        return Material(article=self.document)


class Nothing:
    """A source that covers nothing."""

    def find(self, request: LessonRequest, attempt: Attempt) -> Material:
        raise Uncovered(f"There is no article on {request.topic}.")


def gatherer(source: Source | None = None) -> SourceChain:
    primer = PrimerSource(SetClock())
    return SourceChain(
        sources={
            "offline": lambda: source or Nothing(),
            "files": lambda: source or Nothing(),
            "primer": lambda: primer,
        },
        archive=lambda path: Nothing(),
        called={"offline": "The offline encyclopedia"},
        order=("offline",),
    )


def asked(subject: str, topic: str, **changes: Any) -> LessonRequest:
    return LessonRequest(subject=subject, topic=topic, writer="extractive", **changes)


def written(request: LessonRequest, attempt: PlainAttempt | None = None, **means: Any) -> Lesson:
    """What the generator makes of a request, with the extractive writer and nothing installed."""
    writer: Writer = means.get("writer") or ExtractiveWriter(None)
    generate = Generator(
        gather=gatherer(means.get("source")), writers={request.writer: lambda: writer}, body_text=lambda lesson: "text"
    )
    made = generate(request, attempt or PlainAttempt(seed=3))
    lesson = Lesson.model_validate_json(made.content)
    assert examine(lesson, made.texts).problems == ()
    return lesson


def document(title: str, text: str, **changes: Any) -> Document:
    parts = (Part(heading="", start=0, end=len(text)),)
    return Document(
        **{
            "title": title,
            "text": text,
            "language": "en",
            "url": None,
            "revision": "1",
            "retrieved": datetime(2026, 1, 31, tzinfo=UTC),
            "licence": "CC0",
            "attribution": title,
            "parts": parts,
            **changes,
        }
    )


def computed_questions(lesson: Lesson) -> list[Any]:
    return [question for question in lesson.questions if question.origin == "computed"]


# ---------------------------------------------------------------- a lesson on a skill


@pytest.mark.parametrize(("subject", "topic", "skill"), ALL_TOPICS, ids=[topic for _, topic, _ in ALL_TOPICS])
def test_a_skill_gives_a_lesson_of_the_primers_rules_and_computed_practice(
    subject: str, topic: str, skill: str
) -> None:
    lesson = written(asked(subject, topic))
    assert computed_questions(lesson) == lesson.questions
    assert len(lesson.questions) == 8
    shown = [
        each.text for section in lesson.sections for block in section.blocks for each in getattr(block, "sentences", [])
    ]
    quotes = {quote.text for source in lesson.sources for quote in source.quotes}
    assert quotes <= set(shown)
    assert all(question.id.startswith(skill) for question in computed_questions(lesson))
    kinds = [section.kind for section in lesson.sections]
    assert kinds.index("model") < len(kinds) - 1 - kinds[::-1].index("practice")
    examples = [block for section in lesson.sections for block in section.blocks if isinstance(block, Example)]
    assert len(examples) in (2, 3, 4)
    assert all(example.origin == "computed" and len(example.steps) >= 2 for example in examples)
    assert len(lesson.key_terms) >= 3
    asked_in = [b.question for section in lesson.sections for b in section.blocks if isinstance(b, Check)]
    assert sorted(asked_in) == sorted(question.id for question in lesson.questions)
    assert lesson.provenance.computed == sorted({question.by for question in computed_questions(lesson)})


def test_a_primers_rules_are_shown_whole_and_in_their_order() -> None:
    lesson = written(asked("english", "apostrophes"))
    shown = " ".join(
        each.text
        for section in lesson.sections
        for block in section.blocks
        if isinstance(block, Prose)
        for each in block.sentences
    )
    assert "tells whose something is. Possessive words have no apostrophe. The forms" in shown


def test_the_skill_itself_comes_before_a_part_of_it_that_the_topic_names_by_half() -> None:
    assert written(asked("math", "rounding decimals")).title == "Rounding: an introduction"


def test_each_skill_has_a_primer_that_bears_a_lesson_by_itself() -> None:
    assert {skill.name for skill in all_skills()} == {skill for _, _, skill in ALL_TOPICS}


@pytest.mark.parametrize(
    ("subject", "topic"),
    [
        ("math", "history of algebra"),
        ("latin", "verbs"),
        ("english", "verbs in Latin"),
        ("botany", "roots"),
        ("politics", "powers"),
        ("music", "mode"),
    ],
)
def test_what_is_no_skill_gets_no_practice_and_no_primer(subject: str, topic: str) -> None:
    request = asked(subject, topic)
    with pytest.raises(Uncovered, match="There is no article"):
        gatherer()(request, PlainAttempt())
    assert for_writer(request) == request
    found = gatherer(Covering(document(topic, f"{topic} is a word.")))(request, PlainAttempt())
    assert found.primer == ()
    assert list(materials(request, found)) == [found]


@pytest.mark.parametrize("count", [5, 6, 7, 9, 11, 12])
def test_a_lesson_of_a_primer_has_as_many_exercises_as_are_asked_for_and_no_question_on_its_text(count: int) -> None:
    lesson = written(asked("math", "fractions", questions=count))
    assert len(lesson.questions) == len(computed_questions(lesson)) == count


@pytest.mark.parametrize("minutes", [5, 6, 8, 20, 45, 240])
def test_the_minutes_of_a_skill_lesson_are_those_asked_for(minutes: int) -> None:
    lesson = written(asked("english", "plurals", minutes=minutes))
    assert lesson.minutes == sum(section.minutes for section in lesson.sections) == minutes


def test_right_options_are_spread_over_the_places_counting_both_kinds_of_question() -> None:
    for seed in range(12):
        lesson = written(asked("math", "percentages"), PlainAttempt(seed=seed))
        placed = Counter(
            each.options.index(each.answer)
            for each in lesson.questions
            if isinstance(each, Choice) and len(each.options) == 4
        )
        assert max(placed.values()) - min(placed[place] for place in range(4)) <= 2
        computed = [each for each in computed_questions(lesson) if isinstance(each, Choice)]
        assert all(each.answer in each.options for each in computed)


def test_the_same_seed_repeats_a_lesson_and_the_next_version_asks_nothing_computed_again() -> None:
    request = asked("math", "quadratic equations")
    first = written(request, PlainAttempt(seed=1))
    again = written(request, PlainAttempt(seed=1))
    assert first.questions == again.questions
    second = written(request, PlainAttempt(seed=2, earlier=[first]))
    keys = {key for question in first.questions for key in keys_of(question)}
    assert keys
    assert not keys & {key for question in second.questions for key in keys_of(question)}


def test_a_higher_grade_calculates_with_larger_numbers() -> None:
    def largest(level: str) -> int:
        lessons = [written(asked("math", "addition", level=level), PlainAttempt(seed=seed)) for seed in range(4)]
        stems = " ".join(each.term for lesson in lessons for each in computed_questions(lesson))
        return max(int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", stems))

    assert largest("grade-2") < 100 < largest("grade-4") < largest("grade-9")


# ---------------------------------------------------------------- where the words come from


def test_an_article_that_says_what_the_skill_is_leads_and_the_primer_stands_beside_it() -> None:
    text = "A common fraction is a number that stands for parts of a whole. Bakers count in fractions every day."
    lesson = written(asked("math", "fractions"), source=Covering(document("Common fraction", text)))
    assert lesson.article.attribution == "Common fraction"
    assert {source.attribution for source in lesson.sources[1:]} >= {"lessongen, “Numerator”, primer"}


def test_a_lead_gives_way_to_the_primers_own_entry_of_that_name_which_explains_more() -> None:
    text = "The Pythagorean theorem is a fundamental relation in geometry. It is named after Pythagoras."
    request = asked("math", "pythagorean theorem")
    lesson = written(request, source=Covering(document("Pythagorean theorem", text)))
    assert lesson.article.attribution == "lessongen, “Pythagorean theorem”, primer"
    assert "a² + b² = c²" in lesson.model_dump_json()
    assert "Pythagorean theorem" not in {source.attribution for source in lesson.sources}


def test_an_article_with_a_hole_for_its_first_sentence_gives_way_to_the_primer() -> None:
    text = "In algebra, a quadratic equation is any equation of the form . The numbers a, b and c are its coefficients."
    found = gatherer(Covering(document("Quadratic equation", text)))(
        asked("math", "quadratic equations"), PlainAttempt()
    )
    lesson = written(asked("math", "quadratic equations"), source=Covering(found.article))
    assert lesson.article.attribution == "lessongen, “Quadratic equation”, primer"


def test_a_text_of_the_users_own_leads_and_gets_the_primer_only_where_it_is_too_thin(tmp_path: Path) -> None:
    thin = document("Fractions at the bakery", "A fraction is a part of a loaf. The baker sells halves and quarters.")
    request = asked("math", "fractions", sources=("bakery.txt",))
    material = gatherer(Covering(thin))(request, PlainAttempt())
    first, second = materials(request, material)
    assert first.others == ()
    assert [each.title for each in second.others][:1] == ["Fraction"]
    assert first.article == second.article == thin


def test_a_whole_article_needs_no_primer_beside_it() -> None:
    text = "A fraction is a part of a whole.\nHistory\nFractions are old."
    parts = (Part(heading="", start=0, end=33), Part(heading="History", start=33, end=len(text)))
    request = asked("math", "fractions")
    material = gatherer(Covering(document("Fractions", text, parts=parts)))(request, PlainAttempt())
    assert next(materials(request, material)).others == ()


class Refusing:
    """A writer for which nothing is ever enough."""

    name = "extractive"
    languages = frozenset({"en"})
    writes_freely = False

    def __init__(self) -> None:
        self.tried: list[str] = []

    def write(self, request: LessonRequest, material: Material, attempt: Attempt, *, judge: str = "rules") -> Draft:
        self.tried.append(material.article.attribution)
        raise TooThin(f"{material.article.title} is too thin.")

    def repair(
        self, draft: Draft, problems: Any, request: LessonRequest, material: Material, attempt: Attempt
    ) -> Draft | None:
        return None


def test_where_even_the_primer_is_too_thin_the_first_refusal_is_told() -> None:
    writer = Refusing()
    text = "A percentage is a part of a hundred."
    with pytest.raises(TooThin, match="Per cent is too thin"):
        written(asked("math", "percentages"), writer=writer, source=Covering(document("Per cent", text)))
    assert writer.tried == ["Per cent", "lessongen, “Percentage”, primer"]


def test_the_model_writers_lesson_gets_computed_practice_too_and_no_model_is_asked_for_it() -> None:
    with ScriptedModel(good_model.answer) as server:
        lesson = written(
            dataclasses.replace(asked("math", "linear equations"), writer="openai"), writer=writer_for(server)
        )
        prompts = "\n".join(str(message["content"]) for request in server.calls for message in request["messages"])
    assert lesson.provenance.writer == "openai"
    assert 1 <= len(computed_questions(lesson)) <= 6
    assert {question.origin for question in lesson.questions} > {"computed"}
    assert not any(question.term in prompts for question in computed_questions(lesson))


MEANS = "The mean of some numbers is their sum divided by how many they are. A sample has a mean."


def at_home(text: str, *, title: str = "The mean", questions: int | None = None) -> tuple[Lesson, Lesson]:
    """A model's lesson that says this, before and after practice is put into it."""
    topic = "arithmetic mean"
    before = paper([], prose=[text], title=title)
    goals = [each.model_copy(update={"bloom": "apply"}) for each in before.objectives[:1]]
    before = before.model_copy(
        update={"kind": "lesson", "topic": topic, "subject": "mathematics", "questions": [], "objectives": goals}
    )
    asked_for = dataclasses.replace(
        asked("mathematics", topic), writer="openai", minutes=40, questions=questions, level="grade-7"
    )
    return before, with_practice(Draft(lesson=before, texts={}), asked_for, PlainAttempt(seed=16)).lesson


def test_practice_beside_a_models_lesson_is_homework_that_asks_what_was_taught() -> None:
    before, after = at_home(MEANS)
    computed = computed_questions(after)
    assert 1 <= len(computed) <= 4
    assert {each.role for each in computed} == {"homework"}
    assert after.sections == before.sections, "no minute of the lesson goes to it"
    assert after.objectives == before.objectives
    assert not any("fifth" in each.stem for each in computed), "no missing number was ever worked out"
    assert all(each.options in (in_sequence(each.options), (in_sequence(each.options) or [])[::-1])
               for each in computed if isinstance(each, Choice))  # fmt: skip


def test_a_models_lesson_that_teaches_other_words_gets_no_homework() -> None:
    before, after = at_home("The total of a list is what all its numbers make together.", title="The total")
    assert after == before


def test_homework_is_counted_among_the_questions_that_were_asked_for() -> None:
    _, after = at_home(MEANS, questions=1)
    assert len(after.questions) == 1


# ---------------------------------------------------------------- what it says of itself


def test_cite_shows_the_reasoning_of_a_computed_claim_in_place_of_a_quote() -> None:
    lesson = written(asked("math", "percentages"))
    claims = cites(lesson)
    computed = [claim for claim in claims if claim["origin"] == "computed" and claim["where"][0].startswith("question")]
    assert len(computed) == 8
    assert all(claim["reasoning"] and not claim["quotes"] for claim in computed)
    assert all(claim["by"] == "lessongen.computed.percentages" for claim in computed)
    examples = [claim for claim in claims if claim["origin"] == "computed" and len(claim["reasoning"]) >= 2]
    assert len(examples) in (2, 3, 4)
    assert all(claim["reasoning"] == [] and claim["quotes"] for claim in claims if claim["origin"] == "quoted")


@pytest.mark.parametrize("export", [md.export, html.export], ids=["md", "html"])
def test_an_export_says_what_is_computed_and_what_computed_it(export: Any) -> None:
    lesson = written(asked("math", "percentages"))
    teacher = without_own_script(export(Order(lesson, "teacher")).decode())
    student = export(Order(lesson, "student")).decode()
    for text in (teacher, student):
        assert "practice computed by lessongen.computed.percentages" in text
    examples = teacher.count("Answer:")
    # Each example once, the prose once, each of eight keys once.
    signs = re.findall(r"\bcomputed\b", teacher.replace("practice computed by lessongen.computed.percentages", ""))
    assert len(signs) == examples + 1 + 8


def test_the_student_edition_of_a_skill_lesson_holds_no_key() -> None:
    view = student_view(written(asked("math", "linear equations")))
    assert all(set(each) <= FOR_STUDENTS for each in view["questions"])


# ---------------------------------------------------------------- the gate works the keys out again


@cache
def _number_lessons() -> list[Lesson]:
    return [written(asked(subject, topic)) for subject, topic, _ in TOPICS if subject == "math"]


def test_the_gate_reads_most_questions_about_numbers() -> None:
    total = Counter[bool]()
    for lesson in _number_lessons():
        reading = Reading(lesson, {})
        total.update(is_read(reading, question) for question in computed_questions(lesson))
    assert total[True] / total.total() >= 0.7


def test_the_gate_refuses_a_forged_key_of_each_kind() -> None:
    refused = Counter[str]()
    for lesson in _number_lessons():
        for place, question in enumerate(lesson.questions):
            forged = _forged(question) if question.origin == "computed" else None
            if forged is None or not is_read(Reading(lesson, {}), question):
                continue
            questions = [*lesson.questions[:place], forged, *lesson.questions[place + 1 :]]
            report = examine(lesson.model_copy(update={"questions": questions}), {})
            assert "computed-key-agrees" in {problem.rule for problem in report.problems}, forged
            refused[question.kind] += 1
    assert set(refused) == {"choice", "short", "cloze", "match", "order"}


def _forged(question: Any) -> Any:
    """The question with a key that is wrong."""
    if question.kind == "choice":
        return question.model_copy(update={"answer": next(o for o in question.options if o != question.answer)})
    if question.kind in ("match", "order"):
        return question.model_copy(update={"answer": [question.answer[1], question.answer[0], *question.answer[2:]]})
    changed = re.sub(r"\d", lambda digit: str(int(digit[0]) % 9 + 1), question.answer, count=1)
    return question.model_copy(update={"answer": changed}) if changed != question.answer else None


def test_a_writer_whose_practice_fails_the_gate_is_not_saved() -> None:
    class Forging(ExtractiveWriter):
        def repair(
            self, draft: Draft, problems: Any, request: LessonRequest, material: Material, attempt: Attempt
        ) -> Draft | None:
            assert all(isinstance(problem, Problem) for problem in problems)
            return None

        def write(self, request: LessonRequest, material: Material, attempt: Attempt, *, judge: str = "rules") -> Draft:
            draft = super().write(request, material, attempt)
            return dataclasses.replace(draft, lesson=draft.lesson.model_copy(update={"minutes": 3}))

    with pytest.raises(CheckFailed, match="minutes-add-up"):
        written(asked("math", "fractions"), writer=Forging(None))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,500 + 1", "12501"),
        ("3/4 + 1/6", "11/12"),
        ("1 3/4 - 1/2", "5/4"),
        ("2 + 12 ÷ 6 * 7", "16"),
        ("(3³)⁴", "531441"),
        ("8⁻¹", "1/8"),
        ("√144 + 2", "14"),
        ("25%", "1/4"),
        ("(-3)²", "9"),
        ("-3 + 5", "2"),
        ("0.75", "3/4"),
    ],
)
def test_printed_arithmetic_is_worth_what_it_says(text: str, value: str) -> None:
    assert str(worth(text.translate(PRINTED))) == value


@pytest.mark.parametrize("text", ["", "x + 1", "2 +", "1/0", "__import__('os')", "9⁹⁹⁹", "√2", "two", "4 cm"])
def test_what_is_no_arithmetic_is_worth_nothing(text: str) -> None:
    assert worth(text) is None


@pytest.mark.parametrize(
    ("equation", "solution", "is_right"),
    [
        ("2x + 3 = 11", "x = 4", True),
        ("2x + 3 = 11", "x = 5", False),
        ("x² - 9 = 0", "x = -3 or x = 3", True),
        ("x² - 9 = 0", "x = 3", False),
        ("x² - 9 = 0", "x = 3 or x = 3", False),
        ("2(x - 6) + 1 = -3x", "x = 11/5", True),
        ("x³ = 8", "x = 2", None),
        ("x² = 9", "3", None),
    ],
)
def test_a_solution_is_put_into_its_equation(equation: str, solution: str, is_right: bool | None) -> None:
    assert is_solved(equation.translate(PRINTED), solution.translate(PRINTED)) is is_right


def test_practice_of_a_language_without_rules_is_none() -> None:
    request = asked("math", "fractions", language="de")
    lesson = written(asked("math", "fractions"))
    draft = Draft(lesson=lesson, texts={})
    assert with_practice(draft, request, PlainAttempt()) is draft


# ---------------------------------------------------------------- kept parts


def made_again(request: LessonRequest, old: Lesson, locks: set[str]) -> Lesson:
    """The next version of a lesson of which parts are locked; the gate has passed it, and what is locked is in it."""
    primer = PrimerSource(SetClock()).find(request, PlainAttempt(seed=1))
    texts = {sha256(each.text): each.text for each in (primer.article, *primer.others)}
    stored = Stored(number=1, draft=Draft(lesson=old, texts=texts), locks=frozenset(locks))
    new = written(request, PlainAttempt(seed=11, earlier=[old], stored=stored))
    before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
    for key in kept_keys(old, locks) - {"quiz"}:
        kind, _, name = key.partition(":")
        if name:
            assert next(each for each in before[f"{kind}s"] if each["id"] == name) in after[f"{kind}s"], key
        else:
            assert before[key.replace("-", "_")] == after[key.replace("-", "_")], key
    return new


@pytest.mark.parametrize("topic", ["area of a circle", "map scale"])
def test_any_part_of_a_lesson_on_a_skill_can_be_kept_in_its_next_version(topic: str) -> None:
    request = asked("math", topic)
    old = written(request)
    for part in parts_of(old):
        if part.name in ("objectives", "key-terms", "q5") or part.is_section:
            made_again(request, old, {part.key})


def test_a_kept_part_of_a_skills_practice_takes_the_place_of_its_like_and_of_nothing_else() -> None:
    request = asked("math", "percentages")
    old = written(request)
    kinds = [section.kind for section in old.sections]
    computed = sum(question.origin == "computed" for question in old.questions)
    for key in ("section:percentages-model", "section:percentages-practice", "question:percentages-2"):
        new = made_again(request, old, {key})
        assert [section.kind for section in new.sections] == kinds, key
        assert sum(question.origin == "computed" for question in new.questions) == computed, key


def test_a_variant_of_a_lesson_on_a_skill_keeps_its_parts_too() -> None:
    request = asked("math", "percentages", variant="support")
    old = written(request)
    made_again(request, old, {"section:percentages-practice", "objectives"})
