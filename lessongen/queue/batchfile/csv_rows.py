"""Batches as CSV: a header with the columns' names, then a row a lesson; RFC 4180 with any of three delimiters."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from lessongen.queue.batchfile.problems import Problems, Unreadable
from lessongen.queue.batchfile.rows import COLUMNS, Values, column_name, unknown_column
from lessongen.queue.batchfile.text import LONGEST_CELL, LONGEST_LINE, Text, looks_like
from lessongen.system.terminal import byte_words, quoted

_DELIMITERS = (",", ";", "\t")
_MOST_REREAD = 40_000_000  # characters that are read again after broken quotes
_LINE_COSTS = 50  # what a line takes in memory beside its characters, about
_QUOTED = re.compile(r'"[^"]*+(?:""[^"]*+)*+"')
_CLOSE_IT = 'Close it, or take it out; a quote inside a quoted cell is written twice: "".'
_EXAMPLE = "The first line names the columns, such as: subject,topic,level"


class CsvRows:
    """The rows of a CSV file; implements `Rows`."""

    def __init__(self, text: Text, problems: Problems) -> None:
        self._problems = problems
        self._feed = _Feed(text)
        self._delimiter = ","
        self._names: list[str | None] = []
        self._header: list[str] = []

    def defaults(self) -> tuple[int, Values]:
        return 1, {}

    def where(self, line: int, column: str) -> tuple[int, int]:
        return line, self._names.index(column) + 1 if column in self._names else 0

    def __iter__(self) -> Iterator[tuple[int, Values]]:
        # The limit is one for the whole process; ours, on rows, is told better.
        before = csv.field_size_limit(2 * LONGEST_LINE)
        try:
            yield from self._rows()
        finally:
            csv.field_size_limit(before)

    def _rows(self) -> Iterator[tuple[int, Values]]:
        if not self._take_header():
            return
        names, width, feed = self._names, len(self._names), self._feed
        has_unnamed = "" in self._header
        reader = csv.reader(feed, delimiter=self._delimiter, skipinitialspace=True, strict=True)
        while True:
            feed.begin()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                self._tell_broken_quotes()
                continue
            except _TooLong:
                self._tell_too_long()
                continue
            line = feed.first
            if len(cells) > width and any(map(str.strip, cells[width:])):
                self._tell_too_many(line, cells)
            if feed.size > LONGEST_CELL and self._has_long_cell(line, cells):
                continue
            values = {
                name: stripped
                for name, cell in zip(names, cells, strict=False)
                if cell and name and (stripped := cell.strip())
            }
            if has_unnamed:
                self._tell_unnamed(line, cells)
            if values:
                yield line, values

    # ------------------------------------------------------------ the header

    def _take_header(self) -> bool:
        """Read the header; whether rows can be read by it."""
        feed = self._feed
        first = ""
        try:
            for first in feed:
                if first.strip():
                    break
                feed.begin()
        except _TooLong as error:
            raise Unreadable(feed.number, "The header is too long.", hint=_EXAMPLE) from error
        if not first.strip():
            raise Unreadable(1, "The file is empty.", hint=_EXAMPLE)
        if re.fullmatch(r"sep=[,;\t]\s*", first):  # as some spreadsheets write it
            feed.begin()
            first = next(feed, "")
        line = feed.number
        self._delimiter = max(_DELIMITERS, key=lambda each: (_columns_known(first, each), first.count(each)))
        feed.put_back(line, [first])
        feed.begin()
        try:
            header = next(csv.reader(feed, delimiter=self._delimiter, skipinitialspace=True, strict=True))
        except (csv.Error, _TooLong) as error:
            raise Unreadable(
                line, "The header can't be read: its quotes are broken.", hint=_no_header(first)
            ) from error
        self._header = [cell.strip() for cell in header]
        if not {"subject", "topic"} & set(map(column_name, self._header)):
            raise Unreadable(line, "There is no column subject and no column topic.", hint=_no_header(first))
        self._names = self._read_names(line)
        known = {name for name in self._names if name}
        for each in ("subject", "topic"):
            if each not in known:
                raise Unreadable(line, f"There is no column {each}.", hint=_no_header(first))
        return True

    def _read_names(self, line: int) -> list[str | None]:
        names: list[str | None] = []
        for number, text in enumerate(self._header, start=1):
            name = column_name(text)
            if name in names and name:
                self._problems.add(
                    line, f"The column {quoted(name)} is there twice.", "Take one out.", column=name, number=number
                )
                names.append(None)
            elif name in COLUMNS:
                names.append(name)
            else:
                if name:
                    message, hint = unknown_column(name)
                    self._problems.add(line, message, hint, column=text[:60], number=number)
                names.append(None)
        return names

    # ------------------------------------------------------------ what can be wrong

    def _tell_too_many(self, line: int, cells: list[str]) -> None:
        self._problems.add(
            line,
            f"The row has {len(cells)} cells, and the header {len(self._names)}.",
            f"Quote a cell that holds the delimiter {quoted(self._delimiter)}, or take out what is too much.",
            number=len(self._names) + 1,
        )

    def _tell_unnamed(self, line: int, cells: list[str]) -> None:
        for number, (name, cell) in enumerate(zip(self._header, cells, strict=False), start=1):
            if not name and cell.strip():
                self._problems.add(
                    line,
                    "This cell stands in a column without a name.",
                    "Name the column in the header, or empty the cell.",
                    number=number,
                )

    def _has_long_cell(self, line: int, cells: list[str]) -> bool:
        number = next((place for place, cell in enumerate(cells, start=1) if len(cell) > LONGEST_CELL), 0)
        if number:
            self._tell_long_cell(line, number)
        return number > 0

    def _tell_long_cell(self, line: int, number: int) -> None:
        self._problems.add(
            line,
            f"The cell is too long; at most {byte_words(LONGEST_CELL)} are taken.",
            "Put a long text into a file, and name that as the source.",
            column=self._header[number - 1] if number <= len(self._header) else "",
            number=number,
        )

    def _tell_too_long(self) -> None:
        """A row goes on for too long: skip it as far as its quotes tell where it ends."""
        feed = self._feed
        line, text = feed.first, "".join(feed.row)
        opened = _open_cell(text, self._delimiter)
        is_open = not feed.is_cut and text.count('"') % 2 == 1
        for more in feed.unlimited() if is_open else ():
            if more.count('"') % 2:
                is_open = False
                break
        if is_open:
            self._tell_unclosed(line, text, opened)
        else:
            self._tell_long_cell(line, opened.number)

    def _tell_unclosed(self, line: int, text: str, opened: _Opened) -> None:
        begins = line + _lines_in(text[: opened.start])
        self._problems.add(
            begins,
            "A quote opens here and is never closed.",
            _CLOSE_IT,
            column=self._header[opened.number - 1] if opened.number <= len(self._header) else "",
            number=opened.number,
        )

    def _tell_broken_quotes(self) -> None:
        """Tell of the quote that breaks a row, and go on with the line after the one where it opens."""
        feed = self._feed
        line, rows = feed.first, list(feed.row)
        text = "".join(rows)
        opened = _open_cell(text, self._delimiter)
        before = _lines_in(text[: opened.start])
        if opened.end is None:
            self._tell_unclosed(line, text, opened)
        else:
            closes = line + _lines_in(text[: opened.end])
            at = "" if closes == line + before else f" in line {closes:,}"
            self._problems.add(
                line + before,
                f"Text follows the quote that closes a cell{at}.",
                'Write a quote inside a quoted cell twice: "", or close the cell before the delimiter.',
                column=self._header[opened.number - 1] if opened.number <= len(self._header) else "",
                number=opened.number,
            )
        feed.put_back(line + before + 1, rows[before + 1 :])


class _TooLong(Exception):
    """A row is longer than rows may be."""


class _Opened:
    """The last cell of a row that is not whole: where it starts, and where its quote closes, if it does."""

    def __init__(self, number: int, start: int, end: int | None) -> None:
        self.number, self.start, self.end = number, start, end


class _Feed:
    """The lines of a file as the csv module asks for them, one row's kept until the next begins."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._lines = text.lines()
        self._again: list[tuple[int, str]] = []
        self._reread = 0
        self.number = 0
        self.first = 1
        self.size = 0
        self.row: list[str] = []

    @property
    def is_cut(self) -> bool:
        """Whether the last line was too long to be whole."""
        return self._text.cut == self.number > 0

    def begin(self) -> None:
        """What comes now belongs to another row."""
        self.row = []
        self.size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        number, text = self._again.pop() if self._again else next(self._lines)
        self.number = number
        if not self.row:
            self.first = number
        self.row.append(text)
        self.size += len(text) + _LINE_COSTS
        if self.size > LONGEST_LINE or self._text.cut == number:
            raise _TooLong
        return text

    def unlimited(self) -> Iterator[str]:
        """The lines that follow, not kept."""
        while self._again:
            self.number, text = self._again.pop()
            yield text
        for number, text in self._lines:
            self.number = number
            yield text

    def put_back(self, number: int, lines: list[str]) -> None:
        """Give these lines once more, counted from that number."""
        self._reread += sum(map(len, lines))
        if self._reread > _MOST_REREAD:
            raise Unreadable(number, "The quotes are broken in too many rows.", hint=_CLOSE_IT)
        self._again += reversed(list(enumerate(lines, start=number)))


