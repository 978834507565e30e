"""Short: a question to answer in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from lessongen.lesson.interactions import Interaction, Write
from lessongen.lesson.questions.base import Evidence, Layout, Question
from lessongen.text.passages import stands_in


class Short(Question):
    """A question answered in a sentence; `answer` is a model answer."""

    kind: Literal["short"] = "short"
    answer: str

    rank = 40

    @classmethod
    def layout(cls, shown: Mapping[str, Any]) -> Layout:
        return Layout(lines_to_write=2)

    def interaction(self) -> Interaction:
        """A program marks what is worked out and has no words; a sentence can be said in many ways."""
        is_result = self.origin == "computed" and not any(map(str.isspace, self.answer))
        return self.typed() if is_result else Write(points=(self.answer,))

    def is_borne(self, evidence: Evidence) -> bool:
        """A quoted answer stands in a quote."""
        return self.origin != "quoted" or stands_in(self.answer, evidence.quotes)

    @property
    def told_answer(self) -> str:
        verdict, _, reason = self.answer.partition(": ")
        return verdict if reason and reason.casefold() == self.feedback.text.casefold() else self.answer

    @property
    def model_answer(self) -> str:
        return self.answer
