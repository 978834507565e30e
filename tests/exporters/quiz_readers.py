"""Reads quizzes of each format back, as their platforms do: by question its name, its stem, and how it is asked."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from lessongen.lesson.interactions import Fill, Interaction, Pair, Pick, Sort, Write

Seen = tuple[str, str, Interaction]
_QTI12 = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
_QTI21 = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def parsed(document: str | bytes) -> Element:
    """A document of XML that this package made."""
    return ElementTree.fromstring(document)  # noqa: S314


def words(html: str) -> list[str]:
    """The text of each paragraph of a piece of HTML."""
    root = parsed(f"<x>{_closed(html)}</x>")
    return ["".join(each.itertext()) for each in root]


def _closed(html: str) -> str:
    """HTML whose pictures are closed as XML wants them."""
    out = ""
    while "<img" in html:
        before, _, rest = html.partition("<img")
        attributes, _, html = rest.partition('">')
        out += f'{before}<img{attributes}"/>'
    return out + html


def _one(root: Element, path: str) -> Element:
    found = root.find(path)
    assert found is not None, path
    return found


def _text(root: Element, path: str) -> str:
    return _one(root, path).text or ""


# ---------------------------------------------------------------- Moodle XML


def of_moodlexml(data: bytes) -> Iterator[Seen]:
    """The questions of a Moodle XML file, by what Moodle's documentation says of each type."""
    for question in parsed(data).iter("question"):
        kind = question.attrib["type"]
        if kind not in ("category", "description"):
            stem = words(_text(question, "questiontext/text"))[0]
            yield _text(question, "name/text"), stem, _MOODLE[kind](question)


def _answers(question: Element, *, is_html: bool) -> Iterator[tuple[str, float]]:
    for answer in question.findall("answer"):
        text = _text(answer, "text")
        yield words(text)[0] if is_html else text, float(answer.attrib["fraction"])


def _moodle_choice(question: Element) -> Interaction:
    options = tuple((text, fraction > 0) for text, fraction in _answers(question, is_html=True))
    assert (_text(question, "single") == "true") is (sum(is_right for _, is_right in options) == 1)
    return Pick(options=options)


def _moodle_judgement(question: Element) -> Interaction:
    options = tuple((text.title(), fraction == 100) for text, fraction in _answers(question, is_html=False))
    return Pick(options=options, is_judgement=True)


def _moodle_words(question: Element) -> Interaction:
    assert _text(question, "usecase") == "0"
    return Fill(answers=tuple(text.replace("\\*", "*") for text, _ in _answers(question, is_html=False)))


def _moodle_number(question: Element) -> Interaction:
    answers = tuple(text for text, _ in _answers(question, is_html=False))
    return Fill(answers=answers, is_number=True, tolerance=_text(question, "answer/tolerance"))


def _moodle_pairs(question: Element) -> Interaction:
    found = [(_text(each, "text"), _text(each, "answer/text")) for each in question.findall("subquestion")]
    pairs = tuple((words(left)[0], right) for left, right in found if left)
    return Pair(pairs=pairs, choices=tuple(sorted({right for _, right in found}, key=_alphabetical)))


def _moodle_order(question: Element) -> Interaction:
    return Sort(items=tuple(text for text, _ in _answers(question, is_html=True)))


def _moodle_essay(question: Element) -> Interaction:
    return Write(points=tuple(words(_text(question, "graderinfo/text"))))


_MOODLE: Mapping[str, Callable[[Element], Interaction]] = {
    "multichoice": _moodle_choice,
    "truefalse": _moodle_judgement,
    "shortanswer": _moodle_words,
    "numerical": _moodle_number,
    "matching": _moodle_pairs,
    "ordering": _moodle_order,
    "essay": _moodle_essay,
}


def _alphabetical(text: str) -> tuple[str, str]:
    return text.casefold(), text


# ---------------------------------------------------------------- QTI


