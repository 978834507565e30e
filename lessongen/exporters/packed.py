"""What others wrote as zip archives of XML, made the same from run to run."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lessongen.exporters.markup import FIRST_DAY, sound

if TYPE_CHECKING:
    from lessongen.exporters.shapes import Sheet

LONGEST_CODE = 85  # of a language, as BCP 47 and Word have it


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


def saved(office: Any, sheet: Sheet, about: Mapping[str, Any]) -> bytes:
    """The file of a Word document or of slides, with the properties of a sheet, and of the version of `about`."""
    rights = "; ".join(f"{each.attribution} ({each.licence})" for each in sheet.references)
    properties = office.core_properties
    properties.title, properties.subject = sound(sheet.title)[:255], sound(sheet.facts[0])[:255]
    properties.author = properties.last_modified_by = "lessongen"
    properties.comments, properties.language = sound(rights)[:255], sound(sheet.language)[:LONGEST_CODE]
    properties.created = properties.modified = moment(about.get("last_updated", ""))
    made = io.BytesIO()
    office.save(made)
    return packed_alike(made.getvalue())
