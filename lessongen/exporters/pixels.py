"""Pictures for formats that take no SVG: a drawing as PNG, its letters in a font that this machine has."""

from __future__ import annotations

import base64
import re
import zlib
from functools import cache

from lessongen.system.raster import raster_of

_FAMILIES = "Arial, 'Liberation Sans', Helvetica, 'Noto Sans', 'DejaVu Sans', 'Segoe UI', sans-serif"
_STYLE = f"svg {{ font-family: {_FAMILIES}; }}"
_OPENS = re.compile(r"<svg\b")
_NAMESPACE = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
_DOTS_A_PIXEL = 3  # about 300 an inch on paper
_TAKEN = frozenset({"image/png", "image/jpeg"})
_PROBE = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text y="15">8</text></svg>'


class NotDrawn(ValueError):
    """A picture can't be made of it; the message says why, in words that go on after "because"."""


def png_of(svg: str, *, paper: str | None = "#ffffff") -> bytes:
    """A drawing of `exporters.drawing` as PNG, on a colour or on none. Raises `NotDrawn`."""
    if not svg:
        raise NotDrawn("it is not safe to be shown")
    if "<text" in svg and not _has_letters():
        raise NotDrawn("this machine has no font for the words in it")
    # On a page the colour of what is behind it, here white.
    return _rendered(_OPENS.sub(_NAMESPACE, svg, count=1).replace('stroke="Canvas"', 'stroke="#ffffff"'), paper=paper)


def picture_file(address: str) -> bytes:
    """The file of a `Photo`, as PNG or JPEG. Raises `NotDrawn`."""
    media_type, _, data = address.removeprefix("data:").partition(";base64,")
    if not data:
        raise NotDrawn("its file is not at hand")
    if media_type in _TAKEN:
        return base64.b64decode(data)
    raster = raster_of(base64.b64decode(data))
    if raster is None:
        raise NotDrawn("its file is of no known kind")
    size = f'width="{raster.width}" height="{raster.height}"'
    return _rendered(f'{_NAMESPACE} {size}><image {size} xlink:href="{address}"/></svg>', dots_a_pixel=1)


def _rendered(svg: str, *, dots_a_pixel: int = _DOTS_A_PIXEL, paper: str | None = "#ffffff") -> bytes:
    import resvg_py

    try:
        made = resvg_py.svg_to_bytes(svg_string=svg, zoom=dots_a_pixel, background=paper, style_sheet=_STYLE)
    except ValueError as error:
        raise NotDrawn("it can't be drawn") from error
    return bytes(made)


@cache
def _has_letters() -> bool:
    """Whether a letter leaves any mark: without fonts none does, and nothing says so."""
    made = _rendered(_PROBE, dots_a_pixel=1)
    return len(set(zlib.decompress(made[made.index(b"IDAT") + 4 :]))) > 2