def of_qti12(data: bytes) -> Iterator[Seen]:
    """The items of the quiz in a package."""
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        if "quiz/quiz.xml" not in files.namelist():
            return
        root = parsed(files.read("quiz/quiz.xml"))
    for item in root.iter(f"{_QTI12}item"):
        for each in item.iter():
            each.tag = each.tag.removeprefix(_QTI12)
        stem = words(_text(item, "presentation/material/mattext"))[0]
        fields = {_text(each, "fieldlabel"): _text(each, "fieldentry") for each in item.iter("qtimetadatafield")}
        yield (
            item.attrib["title"],
            stem,
            _qti12_asked(item, fields.get("question_type") or _CARTRIDGE[fields["cc_profile"]]),
        )


_CARTRIDGE = {
    "cc.multiple_choice.v0p1": "multiple_choice_question",
    "cc.multiple_response.v0p1": "multiple_answers_question",
    "cc.true_false.v0p1": "true_false_question",
    "cc.fib.v0p1": "short_answer_question",
    "cc.essay.v0p1": "essay_question",
}


def _qti12_asked(item: Element, kind: str) -> Interaction:
    equal = [(each.attrib["respident"], each.text or "") for each in item.iterfind(".//setvar/..//varequal")]
    refused = {each.text for each in item.iterfind(".//setvar/..//not/varequal")}
    lists = [_qti12_choices(each) for each in item.iter("response_lid")]
    if kind in ("multiple_choice_question", "multiple_answers_question", "true_false_question"):
        right = {letter for _, letter in equal} - refused
        options = tuple((text, letter in right) for letter, text in lists[0].items())
        return Pick(options=options, is_judgement=kind == "true_false_question")
    if kind == "matching_question":
        lefts = [_text(each, "material/mattext") for each in item.iter("response_lid")]
        by_response = dict(equal)
        pairs = [
            (left, lists[at][by_response[each.attrib["ident"]]])
            for at, (left, each) in enumerate(zip(lefts, item.iter("response_lid"), strict=True))
        ]
        return Pair(pairs=tuple(pairs), choices=tuple(lists[0].values()))
    if kind == "essay_question":
        solution = _text(item, "itemfeedback/solution/solutionmaterial/flow_mat/material/mattext")
        return Write(points=tuple(words(solution)))
    return Fill(answers=tuple(text for _, text in equal), is_number=kind == "numerical_question")


def _qti12_choices(response: Element) -> dict[str, str]:
    return {each.attrib["ident"]: _text(each, "material/mattext") for each in response.iter("response_label")}


def of_qti21(data: bytes) -> Iterator[Seen]:
    """The items of the test in a package, in the order in which the test asks them."""
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        test = parsed(files.read("test.xml"))
        for reference in test.iter(f"{_QTI21}assessmentItemRef"):
            item = parsed(files.read(reference.attrib["href"]))
            for each in item.iter():
                each.tag = each.tag.removeprefix(_QTI21)
            yield item.attrib["title"], _qti21_stem(item), _qti21_asked(item)


def _qti21_stem(item: Element) -> str:
    first = _one(item, "itemBody/p")
    field = first.find("textEntryInteraction")
    return "".join(first.itertext()) if field is None else f"{first.text or ''}_____{field.tail or ''}"


