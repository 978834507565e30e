"""From rows to planned tasks: every value of every row is read, and every problem is told."""

from __future__ import annotations

import difflib
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from lessongen.lesson.task import LessonRequest, Priority
from lessongen.lesson.versions import comparable
from lessongen.queue.batches import PlannedTask
from lessongen.queue.batchfile.columns import in_a_file, readers, source_reader
from lessongen.queue.batchfile.defaults import Defaults
from lessongen.queue.batchfile.order import Names, circles, with_cores_first
from lessongen.queue.batchfile.problems import Problems, Unreadable
from lessongen.queue.batchfile.rows import Rows, Values
from lessongen.queue.writer_choice import Choice
from lessongen.system.errors import LessongenError
from lessongen.system.terminal import quoted

MOST_ROWS = 1_000_000
_MOST_PROBLEMS = 100_000
_MOST_SEARCHES = 20  # for the nearest of many names, which takes its time
_NAMING = ("subject", "topic", "language", "level", "variant")
_DECIDING = frozenset(("language", "writer", "model", "template"))
_NEITHER = ("key", "after")  # say something of one row, so they have no default


class Planner:
    """The rows of one file on their way to tasks."""

    def __init__(self, defaults: Defaults, problems: Problems) -> None:
        self._problems = problems
        self._writers = defaults.writers
        self._readers = readers(defaults)
        self._read_sources = source_reader(defaults)
        self._base = {name: value for name, value in vars(defaults.usual).items() if name not in ("subject", "topic")}
        self._priority = defaults.priority
        self._default_sources: Any = None
        self._settled: dict[Choice, Choice | LessongenError] = {}
        self._comparable: dict[str, str] = {}
        self._requests: list[LessonRequest] = []
        self._priorities: list[Priority] = []
        self._lines = array("Q")
        self._lessons: dict[str, int] = {}
        self._keys: dict[str, int] = {}
        self._named_by: dict[int, str] = {}
        self._after: dict[int, tuple[str | tuple[str, ...], int, int]] = {}
        self._searches = 0
        self._by_file: frozenset[str] = frozenset()

    def take_all(self, rows: Rows) -> None:
        """Read the defaults and all rows.

        Raises `Unreadable` where there are too many, or too many problems; `LessongenError` for what can't be used of
        the defaults that are not the file's.
        """
        self._take_defaults(rows)
        for line, values in rows:
            if len(self._requests) == MOST_ROWS:
                raise Unreadable(line, f"A batch has at most {MOST_ROWS:,} rows.", hint="Make several of it.")
            if self._problems.count > _MOST_PROBLEMS:
                raise Unreadable(line, "There are too many problems; what follows was not read.")
            self._take(rows, line, values)

    def planned(self) -> Sequence[PlannedTask]:
        """The tasks, once all rows were taken; without meaning where there are problems."""
        before = self._resolved()
        self._tell_circles(before)
        ordered = with_cores_first(before, self._requests)
        return [
            PlannedTask(request=request, priority=priority, after=ordered.get(place, ()))
            for place, (request, priority) in enumerate(zip(self._requests, self._priorities, strict=True))
        ]

    # ------------------------------------------------------------ values

    def _take_defaults(self, rows: Rows) -> None:
        line, values = rows.defaults()
        for column in _NEITHER:
            if column in values:
                where, number = rows.where(line, column)
                message = f"{column} says something of one row, so it has no default."
                self._problems.add(where, message, "Write it in the rows.", column=column, number=number)
        values = {column: cell for column, cell in values.items() if column not in _NEITHER}
        fields = self._fields(rows, line, values)
        self._default_sources = values.get("source")
        self._priority = fields.pop("priority", self._priority)
        self._base.update(fields)
        self._by_file = _DECIDING & fields.keys()
        before = self._problems.count
        if self._default_sources is not None:
            self._sources(rows, line, self._default_sources, self._base["offline"])
        if self._problems.count > before:
            self._default_sources = None  # told once, not in each row

    def _take(self, rows: Rows, line: int, values: Values) -> None:
        before = self._problems.count
        read = self._readers
        try:
            fields = {column: read[column][cell] for column, cell in values.items() if column in read}
        except LessongenError:
            fields = self._fields(rows, line, values)
        row = {**self._base, **fields}
        key = row.pop("key", None)
        priority = row.pop("priority", self._priority)
        self._settle_writer(rows, line, row, fields)
        given = values.get("source", self._default_sources)
        if given is not None:
            row["sources"] = self._sources(rows, line, given, row["offline"])
        place = len(self._requests)
        if key is not None:
            self._take_key(rows, line, place, key)
        self._tell_missing(rows, line, row, values)
        is_named = True
        if self._problems.count > before or "subject" not in row or "topic" not in row:
            is_named = all(column in row and (column not in values or column in fields) for column in _NAMING)
            # Such a row keeps its place, so that those which come after it find it.
            row = {"subject": "", "topic": "", **row}
        request = LessonRequest(**row)
        self._requests.append(request)
        self._priorities.append(priority)
        self._lines.append(line)
        if is_named:
            self._take_lesson(rows, line, place, request)
        if "after" in values:
            self._after[place] = (values["after"], *rows.where(line, "after"))

    def _fields(self, rows: Rows, line: int, values: Values) -> dict[str, Any]:
        """What the cells mean; those that can't be used are told and left out."""
        fields = {}
        for column, cell in values.items():
            if column not in self._readers:
                continue
            try:
                fields[column] = self._readers[column][cell]
            except LessongenError as error:
                self._tell(rows, line, column, error)
        return fields

    def _sources(self, rows: Rows, line: int, given: str | tuple[str, ...], offline: bool) -> tuple[str, ...]:
        try:
            sources: tuple[str, ...] = self._read_sources[given, offline]
        except LessongenError as error:
            self._tell(rows, line, "source", error)
            return ()
        return sources

    def _settle_writer(self, rows: Rows, line: int, row: dict[str, Any], own: Mapping[str, Any]) -> None:
        """Put the writer that the row means, and what it is given, into the row."""
        if "writer" in own:
            if own["writer"] not in ("auto", "openai"):  # defaults for a model are none for a writer without
                row["model"], row["template"] = own.get("model"), own.get("template")
        choice = Choice(row["language"], row["writer"], row["model"], row["template"], row["max_cost"])
        settled = self._settled.get(choice)
        if settled is None:
            try:
                settled = self._writers.settle(choice)
            except LessongenError as error:
                settled = error
            self._settled[choice] = settled
        if isinstance(settled, LessongenError):
            if not _DECIDING & own.keys() and not self._by_file:
                raise settled  # what the batch was given beside the file
            blamed = (
                "language" if settled.code == "unsupported_language" else "template" if choice.template else "model"
            )
            self._tell(rows, line, blamed, settled)
            return
        row["language"], row["writer"], row["model"], row["template"], row["max_cost"] = settled

    def _tell_missing(self, rows: Rows, line: int, row: Mapping[str, Any], values: Values) -> None:
        for column in ("subject", "topic"):
            if column in row or column in values:
                continue
            where, number = rows.where(line, column)
            if not self._problems.has(where, column):
                self._problems.add(
                    where, f"The {column} is missing.", f"Give a {column}.", column=column, number=number
                )

    # ------------------------------------------------------------ one row among the others

    def _take_key(self, rows: Rows, line: int, place: int, key: str) -> None:
        first = self._keys.setdefault(self._compared(key), place)
        self._named_by[place] = key
        if first != place:
            where, number = rows.where(line, "key")
            message = f"The key {quoted(key)} is that of line {self._lines[first]:,} already."
            self._problems.add(where, message, "Give each row a key of its own.", column="key", number=number)

    def _take_lesson(self, rows: Rows, line: int, place: int, request: LessonRequest) -> None:
        # As `LessonName.key`; what most rows share is made comparable once.
        shared = self._shared(request.language) + self._shared(request.level) + self._shared(request.variant)
        lesson = f"{self._shared(request.subject)}{comparable(request.topic)}\x1f{shared}"
        first = self._lessons.setdefault(lesson, place)
        if first != place:
            where, number = rows.where(line, "topic")
            self._problems.add(
                where,
                f"Line {self._lines[first]:,} asks for the same lesson.",
                "Take one out, or give it another level or variant.",
                column="topic",
                number=number,
            )

    def _shared(self, text: str) -> str:
        return self._compared(text) + "\x1f"

    def _compared(self, text: str) -> str:
        found = self._comparable.get(text)
        if found is None:
            if len(self._comparable) > 20_000:
                self._comparable.clear()
            found = self._comparable[text] = comparable(text)
        return found

    # ------------------------------------------------------------ what comes after what

    def _resolved(self) -> dict[int, tuple[int, ...]]:
        """The rows that each row comes after, by its place."""
        if not self._after:
            return {}
        subjects = [self._compared(request.subject) for request in self._requests]
        topics = [comparable(request.topic) for request in self._requests]
        names = Names(self._keys, subjects, topics)
        resolved = {}
        for place, (given, line, number) in self._after.items():
            rows = []
            for name in self._names_in(given, names):
                row = self._meant(place, name, names, line, number)
                if row is not None:
                    rows.append(row)
            resolved[place] = tuple(dict.fromkeys(rows))
        return resolved

    def _names_in(self, given: str | tuple[str, ...], names: Names) -> list[str]:
        """The names in a cell: as a whole, or between bars, or between commas, whichever names rows."""
        if isinstance(given, tuple):
            return list(given)
        found = []
        for part in [given] if names.rows(self._compared(given)) else given.split("|"):
            pieces = [part] if names.rows(self._compared(part)) else part.split(",")
            found += [stripped for piece in pieces if (stripped := piece.strip())]
        return found

    def _meant(self, place: int, name: str, names: Names, line: int, number: int) -> int | None:
        """The row that a name means; None where it means none, which is told."""
        rows = names.rows(self._compared(name))
        if len(rows) == 1 and rows[0] != place:
            return rows[0]
        if len(rows) > 1:
            message = f"{quoted(name)} is the name of several rows, in the lines {self._some_lines(rows)}."
            hint: str | None = "Give them keys, and name the one that is meant."
        elif rows:
            message, hint = "The row comes after itself.", "Take its own name out."
        else:
            self._searches += 1
            among = names.all() if self._searches <= _MOST_SEARCHES else ()
            near = difflib.get_close_matches(self._compared(name), among, n=1)
            message = f"There is no row {quoted(name)}."
            hint = f"Did you mean {near[0]}?" if near else "Name another row's key, or its topic."
        self._problems.add(line, message, hint, column="after", number=number)
        return None

    def _some_lines(self, rows: Sequence[int]) -> str:
        shown = ", ".join(f"{self._lines[row]:,}" for row in rows[:5])
        return f"{shown} and others" if len(rows) > 5 else shown

    def _tell_circles(self, before: Mapping[int, Sequence[int]]) -> None:
        for circle in circles(before):
            start = circle.index(min(circle))
            around = [*circle[start:], *circle[:start]]
            _, line, number = self._after[around[0]]
            shown = [self._name(row) for row in around[:20]]
            shown += [f"… {len(around) - 20:,} more"] if len(around) > 20 else []
            self._problems.add(
                line,
                f"Rows come after each other in a circle: {' → '.join([*shown, self._name(around[0])])}.",
                "Take one “after” out; each row here comes after the next.",
                column="after",
                number=number,
            )

    def _name(self, place: int) -> str:
        """A row as the file names it."""
        return self._named_by.get(place, self._requests[place].topic)[:60]

    # ------------------------------------------------------------ problems

    def _tell(self, rows: Rows, line: int, column: str, error: LessongenError) -> None:
        where, number = rows.where(line, column)
        message, hint = in_a_file(error)
        self._problems.add(where, message, hint, column=column, number=number)
