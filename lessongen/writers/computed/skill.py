"""A skill practised on computed exercises: which topics it serves, what it draws, how a practice is put together.

An exercise's key is its module and what it asks about ("lessongen.computed.fractions: 3/4 + 1/6"), and can be read
off a stored question again: `keys_of`.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Protocol

from lessongen.lesson.model import Bloom, Example, Objective, Prose, Question, Statement
from lessongen.lesson.questions import composed
from lessongen.lesson.questions.base import Places, Solution
from lessongen.system.levels import grade_of
from lessongen.writers.computed import kinds, topics
from lessongen.writers.computed.exercise import Exercise, Numbers, Task, Worked, confirm, worked_from
from lessongen.writers.computed.writing import listed

_TRIES = 40
_TRIES_AT_NEW_NUMBERS, _TRIES_AT_THE_END = 200, 1500
_EASIER = 2  # grades
_FEWEST_EXAMPLES, _MOST_EXAMPLES = 2, 3
_JOINS = "; "
_MOST_CLEARLY_LONGEST = 0.3

Draw = Callable[[random.Random, int], Task | None]
"""Draws a task for a grade, or None where the numbers came out trivial or ugly."""
Show = Callable[[random.Random, int], Worked | None]


@dataclass(frozen=True, kw_only=True)
class Told:
    """A line of a table, with the terms that it gives away and that are no exercise any more."""

    text: str
    terms: frozenset[str]


Tell = Callable[[random.Random, int, frozenset[str]], Sequence[Told]]
"""Tells the lines of a table for a grade and the groups asked for."""


@dataclass(frozen=True, kw_only=True)
class Practice:
    """Parts of a lesson that are computed. Ids begin with the module's name; all questions serve its objectives.

    `prose` says in words of the objective what is shown, and holds tables of forms where a skill has some.
    """

    name: str
    objectives: Sequence[Objective]
    examples: Sequence[Example]
    questions: Sequence[Question]
    prose: Sequence[Prose] = ()


class Module(Protocol):
    """What computes practice for a skill."""

    @property
    def name(self) -> str:
        """One word or several with hyphens, the beginning of the ids that it gives out."""

    @property
    def by(self) -> str:
        """What its parts are signed with."""

    @property
    def groups(self) -> frozenset[str]:
        """What of the skill a topic asks for; empty for all of it."""

    def fits(self, subject: str, topic: str) -> float:
        """How well it serves a topic of that subject, from 0 (not at all) to 1."""

    def practice(self, rng: random.Random, *, level: str, questions: int, used: Collection[str]) -> Practice:
        """Worked examples and so many questions, fewer where the skill bears no more; none whose key is in `used`
        while others are left. The same for the same state of `rng`."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """A way to draw tasks. `group` is what a narrower topic picks it by ("add"); grades are inclusive.

    `show` is how a worked example of it is made; without it, of one of its tasks with the reasoning as the steps.
    """

    draw: Draw
    group: str = ""
    lowest: int = 1
    highest: int = 12
    show: Show | None = None


@dataclass(frozen=True, kw_only=True)
class Skill:
    """A module made of forms, the simple ones first. `order_stem` is asked where labels are put in order by size.

    `aims` say what one learns of each group; where there are some, a practice promises those that it asks and no other.
    """

    name: str
    by: str
    scope: topics.Scope
    objective: tuple[Bloom, str]
    forms: Sequence[Form]
    tell: Tell | None = None
    groups: frozenset[str] = field(default=frozenset())
    aims: Mapping[str, str] = field(default_factory=dict)
    order_stem: str = "Put these in order, the smallest value first."

    def fits(self, subject: str, topic: str) -> float:
        """How well it serves a topic of that subject, from 0 (not at all) to 1."""
        return self.scope.fits(subject, topic)

    def narrowed(self, topic: str) -> Skill:
        """The same with what the topic asks for alone: "adding fractions" has no division."""
        return replace(self, groups=self.scope.groups_of(topic))

    def practice(self, rng: random.Random, *, level: str, questions: int, used: Collection[str]) -> Practice:
        """Worked examples and questions with confirmed keys, easier or harder by level.

        Raises `Disagreement` where a second computation does not confirm a key.
        """
        grade = grade_of(level)
        told = list(self.tell(rng, grade, self.groups)) if self.tell else []
        forms = _for_grade([form for form in self.forms if self._is_asked(form.group)], grade)
        showable = _showable(forms, grade)
        models = list(_models(showable, rng, grade))
        shown = [worked for worked, _ in models]
        given = {each.term for each in shown}.union(*(line.terms for line in told))
        # What is shown first is asked, with what is of its group or needs no showing; the rest is for another version.
        unshown = {form.draw for form in showable} - {form.draw for _, form in models}
        modelled = {form.group for _, form in models}
        asked = [form for form in forms if form.draw not in unshown or form.group in modelled - {""}]
        numbers = frozenset[Numbers]().union(*(each.numbers for each in shown))
        drawn = self._exercises(rng, grade, (asked, forms), questions, used, (given, numbers))
        chosen = [exercise for _, exercise in drawn]
        wanted = {forms[at].group for at, _ in drawn} or modelled
        objective = Objective(id=f"{self.name}-goal", bloom=self.objective[0], text=self._aim(wanted))
        return Practice(
            name=self.name,
            objectives=[objective],
            examples=[self._example(each) for each in shown],
            questions=self._questions(chosen, objective.id, rng),
            prose=[
                Prose(
                    sentences=[
                        self._statement(each)
                        for each in (*self._opening(modelled, wanted), *(line.text for line in told))
                    ]
                )
            ],
        )

    # ------------------------------------------------------------ examples

    def _example(self, worked: Worked) -> Example:
        return Example(
            problem=worked.problem,
            steps=[self._statement(step) for step in worked.steps],
            answer=worked.answer,
            origin="computed",
            by=self.by,
            drawing=worked.drawing,
        )

    def _aim(self, groups: Collection[str]) -> str:
        """What one learns by practice of these groups."""
        told = [aim for group, aim in self.aims.items() if group in groups]
        return f"{told[0][0].upper()}{listed(told)[1:]}." if told else self.objective[1]

    def _opening(self, modelled: Collection[str], asked: Collection[str]) -> Iterator[str]:
        """What the examples show, and what else is asked; so an objective has no word that the lesson doesn't."""
        aim = self._aim(modelled)
        more = [each for group, each in self.aims.items() if group in asked and group not in modelled]
        yield f"Here you see how to {aim[0].lower()}{aim[1:]}"
        if more:
            yield f"After that you also {listed(more)}."

    def _statement(self, text: str) -> Statement:
        return Statement(text=text, origin="computed", by=self.by)

    def _is_asked(self, group: str) -> bool:
        return not self.groups or not group or group in self.groups

    # ------------------------------------------------------------ exercises

    def _exercises(
        self,
        rng: random.Random,
        grade: int,
        of: tuple[Sequence[Form], Sequence[Form]],
        wanted: int,
        used: Collection[str],
        shown: tuple[Collection[str], Collection[Numbers]],
    ) -> list[tuple[int, Exercise]]:
        """As many exercises as wanted, of kinds and forms that take turns, those of simple forms first.

        Each with the place of its form.

        Of the first forms, and of all where those have nothing fresh any more. What is worked out on the numbers of an
        example or of another exercise comes last: who has seen that knows the answer.
        """
        modelled, forms = of
        chosen: list[tuple[int, Exercise]] = []
        # An example's own problem is no exercise; its term never is free again.
        taken = {self._key(term) for term in shown[0]}
        numbers = set(shown[1])
        kinds_taken: Counter[str] = Counter()
        forms_taken: Counter[int] = Counter()
        stems: set[str] = set()
        longest = 0
        plan = [
            (_TRIES, modelled, True, True),
            (_TRIES_AT_NEW_NUMBERS, modelled, True, True),
            (_TRIES_AT_THE_END, modelled, True, False),
            (_TRIES_AT_THE_END, forms, True, False),
            (_TRIES, forms, False, False),
        ]
        while len(chosen) < wanted and plan:
            tries, open_forms, is_fresh, is_new = plan[0]
            for _ in range(tries):
                form = min(open_forms, key=lambda each: (forms_taken[forms.index(each)], rng.random()))
                form = form if tries == _TRIES else rng.choice(open_forms)
                index = forms.index(form)
                exercise = self._made(form, rng, grade, kinds_taken)
                if exercise is None:
                    continue
                keys = {self._key(term) for term in exercise.covers}
                is_longest = _is_longest(exercise)
                stem = _told_apart(exercise)
                if keys & taken or stem in stems or (is_fresh and keys & set(used)):
                    continue
                if is_new and exercise.numbers & numbers:
                    continue
                if is_longest and longest + 1 > _MOST_CLEARLY_LONGEST * (kinds_taken["choice"] + 1):
                    continue
                confirm(exercise)
                chosen.append((index, exercise))
                taken |= keys
                numbers |= exercise.numbers
                stems.add(stem)
                kinds_taken[exercise.kind] += 1
                forms_taken[index] += 1
                longest += is_longest
                break
            else:
                plan.pop(0)
        return sorted(chosen, key=lambda each: each[0])

    def _made(self, form: Form, rng: random.Random, grade: int, taken: Mapping[str, int]) -> Exercise | None:
        """One exercise of the form, of the kind that came least so far and can be made of it."""
        task = form.draw(rng, grade)
        if task is None:
            return None
        ways = sorted(
            (*task.kinds, *(kinds.EVERYWHERE if task.ask else ())),
            key=lambda each: (kinds.weight(each) * taken.get(each, 0), rng.random()),
        )
        drawn = partial(form.draw, rng, grade)
        made = (kinds.made(way, task, drawn, rng, order_stem=self.order_stem) for way in ways)
        return next(filter(None, made), None)

    def _key(self, term: str) -> str:
        return f"{self.by}: {term}"

    # ------------------------------------------------------------ questions

    def _questions(self, chosen: Sequence[Exercise], objective: str, rng: random.Random) -> list[Question]:
        places = Places(rng)
        return [
            composed(
                exercise.kind,
                _solution(exercise, rng),
                places,
                id=f"{self.name}-{number}",
                objective=objective,
                bloom=exercise.bloom,
                stem=exercise.stem,
                term=_JOINS.join(exercise.covers),
                feedback=self._statement(" ".join(exercise.why)),
                origin="computed",
                by=self.by,
                drawing=exercise.drawing,
            )
            for number, exercise in enumerate(chosen, 1)
        ]


