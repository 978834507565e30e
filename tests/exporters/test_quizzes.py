"""Quiz formats, read back: the questions, options and keys of the lesson, or what the losses say became of them."""

from __future__ import annotations

import csv
import importlib
import io
import re
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from lessongen.exporters import Exported, known_formats
from lessongen.exporters.quiz import Item, fitted, quiz_of
from lessongen.lesson.drawings.years import Moment, Years
from lessongen.lesson.interactions import Fill, Interaction, Pick, Write
from lessongen.lesson.model import Lesson
from lessongen.system.errors import UsageError
from tests.exporters.quiz_readers import READERS, Seen, parsed
from tests.exporters.rich import fact_sheet
from tests.exporters.test_exporters import ABOUT, full_lesson, hostile, hostile_lesson
from tests.lessons import CHOICE, CLOZE, COMPUTED, MATCH, ORDER, question

NASTY = (
    "<script>alert(1)</script>\"' [html]<b> ]]> =cmd() +1 -1 @x ~%50%{}#: -> ####\\ \\n *a* &amp; "
    "::t:: $CATEGORY: x // \x00\x01\x1b[31m\x9b\ufffe\uffff\u202e\u2066\u200f\u05d0 \U0001f600 \n\n"
)
LONG = "w" * 10_000 + " "
QUIZZES = [each for each in known_formats().values() if each.has_keys]
READ = [each for each in QUIZZES if each.name in READERS]


def written(form: str, made: Lesson) -> Exported:
    """The lesson's file for teachers."""
    return known_formats()[form].write(made, audience="teacher", about=ABOUT, image="")


def asking(*questions: dict[str, Any]) -> Lesson:
    """A lesson with these questions alone."""
    return Lesson.model_validate({**fact_sheet().model_dump(), "questions": list(map(question, questions))})


def read(form: str, made: Lesson) -> list[Seen]:
    """What is in that file."""
    return list(READERS[form](written(form, made).data))


def expected(form: str, made: Lesson) -> list[Seen]:
    """What is to be in it: names, what is not asked in the way of the format, and keys as far as it has them."""
    module = importlib.import_module(f"lessongen.exporters.formats.{form}")
    known = getattr(module, "_KNOWN", None) or getattr(module, "KNOWN", None) or module.IN_A_CARTRIDGE
    most = {"csv": 5, "kahoot": 4}.get(form, 1000)
    items = fitted(quiz_of(made, "teacher", ABOUT).items, known, most)
    return [_seen(form, each) for each in items if form != "kahoot" or module._is_short(each.told_stem, each.asked)]


def _seen(form: str, item: Item) -> Seen:
    asked: Interaction = item.asked
    if form not in ("csv", "kahoot"):
        return item.name, item.stem, asked
    if isinstance(asked, Pick):
        asked = replace(asked, is_judgement=False)
    elif isinstance(asked, Fill):
        asked = Fill(answers=asked.answers)
    elif isinstance(asked, Write):
        asked = Write(points=())
    return "", item.told_stem, asked


@pytest.mark.parametrize("form", [each.name for each in READ])
def test_every_question_reads_back_with_its_options_and_its_key(form: str) -> None:
    made = full_lesson()
    assert read(form, made) == expected(form, made)


@pytest.mark.parametrize("form", [each.name for each in READ])
@pytest.mark.parametrize("text", [NASTY, LONG], ids=["nasty", "long"])
def test_no_text_breaks_a_file_or_is_taken_for_anything_but_text(form: str, text: str) -> None:
    made = hostile_lesson(text)
    found = read(form, made)
    if form in ("csv", "kahoot"):
        assert [stem.lstrip("'") for _, stem, _ in found] == [stem for _, stem, _ in expected(form, made)]
    else:
        assert found == expected(form, made)


def test_no_cell_of_a_sheet_begins_like_a_formula() -> None:
    for sign in "=+-@":
        made = Lesson.model_validate(hostile(full_lesson().model_dump(mode="json"), text=f"{sign}cmd|' /C calc'!A0 "))
        for row in csv.reader(io.StringIO(written("csv", made).data.decode("utf-8-sig"))):
            assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)
    negative = asking({**CHOICE, "options": ["-5", "5", "+7"], "answer": "-5"})
    assert read("csv", negative)[0][2] == Pick(options=(("-5", True), ("5", False), ("+7", False)))