def _qti21_asked(item: Element) -> Interaction:
    right = [each.text or "" for each in item.iterfind("responseDeclaration/correctResponse/value")]
    choices = {each.attrib["identifier"]: each.text or "" for each in item.iter("simpleChoice")}
    if item.find("itemBody/choiceInteraction") is not None:
        options = tuple((text, name in right) for name, text in choices.items())
        return Pick(options=options, is_judgement=tuple(choices.values()) == ("True", "False"))
    if item.find("itemBody/orderInteraction") is not None:
        return Sort(items=tuple(choices[name] for name in right))
    if item.find("itemBody/matchInteraction") is not None:
        named = {each.attrib["identifier"]: each.text or "" for each in item.iter("simpleAssociableChoice")}
        pairs = [pair.split() for pair in right]
        rights = tuple(text for name, text in named.items() if name.startswith("R"))
        return Pair(pairs=tuple((named[left], named[to]) for left, to in pairs), choices=rights)
    if item.find("itemBody/extendedTextInteraction") is not None:
        return Write(points=tuple("".join(each.itertext()) for each in item.iterfind("itemBody/rubricBlock/p")))
    is_number = _one(item, "responseDeclaration").attrib["baseType"] == "float"
    return Fill(
        answers=tuple(each.attrib["mapKey"] for each in item.iter("mapEntry")) or tuple(right), is_number=is_number
    )


# ---------------------------------------------------------------- sheets


def of_csv(data: bytes) -> Iterator[Seen]:
    """The rows of a sheet for Quizizz; they have no names and no keys of open questions."""
    for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"))):
        options = [text for number in range(1, 6) if (text := row[f"Option {number}"])]
        right = [int(number) for number in row["Correct Answer"].split(",") if number]
        kind, asked = row["Question Type"], None
        if kind in ("Multiple Choice", "Checkbox"):
            assert (kind == "Multiple Choice") is (len(right) == 1)
            asked = Pick(options=tuple((text, number in right) for number, text in enumerate(options, 1)))
        yield "", row["Question Text"], asked or (Fill(answers=tuple(options)) if options else Write(points=()))


def of_kahoot(data: bytes) -> Iterator[Seen]:
    """The rows of a spreadsheet for Kahoot."""
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        sheet = parsed(files.read("xl/worksheets/sheet1.xml"))
    assert sheet.find(f".//{_SHEET}f") is None, "a formula"
    for row in sheet.iter(f"{_SHEET}row"):
        cells = {each.attrib["r"][0]: "".join(each.itertext()) for each in row}
        if int(row.attrib["r"]) > 8:
            right = [int(number) for number in cells["H"].split(",")]
            options = tuple((cells[each], at in right) for at, each in enumerate("CDEF", 1) if each in cells)
            yield "", cells["B"], Pick(options=options)


# ---------------------------------------------------------------- H5P


def questions_of_h5p(content: Any) -> list[Any]:
    """The questions in what a column is told."""
    held = [each["content"] for each in content["content"]]
    sets = [each["params"]["questions"] for each in held if each["library"].startswith("H5P.QuestionSet ")]
    return [each for questions in sets for each in questions]


