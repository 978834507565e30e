"""A bar on stderr for work on many things, where a person watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lessongen.system.terminal import Output, printable

_LONGEST = 60


@contextmanager
def progress(output: Output, total: int) -> Iterator[Callable[[str], None]]:
    """A bar of so many steps; what it gives is called after each, with the name of what was done."""
    if not output.shows_progress or total == 0:
        yield lambda done: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (BarColumn(bar_width=20), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=output.error_console(), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda done: bar.update(task, advance=1, description=printable(done[:_LONGEST]).replace("\n", " "))
