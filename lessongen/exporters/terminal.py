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
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

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
    headed,
)
from lessongen.exporters.sheet import LICENCE_NOTE, SAFETY_NOTE, lay_out, reads_as_sentences
from lessongen.lesson.difference import Difference, PartDifference
from lessongen.system.printable import printable

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson

_WIDEST = 88
_NARROWEST_COLUMN = 16
_PART_TITLES = {"about": "Title, summary, minutes", "key_terms": "Key terms"}


def render(lesson: Lesson, about: Mapping[str, Any], audience: Audience, console: Console) -> None:
    """Print the lesson; a teacher's with the answer key at its end."""
    sheet = lay_out(lesson, audience, about)
    parts = [_head(sheet)]
    if sheet.starters:
        parts.append(_titled("Starter", map(_question, sheet.starters)))
    parts += [_phase(phase) for phase in sheet.phases]
    parts += [_titled(group.title, map(_question, group.questions)) for group in sheet.closing]
    if sheet.key:
        parts.append(_titled("Answer key", [_key_entry(entry) for entry in sheet.key]))
    parts.append(_foot(sheet))
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
    rows += [Text(), _line(sheet.summary)] if sheet.notices else [_line(sheet.summary)]
    if sheet.objectives:
        rows.append(_titled("Objectives", map(_bullet, sheet.objectives)))
    if sheet.prior_knowledge:
        are_sentences = reads_as_sentences(sheet.prior_knowledge)
        joined = Text(", ".join(sheet.prior_knowledge))
        rows.append(
            _titled("What helps to know already", map(_bullet, sheet.prior_knowledge) if are_sentences else [joined])
        )
    if sheet.materials:
        rows.append(_titled("Materials", map(_bullet, sheet.materials)))
    if sheet.safety:
        advice = [_hanging("! ", Text(each), style="bold red") for each in sheet.safety]
        rows.append(_titled("Safety", advice, SAFETY_NOTE))
    if sheet.has_plan:
        rows.append(_titled("Plan", map(_planned, sheet.phases)))
    if sheet.key_points:
        rows.append(_titled("Key points", [_hanging("• ", _line(each)) for each in sheet.key_points]))
    if sheet.key_terms:
        rows.append(_titled("Key terms", [_defined(term, said) for term, said in sheet.key_terms]))
    if sheet.misconceptions:
        rows.append(_titled("Often mixed up", map(_mixed_up, sheet.misconceptions)))
    return Group(*rows)


def _bullet(text: str) -> RenderableType:
    return _hanging("• ", Text(text))


def _planned(phase: Phase) -> RenderableType:
    aside = f"  cycle {phase.cycle}, {phase.kind}" if phase.cycle else ""
    return _hanging(f"{phase.minutes:>3} min  ", Text.assemble(phase.title, (aside, "dim")), style="dim")


def _mixed_up(each: MixedUp) -> RenderableType:
    said = _defined(each.belief, each.correction)
    if not each.tempting:
        return said
    tempts = Text.assemble(("Why it tempts: ", "italic"), each.tempting)
    return Group(said, _hanging("  ", _for_teachers(tempts)))


def _foot(sheet: Sheet) -> RenderableType:
    note = Text(LICENCE_NOTE, style="dim")
    references = [row for each in sheet.references for row in _reference(each)]
    return _titled("Sources", [*references, Text(), note, Text(" · ".join(sheet.colophon), style="dim")])


def _reference(reference: Reference) -> Iterable[RenderableType]:
    said = Text(f"{reference.attribution}. ")
    revision = f"revision {reference.revision}" if reference.revision else None
    said.append(" · ".join(filter(None, (reference.licence, revision, reference.url))), style="dim")
    yield _hanging(f"[{reference.number}] ", said, style="cyan")
    for passage in reference.passages:
        told = Text(f"“{passage.text}”{f' ({passage.heading})' if passage.heading else ''}", style="dim")
        yield _hanging(f"  [{passage.mark}] ", told, style="cyan")


# ---------------------------------------------------------------- body


def _phase(phase: Phase) -> RenderableType:
    blocks: list[RenderableType] = []
    for block in phase.blocks:
        blocks += [Text(), _block(block)] if blocks else [_block(block)]
    if phase.guide:
        blocks += [Text(), _guide(phase.guide)]
    return _titled(f"{phase.number}. {phase.title}", blocks, phase.aside)


