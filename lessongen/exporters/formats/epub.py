"""EPUB 3: the lesson as a book of one chapter, or several as one of several, for readers and tablets."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lessongen.exporters import Format, Order
from lessongen.exporters.markup import archive, element, html_of, sound, svg_file, xml_file

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from lessongen.exporters.shapes import Photo, Picture, Sheet

_XHTML = {"xmlns": "http://www.w3.org/1999/xhtml"}
_OPF = {"xmlns": "http://www.idpf.org/2007/opf", "version": "3.0", "unique-identifier": "id"}
_DC = {"xmlns:dc": "http://purl.org/dc/elements/1.1/"}
_CONTAINER = {"xmlns": "urn:oasis:names:tc:opendocument:xmlns:container", "version": "1.0"}
_ACCESS = {
    "schema:accessMode": "textual",
    "schema:accessibilityFeature": "structuralNavigation",
    "schema:accessibilityHazard": "none",
    "schema:accessibilitySummary": "Headings, tables with headings, and words for each picture.",
}


@dataclass(frozen=True, kw_only=True)
class _Chapter:
    """A lesson in a book: its file, its pictures by their names with what each is, and its headings by their ids."""

    file: str
    content: bytes
    sheet: Sheet
    headings: Mapping[str, str]
    pictures: Mapping[str, tuple[str, bytes]]


def export(order: Order) -> bytes:
    """The page as a book, with its contents, pictures and rights."""
    lesson = order.lesson
    named = (lesson.subject, lesson.topic, lesson.language, lesson.level, lesson.variant, order.audience)
    chapter = _chapter(order, 1)
    return _book(chapter.sheet.title, [chapter], named, order.about.get("last_updated"))


def join(title: str, orders: Iterable[Order]) -> bytes:
    """The lessons as a book with a chapter each."""
    chapters: list[_Chapter] = []
    updated: list[str] = []
    for number, order in enumerate(orders, 1):
        chapters.append(_chapter(order, number))
        updated.append(str(order.about.get("last_updated", "")))
    audience = chapters[0].sheet.audience if chapters else ""
    return _book(title, chapters, ("together", title, audience), max(updated, default=""))


def _book(title: str, chapters: Sequence[_Chapter], named: Sequence[str], updated: Any) -> bytes:
    """The file of a book; `named` is what it is known again by."""
    import uuid

    identifier = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, 'lessongen:' + '/'.join(named))}"
    pictures = {name: each for chapter in chapters for name, each in chapter.pictures.items()}
    files = {f"EPUB/{name}": content for name, (_, content) in pictures.items()}
    files |= {f"EPUB/{chapter.file}": chapter.content for chapter in chapters}
    kinds = {name: kind for name, (kind, _) in pictures.items()}
    files |= {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": xml_file(_container()),
        "EPUB/nav.xhtml": xml_file(_contents(chapters)),
        "EPUB/package.opf": xml_file(_package(title, chapters, identifier, updated, kinds)),
    }
    return archive(files, first="mimetype")


def _chapter(order: Order, number: int) -> _Chapter:
    """A lesson's page as a chapter."""
    from lessongen.exporters.package import folder_of
    from lessongen.exporters.page import code_of, page
    from lessongen.exporters.sheet import lay_out

    sheet = lay_out(order.lesson, order.audience, order.about, order.image)
    sheet = replace(sheet, language=code_of(sheet.language))
    mark = folder_of(number).replace("/", "-")
    drawn = {f"{mark}figure-{place}.svg": each for place, each in enumerate(dict.fromkeys(_pictures(sheet)), 1)}
    pictures = {name: ("image/svg+xml", svg_file(each)) for name, each in drawn.items()}
    text = page("lesson.html", sheet).decode()
    for name, each in drawn.items():
        text = text.replace(each.svg, html_of(element("img", {"src": name, "alt": each.alternative})))
    if sheet.image and sheet.image.data:
        name, picture = _photo(sheet.image)
        pictures[mark + name] = picture
        text = text.replace(sheet.image.data, mark + name)
    content, headings = _as_xhtml(sound(text), sheet.language)
    file = f"{mark[:-1] or 'lesson'}.xhtml"
    return _Chapter(file=file, content=content, sheet=sheet, headings=headings, pictures=pictures)


def _pictures(sheet: Sheet) -> Iterator[Picture]:
    """All that is drawn in it."""
    shown: list[Any] = [block for phase in sheet.phases for block in phase.blocks]
    for each in (*shown, *sheet.starters, *sheet.further_questions):
        picture = getattr(each, "picture", None)
        if picture and picture.svg:
            yield picture


