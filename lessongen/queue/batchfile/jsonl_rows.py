"""Batches as JSON Lines: an object a line, its members named as the columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from lessongen.queue.batchfile.problems import Problems
from lessongen.queue.batchfile.rows import COLUMNS, LISTS, SWITCHES, Values, column_name, unknown_column
from lessongen.queue.batchfile.text import LONGEST_CELL, Text
from lessongen.system.terminal import byte_words, quoted

_EXAMPLE = 'Write an object on each line, such as {"subject": "english", "topic": "verbs"}.'
_KINDS = {bool: "true or false", list: "a list", dict: "an object"}


class JsonRows:
    """The rows of a JSON Lines file; implements `Rows`."""

    def __init__(self, text: Text, problems: Problems) -> None:
        self._text = text
        self._problems = problems
        self._line = ""
        self._number = 0
        self._columns: dict[str, str] = {}
        # Numbers stay texts: the columns say what they take, and a number of a million digits is never computed.
        self._decoder = json.JSONDecoder(
            object_pairs_hook=_without_twins, parse_int=str, parse_float=str, parse_constant=_refuse_constant
        )

    def defaults(self) -> tuple[int, Values]:
        return 1, {}

    def where(self, line: int, column: str) -> tuple[int, int]:
        if line != self._number:
            return line, 0
        members = [member for member, known in self._columns.items() if known == column]
        places = (self._line.find(f'"{member}"') for member in members)
        return line, next((place + 1 for place in places if place >= 0), 0)

    def __iter__(self) -> Iterator[tuple[int, Values]]:
        columns, known = self._columns, set(COLUMNS)
        for number, line in self._text.lines():
            self._number, self._line = number, line.strip("\r\n")
            if not self._line.strip():
                continue
            row = self._read()
            if row is None:
                continue
            values: dict[str, str | tuple[str, ...]] = {}
            seen = 0
            for member, value in row.items():
                column = columns.get(member)
                if column is None:
                    column = column_name(member)
                    if column not in known:
                        self._tell(*unknown_column(column), member)
                        continue
                    if len(columns) < 1_000:
                        columns[member] = column
                seen += 1
                if type(value) is str:
                    if stripped := value.strip():
                        values[column] = stripped
                elif value is not None and (other := self._other(column, member, value)):
                    values[column] = other
            if seen > len(values) or len(values) > len(row):
                self._tell_twins(row)
            # An empty object is a row like another: what it lacks is told of it.
            yield self._number, values

    def _read(self) -> dict[str, Any] | None:
        """The object of the present line; None where it has none, which is told."""
        number = self._number
        if self._text.cut == number:
            self._problems.add(
                number,
                f"The line is too long; at most {byte_words(LONGEST_CELL)} a value are taken.",
                "Put a long text into a file, and name that as the source.",
            )
            return None
        try:
            row = self._decoder.decode(self._line)
        except json.JSONDecodeError as error:
            self._problems.add(number, f"The line is no JSON: {_in_words(error)}.", _EXAMPLE, number=error.colno)
        except _NoJson as error:
            self._problems.add(
                number, error.message, error.hint, column=error.member, number=self._line.rfind(error.shown) + 1
            )
        except RecursionError:
            self._problems.add(number, "The line is nested too deeply.", _EXAMPLE)
        else:
            if isinstance(row, dict):
                return row
            self._problems.add(number, f"The line is no JSON object, but {_kind(row)}.", _EXAMPLE)
        return None

    def _other(self, column: str, member: str, value: Any) -> str | tuple[str, ...] | None:
        """What a value that is no text stands for; None where it can't, which is told."""
        if isinstance(value, bool) and column in SWITCHES:
            return "yes" if value else "no"
        if isinstance(value, list) and column in LISTS and all(isinstance(each, str) for each in value):
            return tuple(stripped for each in value if (stripped := each.strip()))
        wanted = (
            "a text or a list of texts"
            if column in LISTS
            else "true or false"
            if column in SWITCHES
            else "a text or a number"
        )
        self._tell(f"{quoted(member)} can't be {_kind(value)}.", f"Give {wanted}.", member)
        return None

    def _tell_twins(self, row: dict[str, Any]) -> None:
        names: dict[str, str] = {}
        for member in row:
            column = self._columns.get(member, member)
            if column in names:
                self._tell(f"{quoted(names[column])} and {quoted(member)} are one column.", "Take one out.", member)
            names[column] = member

    def _tell(self, message: str, hint: str, member: str) -> None:
        place = self._line.find(f'"{member}"')
        column = self._columns.get(member, member[:60])
        self._problems.add(self._number, message, hint, column=column, number=place + 1)


class _NoJson(Exception):
    """What the json module takes although JSON has it not, or has it badly."""

    def __init__(self, message: str, hint: str, shown: str, member: str = "") -> None:
        super().__init__(message)
        self.message, self.hint, self.shown, self.member = message, hint, shown, member


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) != len(pairs):
        members = [member for member, _ in pairs]
        twin = next(member for member in members if members.count(member) > 1)
        raise _NoJson(f"{quoted(twin)} is there twice.", "Take one out.", f'"{twin}"', twin[:60])
    return row


def _refuse_constant(name: str) -> NoReturn:
    raise _NoJson(f"{name} is no JSON.", "Give a number, or null for the default.", name)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    return _KINDS.get(type(value), "a single value")


def _in_words(error: json.JSONDecodeError) -> str:
    message = error.msg[0].lower() + error.msg[1:]
    return f"{message} (character {error.colno:,})"