@pytest.mark.parametrize("form", [each.name for each in QUIZZES])
def test_a_file_with_keys_is_not_made_for_students(form: str) -> None:
    with pytest.raises(UsageError, match=r"has the keys of its questions in it, so there is none for students\."):
        known_formats()[form].write(full_lesson(), audience="student", about=ABOUT, image="")


@pytest.mark.parametrize("form", [each.name for each in QUIZZES])
def test_a_quiz_names_its_sources_and_is_the_same_each_time(form: str) -> None:
    first, again = (written(form, full_lesson()).data for _ in range(2))
    assert first == again
    text = " ".join(_all_text(first).replace("\\", "").split())
    for said in ("The authors of the tests", "CC BY-SA 4.0", "CC0-1.0", "https://creativecommons.org/"):
        assert said in text


def _all_text(data: bytes) -> str:
    if not data.startswith(b"PK"):
        return data.decode()
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        assert {each.date_time[:3] for each in files.infolist()} == {(1980, 1, 1)}
        return "\n".join(files.read(name).decode("utf-8", "replace") for name in files.namelist())


def test_a_fact_sheet_without_questions_is_a_quiz_without_questions() -> None:
    for form in READ:
        assert read(form.name, fact_sheet()) == []


DRAWN = {**COMPUTED, "drawing": Years(moments=[Moment(year=1741), Moment(year=1866)]).model_dump()}


@pytest.mark.parametrize("form", ["moodlexml", "qti12", "qti21", "imscc"])
def test_a_drawing_goes_with_its_question_as_a_file(form: str) -> None:
    made = asking(DRAWN, CHOICE)
    exported = written(form, made)
    assert not any("drawing" in loss for loss in exported.losses)
    if form == "moodlexml":
        files = list(parsed(exported.data).iter("file"))
        assert len(files) == 1
        assert b"@@PLUGINFILE@@/" + files[0].attrib["name"].encode() in exported.data
        return
    with zipfile.ZipFile(io.BytesIO(exported.data)) as archive:
        (path,) = [name for name in archive.namelist() if name.endswith(".svg")]
        assert parsed(archive.read(path)).tag == "{http://www.w3.org/2000/svg}svg"
        pointing = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))
    assert f'href="{path}"' in pointing
    assert re.search(rf"(?:\.\./|\$IMS-CC-FILEBASE\$/){re.escape(path)}", pointing)


@pytest.mark.parametrize("form", ["gift", "csv", "kahoot"])
def test_a_drawing_that_a_format_cannot_hold_is_told_in_words(form: str) -> None:
    made = asking({**CHOICE, "stem": "Which year?", "drawing": DRAWN["drawing"]})
    exported = written(form, made)
    assert any("holds no drawings: 1 question with one tells it in words." in loss for loss in exported.losses)
    told = made.questions[0].drawing
    assert told is not None
    assert told.alternative.split(".")[0][:40] in _all_text(exported.data).replace("\\", "")


def test_what_a_format_does_not_know_is_told_by_number() -> None:
    made = asking(CHOICE, MATCH, ORDER, CLOZE)
    assert "GIFT has no ordering questions: 1 becomes a matching one." in written("gift", made).losses
    told = written("kahoot", made).losses
    assert "Kahoot has no short-answer questions: 1 is left out." in told
    assert "Kahoot has no matching questions: 1 becomes a multiple choice one, one for each item." in told
    two = asking(ORDER, {**ORDER, "id": "q18"})
    assert "GIFT has no ordering questions: 2 become matching ones." in written("gift", two).losses


@pytest.mark.parametrize(
    ("stem", "option", "rows"), [("s" * 120, "o" * 75, 1), ("s" * 121, "o" * 75, 0), ("s" * 120, "o" * 76, 0)]
)
def test_kahoot_s_limits_are_kept_and_what_is_left_out_is_told(stem: str, option: str, rows: int) -> None:
    made = asking({**CHOICE, "stem": stem, "options": [option, "b", "c"], "answer": "b"})
    assert len(read("kahoot", made)) == rows
    told = [loss for loss in written("kahoot", made).losses if "1 row is left out" in loss]
    assert len(told) == 1 - rows


def test_of_five_options_kahoot_keeps_the_right_one_and_three_others() -> None:
    options = ["a", "b", "c", "d", "e"]
    made = asking({**CHOICE, "options": options, "answer": "e"})
    assert read("kahoot", made)[0][2] == Pick(options=tuple((each, each == "e") for each in "abce"))
    assert (
        "Kahoot has no multiple choice questions of more than 4 options: 1 keeps 4." in written("kahoot", made).losses
    )