def keys_of(question: Question) -> frozenset[str]:
    """The keys of a computed question, as `practice` takes them in `used`: one, or one for each item that it lists."""
    if question.origin != "computed":
        return frozenset()
    return frozenset(f"{question.by}: {term}" for term in question.term.split(_JOINS))


def _for_grade(forms: Sequence[Form], grade: int) -> list[Form]:
    """Those for the grade; where it has none, the ones that come nearest."""
    distance = min((_distance(form, grade) for form in forms), default=0)
    return [form for form in forms if _distance(form, grade) == distance]


def _distance(form: Form, grade: int) -> int:
    return max(form.lowest - grade, grade - form.highest, 0)


def _told_apart(exercise: Exercise) -> str:
    """What no other exercise of a practice may share: its stem, with what is drawn under it."""
    if len(exercise.covers) > 1:
        return exercise.covers[0]
    return f"{exercise.stem} {exercise.drawing.alternative}" if exercise.drawing else exercise.stem


def _shown(form: Form, rng: random.Random, grade: int) -> Worked | None:
    return form.show(rng, grade) if form.show else worked_from(form.draw(rng, grade))


def _models(showable: Sequence[Form], rng: random.Random, grade: int) -> Iterator[tuple[Worked, Form]]:
    """Two or three examples, from simple to hard: of the simplest form with easy numbers, and of other groups first."""
    first, later = showable[:1], showable[1:]
    shuffled = rng.sample(later, len(later))
    anew = {form.group: form for form in shuffled if form.group != first[0].group}.values() if first else ()
    picked = [*anew, *(form for form in shuffled if form not in anew)][: _MOST_EXAMPLES - 1]
    picked.sort(key=later.index)
    seen: set[str] = set()
    for form in [*first, *picked] if picked else [*first] * _FEWEST_EXAMPLES:
        for _ in range(_TRIES_AT_THE_END):
            worked = _shown(form, rng, grade if seen else max(form.lowest, min(grade, form.highest) - _EASIER))
            if worked is not None and worked.term not in seen:
                confirm(worked)
                seen.add(worked.term)
                yield worked, form
                break


