"""What the readers of all formats give: rows of texts by column, and where each stands."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Protocol

TEXTS = ("subject", "topic", "language", "level", "variant", "article", "focus", "writer", "model", "template", "key")
SWITCHES = ("wikipedia", "images", "offline")
LISTS = ("source", "after")
COLUMNS = (*TEXTS, "minutes", "questions", "priority", *SWITCHES, *LISTS, "seed", "max_cost")
_GIVEN_ONCE = {
    "user": "Whose tasks they are is said for the whole batch: --user NAME.",
    "wait": "That is said for the whole batch: --wait.",
}

Values = Mapping[str, str | tuple[str, ...]]
"""The cells of a row that are not empty, by column; several values only in `LISTS`."""


class Rows(Protocol):
    """A batch file of one format; problems with the format itself are told while it is read."""

    def defaults(self) -> tuple[int, Values]:
        """What the file itself says for all rows, and in which line. To be asked for before the rows."""
        ...

    def __iter__(self) -> Iterator[tuple[int, Values]]:
        """Each row with the line where it begins."""
        ...

    def where(self, line: int, column: str) -> tuple[int, int]:
        """The line and the number of a column of the row that was given last, and begins in that line."""
        ...


def column_name(text: str) -> str:
    """A column's name as files may write it: letters of any case, spaces and dashes for underscores."""
    return re.sub(r"[\s-]+", "_", text.strip().lower())


def unknown_column(name: str) -> tuple[str, str]:
    """What is wrong with a column that there is not, and what to do."""
    near = difflib.get_close_matches(name, COLUMNS, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"The columns are: {', '.join(COLUMNS)}."
    shown = name if len(name) <= 60 else name[:59] + "…"
    return f"There is no column “{shown}”.", _GIVEN_ONCE.get(name, hint)
