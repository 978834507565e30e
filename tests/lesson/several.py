"""A kind of question that the package does not have: all that are right are to be picked.

`test_a_new_kind` puts this one file beside the package's own kinds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from string import ascii_uppercase
from typing import Any, Literal

from pydantic import Field

from lessongen.lesson.interactions import Interaction, Pick
from lessongen.lesson.questions.base import (
    Evidence,
    Form,
    Layout,
    Places,
    Question,
    Solution,
    Sums,
    Verdict,
    Written,
    gate_rule,
)


class Several(Question):
    """All right options among several."""

    kind: Literal["several"] = "several"
    options: list[str] = Field(min_length=1, max_length=6)
    answer: list[str] = Field(min_length=1)

    rank = 15
    ease = 1
    asks_tasks = True
    marks = frozenset({"option"})
    is_marked_once = False
    remedy = "Mark all right options with [x]."

    @property
    def answer_text(self) -> str:
        """The right options."""
        return " and ".join(self.answer)

    @property
    def key_text(self) -> str:
        """Their letters."""
        letters = [letter for letter, option in zip(ascii_uppercase, self.options, strict=False) if self._has(option)]
        return f"All of: {', '.join(letters)}"

    @property
    def listed(self) -> Sequence[str]:
        """The options."""
        return self.options

    def _has(self, option: str) -> bool:
        return option in self.answer

    def shown(self) -> dict[str, Any]:
        """The options."""
        return {"options": list(self.options)}

    @classmethod
    def layout(cls, shown: Mapping[str, Any]) -> Layout:
        """Options by letter, and room to write them down."""
        return Layout(lettered=shown["options"], lines_to_write=1)

    def form(self) -> Form:
        """Yes or no for each option."""
        return Form(
            choices=[("yes", "Right"), ("no", "Wrong")],
            rows=[(f"option{place}", option) for place, option in enumerate(self.options)],
        )

    def judge(self, given: Mapping[str, str]) -> Verdict:
        """Whether each option is judged as it is."""
        return all(
            given.get(f"option{place}") == ("yes" if self._has(option) else "no")
            for place, option in enumerate(self.options)
        )

    def interaction(self) -> Interaction:
        """All right options are picked."""
        return Pick(options=tuple((option, self._has(option)) for option in self.options))

    def worked_out(self, sums: Sums, passage: str) -> Iterator[Verdict]:
        """Each right option answers the stem, no other does."""
        for option in self.options:
            verdict = sums.answered(self.stem, option)
            yield verdict if verdict is None else verdict is self._has(option)

    @gate_rule
    def several_answers_offered(self, evidence: Evidence) -> Iterator[str]:
        """All right answers are among the options."""
        if not set(self.answer) <= set(self.options):
            yield "not all right answers are among the options"

    @classmethod
    def fields_of(cls, solution: Solution, places: Places) -> dict[str, Any]:
        """The right option among the wrong ones, in alphabetical order."""
        return {"options": sorted([solution.answer, *solution.wrong]), "answer": [solution.answer]}

    def lines(self) -> Iterator[tuple[str, str]]:
        """The options, the right ones marked."""
        yield from ((f"- [{'x' if self._has(option) else ' '}] ", option) for option in self.options)

    @classmethod
    def read(cls, written: Written) -> dict[str, Any]:
        """What is marked is right."""
        right = [text for is_right, text in written.options if is_right]
        return {"options": [text for _, text in written.options], "answer": right or None}
