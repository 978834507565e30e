"""The marks of a lesson's sentences: the numbers by which a reader finds the quotes behind each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lessongen.exporters.shapes import Note, Told
from lessongen.lesson.edition import StudentLesson, renumbered_quotes, sources_in_order
from lessongen.system.printable import printable

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson


class Marks:
    """Numbers the quotes from 1 in the order in which they are asked for, which is to be that of reading."""

    def __init__(self, lesson: Lesson, view: StudentLesson, audience: Audience) -> None:
        names = renumbered_quotes(lesson)
        self._of_student = {name: own for own, name in names.items()}
        self._quotes = {quote.id: (source, quote) for source in sources_in_order(lesson) for quote in source.quotes}
        withheld = {quote.id for source in view.sources for quote in source.quotes if quote.text is None}
        self._withheld = {self._of_student[name] for name in withheld} if audience == "student" else set()
        self._names_sources = len(lesson.sources) > 1
        self._given: dict[str, int] = {}
        self._to_be_told: set[str] = set()

    def of_student(self, cites: Iterable[str], said: str = "") -> tuple[Note, ...]:
        """The marks of these quotes, by the student's edition's ids, at what is said on their grounds."""
        return self.of(map(self._of_student.__getitem__, cites), said)

    def of(self, cites: Iterable[str], said: str = "") -> tuple[Note, ...]:
        """The same by the lesson's own ids."""
        marks: dict[int, Note] = {}
        for cite in (cite for cite in cites if cite in self._quotes):
            if self._quotes[cite][1].text not in said:
                self._to_be_told.add(cite)
            is_first = cite not in self._given
            mark = self._given.setdefault(cite, len(self._given) + 1)
            marks.setdefault(mark, Note(mark=mark, is_first=is_first))
        return tuple(marks[mark] for mark in sorted(marks))

    def told(self) -> Iterator[Told]:
        """The quotes that marks lead to, by mark; of one that answers what students are asked, only where it stands."""
        for cite, mark in self._given.items():
            source, quote = self._quotes[cite]
            yield Told(
                mark=mark,
                text="" if cite in self._withheld else printable(quote.text),
                heading=printable(quote.section),
                source=printable(source.title) if self._names_sources else "",
                is_verbatim=cite not in self._to_be_told and cite not in self._withheld,
            )