def _columns_known(line: str, delimiter: str) -> int:
    cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    return sum(column_name(cell) in COLUMNS for cell in cells)


def _no_header(first: str) -> str:
    looks = looks_like(first.strip())
    if looks == "csv":
        return _EXAMPLE
    return f"It looks like {'JSON Lines' if looks == 'jsonl' else 'YAML'}: --format {looks}"


def _open_cell(text: str, delimiter: str) -> _Opened:
    """The quoted cell of a row that is not closed, or goes on after it is; the last cell where there is none such."""
    number, start = 1, 0
    between = re.compile(rf"[^{re.escape(delimiter)}\r\n]*")
    while True:
        while text[start : start + 1] == " ":
            start += 1
        end = start
        if text[start : start + 1] == '"':
            found = _QUOTED.match(text, start)
            if found is None:
                return _Opened(number, start, None)
            end = found.end()
            if end < len(text) and text[end] not in f"{delimiter}\r\n":
                return _Opened(number, start, end)
        else:
            end = between.match(text, start).end()  # type: ignore[union-attr]  # it matches nothing, too
        if end >= len(text) or text[end] != delimiter:
            return _Opened(number, start, end)
        number, start = number + 1, end + 1


def _lines_in(text: str) -> int:
    """How many lines end in a text."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")
