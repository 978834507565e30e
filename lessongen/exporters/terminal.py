"""The lesson, and the difference of two versions, on a terminal; Rich does the wrapping and the colours.

Everything is built of `Text`, never of markup: foreign text is shown as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.text import Text

from lessongen.exporters.sheet import (
    LICENCE_NOTE,
    Block,
    KeyEntry,
    Line,
    Paragraph,
    Phase,
    Reference,
    Sheet,
    SheetQuestion,
    Task,
    lay_out,
)
from lessongen.lesson.difference import Difference, PartDifference
from lessongen.system.printable import printable

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson

_WIDEST = 88
_PART_TITLES = {"about": "Title, summary, minutes", "key_terms": "Key terms"}


def render(lesson: Lesson, about: Mapping[str, Any], audience: Audience, console: Console) -> None:
    """Print the lesson; a teacher's with the answer key at its end."""
    sheet = lay_out(lesson, audience, about)
    parts = [_head(sheet)]
    parts += [_phase(phase) for phase in sheet.phases]
    if sheet.further_questions:
        parts.append(_titled("Further questions", [_question(asked) for asked in sheet.further_questions]))
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
    for notice in sheet.notices:
        rows.append(_hanging("! ", Text(notice), style="yellow"))
    rows += [Text(), _line(sheet.summary)] if sheet.notices else [_line(sheet.summary)]
    rows.append(_titled("Objectives", [_hanging("• ", Text(each)) for each in sheet.objectives]))
    if sheet.prior_knowledge:
        rows.append(_titled("What helps to know already", [Text(", ".join(sheet.prior_knowledge))]))
    rows.append(_titled("Key terms", [_defined(term, said) for term, said in sheet.key_terms]))
    if sheet.misconceptions:
        rows.append(_titled("Often mixed up", [_defined(belief, said) for belief, said in sheet.misconceptions]))
    return Group(*rows)


def _foot(sheet: Sheet) -> RenderableType:
    note = Text(LICENCE_NOTE, style="dim")
    references = [_reference(each) for each in sheet.references]
    return _titled("Sources", [*references, Text(), note, Text(" · ".join(sheet.colophon), style="dim")])


def _reference(reference: Reference) -> RenderableType:
    said = Text(f"{reference.attribution}. ")
    revision = f"revision {reference.revision}" if reference.revision else None
    said.append(" · ".join(filter(None, (reference.licence, revision, reference.url))), style="dim")
    return _hanging(f"[{reference.number}] ", said, style="cyan")


# ---------------------------------------------------------------- body


def _phase(phase: Phase) -> RenderableType:
    blocks: list[RenderableType] = []
    for block in phase.blocks:
        blocks += [Text(), _block(block)] if blocks else [_block(block)]
    return _titled(f"{phase.number}. {phase.title}", blocks, f"{phase.minutes} min")


def _block(block: Block) -> RenderableType:
    if isinstance(block, Paragraph):
        return Text(" ").join(_line(line) for line in block.lines)
    if isinstance(block, Task):
        steps = _numbered(Text(step) for step in block.steps)
        product = Text.assemble(("In hand at the end: ", "italic"), block.product)
        return Group(Text.assemble(("Activity", "bold"), (f" · {block.grouping}", "dim")), *steps, product)
    if isinstance(block, SheetQuestion):
        return _question(block)
    answer = Text.assemble(("Answer: ", "bold"), _line(block.answer))
    return Group(Text.assemble(("Example  ", "bold"), block.problem), *_numbered(map(_line, block.steps)), answer)


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
    for passage in entry.passages:
        heading = f" ({passage.heading})" if passage.heading else ""
        quoted = Text.assemble(f"“{passage.text}”", (f"[{passage.note}]", "cyan"), heading)
        quoted.stylize("dim", 0, len(passage.text) + 2)
        rows.append(quoted)
    return _hanging(f"Q{entry.number}  ", Group(*rows), style="bold magenta")


def _line(line: Line) -> Text:
    text = Text(line.text)
    for note in line.notes:
        text.append(f"[{note}]", style="cyan")
    if line.by:
        text.append(f" [{line.by}]", style="dim")
    return text


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
    return _Hanging(mark=mark, content=content, style=style)


@dataclass(frozen=True, kw_only=True)
class _Hanging:
    """The content with a mark before its first line, its other lines indented as far; not padded to the right."""

    mark: str
    content: RenderableType
    style: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        indent = cell_len(self.mark)
        inner = options.update_width(max(1, options.max_width - indent))
        before = Segment(self.mark, console.get_style(self.style))
        for line in console.render_lines(self.content, inner, pad=False):
            yield before
            yield from line
            yield Segment.line()
            before = Segment(" " * indent)
