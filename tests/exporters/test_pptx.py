"""Slides: an idea on each, few words, notes with what to say and the quotes, and a key behind each question."""

from __future__ import annotations

import io
import itertools
import re
from typing import Any

import pptx
import pytest

from lessongen.exporters import Exported, known_formats
from lessongen.exporters.sheet import lay_out
from lessongen.exporters.slide_text import pieces
from lessongen.exporters.slides import COLOURS
from lessongen.lesson.model import Lesson
from tests.exporters.opened import all_text, parts_of
from tests.exporters.rich import fact_sheet, rich_lesson
from tests.exporters.test_docx import TEXTS
from tests.exporters.test_exporters import ABOUT, EXAMPLE, Audience, full_lesson, hostile_lesson
from tests.exporters.test_quizzes import asking
from tests.generation.test_lessons import with_secrets
from tests.lessons import CHOICE, CLOZE, MATCH, OPEN, SHORT, lesson

_FOOT = ("FOOTER (15)", "SLIDE_NUMBER (13)")


def exported(made: Lesson, audience: Audience = "teacher") -> Exported:
    """The lesson as slides."""
    return known_formats()["pptx"].write(made, audience=audience, about=ABOUT, image="")


def opened(made: Lesson, audience: Audience = "teacher") -> Any:
    """They as PowerPoint reads them."""
    return pptx.Presentation(io.BytesIO(exported(made, audience).data))


def shown(slide: Any) -> list[str]:
    """The texts that one sees on a slide, its foot apart."""
    texts = []
    for shape in slide.shapes:
        if shape.is_placeholder and str(shape.placeholder_format.type) in _FOOT:
            continue
        if shape.has_text_frame:
            texts += [each.text for each in shape.text_frame.paragraphs]
        elif shape.has_table:
            texts += [cell.text for row in shape.table.rows for cell in row.cells]
    return texts


def prose(slide: Any) -> int:
    """How many words a slide has, those in the cells of a table and in what there is to choose from apart."""
    counted = 0
    for shape in slide.shapes:
        is_chosen = slide.slide_layout.name == "Quiz" and not (
            shape.is_placeholder and shape.placeholder_format.idx in (0, 2)
        )
        is_foot = shape.is_placeholder and str(shape.placeholder_format.type) in _FOOT
        if shape.has_text_frame and not is_chosen and not is_foot:
            counted += len(shape.text_frame.text.split())
    return counted


def tables_of(made: Lesson, audience: Audience = "teacher") -> list[list[list[str]]]:
    """The tables on the slides, as the texts of their cells."""
    tables = [shape.table for slide in opened(made, audience).slides for shape in slide.shapes if shape.has_table]
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in tables]


def notes(slide: Any) -> str:
    """The notes of a slide."""
    return slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else ""


@pytest.mark.parametrize("made", [rich_lesson(), full_lesson(), fact_sheet()], ids=["rich", "full", "fact sheet"])
@pytest.mark.parametrize("audience", ["student", "teacher"])
def test_no_slide_has_more_than_forty_words_and_each_has_a_title_of_its_own(made: Lesson, audience: Audience) -> None:
    show = opened(made, audience)

    assert (show.slide_width, show.slide_height) == (12192000, 6858000)
    assert all(slide.shapes.title.text for slide in show.slides)
    assert max(map(prose, show.slides)) <= 40
    taught = [slide.shapes.title.text for slide in show.slides if slide.slide_layout.name in ("Content", "Picture")]
    assert len(taught) == len(set(taught))


@pytest.mark.parametrize("audience", ["student", "teacher"])
def test_what_a_lesson_has_is_on_a_slide_or_in_its_notes(audience: Audience) -> None:
    sheet, slides = lay_out(rich_lesson(), audience, ABOUT), list(opened(rich_lesson(), audience).slides)
    said = "\n".join("\n".join([*shown(slide), notes(slide)]) for slide in slides)

    assert [each.title for each in sheet.phases if each.title not in said] == []
    for phase in sheet.phases:
        for block in phase.blocks:
            lines = getattr(block, "lines", ())
            assert [line.text for line in lines if line.text not in said] == []
    assert all(each.stem in said for each in sheet.questions)
    assert all(f"{letter}. {text}" in said for each in sheet.questions for letter, text in each.lettered)
    figures = [shape for slide in slides for shape in slide.shapes if shape.shape_type == 13]
    assert len(figures) == 2
    assert all(shape._element.nvPicPr.cNvPr.get("descr") for shape in figures)
    quoted = [f"[{mark}] {told}" for mark, told in sheet.cited.items()]
    assert [each for each in quoted if each not in said] == []


