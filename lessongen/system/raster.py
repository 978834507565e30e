"""What the file of a picture is, as its first bytes say: JPEG, PNG or WebP, and how large. Nothing is decoded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

MediaType = Literal["image/jpeg", "image/png", "image/webp"]

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
# The marker of a frame (but not of its tables), its length and depth; height and width follow.
_JPEG_FRAME = re.compile(rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]..\x08(..)(..)", re.DOTALL)
_ANIMATED_WEBP = 0x02


@dataclass(frozen=True, kw_only=True)
class Raster:
    """A picture: its type, its size in pixels, and whether it moves."""

    media_type: MediaType
    width: int
    height: int
    is_animated: bool = False


def raster_of(data: bytes) -> Raster | None:
    """What picture the bytes are the file of; None where they are another thing, or are cut off before they say."""
    try:
        if data.startswith(_PNG):
            return _png(data)
        if data.startswith(_JPEG):
            return _jpeg(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
    except IndexError:
        pass
    return None


def _png(data: bytes) -> Raster | None:
    if data[12:16] != b"IHDR":
        return None
    begins = data.index(b"IDAT") if b"IDAT" in data else len(data)
    return Raster(
        media_type="image/png",
        width=_number(data[16:20]),
        height=_number(data[20:24]),
        is_animated=b"acTL" in data[:begins],
    )


def _jpeg(data: bytes) -> Raster | None:
    at = 2
    while data[at] == 0xFF:
        if found := _JPEG_FRAME.match(data, at):
            return Raster(media_type="image/jpeg", width=_number(found[2]), height=_number(found[1]))
        at += 2 + _number(data[at + 2 : at + 4])
    return None


def _webp(data: bytes) -> Raster | None:
    kind, head = data[12:16], data[20:30]
    if kind == b"VP8 " and head[3:6] == b"\x9d\x01\x2a":
        width, height = _little(head[6:8]) & 0x3FFF, _little(head[8:10]) & 0x3FFF
    elif kind == b"VP8L" and head[0] == 0x2F:
        bits = _little(head[1:5])
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8X":
        width, height = _little(head[4:7]) + 1, _little(head[7:10]) + 1
    else:
        return None
    is_animated = kind == b"VP8X" and bool(head[0] & _ANIMATED_WEBP)
    return Raster(media_type="image/webp", width=width, height=height, is_animated=is_animated)


def _number(data: bytes) -> int:
    if not data:
        raise IndexError
    return int.from_bytes(data, "big")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")
