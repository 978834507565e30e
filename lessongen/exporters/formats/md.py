"""Markdown: CommonMark and nothing beyond it, so that it reads the same wherever it is pasted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lessongen.exporters import Format
from lessongen.exporters.shapes import (
    Block,
    Comparison,
    Dates,
    Drawing,
    Grid,
    Guide,
    KeyEntry,
    Line,
    MixedUp,
    Paragraph,
    Phase,
    Practice,
    Reference,
    Sheet,
    SheetQuestion,
    Solution,
    Task,
    WorkedExample,
    headed,
)

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson

# `$` and `~` mean something to common extensions alone.
_SPECIAL = re.compile(r"[\\`*_\[\]<>#$~]|&(?=#?\w+;)")
_OPENS_BLOCK = re.compile(r"(?P<marker>[-+=]|\d{1,9}(?=[.)]))")


def export(lesson: Lesson, *, audience: Audience, about: Mapping[str, Any]) -> bytes:
    """The lesson as CommonMark in UTF-8; a teacher's ends with the answer key."""
    from lessongen.exporters.sheet import LICENCE_NOTE, lay_out

    sheet = lay_out(lesson, audience, about)
    blocks = [
        *_head(sheet),
        *_titled("Starter", [part for asked in sheet.starters for part in _question(asked)]),
        *(block for phase in sheet.phases for block in _phase(phase)),
        *(
            block
            for group in sheet.closing
            for block in _titled(group.title, [part for asked in group.questions for part in _question(asked)])
        ),
        *_titled("Sources", [*_references(sheet.references), LICENCE_NOTE]),
        _escaped(" · ".join(sheet.colophon)),
        *_titled("Answer key", [_key_entry(entry) for entry in sheet.key]),
    ]
    return ("\n\n".join(blocks) + "\n").encode()


def _head(sheet: Sheet) -> Iterable[str]:
    from lessongen.exporters.sheet import SAFETY_NOTE, reads_as_sentences

    yield f"# {_escaped(sheet.title)}"
    yield f"*{_escaped(sheet.based_on)}*\\\n{_escaped(' · '.join(sheet.facts))}"
    if sheet.outcome:
        yield f"**{_escaped(sheet.outcome)}**"
    yield from (f"> **Note:** {_escaped(notice)}" for notice in sheet.notices)
    yield _line(sheet.summary)
    if sheet.objectives:
        yield from _titled("Objectives", [_bullets(map(_escaped, sheet.objectives))])
    if sheet.prior_knowledge:
        known = list(map(_escaped, sheet.prior_knowledge))
        are_sentences = reads_as_sentences(sheet.prior_knowledge)
        yield from _titled("What helps to know already", [_bullets(known) if are_sentences else _joined(sheet)])
    if sheet.materials:
        yield from _titled("Materials", [_bullets(map(_escaped, sheet.materials))])
    if sheet.safety:
        yield from _titled("Safety", [_bullets(map(_escaped, sheet.safety)), f"*{SAFETY_NOTE}*"])
    if sheet.has_plan:
        yield from _titled("Plan", [_bullets(_planned(phase) for phase in sheet.phases)])
    if sheet.key_points:
        yield from _titled("Key points", [_bullets(map(_line, sheet.key_points))])
    if sheet.key_terms:
        terms = (f"**{_escaped(term)}**: {_line(said)}" for term, said in sheet.key_terms)
        yield from _titled("Key terms", [_bullets(terms)])
    if sheet.misconceptions:
        yield from _titled("Often mixed up", [_bullets(map(_mixed_up, sheet.misconceptions))])


def _joined(sheet: Sheet) -> str:
    return _escaped(", ".join(sheet.prior_knowledge))


def _planned(phase: Phase) -> str:
    return f"**{phase.aside}:** {_escaped(phase.title)}"


def _mixed_up(each: MixedUp) -> str:
    tempts = f"\\\n  *Why it tempts:* {_escaped(each.tempting)}" if each.tempting else ""
    return f"**{_escaped(each.belief)}** {_line(each.correction)}{tempts}"


def _titled(title: str, blocks: Sequence[str]) -> list[str]:
    return [f"## {title}", *blocks] if blocks else []


def _phase(phase: Phase) -> Iterable[str]:
    yield f"## {phase.number}. {_escaped(phase.title)} ({phase.aside})"
    for block in phase.blocks:
        yield from _block(block)
    if phase.guide:
        yield _quoted(_guide(phase.guide))


def _block(block: Block) -> Iterable[str]:
    if isinstance(block, Paragraph):
        yield " ".join(_line(line) for line in block.lines)
    elif isinstance(block, WorkedExample):
        yield f"**Example.** {_escaped(block.problem)}"
        yield _steps(_line(step) for step in block.steps)
        yield f"**Answer:** {_line(block.answer)}"
    elif isinstance(block, Task):
        yield f"**Activity · {block.grouping}**"
        yield _steps(map(_escaped, block.steps))
        yield f"*In hand at the end:* {_escaped(block.product)}"
    elif isinstance(block, Practice):
        yield f"**Practice {block.number}.** {_escaped(block.prompt)}"
    elif isinstance(block, SheetQuestion):
        yield from _question(block)
    else:
        yield from _shown(block)


