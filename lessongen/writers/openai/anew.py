"""One part of a stored lesson by a model: other questions on what it teaches, or a section in another way."""

from __future__ import annotations

from collections.abc import Sequence

from lessongen.lesson.draft import Anew
from lessongen.lesson.editor import asked_in
from lessongen.lesson.model import Block, Check, Section, Task
from lessongen.writers.extractive.anew import Regeneration
from lessongen.writers.openai import telling
from lessongen.writers.openai.compose import Composer
from lessongen.writers.openai.writing import Writing


def questions(regeneration: Regeneration, writing: Writing) -> Anew:
    """Other questions on what the lesson teaches, best first; where they are too few, verbatim ones."""
    lesson = regeneration.stored.lesson
    count = len([each for each in lesson.questions if each.role != "starter"])
    instruction = writing.fill(
        "questions",
        taught=telling.lesson(lesson),
        count=count,
        avoid=telling.avoided([*writing.attempt.earlier, lesson]),
    )
    schema = writing.calls.schemas.questions(count)
    answer = writing.ask("questions", instruction, schema, "Writing other questions", 40, 260 * count)
    composer = Composer(writing.numbered, writing.rng("anew"))
    term = lesson.key_terms[0].term if lesson.key_terms else lesson.topic
    made = [
        composer.question(asked, name=f"q{number}", objective=lesson.objectives[0].id, role="exit", term=term)
        for number, asked in enumerate(writing.reader.questions(answer["questions"]), 1)
    ]
    spent = writing.attempt.spent()
    return Anew(
        questions=made,
        sources=composer.book.sources(),
        texts=composer.book.texts,
        reserve=regeneration.questions(),
        tokens=spent.tokens,
        cost=spent.cost,
    )


def section(regeneration: Regeneration, name: str, writing: Writing) -> Anew:
    """A section in another way: its text, what it shows, its task; the questions that it asks stay."""
    was = regeneration.section_named(name)
    instruction = writing.fill(
        "section",
        taught=telling.lesson(regeneration.stored.lesson),
        title=was.title,
        minutes=was.minutes,
        sentences=writing.budget.sentences(was.minutes),
    )
    schema = writing.calls.schemas.cycle()
    answer = writing.ask("section", instruction, schema, f"Writing “{was.title}” anew", 40, 1600)
    composer = Composer(writing.numbered, writing.rng("anew"))
    cycle = writing.reader.cycle(answer)
    checks = [Check(question=each) for each in asked_in(was)]
    blocks = [
        *_explained(was, composer.explained(cycle)),
        *checks,
        *_practised(was, composer.practised(cycle.practice)),
    ]
    spent = writing.attempt.spent()
    return Anew(
        blocks=blocks, sources=composer.book.sources(), texts=composer.book.texts, tokens=spent.tokens, cost=spent.cost
    )


def _explained(was: Section, made: Sequence[Block]) -> Sequence[Block]:
    """What of a new text belongs in the section: all where one is taught; no more than prose at the lesson's ends."""
    kinds = {block.kind for block in was.blocks}
    if was.kind == "practice" and "task" in kinds:
        return []
    if was.kind == "explain":
        return made
    return [block for block in made if block.kind in kinds]


def _practised(was: Section, made: Sequence[Block]) -> Sequence[Block]:
    """What of a new task belongs in the section: a task where it has one, with what sets it where that is practice."""
    if not any(isinstance(block, Task) for block in was.blocks):
        return []
    return made if was.kind == "practice" else [block for block in made if isinstance(block, Task)][:1]
