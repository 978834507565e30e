"""H5P as its platforms take it: what a package may say and hold, what each content type reads, and what is dragged."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest

from lessongen.exporters import Exported, known_formats
from lessongen.lesson.drawings.years import Moment, Years
from lessongen.lesson.interactions import Pair, Pick
from lessongen.lesson.model import Lesson
from tests.exporters.quiz_readers import of_h5p, questions_of_h5p
from tests.exporters.rich import fact_sheet, rich_lesson
from tests.exporters.test_exporters import ABOUT, full_lesson, hostile_lesson
from tests.exporters.test_images import pictured
from tests.exporters.test_quizzes import LONG, NASTY, asking, written
from tests.lessons import CHOICE, FALSE, MATCH, ORDER

HTML, PLAIN, RICH = "text with paragraphs", "text without markup", "text with the tags of an editor"
# Those that the semantics of Text 1.1 name, and those that any editor of H5P has with them.
_TAGS = "strong em del a ul ol li h2 h3 hr pre code p br".split()
# What of a content type's fields is used here, each as H5P's documentation of its semantics has the type:
# https://h5p.org/semantics. A field that a type does not know is dropped by a platform without a word.
_AFTER = {"overallFeedback": [{"from": int, "to": int, "feedback": PLAIN}]}
_IMAGE = {"file": {"path": str, "mime": str, "width": int, "height": int}, "decorative": bool, "alt": PLAIN}
_MEDIA = {"media": {"type": {"library": str}, "disableImageZooming": bool}}
_FIELDS: Mapping[str, Any] = {
    "H5P.Column 1.18": {"content": [{"content": {"library": str}, "useSeparator": str}]},
    "H5P.AdvancedText 1.1": {"text": RICH},
    "H5P.QuestionSet 1.20": {
        "introPage": {"showIntroPage": bool, "title": PLAIN, "introduction": HTML},
        "progressType": str,
        "passPercentage": int,
        "questions": [{"library": str}],
        "disableBackwardsNavigation": bool,
        "randomQuestions": bool,
        "endGame": {"showResultPage": bool, "showSolutionButton": bool, "showRetryButton": bool},
    },
    "H5P.MultiChoice 1.16": {
        **_MEDIA,
        "question": HTML,
        "answers": [{"text": HTML, "correct": bool, "tipsAndFeedback": {"chosenFeedback": PLAIN}}],
        "behaviour": {"type": str, "randomAnswers": bool, "singlePoint": bool},
        **_AFTER,
    },
    "H5P.TrueFalse 1.8": {
        **_MEDIA,
        "question": HTML,
        "correct": str,
        "behaviour": {"feedbackOnCorrect": PLAIN, "feedbackOnWrong": PLAIN},
    },
    "H5P.Blanks 1.14": {
        **_MEDIA,
        "text": HTML,
        "questions": [HTML],
        "behaviour": {"caseSensitive": bool, "showSolutionsRequiresInput": bool},
        **_AFTER,
    },
    "H5P.DragText 1.10": {**_MEDIA, "taskDescription": HTML, "textField": PLAIN, "distractors": PLAIN, **_AFTER},
    "H5P.Essay 1.5": {
        **_MEDIA,
        "taskDescription": HTML,
        "solution": {"introduction": HTML, "sample": HTML},
        "keywords": [
            {
                "keyword": PLAIN,
                "options": {
                    "points": int,
                    "occurrences": int,
                    "caseSensitive": bool,
                    "forgiveMistakes": bool,
                    "feedbackIncludedWord": str,
                    "feedbackMissedWord": str,
                },
            }
        ],
        "behaviour": {"inputFieldSize": str, "ignoreScoring": bool, "pointsHost": int, "linebreakReplacement": str},
    },
    "H5P.Image 1.1": _IMAGE,
}
_ALLOWED = (".json", ".png")  # of the endings that platforms let into a content, those that are used here
DRAWING = Years(moments=[Moment(year=1741), Moment(year=1866)]).model_dump()


def files_of(exported: Exported) -> dict[str, bytes]:
    """The files of a package by their paths."""
    with zipfile.ZipFile(io.BytesIO(exported.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def content_of(made: Lesson) -> Any:
    """What the column of a lesson is told."""
    return json.loads(files_of(written("h5p", made))["content/content.json"])


def faults(given: Any, field: Any, where: str = "") -> list[str]:
    """Where a content is not as its type reads it."""
    if isinstance(field, dict) and "library" in field:
        params = faults(given["params"], _FIELDS.get(given["library"], {}), f"{where}/{given['library']}")
        return params if given["library"] in _FIELDS else [f"{where}: {given['library']}"]
    if isinstance(field, dict):
        found = [f"{where}/{name}: unknown" for name in given if name not in field]
        return found + [
            fault
            for name, kind in field.items()
            if name in given
            for fault in faults(given[name], kind, f"{where}/{name}")
        ]
    if isinstance(field, list):
        return [fault for each in given for fault in faults(each, field[0], f"{where}[]")]
    if isinstance(field, type):
        return [] if type(given) is field else [f"{where}: {given!r}"]
    if field == RICH:
        given = re.sub(rf"</?(?:{'|'.join(_TAGS)})>|<a href=\"https?://[^\"<>]*\">", "", given)
    bare = re.sub("</?p>", "", given) if field == HTML else given
    return [f"{where}: markup in {given[:80]!r}"] if re.search(r"[<>\x00-\x08\x1b]", bare) else []


LESSONS = {
    "full": full_lesson(),
    "rich": rich_lesson(),
    "nasty": hostile_lesson(NASTY),
    "long": hostile_lesson(LONG),
    "drawn": asking({**CHOICE, "drawing": DRAWING}, {**FALSE, "drawing": DRAWING}),
    "fact sheet": fact_sheet(),
}


@pytest.mark.parametrize("name", LESSONS)
def test_each_content_type_finds_the_fields_that_it_reads_and_no_markup(name: str) -> None:
    content = content_of(LESSONS[name])
    assert faults(content, _FIELDS["H5P.Column 1.18"]) == []
    assert all(each["useSeparator"] in ("auto", "disabled", "enabled") for each in content["content"])


@pytest.mark.parametrize("name", LESSONS)
def test_a_package_says_what_platforms_ask_of_it(name: str) -> None:
    files = files_of(written("h5p", LESSONS[name]))
    assert all(path.endswith(_ALLOWED) for path in files)
    assert all(path == "h5p.json" or path.startswith("content/") for path in files)
    told = json.loads(files["h5p.json"])
    assert re.fullmatch(r"(?s).{1,255}", told["title"])
    assert re.fullmatch(r"[-a-zA-Z]{1,10}", told["language"])
    assert told["mainLibrary"] == "H5P.Column"
    assert told["license"] in ("U", "CC BY-SA", "CC0 1.0")
    assert 0 < len(told["licenseExtras"]) <= 5_000
    named = {f"{each['machineName']} {each['majorVersion']}.{each['minorVersion']}" for each in _needed(told)}
    content = files["content/content.json"].decode()
    assert named == {"H5P.Column 1.18", *re.findall(r'"library": "([^"]+)"', content)}


def _needed(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    needed: list[dict[str, Any]] = told["preloadedDependencies"]
    return needed


def test_what_students_read_stands_before_the_questions_and_the_sources_after_them() -> None:
    rich = LESSONS["rich"]
    files = files_of(written("h5p", rich))
    held = [each["content"] for each in json.loads(files["content/content.json"])["content"]]
    kinds = [each["library"].partition(" ")[0] for each in held]
    at = kinds.index("H5P.QuestionSet")
    assert kinds.index("H5P.Image") < at
    assert kinds[at + 1 :] == ["H5P.AdvancedText"]
    text = "".join(each["params"]["text"] for each in held[:at] if "text" in each["params"])
    for section in rich.sections:
        assert section.title in text
    assert "The tar is a dark resin that keeps water out" in text
    assert "<strong>Jetty</strong>. What it is: a wooden walkway; What it does: reaches from" in text
    assert "TEACHER" not in text
    sources = held[-1]["params"]["text"]
    assert all(source.attribution in sources and source.licence in sources for source in rich.sources)
    assert "H5P has no tables in a text: 1 table is a list." in written("h5p", rich).losses
    for each in held:
        if each["library"].startswith("H5P.Image "):
            assert files[f"content/{each['params']['file']['path']}"].startswith(b"\x89PNG")


def test_the_lead_picture_is_in_it_with_its_credit() -> None:
    made, file = pictured()
    exported = known_formats()["h5p"].write(made, audience="teacher", about=ABOUT, image=file)
    files = files_of(exported)
    held = [each["content"] for each in json.loads(files["content/content.json"])["content"]]
    (shown,) = (each["params"] for each in held if each["library"].startswith("H5P.Image "))
    assert f"content/{shown['file']['path']}" in files
    assert made.image is not None
    text = "".join(each["params"].get("text", "") for each in held)
    assert made.image.author in text
    assert made.image.licence in text


def test_a_lesson_without_questions_has_no_set_of_them() -> None:
    content = content_of(fact_sheet())
    assert not any(each["content"]["library"].startswith("H5P.QuestionSet ") for each in content["content"])


def test_a_licence_that_all_sources_have_is_that_of_the_package() -> None:
    one = full_lesson().model_dump(mode="json")
    for source in one["sources"]:
        source["licence"] = "CC BY-SA 4.0"
    told = json.loads(files_of(written("h5p", Lesson.model_validate(one)))["h5p.json"])
    assert (told["license"], told["licenseVersion"]) == ("CC BY-SA", "4.0")
    several = json.loads(files_of(written("h5p", full_lesson()))["h5p.json"])
    assert several["license"] == "U"
    assert "CC BY-SA 4.0" in several["licenseExtras"]


def test_a_drawing_is_a_picture_above_its_question() -> None:
    files = files_of(written("h5p", LESSONS["drawn"]))
    content = json.loads(files["content/content.json"])
    for each in questions_of_h5p(content):
        image = each["params"]["media"]["type"]
        told = image["params"]["file"]
        png = files[f"content/{told['path']}"]
        assert png.startswith(b"\x89PNG")
        assert struct.unpack(">II", png[16:24]) == (told["width"], told["height"])
        assert "1741" in image["params"]["alt"]
    assert len({each["subContentId"] for each in questions_of_h5p(content)}) == 2


def test_of_two_sides_the_one_that_is_short_enough_is_dragged() -> None:
    short = {**MATCH, "right": ["a vessel", "a walkway", "a hoop"]}
    spare = {**short, "right": [*short["right"], "a net"]}
    long = {**MATCH, "left": [f"{each} of the old harbour" for each in MATCH["left"]]}
    for question, first in ((short, ("jetty", "a walkway")), (MATCH, (MATCH["right"][1], "jetty"))):
        ((_, _, asked),) = of_h5p(written("h5p", asking(question)).data)
        assert isinstance(asked, Pair)
        assert asked.pairs[0] == first
    ((_, _, asked),) = of_h5p(written("h5p", asking(spare)).data)
    assert isinstance(asked, Pair)
    assert "a net" in asked.choices
    exported = written("h5p", asking(long))
    told = "H5P cuts long texts that are dragged: 1 matching question becomes a multiple choice one, one for each item."
    assert told in exported.losses
    picked = [asked for _, _, asked in of_h5p(exported.data)]
    assert [asked.right for asked in picked if isinstance(asked, Pick)] == [
        (MATCH["right"][place],) for place in MATCH["answer"]
    ]


def test_what_is_put_in_order_gets_its_place() -> None:
    exported = written("h5p", asking(ORDER))
    assert "H5P has no ordering questions: 1 becomes a matching one." in exported.losses
    ((_, _, asked),) = of_h5p(exported.data)
    assert isinstance(asked, Pair)
    assert {there: int(place) for there, place in asked.pairs} == {
        ORDER["items"][item]: place for place, item in enumerate(ORDER["answer"], 1)
    }


def test_what_is_too_long_to_be_said_after_a_judgement_is_told_as_left_out() -> None:
    losses = written("h5p", LESSONS["long"]).losses
    assert any("is left out: H5P takes 2,048 characters there." in loss for loss in losses)
    for each in questions_of_h5p(content_of(LESSONS["long"])):
        said = each["params"].get("behaviour", {})
        assert len(said.get("feedbackOnCorrect", "")) <= 2_048
