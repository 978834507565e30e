"""Markdown: CommonMark with tables as GitHub, Pandoc and most others have them, and nothing beyond that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lessongen.exporters import Format, Order, shapes
from lessongen.exporters.shapes import TEMPTS, Line, Sheet, SheetQuestion

# `$` and `~` mean something to common extensions alone.
_SPECIAL = re.compile(r"[\\`*_\[\]<>#$~|]|&(?=#?\w+;)")
_RULE = "_" * 60  # a thematic break: a line to write on, as text as well as on a page
_BREAK = "-" * 5
_OPENS_BLOCK = re.compile(r"(?P<marker>[-+=]|\d{1,9}(?=[.)]))")


def export(order: Order) -> bytes:
    """The lesson as Markdown in UTF-8; a teacher's has each key after its question."""
    return _file(_blocks(_laid_out(order)))


def join(title: str, orders: Iterable[Order]) -> bytes:
    """The lessons one after the other, behind a list of them."""
    titles: list[str] = []
    lessons: list[str] = []
    for order in orders:
        sheet = _laid_out(order)
        titles.append(_escaped(sheet.title))
        lessons += [_BREAK, *_blocks(sheet)]
    return _file([f"# {_escaped(title)}", *([_steps(titles)] if titles else []), *lessons])


def _file(blocks: Iterable[str]) -> bytes:
    return ("\n\n".join(blocks) + "\n").encode()


def _laid_out(order: Order) -> Sheet:
    from lessongen.exporters.sheet import lay_out

    return lay_out(order.lesson, order.audience, order.about)


def _blocks(sheet: Sheet) -> list[str]:
    recap = list(_recap(sheet))
    terms = [f"**{_escaped(term)}**: {_line(said)}" for term, said in sheet.key_terms]
    return [
        *_head(sheet),
        *(recap if sheet.is_teachers else ()),
        *_titled("Key words", [_bullets(terms)] if terms else []),
        *_titled("Starter", [part for asked in sheet.starters for part in _question(asked)]),
        *(block for phase in sheet.phases for block in _phase(phase, sheet)),
        *(
            block
            for group in sheet.closing
            for block in _titled(group.title, [part for asked in group.questions for part in _question(asked)])
        ),
        *(() if sheet.is_teachers else recap),
        *_foot(sheet),
    ]


def _head(sheet: Sheet) -> Iterable[str]:
    yield f"# {_escaped(sheet.title)}"
    yield f"*{_escaped(sheet.based_on)}*\\\n{_escaped(' · '.join(sheet.facts))}"
    if sheet.outcome:
        yield f"**{_escaped(sheet.outcome)}**"
    yield from (f"> **Note:** {_escaped(notice)}" for notice in sheet.notices)
    if sheet.summary:
        yield _line(sheet.summary)
    if sheet.image:
        yield _photo(sheet.image)
    for title, items in sheet.head:
        yield from _titled(title, [_bullets(map(_escaped, items))])
    if sheet.plan:
        yield from _titled(sheet.plan.title, [_table(sheet.plan)])


def _photo(photo: shapes.Photo) -> str:
    """The picture by its address, as Markdown has no files in it, with its credit."""
    alternative = _escaped(photo.alternative)
    shown = f"![{alternative}]({_target(photo.file_url)})" if photo.file_url else _escaped(photo.stand_in)
    credit = ", ".join(
        [_linked(photo.title, photo.page_url), _escaped(photo.author), _linked(photo.licence, photo.licence_url)]
    )
    return f"{shown}\\\n*{_escaped(photo.caption)}* (Image: {credit})"


def _recap(sheet: Sheet) -> Iterable[str]:
    """What is to be remembered, and what is mixed up."""
    if sheet.key_points:
        title = "Key points" if sheet.is_teachers else "To remember"
        yield from _titled(title, [_bullets(map(_line, sheet.key_points))])
    if sheet.misconceptions:
        yield from _titled("Often mixed up", [_bullets(map(_mixed_up, sheet.misconceptions))])


def _mixed_up(each: shapes.MixedUp) -> str:
    tempts = [f"*{TEMPTS}:* {_escaped(each.tempting)}"] if each.tempting else []
    told = [f"**Some think:** {_escaped(each.belief)}", *tempts, f"**In fact:** {_line(each.correction)}"]
    return "\\\n  ".join(told)


def _titled(title: str, blocks: Sequence[str]) -> list[str]:
    return [f"## {title}", *blocks] if blocks else []


def _phase(phase: shapes.Phase, sheet: Sheet) -> Iterable[str]:
    aside = f" ({phase.time} min · {phase.part})" if sheet.is_teachers else ""
    yield f"## {phase.number}. {_escaped(phase.title)}{aside}"
    if phase.notes:
        yield _quoted([_bullets(map(_line, phase.notes))])
    for step in phase.steps:
        if step.label:
            yield f"### {step.label}"
        for block in step.blocks:
            yield from _block(block)


def _block(block: shapes.Block) -> Iterable[str]:
    if isinstance(block, shapes.Paragraph):
        yield " ".join(_line(line) for line in block.lines)
    elif isinstance(block, shapes.WorkedExample):
        yield f"**Example.** {_escaped(block.problem)}"
        yield from _picture(block.picture)
        yield _steps(_line(step) for step in block.steps)
        yield f"**Answer:** {_line(block.answer)}"
    elif isinstance(block, shapes.Task):
        yield f"**Activity · {block.grouping}**"
        yield _steps(map(_escaped, block.steps))
        yield f"*In hand at the end:* {_escaped(block.product)}"
    elif isinstance(block, shapes.Practice):
        yield f"**{block.title}**"
        for part in block.parts:
            yield from _part(part)
    elif isinstance(block, SheetQuestion):
        yield from _question(block)
    else:
        yield from _shown(block)


