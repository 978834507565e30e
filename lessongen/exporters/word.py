"""What Word documents are made of: paragraphs, lists, tables, figures and footnotes as XML, and the file of them.

Each function gives XML of WordprocessingML (ECMA-376, part 1) that is put together and parsed once. `Word` keeps what
parts refer to by number: lists, footnotes, pictures and links. Foreign text comes in by `run` alone.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from lessongen.exporters.direction import kept
from lessongen.exporters.markup import sound
from lessongen.exporters.packed import LONGEST_CODE, Properties, saved
from lessongen.exporters.pixels import png_of

if TYPE_CHECKING:
    from lessongen.exporters.shapes import Picture
    from lessongen.system.paper import Paper

BULLETS, NUMBERS, LETTERS, BOXES, NOTES, STEPS = range(6)
"""The lists of `word_lists.xml`."""

_MARGIN = 1134  # twips, 20 mm
_ROWS_ON_A_PAGE = 12  # a longer table may go over two
_LETTERS_ON_A_PAGE = 2500  # more than that is not kept together: LibreOffice would look for a place for minutes
_SMALLER = 0.85  # than on a screen, so that more questions are on a page; letters stay above 9 points
_PAPERS = {"Example": "#fbf6ea"}  # behind the text of a style, as `word_styles.xml` has it
_EMU_A_PIXEL, _EMU_A_TWIP = 9525, 635
_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_NUMBERED = (
    '<w:num w:numId="{}"><w:abstractNumId w:val="{}"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)
_SETTINGS = (
    '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
    '<w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
)
_SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
)
_STYLE = re.compile(r'(<w:pStyle w:val="\w+"/>)(?!<w:keepNext/>)')
_BEGIN = re.compile(r'(<w:pStyle w:val="\w+"/>(?:<w:keepNext/>)?)(.*?</w:pPr>)')
_OF_LESSONS = 1_000_000  # numbers of bookmarks beyond those of footnotes
_TAG = re.compile(r"<[^>]+>")
_TEXT = re.compile(r'(?<=<w:t xml:space="preserve">)(\s*)(.*?)(\s*)(?=</w:t>)', re.DOTALL)
_UNNEEDED = ("stylesWithEffects", "customXml", "webSettings", "fontTable")  # of python-docx's template
_THUMBNAIL, _TOLD_BY_PROGRAM = "thumbnail", "extended-properties"


def run(text: str, style: str = "", *, bold: bool = False, italic: bool = False) -> str:
    """Text in one look."""
    look = (f'<w:rStyle w:val="{style}"/>' if style else "") + "<w:b/><w:bCs/>" * bold + "<w:i/><w:iCs/>" * italic
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{escape(sound(text))}</w:t></w:r>'


TAB = "<w:r><w:tab/></w:r>"


def paragraph(style: str, *runs: str, number: int | None = None) -> str:
    """A paragraph; with the number of a list, an item of it."""
    listed = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>' if number is not None else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{listed}</w:pPr>{"".join(runs)}</w:p>'


def together(parts: Sequence[str]) -> str:
    """Parts that stay on one page, and need not be on that of what follows; what no page has room for goes over two."""
    whole = "".join(parts)
    at = whole.rfind("<w:p><w:pPr>")
    if len(_TAG.sub("", whole)) > _LETTERS_ON_A_PAGE:
        return whole
    last = _STYLE.sub(r'\1<w:keepNext w:val="0"/>', whole[at:], count=1)
    return _STYLE.sub(r"\1<w:keepNext/>", whole[:at]) + last


def on_a_new_page(body: str, name: str, number: int) -> str:
    """Paragraphs that begin a page, where links to that name lead."""
    own = _OF_LESSONS + number
    mark = f'<w:bookmarkStart w:id="{own}" w:name="{name}"/><w:bookmarkEnd w:id="{own}"/>'
    return _BEGIN.sub(rf"\1<w:pageBreakBefore/>\2{mark}", body, count=1)


def link_within(text: str, name: str) -> str:
    """Text that leads to a name in the document."""
    return f'<w:hyperlink w:anchor="{name}">{run(text, "Hyperlink")}</w:hyperlink>'


def led_to(part: str) -> str:
    """A part that stays on the page of what follows, which it leads to."""
    return _STYLE.sub(r"\1<w:keepNext/>", part)


def field(instruction: str, result: str, style: str = "") -> str:
    """What Word works out, with what it was when this was written."""
    return f'<w:fldSimple w:instr=" {escape(instruction)} ">{run(result, style)}</w:fldSimple>'


class Word:
    """A document that is being written."""

    def __init__(self, *, language: str, is_rtl: bool, paper: Paper) -> None:
        import docx

        self._document = docx.Document()
        self._part = self._document.part
        self._language, self._is_rtl, self._paper = sound(language)[:LONGEST_CODE], is_rtl, paper
        self.width = paper.twips[0] - 2 * _MARGIN
        self._lists: list[int] = []
        self._footnotes: dict[str, int] = {}
        self._drawn = 0

    def listed(self, kind: int, items: Iterable[str], style: str = "List") -> list[str]:
        """Items, runs each, as a list that counts from its beginning."""
        self._lists.append(kind)
        return [paragraph(style, item, number=len(self._lists)) for item in items]

    def footnote(self, text: str) -> str:
        """The mark of a footnote; the same text leads to the same one again."""
        if text in self._footnotes:
            number = self._footnotes[text]
            return field(f"NOTEREF _note{number} \\f \\h", str(number), "FootnoteReference")
        number = self._footnotes[text] = len(self._footnotes) + 1
        return (
            f'<w:bookmarkStart w:id="{number}" w:name="_note{number}"/><w:r><w:rPr>'
            f'<w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteReference w:id="{number}"/></w:r>'
            f'<w:bookmarkEnd w:id="{number}"/>'
        )

    def link(self, text: str, address: str | None) -> str:
        """Text that leads to an address, where there is one that is safe to link to."""
        from docx.opc.constants import RELATIONSHIP_TYPE

        if not address:
            return run(text)
        name = self._part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        return f'<w:hyperlink r:id="{name}">{run(text, "Hyperlink")}</w:hyperlink>'

    def figure(
        self, file: bytes, alternative: str, *, most: float = 1.0, pixels: float = 0, style: str = "Figure"
    ) -> str:
        """A picture, as wide as so many pixels of 96 an inch, or as its own, but at most this share of the page."""
        import lxml.etree  # type: ignore[import-untyped,unused-ignore]
        from docx.shared import Emu

        widest = int(self.width * _EMU_A_TWIP * most)
        _, image = self._part.get_or_add_image(io.BytesIO(file))
        wide = pixels or image.px_width
        width = min(widest, int(wide * _EMU_A_PIXEL))
        highest = self._paper.twips[1] * _EMU_A_TWIP * 2 // 5
        width = min(width, int(highest * image.px_width / max(1, image.px_height)))
        inline: Any = self._part.new_pic_inline(io.BytesIO(file), Emu(max(1, width)), None)
        self._drawn += 1
        inline.docPr.set("id", str(self._drawn))
        inline.docPr.set("name", f"Figure {self._drawn}")
        inline.docPr.set("descr", sound(alternative))
        inline.graphic.graphicData.pic.nvPicPr.cNvPr.set("name", f"figure-{self._drawn}")
        drawing = lxml.etree.tostring(inline, encoding="unicode")
        return paragraph(style, f"<w:r><w:drawing>{drawing}</w:drawing></w:r>")

    def drawing(self, picture: Picture, style: str) -> str:
        """A drawing at its own size. Raises `NotDrawn`."""
        size = {"pixels": picture.width * _SMALLER} if picture.width else {"most": 0.8}
        return self.figure(
            png_of(picture.svg, paper=_PAPERS.get(style, "#ffffff")), picture.alternative, style=style, **size
        )

    def table(
        self, rows: Sequence[Sequence[str]], shares: Sequence[float], *, has_head: bool, style: str = "LessonTable"
    ) -> str:
        """Cells, paragraphs each, in columns of these shares of the page's width; a head is repeated on each page."""
        total = sum(shares) or 1
        widths = [int(self.width * share / total) for share in shares]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        order = "<w:bidiVisual/>" if self._is_rtl else ""
        head = (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/>{order}<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="{0x0480 + 0x20 * has_head:04X}"/>'
            f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        )
        lines = []
        for number, row in enumerate(rows):
            repeated = "<w:tblHeader/>" if has_head and not number else ""
            cells = "".join(
                f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{cell}</w:tc>'
                for cell, width in zip(row, widths, strict=True)
            )
            whole = "<w:cantSplit/>" if len(_TAG.sub("", cells)) <= _LETTERS_ON_A_PAGE // 2 else ""
            lines.append(f"<w:tr><w:trPr>{whole}{repeated}</w:trPr>{cells}</w:tr>")
        table = together(lines) if len(lines) <= _ROWS_ON_A_PAGE else "".join(lines)
        return f"{head}{table}</w:tbl>{paragraph('Gap')}"

    def file(self, body: Iterable[str], *, header: str, footer: str, told: Properties) -> bytes:
        """The document's file."""
        self._dress()
        self._set_pages(body, header, footer)
        self._note()
        return saved(self._document, told)

    def _dress(self) -> None:
        """Put our styles and lists in the place of the template's, and what only its program needs away."""
        from docx.oxml import parse_xml

        styles = _template("word_styles.xml")
        for name, value in {
            "LANGUAGE": escape(self._language),
            "BIDI": "<w:bidi/>" * self._is_rtl,
            "RTL": "<w:rtl/>" * self._is_rtl,
            "NAMEEND": str(self.width * 6 // 10),
            "DATEBEGIN": str(self.width * 65 // 100),
            "WIDTH": str(self.width),
        }.items():
            styles = styles.replace(name, value)
        if self._is_rtl:  # a border's side is that of the page, wherever the text begins
            styles = styles.replace("<w:pBdr><w:left ", "<w:pBdr><w:right ")
        # Scripts that Word calls complex have a size and a weight of their own.
        styles = re.sub(r'<w:sz w:val="(\d+)"/>', r'<w:sz w:val="\1"/><w:szCs w:val="\1"/>', styles)
        _refill(self._document.styles.element, parse_xml(styles.replace("<w:b/>", "<w:b/><w:bCs/>")))
        lists = _template("word_lists.xml")
        kinds = "".join(_NUMBERED.format(number, kind) for number, kind in enumerate(self._lists, 1))
        _refill(self._part.numbering_part.element, parse_xml(lists.replace("</w:numbering>", f"{kinds}</w:numbering>")))
        settings = self._document.settings.element
        _refill(settings, parse_xml(f"<w:settings {_NAMESPACES}>{_SETTINGS}</w:settings>"))
        for owner, unneeded in ((self._part, _UNNEEDED), (self._part.package, (_THUMBNAIL, _TOLD_BY_PROGRAM))):
            for name, each in list(owner.rels.items()):
                if each.reltype.endswith(unneeded):
                    del owner.rels[name]

    def _set_pages(self, body: Iterable[str], header: str, footer: str) -> None:
        from docx.oxml import parse_xml

        section = self._document.sections[0]
        for part, text in ((section.header, header), (section.footer, footer)):
            _refill(part._element, parse_xml(f"<w:hdr {_NAMESPACES}>{self._in_line(text)}</w:hdr>"))
        old = self._part.element.body
        last = old.sectPr
        wide, high = self._paper.twips
        page = (
            f'<w:pgSz w:w="{wide}" w:h="{high}"/><w:pgMar w:top="1134" w:right="{_MARGIN}" w:bottom="1077" '
            f'w:left="{_MARGIN}" w:header="567" w:footer="510" w:gutter="0"/>' + "<w:bidi/>" * self._is_rtl
        )
        references = [each for each in last if each.tag.endswith("Reference")]
        _refill(last, parse_xml(f"<w:sectPr {_NAMESPACES}>{page}</w:sectPr>"))
        for place, each in enumerate(references):
            last.insert(place, each)
        _refill(old, parse_xml(f"<w:body {_NAMESPACES}>{self._in_line(''.join(body))}</w:body>"))
        old.append(last)

    def _in_line(self, xml: str) -> str:
        """The same; from right to left, texts in other scripts keep their signs on the side that they are on."""
        if not self._is_rtl:
            return xml
        return _TEXT.sub(lambda found: f"{found[1]}{kept(found[2])}{found[3]}", xml)

    def _note(self) -> None:
        """Give the document its footnotes, as a part of the package."""
        from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
        from docx.opc.packuri import PackURI
        from docx.opc.part import XmlPart
        from docx.oxml import parse_xml

        mark = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
        notes = "".join(
            f'<w:footnote w:id="{number}">{paragraph("FootnoteText", mark, TAB, run(text))}</w:footnote>'
            for text, number in self._footnotes.items()
        )
        element: Any = parse_xml(f"<w:footnotes {_NAMESPACES}>{_SEPARATORS}{self._in_line(notes)}</w:footnotes>")
        part = XmlPart(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, element, self._part.package)
        self._part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _template(name: str) -> str:
    return (files("lessongen.exporters") / "templates" / name).read_text(encoding="utf-8")


def _refill(old: Any, new: Any) -> None:
    """Put the children of one element into another in the place of its own."""
    old[:] = list(new)
