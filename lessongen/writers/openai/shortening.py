"""Which copied sentences can be said more shortly, and how: a model chooses among cuts of each.

The cutting is the program's: a cut lacks nothing but parts that its sentence can do without, so it says less than
its quote and nothing else.
"""

from __future__ import annotations

import dataclasses
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from lessongen.text.asides import Aside, asides, without
from lessongen.text.sentences import points_back
from lessongen.text.words import stems, word_count
from lessongen.writers.openai.asked import PlannedQuestion
from lessongen.writers.openai.prose import Judge, Line

_SHORT = 12  # words; a sentence of no more than these needs no cutting
_MOST_PARTS = 3
_MOST_CUTS = 3  # besides the whole sentence


@dataclass(frozen=True, kw_only=True)
class Shortenable:
    """A line at a place of the prose, with all cuts of it: the shortest first, the whole quote last."""

    at: int
    line: Line
    texts: Sequence[str]

    @property
    def letters(self) -> str:
        """The letters that stand for the cuts."""
        return string.ascii_lowercase[: len(self.texts)]

    def chosen(self, letter: str) -> Line:
        """The line in the cut of that letter; the whole quote where there is none."""
        text = dict(zip(self.letters, self.texts, strict=True)).get(letter, self.line.text)
        return dataclasses.replace(self.line, text=text, is_quote=text == self.line.text)


def shortenable(
    lines: Sequence[Line], asked: Iterable[PlannedQuestion], terms: Iterable[str], judge: Judge, spare_words: int
) -> list[Shortenable]:
    """The quotes among the lines that can be shortened; the terms and what questions ask about stay in them.

    They lose at most so many words together. A line that another one points back to stays as it is.
    """
    questions = list(asked)
    named = [frozenset(stems(term, keep_stopwords=True)) for term in terms]
    found: list[Shortenable] = []
    for at, line in enumerate(lines):
        if not line.is_quote or word_count(line.text) <= _SHORT or _is_pointed_at(lines, at):
            continue
        about = [each for each in questions if each.number in line.cites]
        kept = {
            stem for each in about for stem in stems(f"{each.stem} {each.answer}" if _needs_all(each) else each.answer)
        }
        before = lines[at - 1] if at and lines[at - 1].section == line.section else None
        there = set(stems(line.text, keep_stopwords=True))
        kept |= {stem for term in named if term <= there for stem in term}
        parts = [part for part in asides(line.text) if _is_free(part, line.text, kept)][:_MOST_PARTS]
        cuts = [
            text
            for text in _cuts(line.text, parts)
            if judge.refusal(text, line.cites, before) is None and all(text != other.text for other in lines)
        ]
        if not cuts:
            continue
        most = word_count(line.text) - word_count(cuts[0])
        if most <= spare_words:
            spare_words -= most
            found.append(Shortenable(at=at, line=line, texts=[*cuts[:_MOST_CUTS], line.text]))
    return found


def _cuts(sentence: str, parts: Sequence[Aside]) -> list[str]:
    """The sentence without each set of parts, the shortest first."""
    sets = [chosen for count in range(1, len(parts) + 1) for chosen in combinations(parts, count)]
    return sorted({without(sentence, chosen) for chosen in sets} - {sentence}, key=lambda text: (len(text), text))


def _needs_all(asked: PlannedQuestion) -> bool:
    """Whether a question is answered from more than its key: a gap shows the rest of its sentence itself."""
    return asked.kind != "cloze"


def _is_free(part: Aside, sentence: str, kept: set[str]) -> bool:
    """Whether the sentence without the part still has all words to keep."""
    left = set(stems(without(sentence, [part]), keep_stopwords=True))
    return kept & set(stems(part.text, keep_stopwords=True)) <= left


def _is_pointed_at(lines: Sequence[Line], at: int) -> bool:
    after = lines[at + 1] if at + 1 < len(lines) else None
    return after is not None and after.section == lines[at].section and points_back(after.text)
