"""Batch files: CSV, JSON Lines and YAML, read into planned tasks, or refused with every problem's place and remedy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from lessongen.queue.batches import PlannedTask
from lessongen.queue.batchfile.csv_rows import CsvRows
from lessongen.queue.batchfile.defaults import Defaults
from lessongen.queue.batchfile.plan import Planner
from lessongen.queue.batchfile.problems import BadRows, Problem, Problems, Unreadable
from lessongen.queue.batchfile.rows import Rows
from lessongen.queue.batchfile.text import Format, Text, format_of

__all__ = ["BadRows", "Defaults", "Format", "Problem", "read_batch"]


def read_batch(stream: BinaryIO, *, format: Format | None, name: str, defaults: Defaults) -> Sequence[PlannedTask]:
    """The tasks of a batch file, in the order of its rows; `name` is what its problems call it.

    Without a `format` the name's suffix tells it, or else how the file begins. Raises `BadRows` with all problems where
    there is one, `DataError` where the stream can't be read.
    """
    problems = Problems(name)
    planner = Planner(defaults, problems)
    planned: Sequence[PlannedTask] = ()
    try:
        text = Text(stream, problems)
        beginning = text.beginning()
        if not beginning:
            raise Unreadable(1, "The file is empty.", hint="Give a row for each lesson.")
        planner.take_all(_rows(format or format_of(name, beginning), text, problems))
        planned = planner.planned()
        if not planned and not problems.count:
            raise Unreadable(1, "The file names no lesson.", hint="Give a row for each lesson.")
    except Unreadable as error:
        problems.add(error.line, error.message, error.hint, column=error.column, number=error.number)
    problems.raise_any()
    return planned


def _rows(format: Format, text: Text, problems: Problems) -> Rows:
    if format == "csv":
        return CsvRows(text, problems)
    if format == "jsonl":
        from lessongen.queue.batchfile.jsonl_rows import JsonRows

        return JsonRows(text, problems)
    from lessongen.queue.batchfile.yaml_rows import YamlRows

    return YamlRows(text, problems)
