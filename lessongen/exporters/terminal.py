"""The lesson, and the difference of two versions, on a terminal; Rich does the wrapping and the colours.

Everything is built of `Text`, never of markup: foreign text is shown as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.rule import Rule
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from lessongen.exporters import shapes
from lessongen.exporters.shapes import TEMPTS, Line, Sheet, SheetQuestion, headed
from lessongen.exporters.sheet import LICENCE_NOTE, lay_out, told_once
from lessongen.lesson.difference import Difference, PartDifference
from lessongen.system.printable import printable

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson

_WIDEST = 88
_NARROWEST_COLUMN = 16
_PART_TITLES = {"about": "Title, summary, minutes", "key_terms": "Key terms"}


def render(lesson: Lesson, about: Mapping[str, Any], audience: Audience, console: Console) -> None:
    """Print the lesson; a teacher's as a plan, with each key after its question."""
    sheet = lay_out(lesson, audience, about)
    recap = list(_recap(sheet))
    parts = [_head(sheet), *(recap if sheet.is_teachers else ())]
    if sheet.key_terms:
        parts.append(_titled("Key words", [_defined(term, said) for term, said in sheet.key_terms]))
    if sheet.starters:
        parts.append(_titled("Starter", _spaced(map(_question, sheet.starters))))
    parts += [_phase(phase, sheet) for phase in sheet.phases]
    parts += [_titled(group.title, _spaced(map(_question, group.questions))) for group in sheet.closing]
    parts += [*(() if sheet.is_teachers else recap), _foot(sheet)]
    console.print(Group(*parts), width=min(console.width, _WIDEST), highlight=False)


def render_difference(difference: Difference, console: Console) -> None:
    """Print what changed, part by part; nothing for a part that did not."""
    if difference.is_empty:
        console.print(Text("No difference."))
        return
    parts = [_changes(part) for part in difference.parts if not part.is_empty]
    same = sum(part.unchanged for part in difference.parts)
    console.print(Group(*parts, Text(), Text(f"{same} more are the same in both.", style="dim")), highlight=False)


# ---------------------------------------------------------------- head and foot


def _head(sheet: Sheet) -> RenderableType:
    rows: list[RenderableType] = [
        Text(sheet.title, style="bold"),
        Text(sheet.based_on, style="cyan"),
        Text(" · ".join(sheet.facts), style="dim"),
        Text(),
    ]
    if sheet.outcome:
        rows += [Text(sheet.outcome, style="bold green"), Text()]
    for notice in sheet.notices:
        rows.append(_hanging("! ", Text(notice), style="yellow"))
    if sheet.summary:
        rows += [*([Text()] if sheet.notices else []), _line(sheet.summary)]
    if sheet.image:
        rows += [Text(), *_photo(sheet.image)]
    rows += [_titled(title, [_hanging("• ", Text(each)) for each in items]) for title, items in sheet.head]
    if sheet.plan:
        rows += [Text(), _Grid(grid=sheet.plan)]
    return Group(*rows)


def _photo(photo: shapes.Photo) -> Iterable[RenderableType]:
    """What the picture shows, and whose it is."""
    yield Text(photo.stand_in, style="italic")
    yield _hanging("  ", Text(f"{photo.title}, {photo.author}, {photo.licence}; {photo.page_url}", style="dim"))


def _recap(sheet: Sheet) -> Iterable[RenderableType]:
    """What is to be remembered, and what is mixed up."""
    if sheet.key_points:
        title = "Key points" if sheet.is_teachers else "To remember"
        yield _titled(title, [_hanging("• ", _line(each)) for each in sheet.key_points])
    if sheet.misconceptions:
        yield _titled("Often mixed up", _spaced(map(_mixed_up, sheet.misconceptions)))


def _mixed_up(each: shapes.MixedUp) -> RenderableType:
    tempts = [_for_teachers(_named(TEMPTS, Text(each.tempting)))] if each.tempting else []
    return Group(_named("Some think", Text(each.belief)), *tempts, _named("In fact", _line(each.correction)))


def _foot(sheet: Sheet) -> RenderableType:
    rows: list[RenderableType] = []
    if sheet.quotes:
        rows.append(_titled("What the marks lead to", _quotes(sheet)))
    rows.append(_titled("Sources", map(_reference, sheet.references)))
    return Group(*rows, Text(), Text(LICENCE_NOTE, style="dim"), Text(" · ".join(sheet.colophon), style="dim"))


def _quotes(sheet: Sheet) -> Iterable[RenderableType]:
    for each in sheet.listed_quotes:
        text = Text(each.told, style="dim")
        if each.place:
            text.append(f" ({each.place})", style="dim")
        yield _hanging(f"[{each.mark}] ", text, style="dim")
    for told, marks in sheet.told_in_short.items():
        yield Text(told_once(told, marks), style="dim")


