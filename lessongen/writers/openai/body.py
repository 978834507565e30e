"""The body of a lesson before it is put together: the sentences of each section, with what has to stand there too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lessongen.lesson.limits import FEWEST_WORDS
from lessongen.text.sentences import points_back
from lessongen.text.words import split_title, stems, word_count
from lessongen.writers.openai.asked import PlannedQuestion
from lessongen.writers.openai.outline import Outline, Topic, Word
from lessongen.writers.openai.passages import Numbered
from lessongen.writers.openai.prose import Line

_SOME_MORE = 10  # words, because other counts of words are possible
_MOST_ADDED = 6  # quotes, to reach the fewest words


class Body:
    """The lines of each section in reading order."""

    def __init__(self, lines: Iterable[Line], outline: Outline, numbered: Numbered) -> None:
        self._numbered = numbered
        self._topics = outline.topics
        self.sections: list[list[Line]] = []
        self.put(lines)

    @property
    def lines(self) -> Iterator[Line]:
        """All lines."""
        for section in self.sections:
            yield from section

    @property
    def words(self) -> int:
        """How many words the body has."""
        return sum(word_count(line.text) for line in self.lines)

    def section_of(self, number: int) -> int:
        """The section that teaches a sentence: where it is cited, or else where it was to be."""
        for index, section in enumerate(self.sections):
            if any(number in line.cites for line in section):
                return index
        return next((index for index, topic in enumerate(self._topics) if number in topic.numbers), 0)

    def name(self, word: Word) -> None:
        """See to it that a sentence of the body names the term, if need be by the quote that defines it."""
        wanted = set(stems(split_title(word.text)[0], keep_stopwords=True))
        if not any(wanted <= set(stems(line.text, keep_stopwords=True)) for line in self.lines):
            self._insert(word.number)

    def show(self, asked: PlannedQuestion) -> None:
        """See to it that what a question asks about stands in the body, with its key if that is words of the text."""
        key = set() if asked.is_statement else set(stems(asked.answer))
        said = [line for line in self.lines if asked.number in line.cites]
        if any(key <= set(stems(line.text)) for line in said):
            return
        alone = next((line for line in said if line.cites == (asked.number,)), None)
        if alone is None:
            self._insert(asked.number)
            return
        section = self.sections[alone.section]
        text = self._numbered[asked.number].text
        section[section.index(alone)] = Line(text=text, cites=alone.cites, section=alone.section, is_quote=True)

    def fill(self) -> None:
        """Add quotes that the sections were to teach until there are words enough, a few at most."""
        for _ in range(_MOST_ADDED):
            if self.words >= FEWEST_WORDS + _SOME_MORE:
                return
            shown = {number for line in self.lines for number in line.cites}
            free = [number for topic in self._topics for number in topic.numbers if number not in shown]
            alone = [number for number in free if not points_back(self._numbered[number].text)]
            if not alone:
                return
            self._insert(alone[0])

    def put(self, lines: Iterable[Line]) -> None:
        """Other lines in the place of all there are, each in its section, in the order given."""
        sections: list[list[Line]] = [[] for _ in self._topics]
        for line in lines:
            sections[line.section].append(line)
        self.sections = sections

    def _insert(self, number: int) -> None:
        """The quote in its section, before what cites later sentences, never between two that belong together."""
        passage = self._numbered[number]
        at = self.section_of(number)
        section = self.sections[at]
        if any(line.text == passage.text for line in self.lines):
            return
        place = next((index for index, line in enumerate(section) if min(line.cites) > number), len(section))
        while place < len(section) and points_back(section[place].text):
            place += 1
        section.insert(place, Line(text=passage.text, cites=(number,), section=at, is_quote=True))

    def kept_topics(self) -> list[tuple[Topic, Sequence[Line]]]:
        """The sections that have something to read."""
        return [(topic, lines) for topic, lines in zip(self._topics, self.sections, strict=True) if lines]
