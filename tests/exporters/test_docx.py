"""Word documents: what Word finds in them, in its own styles, lists, tables and footnotes."""

from __future__ import annotations

import base64
import io
import itertools
import re
from datetime import datetime
from typing import Any

import docx
import pytest
from docx.document import Document

from lessongen.exporters import Exported, known_formats
from lessongen.exporters.sheet import lay_out
from lessongen.lesson.image import FoundImage
from lessongen.lesson.model import Lesson
from lessongen.system.paper import A4, LETTER, Paper
from tests.exporters.opened import all_text, parts_of
from tests.exporters.rich import rich_lesson, written
from tests.exporters.test_exporters import ABOUT, HOSTILE, Audience, full_lesson, hostile_lesson
from tests.exporters.test_quizzes import DRAWN, asking
from tests.lessons import CHOICE, CLOZE, MATCH, lesson
from tests.pictures import png

TEXTS = {
    "markup": HOSTILE + "]]> <w:p/> =cmd()|'/C calc'!A0 &#0; &amp;",
    "no characters of XML": "\ufffe\uffff\x00\x0b\x1f\ud800 end",
    "a long word": "x" * 10_000,
    "both directions": "\u05e9\u05dc\u05d5\u05dd \u200f\u200e\u061c left \u202e\u2066",
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea \u0e01\u0e33",
}


def exported(made: Lesson, audience: Audience = "teacher", *, image: str = "", paper: Paper = A4) -> Exported:
    """The lesson as a Word document."""
    return known_formats()["docx"].write(made, audience=audience, about=ABOUT, image=image, paper=paper)


def opened(made: Lesson, audience: Audience = "teacher", **more: Any) -> Document:
    """It as Word reads it."""
    return docx.Document(io.BytesIO(exported(made, audience, **more).data))


def in_style(document: Document, name: str) -> list[str]:
    """The texts of the paragraphs in a style."""
    return [each.text for each in document.paragraphs if each.style is not None and each.style.name == name]


def pictures(data: bytes) -> list[str]:
    """The alternative texts of the pictures."""
    return re.findall(r'<wp:docPr [^>]*descr="([^"]*)"', parts_of(data)["word/document.xml"].decode())


@pytest.mark.parametrize("audience", ["student", "teacher"])
def test_sections_questions_options_and_tables_are_words_own(audience: Audience) -> None:
    made = rich_lesson()
    document, sheet = opened(made, audience), lay_out(made, audience, ABOUT)

    assert in_style(document, "Title") == [made.title]
    headings = [each.partition("\t")[0] for each in in_style(document, "Heading 1")]
    assert [each for each in headings if re.match(r"\d", each)] == [
        f"{each.number}. {each.title}" for each in sheet.phases
    ]
    asked = [each.partition(".\t") for each in in_style(document, "Question")]
    assert {int(number): stem for number, _, stem in asked} == {each.number: each.stem for each in sheet.questions}
    listed = [p.text for p in document.paragraphs if p._p.pPr is not None and p._p.pPr.numPr is not None]
    for each in sheet.questions:
        if not each.numbered:
            assert [text for _, text in each.lettered if text not in listed] == []
    grids = [block for phase in sheet.phases for block in phase.blocks if block.kind == "table"]
    tables = [table for table in document.tables if table.style is not None and table.style.name == "Lesson Table"]
    cells = [[cell.text for cell in table.rows[0].cells] for table in tables]
    assert [list(each.headings) for each in grids if list(each.headings) not in cells] == []
    keys = [each for each in in_style(document, "Key") if each.startswith("Key: ")]
    assert len(keys) == (len(sheet.questions) if audience == "teacher" else 0)
    assert len(in_style(document, "Answer Line")) == (0 if audience == "teacher" else 11)


