"""Elements of XML and HTML, made of texts that stay texts, and archives that are the same from run to run.

It loads what it needs when it is asked: every format imports it, and the command line's help needs none.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from lessongen.exporters.shapes import Picture

_NO_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML can't hold
_SVG = "http://www.w3.org/2000/svg"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # that an archive can tell


def element(tag: str, *content: Element | str | Mapping[str, str]) -> Element:
    """An element with attributes, texts and elements in it, in that order."""
    from xml.etree.ElementTree import Element

    made = Element(tag)
    for each in content:
        if isinstance(each, str):
            add_text(made, each)
        elif isinstance(each, Mapping):
            made.attrib |= {name: sound(value) for name, value in each.items()}
        else:
            made.append(each)
    return made


def add_text(parent: Element, text: str) -> None:
    """Put a text at the end of an element."""
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + sound(text)
    else:
        parent.text = (parent.text or "") + sound(text)


def sound(text: str) -> str:
    """The text without what XML can't hold."""
    return _NO_CHARACTERS.sub("", text)


def xml_file(root: Element) -> bytes:
    """A file of XML."""
    from xml.etree import ElementTree

    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def html_of(*elements: Element) -> str:
    """Elements as HTML, one after the other."""
    from xml.etree import ElementTree

    return "".join(ElementTree.tostring(each, method="html", encoding="unicode") for each in elements)


def paragraphs(texts: Iterable[str]) -> str:
    """Texts as HTML, a paragraph each."""
    return html_of(*(element("p", text) for text in texts))


def svg_file(picture: Picture) -> bytes:
    """A drawing as a file of its own."""
    from xml.etree import ElementTree

    root = ElementTree.fromstring(picture.svg)  # noqa: S314 - made by `drawn`
    root.set("xmlns", _SVG)
    return xml_file(root)


def archive(files: Mapping[str, bytes], *, first: str = "") -> bytes:
    """A zip of the files by their paths; `first` is there as it stands, before all others."""
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        for path in sorted(files, key=lambda each: (each != first, each)):
            about = zipfile.ZipInfo(path, FIRST_DAY)
            about.compress_type = zipfile.ZIP_STORED if path == first else zipfile.ZIP_DEFLATED
            about.external_attr = 0o644 << 16
            packed.writestr(about, files[path])
    return target.getvalue()
