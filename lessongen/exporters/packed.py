"""What others wrote as zip archives of XML, made the same from run to run."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, kw_only=True)
class Properties:
    """What a Word document or a deck says of itself."""

    title: str
    subject: str
    language: str
    rights: str
    updated: datetime


def properties_of(sheet: Sheet, about: Mapping[str, Any]) -> Properties:
    """Those of a sheet, and of the version that `about` tells of."""
    rights = "; ".join(f"{each.attribution} ({each.licence})" for each in sheet.references)
    updated = moment(about.get("last_updated", ""))
    return Properties(
        title=sheet.title, subject=sheet.facts[0], language=sheet.language, rights=rights, updated=updated
    )


def properties_together(title: str, all_of_them: Sequence[Properties]) -> Properties:
    """Those of several lessons that have a title together."""
    first = all_of_them[0]
    rights = "; ".join(dict.fromkeys(each.rights for each in all_of_them))
    updated = max(each.updated for each in all_of_them)
    return Properties(title=title, subject=title, language=first.language, rights=rights, updated=updated)


def saved(office: Any, told: Properties) -> bytes:
    """The file of a Word document or of slides."""
    properties = office.core_properties
    properties.title, properties.subject = sound(told.title)[:255], sound(told.subject)[:255]
    properties.author = properties.last_modified_by = "lessongen"
    properties.comments, properties.language = sound(told.rights)[:255], sound(told.language)[:LONGEST_CODE]
    properties.created = properties.modified = told.updated
    made = io.BytesIO()
    office.save(made)
    return packed_alike(made.getvalue())
