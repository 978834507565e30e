"""A model's sentences: read, judged by the support check and by a second model call, rewritten once, or replaced.

Nothing doubtful stays in the model's words: what is refused twice gives way to its quote, or is left out.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from lessongen.check.word_rules import Refusal, refusal
from lessongen.text.sentences import is_whole, points_back, split_sentences
from lessongen.text.words import stems, word_count
from lessongen.writers.openai.passages import Numbered
from lessongen.writers.openai.plain import Recitation, plain

_MOST_WORDS = 45
_MUCH = 0.8  # of the words of two sentences on one quote, beyond which one of them is enough

Layer = Literal["deterministic", "model"]


@dataclass(frozen=True, kw_only=True)
class Line:
    """A sentence of a section with the numbers that it cites; `is_quote` if it is the cited sentence itself,
    `is_anew` if the model wrote it a second time."""

    text: str
    cites: tuple[int, ...]
    section: int
    is_quote: bool = False
    is_anew: bool = False
    refused: Refusal | None = None


class Judge:
    """The deterministic layer: what keeps a sentence out of a lesson, the form first, then the quotes."""

    def __init__(self, numbered: Numbered, recitation: Recitation) -> None:
        self._numbered = numbered
        self._recitation = recitation

    def quotes(self, cites: Iterable[int]) -> list[str]:
        """The texts of the cited sentences."""
        return [self._numbered[number].text for number in cites]

    def refusal(self, text: str | None, cites: Sequence[int], before: Line | None) -> Refusal | None:
        """Why the sentence can't stand after `before`; None where it can."""
        if text is None:
            return Refusal(rule="plain", message="write plain words, without links, markup or instructions")
        if not cites:
            return Refusal(rule="cites", message="cite the number of a source sentence")
        if not is_whole(text) or text.endswith("?"):
            return Refusal(rule="whole", message="write one whole sentence, from its capital to its full stop")
        if word_count(text) > _MOST_WORDS:
            return Refusal(rule="long", message="write a shorter sentence with one fact")
        if self._recitation.is_in(text):
            return Refusal(rule="plain", message="write about the topic")
        if points_back(text) and not self.continues(before, cites):
            return Refusal(rule="dangling", message=f"name what “{text.split()[0]}” stands for")
        return self.unsupported(text, cites)

    def unsupported(self, text: str, cites: Sequence[int]) -> Refusal | None:
        """Why the sentence does not stand on the cited ones."""
        articles = dict.fromkeys(self._numbered[number].article for number in cites)
        titles = [article.title for article in articles]
        sentences = self._numbered.texts[next(iter(articles))] if len(articles) == 1 else ()
        return refusal(text, self.quotes(cites), title="; ".join(titles), article=sentences)

    def continues(self, before: Line | None, cites: Sequence[int]) -> bool:
        """Whether a sentence that points back may stand after `before`: on the same quote, or on the one after it."""
        if before is None or not before.cites or not cites:
            return False
        last, first = before.cites[-1], cites[0]
        return last == first or self._numbered[first].follows(self._numbered[last])

    def as_quote(self, line: Line) -> Line:
        """The line as the quote that it cites, if it says nothing else than that."""
        for number in line.cites:
            quote = self._numbered[number].text
            if _bare(line.text) == _bare(quote):
                return dataclasses.replace(line, text=quote, cites=(number,), is_quote=True)
        return line