def _photo(photo: Photo) -> tuple[str, tuple[str, bytes]]:
    head, _, content = photo.data.partition(",")
    kind = head.removeprefix("data:").partition(";")[0]
    return f"photo.{kind.partition('/')[2]}", (kind, base64.b64decode(content))


def _as_xhtml(text: str, language: str) -> tuple[bytes, dict[str, str]]:
    """The page as XHTML, and its headings by their ids."""
    from lxml import etree, html  # type: ignore[import-untyped,unused-ignore]

    root = html.document_fromstring(text)
    for meta in root.xpath("//meta[@http-equiv or @name]"):
        meta.getparent().remove(meta)
    headings = {}
    for number, heading in enumerate(root.xpath("//h2"), 1):
        heading.set("id", heading.get("id") or f"part-{number}")
        headings[heading.get("id")] = re.sub(r"\s+", " ", heading.text_content()).strip()
    root.set("xmlns", _XHTML["xmlns"])
    root.set("{http://www.w3.org/XML/1998/namespace}lang", language)
    how = {"method": "xml", "encoding": "utf-8", "xml_declaration": True, "doctype": "<!DOCTYPE html>"}
    return etree.tostring(root, **how), headings


def _container() -> Element:
    file = {"full-path": "EPUB/package.opf", "media-type": "application/oebps-package+xml"}
    return element("container", _CONTAINER, element("rootfiles", element("rootfile", file)))


def _contents(chapters: Sequence[_Chapter]) -> Element:
    """The contents: the headings of the one lesson, or each lesson's below its title."""
    first = chapters[0].sheet
    told = {**_XHTML, "xmlns:epub": "http://www.idpf.org/2007/ops", "xml:lang": first.language}
    listed = [_linked(each.file, each.sheet.title, _headings(each)) for each in chapters]
    if len(chapters) == 1:
        listed = [_linked(chapters[0].file, first.title), *_headings(chapters[0])]
    nav = element("nav", {"epub:type": "toc"}, element("h1", "Contents"), element("ol", *listed))
    return element("html", told, element("head", element("title", first.title)), element("body", nav))


def _headings(chapter: _Chapter) -> list[Element]:
    return [_linked(f"{chapter.file}#{name}", said) for name, said in chapter.headings.items()]


def _linked(to: str, said: str, below: Sequence[Element] = ()) -> Element:
    return element("li", element("a", {"href": to}, said), *([element("ol", *below)] if below else []))


def _package(
    title: str, chapters: Sequence[_Chapter], identifier: str, updated: Any, pictures: Mapping[str, str]
) -> Element:
    from lessongen.exporters.packed import moment
    from lessongen.exporters.quiz import credits_of

    sheets = [each.sheet for each in chapters]
    references = [each for sheet in sheets for each in sheet.references]
    language = sheets[0].language
    metadata = element(
        "metadata",
        _DC,
        element("dc:identifier", {"id": "id"}, identifier),
        element("dc:title", title),
        *(element("dc:language", each) for each in dict.fromkeys(sheet.language for sheet in sheets)),
        *(element("dc:creator", each) for each in dict.fromkeys(each.attribution for each in references)),
        *(element("dc:source", each) for each in dict.fromkeys(each.url or each.title for each in references)),
        element("dc:rights", " / ".join(dict.fromkeys(each for sheet in sheets for each in credits_of(sheet)))),
        element("meta", {"property": "dcterms:modified"}, moment(updated).isoformat(timespec="seconds") + "Z"),
        *(element("meta", {"property": name}, value) for name, value in _ACCESS.items()),
    )
    page = "application/xhtml+xml"
    items = {**{each.file: page for each in chapters}, **pictures}
    manifest = element(
        "manifest",
        element("item", {"id": "nav", "href": "nav.xhtml", "media-type": page, "properties": "nav"}),
        *(
            element("item", {"id": f"file-{number}", "href": path, "media-type": kind})
            for number, (path, kind) in enumerate(items.items(), 1)
        ),
    )
    spine = element(
        "spine", *(element("itemref", {"idref": f"file-{number}"}) for number in range(1, len(chapters) + 1))
    )
    return element("package", {**_OPF, "xml:lang": language}, metadata, manifest, spine)


FORMAT = Format(
    name="epub",
    media_type="application/epub+zip",
    export=export,
    join=join,
    is_binary=True,
    about="epub is a book",
    place=12,
)