def _reference(reference: shapes.Reference) -> RenderableType:
    title = "" if reference.title in reference.attribution else f"{reference.title}. "
    said = Text(f"{title}{reference.attribution}. ")
    revision = f"revision {reference.revision}" if reference.revision else None
    said.append(" · ".join(filter(None, (reference.licence, revision, reference.url))), style="dim")
    return _hanging("• ", said)


# ---------------------------------------------------------------- body


def _phase(phase: shapes.Phase, sheet: Sheet) -> RenderableType:
    rows = [_for_teachers(Group(*(_hanging("• ", _line(note)) for note in phase.notes)))] if phase.notes else []
    for step in phase.steps:
        label = [Text(step.label, style="bold yellow")] if step.label else []
        rows.append(Group(*label, *_spaced(map(_block, step.blocks))))
    aside = f"{phase.time} min · {phase.part}" if sheet.is_teachers else ""
    return _titled(f"{phase.number}. {phase.title}", _spaced(rows), aside)


def _block(block: shapes.Block) -> RenderableType:
    if isinstance(block, shapes.Paragraph):
        return Text(" ").join(_line(line) for line in block.lines)
    if isinstance(block, shapes.Task):
        steps = _numbered(Text(step) for step in block.steps)
        product = _named("In hand at the end", Text(block.product))
        return Group(Text.assemble(("Activity", "bold"), (f" · {block.grouping}", "dim")), *steps, product)
    if isinstance(block, shapes.Practice):
        return Group(Text(block.title, style="bold"), *_spaced(map(_part, block.parts)))
    if isinstance(block, SheetQuestion):
        return _question(block)
    if isinstance(block, shapes.Comparison | shapes.Grid | shapes.Dates | shapes.Drawing):
        return _shown(block)
    answer = _named("Answer", _line(block.answer))
    problem = Text.assemble(("Example  ", "bold"), block.problem)
    return Group(problem, *_pictured(block.picture), *_numbered(map(_line, block.steps)), answer)


def _shown(block: shapes.Comparison | shapes.Grid | shapes.Dates | shapes.Drawing) -> RenderableType:
    if isinstance(block, shapes.Comparison):
        likeness = Text(" ").join([_line(block.text), _line(block.statement)])
        ends = Text.assemble(("Where the likeness ends: ", "bold"), _line(block.ends))
        return _barred("┊ ", Group(Text("Think of it like this", style="bold"), likeness, ends), style="magenta")
    if isinstance(block, shapes.Grid):
        return _Grid(grid=block)
    if isinstance(block, shapes.Dates):
        longest = min(20, max(cell_len(when) for when, _ in block.entries))
        entries = [
            _hanging(f"{when}{' ' * (longest - cell_len(when))}  ", _line(what), style="bold")
            for when, what in block.entries
        ]
        drawn = [_Rows(rows=block.picture.rows)] if block.picture else []
        return Group(Text(block.title, style="bold"), *drawn, *entries)
    told = Text.assemble((f"[Figure: {block.title}] ", "bold"), _line(block.alternative))
    return Group(told, _Rows(rows=block.picture.rows)) if block.picture.rows else told


def _pictured(picture: shapes.Picture | None) -> Iterable[RenderableType]:
    """What is drawn, in characters and told."""
    if picture:
        rows = [_Rows(rows=picture.rows)] if picture.rows else []
        yield _barred("┆ ", Group(*rows, Text(picture.alternative, style="italic")), style="dim")


def _part(part: shapes.Part) -> RenderableType:
    below = _for_teachers(_solution(part.solution)) if part.solution else _ruled(part.lines_to_write)
    content = Group(Text(part.prompt), below)
    return _hanging(f"{part.letter}) ", content, style="bold") if part.letter else content


def _solution(solution: shapes.Solution) -> RenderableType:
    rows: list[RenderableType] = [_named("Expect", _line(solution.answer))] if solution.answer else []
    rows += [_hanging("☐ ", Text(each)) for each in solution.criteria]
    for name, said in (("Support", solution.support), ("Stretch", solution.stretch)):
        if said:
            rows.append(_named(name, Text(said)))
    return Group(*rows)


def _question(asked: SheetQuestion) -> RenderableType:
    rows: list[RenderableType] = [Text(asked.stem), *_pictured(asked.picture)]
    if asked.boxes:
        rows.append(Text(" / ".join(asked.boxes), style="dim"))
    rows += _numbered(Text(item) for item in asked.numbered)
    rows += [_hanging(f"{letter}  ", Text(text), style="bold") for letter, text in asked.lettered]
    rows.append(_for_teachers(_key_entry(asked.key)) if asked.key else _ruled(asked.lines_to_write))
    return _hanging(f"Q{asked.number}  ", Group(*rows), style="bold magenta")