@pytest.mark.parametrize("audience", ["student", "teacher"])
def test_each_mark_leads_to_a_footnote_with_the_quote_and_its_source(audience: Audience) -> None:
    made = rich_lesson()
    parts, sheet = parts_of(exported(made, audience).data), lay_out(made, audience, ABOUT)
    body, notes = parts["word/document.xml"].decode(), parts["word/footnotes.xml"].decode()

    told = {
        number: re.sub(r"<[^>]+>", "", each) for number, each in re.findall(r'w:id="(\d+)">(.*?)</w:footnote>', notes)
    }
    led_to = re.findall(r'<w:footnoteReference w:id="(\d+)"/>', body)
    assert sorted(led_to) == sorted(set(led_to) & set(told)) == sorted(each for each in told if each != "0")
    assert set(told.values()) - {""} == set(sheet.cited.values())
    bookmarks = set(re.findall(r'w:name="(_note\d+)"', body))
    assert set(re.findall(r"NOTEREF (_note\d+)", body)) <= bookmarks
    assert "word/footnotes.xml" in parts["[Content_Types].xml"].decode()


def test_figures_and_the_lead_image_are_there_with_their_words_and_credit() -> None:
    data = png(600, 400)
    found = FoundImage(
        title="Boat.png",
        alternative="A boat with a lamp.",
        caption="A boat.",
        author="A. Painter",
        licence="CC BY-SA 4.0",
        licence_url=None,
        page_url="https://example.org/boat",
        file_url="https://example.org/boat.png",
        media_type="image/png",
        width=600,
        height=400,
        data=base64.b64encode(data).decode(),
    )
    made = rich_lesson(image=found.shown().model_dump())
    whole, without = exported(made, "student", image=found.data), exported(made, "student")

    assert pictures(whole.data)[0] == "A boat with a lamp."
    assert "A line with the years 1741, 1802 and 1866, in this order." in pictures(whole.data)
    assert len(pictures(whole.data)) == 3
    assert whole.losses == ()
    assert "A. Painter, CC BY-SA 4.0" in all_text(whole.data)
    assert without.losses == ("The image “Boat.png” is told in words: its file is not at hand.",)
    assert "[image: A boat with a lamp.]" in all_text(without.data)


def test_a_figure_that_is_not_safe_is_told_in_words_and_the_rest_is_there() -> None:
    content = rich_lesson().model_dump(mode="json")
    figure = next(each for each in content["sections"][2]["blocks"] if each["kind"] == "figure")
    figure["svg"] = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    made = exported(Lesson.model_validate(content))

    assert made.losses == ("The drawing of The years of Wexmere is told in words: it is not safe to be shown.",)
    assert "A line with the years 1741, 1802 and 1866" in all_text(made.data)
    assert "alert" not in all_text(made.data)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("audience", ["student", "teacher"])
def test_any_text_in_any_field_is_text_in_a_document_that_opens(text: str, audience: Audience) -> None:
    attacked, plain = opened(hostile_lesson(text), audience), opened(hostile_lesson("A word or two, "), audience)

    assert [each.tag for each in attacked.element.body] == [each.tag for each in plain.element.body]
    links = [each.target_ref for each in attacked.part.rels.values() if each.is_external]
    assert all(link.startswith("https://") for link in links)


def test_what_no_page_has_room_for_is_not_kept_together() -> None:
    body = parts_of(exported(hostile_lesson(TEXTS["a long word"])).data)["word/document.xml"].decode()
    for each in re.findall(r"<w:p>(?:(?!</w:p>).)*<w:keepNext/>(?:(?!</w:p>).)*</w:p>|<w:tr>.*?</w:tr>", body):
        assert len(re.sub(r"<[^>]+>", "", each)) <= 2500 or "<w:cantSplit/>" not in each
        assert len(re.sub(r"<[^>]+>", "", each)) <= 2500 or each.startswith("<w:tr>")


def test_a_document_is_the_same_from_run_to_run_and_says_nothing_of_the_machine() -> None:
    first, again = exported(full_lesson()), exported(full_lesson())
    document = docx.Document(io.BytesIO(first.data))
    properties = document.core_properties

    assert first.data == again.data
    assert (properties.title, properties.author, properties.language) == (full_lesson().title, "lessongen", "en")
    assert "CC BY-SA 4.0" in properties.comments
    assert properties.created == properties.modified == datetime(2026, 1, 31, 9, tzinfo=properties.created.tzinfo)
    assert not [name for name in parts_of(first.data) if "app.xml" in name or "thumbnail" in name]


