"""A skill practised on computed exercises: which topics it serves, what it draws, how a practice is put together.

An exercise's key is its module and what it asks about ("lessongen.computed.fractions: 3/4 + 1/6"), and can be read
off a stored question again: `keys_of`.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Protocol

from lessongen.lesson.model import Bloom, Example, Objective, Prose, Question, Statement
from lessongen.lesson.questions import composed
from lessongen.lesson.questions.base import Places, Solution
from lessongen.system.levels import grade_of
from lessongen.writers.computed import kinds, topics
from lessongen.writers.computed.exercise import Exercise, Numbers, Task, Worked, confirm, worked_from
from lessongen.writers.computed.writing import GAP, listed

_TRIES = 40
_TRIES_AT_A_KIND = 20  # in vain
_TRIES_AT_NEW_NUMBERS, _TRIES_AT_THE_END = 120, 500
_EASIER = 2  # grades
_FEWEST_EXAMPLES, _MOST_EXAMPLES = 2, 4
_JOINS = "; "
_MOST_CLEARLY_LONGEST = 0.3

Draw = Callable[[random.Random, int], Task | None]
"""Draws a task for a grade, or None where the numbers came out trivial or ugly."""
Show = Callable[[random.Random, int], Worked | None]


Tell = Callable[[random.Random, int, frozenset[str], Collection[str]], Iterable[str]]
"""Tells the lines of a table for a grade, the groups asked for and the terms that are shown or asked."""


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

    def taught(self, rng: random.Random, *, level: str) -> frozenset[str]:
        """The groups of forms that a practice from the same state of `rng` shows and asks."""

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
        forms = self._forms(grade)
        picked = _picked(forms, grade, rng)
        drawn = self._exercises(rng, grade, (_askable(forms, picked, grade), forms), questions, used)
        chosen = [exercise for _, exercise in drawn]
        # Each way that is asked is shown once; where nothing is asked, what would be.
        showing = [form for form in forms if form in ([forms[at] for at, _ in drawn] or picked)]
        done_by = {forms[at].draw: exercise.way for at, exercise in drawn}
        shown = list(_models(showing, grade, rng, chosen, done_by))
        terms = {term for each in chosen for term in each.covers} | {each.term for each in shown}
        objective = Objective(id=f"{self.name}-goal", bloom=self.objective[0], text=self._aim(showing))
        opening = f"Here you see how to {objective.text[0].lower()}{objective.text[1:]}"
        told = self.tell(rng, grade, self.groups, terms) if self.tell else ()
        return Practice(
            name=self.name,
            objectives=[objective],
            examples=[self._example(each) for each in shown],
            questions=self._questions(chosen, objective.id, rng),
            prose=[Prose(sentences=[self._statement(each) for each in (opening, *told)])],
        )

    def taught(self, rng: random.Random, *, level: str) -> frozenset[str]:
        """The groups of forms that a practice from the same state of `rng` shows and asks."""
        grade = grade_of(level)
        return frozenset(form.group for form in _picked(self._forms(grade), grade, rng))

    def _forms(self, grade: int) -> list[Form]:
        return _for_grade([form for form in self.forms if self._is_asked(form.group)], grade)

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

    def _aim(self, forms: Sequence[Form]) -> str:
        """What one learns by practice of these forms."""
        groups = {form.group for form in forms}
        told = [aim for group, aim in self.aims.items() if group in groups]
        return f"{told[0][0].upper()}{listed(told)[1:]}." if told else self.objective[1]

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
    ) -> list[tuple[int, Exercise]]:
        """As many exercises as wanted, of kinds and forms that take turns, those of simple forms first.

        Each with the place of its form.

        Of the first forms, and of all where those have nothing fresh any more. No form comes twice in one kind, and
        nothing is worked out on the numbers of another exercise, as long as there is something else.
        """
        first, forms = of
        chosen: list[tuple[int, Exercise]] = []
        taken: set[str] = set()
        numbers: set[Numbers] = set()
        kinds_taken: Counter[str] = Counter()
        forms_taken: Counter[int] = Counter()
        ways: defaultdict[int, set[str]] = defaultdict(set)
        stems: set[str] = set()
        done_by: dict[Draw, str] = {}
        tried: Counter[tuple[Draw, str]] = Counter()
        longest = 0
        plan = [
            (_TRIES, first, True, True, True),
            (_TRIES_AT_NEW_NUMBERS, first, True, True, True),
            (_TRIES_AT_NEW_NUMBERS, first, True, True, False),
            (_TRIES_AT_THE_END, first, True, False, False),
            (_TRIES_AT_THE_END, forms, True, False, False),
            (_TRIES, forms, False, False, False),
        ]
        while len(chosen) < wanted and plan:
            tries, open_forms, is_fresh, is_new, is_other = plan[0]
            for _ in range(tries):
                form = min(open_forms, key=lambda each: (forms_taken[forms.index(each)], rng.random()))
                form = form if tries == _TRIES else rng.choice(open_forms)
                index = forms.index(form)
                exercise = self._made(form, rng, grade, kinds_taken, ways[index] if is_other else (), tried)
                if exercise is None:
                    continue
                if done_by.get(form.draw, exercise.way) != exercise.way:
                    continue
                keys = {self._key(term) for term in exercise.covers}
                is_longest = _is_longest(exercise)
                told = _told_apart(exercise)
                if keys & taken or stems & told or (is_fresh and keys & set(used)):
                    continue
                if is_new and exercise.numbers & numbers:
                    continue
                if is_longest and longest + 1 > _MOST_CLEARLY_LONGEST * (kinds_taken["choice"] + 1):
                    continue
                confirm(exercise)
                chosen.append((index, exercise))
                taken |= keys
                numbers |= exercise.numbers
                stems |= told
                ways[index].add(exercise.kind)
                done_by[form.draw] = exercise.way
                kinds_taken[exercise.kind] += 1
                forms_taken[index] += 1
                longest += is_longest
                break
            else:
                plan.pop(0)
        return sorted(chosen, key=lambda each: each[0])

    def _made(
        self,
        form: Form,
        rng: random.Random,
        grade: int,
        taken: Mapping[str, int],
        but: Collection[str],
        tried: Counter[tuple[Draw, str]],
    ) -> Exercise | None:
        """One exercise of the form, of the kind that came least so far and can be made of it; none of kinds `but`."""
        task = form.draw(rng, grade)
        if task is None:
            return None
        ways = sorted(
            [each for each in (*task.kinds, *(kinds.EVERYWHERE if task.ask else ())) if each not in but],
            key=lambda each: (kinds.weight(each) * taken.get(each, 0), rng.random()),
        )
        drawn = partial(form.draw, rng, grade)
        for way in ways:
            if tried[form.draw, way] < _TRIES_AT_A_KIND:
                exercise = kinds.made(way, task, drawn, rng, order_stem=self.order_stem)
                if exercise is not None:
                    return exercise
                tried[form.draw, way] += 1
        return None

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


def _told_apart(exercise: Exercise) -> frozenset[str]:
    """What no other exercise of a practice may share: its stem with its drawing, and a sentence that is filled in."""
    if len(exercise.covers) > 1:
        return frozenset(exercise.covers[:1])
    drawn = f" {exercise.drawing.alternative}" if exercise.drawing else ""
    sentences = (part.strip("“”. ") for part in exercise.stem.split(": ") if GAP in part)
    return frozenset((exercise.stem + drawn, *(f"{each}{drawn}" for each in sentences)))


def _shown(form: Form, rng: random.Random, grade: int) -> Worked | None:
    return form.show(rng, grade) if form.show else worked_from(form.draw(rng, grade))


def _picked(forms: Sequence[Form], grade: int, rng: random.Random) -> list[Form]:
    """What one practice shows and asks, from simple to hard: the simplest form, and of the others other groups first.

    Each way to draw once.
    """
    of_each = {form.draw: form for form in forms if _can_be_shown(form, grade)}
    first, later = list(of_each.values())[:1], list(of_each.values())[1:]
    shuffled = rng.sample(later, len(later))
    anew = {form.group: form for form in shuffled if form.group != first[0].group}.values() if first else ()
    picked = [*first, *[*anew, *(form for form in shuffled if form not in anew)][: _MOST_EXAMPLES - 1]]
    return sorted(picked, key=forms.index)


def _askable(forms: Sequence[Form], picked: Sequence[Form], grade: int) -> list[Form]:
    """What can be asked where these are shown: they, and of their groups what has no steps to show."""
    draws, groups = {form.draw for form in picked}, {form.group for form in picked}
    return [
        form for form in forms if form.draw in draws or (form.group in groups and not _can_be_shown(form, grade))
    ] or list(forms)


def _models(
    forms: Sequence[Form], grade: int, rng: random.Random, asked: Sequence[Exercise], done_by: Mapping[Draw, str]
) -> Iterator[Worked]:
    """An example of each of these forms, the first with easy numbers; with other numbers than what is asked."""
    seen = {term for each in asked for term in each.covers}
    numbers = frozenset[Numbers]().union(*(each.numbers for each in asked))
    showable = list({form.draw: form for form in forms if _can_be_shown(form, grade)}.values())[:_MOST_EXAMPLES]
    for form in showable * _FEWEST_EXAMPLES if len(showable) == 1 else showable:
        easy = max(form.lowest, min(grade, form.highest) - _EASIER) if form is forms[0] else grade
        for tries in range(_TRIES_AT_THE_END):
            worked = _shown(form, rng, easy if tries < _TRIES else grade)
            is_new = worked is not None and (tries > _TRIES_AT_NEW_NUMBERS or not worked.numbers & numbers)
            if worked is None or not is_new or worked.way not in ("", done_by.get(form.draw, worked.way)):
                continue
            if worked.term not in seen:
                confirm(worked)
                seen.add(worked.term)
                yield worked
                break


@cache
def _can_be_shown(form: Form, grade: int) -> bool:
    """Whether there is something to show of it: reasoning of two steps at least."""
    return any(_shown(form, rng, grade) is not None for rng in _some())


def _some() -> Iterator[random.Random]:
    return (random.Random(seed) for seed in range(_TRIES))  # noqa: S311 - choices, not secrets


def _is_longest(exercise: Exercise) -> bool:
    return bool(exercise.wrong) and all(len(exercise.answer) > len(option) for option in exercise.wrong)


def _solution(exercise: Exercise, rng: random.Random) -> Solution:
    wrong = list(exercise.wrong)
    rng.shuffle(wrong)
    return Solution(answer=exercise.answer, wrong=wrong, pairs=exercise.pairs, items=exercise.items)
