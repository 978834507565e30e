"""A lesson changed: parts taken out, put in or replaced, and what then hangs in the air put in order.

Lessons are immutable, so each change makes another one. What a lesson had keeps its ids; what is put in gets new ones
where its own are taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Self, TypeVar, cast

from lessongen.lesson import model
from lessongen.lesson.model import Lesson
from lessongen.lesson.place import Place
from lessongen.lesson.statement import Model

T = TypeVar("T")


class Editor:
    """One lesson while it is changed: `lesson` is what has become of it. Each change gives the editor again."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self._taken = set(_ids_of(lesson))

    def put(self, **parts: Any) -> Self:
        """Replace whole fields of the lesson."""
        self.lesson = self.lesson.model_copy(update=parts)
        return self

    def free(self, name: str) -> str:
        """The name, or where it is an id already the next number of it that is none; it is taken from now on."""
        stem = re.sub(r"\d+$", "", name)
        number = 1
        while name in self._taken:
            name, number = f"{stem}{number}", number + 1
        self._taken.add(name)
        return name

    # ------------------------------------------------------------ sources

    def carry(self, piece: T, sources: Iterable[model.Source]) -> T:
        """A piece that cites quotes of these sources, citing the same quotes of this lesson, where they are added."""
        of_quote = {quote.id: (source, quote) for source in sources for quote in source.quotes}

        def here(cite: str) -> str:
            return self._cite(*of_quote[cite]) if cite in of_quote else cite

        return with_cites(piece, here)

    def open_with(self, article: model.Source) -> Self:
        """Have the sources begin with that one: the first is what the lesson is about."""
        at = self._place_of(article)
        sources = self.lesson.sources
        return self.put(sources=[sources[at], *sources[:at], *sources[at + 1 :]])

    def prune_sources(self) -> Self:
        """Take out the quotes that nothing cites, and sources but the first that then have none left."""
        cited = set(cites_of(self.lesson))
        first, *others = (
            source.model_copy(update={"quotes": [quote for quote in source.quotes if quote.id in cited]})
            for source in self.lesson.sources
        )
        return self.put(sources=[first, *(source for source in others if source.quotes)])

    def _cite(self, source: model.Source, quote: model.Quote) -> str:
        at = self._place_of(source)
        mine = self.lesson.sources[at]
        for each in mine.quotes:
            if each.text == quote.text:
                return each.id
        name = self.free(f"{mine.id}.{len(mine.quotes) + 1}")
        added = mine.model_copy(update={"quotes": [*mine.quotes, quote.model_copy(update={"id": name})]})
        self.put(sources=[*self.lesson.sources[:at], added, *self.lesson.sources[at + 1 :]])
        return name

    def _place_of(self, source: model.Source) -> int:
        """Where the source of that text stands; it is added, without quotes, where it isn't there."""
        for at, each in enumerate(self.lesson.sources):
            if each.text_sha256 == source.text_sha256:
                return at
        added = source.model_copy(update={"id": self.free(source.id), "quotes": []})
        self.put(sources=[*self.lesson.sources, added])
        return len(self.lesson.sources) - 1

    # ------------------------------------------------------------ what goes

    def take_out(self, gone: Collection[Place]) -> Self:
        """Take out the items of lists at these places, with blocks and sections that are then empty."""
        self.lesson = _without(self.lesson, Place(()), frozenset(gone), _on_the_way_to(gone))
        asked = {question.id for question in self.lesson.questions}
        sections = [
            section.model_copy(update={"blocks": [each for each in section.blocks if _is_filled(each, asked)]})
            for section in self.lesson.sections
        ]
        return self.put(sections=_numbered([section for section in sections if section.blocks]))

    def change(self, changes: Mapping[Place, Callable[[Any], Any]]) -> Self:
        """Put what each function makes of the part at its place there."""
        self.lesson = _changed(self.lesson, Place(()), changes, _on_the_way_to(changes))
        return self

    def keep_questions(self, kept: Collection[str]) -> Self:
        """Keep only the questions of these ids; objectives, quotes and sources that then serve nothing go too."""
        self.put(sections=without_checks(self.lesson.sections, kept))
        return self.ask([question for question in self.lesson.questions if question.id in kept])

    def ask(self, questions: Sequence[model.Question]) -> Self:
        """Have these questions, the objectives that they ask about, and the quotes that are cited."""
        asked = {question.objective for question in questions}
        self.put(
            objectives=[goal for goal in self.lesson.objectives if goal.id in asked],
            questions=list(questions),
            sections=[
                phase.model_copy(update={"objectives": [goal for goal in phase.objectives if goal in asked]})
                for phase in self.lesson.sections
            ],
        )
        return self.add_minutes().prune_sources()

    # ------------------------------------------------------------ what hangs together

    def ask_beside(self, question: model.Question, other: str) -> Self:
        """Ask one more question, under an id of its own, behind each place where the question of that id is asked."""
        added = question.model_copy(update={"id": self.free("q1")})
        places = [model.Check(question=other), model.Check(question=added.id)]
        sections = [
            section.model_copy(
                update={"blocks": [new for each in section.blocks for new in (places if each == places[0] else [each])]}
            )
            for section in self.lesson.sections
        ]
        return self.put(questions=[*self.lesson.questions, added], sections=sections)

    def add_minutes(self) -> Self:
        """Have the lesson take as many minutes as its sections."""
        return self.put(minutes=sum(section.minutes for section in self.lesson.sections))

    def share_minutes(self, total: int, kept: Collection[str]) -> Self:
        """Have the sections take that many minutes where those that are not kept can make up for it, longest first."""
        sections = list(self.lesson.sections)
        left = total - sum(section.minutes for section in sections)
        for at in sorted(_open_sections(sections, kept), key=lambda at: -sections[at].minutes):
            change = max(left, 1 - sections[at].minutes)
            sections[at] = sections[at].model_copy(update={"minutes": sections[at].minutes + change})
            left -= change
        return self.put(sections=sections).add_minutes()

    def serve_objectives(self, kept: Collection[str]) -> Self:
        """See to it that each objective has a question and a section, or take it out where no part of `kept` needs it.

        `kept` are keys (`parts.Part.key`); only questions and sections of others are given to other objectives.
        """
        lesson = self.lesson
        needed = {name for each in lesson.sections if f"section:{each.id}" in kept for name in each.objectives}
        needed |= {each.objective for each in lesson.questions if f"question:{each.id}" in kept}
        if "objectives" in kept:
            needed = {each.id for each in lesson.objectives}
        questions = list(lesson.questions)
        free = [at for at, each in enumerate(questions) if f"question:{each.id}" not in kept]
        asked = [question.objective for question in questions]
        for name in sorted(needed - set(asked)):
            spare = next((at for at in free if asked.count(asked[at]) > 1), None)
            if spare is not None:
                asked[spare] = name
                questions[spare] = questions[spare].model_copy(update={"objective": name})
        objectives = [each for each in lesson.objectives if each.id in asked or each.id in needed]
        names = [each.id for each in objectives]
        sections = list(lesson.sections)
        is_open = _open_sections(sections, kept)
        for at in is_open:
            serving = [name for name in sections[at].objectives if name in names]
            sections[at] = sections[at].model_copy(update={"objectives": serving})
        served = {name for section in sections for name in section.objectives}
        if is_open:
            serving = [*sections[is_open[-1]].objectives, *(name for name in names if name not in served)]
            sections[is_open[-1]] = sections[is_open[-1]].model_copy(update={"objectives": serving})
        return self.put(questions=questions, objectives=objectives, sections=sections)


