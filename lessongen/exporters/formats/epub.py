"""EPUB 3: the lesson as a book of one chapter, for readers and tablets."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
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


def export(order: Order) -> bytes:
    """The page as a book, with its contents, pictures and rights."""
    import uuid

    from lessongen.exporters.page import code_of, page
    from lessongen.exporters.sheet import lay_out

    sheet = lay_out(order.lesson, order.audience, order.about, order.image)
    sheet = replace(sheet, language=code_of(sheet.language))
    drawn = {f"figure-{number}.svg": each for number, each in enumerate(dict.fromkeys(_pictures(sheet)), 1)}
    pictures = {name: ("image/svg+xml", svg_file(each)) for name, each in drawn.items()}
    text = page("lesson.html", sheet).decode()
    for name, each in drawn.items():
        text = text.replace(each.svg, html_of(element("img", {"src": name, "alt": each.alternative})))
    if sheet.image and sheet.image.data:
        name, picture = _photo(sheet.image)
        pictures[name] = picture
        text = text.replace(sheet.image.data, name)
    chapter, headings = _chapter(sound(text), sheet.language)
    lesson = order.lesson
    name_of_lesson = (lesson.subject, lesson.topic, lesson.language, lesson.level, lesson.variant, order.audience)
    identifier = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, 'lessongen:' + '/'.join(name_of_lesson))}"
    files = {f"EPUB/{name}": content for name, (_, content) in pictures.items()}
    kinds = {name: kind for name, (kind, _) in pictures.items()}
    files |= {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": xml_file(_container()),
        "EPUB/lesson.xhtml": chapter,
        "EPUB/nav.xhtml": xml_file(_contents(sheet, headings)),
        "EPUB/package.opf": xml_file(_package(sheet, identifier, order.about, kinds)),
    }
    return archive(files, first="mimetype")


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


def _chapter(text: str, language: str) -> tuple[bytes, dict[str, str]]:
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


def _contents(sheet: Sheet, headings: Mapping[str, str]) -> Element:
    links = [("lesson.xhtml", sheet.title), *((f"lesson.xhtml#{name}", said) for name, said in headings.items())]
    listed = [element("li", element("a", {"href": to}, said)) for to, said in links]
    told = {**_XHTML, "xmlns:epub": "http://www.idpf.org/2007/ops", "xml:lang": sheet.language}
    nav = element("nav", {"epub:type": "toc"}, element("h1", "Contents"), element("ol", *listed))
    return element("html", told, element("head", element("title", sheet.title)), element("body", nav))


def _package(sheet: Sheet, identifier: str, about: Mapping[str, Any], pictures: Mapping[str, str]) -> Element:
    from lessongen.exporters.packed import moment
    from lessongen.exporters.quiz import credits_of

    updated = moment(about.get("last_updated")).isoformat(timespec="seconds") + "Z"
    metadata = element(
        "metadata",
        _DC,
        element("dc:identifier", {"id": "id"}, identifier),
        element("dc:title", sheet.title),
        element("dc:language", sheet.language),
        *(element("dc:creator", each.attribution) for each in sheet.references),
        *(element("dc:source", each.url or each.title) for each in sheet.references),
        element("dc:rights", " / ".join(credits_of(sheet))),
        element("meta", {"property": "dcterms:modified"}, updated),
        *(element("meta", {"property": name}, value) for name, value in _ACCESS.items()),
    )
    page = "application/xhtml+xml"
    items = {"lesson.xhtml": page, **pictures}
    manifest = element(
        "manifest",
        element("item", {"id": "nav", "href": "nav.xhtml", "media-type": page, "properties": "nav"}),
        *(
            element("item", {"id": f"file-{number}", "href": path, "media-type": kind})
            for number, (path, kind) in enumerate(items.items(), 1)
        ),
    )
    spine = element("spine", element("itemref", {"idref": "file-1"}))
    return element("package", {**_OPF, "xml:lang": sheet.language}, metadata, manifest, spine)


FORMAT = Format(
    name="epub",
    media_type="application/epub+zip",
    export=export,
    is_binary=True,
    about="epub is a book",
    place=12,
)
