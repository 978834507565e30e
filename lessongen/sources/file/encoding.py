"""From bytes to text: the encoding by its mark, by what is said of it, by UTF-8, by what the bytes look like."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_DECLARED = re.compile(rb"^\s*<\?xml[^>]+encoding\s*=\s*[\"']([A-Za-z0-9_.:-]+)", re.IGNORECASE)
# What Windows' western encoding writes in the languages of western Europe; guessers mistake short texts.
_WESTERN = frozenset(
    "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœßÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŸŒ¡¿«»“”‘’‚„–—…•·°€£¥§©®™²³¹½¼¾×÷±µºª\u00a0"  # noqa: RUF001
)
_SAMPLE = 200_000


def decode(data: bytes, *, charset: str | None = None, is_html: bool = False) -> str:
    """The text; bytes that don't fit become U+FFFD. `charset` is what a server says of it."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    unmarked = _utf16(data)
    if unmarked is not None:
        return data.decode(unmarked, "replace")
    for name in _said(data, charset, is_html=is_html):
        text = _decoded(data, name)
        if text is not None:
            return text
    text = _decoded(data, "utf-8")
    return text if text is not None else data.decode(_guessed(data), "replace")


def _utf16(data: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of western text is then zero."""
    sample = data[:1_000]
    if len(sample) < 8:
        return None
    even, odd = sample[::2].count(0) / len(sample[::2]), sample[1::2].count(0) / len(sample[1::2])
    if odd > 0.5 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.5 and odd < 0.05 else None


def _said(data: bytes, charset: str | None, *, is_html: bool) -> list[str]:
    said = [charset] if charset else []
    if is_html:
        said += [
            match[1].decode("ascii") for match in (_DECLARED.search(data[:300]), _META.search(data[:4_096])) if match
        ]
    # As browsers do: whoever says Latin-1 means Windows-1252.
    return [
        "cp1252" if each.lower() in ("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii") else each for each in said
    ]


def _decoded(data: bytes, name: str) -> str | None:
    try:
        if not codecs.lookup(name)._is_text_encoding:
            return None
        return data.decode(name)
    except (LookupError, UnicodeDecodeError, ValueError):
        return None


def _guessed(data: bytes) -> str:
    sample = data[:_SAMPLE]
    western = _decoded(sample, "cp1252")
    if western is not None and all(character in _WESTERN for character in western if not character.isascii()):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return best.encoding if best is not None else "cp1252"
