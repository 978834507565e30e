"""The shipped table of nearest articles: its file format, to and from bytes.

`scripts/build_neighbours.py` embeds each article's title and lead with a sentence-embedding model and keeps, for each,
at most 80 others whose cosine is above .28. The file holds, little-endian:

    4 bytes   magic "LGNB"
    u16       format, 1
    u32       number of articles, n
    32 bytes  SHA-256 of the pack's data file; articles are numbered from 1 in that file's order
    the rest  zlib stream of four planes
        n bytes           how many neighbours each article has
        m bytes           high bytes of the neighbours' numbers, article by article, nearest first
        m bytes           low bytes of them
        m bytes           cosines, linear from FLOOR (0) to 1 (255), each stored as its drop from the one before
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence

MOST = 80
FLOOR = 0.28

_HEADER = struct.Struct("<4sHI32s")
_MAGIC = b"LGNB"
_FORMAT = 1

_COSINES = tuple(round(FLOOR + byte * (1.0 - FLOOR) / 255, 2) for byte in range(256))

Row = tuple[Sequence[int], bytes]
"""One article's neighbours: their numbers, nearest first, and as many cosines, a byte each."""


def encode(rows: Sequence[Row], pack_sha256: str) -> bytes:
    """The table as the file's bytes."""
    numbers = [number for row in rows for number in row[0]]
    drops = bytes(drop for _, cosines in rows for drop in _drops(cosines))
    planes = (
        bytes(len(row[0]) for row in rows),
        bytes(number >> 8 for number in numbers),
        bytes(number & 0xFF for number in numbers),
        drops,
    )
    return _HEADER.pack(_MAGIC, _FORMAT, len(rows), bytes.fromhex(pack_sha256)) + zlib.compress(b"".join(planes), 9)


def decode(table: bytes, pack_sha256: str) -> Iterator[Row]:
    """The rows in the articles' order; none if the table was made for other data."""
    magic, version, count, digest = _HEADER.unpack_from(table)
    if (magic, version, digest.hex()) != (_MAGIC, _FORMAT, pack_sha256):
        return
    planes = zlib.decompress(memoryview(table)[_HEADER.size :])
    sizes = planes[:count]
    total = sum(sizes)
    high, low, drops = (planes[count + total * plane : count + total * (plane + 1)] for plane in range(3))
    start = 0
    for size in sizes:
        row = slice(start, start + size)
        numbers = [upper << 8 | lower for upper, lower in zip(high[row], low[row], strict=True)]
        yield numbers, bytes(_cosines(drops[row]))
        start += size


def quantized(cosine: float) -> int:
    """A cosine as one byte."""
    return round((min(cosine, 1.0) - FLOOR) / (1.0 - FLOOR) * 255)


def to_blob(row: Row) -> bytes:
    """One row as the index keeps it."""
    numbers, cosines = row
    return struct.pack(f"<{len(numbers)}H", *numbers) + cosines


def from_blob(blob: bytes) -> Mapping[int, float]:
    """The neighbours' numbers with their cosines to two decimals, nearest first, from what `to_blob` wrote."""
    size = len(blob) // 3
    numbers = struct.unpack_from(f"<{size}H", blob)
    return dict(zip(numbers, map(_COSINES.__getitem__, blob[2 * size :]), strict=True))


def _cosines(drops: bytes) -> Iterator[int]:
    nearer = 0
    for drop in drops:
        nearer = (nearer - drop) % 256
        yield nearer


def _drops(cosines: bytes) -> Iterator[int]:
    nearer = 0
    for cosine in cosines:
        yield (nearer - cosine) % 256
        nearer = cosine
