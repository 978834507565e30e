"""The table of an exam's result: by kind with a bar on a terminal, plain elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lessongen.commands.judge_figures import Figures, Share
from lessongen.system.terminal import Output, plain_table

_BAR = 12  # cells
_HEADS = ("", "right", "of", "share", "95 % interval")


@dataclass(frozen=True, kw_only=True)
class _Row:
    name: str
    right: str
    of: str
    share: float | None
    shown: str
    interval: str = ""
    needed: float | None = None
    is_total: bool = False

    @property
    def cells(self) -> list[str]:
        return [self.name, self.right, self.of, self.shown, self.interval]

    @property
    def style(self) -> str:
        if self.share is None:
            return "bold"
        if self.needed is None:
            return ""
        return "green" if self.share >= self.needed - 1e-9 else "red" if self.is_total else "yellow"


def draw(output: Output, figures: Figures) -> None:
    """Print the table of one result."""
    rows = list(_rows(figures))
    if not output.is_terminal or output.environment.get("TERM") == "dumb":
        output.raw(plain_table([_HEADS, *(row.cells for row in rows)]))
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for head in _HEADS[:1]:
        table.add_column(head, no_wrap=True)
    for head in _HEADS[1:]:
        table.add_column(head, justify="right", no_wrap=True)
    console = output.console()
    has_bars = console.width >= 80
    if has_bars:
        table.add_column("")
    for row in rows:
        cells = [Text(cell, style="bold" if row.is_total else "") for cell in row.cells]
        cells[0] = Text(row.name, style="bold" if row.is_total or row.share is None else "")
        cells[3] = Text(row.shown, style=row.style)
        if has_bars:
            cells.append(Text("" if row.share is None else _bar(row.share), style=row.style))
        table.add_row(*cells, end_section=row.is_total)
    console.print(table)


def _rows(figures: Figures) -> Iterator[_Row]:
    parts = (
        ("unfaithful sentences, caught", False, figures.caught, figures.bar.caught),
        ("honest sentences, accepted", True, figures.accepted, figures.bar.accepted),
    )
    for title, is_honest, total, needed in parts:
        yield _Row(name=title, right="", of="", share=None, shown="")
        for each in figures.result.kinds:
            if each.is_honest == is_honest:
                share = each.right / each.pairs
                shown = Share(share=share, low=0.0, high=0.0).percent
                yield _Row(
                    name=f"  {each.kind}",
                    right=str(each.right),
                    of=str(each.pairs),
                    share=share,
                    shown=shown,
                    needed=needed,
                )
        yield _total("  all of them", total, needed)
    yield _total("balanced accuracy", figures.balanced, None)


def _total(name: str, share: Share, needed: float | None) -> _Row:
    counts = ("", "") if share.right is None else (str(share.right), str(share.of))
    return _Row(
        name=name,
        right=counts[0],
        of=counts[1],
        share=share.share,
        shown=share.percent,
        interval=share.interval,
        needed=needed,
        is_total=True,
    )


def _bar(share: float) -> str:
    full = round(share * _BAR)
    return "█" * full + "░" * (_BAR - full)
