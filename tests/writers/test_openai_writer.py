"""The model writer against a scripted server: its steps and prompts, what a lesson is made of, review and repair."""

from __future__ import annotations

import dataclasses
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from lessongen.check.pointers import BACK_TO_THE_START, MISFIT
from lessongen.lesson.attempt import Usage
from lessongen.lesson.draft import Draft, Problem
from lessongen.lesson.encyclopedia import Encyclopedia
from lessongen.lesson.limits import FEWEST_WORDS, QUESTIONS
from lessongen.lesson.material import Document, Material, Part
from lessongen.lesson.model import Analogy, Check, Example, Lesson, Prose, Table, Task
from lessongen.lesson.place import Place
from lessongen.lesson.questions.choice import Choice
from lessongen.lesson.task import LessonRequest
from lessongen.system.errors import BadAnswer, CheckFailed, OverBudget, TooThin, UnsupportedLanguage
from lessongen.text.words import word_count
from lessongen.writers.openai.budget import Budget, shares
from lessongen.writers.openai.client import ModelClient, Server
from lessongen.writers.openai.completion import estimated_tokens
from lessongen.writers.openai.review import ANSWER, FLAW
from lessongen.writers.openai.said import Reader
from lessongen.writers.openai.sources import LEFT_OUT, number_sentences
from lessongen.writers.openai.writer import OpenAIWriter, Setup
from lessongen.writers.templates import Templates
from tests import good_model, made_up_articles
from tests.attempts import PlainAttempt
from tests.scripted_model import Answer, Fault, ScriptedModel, error

STEPS = ["plan", "cycles", "quizzes"]


class Killed(BaseException):
    """A worker's sudden end, as an attempt would meet it."""


@dataclass(kw_only=True)
class KeptAttempt(PlainAttempt):
    """An attempt whose steps and tokens outlive it in `kept` and `usages`; it dies after `dies_after` new steps."""

    kept: dict[str, str] = field(default_factory=dict)
    told: list[tuple[str, int, str]] = field(default_factory=list)
    announced: list[tuple[int, float | None]] = field(default_factory=list)
    most_cost: float | None = None
    dies_after: int | None = None
    is_in_step: bool = False

    def progress(self, step: str, percent: int, message: str) -> None:
        """Remembers what is said."""
        self.told.append((step, percent, message))

    def step(self, key: str, inputs: Mapping[str, Any], make: Callable[[], Any]) -> Any:
        """Kept under the key and its inputs, as JSON."""
        name = json.dumps([key, inputs], sort_keys=True)
        if name not in self.kept:
            if self.dies_after == 0:
                raise Killed
            self.is_in_step = True
            self.kept[name] = json.dumps(make())
            self.is_in_step = False
            self.dies_after = None if self.dies_after is None else self.dies_after - 1
        return json.loads(self.kept[name])

    def call(self, writer: str, tokens: int, cost: float | None = None) -> None:
        """Remembers what is announced; refuses what is too dear."""
        assert self.is_in_step, "a call outside its step would be paid for again"
        self.announced.append((tokens, cost))
        if self.most_cost is not None and self.spent().cost + (cost or 0) > self.most_cost:
            raise OverBudget

    def used(self, usage: Usage) -> None:
        """Remembers what was used."""
        assert self.is_in_step, "usage outside its step would not be kept with it"
        self.usages.append(usage)

    @property
    def steps(self) -> list[str]:
        """The keys of the kept steps in order."""
        return [json.loads(name)[0] for name in self.kept]


def writer_for(server: ScriptedModel, encyclopedia: Encyclopedia | None = None, **changes: Any) -> OpenAIWriter:
    settings: dict[str, Any] = {
        "model": "scripted-1",
        "verify_model": "",
        "temperature": 0.4,
        "source_tokens": 24_000,
        "template": Templates(Path("/nowhere")).load,
        "price": lambda model, tokens_in, tokens_out: (tokens_in + 4 * tokens_out) / 1e6,
    }

    def client(model: str) -> ModelClient:
        return ModelClient(Server(base_url=server.base_url, api_key="sk-test-key", model=model, temperature=0.4))

    return OpenAIWriter(Setup(**{**settings, **changes}), client, encyclopedia)


def request(topic: str = "skerry mills", **changes: Any) -> LessonRequest:
    return LessonRequest(**{"subject": "crafts", "topic": topic, **changes})


def write(
    answer: Answer, material: Material | None = None, attempt: KeptAttempt | None = None, **changes: Any
) -> Draft:
    with ScriptedModel(answer) as server:
        return writer_for(server).write(
            request(**changes),
            material or made_up_articles.skerry_mills(),
            attempt or KeptAttempt(),
            judge="scripted-1",
        )


def with_answers(**steps: Callable[[dict[str, Any], Any], object]) -> Answer:
    """The good model, whose answers to some steps are changed: each function gets the request and the good answer.

    `cycle` changes each of the cycles.
    """

    def answer(asked: dict[str, Any]) -> object:
        good = good_model.answer(asked)
        step = good_model.step_of(asked)
        if step == "cycles" and "cycle" in steps:
            return good_model.each_cycle(lambda each: steps["cycle"](asked, each), good)
        change = steps.get(step)
        return good if change is None else change(asked, good)

    return answer