def _shown(block: shapes.Comparison | shapes.Grid | shapes.Dates | shapes.Drawing) -> Iterable[str]:
    if isinstance(block, shapes.Comparison):
        likeness = f"**Think of it like this.** {_line(block.text)} {_line(block.statement)}"
        yield _quoted([likeness, f"**Where the likeness ends:** {_line(block.ends)}"])
    elif isinstance(block, shapes.Grid):
        yield f"**{_escaped(block.title)}**"
        yield _table(block)
    elif isinstance(block, shapes.Dates):
        yield f"**{_escaped(block.title)}**"
        yield from _in_letters(block.picture) if block.picture else ()
        yield _bullets(f"**{_escaped(when)}**: {_line(what)}" for when, what in block.entries)
    else:
        yield f"**Figure: {_escaped(block.title)}.** {_line(block.alternative)}"
        yield from _in_letters(block.picture)


def _picture(picture: shapes.Picture | None) -> Iterable[str]:
    """What is drawn, told and in characters."""
    if picture:
        yield f"*Drawing: {_escaped(picture.alternative)}*"
        yield from _in_letters(picture)


def _in_letters(picture: shapes.Picture) -> Iterable[str]:
    """The characters as code that is indented: nothing in it ends it."""
    if picture.rows:
        yield "\n".join(f"    {row}".rstrip() for row in picture.rows)


def _table(grid: shapes.Grid) -> str:
    columns = max(len(grid.headings), *map(len, grid.rows))
    headings = [*map(_escaped, grid.headings), *[""] * (columns - len(grid.headings))]
    rows = [[*map(_line, row), *[""] * (columns - len(row))] for row in grid.rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (headings, ["---"] * columns, *rows))


def _part(part: shapes.Part) -> Iterable[str]:
    yield f"{part.letter}) {_escaped(part.prompt)}" if part.letter else _escaped(part.prompt)
    yield from (_RULE for _ in range(0 if part.solution else part.lines_to_write))
    if part.solution:
        yield _quoted(list(_solution(part.solution)))


def _solution(solution: shapes.Solution) -> Iterable[str]:
    if solution.answer:
        yield f"**Expect:** {_line(solution.answer)}"
    if solution.criteria:
        yield _bullets(map(_escaped, solution.criteria))
    if solution.support:
        yield f"**Support:** {_escaped(solution.support)}"
    if solution.stretch:
        yield f"**Stretch:** {_escaped(solution.stretch)}"


def _quoted(blocks: Sequence[str]) -> str:
    lines = "\n\n".join(blocks).split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _question(asked: SheetQuestion) -> Iterable[str]:
    yield f"**Question {asked.number}.** {_escaped(asked.stem)}"
    yield from _picture(asked.picture)
    if asked.boxes:
        yield _escaped(" / ".join(asked.boxes))
    if asked.numbered:
        yield _steps(map(_escaped, asked.numbered))
    if asked.lettered:
        yield _bullets(f"**{letter}** {_escaped(text)}" for letter, text in asked.lettered)
    if asked.key:
        yield _quoted(list(_key_entry(asked.key)))
    else:
        yield from (_RULE for _ in range(asked.lines_to_write))


def _key_entry(entry: shapes.KeyEntry) -> Iterable[str]:
    yield f"**Key:** {_line(entry.answer)}"
    if entry.feedback:
        yield _line(entry.feedback)
    yield from (f"*{_escaped(review)}*" for review in entry.reviews)
    if entry.wrong:
        yield _bullets(f"*Why not {_escaped(option)}:* {_line(why)}" for option, why in entry.wrong)


def _foot(sheet: Sheet) -> Iterable[str]:
    """What the marks lead to, the sources, and how the lesson was made."""
    from lessongen.exporters.sheet import LICENCE_NOTE, told_once

    quotes = [
        f"[{each.mark}] {_escaped(each.told)}{f' ({_escaped(each.place)})' if each.place else ''}"
        for each in sheet.listed_quotes
    ]
    quotes += [_escaped(told_once(told, marks)) for told, marks in sheet.told_in_short.items()]
    yield from _titled("What the marks lead to", [_bullets(quotes)] if quotes else [])
    yield from _titled("Sources", [_bullets(map(_reference, sheet.references)), LICENCE_NOTE])
    yield f"*{_escaped(' · '.join(sheet.colophon))}*"


def _reference(reference: shapes.Reference) -> str:
    licence = _linked(reference.licence, reference.licence_url)
    parts = [_linked(reference.title, reference.url), _escaped(reference.attribution), licence]
    if reference.revision:
        parts.append(f"revision {_escaped(reference.revision)}")
    return " · ".join([*parts, f"retrieved {reference.retrieved}"])


def _linked(text: str, url: str | None) -> str:
    return f"[{_escaped(text)}]({_target(url)})" if url else _escaped(text)


def _target(url: str) -> str:
    return url.replace("&", "&amp;")


def _line(line: Line) -> str:
    text = _escaped(line.text)
    if line.is_no_fact and text:
        text = f"*{text}*"
    return (
        text
        + "".join(f" [{note.mark}]" for note in line.notes)
        + "".join(f" [{_escaped(each)}]" for each in line.asides)
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
    media_type="text/markdown; charset=utf-8",
    export=export,
    join=join,
    asked_by=("md", "markdown"),
    place=1,
)