def _key_entry(entry: shapes.KeyEntry) -> RenderableType:
    rows: list[RenderableType] = [_named("Key", _line(entry.answer, style="green"))]
    if entry.feedback:
        rows.append(_line(entry.feedback))
    rows += [Text(review, style="yellow") for review in entry.reviews]
    for option, why in entry.wrong:
        rows.append(_hanging("✗ ", Text.assemble((f"{option}: ", "italic"), _line(why)), style="red"))
    return Group(*rows)


def _ruled(lines: int) -> RenderableType:
    """Lines to write on, for who prints it."""
    return Group(*[Rule(characters="_", style="dim")] * lines)


def _named(name: str, said: Text) -> Text:
    return Text.assemble((f"{name}: ", "bold"), said)


def _line(line: Line, *, style: str = "") -> Text:
    text = Text(line.text, style="italic" if line.is_no_fact else style)
    rest = Text()
    for note in line.notes:
        rest.append(f"[{note.mark}]", style="dim")
    for aside in line.asides:
        rest.append(f" [{aside}]", style="dim")
    return Text.assemble(text, rest)


def _defined(term: str, said: Line) -> RenderableType:
    return _hanging("• ", Text.assemble((term, "bold"), "  ", _line(said)))


# ---------------------------------------------------------------- difference


def _changes(part: PartDifference) -> RenderableType:
    rows: list[RenderableType] = [_signed("-", name) for name in part.removed]
    rows += [_signed("+", name) for name in part.added]
    for change in part.changed:
        lines = [_signed("-", line) for line in change.removed] + [_signed("+", line) for line in change.added]
        within = lines or [Text("in another order", style="dim")]
        rows.append(_hanging("~ ", Group(Text(printable(change.name)), *within), style="yellow"))
    for move in part.moved:
        place = (f"  from place {move.before} to {move.after}", "dim")
        rows.append(_hanging("> ", Text.assemble(printable(move.name), place), style="cyan"))
    return _titled(_PART_TITLES.get(part.part, part.part.capitalize()), rows)


def _signed(sign: str, text: str) -> RenderableType:
    return _hanging(f"{sign} ", Text(printable(text)), style={"+": "green", "-": "red"}[sign])


# ---------------------------------------------------------------- shapes


def _titled(title: str, rows: Iterable[RenderableType], aside: str = "") -> Group:
    heading = Text.assemble((title, "bold underline"), ("  " + aside if aside else "", "dim"))
    return Group(Text(), heading, *rows)


def _spaced(rows: Iterable[RenderableType]) -> list[RenderableType]:
    """The rows with an empty line between each two."""
    return [each for row in rows for each in (Text(), row)][1:]


def _numbered(items: Iterable[Text]) -> list[RenderableType]:
    return [_hanging(f"{number}. ", item) for number, item in enumerate(items, 1)]


def _hanging(mark: str, content: RenderableType, *, style: str = "") -> RenderableType:
    return _Hanging(mark=mark, content=content, style=style, below=" " * cell_len(mark))


def _barred(bar: str, content: RenderableType, *, style: str) -> RenderableType:
    return _Hanging(mark=bar, content=content, style=style, below=bar)


def _for_teachers(content: RenderableType) -> RenderableType:
    return _barred("┃ ", content, style="yellow")


@dataclass(frozen=True, kw_only=True)
class _Hanging:
    """The content with a mark before its first line and another before its other lines; not padded to the right."""

    mark: str
    content: RenderableType
    style: str
    below: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        inner = options.update_width(max(1, options.max_width - cell_len(self.mark)))
        style = console.get_style(self.style)
        before = Segment(self.mark, style)
        for line in console.render_lines(self.content, inner, pad=False):
            yield before
            yield from line
            yield Segment.line()
            before = Segment(self.below, style)


@dataclass(frozen=True, kw_only=True)
class _Rows:
    """What is drawn in characters, where there is room for all of it: half of it would mislead."""

    rows: Sequence[str]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if max(map(cell_len, self.rows)) <= options.max_width:
            yield from (Text(row, no_wrap=True) for row in self.rows)


@dataclass(frozen=True, kw_only=True)
class _Grid:
    """A table in columns, or where they would be too narrow to read each row with its headings."""

    grid: shapes.Grid

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        grid = self.grid
        yield Text(grid.title, style="bold")
        columns = max(len(grid.headings), *(len(row) for row in grid.rows))
        if options.max_width < _NARROWEST_COLUMN * columns:
            yield from (self._row(row) for row in grid.rows)
            return
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False)
        for heading in (*grid.headings, *[""] * (columns - len(grid.headings))):
            table.add_column(Text(heading))
        for first, *others in grid.rows:
            table.add_row(_line(first), *map(_line, others))
        yield table

    def _row(self, row: Sequence[Line]) -> RenderableType:
        first, *others = row
        rows: list[RenderableType] = [Text("").append_text(_line(first))]
        for heading, cell in zip(headed(self.grid.headings, row), others, strict=True):
            rows.append(Text.assemble((f"{heading}: " if heading else "", "dim"), _line(cell)))
        return _hanging("• ", Group(*rows))