def content(lesson: Lesson) -> dict[str, Any]:
    """All but how long it took."""
    return lesson.model_dump(exclude={"provenance": {"duration_seconds"}})


# ---------------------------------------------------------------- the steps


def test_a_lesson_is_written_in_three_calls_that_open_with_the_same_bytes() -> None:
    attempt = KeptAttempt()
    with ScriptedModel(good_model.answer) as server:
        writer_for(server).write(request(), made_up_articles.skerry_mills(), attempt, judge="scripted-1")
        prompts = [[message["content"] for message in call["messages"]] for call in server.calls]
    assert attempt.steps == STEPS
    assert len({system for system, _ in prompts}) == 1
    sources = {user.partition("SOURCES>>>")[0] for _, user in prompts}
    assert len(sources) == 1, "the sources come first, the same in each"
    assert all(user.startswith("<<<SOURCES") for _, user in prompts)


def test_the_same_seed_gives_the_same_lesson_and_the_same_prompts() -> None:
    attempts = KeptAttempt(seed=9), KeptAttempt(seed=9)
    first, second = (write(good_model.answer, attempt=attempt).lesson for attempt in attempts)
    assert content(first) == content(second)
    assert list(attempts[0].kept) == list(attempts[1].kept)


def test_a_worker_killed_after_any_step_pays_for_no_step_twice() -> None:
    lesson = write(good_model.answer).lesson
    for steps in range(len(STEPS)):
        first = KeptAttempt(dies_after=steps)
        with ScriptedModel(good_model.answer) as server:
            with pytest.raises(Killed):
                writer_for(server).write(request(), made_up_articles.skerry_mills(), first, judge="scripted-1")
            assert len(server.calls) == steps
            again = KeptAttempt(kept=first.kept, usages=first.usages)
            finished = (
                writer_for(server).write(request(), made_up_articles.skerry_mills(), again, judge="scripted-1").lesson
            )
            assert len(server.calls) == len(STEPS)
        assert content(finished) == content(lesson)


def test_a_call_that_fails_is_made_again_with_another_seed_and_what_it_took_is_counted() -> None:
    asked: list[str] = []

    def answer(call: dict[str, Any]) -> object:
        asked.append(good_model.step_of(call))
        is_first = asked.count("quizzes") == 1 and asked[-1] == "quizzes"
        return Fault(content='{"starter": [', finish_reason="length") if is_first else good_model.answer(call)

    attempt = KeptAttempt()
    with ScriptedModel(answer) as server:
        writer = writer_for(server)
        with pytest.raises(BadAnswer):
            writer.write(request(), made_up_articles.skerry_mills(), attempt, judge="scripted-1")
        assert attempt.usages[-1].step == "quizzes", "paid for, though nothing came of it"
        attempt.is_in_step = False
        writer.write(request(), made_up_articles.skerry_mills(), attempt, judge="scripted-1")
        seeds = [call["seed"] for call in server.calls]
    assert attempt.steps == STEPS
    assert seeds[-1] != seeds[-2], "the same seed would fail in the same way"


def test_each_call_is_announced_with_tokens_and_cost_before_it_is_made() -> None:
    attempt = KeptAttempt()
    write(good_model.answer, attempt=attempt)
    assert len(attempt.announced) == len(STEPS)
    assert all(tokens > 100 and cost is not None and cost > 0 for tokens, cost in attempt.announced)


def test_a_lesson_that_would_cost_too_much_stops_before_the_call() -> None:
    most = 0.015
    attempt = KeptAttempt(most_cost=most)
    with ScriptedModel(good_model.answer) as server:
        with pytest.raises(OverBudget):
            writer_for(server).write(request(), made_up_articles.skerry_mills(), attempt)
        assert 0 < len(server.calls) < len(STEPS)
    assert attempt.spent().cost <= most


def test_tokens_and_cost_are_those_that_the_server_counted() -> None:
    attempt = KeptAttempt()
    with ScriptedModel(good_model.answer) as server:
        draft = writer_for(server).write(request(), made_up_articles.skerry_mills(), attempt)
        counted = server.input_tokens + server.output_tokens
    assert draft.lesson.provenance.tokens == counted
    assert draft.lesson.provenance.cost == pytest.approx(sum(usage.cost or 0 for usage in attempt.usages))


def test_the_provenance_says_how_the_lesson_came_to_be() -> None:
    provenance = write(good_model.answer, attempt=KeptAttempt(seed=5)).lesson.provenance
    assert (provenance.writer, provenance.model, provenance.seed) == ("openai", "scripted-1", 5)
    assert provenance.template is not None
    assert provenance.template.startswith("default@")
    assert provenance.prompt_sha256 is not None
    assert len(provenance.prompt_sha256) == 64