def _numbered(sections: Sequence[model.Section]) -> list[model.Section]:
    """The sections with their cycles numbered from 1 without a gap."""
    cycles = sorted({each.cycle for each in sections if each.cycle is not None})
    numbers = {cycle: number for number, cycle in enumerate(cycles, 1)}
    return [each if each.cycle is None else each.model_copy(update={"cycle": numbers[each.cycle]}) for each in sections]


def without_checks(phases: Sequence[model.Section], kept: Collection[str]) -> list[model.Section]:
    """The sections without the places where other questions are asked; one that has nothing else goes.

    Its minutes go to the section before it, or else to the one after.
    """
    left: list[model.Section] = []
    over = 0
    for phase in phases:
        blocks = [block for block in phase.blocks if not isinstance(block, model.Check) or block.question in kept]
        if not blocks:
            over += phase.minutes
            continue
        left.append(phase.model_copy(update={"blocks": blocks, "minutes": phase.minutes + over}))
        over = 0
    if over and left:
        left[-1] = left[-1].model_copy(update={"minutes": left[-1].minutes + over})
    return left


# ---------------------------------------------------------------- walking through a lesson


def cites_of(part: object) -> Iterator[str]:
    """All ids of quotes that a part of a lesson cites, in order."""
    if isinstance(part, Model):
        yield from getattr(part, "cites", ())
        for name in type(part).model_fields:
            yield from cites_of(getattr(part, name))
    elif isinstance(part, (list, tuple)):
        for each in part:
            yield from cites_of(each)


