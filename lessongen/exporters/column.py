"""What students read of a lesson as texts and pictures below one another, as H5P's column has them.

H5P lets few tags into a text: no tables, whose rows are items of a list here. All foreign text is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from lessongen.exporters import shapes
from lessongen.exporters.markup import sound
from lessongen.exporters.shapes import Line, Sheet, SheetQuestion
from lessongen.exporters.sheet import LICENCE_NOTE, told_once


@dataclass(frozen=True, kw_only=True)
class Text:
    """A piece of HTML with no tags but those that H5P lets in; `title` is what it is called."""

    title: str
    html: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A drawing, or the lead picture by its data address; `instead` is the text where it can't be shown."""

    title: str
    alternative: str
    svg: str = ""
    data: str = ""

    @property
    def instead(self) -> str:
        """What is told in its place."""
        return _paragraph(f"[{plain(self.alternative)}]")


def before_questions(sheet: Sheet) -> Iterator[Text | Shown]:
    """What stands before the questions."""
    yield Text(title=sheet.title, html="".join(_head(sheet)))
    if sheet.image:
        image = sheet.image
        yield Shown(title=image.title, alternative=image.alternative, data=image.data)
        credit = ", ".join(
            [_link(image.title, image.page_url), plain(image.author), _link(image.licence, image.licence_url)]
        )
        yield Text(title=image.title, html=_paragraph(f"<em>{plain(image.caption)}</em> (Image: {credit})"))
    for phase in sheet.phases:
        yield from _phase(phase)
    recap = "".join(_recap(sheet))
    if recap:
        yield Text(title="To remember", html=recap)


def after_questions(sheet: Sheet) -> Text:
    """What the marks lead to, and the sources with their licences."""
    quotes = [
        f"[{each.mark}] {plain(each.told)}{f' ({plain(each.place)})' if each.place else ''}"
        for each in sheet.listed_quotes
    ]
    quotes += [plain(told_once(told, marks)) for told, marks in sheet.told_in_short.items()]
    marks = [_heading("What the marks lead to"), _list(quotes)] if quotes else []
    sources = _list(map(_reference, sheet.references))
    rights = _paragraph(plain(LICENCE_NOTE)) + _paragraph(plain(" · ".join(sheet.colophon)))
    return Text(title="Sources", html="".join([*marks, _heading("Sources"), sources, rights]))


def plain(text: str) -> str:
    """A text as it is, wherever markup may stand."""
    return escape(sound(text))


# ---------------------------------------------------------------- parts


def _head(sheet: Sheet) -> Iterator[str]:
    yield f"<h2>{plain(sheet.title)}</h2>"
    yield _paragraph(f"<em>{plain(sheet.based_on)}</em>")
    if sheet.outcome:
        yield _paragraph(f"<strong>{plain(sheet.outcome)}</strong>")
    yield from (_paragraph(plain(notice)) for notice in sheet.notices)
    if sheet.summary:
        yield _paragraph(_line(sheet.summary))
    for title, items in sheet.head:
        yield _heading(title) + _list(map(plain, items))
    if sheet.key_terms:
        terms = (f"<strong>{plain(term)}</strong>: {_line(said)}" for term, said in sheet.key_terms)
        yield _heading("Key words") + _list(terms)


def _recap(sheet: Sheet) -> Iterator[str]:
    if sheet.key_points:
        yield _heading("To remember") + _list(map(_line, sheet.key_points))
    if sheet.misconceptions:
        mixed = (
            f"<strong>Some think:</strong> {plain(each.belief)} <strong>In fact:</strong> {_line(each.correction)}"
            for each in sheet.misconceptions
        )
        yield _heading("Often mixed up") + _list(mixed)


def _phase(phase: shapes.Phase) -> Iterator[Text | Shown]:
    """A section as few texts, parted by what is drawn in it."""
    said = [f"<h2>{phase.number}. {plain(phase.title)}</h2>"]
    for block in phase.blocks:
        picture = None if isinstance(block, SheetQuestion) else getattr(block, "picture", None)
        if picture:
            before = list(_before_picture(block))
            yield Text(title=phase.title, html="".join([*said, *before]))
            yield Shown(title=phase.title, alternative=picture.alternative, svg=picture.svg)
            said = []
        said += _block(block)
    if said:
        yield Text(title=phase.title, html="".join(said))


