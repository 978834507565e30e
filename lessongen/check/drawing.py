"""What a drawing of a lesson may consist of: shapes and words that load nothing and run nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree import ElementTree

_NAMESPACE = "{http://www.w3.org/2000/svg}"
_ELEMENTS = frozenset(
    "svg g defs title desc path rect circle ellipse line polyline polygon text tspan marker linearGradient "
    "radialGradient stop clipPath".split()
)
_ATTRIBUTES = frozenset(
    "id class role lang direction version viewBox preserveAspectRatio width height x y x1 y1 x2 y2 cx cy r rx ry fx fy "
    "dx dy d points pathLength transform rotate textLength lengthAdjust offset orient refX refY markerWidth "
    "markerHeight markerUnits marker marker-start marker-mid marker-end gradientUnits gradientTransform spreadMethod "
    "stop-color stop-opacity clip-path clip-rule clipPathUnits color opacity visibility display fill fill-opacity "
    "fill-rule stroke stroke-width stroke-opacity stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin "
    "stroke-miterlimit paint-order vector-effect shape-rendering font-family font-size font-weight font-style "
    "font-variant text-anchor text-decoration dominant-baseline alignment-baseline baseline-shift letter-spacing "
    "word-spacing aria-label aria-labelledby aria-describedby aria-hidden".split()
)
_OUTSIDE = re.compile(r"url\((?!\s*['\"]?#)|[a-z]+:|//|@import|expression|\\", re.IGNORECASE)
_DECLARES = re.compile(r"<[!?]")


def faults_of_svg(svg: str) -> Iterator[str]:
    """What in the drawing is not allowed, in plain words; one at most."""
    root = _parsed(svg)
    if root is None:
        yield "is no SVG"
        return
    for element in root.iter():
        name = str(element.tag)
        if name.removeprefix(_NAMESPACE) not in _ELEMENTS or not name.startswith(_NAMESPACE):
            yield f"has the element “{name.removeprefix(_NAMESPACE)[:40]}”"
            return
        for attribute, value in element.attrib.items():
            if attribute not in _ATTRIBUTES or _OUTSIDE.search(value):
                yield f"has the attribute “{attribute[:40]}”"
                return


def words_of_svg(svg: str) -> str:
    """The words that it shows; none of a text that is no SVG."""
    root = _parsed(svg)
    return "" if root is None else " ".join(" ".join(root.itertext()).split())


def _parsed(svg: str) -> ElementTree.Element | None:
    """The root of the drawing; None where it is none, or declares anything, as entities that grow without end."""
    from xml.etree import ElementTree  # few lessons have a drawing

    if _DECLARES.search(svg):
        return None
    try:
        root = ElementTree.fromstring(svg)  # noqa: S314 - without declarations there are no entities
    except (ElementTree.ParseError, ValueError):
        return None
    return root if root.tag == f"{_NAMESPACE}svg" else None
