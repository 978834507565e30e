"""Texts and notes of the editable Markdown: one line each, with a way to write every character.

A note is what stands in braces behind a text: `{s1.2}`, `{written on s1.2}`, `{author by "R. Teacher" on}`. It consists
of words, and of JSON strings where a word could not say it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, get_args

from lessongen.lesson.drawings.base import Drawing
from lessongen.lesson.model import Entry, Example, Figure, Origin, Question, Role, Row, Statement, Task

# What ends a line for some editor, or steers a terminal; and what UTF-8 can't say.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
_AT_AN_END = re.compile(r"^\s|\s\Z")  # editors strip it
_OPENS_LINE = re.compile(r"[#:<>=?\-]")
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-f]{1,6})\}|(n)|([^\w\s]))")
_NOTE = re.compile(r"(?<!\\)((?:\\\\)*) ?\{([^{}]*)\}$")
_NOT_IN_NOTE = re.compile(_UNSEEN.pattern[:-1] + "{}]")
ROLES: tuple[str, ...] = get_args(Role)
ORIGINS: tuple[str, ...] = get_args(Origin)
_RESERVED = (*ORIGINS, "by", "on", *ROLES)
_WORD = re.compile(r"[^\s,\"{}\\]+")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s,"{}]+')


def escaped(text: str) -> str:
    """The text on one line; `unescaped` gives it back."""
    line = re.sub(r"[\\{}]", lambda found: "\\" + found[0], text).replace("\n", "\\n")
    line = _UNSEEN.sub(lambda found: f"\\u{{{ord(found[0]):x}}}", line)
    line = _AT_AN_END.sub(lambda found: f"\\u{{{ord(found[0]):x}}}", line)
    return "\\" + line if _OPENS_LINE.match(line) else line


def unescaped(line: str) -> str:
    """The text of a line; a backslash that escapes nothing is one."""

    def character(found: re.Match[str]) -> str:
        if found[1] is not None:
            return chr(int(found[1], 16)) if int(found[1], 16) <= 0x10FFFF else found[0]
        return "\n" if found[2] else found[3]

    return _ESCAPE.sub(character, line)


def note(words: Iterable[str]) -> str:
    """The words in braces, with a space before them."""
    return " {" + " ".join(word if _WORD.fullmatch(word) else _quoted(word) for word in words) + "}"


def _quoted(word: str) -> str:
    # Braces would end the note, and some characters the line.
    text = json.dumps(word, ensure_ascii=False)
    return _NOT_IN_NOTE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def drawing_line(drawing: Drawing | None) -> list[str]:
    """The line of a drawing's data, which `read_drawing` takes back; none where there is none."""
    return [f"drawing: {escaped(json.dumps(drawing.model_dump(mode='json'), ensure_ascii=False))}"] if drawing else []


def read_drawing(text: str) -> dict[str, Any] | None:
    """The data of a drawing that a line gives after "drawing: "; None where it is no object of JSON."""
    try:
        data = json.loads(unescaped(text.rstrip()))
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


def split_note(line: str) -> tuple[str, list[str] | None]:
    """A line without its note, and the note's words; None where it has no note."""
    found = _NOTE.search(line)
    if found is None:
        return line.rstrip(), None
    words: list[str] = []
    for token in _TOKEN.findall(found[2]):
        try:
            words.append(json.loads(token) if token.startswith('"') else token)
        except ValueError:
            words.append(token)
    return line[: found.start()] + found[1], words


def bearing_of(words: list[str] | None) -> dict[str, Any]:
    """What the words of a note say, the inverse of `bearing`; nothing yet where there is no note."""
    if words is None:
        return {"cites": [], "origin": None, "by": None}
    if not words or words[0] not in ORIGINS or (len(words) > 1 and words[1] not in ("by", "on")):
        return {"cites": words, "origin": "quoted", "by": None}
    origin, *rest = words
    by = rest[1] if len(rest) > 1 and rest[0] == "by" else None
    rest = rest[2:] if by is not None else rest
    return {"cites": rest[1:] if rest[:1] == ["on"] else rest, "origin": origin, "by": by}


def role_and_bearing(statement: Statement) -> list[str]:
    """The words that say what a statement is in the lesson, where it is no fact, and what it stands on."""
    role = [] if statement.role == "fact" else [statement.role]
    return [*role, *bearing(statement)]


def bearing(part: Statement | Question | Example | Row | Entry | Figure | Task) -> list[str]:
    """The words that say what a statement, a question or a part of a block stands on."""
    cites = list(part.cites)
    by = [] if part.by is None else ["by", part.by]
    if part.origin == "quoted" and not by and not (cites and cites[0] in _RESERVED):
        return cites
    return [part.origin, *by, *(["on", *cites] if cites else [])]