def _showable(forms: Sequence[Form], grade: int) -> Sequence[Form]:
    """The forms that examples are made of: such as need no options, if there are some, each way to draw once."""
    of_each = {form.draw: form for form in forms if _can_be_shown(form, grade)}.values()
    return [form for form in of_each if _is_open(form, grade)] or list(of_each)


@cache
def _can_be_shown(form: Form, grade: int) -> bool:
    """Whether there is something to show of it: reasoning of two steps at least."""
    return any(_shown(form, rng, grade) is not None for rng in _some())


@cache
def _is_open(form: Form, grade: int) -> bool:
    """Whether its tasks are asked without options, too."""
    return any("short" in task.kinds for task in (form.draw(rng, grade) for rng in _some()) if task)


def _some() -> Iterator[random.Random]:
    return (random.Random(seed) for seed in range(_TRIES))  # noqa: S311 - choices, not secrets


def _is_longest(exercise: Exercise) -> bool:
    return bool(exercise.wrong) and all(len(exercise.answer) > len(option) for option in exercise.wrong)


def _solution(exercise: Exercise, rng: random.Random) -> Solution:
    wrong = list(exercise.wrong)
    rng.shuffle(wrong)
    return Solution(answer=exercise.answer, wrong=wrong, pairs=exercise.pairs, items=exercise.items)
