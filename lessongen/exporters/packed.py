"""What others wrote as zip archives of XML, made the same from run to run."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

from lessongen.exporters.markup import FIRST_DAY


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
            plain = zipfile.ZipInfo(each.filename, FIRST_DAY)
            plain.compress_type, plain.create_system = zipfile.ZIP_DEFLATED, 0
            new.writestr(plain, old.read(each))
    return made.getvalue()
