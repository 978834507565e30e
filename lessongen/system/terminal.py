"""What a person sees: one gate to the streams, tables, and words for moments and durations.

Everything printed passes through `printable`, so that foreign text can neither steer the terminal nor be taken for
markup. Rich is loaded only for a table on a terminal.
"""

from __future__ import annotations

import json
import os
import re
import select
import shlex
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from lessongen.system.errors import CannotWrite, LessongenError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, ProgressColumn

    from lessongen.system.addresses import DatabaseAddress

# Control characters but line feeds, the marks that reorder text, line separators, lone surrogates.
_UNPRINTABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff]"
)
_COMMAND = re.compile(
    r"\blessongen (?:create|batch|schedule|status|tasks|show|lessons|history|diff|cite|check|lock|unlock|revert"
    r"|regenerate|edit|approve|refresh|cancel|retry|purge|worker"
    r"|usage|doctor)\b(?! --help)"
)
_NARROW = 60
_USUAL_COLUMNS = 80


def printable(text: str) -> str:
    """The text with each character that could steer a terminal, or reorder what it shows, replaced by U+FFFD."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\t", " "))


def to_json(value: Any, *, indent: int | None = None) -> str:
    """JSON that a terminal can show: what `printable` would replace is written as an escape, the value is the same."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class ReaderGone(Exception):
    """Whoever read standard output has seen enough; not an error."""


class Output:
    """The streams of one run. Answers go to stdout, everything else to stderr."""

    def __init__(self, stdout: TextIO | None, stderr: TextIO | None, environment: Mapping[str, str]) -> None:
        self._stdout, self._stderr, self.environment = stdout, stderr, environment
        self.as_json = False
        self.database: Path | DatabaseAddress | None = None  # where it was chosen by --db, so that hints name it too

    # ------------------------------------------------------------ answers

    def line(self, text: str = "", *, hang: int | None = None) -> None:
        """Print a line of the answer; on a terminal wrapped at words, what follows indented by `hang` columns."""
        self.raw(self._fitted(printable(text), self._stdout, hang) + "\n")

    def json(self, value: Any) -> None:
        """Print one JSON object, on one line unless a person is looking."""
        self.raw(to_json(value, indent=2 if self.is_terminal else None) + "\n")

    def raw(self, text: str) -> None:
        """Print text that is fit for a terminal already. Raises `CannotWrite`."""
        if self._stdout is None:
            raise CannotWrite("Standard output is closed.")
        try:
            self._stdout.write(text)
            self._stdout.flush()
        except BrokenPipeError as error:
            raise ReaderGone from error
        except OSError as error:
            raise CannotWrite(
                f"Standard output can't be written: {error.strerror}.", hint="Free some space, or write elsewhere."
            ) from error

    def table(
        self, heads: Sequence[str], rows: Sequence[Sequence[str]], *, narrow: Sequence[int] | None = None
    ) -> None:
        """Print a table: aligned text for a pipe, Rich's for a terminal; of small ones only the columns `narrow`."""
        if self.is_terminal and self.environment.get("TERM") != "dumb":
            console = self.console()
            if narrow is not None and console.width < _NARROW:
                heads, rows = [heads[at] for at in narrow], [[row[at] for at in narrow] for row in rows]
            _rich_table(console, heads, rows)
        else:
            self.raw(plain_table([heads, *rows]))

    @property
    def is_terminal(self) -> bool:
        """Whether the answer is read by a person."""
        return _is_terminal(self._stdout)

    def reader_is_gone(self) -> bool:
        """Whether whoever read the answer has gone; told without writing, where the system can tell."""
        if self._stdout is None or not hasattr(select, "poll"):
            return False
        try:
            descriptor = self._stdout.fileno()
        except (OSError, ValueError):
            return False
        poll = select.poll()
        poll.register(descriptor, 0)
        return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))

    def console(self) -> Console:
        """A Rich console on stdout."""
        return self._console(self._stdout)

    # ------------------------------------------------------------ beside the answer

    def note(self, text: str) -> None:
        """Tell a person something beside the answer; nothing under --json, which promises one object a stream."""
        if not self.as_json:
            self._to_stderr(self._fitted(printable(text), self._stderr) + "\n")

    def error(self, error: LessongenError) -> None:
        """Print an error: as text, or under --json as the documented object."""
        told = error.hint and self._for_this_database(error.hint)
        if self.as_json:
            self._to_stderr(to_json({"error": {**error.as_json(), "hint": told}}) + "\n")
        else:
            hint = f"\n  {told}" if told else ""
            text = printable(f"lessongen: {error.message}{hint}")
            self._to_stderr(self._fitted(text, self._stderr) + "\n")

    def _for_this_database(self, hint: str) -> str:
        """The hint, its commands for the database of this run."""
        if self.database is None or str(self.database) in hint:
            return hint
        option = f"--db {shlex.quote(str(self.database))}"
        return _COMMAND.sub(lambda found: f"{found[0]} {option}", hint)

    @property
    def can_ask(self) -> bool:
        """Whether a person can answer a question here."""
        return _is_terminal(self._stderr) and _is_terminal(sys.stdin)

    def ask(self, question: str) -> bool:
        """Whether the person says yes."""
        self._to_stderr(printable(question))
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    @property
    def shows_progress(self) -> bool:
        """Whether a live bar makes sense: stderr is a terminal that can move its cursor."""
        return not self.as_json and _is_terminal(self._stderr) and self.environment.get("TERM") != "dumb"

    def error_console(self) -> Console:
        """A Rich console on stderr."""
        return self._console(self._stderr)

    def progress(self, *columns: ProgressColumn) -> Progress:
        """A live bar of these columns on stderr, and what is being done behind them; it goes when it is over."""
        from rich.progress import Progress, TextColumn
        from rich.table import Column

        words = TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, ratio=1))
        return Progress(*columns, words, console=self.error_console(), transient=True, expand=True)

    def _to_stderr(self, text: str) -> None:
        if self._stderr is None:
            return
        try:
            self._stderr.write(text)
            self._stderr.flush()
        except (OSError, ValueError):
            return  # there is nowhere left to say it

    def _fitted(self, text: str, stream: TextIO | None, hang: int | None = None) -> str:
        """The text as wide as the terminal; as it is where there is none."""
        if stream is None or not _is_terminal(stream):
            return text
        columns = _columns(stream, self.environment)
        return "\n".join(wrapped(line, columns, hang) for line in text.split("\n"))

    def _console(self, stream: TextIO | None) -> Console:
        from rich.console import Console

        return Console(file=stream, markup=False, highlight=False, emoji=False, soft_wrap=False)

    def give_up(self) -> None:
        """Let nothing more be written to stdout: its reader is gone, or its disk is full."""
        if self._stdout is None:
            return
        try:
            descriptor = self._stdout.fileno()
        except (OSError, ValueError):
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()


