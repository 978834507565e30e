"""The lead image of an article: taken where its licence is a free one, with all that the licence asks to be said.

Whatever is wrong with it, there is no image, and the log says why: no lesson fails for the want of a picture.
"""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from lessongen.lesson.image import MOST_BYTES, FoundImage, asks_for_author, fault_of_content, is_free, is_web_address
from lessongen.sources.wikipedia.clean import HOLE, clean_line
from lessongen.sources.wikipedia.markup import sections_of
from lessongen.system.errors import LessongenError
from lessongen.system.printable import printable
from lessongen.system.raster import raster_of
from lessongen.text.sentences import has_markup, split_sentences

if TYPE_CHECKING:
    from lessongen.sources.wikipedia.query import WikiClient

_LOG = logging.getLogger("lessongen.sources.wikipedia")
# One of the widths that Wikimedia has at hand: mediawiki.org/wiki/Common_thumbnail_sizes
_WIDTH = 500
_SECONDS = 10.0
_COMMONS_FILES = "upload.wikimedia.org"
_LONGEST_HTML = 20_000
_LONGEST_ALTERNATIVE, _LONGEST_CAPTION, _LONGEST_NAME = 250, 140, 120
_CUT_TAG = re.compile(r"<[^<>]*\Z")
_OWN_WORK = re.compile(r"(?:self-made|(?:own|self|personal) ?work)\b", re.IGNORECASE)
_UNKNOWN = "unknown author"
_NOT_FREE = re.compile(r"fair use|non-?free|non-?commercial|no-?deriv|all rights reserved|\bn[cd]\b", re.IGNORECASE)
_CODES = {"pd": "Public domain", "cc0": "CC0"}


class NoImage(Exception):
    """There is none to be shown, and will be none for this revision of the article; the text says why."""


def lead_image(client: WikiClient, title: str) -> FoundImage | None:
    """The lead image of an article with its file; None where it has none that may be shown.

    Raises `NoImage` where it has one that may not be; `LessongenError` where it could not be looked at or fetched,
    which another time it may; `Cancelled`.
    """
    name = client.image_of(title)
    if not name:
        return None
    told = client.file(name, _WIDTH)
    if not told:
        raise NoImage("the wiki says nothing of the file")
    try:
        return _fetched(client, name, told)
    except (TypeError, ValueError, AttributeError) as error:
        raise NoImage(f"what the wiki says of it can't be read ({type(error).__name__})") from error


def log_without(title: str, why: NoImage | LessongenError) -> None:
    """Say in the log why an article's image is not taken."""
    reason = why.message if isinstance(why, LessongenError) else str(why)
    _LOG.info("No image of “%s”: %s", title, printable(reason)[:300].rstrip("."))


def _fetched(client: WikiClient, name: str, told: Mapping[str, Any]) -> FoundImage:
    extra = told.get("extmetadata") or {}
    said = {key: str(value.get("value", "")) for key, value in extra.items() if isinstance(value, Mapping)}
    licence = _licence(said)
    author = _author(said, licence)
    described = _plain(said.get("ImageDescription", "")) or _plain(said.get("ObjectName", "")) or _name(name)
    api = client.site.api_url
    page = urljoin(api, str(told.get("descriptionurl") or told.get("descriptionshorturl") or ""))
    address = urljoin(api, str(told.get("thumburl") or told.get("url") or ""))
    if not is_web_address(page) or not is_web_address(address):
        raise NoImage("the wiki gives no address of it")
    if not _is_of_the_wiki(address, api):
        raise NoImage(f"its file is on another host, {urlsplit(address).hostname}")
    content = client.download(address, seconds=_SECONDS, most_bytes=MOST_BYTES)
    if fault := fault_of_content(content):
        raise NoImage(fault)
    raster = raster_of(content)
    assert raster is not None  # noqa: S101 - else it has a fault
    return FoundImage(
        title=_name(name, keeps_ending=True),
        alternative=_cut(described, _LONGEST_ALTERNATIVE),
        caption=_caption(described),
        author=author,
        licence=licence,
        licence_url=_address(said.get("LicenseUrl", "")),
        page_url=page,
        file_url=address,
        media_type=raster.media_type,
        width=raster.width,
        height=raster.height,
        data=base64.b64encode(content).decode(),
    )


def _licence(said: Mapping[str, str]) -> str:
    """The free licence of a file. Raises `NoImage` where it has none, or it is not clear which."""
    # The first is in the wiki's language: "Gemeinfrei"; the second is a code: "pd".
    named = list(filter(None, (_plain(said.get(key, "")) for key in ("LicenseShortName", "License", "UsageTerms"))))
    if not named:
        raise NoImage("no licence is named")
    if said.get("NonFree", "").strip().lower() in ("true", "1", "yes") or any(map(_NOT_FREE.search, named)):
        raise NoImage(f"it is not free ({named[0]})")
    free = next(filter(is_free, named), None)
    if free is None:
        raise NoImage(f"“{named[0]}” is no free licence that is known")
    return _CODES.get(free.lower(), free)


def _author(said: Mapping[str, str], licence: str) -> str:
    """Whom to name. Raises `NoImage` where the licence asks for a name and there is none."""
    for key in ("Attribution", "Artist", "Credit"):
        name = _plain(said.get(key, ""))
        if name and not _OWN_WORK.match(name):
            return _cut(name, _LONGEST_NAME)
    if asks_for_author(licence):
        raise NoImage(f"{licence} asks for its author, and none is named")
    return _UNKNOWN


def _plain(html: str) -> str:
    """The text that a reader of the HTML would see, on one line; "" where it is not to be made out."""
    whole_tags = _CUT_TAG.sub("", html[:_LONGEST_HTML])
    seen = " ".join(text for _, text in sections_of(whole_tags))
    text = printable(clean_line(seen.replace("\n", " ")).replace(HOLE, ""))
    return "" if has_markup(text) or not any(map(str.isalnum, text)) else text


def _name(name: str, *, keeps_ending: bool = False) -> str:
    shown = printable(name.replace("_", " "))
    stem, dot, ending = shown.rpartition(".")
    return stem if dot and stem and not keeps_ending and len(ending) <= len("jpeg") else shown


def _caption(described: str) -> str:
    first = next((each.text for each in split_sentences(described)), described)
    return _cut(first, _LONGEST_CAPTION)


def _cut(text: str, length: int) -> str:
    """The text, or its first words with an ellipsis."""
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _address(text: str) -> str | None:
    address = f"https:{text}" if text.startswith("//") else text.strip()
    return address if is_web_address(address) else None


def _is_of_the_wiki(address: str, api_url: str) -> bool:
    """Whether a file is on the wiki's own host or among those of Commons: no other is asked on a wiki's word."""
    parts = urlsplit(address)
    return parts.netloc == urlsplit(api_url).netloc or (parts.scheme == "https" and parts.netloc == _COMMONS_FILES)
