"""What a lesson says in its own words, as plain text."""

from __future__ import annotations

from collections.abc import Iterator

from lessongen.lesson.claims import entry_said, row_said
from lessongen.lesson.model import Analogy, Block, Example, Figure, Lesson, Prose, Table, Timeline


def body_text(lesson: Lesson) -> str:
    """The lesson's own words for the full-text search: no instructions, tasks, notes, questions or answers."""
    paragraphs = [lesson.title, lesson.outcome, lesson.summary.text, *lesson.prior_knowledge]
    paragraphs += [each.text for each in lesson.key_points]
    paragraphs += [f"{each.term}: {each.definition.text}" for each in lesson.key_terms]
    paragraphs += [f"{each.belief} {each.correction.text}" for each in lesson.misconceptions]
    for section in lesson.sections:
        paragraphs.append(section.title)
        paragraphs += [paragraph for block in section.blocks for paragraph in told_of(block)]
    return "\n".join(filter(None, paragraphs))


def told_of(block: Block) -> Iterator[str]:
    """What a block tells; nothing of one that asks or instructs."""
    if isinstance(block, Prose):
        yield " ".join(sentence.text for sentence in block.sentences)
    elif isinstance(block, Example):
        yield " ".join([block.problem, *(step.text for step in block.steps), block.answer])
    elif isinstance(block, Analogy):
        yield " ".join([block.text.text, block.statement.text, block.ends.text])
    elif isinstance(block, Table):
        yield from (block.title, *map(row_said, block.rows))
    elif isinstance(block, Timeline):
        yield from (block.title, *map(entry_said, block.entries))
    elif isinstance(block, Figure):
        yield from (block.title, block.told)