# ---------------------------------------------------------------- lines

# A space is kept with what follows it. A command that a person may copy stays in one piece.
_PIECE = re.compile(r"\s*(?:`[^`]*`\S*|lessongen [a-z][^,;]*[,;]?|\S+)")


def wrapped(text: str, columns: int, hang: int | None = None) -> str:
    """The line broken between words; what follows is indented by `hang`, or by two more than the line itself."""
    if hang is None:
        hang = len(text) - len(text.lstrip()) + 2
    hang = min(hang, columns // 2)
    lines, room = [""], columns
    for piece in _PIECE.findall(text):
        if _width(piece) > room and lines[-1].strip():
            lines.append(" " * hang)
            room, piece = columns - hang, piece.lstrip()
        lines[-1] += piece
        room -= _width(piece)
    return "\n".join(lines)


def _columns(stream: TextIO, environment: Mapping[str, str]) -> int:
    given = environment.get("COLUMNS", "")
    if given.isascii() and given.isdigit() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(stream.fileno()).columns or _USUAL_COLUMNS
    except (OSError, ValueError):
        return _USUAL_COLUMNS


# ---------------------------------------------------------------- tables


def plain_table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as aligned lines; the last column is as long as it is."""
    shown = [[printable(cell).replace("\n", " ") for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*shown, strict=True)]
    lines = []
    for row in shown:
        padded = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
        lines.append("  ".join(padded).rstrip() + "\n")
    return "".join(lines)


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text
    )


def _rich_table(console: Console, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    names = max(_width(printable(row[0])) for row in (heads, *rows))
    for at, head in enumerate(heads):
        # What the first column holds is typed again: it is not broken while there is room for anything beside it.
        is_kept = at == 0 and names <= console.width * 2 // 3
        table.add_column(head, overflow="fold", no_wrap=is_kept)
    for row in rows:
        table.add_row(*(Text(printable(cell), style=STYLES.get(cell, "")) for cell in row))
    console.print(table)


# The colour of a word where it stands alone.
STYLES = {
    "completed": "green",
    "in progress": "cyan",
    "failed": "red",
    "cancelled": "yellow",
    "ok": "green",
    "warn": "yellow",
    "fail": "red",
}


# ---------------------------------------------------------------- words


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago that was: "12 s ago", "3 h ago"; empty for None."""
    return "" if moment is None else f"{span_words((now - moment).total_seconds())} ago"


def span_words(seconds: float) -> str:
    """How long that is: "12 s", "3 h", "5 days"; no less than nothing."""
    seconds = max(0.0, seconds)
    for unit, size, last in (("s", 1, 90), ("min", 60, 5_400), ("h", 3_600, 172_800)):
        if seconds <= last:
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds // 86_400)} days"


def quoted(text: str, most: int = 60) -> str:
    """Foreign text inside a sentence: in quotes, cut where it is very long."""
    return f"“{text if len(text) <= most else text[: most - 1] + '…'}”"


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 task", "2 tasks"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def dollars(amount: float) -> str:
    """An amount of money: "$12.40", "$0.0042" with two digits that count; what is less than a cent's cent says so."""
    if amount >= 0.1 or amount == 0:
        return f"${amount:,.2f}"
    return f"${amount:.4f}" if amount >= 0.0001 else "under $0.0001"


def byte_words(size: int) -> str:
    """An amount of data: "512 bytes", "1.4 MB"."""
    for unit, each in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)):
        if size >= each:
            return f"{size / each:.1f} {unit}"
    return counted(size, "byte")
