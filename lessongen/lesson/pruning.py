"""A lesson with questions or whole parts taken out, and nothing left that points at them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from lessongen.lesson.model import Check, Lesson, Question, Section


def pruned(lesson: Lesson, kept: Collection[str]) -> Lesson:
    """The lesson with only these of its questions; objectives, quotes and sources that then serve nothing go too."""
    questions = [question for question in lesson.questions if question.id in kept]
    return served(lesson.model_copy(update={"sections": without_checks(lesson.sections, kept)}), questions)


def served(lesson: Lesson, questions: Sequence[Question]) -> Lesson:
    """The lesson with these questions, the objectives that they ask about, and the quotes that are cited."""
    asked = {question.objective for question in questions}
    changed = lesson.model_copy(
        update={
            "minutes": sum(phase.minutes for phase in lesson.sections),
            "objectives": [goal for goal in lesson.objectives if goal.id in asked],
            "questions": list(questions),
            "sections": [
                phase.model_copy(update={"objectives": [goal for goal in phase.objectives if goal in asked]})
                for phase in lesson.sections
            ],
        }
    )
    return _without_idle_quotes(changed)


def without_checks(phases: Sequence[Section], kept: Collection[str]) -> list[Section]:
    """The sections without the places where other questions are asked; one that has nothing else goes.

    Its minutes go to the section before it, or else to the one after.
    """
    left: list[Section] = []
    over = 0
    for phase in phases:
        blocks = [block for block in phase.blocks if not isinstance(block, Check) or block.question in kept]
        if not blocks:
            over += phase.minutes
            continue
        left.append(phase.model_copy(update={"blocks": blocks, "minutes": phase.minutes + over}))
        over = 0
    if over and left:
        left[-1] = left[-1].model_copy(update={"minutes": left[-1].minutes + over})
    return left


def _without_idle_quotes(lesson: Lesson) -> Lesson:
    """The lesson without quotes that only what was taken out cited, and without sources that so have none."""
    statements = [
        lesson.summary,
        *(each.definition for each in lesson.key_terms),
        *(each.correction for each in lesson.misconceptions),
        *(each.feedback for each in lesson.questions),
    ]
    cited = {cite for each in statements for cite in each.cites}
    cited.update(cite for question in lesson.questions for cite in question.cites)
    for phase in lesson.sections:
        for block in phase.blocks:
            lines = block.sentences if block.kind == "prose" else block.steps if block.kind == "example" else ()
            cited.update(cite for line in lines for cite in line.cites)
            cited.update(block.cites if block.kind == "example" else ())
    kept = [
        source.model_copy(update={"quotes": [quote for quote in source.quotes if quote.id in cited]})
        for source in lesson.sources
    ]
    return lesson.model_copy(update={"sources": [kept[0], *(source for source in kept[1:] if source.quotes)]})