def _before_picture(block: shapes.Block) -> Iterator[str]:
    if isinstance(block, shapes.WorkedExample):
        yield _paragraph(f"<strong>Example.</strong> {plain(block.problem)}")
    elif isinstance(block, shapes.Dates):
        yield _paragraph(f"<strong>{plain(block.title)}</strong>")


def _block(block: shapes.Block) -> Iterator[str]:
    if isinstance(block, shapes.Paragraph):
        yield _paragraph(" ".join(map(_line, block.lines)))
    elif isinstance(block, shapes.WorkedExample):
        yield from () if block.picture else _before_picture(block)
        yield _list(map(_line, block.steps), "ol") + _paragraph(f"<strong>Answer:</strong> {_line(block.answer)}")
    elif isinstance(block, shapes.Task):
        yield _paragraph(f"<strong>Activity · {plain(block.grouping)}</strong>") + _list(map(plain, block.steps), "ol")
        yield _paragraph(f"<em>In hand at the end:</em> {plain(block.product)}")
    elif isinstance(block, shapes.Practice):
        yield _paragraph(f"<strong>{plain(block.title)}</strong>")
        yield from (
            _paragraph(plain(f"{part.letter}) {part.prompt}" if part.letter else part.prompt)) for part in block.parts
        )
    elif isinstance(block, SheetQuestion):
        yield _paragraph(f"<em>Question {block.number} is asked below.</em>")
    elif isinstance(block, shapes.Comparison):
        yield _paragraph(f"<strong>Think of it like this.</strong> {_line(block.text)} {_line(block.statement)}")
        yield _paragraph(f"<strong>Where the likeness ends:</strong> {_line(block.ends)}")
    elif isinstance(block, shapes.Grid):
        yield _paragraph(f"<strong>{plain(block.title)}</strong>") + _list(_rows(block))
    elif isinstance(block, shapes.Dates):
        yield from () if block.picture else _before_picture(block)
        yield _list(f"<strong>{plain(when)}</strong>: {_line(what)}" for when, what in block.entries)
    else:
        yield _paragraph(f"<strong>Figure: {plain(block.title)}.</strong> {_line(block.alternative)}")


def _rows(grid: shapes.Grid) -> Iterator[str]:
    """Each row in words: what it is of, and under which heading each other cell stands."""
    for first, *others in grid.rows:
        headings = [*grid.headings[1:], *[""] * len(others)]
        cells = (
            f"{plain(heading)}: {_line(cell)}" if heading else _line(cell)
            for heading, cell in zip(headings, others, strict=False)
            if cell.text
        )
        yield f"<strong>{_line(first)}</strong>. {'; '.join(cells)}"


def _reference(each: shapes.Reference) -> str:
    revision = [f"revision {plain(each.revision)}"] if each.revision else []
    licence = _link(each.licence, each.licence_url)
    parts = [_link(each.title, each.url), plain(each.attribution), licence, *revision, f"retrieved {each.retrieved}"]
    return " · ".join(parts)


def _line(line: Line) -> str:
    said = f"<em>{plain(line.text)}</em>" if line.is_no_fact and line.text else plain(line.text)
    marks = "".join(f" [{note.mark}]" for note in line.notes)
    return said + marks + "".join(f" [{plain(each)}]" for each in line.asides)


def _paragraph(html: str) -> str:
    return f"<p>{html}</p>"


def _heading(title: str) -> str:
    return f"<h3>{plain(title)}</h3>"


def _list(items: Iterable[str], tag: str = "ul") -> str:
    return f"<{tag}>{''.join(f'<li>{item}</li>' for item in items)}</{tag}>"


def _link(text: str, address: str | None) -> str:
    return f'<a href="{escape(address)}">{plain(text)}</a>' if address else plain(text)