def test_a_teachers_key_is_on_the_slide_after_its_question_and_a_students_deck_has_none() -> None:
    made = rich_lesson()
    layouts = [slide.slide_layout.name for slide in opened(made).slides]
    labels = ["\n".join(shown(slide)) for slide in opened(made).slides]

    for before, after in itertools.pairwise(range(len(layouts))):
        if layouts[after] == "Key":
            number = re.search(r"(?:Question|Task) \d+", labels[after])
            assert number is not None
            assert number[0] in labels[before]
    keys = {found[0] for label in labels if (found := re.search(r"Question \d+(?=: key)", label))}
    assert len(keys) == len(made.questions)
    assert "Key" not in [slide.slide_layout.name for slide in opened(made, "student").slides]
    assert "TEACHER" not in all_text(exported(made, "student").data)
    assert "SECRET" not in all_text(exported(Lesson.model_validate(with_secrets()), "student").data)
    assert "SECRET answer" in all_text(exported(Lesson.model_validate(with_secrets())).data)


def test_that_there_are_no_lines_to_write_on_is_said() -> None:
    assert exported(rich_lesson()).losses == ("Slides have no lines to write on: 4 answers are written on paper.",)
    told = ["Slides have no lines to write on: 1 answer is written on paper."]
    assert list(known_formats()["pptx"].losses(asking(SHORT), "teacher")) == told
    assert exported(fact_sheet()).losses == ()


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_any_text_in_any_field_is_text_on_slides_that_open(text: str) -> None:
    for slide in opened(hostile_lesson(text), "teacher").slides:
        assert prose(slide) <= 40
        assert all(len(word) <= 40 for each in shown(slide) for word in each.split())


def test_a_deck_is_the_same_from_run_to_run_and_says_nothing_of_the_machine() -> None:
    first = exported(full_lesson())
    properties = pptx.Presentation(io.BytesIO(first.data)).core_properties

    assert first.data == exported(full_lesson()).data
    assert (properties.title, properties.author, properties.language) == (full_lesson().title, "lessongen", "en")
    assert not [name for name in parts_of(first.data) if re.search("app.xml|thumbnail|printer", name)]
    assert "python" not in all_text(first.data).lower()


def test_a_right_to_left_language_turns_the_slides() -> None:
    texts = [
        each.decode() for name, each in parts_of(exported(lesson(language="he")).data).items() if "slides/" in name
    ]
    assert texts
    assert any('rtl="1"' in each and 'lang="he"' in each for each in texts)


