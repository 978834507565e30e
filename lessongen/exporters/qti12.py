"""Questions as IMS QTI 1.2, as Canvas, Blackboard and others read it, and in the profile of Common Cartridge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from string import ascii_uppercase
from typing import TYPE_CHECKING

from lessongen.exporters.markup import element, paragraphs, xml_file
from lessongen.exporters.package import shown_as_html
from lessongen.lesson.interactions import Fill, Pair, Pick, Write

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from lessongen.exporters.quiz import Item, Quiz

KNOWN = (Pick, Fill, Pair, Write)
IN_A_CARTRIDGE = (Pick, Fill, Write)
_NAMESPACE = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_FULL = "100"
_GENERAL, _SOLUTION = "general_fb", "solution"
_PROFILES = {"choice": "multiple_choice", "several": "multiple_response", "true_false": "true_false", "fill": "fib"}
_TYPES = {
    "choice": "multiple_choice_question",
    "several": "multiple_answers_question",
    "true_false": "true_false_question",
    "fill": "short_answer_question",
    "number": "numerical_question",
    "pair": "matching_question",
    "essay": "essay_question",
}


def assessment(
    quiz: Quiz, items: Sequence[Item], *, name: str = "quiz", base: str = "", in_cartridge: bool = False
) -> bytes:
    """The quiz as a file that is known by that name; `base` stands before the paths of drawings.

    In a cartridge it keeps to what the profile of Common Cartridge has: no numbers, no condition that either of two
    tests fulfils, no fields of Canvas.
    """
    rubric = element("rubric", element("material", {"label": "Summary"}, _html(paragraphs(quiz.credits))))
    section = element("section", {"ident": "root_section"})
    for number, item in enumerate(items, 1):
        section.append(_item(in_a_cartridge(item) if in_cartridge else item, f"item-{number}", base, in_cartridge))
    fields = {"cc_profile": "cc.exam.v0p1", "qmd_assessmenttype": "Examination", "cc_maxattempts": "unlimited"}
    about = {"ident": name, "title": quiz.sheet.title}
    root = element(
        "questestinterop",
        {"xmlns": _NAMESPACE},
        element("assessment", about, _fields(fields), rubric, section),
    )
    return xml_file(root)


def in_a_cartridge(item: Item) -> Item:
    """The question as the profile of Common Cartridge has it: a number is typed as any answer is."""
    asked = item.asked
    return replace(item, asked=Fill(answers=asked.answers)) if isinstance(asked, Fill) else item


def _kind(item: Item) -> str:
    asked = item.asked
    if isinstance(asked, Pick):
        return "true_false" if asked.is_judgement else "choice" if len(asked.right) == 1 else "several"
    if isinstance(asked, Fill):
        return "number" if asked.is_number else "fill"
    return "pair" if isinstance(asked, Pair) else "essay"


def _fields(fields: Mapping[str, str]) -> Element:
    return element(
        "qtimetadata",
        *(
            element("qtimetadatafield", element("fieldlabel", label), element("fieldentry", entry))
            for label, entry in fields.items()
        ),
    )


def _html(text: str) -> Element:
    return element("mattext", {"texttype": "text/html"}, text)


def _plain(text: str) -> Element:
    return element("material", element("mattext", {"texttype": "text/plain"}, text))


def _item(item: Item, ident: str, base: str, in_cartridge: bool) -> Element:
    kind = _kind(item)
    profile = _PROFILES.get("fill" if kind == "number" else kind, "pattern_match" if kind == "pair" else "essay")
    fields = {"cc_profile": f"cc.{profile}.v0p1"}
    fields |= {} if in_cartridge else {"question_type": _TYPES[kind], "points_possible": "1"}
    fields |= {"qmd_computerscored": "No"} if kind == "essay" else {}
    presentation = element("presentation", element("material", _html(shown_as_html(item, base))), *_responses(item))
    made = element(
        "item",
        {"ident": ident, "title": item.name},
        element("itemmetadata", _fields(fields)),
        presentation,
        element("resprocessing", _outcomes(), *_conditions(item, in_cartridge)),
    )
    if item.feedback:
        made.append(_feedback(_GENERAL, element("flow_mat", element("material", _html(paragraphs(item.feedback))))))
    if isinstance(item.asked, Write):
        good = element("flow_mat", element("material", _html(paragraphs(item.asked.points))))
        made.append(_feedback(_SOLUTION, element("solution", element("solutionmaterial", good))))
    for letter, why in _reasons(item):
        made.append(_feedback(f"{letter}_fb", element("flow_mat", element("material", _html(paragraphs([why]))))))
    return made


def _feedback(ident: str, content: Element) -> Element:
    return element("itemfeedback", {"ident": ident}, content)


def _outcomes() -> Element:
    score = {"maxvalue": _FULL, "minvalue": "0", "varname": "SCORE", "vartype": "Decimal"}
    return element("outcomes", element("decvar", score))


def _reasons(item: Item) -> Iterator[tuple[str, str]]:
    """Why an option is wrong, by its letter."""
    if isinstance(item.asked, Pick):
        for letter, (text, _) in zip(ascii_uppercase, item.asked.options, strict=False):
            if text in item.why:
                yield letter, item.why[text]


def _responses(item: Item) -> Iterator[Element]:
    asked = item.asked
    if isinstance(asked, Pick):
        how = "Single" if len(asked.right) == 1 else "Multiple"
        texts = [text for text, _ in asked.options]
        yield element("response_lid", {"ident": "response1", "rcardinality": how}, _choices(texts))
    elif isinstance(asked, Pair):
        for number, (left, _) in enumerate(asked.pairs, 1):
            own = {"ident": f"response{number}", "rcardinality": "Single"}
            yield element("response_lid", own, _plain(left), _choices(asked.choices))
    else:
        kind = {"fibtype": "Decimal"} if isinstance(asked, Fill) and asked.is_number else {}
        field = element("response_label", {"ident": "answer1"}) if isinstance(asked, Fill) else ""
        box = element("render_fib", kind, field)
        yield element("response_str", {"ident": "response1", "rcardinality": "Single"}, box)


def _choices(texts: Sequence[str]) -> Element:
    labels = [
        element("response_label", {"ident": letter}, _plain(text))
        for letter, text in zip(ascii_uppercase, texts, strict=False)
    ]
    return element("render_choice", *labels)


def _conditions(item: Item, in_cartridge: bool) -> Iterator[Element]:
    """What is said after any answer, why a wrong option is one, and what gives points."""
    asked = item.asked
    if item.feedback:
        yield _condition(element("other"), feedback=_GENERAL, goes_on=True)
    for letter, _ in _reasons(item):
        yield _condition(_equal(letter), feedback=f"{letter}_fb", goes_on=True)
    if isinstance(asked, Pick):
        picked = [(_equal(letter), right) for letter, (_, right) in zip(ascii_uppercase, asked.options, strict=False)]
        if len(asked.right) == 1:
            test = next(equal for equal, is_right in picked if is_right)
        else:
            test = element("and", *(equal if is_right else element("not", equal) for equal, is_right in picked))
        yield _condition(test, points=_FULL)
    elif isinstance(asked, Fill):
        tests = [test for answer in asked.answers for test in _typed(asked, answer)]
        either = tests if in_cartridge or len(tests) == 1 else [element("or", *tests)]
        yield from (_condition(test, points=_FULL) for test in either)
    elif isinstance(asked, Pair):
        letters = dict(zip(asked.choices, ascii_uppercase, strict=False))
        share = f"{100 / len(asked.pairs):.2f}"
        for number, (_, right) in enumerate(asked.pairs, 1):
            yield _condition(_equal(letters[right], f"response{number}"), points=share, adds=True, goes_on=True)


def _typed(asked: Fill, answer: str) -> Iterator[Element]:
    here = {"respident": "response1"}
    if asked.is_number:
        least, most = Decimal(answer) - Decimal(asked.tolerance), Decimal(answer) + Decimal(asked.tolerance)
        yield element("varequal", here, answer)
        yield element("and", element("vargte", here, f"{least:f}"), element("varlte", here, f"{most:f}"))
    else:
        yield element("varequal", {**here, "case": "No"}, answer)


def _equal(letter: str, response: str = "response1") -> Element:
    return element("varequal", {"respident": response}, letter)


def _condition(
    *tests: Element, points: str = "", feedback: str = "", adds: bool = False, goes_on: bool = False
) -> Element:
    made = element("respcondition", {"continue": "Yes" if goes_on else "No"}, element("conditionvar", *tests))
    if points:
        made.append(element("setvar", {"action": "Add" if adds else "Set", "varname": "SCORE"}, points))
    if feedback:
        made.append(element("displayfeedback", {"feedbacktype": "Response", "linkrefid": feedback}))
    return made