def with_cites(part: T, change: Callable[[str], str]) -> T:
    """A part of a lesson with each of its cites changed."""
    if isinstance(part, list):
        return cast(T, [with_cites(each, change) for each in part])
    if not isinstance(part, Model):
        return part
    inner = {name: with_cites(getattr(part, name), change) for name in type(part).model_fields if name != "cites"}
    cites: Sequence[str] | None = getattr(part, "cites", None)
    if cites is not None:
        inner["cites"] = list(dict.fromkeys(map(change, cites)))
    return part.model_copy(update=inner)


def quotes_of(sources: Iterable[model.Source]) -> dict[str, model.Quote]:
    """Each quote of the sources by its id."""
    return {quote.id: quote for source in sources for quote in source.quotes}


def sentences_of(section: model.Section) -> list[model.Statement]:
    """The sentences of a section's running text."""
    return [each for block in section.blocks if isinstance(block, model.Prose) for each in block.sentences]


def asked_in(section: model.Section) -> list[str]:
    """The ids of the questions that a section asks."""
    return [block.question for block in section.blocks if isinstance(block, model.Check)]


def is_computed(part: model.Question | model.Example) -> bool:
    """Whether a computation vouches for the answer."""
    return part.origin == "computed"


def _ids_of(lesson: Lesson) -> Iterator[str]:
    """All ids of a lesson: of objectives, sections, questions, sources and quotes."""
    for parts in (lesson.objectives, lesson.sections, lesson.questions, lesson.sources):
        yield from (each.id for each in parts)
    yield from quotes_of(lesson.sources)


def _on_the_way_to(places: Iterable[Place]) -> frozenset[Place]:
    """All that these places are in."""
    return frozenset(Place(place.steps[:end]) for place in places for end in range(len(place.steps)))


def _without(part: T, place: Place, gone: frozenset[Place], outer: frozenset[Place]) -> T:
    if place not in outer:
        return part
    if isinstance(part, list):
        places = ((place.at(at), each) for at, each in enumerate(part))
        return cast(T, [_without(each, where, gone, outer) for where, each in places if where not in gone])
    if not isinstance(part, Model):
        return part
    fields = {name: getattr(part, name) for name in type(part).model_fields}
    return part.model_copy(update={name: _without(each, place.at(name), gone, outer) for name, each in fields.items()})


def _changed(part: T, place: Place, changes: Mapping[Place, Callable[[Any], Any]], outer: frozenset[Place]) -> T:
    if place in changes:
        part = changes[place](part)
    if place not in outer:
        return part
    if isinstance(part, list):
        return cast(T, [_changed(each, place.at(at), changes, outer) for at, each in enumerate(part)])
    if not isinstance(part, Model):
        return part
    fields = {name: getattr(part, name) for name in type(part).model_fields}
    return part.model_copy(
        update={name: _changed(each, place.at(name), changes, outer) for name, each in fields.items()}
    )


def _is_filled(block: object, questions: Collection[str]) -> bool:
    if isinstance(block, model.Check):
        return block.question in questions
    if isinstance(block, model.Table):
        return bool(block.rows)
    if isinstance(block, model.Timeline):
        return len(block.entries) >= model.FEWEST_ENTRIES
    return not isinstance(block, model.Prose) or bool(block.sentences)


def _open_sections(sections: Sequence[model.Section], kept: Collection[str]) -> list[int]:
    return [at for at, each in enumerate(sections) if f"section:{each.id}" not in kept]
