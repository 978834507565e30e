"""Markdown: CommonMark and nothing beyond it, so that it reads the same wherever it is pasted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lessongen.exporters import Format

if TYPE_CHECKING:
    from lessongen.exporters.sheet import Block, KeyEntry, Line, Phase, Reference, Sheet, SheetQuestion
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
        *(block for phase in sheet.phases for block in _phase(phase)),
        *_titled("Further questions", [part for asked in sheet.further_questions for part in _question(asked)]),
        *_titled("Sources", ["\n".join(_reference(each) for each in sheet.references), LICENCE_NOTE]),
        _escaped(" · ".join(sheet.colophon)),
        *_titled("Answer key", [_key_entry(entry) for entry in sheet.key]),
    ]
    return ("\n\n".join(blocks) + "\n").encode()


def _head(sheet: Sheet) -> Iterable[str]:
    yield f"# {_escaped(sheet.title)}"
    yield f"*{_escaped(sheet.based_on)}*\\\n{_escaped(' · '.join(sheet.facts))}"
    yield from (f"> **Note:** {_escaped(notice)}" for notice in sheet.notices)
    yield _line(sheet.summary)
    yield from _titled("Objectives", [_bullets(map(_escaped, sheet.objectives))])
    if sheet.prior_knowledge:
        yield from _titled("What helps to know already", [_escaped(", ".join(sheet.prior_knowledge))])
    yield from _titled(
        "Key terms", [_bullets(f"**{_escaped(term)}**: {_line(said)}" for term, said in sheet.key_terms)]
    )
    if sheet.misconceptions:
        mixed_up = (f"**{_escaped(belief)}** {_line(said)}" for belief, said in sheet.misconceptions)
        yield from _titled("Often mixed up", [_bullets(mixed_up)])


def _titled(title: str, blocks: Sequence[str]) -> list[str]:
    return [f"## {title}", *blocks] if blocks else []


def _phase(phase: Phase) -> Iterable[str]:
    yield f"## {phase.number}. {_escaped(phase.title)} ({phase.minutes} min)"
    for block in phase.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterable[str]:
    if block.kind == "paragraph":
        yield " ".join(_line(line) for line in block.lines)
    elif block.kind == "example":
        yield f"**Example.** {_escaped(block.problem)}"
        yield _steps(_line(step) for step in block.steps)
        yield f"**Answer:** {_line(block.answer)}"
    elif block.kind == "task":
        yield f"**Activity · {block.grouping}**"
        yield _steps(map(_escaped, block.steps))
        yield f"*In hand at the end:* {_escaped(block.product)}"
    else:
        yield from _question(block)


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
    for passage in entry.passages:
        heading = f" ({_escaped(passage.heading)})" if passage.heading else ""
        lines += ["", f"> {_escaped(passage.text)} \\[{passage.note}\\]{heading}"]
    return "\n".join(lines)


def _reference(reference: Reference) -> str:
    licence = _linked(reference.licence, reference.licence_url)
    parts = [_linked(reference.title, reference.url), _escaped(reference.attribution), licence]
    if reference.revision:
        parts.append(f"revision {_escaped(reference.revision)}")
    return f"{reference.number}. {' · '.join([*parts, f'retrieved {reference.retrieved}'])}"


def _linked(text: str, url: str | None) -> str:
    return f"[{_escaped(text)}]({url.replace('&', '&amp;')})" if url else _escaped(text)


def _line(line: Line) -> str:
    signed = f" \\[{_escaped(line.by)}\\]" if line.by else ""
    return _escaped(line.text) + "".join(f" \\[{note}\\]" for note in line.notes) + signed


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