def test_progress_names_the_part_and_the_tokens_that_came() -> None:
    attempt = KeptAttempt()
    write(good_model.answer, attempt=attempt)
    told = [message for _, _, message in attempt.told]
    assert any(re.fullmatch(r"Writing two parts · \d+ tokens", message) for message in told)
    percents = [percent for _, percent, _ in attempt.told]
    assert percents == sorted(percents)


def test_the_model_of_the_request_is_asked() -> None:
    with ScriptedModel(good_model.answer, models=("scripted-1", "other-1")) as server:
        writer_for(server).write(request(model="other-1"), made_up_articles.skerry_mills(), KeptAttempt())
        assert {call["model"] for call in server.calls} == {"other-1"}


# ---------------------------------------------------------------- what is told


def prompts_of(attempt: KeptAttempt | None = None, **changes: Any) -> dict[str, str]:
    """All that each step says to the model."""
    with ScriptedModel(good_model.answer) as server:
        writer = writer_for(server)
        writer.write(request(**changes), made_up_articles.skerry_mills(), attempt or KeptAttempt(), judge="scripted-1")
        return {
            good_model.step_of(call): "\n".join(message["content"] for message in call["messages"])
            for call in server.calls
        }


def test_the_class_is_told_in_words_a_sentence() -> None:
    assert "students of grade 3" in prompts_of(level="grade-3")["plan"]
    longest = [
        int(found[1])
        for level in ("grade-2", "grade-6", "grade-11")
        if (found := re.search(r"none above (\d+)", prompts_of(level=level)["cycles"]))
    ]
    assert len(longest) == 3
    assert longest == sorted(set(longest))


def test_what_the_teacher_wants_is_told_to_the_planner() -> None:
    assert "“why they turn”" in prompts_of(focus="why they turn")["plan"]
    assert "The teacher wants" not in prompts_of()["plan"]


def test_what_students_know_from_lessons_before_is_told_to_the_planner() -> None:
    assert "students know: millstone, tide." in prompts_of(KeptAttempt(presumed=["millstone", "tide"]))["plan"]


def test_a_lesson_that_only_the_word_rules_judge_is_asked_to_stay_near_its_source() -> None:
    with ScriptedModel(good_model.answer) as server:
        writer_for(server).write(request(), made_up_articles.skerry_mills(), KeptAttempt())
        assert all("a strict word check" in call["messages"][0]["content"] for call in server.calls)
    assert "a strict word check" not in prompts_of()["plan"]


def test_a_second_version_is_told_what_the_first_one_asked() -> None:
    first = write(good_model.answer).lesson
    told = prompts_of(KeptAttempt(earlier=[first]))["quizzes"]
    asked = [each.stem for each in first.questions if each.role == "exit" and "[" not in each.stem]
    assert asked
    assert all(stem in told for stem in asked)


def article(*sections: tuple[str, int]) -> Document:
    """A text with a lead and sections of so many sentences."""
    text, parts = "", []
    for heading, count in sections:
        said = " ".join(
            f"The {heading or 'lead'} of the skerry mill says thing {number} about grinding, in plain words."
            for number in range(count)
        )
        parts.append(Part(heading=heading, start=len(text), end=len(text) + len(said)))
        text += said + "\n"
    return Document(
        title="Skerry mill",
        text=text,
        language="en",
        url=None,
        revision=None,
        retrieved=datetime(2026, 1, 1, tzinfo=UTC),
        licence="CC BY-SA 4.0",
        attribution="made up",
        parts=tuple(parts),
    )


def test_a_source_within_the_budget_is_shown_whole_and_in_order() -> None:
    numbered = number_sentences(
        request(), Material(article=article(("", 5), ("History", 20), ("Use", 20))), None, 24_000
    )
    assert [each.text.split()[1] for each in numbered.passages] == ["lead"] * 5 + ["History"] * 20 + ["Use"] * 20
    assert LEFT_OUT not in numbered.block.splitlines()


def test_of_a_longer_source_each_section_is_there_and_the_fitting_ones_in_full() -> None:
    long = Material(article=article(("", 10), ("History", 60), ("Sails", 60), ("Owners", 60)))
    numbered = number_sentences(request(topic="sails of skerry mills"), long, None, 2600)
    shown = Counter(each.heading for each in numbered.passages)
    assert shown[""] == 10
    assert min(shown.values()) >= 2
    assert shown["Sails"] == 60 > max(shown["History"], shown["Owners"])
    assert sum(estimated_tokens(each.text) + 4 for each in numbered.passages) <= 2600


def test_where_a_sentence_can_not_be_quoted_a_line_says_that_something_is_left_out() -> None:
    text = "The mill has ten sails of cloth. Its mass is ␣ in all weathers. The sails turn when the tide falls."
    one = dataclasses.replace(article(("", 1)), text=text, parts=(Part(heading="", start=0, end=len(text)),))
    numbered = number_sentences(request(), Material(article=one), None, 24_000)
    shown = numbered.block.splitlines()[2:-1]
    assert shown == ["[1] The mill has ten sails of cloth.", LEFT_OUT, "[2] The sails turn when the tide falls."]


