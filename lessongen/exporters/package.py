"""Content packages as learning platforms take them: a zip with a manifest that says what each file is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lessongen.exporters.markup import archive, element, html_of, svg_file, xml_file

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from lessongen.exporters.quiz import Item, Quiz

FIGURES = "figures"
OF_QTI = {
    "xmlns": "http://www.imsglobal.org/xsd/imscp_v1p1",
    "xmlns:imsmd": "http://www.imsglobal.org/xsd/imsmd_v1p2",
}
"""The namespaces of the manifest of a package of QTI."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A file of a package with the files that it needs; one with a `title` stands in the table of contents."""

    identifier: str
    type: str
    path: str
    title: str = ""
    files: Sequence[str] = ()
    depends_on: Sequence[str] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)


def packed(
    files: Mapping[str, bytes],
    resources: Sequence[Resource],
    *,
    title: str,
    namespaces: Mapping[str, str],
    metadata: Element,
    is_rooted: bool = False,
) -> bytes:
    """A package of these files; `is_rooted` where what it contains stands below an item without a title."""
    items = [
        element(
            "item", {"identifier": f"item-{each.identifier}", "identifierref": each.identifier}, _titled(each.title)
        )
        for each in resources
        if each.title
    ]
    content = [element("item", {"identifier": "root"}, *items)] if is_rooted else [_titled(title), *items]
    shape = {"structure": "rooted-hierarchy"} if is_rooted else {}
    organization = element("organization", {"identifier": "contents", **shape}, *content)
    default = {} if is_rooted else {"default": "contents"}
    manifest = element(
        "manifest",
        {"identifier": "lesson", **namespaces},
        metadata,
        element("organizations", default, organization) if items else element("organizations"),
        element("resources", *map(_resource, resources)),
    )
    return archive({"imsmanifest.xml": xml_file(manifest), **files})


def _titled(title: str) -> Element:
    return element("title", title)


def _resource(each: Resource) -> Element:
    own = {"identifier": each.identifier, "type": each.type, **each.attributes, "href": each.path}
    files = [element("file", {"href": path}) for path in (each.path, *each.files)]
    return element("resource", own, *files, *(element("dependency", {"identifierref": ref}) for ref in each.depends_on))


def schema(name: str, version: str, *more: Element) -> Element:
    """The metadata of a manifest: which kind of package it is."""
    return element("metadata", element("schema", name), element("schemaversion", version), *more)


@dataclass(kw_only=True)
class Told:
    """What a package says of itself: its title, and the languages and credits of the lessons that are put into it."""

    title: str
    _languages: dict[str, None] = field(default_factory=dict)
    _credits: dict[str, None] = field(default_factory=dict)

    def add(self, quiz: Quiz) -> None:
        """Tell of one more lesson."""
        from lessongen.exporters.page import code_of

        self._languages.setdefault(code_of(quiz.sheet.language))
        self._credits |= dict.fromkeys(quiz.credits)

    def described(self, prefix: str = "", *, string: str = "langstring") -> Element:
        """Title, languages and rights as learning object metadata."""
        language = next(iter(self._languages), "en")

        def said(tag: str, text: str) -> Element:
            named = {"xml:lang": language} if string == "langstring" else {"language": language}
            return element(f"{prefix}{tag}", element(f"{prefix}{string}", named, text))

        if string == "langstring":
            source = element(f"{prefix}source", element(f"{prefix}langstring", {"xml:lang": "x-none"}, "LOMv1.0"))
            value = element(f"{prefix}value", element(f"{prefix}langstring", {"xml:lang": "x-none"}, "yes"))
            limits = element(f"{prefix}copyrightandotherrestrictions", source, value)
        else:
            limits = element(f"{prefix}copyrightAndOtherRestrictions", element(f"{prefix}value", "yes"))
        languages = [element(f"{prefix}language", each) for each in self._languages]
        return element(
            f"{prefix}lom",
            element(f"{prefix}general", said("title", self.title), *languages),
            element(f"{prefix}rights", limits, said("description", " / ".join(self._credits))),
        )


def drawings(items: Iterable[Item]) -> dict[str, bytes]:
    """The drawings of the questions as files, by their paths."""
    return {path_of(item): svg_file(item.picture) for item in items if item.picture and item.picture.svg}


def folder_of(lesson: int) -> str:
    """Where the files of a lesson are in a package of several; those of the first, as where it is the only one."""
    return "" if lesson == 1 else f"lesson-{lesson}/"


def numbered(name: str, lesson: int) -> str:
    """An identifier of a lesson in a package of several; that of the first, as where it is the only one."""
    return name if lesson == 1 else f"{name}-{lesson}"


def path_of(item: Item) -> str:
    """Where the drawing of a question is."""
    return f"{FIGURES}/{folder_of(item.lesson)}{item.name.lower().replace(', ', '-').replace(' ', '-')}.svg"


def shown(item: Item, base: str = "") -> list[Element]:
    """The stem and the drawing under it; `base` stands before the paths of drawings."""
    if item.picture is None:
        return [element("p", item.stem)]
    told = item.picture.alternative
    drawn = element("img", {"src": base + path_of(item), "alt": told}) if item.picture.svg else element("em", told)
    return [element("p", item.stem), element("p", drawn)]


def shown_as_html(item: Item, base: str = "") -> str:
    """The same as HTML."""
    return html_of(*shown(item, base))