def of_h5p(data: bytes) -> Iterator[Seen]:
    """The questions of the question set in a column, by what H5P's content types make of signs in their texts.

    In what is dragged, either side may be: the pairs are what stands there with what is dragged to it.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        content = json.loads(files.read("content/content.json"))
    for each in questions_of_h5p(content):
        params = each["params"]
        kind = each["library"].partition(" ")[0].removeprefix("H5P.")
        stem = params.get("question") or params.get("taskDescription") or params["text"]
        asked = _H5P[kind](params)
        if kind == "Blanks":
            (line,) = params["questions"]
            before, _, after = line.removeprefix("<p>").removesuffix("</p>").split("*")
            stem = f"{before}_____{after}" if before or after else stem
        yield each["metadata"]["title"], _plain(stem), asked


def _plain(html: str) -> str:
    """The one text of a piece of HTML, which has no markup but its paragraph."""
    text = html.removeprefix("<p>").removesuffix("</p>")
    assert "<" not in text
    return unescape(text)


def _h5p_blanks(params: Mapping[str, Any]) -> Interaction:
    assert params["behaviour"]["caseSensitive"] is False
    (line,) = params["questions"]
    _, blank, _ = line.split("*")
    solution, _, tip = blank.partition(":")
    assert not tip
    return Fill(answers=tuple(map(_plain, solution.split("/"))))


def _h5p_dragged(params: Mapping[str, Any]) -> Interaction:
    pairs = []
    for line in params["textField"].split("\n"):
        there, dragged, nothing = line.split("*")
        assert nothing == ""
        assert not re.search(r":|\\[+-]", dragged), "a tip, or what is said after it"
        pairs.append((_plain(there.removesuffix(" ")), _plain(dragged)))
    spare = [_plain(each) for each in params["distractors"].split("*")[1::2]]
    return Pair(pairs=tuple(pairs), choices=tuple(sorted([*(dragged for _, dragged in pairs), *spare])))


def _h5p_choice(params: Mapping[str, Any]) -> Interaction:
    options = tuple((_plain(each["text"]), each["correct"]) for each in params["answers"])
    assert (params["behaviour"]["type"] == "single") is (sum(is_right for _, is_right in options) == 1)
    return Pick(options=options)


def _h5p_judgement(params: Mapping[str, Any]) -> Interaction:
    is_true = {"true": True, "false": False}[params["correct"]]
    return Pick(options=(("True", is_true), ("False", not is_true)), is_judgement=True)


def _h5p_essay(params: Mapping[str, Any]) -> Interaction:
    good = re.findall("<p>(A good answer: .*?)</p>", params["solution"]["sample"])
    return Write(points=tuple(_plain(each).removeprefix("A good answer: ") for each in good))


_H5P: Mapping[str, Callable[[Mapping[str, Any]], Interaction]] = {
    "Blanks": _h5p_blanks,
    "DragText": _h5p_dragged,
    "MultiChoice": _h5p_choice,
    "TrueFalse": _h5p_judgement,
    "Essay": _h5p_essay,
}


# ---------------------------------------------------------------- GIFT, as gift-pegjs has parsed it


def of_gift(parsed: list[dict[str, Any]]) -> Iterator[Seen]:
    """The questions that gift-pegjs found."""
    for each in parsed:
        if each["type"] not in ("Category", "Description"):
            assert each["stem"]["format"] == "plain"
            yield each["title"], each["stem"]["text"], _gift_asked(each)


def _gift_asked(each: dict[str, Any]) -> Interaction:
    kind = each["type"]
    if kind == "TF":
        return Pick(options=(("True", each["isTrue"]), ("False", not each["isTrue"])), is_judgement=True)
    if kind == "MC":
        weighed = [
            (choice["text"]["text"], choice["isCorrect"] or (choice["weight"] or 0) > 0) for choice in each["choices"]
        ]
        return Pick(options=tuple(weighed))
    if kind == "Short":
        return Fill(answers=tuple(choice["text"]["text"].replace("\\*", "*") for choice in each["choices"]))
    if kind == "Numerical":
        answer = each["choices"] if isinstance(each["choices"], dict) else each["choices"][0]["text"]
        return Fill(answers=(f"{answer['number']:g}",), is_number=True, tolerance=f"{answer['range']:g}")
    if kind == "Matching":
        # gift-pegjs leaves in partners what it puts in place of an escaped character while it parses.
        found = [(pair["subquestion"]["text"], _unescaped(pair["subanswer"])) for pair in each["matchPairs"]]
        rights = sorted({right for _, right in found}, key=_alphabetical)
        return Pair(pairs=tuple(pair for pair in found if pair[0]), choices=tuple(rights))
    assert kind == "Essay"
    told = (each["globalFeedback"] or {"text": ""})["text"].split(" / ")
    return Write(points=tuple(text.removeprefix("A good answer: ") for text in told if text.startswith("A good")))


def _unescaped(text: str) -> str:
    return re.sub(r"&&(\d{3});", lambda code: chr(int(code[1])), text)


READERS: Mapping[str, Callable[[bytes], Iterator[Seen]]] = {
    "moodlexml": of_moodlexml,
    "qti12": of_qti12,
    "qti21": of_qti21,
    "imscc": of_qti12,
    "csv": of_csv,
    "kahoot": of_kahoot,
    "h5p": of_h5p,
}