def luminance(colour: str) -> float:
    """The relative luminance of a colour, as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("paper", ["lt1", "lt2"])
@pytest.mark.parametrize("ink", ["dk1", "dk2", "accent2", "accent3", "accent5"])
def test_what_is_written_stands_out_from_what_is_behind_it(ink: str, paper: str) -> None:
    dark, light = luminance(COLOURS[ink]), luminance(COLOURS[paper])
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_the_number_of_a_slide_is_on_the_other_side_of_its_foot() -> None:
    for language in ("en", "he"):
        slide = opened(lesson(language=language)).slides[1]
        foot = {str(each.placeholder_format.type): each for each in slide.placeholders}
        of, at = (foot[name] for name in _FOOT)
        assert (of.left + of.width <= at.left) is (language == "en")
        assert (at.left + at.width <= of.left) is (language == "he")


def test_all_that_is_matched_stands_on_one_slide_and_its_key_tells_the_pairs() -> None:
    slides = [
        shown(slide) for slide in opened(asking({**MATCH, "stem": "Match each of these terms to its meaning."})).slides
    ]
    (asked,) = [each for each in slides if any("Match each of these" in text for text in each)]
    left, right = len(MATCH["left"]), len(MATCH["right"])
    assert [f"{number}. {text}" for number, text in enumerate(MATCH["left"], 1)] == asked[2 : 2 + left]
    assert [text[:3] for text in asked[2 + left :]] == [f"{letter}. " for letter in "ABCDEFG"[:right]]
    (pairs,) = tables_of(asking({**MATCH, "stem": "Match each of these terms to its meaning."}))
    assert [row[0] for row in pairs] == [f"{number}. {text}" for number, text in enumerate(MATCH["left"], 1)]


def test_each_point_of_a_long_answer_begins_a_paragraph() -> None:
    points = [
        "The first point has so many words that it fills a line.",
        "The second one is not much shorter than that.",
    ]
    made = asking({**OPEN, "answer": " • ".join(points)})
    told = [text for slide in opened(made).slides for text in shown(slide)]
    assert [f"• {each}" for each in points] == [each for each in told if each.startswith("•")]


def table_of(rows: int, words: int) -> Lesson:
    """A lesson with a table of so many rows, with so many words in a cell of each."""
    sections = rich_lesson().model_dump()["sections"]
    (table,) = [block for block in sections[1]["blocks"] if block["kind"] == "table"]
    first = table["rows"][0]
    wide = len(first["cells"])
    table["rows"] = [
        {**first, "cells": [f"Row {number}", *[" ".join(["much"] * words)] * (wide - 1)]} for number in range(rows)
    ]
    return rich_lesson(sections=sections)


def test_a_table_stands_whole_on_a_slide_as_long_as_it_can_be_read_from_the_back() -> None:
    (whole,) = [each for each in tables_of(table_of(6, 12)) if any(row[0] == "Row 0" for row in each)]
    assert [row[0] for row in whole[1:]] == [f"Row {number}" for number in range(6)]


def test_a_table_too_long_to_be_read_is_shared_out_evenly_under_its_headings() -> None:
    made = table_of(14, 14)
    slides = [each for each in tables_of(made) if any(row[0].startswith("Row ") for row in each)]
    assert len(slides) == 2
    assert slides[0][0] == slides[1][0]
    assert [len(each) for each in slides] == [8, 8]
    frames = [shape.table for slide in opened(made).slides for shape in slide.shapes if shape.has_table]
    runs = [
        run
        for table in frames
        for cell in table.iter_cells()
        for each in cell.text_frame.paragraphs
        for run in each.runs
    ]
    assert min(run.font.size.pt for run in runs if not run.text.startswith("[")) >= 14


def test_key_words_and_what_is_mixed_up_are_a_table_each() -> None:
    titles = [each.shapes.title.text for each in opened(rich_lesson()).slides]
    for title in ("Key words", "Often mixed up"):
        assert [each for each in titles if each.startswith(title)] == [title]


def test_the_steps_of_an_activity_stand_together() -> None:
    found = [each for each in opened(rich_lesson()).slides if each.shapes.title.text.startswith("Activity")]
    assert found
    assert all(shown(slide)[1] == "1." for slide in found if any(shape.has_table for shape in slide.shapes))


def test_the_slides_of_each_example_are_counted_from_one() -> None:
    made = full_lesson().model_dump(mode="json")
    first: Any = EXAMPLE["steps"][0]
    long = [{**first, "text": "Count what is there. " * 6}] * 3
    made["sections"][1]["blocks"] += [{**EXAMPLE, "steps": long}]
    titles = [each.shapes.title.text for each in opened(Lesson.model_validate(made)).slides]
    shown_by_steps = [each for each in titles if each.startswith("Example 2: ")]
    assert "Example 1: step by step" in titles
    assert len(shown_by_steps) > 2
    assert shown_by_steps[:2] == ["Example 2: step by step", "Example 2: step by step (2)"]


def test_what_goes_on_in_a_second_line_hangs_behind_its_number() -> None:
    slides = opened(asking(CHOICE), "student").slides
    options = [
        each
        for slide in slides
        for shape in slide.shapes
        if shape.has_text_frame
        for each in shape.text_frame.paragraphs
        if re.match(r"[A-D]\. ", each.text)
    ]
    assert options
    for each in options:
        look = each._p.pPr
        assert int(look.get("marL")) == -int(look.get("indent")) > 0


_SITUATION = (
    "Suppose that a house with very thick walls of mud is cold after a week of clouds, and that the sun comes out "
    "again early in the morning of a new day."
)
_ASKED = "Why has the sun of half an hour not warmed the room?"


def test_options_stand_together_with_the_sentence_that_asks_and_no_sentence_is_torn() -> None:
    options = [f"The {each} has gone into it" for each in ("heat", "light", "cold")]
    made = asking({**CHOICE, "stem": f"{_SITUATION} {_ASKED}", "options": options, "answer": options[0]})
    slides = [shown(slide) for slide in opened(made, "student").slides]

    assert any(_SITUATION in texts for texts in slides)
    (asked,) = [texts for texts in slides if _ASKED in texts]
    assert [f"{letter}. {text}" for letter, text in zip("ABC", options, strict=True)] == asked[2:]


@pytest.mark.parametrize(("times", "shares"), [(1, [4]), (7, [2, 2])])
def test_options_stand_together_while_they_can_be_read_and_else_are_shared_out_evenly(
    times: int, shares: list[int]
) -> None:
    long = "and all that it says in so many words fills a line of its own"
    options = [f"{each}, {' '.join([long] * times)}" for each in ("Air", "Mud", "Sun", "Ice")]
    made = asking({**CHOICE, "stem": _ASKED, "options": options, "answer": options[0]})
    slides = [shown(slide) for slide in opened(made, "student").slides]
    asked = [texts for texts in slides if any("fills a line" in text for text in texts)]
    assert [sum("fills a line" in text for text in each) for each in asked] == shares
    assert all(_ASKED in each for each in asked)


def test_a_long_answer_has_one_slide_and_is_whole_in_the_notes() -> None:
    points = [f"Point {number} has so many words that it fills a line or more than that." for number in range(6)]
    made = asking({**OPEN, "answer": " • ".join(points)})
    keys = [slide for slide in opened(made).slides if slide.slide_layout.name == "Key"]
    assert len(keys) == 1
    assert "whole in the notes" in keys[0].shapes.title.text
    assert all(each in notes(keys[0]) for each in points)


def test_a_short_key_says_what_was_asked() -> None:
    (key,) = [slide for slide in opened(asking(CLOZE)).slides if slide.slide_layout.name == "Key"]
    assert CLOZE["stem"] in shown(key)


def test_a_column_of_a_table_is_as_wide_as_its_longest_word() -> None:
    sections = rich_lesson().model_dump()["sections"]
    (table,) = [block for block in sections[1]["blocks"] if block["kind"] == "table"]
    table["rows"][0]["cells"][0] = "Earthquakes"
    slides = opened(rich_lesson(sections=sections)).slides
    shown_tables = [shape.table for slide in slides for shape in slide.shapes if shape.has_table]
    (first,) = [each.columns[0] for each in shown_tables if "Earthquakes" in [row.cells[0].text for row in each.rows]]
    assert first.width / 12700 > len("Earthquakes") * 26 * 0.55


def test_what_says_that_a_text_is_no_fact_is_smaller_than_the_text() -> None:
    frames = [
        shape.text_frame for slide in opened(rich_lesson()).slides for shape in slide.shapes if shape.has_text_frame
    ]
    paragraphs = [each for frame in frames for each in frame.paragraphs if each.text.endswith("[a conclusion]")]
    assert paragraphs
    for each in paragraphs:
        text, label = each.runs
        assert label.text == "[a conclusion]"
        assert text.font.size is None or label.font.size < text.font.size


def test_no_slide_ends_with_what_a_colon_announces() -> None:
    town = "Suppose that the families of a dry town with hot days and cool nights want to build with mud once more."
    task = (
        "Write them three sentences: your own decision, two reasons from the place, and what they should do about rain."
    )
    assert pieces(f"{town} {task}", 38) == [town, task]
