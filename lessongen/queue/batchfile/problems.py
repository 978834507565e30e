"""What is wrong with a batch file: each problem with its place and its remedy, and the error that carries them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lessongen.system.errors import DataError, LessongenError
from lessongen.system.terminal import counted

MOST_KEPT = 10_000
_MOST_SHOWN = 1_000  # as JSON


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Something that keeps a file from being submitted.

    `line` is counted from 1 and is the one where the row begins, or the value where its format tells. `column` is the
    field's name, empty where the whole line is meant. `number` is the field's place in the row in CSV, and in JSON and
    YAML the character in the line, both from 1; 0 where there is none.
    """

    line: int
    column: str = ""
    number: int = 0
    message: str
    hint: str | None = None

    def text(self, name: str) -> str:
        """One line for a person: `plan.csv:17: column 5, minutes: what is wrong. What to do.`"""
        where = f"column {self.number}" if self.number else ""
        where = ", ".join(part for part in (where, self.column) if part)
        parts = (f"{name}:{self.line}", where, f"{self.message} {self.hint}" if self.hint else self.message)
        return ": ".join(part for part in parts if part)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON types; what is not known is null."""
        return {
            "line": self.line,
            "column": self.column or None,
            "number": self.number or None,
            "message": self.message,
            "hint": self.hint,
        }


class BadRows(DataError):
    """The batch file has bad rows."""

    code = "bad_rows"

    def __init__(self, name: str, problems: Sequence[Problem], *, count: int, lines: int) -> None:
        self.name = name
        self.problems = problems
        self.count = count  # more than `problems` where there are too many to keep
        where = f"in line {problems[0].line:,}" if lines == 1 else f"in {lines:,} lines"
        super().__init__(
            f"{name} has {counted(count, 'problem')}, {where}.",
            hint="Mend it and submit it again; nothing was taken.",
        )

    def as_json(self) -> dict[str, Any]:
        """The shape of every error, with the first of the problems, and how many there are."""
        shown = [problem.as_json() for problem in self.problems[:_MOST_SHOWN]]
        return {**super().as_json(), "problems": shown, "problem_count": self.count}


class Problems:
    """The problems of one file as they are found."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.count = 0
        self._kept: list[Problem] = []
        self._lines: set[int] = set()

    def add(self, line: int, message: str, hint: str | None = None, *, column: str = "", number: int = 0) -> None:
        """Take one more."""
        self.count += 1
        self._lines.add(line)
        if len(self._kept) < MOST_KEPT:
            self._kept.append(Problem(line=line, column=column, number=number, message=message, hint=hint))

    def has(self, line: int, column: str) -> bool:
        """Whether one of the last is about that column of that line."""
        return any((problem.line, problem.column) == (line, column) for problem in self._kept[-20:])

    def raise_any(self) -> None:
        """Raise `BadRows` with all that were found, by line; do nothing if there are none."""
        if self.count:
            kept = sorted(self._kept, key=lambda problem: (problem.line, problem.number))
            raise BadRows(self.name, kept, count=self.count, lines=len(self._lines))


class Unreadable(LessongenError):
    """Nothing after this place of the file can be understood; caught where the file is read."""

    def __init__(self, line: int, message: str, *, hint: str | None = None, column: str = "", number: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.line = line
        self.column = column
        self.number = number
