"""Quiz formats, read back: the questions, options and keys of the lesson, or what the losses say became of them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest

from lessongen.exporters import Exported, known_formats
from lessongen.exporters.fitting import become, shares
from lessongen.exporters.qti12 import in_a_cartridge
from lessongen.exporters.quiz import Item, fitted, quiz_of
from lessongen.lesson.drawings.years import Moment, Years
from lessongen.lesson.interactions import Fill, Interaction, Pair, Pick, Write
from lessongen.lesson.model import Lesson
from lessongen.lesson.versions import LessonName
from lessongen.system.errors import UsageError
from tests.exporters.quiz_readers import READERS, Seen, parsed
from tests.exporters.rich import fact_sheet
from tests.exporters.test_exporters import ABOUT, Audience, full_lesson, hostile, hostile_lesson
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


def format_module(form: str) -> Any:
    """What makes the files of a format."""
    return import_module(f"lessongen.exporters.formats.{form}")


def expected(form: str, made: Lesson) -> list[Seen]:
    """What is to be in it: names, what is not asked in the way of the format, and keys as far as it has them."""
    module = format_module(form)
    known = getattr(module, "_KNOWN", None) or getattr(module, "KNOWN", None) or module.IN_A_CARTRIDGE
    most = {"csv": 5, "kahoot": 4}.get(form, 1000)
    items = fitted(quiz_of(made, "teacher", ABOUT).items, known, most)
    if form == "csv":
        items = (replace(each, asked=module.as_held(each.asked)) for each in items)
    if form == "imscc":
        items = map(in_a_cartridge, items)
    if form == "h5p":
        return [_of_h5p(module, each) for each in module._items(quiz_of(made, "teacher", ABOUT).items)]
    return [_seen(form, each) for each in items if form != "kahoot" or module._is_short(each.told_stem, each.asked)]


def _of_h5p(module: Any, item: Item) -> Seen:
    """A question with what is dragged as the format says, and numbers as what is typed."""
    asked: Interaction = item.asked
    if isinstance(asked, Pair):
        spare = [each for each in asked.choices if each not in dict(asked.pairs).values()]
        pairs = module._dragged(asked)
        asked = Pair(pairs=pairs, choices=tuple(sorted([*(dragged for _, dragged in pairs), *spare])))
    return item.name, item.stem, Fill(answers=asked.answers) if isinstance(asked, Fill) else asked


def _seen(form: str, item: Item) -> Seen:
    asked: Interaction = item.asked
    if form not in ("csv", "kahoot"):
        return item.name, item.told_stem if form == "gift" else item.stem, asked
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
    (_, _, asked), *_ = read("kahoot", made)
    assert isinstance(asked, Pick)
    assert (asked.right, len(asked.options)) == (("e",), 4)
    assert (
        "Kahoot has no multiple choice questions of more than 4 options: 1 keeps 4." in written("kahoot", made).losses
    )


@pytest.mark.parametrize("most", [4, 5])
def test_options_that_are_cut_do_not_give_the_key_away(most: int) -> None:
    options = [f"{letter} option" for letter in "abcdefgh"]
    cut = [become(Pick(options=tuple((each, each == key) for each in options)), (Pick,), most) for key in options]
    shown = [piece.asked for (piece,) in cut if isinstance(piece.asked, Pick)]
    for option in options:
        seen = [asked for asked in shown if option in dict(asked.options)]
        assert any(asked.right == (option,) for asked in seen)
        assert any(asked.right != (option,) for asked in seen), option


def test_it_is_told_that_what_is_picked_from_is_cut() -> None:
    items = [f"item {number}" for number in range(5)]
    made = asking({**MATCH, "left": items, "right": [f"to {each}" for each in items], "answer": [0, 1, 2, 3, 4]})
    told = "1 becomes a multiple choice one, one for each item, with 4 options each."
    assert f"Kahoot has no matching questions: {told}" in written("kahoot", made).losses
    assert all(len(asked.options) == 4 for _, _, asked in read("kahoot", made) if isinstance(asked, Pick))


@pytest.mark.parametrize(
    ("answer", "typed"),
    [("\N{MINUS SIGN}39", "-39"), ("1,200", "1200"), ("\N{MINUS SIGN}1,234,567.5", "-1234567.5"), ("0.125", "0.125")],
)
def test_a_number_that_is_worked_out_is_one_however_it_is_set(answer: str, typed: str) -> None:
    made = asking({**COMPUTED, "answer": answer})
    for form in ("moodlexml", "qti12", "qti21"):
        assert read(form, made)[0][2] == Fill(answers=(typed,), is_number=True), form
    for form in ("imscc", "csv", "h5p"):
        assert read(form, made)[0][2] == Fill(answers=(typed,)), form
    assert f"#{typed}:0" in written("gift", made).data.decode()
    assert f'[["{typed}"]]'.encode() in zipped(written("scorm", made), "questions.js")


def zipped(exported: Exported, name: str) -> bytes:
    """A file in an archive."""
    with zipfile.ZipFile(io.BytesIO(exported.data)) as archive:
        return archive.read(name)


def test_words_are_right_with_the_minus_of_a_keyboard_as_with_that_of_print() -> None:
    asked = asking({**COMPUTED, "answer": "x\N{MINUS SIGN}1"}).questions[0].interaction()
    assert asked == Fill(answers=("x\N{MINUS SIGN}1", "x-1"))


def test_the_bounds_of_a_number_are_written_out() -> None:
    made = asking({**COMPUTED, "answer": "123,456,789.25"})
    text = zipped(written("qti12", made), "quiz/quiz.xml").decode()
    assert re.findall(r"<var(?:gte|lte) [^>]*>([^<]*)<", text) == ["123456789.25"] * 2


def test_a_cartridge_keeps_to_the_profile_of_its_quizzes() -> None:
    made = asking({**COMPUTED, "answer": "1,200"}, {**CLOZE, "answer": "1,741"}, MATCH, ORDER)
    exported = written("imscc", made)
    text = zipped(exported, "quiz/quiz.xml").decode()
    assert not re.search(r"<or>|vargte|varlte|question_type|points_possible|fibtype|cc\.pattern_match", text)
    assert (
        "Common Cartridge compares no numbers by their worth: 1 question becomes a short-answer one." in exported.losses
    )
    cloze = [each for each in parsed(text).iter() if each.tag.endswith("}item")][1]
    assert len([each for each in cloze.iter() if each.tag.endswith("}setvar")]) == 2


def test_what_is_typed_and_begins_like_a_formula_is_an_open_question_of_a_sheet() -> None:
    made = asking({**CLOZE, "answer": "-ed"}, {**COMPUTED, "answer": "-5"})
    exported = written("csv", made)
    assert "A sheet has no answers that begin like a formula: 1 question becomes an open one." in exported.losses
    assert [asked for _, _, asked in read("csv", made)] == [Write(points=()), Fill(answers=("-5",))]
    assert "A good answer: -ed" in exported.data.decode("utf-8-sig")


def test_all_options_together_earn_nothing_where_several_are_right() -> None:
    asked = Pick(options=(("a", True), ("b", True), ("c", True), ("d", False), ("e", False)))
    assert shares(asked) == ("33.33333", "-50")
    assert shares(Pick(options=(("a", True), ("b", False)))) == ("100", "0")
    (item,) = quiz_of(asking(CHOICE), "teacher", ABOUT).items
    gift, moodle = format_module("gift"), format_module("moodlexml")
    assert list(gift._answers(asked, {})) == [
        *(f"~%33.33333%[plain]{each}" for each in "abc"),
        *(f"~%-50%[plain]{each}" for each in "de"),
    ]
    answers = list(moodle._question(replace(item, asked=asked)).iter("answer"))
    assert [each.attrib["fraction"] for each in answers] == ["33.33333"] * 3 + ["-50"] * 2


def test_kahoot_s_limits_are_told_of_the_texts_that_it_is_given() -> None:
    made = asking({**CHOICE, "stem": "s" * 110 + " " * 20 + "\x01?"})
    assert len(read("kahoot", made)) == 1
    assert not any("left out" in loss for loss in written("kahoot", made).losses)


def test_no_text_ends_the_element_of_a_page_that_json_ld_is_put_into() -> None:
    made = hostile_lesson("</script><!-- ")
    editions: tuple[Audience, ...] = ("student", "teacher")
    for audience in editions:
        data = known_formats()["jsonld"].write(made, audience=audience, about=ABOUT, image="").data
        assert b"<" not in data
        assert "</script>" in json.dumps(json.loads(data))


def test_no_name_is_so_long_that_its_file_is_called_as_another_one_s() -> None:
    editions: tuple[Audience, ...] = ("student", "teacher")
    for topic in ("long " * 40, "\u0995" * 90):
        name = LessonName(subject="science", topic=topic)
        forms = known_formats().values()
        names = {f"{form.stem(name, each)}.{form.ending}" for form in forms for each in editions}
        assert len(names) == 2 * len(forms)
        assert all(len(each.encode()) <= 110 for each in names)


def test_another_question_of_a_new_version_is_another_card() -> None:
    anki = format_module("anki")
    items = [quiz_of(asking(each), "teacher", ABOUT).items[0] for each in (CHOICE, {**CHOICE, "stem": "Edited?"})]
    (other,) = quiz_of(asking({**CHOICE, "term": "another"}), "teacher", ABOUT).items
    assert anki._key(items[0]) == anki._key(items[1]) != anki._key(other)
