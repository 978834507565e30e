"""A lesson's figure as a part of a page: shapes alone, with ids of its own and words that mislead nobody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from lessongen.exporters.shapes import Picture
from lessongen.system.printable import printable

if TYPE_CHECKING:
    from lessongen.lesson.drawings.base import Drawing

_OF_SVG = "{http://www.w3.org/2000/svg}"
_REFERENCE = re.compile(r"url\(\s*(['\"]?)#([^'\")]*)\1\s*\)")
_POINTS_AT = frozenset({"aria-labelledby", "aria-describedby"})


def picture_of(drawing: Drawing | None) -> Picture | None:
    """What is drawn of data; it has no ids, so that it may stand in a page as often as one likes."""
    if drawing is None:
        return None
    alternative = printable(drawing.alternative)
    rows = tuple(_row(each) for each in drawing.in_letters())
    canvas = drawing.draw()
    svg = drawn(canvas.svg(), 0, alternative)
    return Picture(alternative=alternative, svg=svg, width=canvas.width, height=canvas.height, rows=rows)


def _row(row: str) -> str:
    """A row of characters with its spaces, which `printable` takes for one."""
    return "".join(each if each == " " else printable(each) for each in row).rstrip()


def drawn(svg: str, number: int, alternative: str) -> str:
    """The drawing, to be put into a page as it is, with what it shows for who can't see it.

    Empty where it has anything but shapes and words: whoever stored it, a page runs and loads nothing.
    """
    from lessongen.check.drawing import faults_of_svg  # loads all rules: only a lesson with a figure waits for it

    if any(faults_of_svg(svg)):
        return ""
    root = ElementTree.fromstring(svg)  # noqa: S314 - what declares entities has a fault
    prefix = f"figure-{number}-"
    for element in root.iter():
        element.tag = str(element.tag).removeprefix(_OF_SVG)
        element.text = _shown(element.text)
        element.tail = _shown(element.tail)
        for name, value in list(element.attrib.items()):
            if name in _POINTS_AT:
                del element.attrib[name]
            elif name == "id":
                element.attrib[name] = prefix + value
            else:
                element.attrib[name] = _REFERENCE.sub(rf"url(#{prefix}\2)", printable(value))
    root.attrib |= {"role": "img", "aria-label": alternative}
    try:
        return ElementTree.tostring(root, encoding="unicode")
    except RecursionError:  # groups in groups without end
        return ""


def _shown(text: str | None) -> str | None:
    """The text without what misleads; spaces at its ends part words."""
    if text is None:
        return None
    kept = printable(text)
    before = " " if text[:1].isspace() else ""
    return f"{before}{kept}{' ' if kept and text[-1:].isspace() else ''}"
