"""Reads server-sent events: a model's answer comes in one for each token, so each of them must cost little."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_END_OF_LINE = re.compile(rb"\r\n|\r|\n")
_END = b"[DONE]"


def events(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The data of each event, up to the one that says [DONE]; pieces may end anywhere.

    Comments, names, numbers and waits of events mean nothing for a completion and are passed over.
    """
    said: list[bytes] = []
    for line in _lines(pieces):
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
    for piece in pieces:
        held.append(piece)
        if b"\n" not in piece and b"\r" not in piece and not held[0].endswith(b"\r"):
            continue
        text = b"".join(held)
        cut = len(text) - 1 if text.endswith(b"\r") else len(text)  # its "\n" may be in the next piece
        *lines, rest = _END_OF_LINE.split(text[:cut])
        held = [rest + text[cut:]]
        yield from lines
    *lines, rest = _END_OF_LINE.split(b"".join(held))
    yield from lines
    if rest:
        yield rest
