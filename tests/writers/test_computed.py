"""Computed practice: keys that two computations agree on, exercises that stay fresh, parts that a lesson can hold."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessongen.check.forms import BLOOM_VERBS
from lessongen.check.gate import examine
from lessongen.lesson.drawings.base import Drawing
from lessongen.lesson.edition import student_view
from lessongen.lesson.model import Lesson, Question
from lessongen.lesson.questions.choice import Choice
from lessongen.lesson.questions.match import Match
from lessongen.lesson.questions.order import Order
from lessongen.lesson.questions.short import Short
from lessongen.system.levels import grade_of
from lessongen.writers.computed import Practice, keys_of, modules_for, sections
from lessongen.writers.computed.conjugation import ALL_TENSES, all_verbs, conjugated, is_form, stands_for
from lessongen.writers.computed.exercise import Disagreement, Task, Worked, confirm
from lessongen.writers.computed.expressions import false_equalities, value_of
from lessongen.writers.computed.irregular_verbs import forms_by_pattern, irregular_verbs
from lessongen.writers.computed.kinds import choice, cloze, match, order, short
from lessongen.writers.computed.registry import all_skills
from lessongen.writers.computed.skill import Draw, Form, Skill
from lessongen.writers.computed.spelling import changed_part, with_ed, with_er, with_ing, with_s
from lessongen.writers.computed.topics import Scope
from lessongen.writers.computed.writing import MINUS, TIMES, fraction, number, polynomial
from tests.lessons import FOR_STUDENTS, lesson, texts

LEVELS = ("grade-1", "grade-4", "grade-7", "grade-12", "A1", "B1", "C2", "general")
NAMES = [skill.name for skill in all_skills()]
by_name = {skill.name: skill for skill in all_skills()}
every_skill = pytest.mark.parametrize("name", NAMES)


def practised(
    name: str, seed: int = 1, level: str = "general", questions: int = 8, used: Sequence[str] = ()
) -> Practice:
    return by_name[name].practice(random.Random(seed), level=level, questions=questions, used=used)


def merged(practice: Practice) -> Lesson:
    """The valid lesson of the tests with the practice added to it."""
    own = lesson()
    added = sections(practice)
    return lesson(
        objectives=[each.model_dump() for each in (*own.objectives, *practice.objectives)],
        sections=[each.model_dump() for each in (*own.sections, *added)],
        questions=[each.model_dump() for each in (*own.questions, *practice.questions)],
        minutes=own.minutes + sum(section.minutes for section in added),
    )


# ---------------------------------------------------------------- parts of a lesson


@every_skill
@pytest.mark.parametrize("level", LEVELS)
def test_computed_parts_pass_the_quality_gate_inside_a_lesson(name: str, level: str) -> None:
    for seed in range(3):
        practice = practised(name, seed, level, questions=6)
        assert len(practice.questions) == 6
        assert examine(merged(practice), texts()).problems == ()


@every_skill
def test_everything_computed_says_what_computed_it(name: str) -> None:
    practice = practised(name)
    by = f"lessongen.computed.{by_name[name].by.rpartition('.')[2]}"
    steps = [step for example in practice.examples for step in example.steps]
    told = [sentence for block in practice.prose for sentence in block.sentences]
    signed = [*steps, *told, *(each.feedback for each in practice.questions)]
    assert {(each.origin, each.by) for each in signed} == {("computed", by)}
    assert {(each.origin, each.by) for each in practice.examples} == {("computed", by)}
    assert {(each.origin, each.by) for each in practice.questions} == {("computed", by)}


@every_skill
def test_a_practice_has_a_few_worked_examples_with_steps_and_none_is_asked_again(name: str) -> None:
    for level in LEVELS:
        practice = practised(name, level=level)
        assert len(practice.examples) in (2, 3, 4)
        assert all(len(example.steps) >= 2 for example in practice.examples)
        shown = {(each.problem, _seen(each.drawing)) for each in practice.examples}
        assert not shown & {(each.stem, _seen(each.drawing)) for each in practice.questions}


def _seen(drawing: Drawing | None) -> str:
    return drawing.alternative if drawing else ""


@every_skill
def test_the_student_edition_of_a_lesson_with_practice_holds_no_key(name: str) -> None:
    lesson = merged(practised(name, questions=6))
    content = lesson.model_dump(mode="json")
    bare = student_view(lesson)["questions"]
    assert all(set(each) <= FOR_STUDENTS for each in bare)
    for shown in bare:
        whole = next(each for each in content["questions"] if each["stem"] == shown["stem"])
        if shown["kind"] == "order":
            assert shown["items"] != [whole["items"][place] for place in whole["answer"]]
        if shown["kind"] == "match" and whole["origin"] == "computed":
            assert shown["right"] != [whole["right"][place] for place in whole["answer"]]


def test_sections_share_out_the_minutes_that_they_are_given() -> None:
    practice = practised("fractions", questions=5)
    model, exercises = sections(practice, minutes=17)
    assert (model.kind, exercises.kind) == ("model", "practice")
    assert model.minutes + exercises.minutes == 17
    assert [block.kind for block in exercises.blocks] == ["check"] * 5
    assert len(sections(practice, asked=["fractions-1"])[1].blocks) == 1
    with pytest.raises(ValueError, match="2 minutes"):
        sections(practice, minutes=1)


# ---------------------------------------------------------------- fresh, varied, balanced


@every_skill
def test_the_same_seed_gives_the_same_practice_and_another_gives_another(name: str) -> None:
    assert practised(name, 5) == practised(name, 5)
    assert practised(name, 5).questions != practised(name, 6).questions


@every_skill
def test_exercises_of_earlier_versions_do_not_come_again_while_others_are_left(name: str) -> None:
    used: set[str] = set()
    for seed in range(4):
        practice = practised(name, seed, questions=6, used=sorted(used))
        keys = [key for question in practice.questions for key in keys_of(question)]
        assert not used.intersection(keys)
        assert len(set(keys)) == len(keys)
        used.update(keys)


def test_where_all_exercises_are_used_up_they_come_again() -> None:
    every_plural = [f"lessongen.computed.plurals: plural of {noun}" for noun in ("box", "sheep")]
    skill = replace(by_name["plurals"], forms=(Form(draw=_plural_of_two_nouns),))
    found = skill.practice(random.Random(1), level="general", questions=2, used=every_plural)
    assert len(found.questions) == 2


def _plural_of_two_nouns(rng: random.Random, grade: int) -> Task:
    noun, plural = rng.choice((("box", "boxes"), ("sheep", "sheep")))
    return Task(
        term=f"plural of {noun}",
        ask=f"What is the plural of “{noun}”?",
        answer=plural,
        wrong=(),
        why=(f"It is “{plural}”.",),
        holds=lambda text: text == plural,
        kinds=("short",),
    )


@every_skill
def test_a_key_can_be_read_off_a_stored_question(name: str) -> None:
    for question in practised(name).questions:
        stored = type(question).model_validate_json(question.model_dump_json())
        assert keys_of(stored) == keys_of(question) != frozenset()
        items = (
            len(question.left)
            if isinstance(question, Match)
            else len(question.items)
            if isinstance(question, Order)
            else 1
        )
        assert len(keys_of(question)) == items


@every_skill
def test_kinds_vary_and_right_options_are_spread_over_the_places(name: str) -> None:
    kinds: Counter[str] = Counter()
    for seed in range(10):
        questions = practised(name, seed, questions=10).questions
        kinds.update(each.kind for each in questions)
        choices = [each for each in questions if isinstance(each, Choice) and len(each.options) == 4]
        places = Counter({place: 0 for place in range(4)})
        places.update(each.options.index(each.answer) for each in choices)
        if len(choices) == sum(isinstance(each, Choice) for each in questions):
            assert max(places.values()) - min(places.values()) <= 1
    assert len(kinds) >= 3
    assert kinds["choice"] >= 10


@every_skill
def test_the_right_option_is_seldom_clearly_the_longest(name: str) -> None:
    choices = [each for seed in range(30) for each in practised(name, seed).questions if isinstance(each, Choice)]
    longest = [
        each
        for each in choices
        if all(len(each.answer) > len(option) for option in each.options if option != each.answer)
    ]
    assert len(longest) <= 0.35 * len(choices)


def test_a_grade_and_a_step_of_the_cefr_make_numbers_larger_and_verbs_rarer() -> None:
    def largest(level: str) -> int:
        stems = [each.stem for seed in range(5) for each in practised("arithmetic", seed, level).questions]
        return max(
            int(word) for stem in stems for word in stem.replace(",", "").rstrip(".?").split() if word.isdecimal()
        )

    assert largest("grade-1") < 30 < largest("grade-3") < 1_000 < largest("grade-8")
    asked = {each.stem for seed in range(5) for each in practised("english-verbs", seed, "A1").questions}
    assert not any("perfect" in stem for stem in asked)
    assert [grade_of(level) for level in ("grade-3", "Grade 5", "A1", "c2", "general", "nonsense")] == [
        3,
        5,
        2,
        12,
        7,
        7,
    ]


# ---------------------------------------------------------------- two computations


@every_skill
@settings(max_examples=15)
@given(seed=st.integers(0, 10**9), level=st.sampled_from(LEVELS))
def test_two_computations_agree_on_every_key(name: str, seed: int, level: str) -> None:
    practice = practised(name, seed, level)  # raises `Disagreement` where they don't
    shown = [step.text for example in practice.examples for step in example.steps]
    shown += [question.feedback.text for question in practice.questions]
    assert [untrue for text in shown for untrue in false_equalities(text)] == []


@every_skill
def test_a_wrong_key_of_any_form_is_caught_by_the_second_computation(name: str) -> None:
    skill = by_name[name]
    for form in skill.forms:
        task = _drawn(form)
        swapped = replace(task, answer=task.wrong[0] if task.wrong else f"{task.answer}1", wrong=(task.answer,))
        with pytest.raises((Disagreement, ValueError)):
            confirm(short(swapped))


@every_skill
def test_what_is_to_be_worked_out_is_never_left_to_a_guess_between_true_and_false(name: str) -> None:
    skill = by_name[name]
    assert not any("true_false" in _drawn(form).kinds for form in skill.forms)


@pytest.mark.parametrize("name", [skill.name for skill in all_skills() if skill.aims])
def test_a_practice_promises_what_it_asks_and_nothing_else(name: str) -> None:
    skill = by_name[name]
    assert {form.group for form in skill.forms} == set(skill.aims)
    for group in skill.aims:
        text = replace(skill, groups=frozenset({group})).practice(
            random.Random(1), level="grade-9", questions=2, used=()
        ).objectives[0].text  # fmt: skip
        assert text == f"{skill.aims[group][0].upper()}{skill.aims[group][1:]}."
        assert text.split()[0].lower() in BLOOM_VERBS["apply"]


def test_a_match_that_is_told_by_how_its_entries_begin_is_not_made() -> None:
    def task(left: str, right: str) -> Task:
        return Task(
            term=left, ask=left, answer=right, wrong=(), why=(), holds=lambda text: text == right, label=left
        )  # fmt: skip

    told = [task("89.46 to a tenth", "89.5"), task("30.12 to a tenth", "30.1"), task("13.08", "13.1"), task("7.7", "8")]
    fair = [task("eighty", "80"), task("thirty", "30"), task("thirteen", "13"), task("eight", "8")]
    assert match(told, random.Random(1)) is None
    assert match(fair, random.Random(1)) is not None


def test_a_match_whose_larger_numbers_always_go_together_is_not_made() -> None:
    def task(left: int, right: int) -> Task:
        return Task(
            term=str(left), ask=str(left), answer=str(right), wrong=(), why=(), holds=lambda text: text == str(right),
            label=f"{left} bits",
        )  # fmt: skip

    told = [task(5, 32), task(6, 64), task(8, 256), task(7, 128)]
    fair = [task(5, 64), task(6, 32), task(8, 256), task(7, 128)]
    assert match(told, random.Random(1)) is None
    assert match(fair, random.Random(1)) is not None


@pytest.mark.parametrize("name", ["pythagoras", "binary-numbers", "mean-speed", "percentages"])
def test_no_exercise_has_the_numbers_of_an_example_or_of_another(name: str) -> None:
    def numbers(*texts: str) -> frozenset[str]:
        return frozenset(re.findall(r"\d+(?:[.,]\d+)*", " ".join(texts)))

    for seed in range(4):
        practice = practised(name, seed, "grade-8")
        shown = [numbers(each.problem, each.answer) for each in practice.examples]
        for question in practice.questions:
            if isinstance(question, Match):
                partners = [question.right[place] for place in question.answer]
                shown += [numbers(*pair) for pair in zip(question.left, partners, strict=True)]
            elif isinstance(question, Choice | Short):
                shown.append(numbers(question.stem, question.answer))
        told = [each for each in shown if len(each) > 1]
        assert len(told) == len(set(told)), name


def test_the_sides_of_a_right_triangle_are_not_the_ones_that_are_seen_most_often() -> None:
    for seed in range(20):
        task = by_name["pythagoras"].forms[3].draw(random.Random(seed), 9)
        if task is None or not task.wrong:
            continue
        sides = [each.removesuffix(" cm").split(", ") for each in (task.answer, *task.wrong)]
        counted = Counter(side for one, other, _ in sides for side in (one, other))
        assert set(counted.values()) == {2}


def test_each_column_of_a_binary_sum_that_carries_is_told_and_no_other() -> None:
    add = next(form for form in by_name["binary-numbers"].forms if form.group == "add")
    for seed in range(20):
        task = add.draw(random.Random(seed), 9)
        if task is None:
            continue
        one, _, other = task.term.partition(" plus ")
        told = [step for step in task.why if " column: " in step]
        first, second = int(one, 2), int(other, 2)
        carried = first + second ^ first ^ second  # a bit for each place that a carry came into
        assert len(told) == carried.bit_count()


@every_skill
def test_a_skill_that_computes_wrongly_gives_no_practice(name: str) -> None:
    skill = by_name[name]
    broken = replace(skill, forms=[Form(draw=_miscalculating(form), group=form.group) for form in skill.forms])
    with pytest.raises(Disagreement):
        broken.practice(random.Random(3), level="general", questions=8, used=())


def test_a_worked_example_with_a_false_answer_or_a_false_step_is_caught() -> None:
    good = Worked(
        term="2 + 3", problem="Work out 2 + 3.", steps=("2 + 3 = 5.",), answer="5", holds=lambda text: text == "5"
    )
    confirm(good)
    for broken in (replace(good, answer="6"), replace(good, steps=("2 + 3 = 6.",))):
        with pytest.raises(Disagreement):
            confirm(broken)
    (first, *_) = by_name["fractions"].forms
    skill = replace(by_name["fractions"], forms=(replace(first, show=lambda rng, grade: replace(good, answer="6")),))
    with pytest.raises(Disagreement):
        skill.practice(random.Random(1), level="general", questions=1, used=())


def _drawn(form: Form) -> Task:
    rng = random.Random(7)
    drawn = (form.draw(rng, min(max(form.lowest, 7), form.highest)) for _ in range(400))
    return next(task for task in drawn if task is not None)


def _miscalculating(form: Form) -> Draw:
    def draw(rng: random.Random, grade: int) -> Task | None:
        task = form.draw(rng, grade)
        if task is None or not task.wrong or task.kinds == ("order",):
            return task
        return replace(task, answer=task.wrong[0], wrong=(task.answer, *task.wrong[1:]), kinds=("short",))

    return draw


# ---------------------------------------------------------------- kinds


def _sum(first: int, second: int) -> Task:
    shown = f"{first} + {second}"
    return Task(
        term=shown,
        ask=f"What is {shown}?",
        answer=str(first + second),
        wrong=(str(first + second + 1), f"{MINUS}{first + second}", str(first * second + 100), str(first)),
        why=(f"{shown} = {first + second}.",),
        holds=lambda text: value_of(text) == value_of(shown),
        label=shown,
        says=f"{shown} = {{}}",
        size=value_of,
    )


def test_each_kind_is_confirmed_and_its_broken_twin_is_not() -> None:
    rng = random.Random(2)
    tasks = [_sum(20, 3), _sum(9, 8), _sum(40, 2), _sum(5, 6)]
    matched, ordered = match(tasks, rng), order(tasks, "Put these in order.")
    filled, chosen = cloze(tasks[0]), choice(tasks[0])
    assert matched is not None
    assert ordered is not None
    assert filled is not None
    assert chosen is not None
    for exercise in (matched, ordered, filled, chosen, short(tasks[0])):
        confirm(exercise)
    assert ordered.items == ("5 + 6", "9 + 8", "20 + 3", "40 + 2")
    (one, first), (other, second), *rest = matched.pairs
    for broken in (
        replace(matched, pairs=((one, second), (other, first), *rest)),
        replace(ordered, items=ordered.items[::-1]),
        replace(filled, answer="24"),
        replace(chosen, answer="24"),
        replace(chosen, wrong=(*chosen.wrong, "20 + 3")),
        replace(filled, why=("20 + 3 = 24.",)),
    ):
        with pytest.raises(Disagreement):
            confirm(broken)


def test_a_slip_in_the_sign_alone_is_offered_as_a_wrong_option() -> None:
    chosen = choice(_sum(20, 3))
    assert chosen is not None
    assert f"{MINUS}23" in chosen.wrong


def test_order_is_not_asked_where_the_alphabet_gives_it_away() -> None:
    assert order([_sum(1, 2), _sum(2, 3), _sum(3, 4)], "Put these in order.") is None


def test_a_match_whose_answers_fit_two_tasks_is_not_asked() -> None:
    assert match([_sum(1, 2), _sum(2, 1), _sum(3, 4)], random.Random(1)) is None


# ---------------------------------------------------------------- expressions


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 + 3 × 4", 14),  # noqa: RUF001
        ("(2 + 3) × 4", 20),  # noqa: RUF001
        ("24 ÷ 4 ÷ 2", 3),
        ("10 − 4 − 3", 3),  # noqa: RUF001
        ("−3²", -9),  # noqa: RUF001
        ("(−3)²", 9),  # noqa: RUF001
        ("2⁻³", Fraction(1, 8)),
        ("1/2 ÷ 3/4", Fraction(2, 3)),
        ("1 3/4 + 1/4", 2),
        ("12,500 × 20%", 2_500),  # noqa: RUF001
        ("√49 + 0.25", Fraction(29, 4)),
        ("3x − 2(x + 1)", 3),  # noqa: RUF001
    ],
)
def test_an_expression_comes_to_its_value(text: str, value: Fraction | int) -> None:
    assert value_of(text, {"x": Fraction(5)}) == value


@pytest.mark.parametrize("text", ["", "3 +", "(2", "2)", "4 ? 5", "√2", "y", "3 = 3"])
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        value_of(text)


def test_false_equalities_are_found_and_true_ones_are_not() -> None:
    assert false_equalities("So 3 + 4 = 7, and 7 × 2 = 14 = 28 ÷ 2.") == []  # noqa: RUF001
    assert false_equalities("So 3 + 4 = 8.") == ["3 + 4 = 8."]
    assert false_equalities("12 = 3x and x = 4, which is 2 cm = 20 mm.") == []


@given(st.fractions(min_value=-10_000, max_value=10_000, max_denominator=400))
def test_written_numbers_are_read_back(value: Fraction) -> None:
    assert value_of(number(value)) == value
    assert value_of(fraction(value)) == value


@given(st.lists(st.integers(-9, 9), min_size=2, max_size=3), st.integers(-9, 9))
def test_written_polynomials_are_read_back(coefficients: list[int], x: int) -> None:
    expected = sum(each * x**place for place, each in enumerate(reversed(coefficients)))
    assert value_of(polynomial(coefficients), {"x": Fraction(x)}) == expected


def test_signs_are_the_ones_that_are_printed() -> None:
    assert number(-12_500) == f"{MINUS}12,500"
    assert value_of(f"2 {TIMES} {MINUS}3") == -6


# ---------------------------------------------------------------- English


def test_the_table_of_irregular_verbs_agrees_with_their_patterns() -> None:
    verbs = irregular_verbs()
    assert len(verbs) >= 140
    assert {base: forms_by_pattern(base) for base in verbs} == {
        base: (verb.past, verb.participle) for base, verb in verbs.items()
    }


def test_every_form_of_every_verb_is_read_back_as_its_tense() -> None:
    for verb in all_verbs().values():
        for tense in ALL_TENSES.values():
            for person in ("I", "you", "she", "they"):
                assert tense.name in stands_for(conjugated(verb, tense, person), verb.base, person)


@pytest.mark.parametrize(
    ("text", "verb", "person"),
    [
        ("goed", "go", "she"),
        ("has went", "go", "she"),
        ("have gone", "go", "she"),
        ("is stoping", "stop", "she"),
        ("carrys", "carry", "she"),
        ("gos", "go", "she"),
        ("am walking", "walk", "they"),
        ("will walks", "walk", "she"),
        ("stoped", "stop", "I"),
    ],
)
def test_a_form_that_learners_get_wrong_stands_for_no_tense(text: str, verb: str, person: str) -> None:
    assert stands_for(text, verb, person) == frozenset()


def test_endings_are_spelled_as_they_should_be() -> None:
    assert [with_s(word) for word in ("watch", "carry", "play", "go", "have", "box")] == [
        "watches", "carries", "plays", "goes", "has", "boxes",
    ]  # fmt: skip
    assert [with_ed(word) for word in ("walk", "dance", "try", "stop", "play")] == [
        "walked", "danced", "tried", "stopped", "played",
    ]  # fmt: skip
    assert [with_ing(word) for word in ("lie", "see", "write", "run", "begin", "open")] == [
        "lying", "seeing", "writing", "running", "beginning", "opening",
    ]  # fmt: skip
    assert [with_er(word) for word in ("tall", "nice", "happy", "big")] == ["taller", "nicer", "happier", "bigger"]
    assert changed_part(("sing", "sang", "sung")) == ("i", "a", "u")
    assert is_form("read", "read", "past")


# ---------------------------------------------------------------- topics


@pytest.mark.parametrize(
    ("subject", "topic", "names"),
    [
        ("mathematics", "fractions", ["fractions"]),
        ("Maths", "How to add fractions with unlike denominators", ["fractions"]),
        ("mathematics", "Fraction (mathematics)", ["fractions"]),
        ("mathematics", "fractions and percentages", ["fractions", "percentages"]),
        ("grade 5 maths", "Arithmetic", ["arithmetic"]),
        ("math", "long division", ["arithmetic"]),
        ("physics", "quadratic equations", ["quadratic-equations"]),
        ("algebra", "simple linear equations", ["linear-equations"]),
        ("mathematics", "powers and roots", ["powers"]),
        ("mathematics", "greatest common divisor", ["primes"]),
        ("mathematics", "areas and volumes", ["shapes"]),
        ("science", "unit conversion", ["units"]),
        ("statistics", "mean, median and mode", ["samples"]),
        ("mathematics", "arithmetic mean", ["samples"]),
        ("mathematics", "ratio and proportion", ["ratios"]),
        ("english", "verbs", ["english-verbs"]),
        ("grammar", "English verbs", ["english-verbs"]),
        ("english", "present perfect", ["english-verbs"]),
        ("english", "irregular verbs", ["irregular-verbs"]),
        ("English", "irregular plurals", ["plurals"]),
        ("english", "comparatives and superlatives", ["comparison"]),
    ],
)
def test_a_topic_that_is_a_skill_is_served(subject: str, topic: str, names: list[str]) -> None:
    assert sorted(module.name for module in modules_for(subject, topic)) == names


@pytest.mark.parametrize(
    ("subject", "topic"),
    [
        ("mathematics", "history of algebra"),
        ("mathematics", "history of fractions"),
        ("mathematics", "continued fractions"),
        ("mathematics", "partial fractions"),
        ("mathematics", "differential equations"),
        ("mathematics", "prime ideals"),
        ("mathematics", "modular arithmetic"),
        ("mathematics", "golden ratio"),
        ("mathematics", "algebra"),
        ("mathematics", ""),
        ("mathematics", "Fraction (politics)"),
        ("politics", "Fraction (politics)"),
        ("politics", "powers"),
        ("chemistry", "fractions"),
        ("botany", "roots"),
        ("biology", "cell division"),
        ("music", "mode"),
        ("latin", "verbs"),
        ("english", "verbs in Latin"),
        ("english", "phrasal verbs"),
        ("german", "irregular plurals"),
        ("history", "percentages"),
    ],
)
def test_a_topic_that_only_sounds_like_a_skill_is_not_served(subject: str, topic: str) -> None:
    assert modules_for(subject, topic) == ()


def test_a_narrower_topic_gets_its_own_exercises_alone() -> None:
    def stems(topic: str) -> list[str]:
        (module,) = modules_for("mathematics", topic)
        made = module.practice(random.Random(4), level="general", questions=6, used=())
        return [_shown(each) for each in made.questions]

    assert all(" + " in stem for stem in stems("adding fractions"))
    assert all("divisor" in stem for stem in stems("greatest common divisor"))
    assert all("perfect" in stem for stem in _english("present perfect"))


def _english(topic: str) -> list[str]:
    (module,) = modules_for("english", topic)
    return [each.stem for each in module.practice(random.Random(4), level="general", questions=6, used=()).questions]


def _shown(question: Question) -> str:
    items = question.left if isinstance(question, Match) else question.items if isinstance(question, Order) else []
    return " ".join([question.stem, *items])


@every_skill
def test_every_topic_of_a_skill_gets_a_practice_at_every_level(name: str) -> None:
    skill = by_name[name]
    for topic in (*skill.scope.cores, *(f"{word} {next(iter(skill.scope.cores))}" for word in skill.scope.companions)):
        narrowed = skill.narrowed(topic)
        for level in ("grade-1", "general", "C2"):
            practice = narrowed.practice(random.Random(2), level=level, questions=5, used=())
            assert len(practice.examples) in (2, 3, 4), (topic, level)
            assert len(practice.questions) == 5, (topic, level)


def _invented(name: str) -> Form:
    def draw(rng: random.Random, grade: int) -> Task:
        task = _sum(rng.randint(1, 400), rng.randint(1, 400))
        return replace(task, term=f"{name}: {task.term}", why=("Add.", *task.why))

    return Form(draw=draw)


def test_nothing_is_asked_before_it_is_shown_and_simple_things_come_first() -> None:
    skill = replace(
        by_name["arithmetic"], forms=[_invented(name) for name in ("first", "second", "third", "fourth", "fifth")]
    )
    left_out = set()
    for seed in range(12):
        practice = skill.practice(random.Random(seed), level="general", questions=8, used=())
        asked = [question.term.partition(":")[0] for question in practice.questions]
        assert len(practice.examples) == 4
        assert asked[0] == "first"
        assert asked == sorted(asked, key=["first", "second", "third", "fourth", "fifth"].index)
        left_out |= {"first", "second", "third", "fourth", "fifth"} - set(asked)
    assert left_out == {"second", "third", "fourth", "fifth"}


def test_a_topic_that_names_two_parts_of_a_skill_gets_both() -> None:
    (shapes,) = modules_for("mathematics", "areas and volumes")
    assert isinstance(shapes, Skill)
    assert shapes.groups == {"area", "volume"}
    (arithmetic,) = modules_for("mathematics", "long division")
    assert isinstance(arithmetic, Skill)
    assert arithmetic.groups == {"remainder"}


def test_a_better_fit_comes_first_and_fits_tell_from_0_to_1() -> None:
    scope = by_name["fractions"].scope
    assert scope.fits("mathematics", "fractions") == 1.0
    assert 0.5 <= scope.fits("mathematics", "comparing unlike fractions") < 1.0
    assert by_name["fractions"].fits("mathematics", "history of fractions") == 0.0
    assert Scope(family="english", cores={"nouns": ""}, companions={}).fits("english", "nouns") == 1.0


def test_all_skills_have_names_of_their_own() -> None:
    assert len(set(NAMES)) == len(NAMES) >= 15
    assert all(isinstance(each, Skill) for each in all_skills())


@every_skill
def test_each_way_that_is_asked_is_shown_in_a_worked_example_and_each_that_is_shown_is_asked(name: str) -> None:
    skill = next(each for each in all_skills() if each.name == name)
    for level in ("grade-4", "grade-7", "grade-12"):
        marked = replace(skill, forms=[_marked(form, at) for at, form in enumerate(skill.forms)])
        practice = marked.practice(random.Random(7), level=level, questions=8, used=())
        shown = {_mark(example.steps[0].text) for example in practice.examples}
        asked = {_mark(question.term) for question in practice.questions}
        assert shown <= asked, (level, shown, asked)
        # What has no steps to show, such as an order by size, is of a group that is shown.
        unshown = [at for at in asked - shown if skill.forms[at].draw not in {skill.forms[each].draw for each in shown}]
        assert all(_has_no_steps(skill.forms[at]) for at in unshown), (level, shown, asked)


def _marked(form: Form, at: int) -> Form:
    """The form with its place before the reasons that its tasks give."""

    def draw(rng: random.Random, grade: int) -> Task | None:
        task = form.draw(rng, grade)
        return task and replace(task, term=f"[{at}] {task.term}", why=tuple(f"[{at}] {why}" for why in task.why))

    def show(rng: random.Random, grade: int) -> Worked | None:
        assert form.show is not None
        worked = form.show(rng, grade)
        return worked and replace(worked, steps=tuple(f"[{at}] {step}" for step in worked.steps))

    return replace(form, draw=draw, show=show if form.show else None)


def _mark(text: str) -> int:
    found = re.match(r"\[(\d+)\]", text)
    return int(found[1]) if found else -1


def _has_no_steps(form: Form) -> bool:
    tasks = [form.draw(random.Random(seed), max(form.lowest, 6)) for seed in range(20)]
    return all(len(task.why) < 2 for task in tasks if task)


# ---------------------------------------------------------------- comparison of adjectives


@pytest.mark.parametrize("topic", ["comparative adjectives", "superlatives", "comparatives and superlatives"])
def test_what_is_asked_of_adjectives_is_promised_and_told_and_nothing_else_is_promised(topic: str) -> None:
    skill = by_name["comparison"].narrowed(topic)
    for grade in range(1, 13):
        for seed in range(6):
            practice = skill.practice(random.Random(seed), level=f"grade-{grade}", questions=8, used=())
            done = [*(each.stem for each in practice.questions), *(each.problem for each in practice.examples)]
            told = " ".join(each.text for prose in practice.prose for each in prose.sentences)
            for degree, words in {
                "comparative": ("comparative", "before “er”"),
                "superlative": ("superlative",),
            }.items():
                is_done = any(word in each for each in done for word in words)
                for promise in (practice.objectives[0].text, told):
                    assert (f"orm the {degree} of adjectives" in promise) is is_done, (grade, seed)
            for question in practice.questions:
                assert _rule_for(question.stem, question.model_dump()["answer"]) in told, (grade, seed, question.stem)


def _rule_for(stem: str, answer: str) -> str:
    """Words of the rule that one has to know for an exercise, by what it asks and the letters of its answer."""
    sorted_by = {"doubles": "is doubled, and “er”", "“ier”": "in y takes “er”", "“more”": "take “more”"}
    if stem.startswith("Which"):
        return next(rule for words, rule in sorted_by.items() if words in stem)
    adjective = re.findall(r"“(\w+)”", stem)[0]
    ending = "est" if "superlative" in stem else "er"
    if adjective in ("good", "bad"):
        return f", {answer}"
    if " " in answer:
        return f"take “{answer.split()[0]}” and no ending"
    if adjective.endswith("y"):
        return f"in y takes “{ending}” too"
    if adjective.endswith("e"):
        return f"in e takes “{ending[1:]}” alone"
    is_doubled = len(answer) - len(ending) > len(adjective)
    return f"is doubled, and “{ending}” follows" if is_doubled else f"of one syllable take “{ending}”"


def test_no_wrong_form_of_an_adjective_is_one_that_nobody_writes() -> None:
    for grade in (3, 6, 9, 12):
        for seed in range(12):
            practice = practised("comparison", seed, f"grade-{grade}")
            choices = [question for question in practice.questions if isinstance(question, Choice)]
            assert not [each for question in choices for each in question.options if re.search(r"ee(?:r|st)$", each)]
