"""The picture of an article: what a lesson says of it, and the form in which a source hands it over with its file."""

from __future__ import annotations

import base64
import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from lessongen.lesson.statement import Model, sha256
from lessongen.system.raster import MediaType, raster_of

MOST_BYTES = 600_000
MOST_PIXELS = 4_000  # a side; what says that it is larger costs a browser more memory than its file is worth

# As Commons and other wikis name the licences of files that anyone may use for anything, changed or not.
_FREE = re.compile(
    r"(?:cc|creative commons)[ -]?(?:cc)?(?:0|zero)(?:[ -]\d\.\d)?"
    r"|public domain(?: mark)?(?: \d\.\d)?|pd(?:-(?!us\b)\w+)*"
    r"|(?:cc|creative commons)[ -](?:by|attribution)(?:[ -](?:sa|share[ -]?alike))?"
    r"(?:[ -]\d\.\d(?:[,-]\d\.\d)*(?:[ -](?:international|unported|generic|migrated|igo|(?!n[cd]\b)[a-z]{2}))*)?"
    r"|(?:gfdl|gnu free documentation license)(?:,? ?(?:version )?-?\d\.\d)?(?: or later|\+)?"
    r"|(?:fal|free art license|licence art libre)(?:[ -]\d\.\d)?"
    r"|(?:ogl|open government licence)(?:[ -]?v?\d(?:\.\d)?)?"
    r"|[al]?gpl(?:[ -]?v?\d(?:\.\d)?)?\+?|(?:mit|bsd|apache)(?: license)?(?:[ -]\d\.\d)?"
    r"|attribution|copyrighted free use",
    re.IGNORECASE,
)
_NO_AUTHOR_NEEDED = re.compile(r"cc0|cc[ -]zero|public domain|pd\b", re.IGNORECASE)
_WEB_ADDRESS = re.compile(r"https?://[\w.:\[\]-]+(?:[/?#][!#-&(-;=?-~]*)?", re.ASCII)  # nothing that ends an attribute


class Image(Model):
    """The lead picture of the article that a lesson is about, with all that its licence asks to be said.

    Its file, in base64, is kept as the texts of sources are, and is no part of this.
    """

    title: str = Field(description="the name of its file on the wiki")
    alternative: str = Field(description="what it shows, for those who can't see it, as its page describes it")
    caption: str = Field(description="the first sentence of that")
    author: str
    licence: str = Field(description="a free one")
    licence_url: str | None
    page_url: str = Field(description="its page, with author and licence")
    file_url: str = Field(description="where the file was fetched from")
    media_type: MediaType
    width: int = Field(description="of the file, in pixels")
    height: int
    data_sha256: str = Field(description="SHA-256 of its file in base64; the database keeps it under that")


@dataclass(frozen=True, kw_only=True)
class FoundImage:
    """An `Image` as a source found it, with its file in base64 as `data`."""

    title: str
    alternative: str
    caption: str
    author: str
    licence: str
    licence_url: str | None
    page_url: str
    file_url: str
    media_type: MediaType
    width: int
    height: int
    data: str

    def as_json(self) -> dict[str, Any]:
        """Plain JSON types; `from_json` takes it back."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FoundImage:
        """The picture that `as_json` wrote."""
        return cls(**data)

    def shown(self) -> Image:
        """It as a lesson has it."""
        told = {name: value for name, value in self.as_json().items() if name != "data"}
        return Image(**told, data_sha256=sha256(self.data))


def is_free(licence: str) -> bool:
    """Whether a licence, as a wiki names it, lets anyone use a file for anything."""
    return _FREE.fullmatch(licence.strip()) is not None


def asks_for_author(licence: str) -> bool:
    """Whether a file under that licence may be shown with its author's name only."""
    return _NO_AUTHOR_NEEDED.match(licence.strip()) is None


def is_web_address(text: str) -> bool:
    """Whether it is an address of a page or a file on the web."""
    return _WEB_ADDRESS.fullmatch(text) is not None


def faults_of(image: Image) -> Iterator[tuple[str, str]]:
    """What of that which a picture has to be shown with is missing: by field, what is wrong."""
    for name in ("title", "alternative", "caption", "author"):
        if not getattr(image, name).strip():
            yield name, f"the image has no {name}"
    if not is_free(image.licence):
        yield "licence", f"“{image.licence[:60]}” is no free licence"
    for name in ("page_url", "file_url", "licence_url"):
        address = getattr(image, name)
        if address is not None and not is_web_address(address):
            yield name, "is no address on the web"


def fault_of_file(image: Image, data: str) -> str | None:
    """Why a file in base64 is not the one that the picture says; None where it is."""
    if sha256(data) != image.data_sha256:
        return "the file of the image is missing or is not what its SHA-256 says"
    try:
        content = base64.b64decode(data, validate=True)
    except ValueError:
        return "the file of the image is not in base64"
    fault = fault_of_content(content)
    if fault is None:
        raster = raster_of(content)
        said = (image.media_type, image.width, image.height)
        if raster and (raster.media_type, raster.width, raster.height) != said:
            fault = "the file of the image is of another type or size than it says"
    return fault


def fault_of_content(content: bytes) -> str | None:
    """Why the content of a file is not shown as a picture; None where it may be."""
    if len(content) > MOST_BYTES:
        return f"the file is larger than {MOST_BYTES // 1000} kB"
    raster = raster_of(content)
    if raster is None:
        return "the file is neither JPEG, PNG nor WebP"
    if raster.is_animated:
        return "the file is animated"
    if not (0 < raster.width <= MOST_PIXELS and 0 < raster.height <= MOST_PIXELS):
        return f"the file claims {raster.width} by {raster.height} pixels"
    return None
