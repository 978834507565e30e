"""What slides are made of: a deck in 16:9 with layouts, colours and fonts of its own, and the file of it.

The layouts stand in `templates/slides.xml`, where a line is a placeholder or a bar; they take the place of those of
python-pptx's template, which are for screens of 4:3.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from pptx import Presentation
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from lessongen.exporters.direction import kept
from lessongen.exporters.markup import sound
from lessongen.exporters.packed import LONGEST_CODE, Properties, saved
from lessongen.exporters.slide_fit import columns_of, width_of

TITLE, SECTION, CONTENT, PICTURE, QUIZ, KEY = range(6)
"""The layouts, in the order of `slides.xml`."""

Box = tuple[int, int, int, int]
LEFT, WIDTH, TOP, HEIGHT = 685800, 10820400, 1554480, 4572000
HALF: Box = (6096000, TOP, 5410200, HEIGHT)
WHOLE: Box = (LEFT, TOP, WIDTH, HEIGHT)

_NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_SIZE = (12192000, 6858000)
COLOURS = {
    **{"dk1": "1D1C1A", "lt1": "FFFFFF", "dk2": "1F4E6B", "lt2": "F6F2EA", "accent1": "1F4E6B", "accent2": "A84D17"},
    **{"accent3": "2C6A3F", "accent4": "E0AE58", "accent5": "5A5650", "accent6": "7A3E6B"},
    **{"hlink": "1F4E6B", "folHlink": "5A5650"},
}
_FONT = "Calibri"
_TABLE_STYLE = "{3C2FFA5D-87B4-456A-9821-1D502468CF0F}"  # PowerPoint's "Light Style 1 - Accent 1"
_UNNEEDED = ("printerSettings", "thumbnail", "extended-properties")  # of python-pptx's template
_HEAD = (
    '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm>'
    '<a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>'
)
_BAR = (
    '<p:sp><p:nvSpPr><p:cNvPr id="{id}" name="Bar"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm>'
    '<a:off x="{0}" y="{1}"/><a:ext cx="{2}" cy="{3}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    '<a:solidFill><a:schemeClr val="{4}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
)
_PLACE = (
    '<p:sp><p:nvSpPr><p:cNvPr id="{id}" name="{2}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr>'
    '<p:ph type="{0}"{index}/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x="{3}" y="{4}"/><a:ext cx="{5}" cy="{6}"/>'
    '</a:xfrm></p:spPr><p:txBody><a:bodyPr lIns="0" rIns="0" anchor="{7}"><a:normAutofit/></a:bodyPr><a:lstStyle>'
    '<a:lvl1pPr marL="0" indent="0" algn="START"><a:buNone/><a:defRPr sz="{8}" b="{9}"><a:solidFill>'
    '<a:schemeClr val="{10}"/></a:solidFill></a:defRPr></a:lvl1pPr></a:lstStyle><a:p><a:r><a:rPr lang="en"/>'
    "<a:t>{2}</a:t></a:r></a:p></p:txBody></p:sp>"
)
_FOOT = (
    '<p:sp><p:nvSpPr><p:cNvPr id="{id}" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr>'
    '<p:ph type="{type}" sz="quarter" idx="{index}"/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm>'
    '<a:off x="{left}" y="6373368"/><a:ext cx="{width}" cy="301752"/></a:xfrm></p:spPr>'
    "<p:txBody><a:bodyPr/><a:lstStyle/><a:p>{text}</a:p></p:txBody></p:sp>"
)
_NUMBER = '<a:fld id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum"><a:rPr lang="en"/><a:t>{}</a:t></a:fld>'
_SIZES: Mapping[tuple[int, int], Sequence[tuple[int, float]]] = {
    (TITLE, 0): ((90, 30), (45, 40)),
    (TITLE, 1): ((160, 20),),
    (SECTION, 0): ((120, 28), (60, 36)),
    (CONTENT, 0): ((110, 20), (60, 26)),
    (CONTENT, 1): ((240, 28), (160, 32), (80, 36), (-1, 44)),
    (PICTURE, 0): ((110, 20), (60, 26)),
    (PICTURE, 1): ((200, 22), (120, 26), (-1, 32)),
    (QUIZ, 0): ((200, 24), (110, 27), (60, 32), (-1, 36)),
    (QUIZ, 1): ((200, 26), (-1, 30)),
    (KEY, 0): ((150, 22), (70, 28)),
    (KEY, 1): ((220, 26), (120, 30), (-1, 34)),
}
"""Above how many letters a place has text of which size, in points."""
_LABEL = re.compile(r"(.*\S )(\[[^\[\]]{3,60}\])", re.DOTALL)  # what says that a text is no fact of the source
_LABEL_SIZE = 16
_NUMBERED = re.compile(r"(?:[0-9]{1,2}|[A-Z])\.\s|•\s")  # what a line that goes on begins after
_LARGE = 44
_USUAL = 28  # the size of text of which none is said
_STYLES = (
    '<p:txStyles><p:titleStyle><a:lvl1pPr algn="START"><a:lnSpc><a:spcPct val="95000"/></a:lnSpc><a:buNone/>'
    '<a:defRPr sz="3200" b="1"><a:solidFill><a:schemeClr val="tx2"/></a:solidFill><a:latin typeface="+mj-lt"/>'
    '<a:cs typeface="+mj-cs"/></a:defRPr></a:lvl1pPr></p:titleStyle><p:bodyStyle><a:lvl1pPr marL="0" indent="0" '
    'algn="START"><a:lnSpc><a:spcPct val="105000"/></a:lnSpc><a:spcBef><a:spcPts val="1000"/></a:spcBef><a:buNone/>'
    '<a:defRPr sz="2800"><a:solidFill><a:schemeClr val="tx1"/></a:solidFill><a:latin typeface="+mn-lt"/>'
    '<a:cs typeface="+mn-cs"/></a:defRPr></a:lvl1pPr></p:bodyStyle><p:otherStyle><a:lvl1pPr algn="START">'
    '<a:defRPr sz="1800"><a:solidFill><a:schemeClr val="tx1"/></a:solidFill><a:latin typeface="+mn-lt"/></a:defRPr>'
    "</a:lvl1pPr></p:otherStyle></p:txStyles>"
)


class Deck:
    """Slides that are being made."""

    def __init__(self, *, is_rtl: bool) -> None:
        self._show: Any = Presentation()
        self._language, self._is_rtl, self._footer = "", is_rtl, ""
        self._show.slide_width, self._show.slide_height = map(Emu, _SIZE)
        self._dress()

    def begin(self, *, language: str, footer: str) -> None:
        """Say in which language the next slides are, and what stands at their foot."""
        self._language, self._footer = sound(language)[:LONGEST_CODE], sound(footer)[:90]

    def slide(
        self,
        layout: int,
        texts: Mapping[int, Sequence[str]],
        notes: Sequence[str],
        *,
        hanging: str = "",
        size: float = 0,
    ) -> Any:
        """A slide with paragraphs in the places of its layout, by number; the body's behind a sign, in a size."""
        slide = self._show.slides.add_slide(self._show.slide_layouts[layout])
        for place in list(slide.placeholders):
            at = place.placeholder_format.idx
            given = list(filter(None, texts.get(at, ())))
            if given:
                fitting = (size if at == 1 else 0) or _fitting(layout, at, sum(map(len, given)))
                self.write(place.text_frame, given, size=fitting, hanging=hanging if at == 1 else "", shown=True)
            else:
                place._element.getparent().remove(place._element)
        if layout != TITLE:
            number = len(self._show.slides)
            told = f'<a:r><a:rPr lang="en"/><a:t>{escape(self._footer)}</a:t></a:r>'
            for shape in _foot(number + 1000, told, number, is_rtl=self._is_rtl):
                slide.shapes._spTree.append(_parsed(shape))
        if notes:
            slide.notes_slide.notes_text_frame.text = ""
            self.write(slide.notes_slide.notes_text_frame, notes)
        return slide

    def write(
        self, frame: Any, texts: Sequence[str], *, size: float = 0, hanging: str = "", shown: bool = False
    ) -> None:
        """Put paragraphs into a frame, in a size in points, behind a sign where there is one; those shown dressed."""
        for at, text in enumerate(texts):
            paragraph = frame.paragraphs[0] if not at else frame.add_paragraph()
            label = _LABEL.fullmatch(text) if shown else None
            self._run(paragraph, label[1] if label else text, size)
            if label:
                self._run(paragraph, label[2], min(_LABEL_SIZE, size - 2) if size else _LABEL_SIZE)
            if at:
                paragraph.space_before = Pt(10)
            look = paragraph._p.get_or_add_pPr()
            if self._is_rtl:
                look.set("rtl", "1")
                look.set("algn", "r")
            begun = _NUMBERED.match(text) if shown and not hanging else None
            if begun:
                wide = int((width_of(begun[0]) - 0.7) * (size or _USUAL) * 12700)  # a dot and a space are narrow
                look.set("marL", str(wide))
                look.set("indent", str(-wide))
            if hanging:
                look.set("marL", "457200")
                look.set("indent", "-457200")
                look.append(_parsed('<a:buFont typeface="Arial"/>'))
                look.append(_parsed(f'<a:buChar char="{hanging}"/>'))

    def _run(self, paragraph: Any, text: str, size: float) -> None:
        run = paragraph.add_run()
        run.text = kept(sound(text)) if self._is_rtl else sound(text)
        run._r.get_or_add_rPr().set("lang", self._language)
        if size:
            run.font.size = Pt(size)

    def column(self, slide: Any, box: Box, texts: Sequence[str], *, size: float) -> None:
        """Text in a box of its own, which is on the other side in a language written from the right."""
        if self._is_rtl:
            box = (_SIZE[0] - box[0] - box[2], *box[1:])
        frame = slide.shapes.add_textbox(*map(Emu, box)).text_frame
        frame.word_wrap = True
        self.write(frame, texts, size=size, shown=True)

    def picture(self, slide: Any, file: bytes, alternative: str, box: Box) -> None:
        """A picture, as large as the box holds, in its middle."""
        left, top, width, height = box
        shape = slide.shapes.add_picture(io.BytesIO(file), 0, 0)
        scale = min(width / shape.width, height / shape.height)
        shape.width, shape.height = Emu(max(1, int(shape.width * scale))), Emu(max(1, int(shape.height * scale)))
        shape.left, shape.top = Emu(left + (width - shape.width) // 2), Emu(top + (height - shape.height) // 2)
        named = shape._element.nvPicPr.cNvPr
        named.set("descr", sound(alternative))
        named.set("name", f"Figure {len(slide.shapes)}")

    def table(
        self, slide: Any, rows: Sequence[Sequence[str]], *, has_head: bool, size: float, box: Box = WHOLE
    ) -> None:
        """A table as wide as its box."""
        left, top, width, height = box
        low = min(560000, height // len(rows))
        frame = slide.shapes.add_table(len(rows), max(map(len, rows)), *map(Emu, (left, top, width, low * len(rows))))
        frame.table.first_row, frame.table.first_col, frame.table.horz_banding = has_head, True, False
        frame.table._tbl.tblPr.find(qn("a:tableStyleId")).text = _TABLE_STYLE
        for column, wide in zip(frame.table.columns, columns_of(rows, width, size), strict=True):
            column.width = Emu(wide)
        if self._is_rtl:
            frame.table._tbl.tblPr.set("rtl", "1")
        for at, row in enumerate(rows):
            for place, text in enumerate(row):
                cell = frame.table.cell(at, place)
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                self.write(cell.text_frame, [text], size=size, shown=True)

    def enlarge(self, slide: Any, letters: int) -> None:
        """Have a question that stands alone fill the slide, in its middle and in large letters."""
        title = slide.shapes.title
        title.left, title.top, title.width, title.height = map(Emu, (LEFT, TOP, WIDTH, HEIGHT))
        title.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        size = _fitting(CONTENT, 1, letters)
        for run in (each.runs[0] for each in title.text_frame.paragraphs):  # what may follow is a label
            run.font.size = Pt(size or _LARGE)

    def file(self, told: Properties) -> bytes:
        """The deck's file."""
        return saved(self._show, told)

    def _dress(self) -> None:
        """Put our layouts, colours and fonts in the place of the template's."""
        xml = (files("lessongen.exporters") / "templates" / "slides.xml").read_text(encoding="utf-8")
        start, end = ("r", "l") if self._is_rtl else ("l", "r")
        lines = [_shape(number, line, is_rtl=self._is_rtl) for number, line in enumerate(xml.splitlines(), 10)]
        text = "\n".join(lines).replace("HEAD", _HEAD).replace("START", start).replace("END", end)
        master, *layouts = parse_xml(text)
        shown = self._show.slide_master
        self._colour(shown)
        own, styles = shown._element, _STYLES.replace("START", start)
        own.replace(own.cSld, master)
        own.replace(own.find(own.cSld.tag.replace("cSld", "txStyles")), _parsed(styles))
        for layout, made in zip(list(shown.slide_layouts), layouts, strict=False):
            layout._element.replace(layout._element.cSld, made)
            layout._element.attrib.pop("type", None)
        for unused in list(shown.slide_layouts)[len(layouts) :]:
            shown.slide_layouts.remove(unused)
        for owner in (self._show.part, self._show.part.package):
            for name, each in list(owner._rels.items()):
                if each.reltype.endswith(_UNNEEDED):
                    owner._rels.pop(name)

    def _colour(self, master: Any) -> None:
        """Give the theme our colours and fonts."""
        theme = next(each.target_part for each in master.part.rels.values() if each.reltype.endswith("/theme"))
        xml = theme.blob.decode("utf-8")
        colours = "".join(f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in COLOURS.items())
        xml = re.sub(r"(<a:clrScheme[^>]*>).*?(</a:clrScheme>)", rf"\g<1>{colours}\g<2>", xml, flags=re.DOTALL)
        xml = re.sub(r'<a:latin typeface="[^"]*"', f'<a:latin typeface="{_FONT}"', xml)
        theme._blob = xml.encode("utf-8")


def _fitting(layout: int, place: int, letters: int) -> float:
    """The size of so many letters in a place of a layout, in points; 0 for the layout's own."""
    sizes = _SIZES.get((layout, place), ())
    return next((size for most, size in sizes if letters > most), 0)


def _shape(number: int, line: str, *, is_rtl: bool) -> str:
    """A line of the layouts as XML: a bar, a placeholder, the foot, or what it is already."""
    kind, *values = line.split(",")
    if kind == "BAR":
        if is_rtl:
            values[0] = str(_SIZE[0] - int(values[0]) - int(values[2]))
        return _BAR.format(*values, id=number)
    if kind == "PH":
        if is_rtl:
            values[3] = str(_SIZE[0] - int(values[3]) - int(values[5]))
        return _PLACE.format(*values, id=number, index=f' idx="{values[1]}"' if values[1] != "0" else "")
    if kind == "FOOT":
        return "".join(_foot(number + 200, '<a:endParaRPr lang="en"/>', 1, is_rtl=is_rtl))
    return line


def _foot(first: int, told: str, number: int, *, is_rtl: bool) -> tuple[str, str]:
    """The foot of a slide: what it is of, and its number on the other side."""
    of, at = {"left": LEFT, "width": 8686800}, {"left": 10134600, "width": 1371600}
    if is_rtl:
        of, at = ({**box, "left": _SIZE[0] - box["left"] - box["width"]} for box in (of, at))
    return (
        _FOOT.format(id=first, name="Footer", type="ftr", index=10, text=told, **of),
        _FOOT.format(id=first + 1, name="Number", type="sldNum", index=11, text=_NUMBER.format(number), **at),
    )


def _parsed(xml: str) -> Any:
    """An element of which the namespaces are not said."""
    opened = re.sub(r"^<([\w:]+)", rf"<\1 {_NAMESPACES}", xml)
    return parse_xml(opened)
