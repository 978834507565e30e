"""Cloze: a gap to fill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from lessongen.lesson.interactions import Interaction
from lessongen.lesson.questions.base import Evidence, Form, Question, Verdict, gate_rule, said
from lessongen.text.passages import filled, gaps, stands_in


class Cloze(Question):
    """A quote with one gap, written `_____`."""

    kind: Literal["cloze"] = "cloze"
    answer: str

    rank = 30
    ease = 1
    shows_statement = True

    def form(self) -> Form:
        """Words to type into the gap."""
        return Form(in_gap=True)

    def judge(self, given: Mapping[str, str]) -> Verdict:
        """Whether the gap has the answer."""
        return said(given.get("answer", "")) == said(self.answer)

    def interaction(self) -> Interaction:
        """The gap is typed into."""
        return self.typed()

    def hidden(self, asked: str) -> Iterator[tuple[str, str, Sequence[str]]]:
        """The stem says no word of the answer."""
        yield asked, self.answer, ()

    def statements(self, passage: str) -> Iterator[tuple[str, bool]]:
        """The passage with its gap filled."""
        yield filled(passage, self.answer), True

    @gate_rule
    def cloze_restores_quote(self, evidence: Evidence) -> Iterator[str]:
        """A cloze has one gap, and with its answer in it the passage stands in a quote that the question cites."""
        if self.is_signed or not self.answer.strip():
            return
        if gaps(self.stem) != 1:
            yield f"has {gaps(self.stem)} gaps"
        elif self.origin == "quoted" and evidence.quotes:
            if not stands_in(filled(evidence.passage, self.answer), evidence.quotes):
                yield "with the answer in its gap it is not the quote"