def test_the_page_is_of_the_paper_that_is_asked_for_and_turns_with_the_language() -> None:
    papers: list[Any] = [opened(lesson(), paper=paper).sections[0] for paper in (A4, LETTER)]
    assert [(round(each.page_width.mm), round(each.page_height.mm)) for each in papers] == [(210, 297), (216, 279)]
    arabic = parts_of(exported(lesson(language="ar")).data)
    assert "<w:bidi/>" in arabic["word/styles.xml"].decode()
    assert 'w:bidi="ar"' in arabic["word/styles.xml"].decode()
    assert "<w:bidiVisual/>" in arabic["word/document.xml"].decode()
    assert "bidiVisual" not in parts_of(exported(lesson()).data)["word/document.xml"].decode()


def test_a_question_that_ends_in_a_drawing_does_not_drag_the_next_one_along() -> None:
    made = asking({**CLOZE, "drawing": DRAWN["drawing"]}, CHOICE)
    body = parts_of(exported(made, "student").data)["word/document.xml"].decode()
    (figure,) = re.findall(r'<w:pPr><w:pStyle w:val="QuestionFigure"/>(.*?)</w:pPr>', body)
    assert '<w:keepNext w:val="0"/>' in figure


def test_the_last_lines_of_the_sources_stand_on_no_page_alone() -> None:
    body = parts_of(exported(rich_lesson()).data)["word/document.xml"].decode()
    small = re.findall(r'<w:pPr><w:pStyle w:val="SmallPrint"/>(.*?)</w:pPr>', body)
    assert ["<w:keepNext/>" in each for each in small[-3:]] == [True, True, False]


def test_what_runs_from_left_to_right_keeps_its_signs_in_a_document_that_runs_the_other_way() -> None:
    mark = "\N{LEFT-TO-RIGHT MARK}"
    title = "\u05e1\u05d9\u05e8\u05d5\u05ea (a)"
    parts = parts_of(exported(rich_lesson(language="he", title=title)).data)
    body, foot = (parts[f"word/{name}.xml"].decode() for name in ("document", "footer1"))
    assert f">{mark}Based on “Lantern boat”{mark}<" in body
    assert f">{mark}Key:{mark} <" in body, "what follows it is not a part of it"
    assert f">{title}<" in body
    assert f"> {mark}of{mark} <" in foot
    assert mark not in parts_of(exported(lesson()).data)["word/document.xml"].decode()


def test_lines_to_write_on_end_with_room_and_what_leads_to_a_task_stays_with_it() -> None:
    paragraphs = opened(rich_lesson(), "student").paragraphs
    named = [each.style.name for each in paragraphs if each.style]
    after = {following for each, following in itertools.pairwise(named) if each == "Answer Line"}
    assert after == {"Answer Line", "Gap"}

    sections = rich_lesson().model_dump()["sections"]
    leading = {"kind": "prose", "sentences": [written("Now say it to a friend.", role="framing")]}
    sections[2]["blocks"].insert(0, leading)
    document = opened(rich_lesson(sections=sections), "student")
    (led,) = [each for each in document.paragraphs if each.text == "Now say it to a friend."]
    assert led.paragraph_format.keep_with_next


def test_pages_are_counted_and_facts_told_from_left_to_right_in_any_language() -> None:
    document = opened(rich_lesson(language="ar"))
    foot = document.sections[0].footer.paragraphs[0]._p.xpath("string(.)")
    mark = "\N{LEFT-TO-RIGHT MARK}"
    assert re.search(rf"{mark}1{mark}* {mark}*of{mark}* {mark}*1{mark}+$", foot)
    assert f"{mark}22 minutes{mark}" in in_style(document, "Subtitle")[0]


def test_what_is_matched_has_room_for_its_blanks() -> None:
    made = asking(
        {**MATCH, "left": [f"hypotenuse {each} cm, leg 16 cm" for each in (34, 20, 60)], "right": list("xyz")}
    )
    (table,) = [each for each in opened(made, "student").tables if "hypotenuse" in each.cell(0, 0).text]
    wide, narrow = (each.width for each in table.columns)
    assert wide >= narrow


def test_a_bar_beside_a_text_from_right_to_left_is_where_the_text_begins() -> None:
    for language, side in (("en", "left"), ("ar", "right")):
        styles = parts_of(exported(rich_lesson(language=language)).data)["word/styles.xml"].decode()
        assert set(re.findall(r"<w:pBdr><w:(left|right) ", styles)) == {side}
