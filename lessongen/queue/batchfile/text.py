"""The text of a batch file: bytes to lines in UTF-8, in bounded memory whatever they hold."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, Literal

from lessongen.queue.batchfile.problems import Problems, Unreadable
from lessongen.system.errors import DataError

Format = Literal["csv", "jsonl", "yaml"]

LONGEST_LINE = 4_000_000  # bytes; what is longer is cut
LONGEST_CELL = 1_000_000  # characters
_CHUNK = 262_144
_SUFFIXES: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".yaml": "yaml",
    ".yml": "yaml",
}
_UTF_8 = "Save the file as UTF-8 (in a spreadsheet: “CSV UTF-8”), or convert it: iconv -f latin1 -t utf-8 OLD > NEW"
# How files begin that are no text; source: Gary Kessler, "File Signatures Table".
_NO_TEXT = (
    (b"PK\x03\x04", "a spreadsheet, a document or a ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet or document"),
    (b"%PDF-", "a PDF"),
    (b"\x1f\x8b", "compressed by gzip"),
    (b"SQLite format 3\0", "an SQLite database"),
)
_YAML = re.compile(r"(?:---|%YAML|#|-(?:\s|$)|\[|['\"]?(?:lessons|defaults|x-[\w-]+)['\"]?\s*:)", re.IGNORECASE)


class Text:
    """A stream of bytes read as lines. Raises `Unreadable` for what is no text, `DataError` where reading fails."""

    def __init__(self, stream: BinaryIO, problems: Problems) -> None:
        self._stream = stream
        self._problems = problems
        self._head = self._read()
        self.cut = 0
        """The number of the last line that was too long and was cut."""
        for signature, what in _NO_TEXT:
            if self._head.startswith(signature):
                raise Unreadable(1, f"The file is no text, but {what}.", hint="Save it as CSV in UTF-8.")
        if self._head[0:4:2] == b"\0\0" or self._head[1:4:2] == b"\0\0":
            raise Unreadable(1, "The file is UTF-16 without a mark that says so.", hint=_UTF_8)

    def beginning(self) -> str:
        """Its first line that is not blank, as far as it can be seen; empty where there is none."""
        for chunk in self._utf_8():
            for line in chunk.decode(errors="replace").splitlines():
                if line.strip():
                    return line.strip()
            break
        return ""

    def lines(self) -> Iterator[tuple[int, str]]:
        """Each line with its number from 1 and its end; a line ends with LF, CR LF or CR. To be asked for once.

        What is not UTF-8 and what is NUL is told as a problem and shown as U+FFFD.
        """
        number, rest, is_dropping = 0, b"", False
        chunks = self._utf_8(goes_on=True)
        while True:
            chunk = next(chunks, None)
            data = rest + (chunk or b"")
            lines = data.splitlines(keepends=True)
            # A CR at the end may be half of a CR LF.
            rest = lines.pop() if chunk is not None and lines and not lines[-1].endswith(b"\n") else b""
            if is_dropping and lines:
                del lines[0]
                is_dropping = False
            holds_nul = b"\0" in data
            for line in lines:
                number += 1
                try:
                    text = line.decode()
                except UnicodeDecodeError as error:
                    text = self._not_utf_8(number, line, error)
                yield number, self._without_nul(number, text) if holds_nul else text
            if is_dropping:
                rest = b"\r" if rest.endswith(b"\r") else b""
            elif len(rest) > LONGEST_LINE:
                number += 1
                self.cut = number
                yield number, rest[:LONGEST_LINE].decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
                rest, is_dropping = b"\r" if rest.endswith(b"\r") else b"", True
            if chunk is None:
                return

    # ------------------------------------------------------------ bytes

    def _utf_8(self, *, goes_on: bool = False) -> Iterator[bytes]:
        """Chunks of UTF-8 without a mark at the beginning: the first alone, or all."""
        head = self._head
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            yield from self._from_utf_16(goes_on)
            return
        yield head.removeprefix(codecs.BOM_UTF8)
        while goes_on and (chunk := self._read()):
            yield chunk

    def _from_utf_16(self, goes_on: bool) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder("utf-16")()
        chunk, seen = self._head, 1
        while chunk:
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError as error:
                raise Unreadable(seen, "It begins as UTF-16 and goes on as something else.", hint=_UTF_8) from error
            seen += text.count("\n")
            yield text.encode()
            chunk = self._read() if goes_on else b""

    def _read(self) -> bytes:
        try:
            return self._stream.read(_CHUNK)
        except OSError as error:
            raise DataError(
                f"{self._problems.name} can't be read: {error.strerror}.", hint="Check the file and its permissions."
            ) from error

    # ------------------------------------------------------------ mending

    def _not_utf_8(self, number: int, line: bytes, error: UnicodeDecodeError) -> str:
        place = len(line[: error.start].decode()) + 1
        self._problems.add(
            number, f"This line is not UTF-8: the byte 0x{line[error.start]:02X} at character {place:,}.", _UTF_8
        )
        return line.decode(errors="replace")

    def _without_nul(self, number: int, text: str) -> str:
        if "\0" not in text:
            return text
        self._problems.add(
            number, "This line holds a NUL character.", "Take it out; or save the file as text in UTF-8."
        )
        return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def format_of(name: str, beginning: str) -> Format:
    """The format that a file's name says, or else how it begins."""
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    return _SUFFIXES.get(suffix) or looks_like(beginning)


def looks_like(beginning: str) -> Format:
    """The format of a text that begins so."""
    if beginning.startswith("{"):
        return "jsonl"
    return "yaml" if _YAML.match(beginning) else "csv"
