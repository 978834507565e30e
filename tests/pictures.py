"""Files of pictures for tests, as small as can be; and what Commons says of such a file."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

from lessongen.lesson.image import FoundImage

LEAF = {
    "LicenseShortName": "CC BY-SA 4.0",
    "License": "cc-by-sa-4.0",
    "LicenseUrl": "https://creativecommons.org/licenses/by-sa/4.0",
    "UsageTerms": "Creative Commons Attribution-Share Alike 4.0",
    "AttributionRequired": "true",
    "Artist": '<a href="//commons.wikimedia.org/wiki/User:Ada" title="User:Ada">Ada Green</a>',
    "Credit": '<span class="int-own-work" lang="en">Own work</span>',
    "ImageDescription": "<p>A green leaf of an <i>oak</i>. It was photographed in May.</p>",
    "ObjectName": "Oak leaf",
}
"""The metadata of a photograph on Commons."""


def png(width: int = 60, height: int = 40, *, more: bytes = b"") -> bytes:
    """A picture in one colour, with chunks of one's own before its pixels."""
    row = b"\x00" + b"\x40\xa0\x40" * width
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", head),
            more,
            _chunk(b"IDAT", zlib.compress(row * height)),
            _chunk(b"IEND", b""),
        )
    )


def animated_png() -> bytes:
    """A PNG that says that it has several frames."""
    return png(more=_chunk(b"acTL", struct.pack(">II", 2, 0)))


def png_bomb() -> bytes:
    """A small file that claims to be a picture which fills a computer's memory."""
    return png(1, 1).replace(struct.pack(">II", 1, 1), struct.pack(">II", 100_000, 100_000), 1)


def jpeg(width: int = 60, height: int = 40, *, size: int = 0) -> bytes:
    """The parts of a JPEG that say what it is, filled up to a size."""
    frame = b"\xff\xc2\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03" + b"\x01\x11\x00" * 3
    parts = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + frame
    return parts + b"\x00" * max(0, size - len(parts))


def webp(width: int = 60, height: int = 40, *, is_animated: bool = False) -> bytes:
    """The head of a WebP in its extended form."""
    body = bytes([2 if is_animated else 0, 0, 0, 0]) + (width - 1).to_bytes(3, "little")
    body += (height - 1).to_bytes(3, "little")
    chunk = b"VP8X" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def leaf(**changes: Any) -> FoundImage:
    """A picture as a source finds it."""
    given: dict[str, Any] = {
        "title": "Oak leaf.png",
        "alternative": "A green leaf of an oak. It was photographed in May.",
        "caption": "A green leaf of an oak.",
        "author": "Ada Green",
        "licence": "CC BY-SA 4.0",
        "licence_url": "https://creativecommons.org/licenses/by-sa/4.0",
        "page_url": "https://commons.wikimedia.org/wiki/File:Oak_leaf.png",
        "file_url": "https://upload.wikimedia.org/wikipedia/commons/thumb/1/1a/Oak_leaf.png/500px-Oak_leaf.png",
        "media_type": "image/png",
        "width": 60,
        "height": 40,
        "data": base64.b64encode(png()).decode(),
    }
    return FoundImage(**{**given, **changes})


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
