"""The blocks of a section in the editable Markdown: how each kind opens, and what its lines say.

A line that a block does not know is a mistake; the message names what it may begin with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from lessongen.generation.editable.text import bearing_of, read_drawing, split_note, unescaped

Content = dict[str, Any]

GROUPINGS = ("alone", "pairs", "groups", "class")
_NUMBERED = re.compile(r"[0-9]{1,3}\. ?(.*)")
_NAMED = re.compile(r"(text|statement|ends|title|heading|row|when|what|alternative|svg|drawing|support|stretch): ?(.*)")


class Reader(Protocol):
    """What reads the Markdown: it knows on which line it is."""

    def stand(self, path: str) -> None:
        """Note that the thing of that path stands on this line."""

    def statement(self, line: str, path: str) -> Content:
        """The statement of a line; without a note it stands on nothing yet."""


def opened(what: str, detail: str, words: list[str] | None) -> Content | None:
    """The block that a line after ":: " opens; None where it opens none."""
    if what == "question":
        return {"kind": "check", "question": words[0]} if words else None
    if what == "activity":
        return {"kind": what, "steps": [], "grouping": detail, "product": ""} if detail in GROUPINGS else None
    bearing = {**bearing_of(words), "verdict": None}
    empty: Content = {"text": "", "role": "analogy", "cites": [], "origin": None, "by": None, "verdict": None}
    blocks: Mapping[str, Content] = {
        "example": {
            "problem": "",
            "steps": [],
            "answer": "",
            "supposes": detail == "supposes",
            "drawing": None,
            **bearing,
        },
        "analogy": {"text": {**empty}, "statement": {**empty, "role": "fact"}, "ends": {**empty}},
        "table": {"title": "", "headings": [], "rows": []},
        "timeline": {"title": "", "entries": []},
        "figure": {"title": "", "alternative": "", "svg": "", "drawing": None, **bearing},
        "task": {
            **{"prompt": "", "answer": None, "criteria": [], "support": None, "stretch": None},
            **{"supposes": detail == "supposes", **bearing},
        },
    }
    return {"kind": what, **blocks[what]} if what in blocks else None


def take(reader: Reader, block: Content, line: str, path: str) -> str | None:
    """Take a line into a block that is open; else what its lines begin with."""
    named = _NAMED.fullmatch(line)
    return _TAKES[block["kind"]](reader, block, line, path, named)


def takes_lines(block: Content) -> bool:
    """Whether lines right under its opening belong to it."""
    return block["kind"] in _TAKES


Named = re.Match[str] | None


def _activity(reader: Reader, block: Content, line: str, path: str, named: Named) -> str | None:
    numbered = _NUMBERED.fullmatch(line)
    if numbered:
        reader.stand(f"{path}.steps[{len(block['steps'])}]")
        block["steps"].append(unescaped(numbered[1].rstrip()))
    elif line.startswith("= "):
        block["product"] = unescaped(line[2:].rstrip())
    else:
        return "a step begins with a number, a result with “= ”"
    return None


def _example(reader: Reader, block: Content, line: str, path: str, named: Named) -> str | None:
    numbered = _NUMBERED.fullmatch(line)
    if numbered:
        block["steps"].append(reader.statement(numbered[1], f"{path}.steps[{len(block['steps'])}]"))
    elif line.startswith("= "):
        block["answer"] = unescaped(line[2:].rstrip())
    elif line.startswith("? "):
        block["problem"] = unescaped(line[2:].rstrip())
    elif named and named[1] == "drawing":
        return _drawing(reader, block, named[2], path)
    else:
        return "a step begins with a number, a result with “= ”"
    return None


def _analogy(reader: Reader, block: Content, line: str, path: str, named: Named) -> str | None:
    if not named or named[1] not in ("text", "statement", "ends"):
        return "a line of a comparison begins with “text: ”, “statement: ” or “ends: ”"
    usual = "fact" if named[1] == "statement" else "analogy"
    said = reader.statement(named[2], f"{path}.{named[1]}")
    block[named[1]] = said if said["origin"] else {**said, "role": usual}
    return None


def _table(reader: Reader, block: Content, line: str, path: str, named: Named) -> str | None:
    rows = block["rows"]
    if named and named[1] == "title":
        block["title"] = unescaped(named[2].rstrip())
    elif named and named[1] == "heading":
        block["headings"].append(unescaped(named[2].rstrip()))
    elif named and named[1] == "row":
        text, words = split_note(named[2])
        reader.stand(f"{path}.rows[{len(rows)}]")
        rows.append({"cells": [unescaped(text)], **bearing_of(words), "verdict": None})
    elif line.startswith("- ") and rows:
        rows[-1]["cells"].append(unescaped(line[2:].rstrip()))
    else:
        return "a line of a table begins with “title: ”, “heading: ” or “row: ”, a further cell of the row with “- ”"
    return None


def _timeline(reader: Reader, block: Content, line: str, path: str, named: Named) -> str | None:
    entries = block["entries"]
    if named and named[1] == "title":
        block["title"] = unescaped(named[2].rstrip())
    elif named and named[1] == "when":
        text, words = split_note(named[2])
        reader.stand(f"{path}.entries[{len(entries)}]")
        entries.append({"when": unescaped(text), "what": "", **bearing_of(words), "verdict": None})
    elif named and named[1] == "what" and entries:
        entries[-1]["what"] = unescaped(named[2].rstrip())
    else:
        return "a line of a timeline begins with “title: ”, “when: ” or “what: ”"
    return None


def _drawing(reader: Reader, block: Content, text: str, path: str) -> str | None:
    reader.stand(f"{path}.drawing")
    block["drawing"] = read_drawing(text)
    return None if block["drawing"] is not None else "“drawing: ” is followed by an object of JSON"


def _figure(reader: Reader, block: Content, line: str, path: str, named: Named) -> str | None:
    if named and named[1] == "drawing":
        return _drawing(reader, block, named[2], path)
    if not named or named[1] not in ("title", "alternative", "svg"):
        return "a line of a figure begins with “title: ”, “alternative: ”, “svg: ” or “drawing: ”"
    block[named[1]] = unescaped(named[2].rstrip())
    return None


def _task(reader: Reader, block: Content, line: str, path: str, named: Named) -> str | None:
    if line.startswith("? "):
        block["prompt"] = unescaped(line[2:].rstrip())
    elif line.startswith("= "):
        block["answer"] = unescaped(line[2:].rstrip())
    elif line.startswith("- "):
        reader.stand(f"{path}.criteria[{len(block['criteria'])}]")
        block["criteria"].append(unescaped(line[2:].rstrip()))
    elif named and named[1] in ("support", "stretch"):
        block[named[1]] = unescaped(named[2].rstrip())
    else:
        return "a line of a task begins with “? ”, “= ”, “- ”, “support: ” or “stretch: ”"
    return None


_TAKES: Mapping[str, Callable[[Reader, Content, str, str, Named], str | None]] = {
    "activity": _activity,
    "example": _example,
    "analogy": _analogy,
    "table": _table,
    "timeline": _timeline,
    "figure": _figure,
    "task": _task,
}
OPENINGS = "question {q1}, example, analogy, table, timeline, figure, task, note, or activity with one of " + ", ".join(
    GROUPINGS
)
"""What may stand after ":: ", for people."""