def _block(block: Block) -> RenderableType:
    if isinstance(block, Paragraph):
        return Text(" ").join(_line(line) for line in block.lines)
    if isinstance(block, Task):
        steps = _numbered(Text(step) for step in block.steps)
        product = Text.assemble(("In hand at the end: ", "italic"), block.product)
        return Group(Text.assemble(("Activity", "bold"), (f" · {block.grouping}", "dim")), *steps, product)
    if isinstance(block, Practice):
        return Text.assemble((f"Practice {block.number}  ", "bold"), block.prompt)
    if isinstance(block, SheetQuestion):
        return _question(block)
    if isinstance(block, Comparison | Grid | Dates | Drawing):
        return _shown(block)
    answer = Text.assemble(("Answer: ", "bold"), _line(block.answer))
    return Group(Text.assemble(("Example  ", "bold"), block.problem), *_numbered(map(_line, block.steps)), answer)


def _shown(block: Comparison | Grid | Dates | Drawing) -> RenderableType:
    if isinstance(block, Comparison):
        likeness = Text(" ").join([_line(block.text), _line(block.statement)])
        ends = Text.assemble(("Where the likeness ends: ", "bold"), _line(block.ends))
        return _barred("┊ ", Group(Text("Think of it like this", style="bold"), likeness, ends), style="magenta")
    if isinstance(block, Grid):
        return _Grid(grid=block)
    if isinstance(block, Dates):
        longest = min(16, max(cell_len(when) for when, _ in block.entries))
        entries = [
            _hanging(f"{when}{' ' * (longest - cell_len(when))}  ", _line(what), style="bold")
            for when, what in block.entries
        ]
        return Group(Text(block.title, style="bold"), *entries)
    return Text.assemble((f"[Figure: {block.title}] ", "bold"), _line(block.alternative))


def _guide(guide: Guide) -> RenderableType:
    rows: list[RenderableType] = [Text("For the teacher", style="bold")]
    rows += [_hanging("• ", _line(note)) for note in guide.notes]
    for solution in guide.solutions:
        rows += _solution(solution)
    for number, answer in guide.answers:
        rows.append(_hanging(f"Q{number}  ", Text(answer, style="green"), style="bold magenta"))
    return _for_teachers(Group(*rows))


def _solution(solution: Solution) -> Iterable[RenderableType]:
    named = Text(f"Practice {solution.number}, a good answer: ", style="bold")
    yield named.append_text(_line(solution.answer)) if solution.answer else named
    yield from map(_bullet, solution.criteria)
    for name, said in (("Support", solution.support), ("Stretch", solution.stretch)):
        if said:
            yield Text.assemble((f"{name}: ", "italic"), said)


def _question(asked: SheetQuestion) -> RenderableType:
    rows: list[RenderableType] = [Text(asked.stem)]
    if asked.boxes:
        rows.append(Text(" / ".join(asked.boxes), style="dim"))
    rows += _numbered(Text(item) for item in asked.numbered)
    rows += [_hanging(f"{letter}  ", Text(text), style="bold") for letter, text in asked.lettered]
    return _hanging(f"Q{asked.number}  ", Group(*rows), style="bold magenta")


def _key_entry(entry: KeyEntry) -> RenderableType:
    answer = Text(entry.answer, style="green")
    if entry.by:
        answer.append(f" [{entry.by}]", style="dim")
    rows: list[RenderableType] = [answer]
    if entry.feedback:
        rows.append(Text(entry.feedback))
    rows += [Text(review, style="yellow") for review in entry.reviews]
    for option, why in entry.wrong:
        rows.append(_hanging("✗ ", Text.assemble((f"{option}: ", "italic"), _line(why)), style="red"))
    for passage in entry.passages:
        heading = f" ({passage.heading})" if passage.heading else ""
        quoted = Text.assemble(f"“{passage.text}”", (f"[{passage.note}]", "cyan"), heading)
        quoted.stylize("dim", 0, len(passage.text) + 2)
        rows.append(quoted)
    return _hanging(f"Q{entry.number}  ", Group(*rows), style="bold magenta")


def _line(line: Line) -> Text:
    text = Text(line.text, style="italic" if line.is_no_fact else "")
    rest = Text()
    for note in line.notes:
        rest.append(f"[{note}]", style="cyan")
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
class _Grid:
    """A table in columns, or where they would be too narrow to read each row with its headings."""

    grid: Grid

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
