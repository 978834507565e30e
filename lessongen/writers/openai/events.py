"""Reads server-sent events: a model's answer comes in one for each token, so each of them must cost little."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lessongen.writers.openai.answers import Unusable

_END_OF_LINE = re.compile(rb"\r\n|\r|\n")
_END = b"[DONE]"
_LONGEST = 16 * 2**20  # bytes of an event


def events(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The data of each event, up to the one that says [DONE]; pieces may end anywhere.

    Comments, names, numbers and waits of events mean nothing for a completion and are passed over. Raises `Unusable`
    for an event that does not end.
    """
    said: list[bytes] = []
    size = 0
    for line in _lines(pieces):
        size = size + len(line) if line else 0
        if size > _LONGEST:
            raise Unusable("it goes on without end")
        if line.startswith(b"data:"):
            said.append(line[5:].removeprefix(b" "))
        elif line == b"data":
            said.append(b"")
        elif not line and said:
            data = b"\n".join(said)
            said = []
            if data.startswith(_END):
                return
            yield data


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The lines, without the last one where nothing ends it but the end of all."""
    held: list[bytes] = []  # of a line that has not ended
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size > _LONGEST:
            raise Unusable("it goes on without end")
        if b"\n" not in piece and b"\r" not in piece and not held[0].endswith(b"\r"):
            continue
        text = b"".join(held)
        cut = len(text) - 1 if text.endswith(b"\r") else len(text)  # its "\n" may be in the next piece
        *lines, rest = _END_OF_LINE.split(text[:cut])
        held = [rest + text[cut:]]
        size = len(held[0])
        yield from lines
    *lines, rest = _END_OF_LINE.split(b"".join(held))
    yield from lines
    if rest:
        yield rest