def _shown(block: Comparison | Grid | Dates | Drawing) -> Iterable[str]:
    if isinstance(block, Comparison):
        yield f"**Think of it like this.** {_line(block.text)} {_line(block.statement)}"
        yield f"*Where the likeness ends:* {_line(block.ends)}"
    elif isinstance(block, Grid):
        yield f"**{_escaped(block.title)}**"
        yield _bullets(_row(block.headings, row) for row in block.rows)
    elif isinstance(block, Dates):
        yield f"**{_escaped(block.title)}**"
        yield _bullets(f"**{_escaped(when)}**: {_line(what)}" for when, what in block.entries)
    else:
        yield f"**Figure: {_escaped(block.title)}.** {_line(block.alternative)}"


def _row(headings: Sequence[str], row: Sequence[Line]) -> str:
    """A row without a table, which CommonMark does not have: each cell behind the heading of its column."""
    first, *others = row
    told = [
        f"{_escaped(heading)}: {_line(cell)}" if heading else _line(cell)
        for heading, cell in zip(headed(headings, row), others, strict=True)
    ]
    return f"**{_line(first)}**. {'; '.join(told)}"


def _guide(guide: Guide) -> list[str]:
    """What is for the teacher, as paragraphs and lists."""
    parts = ["**For the teacher**"]
    if guide.notes:
        parts.append(_bullets(map(_line, guide.notes)))
    for solution in guide.solutions:
        parts += _solution(solution)
    parts += [f"**Question {number}:** {_escaped(answer)}" for number, answer in guide.answers]
    return parts


def _solution(solution: Solution) -> Iterable[str]:
    answer = f" {_line(solution.answer)}" if solution.answer else ""
    yield f"**Practice {solution.number}, a good answer:**{answer}"
    if solution.criteria:
        yield _bullets(map(_escaped, solution.criteria))
    if solution.support:
        yield f"*Support:* {_escaped(solution.support)}"
    if solution.stretch:
        yield f"*Stretch:* {_escaped(solution.stretch)}"


def _quoted(blocks: Sequence[str]) -> str:
    lines = "\n\n".join(blocks).split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _question(asked: SheetQuestion) -> Iterable[str]:
    yield f"**Question {asked.number}.** {_escaped(asked.stem)}"
    if asked.boxes:
        yield _escaped(" / ".join(asked.boxes))
    if asked.numbered:
        yield _steps(map(_escaped, asked.numbered))
    if asked.lettered:
        yield _bullets(f"**{letter}** {_escaped(text)}" for letter, text in asked.lettered)


def _key_entry(entry: KeyEntry) -> str:
    signed = f" \\[{_escaped(entry.by)}\\]" if entry.by else ""
    lines = [f"**Question {entry.number}.** {_escaped(entry.answer)}{signed}"]
    if entry.feedback:
        lines += ["", _escaped(entry.feedback)]
    for review in entry.reviews:
        lines += ["", f"*{_escaped(review)}*"]
    if entry.wrong:
        lines += ["", _bullets(f"*Why not {_escaped(option)}:* {_line(why)}" for option, why in entry.wrong)]
    for passage in entry.passages:
        heading = f" ({_escaped(passage.heading)})" if passage.heading else ""
        lines += ["", f"> {_escaped(passage.text)} \\[{passage.note}\\]{heading}"]
    return "\n".join(lines)


def _references(references: Iterable[Reference]) -> Iterable[str]:
    """The sources as one list, then the passages that marks lead to."""
    yield "\n".join(_reference(each) for each in references)
    told = [
        f"**{passage.mark}** {_escaped(passage.text)}{f' ({_escaped(passage.heading)})' if passage.heading else ''}"
        for each in references
        for passage in each.passages
    ]
    if told:
        yield "**What the marked sentences stand on**"
        yield _bullets(told)


def _reference(reference: Reference) -> str:
    licence = _linked(reference.licence, reference.licence_url)
    parts = [_linked(reference.title, reference.url), _escaped(reference.attribution), licence]
    if reference.revision:
        parts.append(f"revision {_escaped(reference.revision)}")
    return f"{reference.number}. {' · '.join([*parts, f'retrieved {reference.retrieved}'])}"


def _linked(text: str, url: str | None) -> str:
    return f"[{_escaped(text)}]({url.replace('&', '&amp;')})" if url else _escaped(text)


def _line(line: Line) -> str:
    text = _escaped(line.text)
    if line.is_no_fact and text:
        text = f"*{text}*"
    return (
        text
        + "".join(f" \\[{note}\\]" for note in line.notes)
        + "".join(f" \\[{_escaped(each)}\\]" for each in line.asides)
    )


def _bullets(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _steps(items: Iterable[str]) -> str:
    return "\n".join(f"{number}. {item}" for number, item in enumerate(items, 1))


def _escaped(text: str) -> str:
    """The text such that CommonMark shows it as it is, at the beginning of a line as well."""
    escaped = _SPECIAL.sub(lambda found: "\\" + found[0], text)
    opens = _OPENS_BLOCK.match(escaped)
    if opens is None:
        return escaped
    marker = opens["marker"]
    return f"{marker}\\{escaped[len(marker) :]}" if marker[0].isdigit() else f"\\{escaped}"


FORMAT = Format(
    name="md",
    ending="md",
    media_type="text/markdown; charset=utf-8",
    export=export,
    asked_by=("md", "markdown"),
    place=1,
)