@dataclass(eq=False, kw_only=True)
class Prose:
    """All sentences of a lesson while they are judged; counts what was refused, and what became of it."""

    judge: Judge
    lines: list[Line] = field(default_factory=list)
    total: int = 0
    replaced: int = 0
    dropped: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    layers: Counter[str] = field(default_factory=Counter)

    def add(self, section: int, sentences: Iterable[Mapping[str, Any]], numbered: Numbered) -> None:
        """Take in what the model wrote for a section, and judge it."""
        for each in sentences:
            cites = _valid(each["cites"], numbered)
            text = plain(each["text"])
            parts = [part.text for part in split_sentences(text)] if text else [None]
            for part in parts:
                self._take(part, cites, section)

    def _take(self, text: str | None, cites: tuple[int, ...], section: int) -> None:
        self.total += 1
        before = self.lines[-1] if self.lines and self.lines[-1].section == section else None
        refused = self.judge.refusal(text, cites, before)
        is_told = any(
            _bare(text or "") == _bare(line.text) or (refused is None and _tells_again(text or "", cites, line))
            for line in self.lines
        )
        if text is not None and is_told:
            self._count("repeats", "deterministic")
            self.dropped += 1
            return
        line = Line(text=text or "", cites=cites, section=section, refused=refused)
        self.lines.append(line if refused else self.judge.as_quote(line))
        if refused:
            self._count(refused.rule, "deterministic")

    def _count(self, rule: str, layer: Layer) -> None:
        self.rules[rule] += 1
        self.layers[layer] += 1

    # ------------------------------------------------------------ the second layer

    def to_verify(self, only: Iterable[int] | None = None) -> list[int]:
        """The places of the lines that the second layer has to judge: those in the model's words, not refused yet."""
        places = range(len(self.lines)) if only is None else only
        return [at for at in places if not self.lines[at].is_quote and self.lines[at].refused is None]

    def take_verdicts(self, places: Sequence[int], verdicts: Mapping[str, str]) -> None:
        """Refuse what the second layer calls contradicted or unclear."""
        for number, at in enumerate(places, 1):
            verdict = verdicts.get(str(number), "unclear")
            if verdict != "supported":
                refused = Refusal(rule=verdict, message=f"the source sentence does not say all of this ({verdict})")
                self.lines[at] = dataclasses.replace(self.lines[at], refused=refused)
                self._count(refused.rule, "model")

    # ------------------------------------------------------------ rewriting and replacing

    @property
    def refused(self) -> list[int]:
        """The places of the refused lines."""
        return [at for at, line in enumerate(self.lines) if line.refused]

    def take_rewritten(self, answers: Mapping[str, Mapping[str, Any]], numbered: Numbered) -> list[int]:
        """Put the rewritten sentences in place of the refused ones; the places of those that may stand."""
        accepted: list[int] = []
        for number, at in enumerate(self.refused, 1):
            answer = answers.get(str(number))
            if answer is None:
                continue
            old = self.lines[at]
            text, cites = plain(answer["text"]), _valid(answer["cites"], numbered) or old.cites
            before = self._before(at)
            refused = self.judge.refusal(text, cites, before)
            if text is not None and any(_bare(text) == _bare(line.text) for line in self.lines if not line.refused):
                refused = Refusal(rule="repeats", message="say something else")
            if refused is None:
                line = Line(text=text or "", cites=cites, section=old.section, is_anew=True)
                self.lines[at] = self.judge.as_quote(line)
                accepted.append(at)
            else:
                self.lines[at] = dataclasses.replace(old, cites=old.cites or cites, refused=refused)
                self._count(refused.rule, "deterministic")
        return accepted

    def settle(self, numbered: Numbered) -> None:
        """Put its quote in place of each line that is still refused or left hanging in the air, or leave it out."""
        quoted = {number for line in self.lines if line.is_quote for number in line.cites}
        kept: list[Line] = []
        for line in self.lines:
            before = kept[-1] if kept and kept[-1].section == line.section else None
            hangs = points_back(line.text) and not self.judge.continues(before, line.cites)
            if not line.refused and not hangs:
                kept.append(line)
                continue
            quote = self._quote_of(line, before, quoted, numbered)
            if quote is None:
                self.dropped += 1
            else:
                self.replaced += 1
                quoted.update(quote.cites)
                kept.append(quote)
        self.lines = kept

    def _quote_of(self, line: Line, before: Line | None, quoted: set[int], numbered: Numbered) -> Line | None:
        for number in line.cites:
            text = numbered[number].text
            hangs = points_back(text) and not self.judge.continues(before, (number,))
            if number not in quoted and not hangs:
                return Line(text=text, cites=(number,), section=line.section, is_quote=True)
        return None

    def _before(self, at: int) -> Line | None:
        found = self.lines[at - 1] if at else None
        return found if found and found.section == self.lines[at].section and not found.refused else None

    # ------------------------------------------------------------ what came of it

    @property
    def rewritten(self) -> int:
        """How many sentences stand in their second wording."""
        return sum(line.is_anew for line in self.lines)

    @property
    def lost(self) -> int:
        """How many of the model's sentences did not stay in any words of its own."""
        return self.replaced + self.dropped

    def told(self) -> str:
        """The refusals by rule: "coverage 9, name 5"."""
        return ", ".join(f"{rule} {count}" for rule, count in self.rules.most_common())


def _valid(cites: Iterable[object], numbered: Numbered) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for number in cites if isinstance(number, int) and number in numbered))


def _tells_again(text: str, cites: tuple[int, ...], line: Line) -> bool:
    """Whether a sentence says nearly what a line says that stands on the same quote alone."""
    if line.refused or line.cites != cites or len(cites) != 1:
        return False
    said, again = set(stems(line.text)), set(stems(text))
    return len(said & again) >= _MUCH * min(len(said), len(again))


def _bare(text: str) -> str:
    """The text without what copying may change: case, spaces, kinds of quotation marks and dashes, the full stop."""
    table = str.maketrans({**dict.fromkeys("“”‘’'", '"'), "–": "-", "—": "-"})  # noqa: RUF001
    return " ".join(text.translate(table).casefold().rstrip(". ").split())
