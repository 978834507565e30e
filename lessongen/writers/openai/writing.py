"""The steps by which a model writes a lesson: the plan, all cycles, the quizzes; one call each."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lessongen.check.level import aim
from lessongen.lesson.attempt import Attempt
from lessongen.lesson.draft import Draft
from lessongen.lesson.limits import KEY_TERMS, USUAL_MINUTES
from lessongen.lesson.material import Material
from lessongen.lesson.model import CheckSummary, Lesson, Provenance
from lessongen.lesson.task import LessonRequest
from lessongen.lesson.who_judged import RULES
from lessongen.system.errors import CheckFailed, NotAsAsked, TooThin
from lessongen.system.levels import GENERAL
from lessongen.text.words import split_title, word_count
from lessongen.writers.openai import telling
from lessongen.writers.openai.budget import Budget
from lessongen.writers.openai.calls import Call, Calls
from lessongen.writers.openai.compose import Composer, Composition
from lessongen.writers.openai.plain import given
from lessongen.writers.openai.said import Cycle, Plan, Quizzes, Reader
from lessongen.writers.openai.schemas import Schema
from lessongen.writers.openai.sources import Numbered

NAME = "openai"
_FEWEST = {"key points": 2, "cited sentences of a cycle": 2, "sentences that explain": 4}
_FEWEST_WORDS = 120  # of the sources
_LEFT_OUT = "Sentences of the sources that speak to a program, not to a reader, were left out: {}."
_MOST_UNCITED = 0.5  # of what a cycle was to explain
_NEAR = (
    "No judge reads this lesson, only a strict word check. So keep in every fact, inference and gloss the content "
    "words of the sentences that it cites: leave words out rather than put others in."
)


@dataclass(eq=False, kw_only=True)
class Writing:
    """One lesson on its way, from numbered sentences to a draft. `judge` is who will judge it: a model or the rules."""

    request: LessonRequest
    material: Material
    attempt: Attempt
    numbered: Numbered
    calls: Calls
    judge: str = RULES

    def draft(self) -> Draft:
        """The lesson as the model writes it; nothing of it is judged yet.

        Raises `CheckFailed` where what the model says shows that it is not able to write lessons, after two calls at
        most, and what `Calls.ask` raises.
        """
        started = time.monotonic()
        self._require_enough()
        planned = self._plan()
        cycles = self._cycles(planned)
        quizzes = self._quizzes(planned, cycles)
        composer = Composer(self.numbered, self.rng("compose"))
        parts = Composition(planned, cycles, quizzes, composer, self.budget).parts(self._names)
        request = self.request
        lesson = Lesson.model_validate(
            {
                **parts,
                "subject": request.subject,
                "topic": request.topic,
                "language": request.language,
                "level": request.level,
                "variant": request.variant,
                "minutes": self.budget.minutes,
                "sources": composer.book.sources(),
                "provenance": self._provenance(started),
            }
        )
        budget = self.budget
        return Draft(lesson=lesson, texts=composer.book.texts, shown=budget.shown, least=budget.least)

    def _require_enough(self) -> None:
        words = sum(word_count(each.text) for each in self.numbered.passages)
        if words < _FEWEST_WORDS:
            raise TooThin(
                f"“{self.numbered.article.title}” has {words} words that can be taught from, too few for a lesson.",
                hint="Add text of your own with --source FILE, or choose another article with --article TITLE.",
            )

    @cached_property
    def budget(self) -> Budget:
        """How much of everything there is room for."""
        return Budget(minutes=self.request.minutes or USUAL_MINUTES, questions=self.request.questions)

    @cached_property
    def reader(self) -> Reader:
        """What reads the model's answers."""
        return Reader(self.numbered)

    def rng(self, what: str) -> random.Random:
        """Chances for one thing, the same in every attempt."""
        return random.Random(f"{self.attempt.seed} {what}")  # noqa: S311 - choices, not secrets

    def fill(self, part: str, **values: object) -> str:
        """A prompt of the template; what each may hold besides is filled in too."""
        told = {"level": self._level, "questions": self.calls.template.fill("items"), **values}
        return self.calls.template.fill(part, **told)

    # ------------------------------------------------------------ the steps

    def _plan(self) -> Plan:
        budget, request = self.budget, self.request
        instruction = self.fill(
            "plan",
            minutes=budget.minutes,
            topic=given(request.topic),
            subject=given(request.subject),
            focus=f"The teacher wants this in it above all: “{given(request.focus)}”." if request.focus else "",
            terms=budget.terms,
            cycles=_counted(budget.cycles),
            opening=budget.opening,
            closing=budget.closing,
            working=budget.working,
            known=self._known,
        )
        schema = self.calls.schemas.plan()
        try:
            planned = self.reader.plan(self.ask("plan", instruction, schema, "Planning the lesson", 25, 2000))
        except NotAsAsked as error:
            raise self._not_able(str(error)) from error
        missing = list(self._missing(planned))
        if missing:
            raise self._not_able(f"its plan has {', '.join(missing)}")
        return planned

    def _missing(self, planned: Plan) -> Iterator[str]:
        if len(planned.key_points) < _FEWEST["key points"]:
            yield "too few key points that cite a sentence"
        if len(planned.terms) < KEY_TERMS.fewest:
            yield "too few key terms with a definition"
        if not planned.summary.is_usable:
            yield "no sentence on what the topic is"
        if not planned.cycles:
            yield "nothing to teach"
        if any(len(each.sentences) < _FEWEST["cited sentences of a cycle"] for each in planned.cycles):
            yield "a part that names no sentences to teach from"

    def _cycles(self, planned: Plan) -> list[Cycle]:
        """All cycles in one call, in which each sees those before it and the sources are read once."""
        count = len(planned.cycles)
        instruction = self.fill("cycle", plan=telling.plan(planned, is_whole=True), cycles=self._sizes(planned))
        schema, doing = self.calls.schemas.cycles(count), f"Writing {_counted(count, 'part')}"
        answers = self.ask("cycles", instruction, schema, doing, 50, 2600 * count)["cycles"]
        if len(answers) < count:
            raise self._not_able(f"{len(answers)} of {count} parts are written")
        return [self._usable(number, answer) for number, answer in enumerate(answers[:count], 1)]

    def _sizes(self, planned: Plan) -> str:
        """How much of what each cycle has, a line each."""
        budget, total = self.budget, sum(each.minutes for each in planned.cycles)
        lines: list[str] = []
        for number, each in enumerate(planned.cycles, 1):
            minutes = max(1, round(budget.working * each.minutes / total))
            lines.append(
                f"cycle {number}, “{given(each.title)}” ({minutes} minutes): {budget.sentences(minutes)} sentences in "
                f"explain; checks: {_counted(budget.written_checks, 'question')}; practice: {budget.parts(minutes)}, "
                f"in {budget.practising(minutes)} minutes with the checks"
            )
        return "\n".join(lines)

    def _usable(self, number: int, answer: Mapping[str, Any]) -> Cycle:
        cycle = self.reader.cycle(answer)
        wanted = len(answer["explain"])
        if len(cycle.explain) < max(_FEWEST["sentences that explain"], _MOST_UNCITED * wanted):
            raise self._not_able(f"{len(cycle.explain)} of {wanted} sentences of part {number} can be used")
        return cycle

    def _quizzes(self, planned: Plan, cycles: Sequence[Cycle]) -> Quizzes:
        count = self.budget.written
        instruction = self.fill(
            "quizzes",
            plan=telling.plan(planned),
            taught=telling.cycles(cycles),
            exit=count,
            avoid=telling.avoided(self.attempt.earlier),
        )
        schema = self.calls.schemas.quizzes(count)
        return self.reader.quizzes(self.ask("quizzes", instruction, schema, "Writing the questions", 78, 2400))

    def ask(
        self, key: str, instruction: str, schema: Schema, doing: str, percent: int, tokens: int
    ) -> Mapping[str, Any]:
        """The answer to a call behind the sources. Raises what `Calls.ask` raises."""
        call = Call(
            key=key,
            data=self.numbered.block,
            instruction=instruction,
            schema=schema,
            doing=doing,
            percent=percent,
            expected_tokens=tokens,
        )
        return self.calls.ask(call)

    # ------------------------------------------------------------ what is told

    @property
    def told(self) -> dict[str, object]:
        """What the rules of all calls say of this lesson's class."""
        own = aim(self.request.level)
        words = (
            f"Explanations have {own.mean_words - 1} to {own.mean_words + 2} words a sentence on average, none above "
            f"{own.most_words}; neither shorter nor longer sentences are right for this class. They sound like this: "
            f"{own.sounds}"
        )
        return {
            "level": self._level,
            "aim": f"{words} Other words are those of CEFR {own.cefr} wherever possible.",
            "near": _NEAR if self.judge == RULES else "",
        }

    @property
    def _level(self) -> str:
        level = self.request.level
        return "students of about grade 7" if level == GENERAL else f"students of {level.replace('-', ' ')}"

    @property
    def _known(self) -> str:
        known = [given(each) for each in self.attempt.presumed]
        if not known:
            return ""
        return f"From the lessons before this one students know: {', '.join(known)}. Build on it; it belongs to prior."

    @property
    def _names(self) -> tuple[str, ...]:
        title = self.numbered.article.title
        return (title, split_title(title)[0], self.request.topic, self.request.subject)

    def _not_able(self, why: str) -> CheckFailed:
        model = self.calls.answered_by or self.calls.model or "the model"
        return CheckFailed(
            f"{model} is not able enough to write lessons: {why.rstrip('.')}. Nothing was saved.",
            hint="Choose a more able model with --model, or --writer extractive, which needs none.",
        )

    # ------------------------------------------------------------ what is kept of how it was made

    def spent_on(self, provenance: Provenance) -> Provenance:
        """The provenance with what all calls took so far, and with all prompts."""
        spent = self.attempt.spent()
        return provenance.model_copy(
            update={"tokens": spent.tokens, "cost": spent.cost, "prompt_sha256": self.calls.prompts_sha256}
        )

    def _provenance(self, started: float) -> Provenance:
        provenance = Provenance(
            writer=NAME,
            model=self.calls.answered_by or self.calls.model,
            seed=self.attempt.seed,
            temperature=self.calls.temperature,
            template=self.calls.template.mark,
            duration_seconds=round(time.monotonic() - started, 3),
            check=CheckSummary(passed=False, rules=0, layers=["deterministic"]),
            resolution=self.material.resolution or None,
            notices=[_LEFT_OUT.format(self.numbered.left_out)] if self.numbered.left_out else [],
        )
        return self.spent_on(provenance)


def _counted(number: int, thing: str = "") -> str:
    named = {1: "one", 2: "two", 3: "three"}.get(number, str(number))
    return f"{named} {thing}{'s' if number > 1 else ''}" if thing else named
