"""Computed practice as sections of a lesson: worked examples to follow, then exercises to do."""

from __future__ import annotations

from collections.abc import Sequence

from lessongen.lesson.model import Block, Check, Section
from lessongen.writers.computed.skill import Practice

MINUTES_AN_EXAMPLE = 3
MINUTES_A_QUESTION = 2
MINUTES_OF_PROSE = 1


def sections(practice: Practice, *, minutes: int | None = None, asked: Sequence[str] | None = None) -> list[Section]:
    """A section of kind "model" with prose and worked examples, and one of kind "practice" that asks the questions.

    `minutes` is what both take together, at least 2; without it they take what their parts need. `asked` are the ids
    of the questions to ask here, all by default; the others stay for another section's blocks. A section that would
    have nothing in it is left out.
    """
    ids = [question.id for question in practice.questions] if asked is None else list(asked)
    model: list[Block] = [*practice.prose, *practice.examples]
    checks: list[Block] = [Check(question=each) for each in ids]
    shown = len(practice.prose) * MINUTES_OF_PROSE + len(practice.examples) * MINUTES_AN_EXAMPLE
    done = len(checks) * MINUTES_A_QUESTION
    if minutes is not None and model and checks:
        if minutes < 2:
            raise ValueError(f"two sections take 2 minutes at least, not {minutes}")
        shown = min(minutes - 1, max(1, round(minutes * shown / (shown + done))))
        done = minutes - shown
    elif minutes is not None:
        shown = done = minutes
    objectives = [objective.id for objective in practice.objectives]
    found: list[Section] = []
    if model:
        title = "Worked examples" if practice.examples else "Examples"
        found.append(
            Section(
                id=f"{practice.name}-model",
                kind="model",
                title=title,
                minutes=shown,
                objectives=objectives,
                blocks=model,
            )
        )
    if checks:
        found.append(
            Section(
                id=f"{practice.name}-practice",
                kind="practice",
                title="Practice",
                minutes=done,
                objectives=objectives,
                blocks=checks,
            )
        )
    return found
