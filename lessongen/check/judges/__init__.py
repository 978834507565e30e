"""Judges: who decides whether a sentence stands on the quotes that it cites, and the exam that tells how well.

The port is here, and the judge that needs no model (`rules.py`). A model judges through
`lessongen.writers.openai.judge`; which one judges is decided where everything is put together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from lessongen.lesson.attempt import Attempt, Spent
from lessongen.lesson.judgement import JUDGES as JUDGES
from lessongen.lesson.judgement import Claim, Identity, Verdict


class Judge(Protocol):
    """Decides whether sentences stand on their quotes."""

    @property
    def identity(self) -> Identity:
        """Which judge it is. One that is a server's only model may ask the server; raises as `judge` does."""
        ...

    def expected(self, claims: Sequence[Claim]) -> Spent:
        """About what judging these will take; dollars are 0 where no price is known."""
        ...

    def judge(self, claims: Sequence[Claim], attempt: Attempt) -> list[Verdict]:
        """One verdict for each claim, in their order.

        It sees sentences, quotes and titles, never the lesson. What it costs goes through the attempt, and what was
        answered is kept there as steps. A claim that it gave no usable verdict on gets "no verdict". Raises
        `LessongenError` where it can't be asked, and then nothing stands.
        """
        ...