def test_a_gloss_keeps_a_cite_only_of_what_says_what_its_word_means() -> None:
    text = "The insolation (solar irradiance) of an area differs. A hull is the body of a boat that floats."
    one = dataclasses.replace(article(("", 1)), text=text, parts=(Part(heading="", start=0, end=len(text)),))
    reader = Reader(number_sentences(request(), Material(article=one), None, 24_000))
    glosses = ["Insolation, or solar irradiance, is the light that arrives from the sun.", "A hull is a boat's body."]
    said = [reader.said({"text": each, "role": "gloss", "cites": [at]}) for at, each in enumerate(glosses, 1)]
    assert [each.cites for each in said] == [(), (2,)]


def test_several_sources_share_the_budget() -> None:
    other = article(("", 5), ("Repairs", 100))
    both = Material(article=article(("", 5), ("History", 100)), others=(other,))
    numbered = number_sentences(request(), both, None, 3000)
    shown = Counter(each.article.document is other for each in numbered.passages)
    assert abs(shown[True] - shown[False]) <= 5


# ---------------------------------------------------------------- what a lesson is made of


def test_a_lesson_opens_with_a_starter_has_cycles_and_ends_with_an_exit_quiz() -> None:
    lesson = write(good_model.answer).lesson
    assert [section.kind for section in lesson.sections] == ["starter", *["explain", "practice"] * 2, "exit"]
    assert [section.cycle for section in lesson.sections] == [None, 1, 1, 2, 2, None]
    roles = Counter(question.role for question in lesson.questions)
    assert roles == {"starter": 2, "check": 6, "exit": 6}
    asked = [block.question for section in lesson.sections for block in section.blocks if isinstance(block, Check)]
    assert sorted(asked) == sorted(question.id for question in lesson.questions)
    assert {question.objective for question in lesson.questions} == {each.id for each in lesson.objectives}


def test_every_fact_cites_a_quote_and_every_question_but_starters_rests_on_one() -> None:
    lesson = write(good_model.answer).lesson
    said = [each for section in lesson.sections for block in section.blocks if isinstance(block, Prose)
            for each in block.sentences]  # fmt: skip
    assert all(each.cites or each.role == "framing" for each in said)
    assert all(bool(question.cites) is (question.role != "starter") for question in lesson.questions)


@pytest.mark.parametrize("minutes", [5, 10, 20, 30, 45, 60, 90, 240])
def test_the_minutes_asked_for_are_kept(minutes: int) -> None:
    lesson = write(good_model.answer, minutes=minutes).lesson
    assert sum(section.minutes for section in lesson.sections) == max(lesson.minutes, minutes) == minutes


