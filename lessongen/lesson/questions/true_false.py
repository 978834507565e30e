"""True or false: a statement to judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from lessongen.lesson.interactions import Interaction, Pick
from lessongen.lesson.questions import base
from lessongen.text.passages import stands_in


class TrueFalse(base.Question):
    """A statement to judge by the lesson."""

    kind: Literal["true_false"] = "true_false"
    answer: bool

    rank = 20
    ease = 0
    shows_statement = True
    remedy = "Write “= true” or “= false”."

    @classmethod
    def layout(cls, shown: Mapping[str, Any]) -> base.Layout:
        return base.Layout(boxes=("True", "False"))

    def form(self) -> base.Form:
        return base.Form(choices=[("true", "True"), ("false", "False")])

    def judge(self, given: Mapping[str, str]) -> base.Verdict:
        """Whether the right one is picked."""
        return given.get("answer", "") == str(self.answer).lower()

    def interaction(self) -> Interaction:
        return Pick(options=(("True", self.answer), ("False", not self.answer)), is_judgement=True)

    def statements(self, passage: str) -> Iterator[tuple[str, bool]]:
        yield passage, self.answer

    def sentences(self, passage: str) -> Iterator[str]:
        """The statement, which may stand behind a colon."""
        yield passage[:1].upper() + passage[1:]

    @base.gate_rule
    def true_statement_quoted(self, evidence: base.Evidence) -> Iterator[str]:
        """A statement to be judged true stands word for word in a quote that the question cites."""
        if self.answer and self.origin == "quoted" and evidence.quotes:
            if not stands_in(evidence.passage, evidence.quotes):
                yield "counts as true, but does not stand in the quotes that it cites"

    @classmethod
    def fields_of(cls, solution: base.Solution, places: base.Places) -> dict[str, Any]:
        return {"answer": solution.is_true}

    def lines(self) -> Iterator[tuple[str, str]]:
        """True or false, in small letters."""
        yield "= ", str(self.answer).lower()

    @classmethod
    def read(cls, written: base.Written) -> dict[str, Any]:
        return {"answer": {"true": True, "false": False}.get((written.answer or "").casefold())}
