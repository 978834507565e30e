"""A lesson's questions for machines: what quiz formats render."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lessongen.exporters.body import stem_of as stem_in_words
from lessongen.exporters.fitting import ANY, become, told_stem
from lessongen.exporters.labels import of_answer
from lessongen.exporters.lines import labelled, signed
from lessongen.exporters.markup import sound
from lessongen.exporters.shapes import Picture, Sheet, worn
from lessongen.exporters.sheet import LICENCE_NOTE, lay_out
from lessongen.lesson.interactions import Fill, Interaction, Pair, Pick, Sort, Write
from lessongen.lesson.parts import question_numbers
from lessongen.system.printable import printable

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson
    from lessongen.lesson.questions.base import Question

_BLANK = "\N{EM DASH}"


@dataclass(frozen=True, kw_only=True)
class Item:
    """A question with all that is known of it, every text printable and none empty.

    `key` is the same from version to version, `term` is what is asked for or about, `why` tells of wrong options,
    `label` is what the answer is said to be, `told` what is said after answering, and `quotes` are the passages that
    bear it, each with its source. `lesson` is the number of its lesson in a file of several.
    """

    key: str
    term: str
    name: str
    stem: str
    asked: Interaction
    role: str
    told: str
    quotes: tuple[str, ...]
    why: Mapping[str, str]
    label: str | None = None
    picture: Picture | None = None
    lesson: int = 1

    @property
    def told_stem(self) -> str:
        """The stem with its drawing told, for a format that holds none."""
        return told_stem(self.stem, self.picture.alternative if self.picture else "")

    @property
    def feedback(self) -> tuple[str, ...]:
        """What is told after answering, a paragraph each."""
        points = self.asked.points if isinstance(self.asked, Write) else ()
        said = [worn(f"A good answer: {point}", self.label) for point in points] + ([self.told] if self.told else [])
        return (*said, *self.quotes)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why each wrong option is one, as a sentence that stands by itself."""
        return tuple(f"Why not {option}: {why}" for option, why in self.why.items())


@dataclass(frozen=True, kw_only=True)
class Quiz:
    """The questions of a lesson in the order in which it asks them; `credits` are its sources and their licences.

    `students_page` makes the page of what students read, for formats that have it beside the questions.
    """

    sheet: Sheet
    items: tuple[Item, ...]
    credits: tuple[str, ...]
    students_page: Callable[[], bytes]


def quiz_of(lesson: Lesson, audience: Audience, about: Mapping[str, Any], image: str = "") -> Quiz:
    """The lesson laid out, with its questions for machines; a student's edition has none of these."""
    sheet = lay_out(lesson, audience, about, image)
    numbers = question_numbers(lesson)
    texts = {quote.id: (source, quote) for source in lesson.sources for quote in source.quotes}
    pictures = {asked.number: asked.picture for asked in sheet.questions}
    items = [
        Item(
            key=question.id,
            term=question.term,
            name=f"Question {numbers[question.id]}",
            stem=stem_of(question),
            asked=asked_in(question),
            role=question.role,
            told=_told(question, [quote.text for _, quote in map(texts.__getitem__, question.cites)]),
            quotes=tuple(_quote(*texts[cite]) for cite in question.cites if cite in texts),
            why={text_of(each.option): sound(labelled(each.reason)) for each in question.why},
            label=of_answer(question),
            picture=pictures[numbers[question.id]],
        )
        for question in sorted(lesson.questions, key=lambda each: numbers[each.id])
    ]

    def students_page() -> bytes:
        from lessongen.exporters.page import page

        return page("lesson.html", lay_out(lesson, "student", about, image))

    return Quiz(
        sheet=sheet,
        items=() if audience == "student" else tuple(items),
        credits=tuple(map(sound, credits_of(sheet))),
        students_page=students_page,
    )


def stem_of(question: Question) -> str:
    """The stem; with what is listed under it where a person marks the answer."""
    layout = question.layout(question.shown())
    listed = [*layout.numbered, *layout.lettered] if isinstance(question.interaction(), Write) else []
    return text_of(" ".join([stem_in_words(question), *(["; ".join(listed)] if listed else [])]))


def _told(question: Question, quotes: Sequence[str]) -> str:
    """The feedback and who vouches for the key, where the quotes do not say so by themselves."""
    told = "" if question.feedback.text in quotes else labelled(question.feedback)
    by = signed(question)
    return sound(" ".join(filter(None, (told, f"[{by}]" if by else ""))))


def _quote(source: Any, quote: Any) -> str:
    place = ", ".join(filter(None, (printable(source.title), printable(quote.section))))
    return sound(f"“{printable(quote.text)}” ({place})")


def text_of(text: str) -> str:
    """A text printable, without what XML can't hold, and never empty."""
    return sound(printable(text)) or _BLANK


def asked_in(question: Question) -> Interaction:
    """How a program asks the question, with every text printable."""
    asked = question.interaction()
    if isinstance(asked, Pick):
        return replace(asked, options=tuple((text_of(text), is_right) for text, is_right in asked.options))
    if isinstance(asked, Fill):
        return replace(asked, answers=tuple(map(text_of, asked.answers)))
    if isinstance(asked, Pair):
        pairs = tuple((text_of(left), text_of(right)) for left, right in asked.pairs)
        return replace(asked, pairs=pairs, choices=tuple(map(text_of, asked.choices)))
    if isinstance(asked, Sort):
        return replace(asked, items=tuple(map(text_of, asked.items)))
    return replace(asked, points=tuple(map(text_of, asked.points)))


def credits_of(sheet: Sheet) -> Iterator[str]:
    yield f"{sheet.title}. {sheet.based_on}."
    for each in sheet.references:
        named = [each.title, each.attribution, each.licence, each.licence_url, each.url]
        yield ", ".join([*filter(None, named), f"retrieved {each.retrieved}"])
    if sheet.image:
        image = sheet.image
        yield ", ".join(filter(None, (image.title, image.author, image.licence, image.licence_url, image.page_url)))
    yield LICENCE_NOTE
    yield " · ".join(sheet.colophon)


def fitted(items: Iterable[Item], known: Collection[type[Interaction]], most_options: int = ANY) -> Iterator[Item]:
    """The items in the ways of asking that a format knows; what becomes several is numbered."""
    for item in items:
        pieces = become(item.asked, known, most_options)
        for number, piece in enumerate(pieces, 1):
            name = f"{item.name}, part {number}" if len(pieces) > 1 else item.name
            yield replace(item, name=name, asked=piece.asked, stem=piece.asks(item.stem))
