"""Open: a question to think about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from lessongen.lesson.interactions import Interaction, Write
from lessongen.lesson.questions.base import Evidence, Layout, Question
from lessongen.text.passages import stands_in
from lessongen.text.sentences import split_sentences

POINT = " • "
"""What parts the mark points of a key."""


class Open(Question):
    """A question without one right answer; `answer` says what a good one holds, or its points parted by “•”."""

    kind: Literal["open"] = "open"
    answer: str

    rank = 70
    ease = 3
    has_one_answer = False

    @classmethod
    def layout(cls, shown: Mapping[str, Any]) -> Layout:
        return Layout(lines_to_write=4)

    def interaction(self) -> Interaction:
        return Write(points=tuple(self.points))

    def is_borne(self, evidence: Evidence) -> bool:
        """Each sentence of a quoted answer stands in a quote."""
        sentences = [each for point in self.points for each in split_sentences(point)]
        return self.origin != "quoted" or all(stands_in(each.text, evidence.quotes) for each in sentences)

    @property
    def points(self) -> list[str]:
        """What a mark is given for, each."""
        return self.answer.split(POINT)

    @property
    def key_text(self) -> str:
        """The points as a teacher marks from them."""
        return f"One mark for each point:{POINT}{self.answer}" if len(self.points) > 1 else self.answer

    @property
    def model_answer(self) -> str:
        return self.answer
