"""Files that are zip archives of XML: text that fits in, and archives that are the same from run to run."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

_NO_XML = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BEGIN = (1980, 1, 1, 0, 0, 0)  # the first time that an archive can tell


def fit_for_xml(text: str) -> str:
    """The text without the characters that XML 1.0 can't have, escaped or not."""
    return _NO_XML.sub("", text)


def moment(text: object) -> datetime:
    """A time of a version's metadata; long ago where there is none, so that a file is the same from run to run."""
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC).replace(tzinfo=None)
    except ValueError:
        return datetime(2000, 1, 1)  # noqa: DTZ001 - what writes properties takes naive ones as UTC


def packed_alike(archive: bytes) -> bytes:
    """The same archive with nothing in it of when and on what system it was made."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.infolist():
            plain = zipfile.ZipInfo(each.filename, _BEGIN)
            plain.compress_type, plain.create_system = zipfile.ZIP_DEFLATED, 0
            new.writestr(plain, old.read(each))
    return made.getvalue()