def test_a_short_lesson_has_fewer_ideas_not_thinner_ones() -> None:
    budgets = [Budget(minutes=minutes) for minutes in (15, 45, 60)]
    assert [each.cycles for each in budgets] == [1, 2, 3]
    minutes = [each.working // each.cycles for each in budgets]
    assert min(minutes) >= 10
    assert [each.opening + each.closing + each.working for each in budgets] == [15, 45, 60]


@pytest.mark.parametrize("minutes", [30, 45, 60, 90, 120])
def test_the_minutes_of_the_exit_quiz_are_enough_for_its_questions(minutes: int) -> None:
    budget = Budget(minutes=minutes)
    assert 2 <= budget.exit <= budget.closing / 1.5
    assert budget.written == budget.exit + 3
    assert budget.written_checks == budget.checks + 1
    assert sum(budget.least.values()) >= QUESTIONS.fewest


def test_where_more_questions_are_asked_for_the_exit_quiz_gets_more_minutes() -> None:
    budget = Budget(minutes=45, questions=12)
    assert budget.checks * budget.cycles + budget.exit == 12
    assert budget.closing >= 1.5 * budget.exit
    assert budget.opening + budget.closing + budget.working == 45


def test_practice_has_as_many_parts_as_its_minutes_allow() -> None:
    assert [Budget(minutes=45).parts(minutes) for minutes in (8, 12, 24, 30)] == [
        "one part", "one part", "one or two parts", "two or three parts"]  # fmt: skip


@pytest.mark.parametrize("count", [5, 9, 12])
def test_as_many_questions_as_were_asked_for_besides_the_starters(count: int) -> None:
    draft = write(good_model.answer, questions=count)
    roles = Counter(question.role for question in draft.lesson.questions)
    assert draft.shown["check"] + draft.shown["exit"] == count
    assert roles["check"] + roles["exit"] > count
    assert draft.shown["exit"] < roles["exit"], "of which the best are kept"


def test_minutes_are_shared_by_weight_and_add_up() -> None:
    assert shares([1, 1, 2], 8) == [2, 2, 4]
    assert shares([5, 1], 2) == [1, 1]
    assert sum(shares([3, 7, 11, 2], 45)) == 45


RICH = {
    "analogy": [
        {
            "after": 1,
            "comparison": "Think of a mill as a mouth.",
            "fact": {"text": "A mill grinds grain.", "role": "fact", "cites": [1]},
            "ends": "A mill has no tongue.",
        }
    ],
    "example": [
        {
            "problem": "How would you tell?",
            "steps": [{"text": "Look at the first sentence.", "role": "framing", "cites": []}],
            "answer": "The first sentence says it.",
            "cites": [1],
            "supposes": True,
        }
    ],
    "show": {
        "kind": "table",
        "title": "Mills",
        "headings": ["What", "Where"],
        "rows": [{"cells": ["one", "here"], "cites": [1]}, {"cells": ["two", "there"], "cites": [2]}],
    },
}


def test_analogy_table_and_worked_example_stand_in_the_text_of_their_cycle() -> None:
    lesson = write(with_answers(cycle=lambda _asked, good: {**good, **RICH})).lesson
    kinds = [kind for kind, _ in groupby(block.kind for block in lesson.sections[1].blocks)]
    assert kinds == ["prose", "analogy", "prose", "table", "example"]
    first = lesson.sections[1].blocks[0]
    assert isinstance(first, Prose)
    assert len(first.sentences) == 1
    analogy, (table, example) = lesson.sections[1].blocks[1], lesson.sections[1].blocks[-2:]
    assert isinstance(analogy, Analogy)
    assert analogy.text.role == "analogy"
    assert analogy.statement.cites
    assert isinstance(table, Table)
    assert all(row.cites for row in table.rows)
    assert isinstance(example, Example)
    assert example.supposes


def test_what_cites_no_sentence_that_exists_is_left_out() -> None:
    def citing(_asked: dict[str, Any], good: Any) -> object:
        more = [{"text": "Nobody knows why.", "role": "fact", "cites": [999]} for _ in range(2)]
        return {**good, "explain": [*good["explain"], *more]}

    lesson = write(with_answers(cycle=citing)).lesson
    assert "Nobody knows why." not in lesson.model_dump_json()


def test_options_that_are_numbers_stay_in_their_order_and_others_move() -> None:
    def asking(_asked: dict[str, Any], good: Any) -> object:
        base = good["exit"][0]
        numbers = [{"text": each, "why": "" if each == "3" else "Miscounted."} for each in ("1", "2", "3")]
        words = [{"text": each, "why": "" if each == "a" else "No."} for each in ("a", "b", "c", "d")]
        one = {**base, "stem": "How many?", "options": numbers, "answer": "3"}
        others = [{**base, "stem": f"Which, {n}?", "options": words, "answer": "a"} for n in range(4)]
        return {**good, "exit": [one, *others]}

    lesson = write(with_answers(quizzes=asking)).lesson
    choices = [each for each in lesson.questions if isinstance(each, Choice)]
    assert choices[0].options == ["1", "2", "3"]
    assert len({each.place_of_answer for each in choices[1:]}) > 2, "always the first place would give it away"
    assert all({why.option for why in each.why} == set(each.wrong_options) for each in choices)


def test_an_objective_that_opens_with_no_verb_of_learning_is_worded_by_the_program() -> None:
    def planning(_asked: dict[str, Any], good: Any) -> object:
        return {**good, "cycles": [{**each, "objective": "Mills and the sea."} for each in good["cycles"]]}

    lesson = write(with_answers(plan=planning)).lesson
    assert all(each.text.startswith("Explain ") for each in lesson.objectives)


# ---------------------------------------------------------------- who is not able


NOTHING: Mapping[str, Any] = {
    "title": "",
    "outcome": "",
    "summary": {"text": "", "role": "fact", "cites": []},
    **{key: [] for key in ["prior", "hook", "key_points", "terms", "misconceptions", "cycles", "materials", "safety"]},
}


@pytest.mark.parametrize(
    "said", [NOTHING, "I am sorry, but here is a poem.", "{}", Fault(content='{"title": "', finish_reason="length")]
)
def test_a_model_that_can_not_plan_is_told_so_after_one_call(said: object) -> None:
    with ScriptedModel(lambda _request: said) as server:
        with pytest.raises(CheckFailed, match="scripted-1 is not able enough to write lessons") as raised:
            writer_for(server).write(request(), made_up_articles.skerry_mills(), KeptAttempt())
        assert len(server.calls) == 1
    assert raised.value.hint is not None
    assert "--writer extractive" in raised.value.hint


def test_a_model_that_cites_nothing_is_told_so_after_two_calls() -> None:
    def uncited(_asked: dict[str, Any], good: Any) -> object:
        return {**good, "explain": [{**each, "cites": [], "role": "fact"} for each in good["explain"]]}

    with ScriptedModel(with_answers(cycle=uncited)) as server:
        with pytest.raises(CheckFailed, match="not able enough"):
            writer_for(server).write(request(), made_up_articles.skerry_mills(), KeptAttempt())
        assert len(server.calls) == 2


def test_a_server_that_is_down_is_not_called_unable() -> None:
    with ScriptedModel(lambda _request: error(500, "down")) as server:
        with pytest.raises(Exception, match=r"500|can't") as raised:
            writer_for(server).write(request(), made_up_articles.skerry_mills(), KeptAttempt())
    assert not isinstance(raised.value, CheckFailed)


def test_thin_sources_are_refused_before_any_call() -> None:
    thin = Material(article=article(("", 3)))
    with ScriptedModel(good_model.answer) as server:
        with pytest.raises(TooThin, match="too few for a lesson"):
            writer_for(server).write(request(), thin, KeptAttempt())
        assert server.calls == []


def test_other_languages_are_refused_before_any_call() -> None:
    with pytest.raises(UnsupportedLanguage):
        write(good_model.answer, language="fr")


def test_a_short_lead_is_supplemented_from_its_neighbours(encyclopedia: Encyclopedia) -> None:
    entry = encyclopedia.entry_titled("Verb")
    assert entry is not None
    material = Material(article=entry.document)
    alone = number_sentences(request(topic="verb", subject="english"), material, None, 24_000)
    beside = number_sentences(request(topic="verb", subject="english"), material, encyclopedia, 24_000)
    assert len({each.article for each in alone.passages}) == 1 < len({each.article for each in beside.passages})
    assert sum(word_count(each.text) for each in beside.passages) > FEWEST_WORDS


# ---------------------------------------------------------------- review and repair


def reviewed(answer: Answer, draft: Draft, **more: Any) -> tuple[list[Problem], list[dict[str, Any]]]:
    """What the writer finds in a draft, and the calls that it made."""
    with ScriptedModel(answer) as server:
        material = made_up_articles.skerry_mills()
        found = writer_for(server).review(draft, request(), material, KeptAttempt(), **more)
        return list(found), server.calls


def blind(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Answer:
    """The good model, whose blind answers are changed."""
    return with_answers(answers=lambda _asked, good: {**good, "answers": [change(each) for each in good["answers"]]})


def test_questions_are_answered_from_the_lesson_alone_without_keys() -> None:
    draft = write(good_model.answer)
    _, calls = reviewed(good_model.answer, draft)
    (call,) = calls
    told = "\n".join(message["content"] for message in call["messages"])
    assert "SOURCES" not in told
    _, _, questions = told.partition("<<<QUESTIONS")
    asked = draft.lesson.questions
    assert "1. (asked before the lesson) " in questions
    assert all(each.stem.replace("_____", "") in questions.replace("_____", "") for each in asked)
    shown = {text for each in asked for text in (each.stem, *each.listed)}
    keys = [each.answer_text for each in asked if each.kind in ("short", "open") and each.answer_text not in shown]
    assert keys
    assert not any(key in questions for key in keys)
    assert call["temperature"] == 0.0


@pytest.mark.parametrize(
    ("change", "rule", "message"),
    [
        ({"answerable": False}, ANSWER, "what the lesson teaches does not answer it"),
        ({"answer": "the moon"}, ANSWER, "answered “the moon”"),
        ({"defensible": ["another one"]}, ANSWER, "it can be answered otherwise too: another one"),
        ({"flaw": "two options of unequal kind"}, FLAW, "two options of unequal kind"),
        ({"wrong": [{"option": "A WRONG ONE", "believes": "none"}]}, FLAW, "no student would pick"),
        ({"cue": "the last pair is left over"}, FLAW, "the answer can be found without the lesson: the last pair"),
        ({"premise": "mills fly"}, FLAW, "it takes something for granted that the lesson does not say: mills fly"),
        ({"printed": "the title"}, FLAW, "its answer stands on the page: the title"),
        ({"trivial": "a word to guess"}, FLAW, "it shows no understanding: a word to guess"),
        ({"needs": "that it is dry"}, FLAW, "the lesson does not give what it needs: that it is dry"),
        ({"mistaken": "THE KEY"}, FLAW, "who makes the mistake that it is to find gets the key too"),
        ({"again": "task 1"}, FLAW, "it repeats another: task 1"),
        ({"disputed": "it may hold all the same"}, FLAW, "its key can be disputed: it may hold all the same"),
    ],
)
def test_what_a_blind_reader_finds_is_a_problem_of_its_question(
    change: dict[str, Any], rule: str, message: str
) -> None:
    draft = write(good_model.answer)
    place = next(at for at, each in enumerate(draft.lesson.questions) if each.kind == "choice")
    number = place + 1
    wrong = draft.lesson.questions[place].wrong_options[0]
    key = draft.lesson.questions[place].answer_text
    change = json.loads(json.dumps(change).replace("A WRONG ONE", wrong).replace("THE KEY", key))
    found, _ = reviewed(blind(lambda each: {**each, **(change if each["question"] == number else {})}), draft)
    told = [each for each in found if each.where == Place.of("questions", place) and each.rule == rule]
    assert any(message in each.message for each in told)


def test_a_starter_that_no_sentence_of_the_lesson_settles_is_told() -> None:
    draft = write(good_model.answer)
    starters = [at for at, each in enumerate(draft.lesson.questions) if each.role == "starter"]
    fine, _ = reviewed(blind(lambda each: each), draft)
    found, _ = reviewed(blind(lambda each: {**each, "settles": each["settles"] and "Nobody wrote this."}), draft)
    told = [each.where for each in found if each.message == "no sentence of the lesson settles it"]
    assert told == [Place.of("questions", at) for at in starters]
    assert not any("settles" in each.message for each in fine)


def test_a_starter_whose_sentence_no_cycle_tells_is_not_asked() -> None:
    def settled_by(_asked: Any, good: Any) -> Any:
        return {**good, "starter": [{**each, "settled_by": []} for each in good["starter"]]}

    lesson = write(with_answers(plan=settled_by)).lesson
    assert not any(each.role == "starter" for each in lesson.questions)
    assert BACK_TO_THE_START not in lesson.model_dump_json()


def test_what_does_not_fit_the_rest_of_the_lesson_is_a_problem_of_its_text() -> None:
    draft = write(good_model.answer)
    misfits = [
        {"text": "Ask for reasons.", "wrong": "there is nothing to ask for"},
        {"text": draft.lesson.outcome, "wrong": "nothing practises it"},
        {"text": "Nobody wrote this.", "wrong": "it is not there"},
        {"text": "Work in pairs.", "wrong": ""},
    ]
    found, (call,) = reviewed(with_answers(answers=lambda _asked, good: {**good, "lesson": misfits}), draft)
    assert [(str(each.where), each.message) for each in found if each.rule == MISFIT] == [
        ("sections[1].notes[0]", "there is nothing to ask for"),
        ("outcome", "nothing practises it"),
    ]
    told = call["messages"][1]["content"].partition("<<<TEACHER")[2]
    assert {"Ask for reasons.", "Find a case of your own."} <= set(told.splitlines())


def test_a_question_that_no_reader_answered_is_told() -> None:
    draft = write(good_model.answer)
    found, _ = reviewed(with_answers(answers=lambda _asked, good: {**good, "answers": good["answers"][1:]}), draft)
    assert any("no reader gave an answer" in each.message for each in found)


def test_after_a_repair_only_changed_questions_are_answered_again() -> None:
    before = write(good_model.answer)
    questions = list(before.lesson.questions)
    questions[-1] = questions[-1].model_copy(update={"stem": "What else does the lesson say of mills?"})
    after = Draft(lesson=before.lesson.model_copy(update={"questions": questions}), texts=before.texts)
    _, calls = reviewed(good_model.answer, after, before=before)
    (call,) = calls
    told = call["messages"][1]["content"].partition("<<<QUESTIONS")[2]
    assert "What else does the lesson say of mills?" in told
    assert questions[-2].stem not in told
    assert reviewed(good_model.answer, before, before=before)[1] == []


def repair(answer: Answer, draft: Draft, *problems: Problem) -> tuple[Draft | None, list[dict[str, Any]]]:
    """The repaired draft, and the calls that it took."""
    with ScriptedModel(answer) as server:
        material = made_up_articles.skerry_mills()
        mended = writer_for(server).repair(draft, problems, request(), material, KeptAttempt())
        return mended, server.calls


FIRST = Place.of("sections", 1, "blocks", 0, "sentences", 0)


def mending(**said: Any) -> Answer:
    """A model that mends so: lists by sort."""
    return with_answers(repair=lambda asked, _good: good_model.asked_for(asked, said))


def sentence_at(lesson: Lesson, at: int) -> str:
    block = lesson.sections[1].blocks[0]
    assert isinstance(block, Prose)
    return block.sentences[at].text


def test_all_findings_are_mended_in_one_call_that_says_what_was_wrong() -> None:
    draft = write(good_model.answer)
    problems = [
        Problem(rule="verdict-supported", where=FIRST, message="not said: “always”"),
        Problem(rule="item-flaw", where=Place.of("questions", 3), message="two answers"),
        Problem(rule="item-flaw", where=Place.of("questions", 3, "why", 0, "reason"), message="its why is wrong"),
    ]
    new = {"part": 1, "drop": False, "text": "A mill stands on a skerry.", "role": "fact", "cites": [1, 2]}
    mended, calls = repair(mending(sentences=[new]), draft, *problems)
    (call,) = calls
    told = call["messages"][1]["content"]
    assert told.startswith("<<<SOURCES")
    parts = told.partition("<<<PARTS")[2].partition("PARTS>>>")[0]
    assert parts.count("\npart ") == 2
    assert "not said: “always”" in parts
    assert "two answers" in parts
    assert "its why is wrong" in parts, "a question is mended as a whole"
    assert mended is not None
    assert sentence_at(mended.lesson, 0) == "A mill stands on a skerry."
    quotes = {quote.id for source in mended.lesson.sources for quote in source.quotes}
    block = mended.lesson.sections[1].blocks[0]
    assert isinstance(block, Prose)
    assert set(block.sentences[0].cites) <= quotes
    assert len(block.sentences[0].cites) == 2
    assert mended.lesson.provenance.rewritten == 1


def test_a_part_that_the_model_drops_goes() -> None:
    draft = write(good_model.answer)
    before = sentence_at(draft.lesson, 0)
    gone = {"part": 1, "drop": True, "text": "", "role": "fact", "cites": []}
    mended, _ = repair(mending(sentences=[gone]), draft, Problem(rule="x", where=FIRST, message="wrong"))
    assert mended is not None
    assert before not in [sentence_at(mended.lesson, 0)]


def test_a_reason_that_is_refused_is_mended_alone_and_its_question_stays() -> None:
    draft = write(good_model.answer)
    at = next(at for at, each in enumerate(draft.lesson.questions) if each.why)
    was = draft.lesson.questions[at]
    where = Place.of("questions", at)
    new = [
        {"part": 1, "drop": False, "text": "The tide drives them.", "role": "inference", "cites": [1]},
        {"part": 2, "drop": True, "text": "", "role": "inference", "cites": []},
    ]
    problems = [
        Problem(rule="x", where=where.at("feedback"), message="not said"),
        Problem(rule="x", where=where.at("why", 0, "reason"), message="not said"),
    ]
    mended, (call,) = repair(mending(sentences=new), draft, *problems)
    told = call["messages"][1]["content"]
    assert f"“{was.stem}”" in told, "a reason is told with what it is about"
    assert f"why “{was.why[0].option}”" in told
    assert "Questions. kind is one of" not in told, "what a repair does not mend, it is not told how to write"
    assert list(call["response_format"]["json_schema"]["schema"]["properties"]) == ["sentences"]
    assert mended is not None
    now = mended.lesson.questions[at]
    assert now.feedback.text == "The tide drives them."
    assert now.why == was.why[1:]
    assert (now.stem, now.answer_text) == (was.stem, was.answer_text)
    assert reviewed(good_model.answer, mended, before=draft)[1] == [], "nobody answers it again"


def test_a_mended_question_keeps_its_place_and_id() -> None:
    draft = write(good_model.answer)
    at = next(at for at, each in enumerate(draft.lesson.questions) if each.kind == "choice")
    was = draft.lesson.questions[at]
    new = {
        **{"part": 1, "drop": False, "kind": "short", "stem": "Why do mills stand there?", "options": []},
        **{"answer": "Because of the tide.", "items": [], "pairs": [], "term": "tide", "cites": [1]},
        **{"explanation": "The tide drives them.", "supposes": False, "level": "understand"},
    }
    problem = Problem(rule="item-answer", where=Place.of("questions", at), message="two answers")
    other = {**new, "stem": "Why do mills stop at night?"}
    mended, _ = repair(mending(questions=[new, other]), draft, problem)
    assert mended is not None
    now, spare = mended.lesson.questions[at], mended.lesson.questions[-1]
    assert (now.id, now.role, now.objective) == (was.id, was.role, was.objective)
    assert (now.kind, now.stem) == ("short", "Why do mills stand there?")
    assert (spare.stem, spare.role, spare.objective) == (other["stem"], was.role, was.objective)
    asked = [block.question for each in mended.lesson.sections for block in each.blocks if isinstance(block, Check)]
    assert asked.index(spare.id) == asked.index(now.id) + 1


def test_a_task_is_mended_with_its_answer_and_its_help() -> None:
    draft = write(good_model.answer)
    section, block = next(
        (section, block)
        for section, each in enumerate(draft.lesson.sections)
        for block, one in enumerate(each.blocks)
        if isinstance(one, Task)
    )
    new = {
        **{"part": 1, "drop": False, "prompt": "Draw a mill.", "answer": "", "criteria": ["It has a wheel"]},
        **{"support": "Look at the text.", "stretch": "", "cites": [], "supposes": False},
    }
    where = Place.of("sections", section, "blocks", block)
    mended, _ = repair(mending(tasks=[new]), draft, Problem(rule="x", where=where.at("prompt"), message="wrong"))
    assert mended is not None
    task = mended.lesson.sections[section].blocks[block]
    assert isinstance(task, Task)
    assert task.prompt == "Draw a mill."
    assert task.answer is None
    assert task.stretch is None


@pytest.mark.parametrize(
    "where", [Place.of("minutes"), Place.of("sources", 0), Place.of("sources", 0, "quotes", 0), Place.of("questions")]
)
def test_what_no_part_is_to_blame_for_is_not_asked_about(where: Place) -> None:
    mended, calls = repair(good_model.answer, write(good_model.answer), Problem(rule="x", where=where, message="x"))
    assert mended is None
    assert calls == []


def test_a_repair_that_says_nothing_usable_changes_nothing() -> None:
    nonsense = {"part": 7, "drop": False, "text": "A mill.", "role": "fact", "cites": []}
    problem = Problem(rule="x", where=FIRST, message="wrong")
    mended, calls = repair(mending(sentences=[nonsense]), write(good_model.answer), problem)
    assert mended is None
    assert len(calls) == 1
