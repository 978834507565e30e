"""What a model is told besides a template's words: the plan, what was taught and asked so far, what to mend."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from lessongen.lesson.body import told_of
from lessongen.lesson.edition import student_lesson
from lessongen.lesson.model import Activity, Block, Lesson, Table, Task
from lessongen.lesson.questions.base import Question
from lessongen.writers.openai.plain import as_data, fenced
from lessongen.writers.openai.said import Asked, Cycle, Plan, PlannedCycle, Said

_MOST_AVOIDED = 24


def plan(planned: Plan, *, is_whole: bool = False) -> str:
    """A plan, fenced: all of it to write the cycles, else what the quizzes need, which ask what was taught."""
    return fenced("PLAN", map(as_data, _plan(planned, is_whole)))


def _plan(planned: Plan, is_whole: bool) -> Iterator[str]:
    yield f"title: {planned.title}"
    yield f"outcome: {planned.outcome}"
    yield f"prior: {'; '.join(planned.prior)}"
    if is_whole:
        yield f"what it is: {_said(planned.summary)}"
        yield from (f"hook: {_said(each)}" for each in planned.hook)
        yield from (f"starter: {ask} {_settled(by)}" for ask, _, by in planned.starters)
        yield from (f"term: {name}: {_said(said)}" for name, said in planned.terms)
    yield from (f"key point {number}: {_said(each)}" for number, each in enumerate(planned.key_points, 1))
    for each in planned.misconceptions:
        yield f"misconception: “{each.text}” It tempts: {each.tempts} What is so: {_said(each.correction)}"
    for number, cycle in enumerate(planned.cycles, 1):
        yield f"cycle {number}, “{cycle.title}”: {cycle.objective} {_own(cycle) if is_whole else ''}".rstrip()
    if is_whole:
        yield f"materials: {'; '.join(planned.materials)}"


def _settled(by: Sequence[int]) -> str:
    return f"To be settled by: {', '.join(map(str, by))}."


def _own(cycle: PlannedCycle) -> str:
    return f"Source sentences: {', '.join(map(str, cycle.sentences))}. Made concrete by: {cycle.concrete}"


def cycles(done: Sequence[Cycle]) -> str:
    """What cycles teach and ask by now, fenced; "" where there are none."""
    lines = [line for number, each in enumerate(done, 1) for line in _cycle(number, each)]
    return fenced("TAUGHT", map(as_data, lines)) if lines else ""


def _cycle(number: int, cycle: Cycle) -> Iterator[str]:
    yield f"cycle {number}:"
    yield from (f"- {each.text}" for each in cycle.explain)
    if cycle.analogy is not None:
        yield f"- analogy: {cycle.analogy.comparison} {cycle.analogy.fact.text} {cycle.analogy.ends}"
    if cycle.show is not None:
        yield f"- on the board, {cycle.show.title}: {' | '.join(cycle.show.headings)}"
        yield from (f"  {' | '.join(cells)}" for cells, _ in cycle.show.rows)
    if cycle.activity is not None:
        yield f"- activity: {' '.join(cycle.activity.steps)}"
    if cycle.example is not None:
        steps = " ".join(each.text for each in cycle.example.steps)
        yield f"- worked example: {cycle.example.problem} {steps} {cycle.example.answer}"
    yield from (f"- asked: {_asked(each)}" for each in cycle.checks)
    yield f"- practice: {cycle.practice.intro.text} " + " ".join(each.prompt for each in cycle.practice.parts)


def _asked(asked: Asked) -> str:
    return f"{asked.stem} (answer: {asked.answer or '; '.join(asked.items) or asked.pairs})"


def lesson(taught: Lesson) -> str:
    """All that a lesson teaches, as students read it, fenced."""
    return fenced("LESSON", map(as_data, _lesson(taught)))


def _lesson(taught: Lesson) -> Iterator[str]:
    yield taught.title
    yield taught.summary.text
    yield from (f"{each.term}: {each.definition.text}" for each in taught.key_terms)
    task = count(1)
    for section in taught.sections:
        yield f"{section.title}:"
        yield from (line for block in section.blocks for line in _block(block, task))
    yield from (f"To remember: {each.text}" for each in taught.key_points)


def beside(taught: Lesson, *, is_again: bool = False) -> str:
    """What only the teacher reads of a lesson, without keys, and the model answers of tasks by their numbers; fenced.

    Where it was read before, the answers of tasks alone.
    """
    lines = [] if is_again else [taught.outcome, *taught.materials]
    number = count(1)
    for section in taught.sections:
        lines += [] if is_again else [f"{section.title}:", *(each.text for each in section.notes)]
        for task in (block for block in section.blocks if isinstance(block, Task)):
            lines.append(f"Answer of task {next(number)}: {task.answer or '; '.join(task.criteria)}")
            lines += [text for text in (task.support, task.stretch) if text and not is_again]
    return fenced("TEACHER", map(as_data, lines))


def _block(block: Block, number: Iterator[int]) -> Iterator[str]:
    if isinstance(block, Table):
        yield " | ".join(block.headings)
    if isinstance(block, Task):
        yield f"Task {next(number)}: {block.prompt}"
    elif isinstance(block, Activity):
        yield f"Activity: {' '.join(block.steps)} In hand at the end: {block.product}"
    else:
        yield from told_of(block)


def questions(asked: Sequence[Question], of: Lesson) -> str:
    """Questions by number without their keys, as students see them, fenced."""
    shown = {each.stem: each for each in student_lesson(of).questions}
    lines: list[str] = []
    for number, question in enumerate(asked, 1):
        before = "(asked before the lesson) " if question.role == "starter" else ""
        lines.append(f"{number}. {before}{question.stem}")
        seen = shown[question.stem].shown if question.stem in shown else {}
        lines += [f"   - {each}" for values in seen.values() for each in values]
        if boxes := question.layout(question.shown()).boxes:
            lines.append(f"   - {' or '.join(boxes).lower()}")
    return fenced("QUESTIONS", map(as_data, lines))


def avoided(lessons: Iterable[Lesson]) -> str:
    """A line for a prompt: what earlier versions asked; "" where there are none."""
    stems = [question.stem for lesson in lessons for question in lesson.questions if question.role != "starter"]
    if not stems:
        return ""
    told = list(dict.fromkeys(stems))[-_MOST_AVOIDED:]
    listed = fenced("ASKED", map(as_data, told))
    return f"Earlier versions of this lesson asked the following. Ask about other things, or in another way:\n{listed}"


def parts(found: Iterable[tuple[str, Mapping[str, Any], Sequence[str]]]) -> str:
    """Parts to mend by number, from 1: the place of each, what it says now, and what is wrong with it; fenced."""
    lines: list[str] = []
    for number, (place, content, faults) in enumerate(found, 1):
        lines.append(f"part {number}, {place}: {json.dumps(content, ensure_ascii=False)}")
        lines += [f"  wrong: {fault}" for fault in faults]
    # Braces stay: what is mended is said in the same shape.
    return fenced("PARTS", (line.replace("<<<", "(((").replace(">>>", ")))") for line in lines))


def _said(said: Said) -> str:
    numbers = f" ({', '.join(map(str, said.cites))})" if said.cites else ""
    return f"{said.text}{numbers}"
