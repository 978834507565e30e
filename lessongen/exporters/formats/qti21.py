"""QTI 2.1: a package with a test of items, each a file, as TAO, OpenOlat, Moodle's plugins and others take it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from string import ascii_uppercase
from typing import TYPE_CHECKING

from lessongen.exporters.asking import Asked, quiz_format
from lessongen.exporters.markup import element, xml_file
from lessongen.exporters.package import OF_QTI, Resource, Told, drawings, numbered, packed, path_of, schema, shown
from lessongen.lesson.interactions import Fill, Interaction, Pair, Pick, Sort, Write

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from lessongen.exporters.quiz import Item, Quiz

_KNOWN = (Pick, Fill, Pair, Sort, Write)
_QTI = {"xmlns": "http://www.imsglobal.org/xsd/imsqti_v2p1"}
_TEMPLATES = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/"
_GAP = "_____"
_HERE = {"responseIdentifier": "RESPONSE"}


def _file(title: str, lessons: Iterable[Asked]) -> bytes:
    """A zip with the test, a section a lesson, its items and their drawings."""
    from lessongen.exporters.page import code_of

    about = Told(title=title)
    files: dict[str, bytes] = {}
    resources: list[Resource] = []
    sections: list[Element] = []
    for number, (quiz, asked) in enumerate(lessons, 1):
        about.add(quiz)
        items = {f"item-{len(resources) + place}": item for place, item in enumerate(asked, 1)}
        figures, language = drawings(asked), code_of(quiz.sheet.language)
        sections.append(_section(quiz, items, numbered("questions", number)))
        files |= {f"items/{name}.xml": xml_file(_item(item, name, language)) for name, item in items.items()}
        files |= figures
        resources += [
            Resource(
                identifier=name,
                type="imsqti_item_xmlv2p1",
                path=f"items/{name}.xml",
                files=[path_of(item)] if path_of(item) in figures else (),
            )
            for name, item in items.items()
        ]
    names = [each.identifier for each in resources]
    test = Resource(identifier="test", type="imsqti_test_xmlv2p1", path="test.xml", depends_on=names)
    return packed(
        {"test.xml": xml_file(_test(title, sections)), **files},
        [test, *resources],
        title=title,
        namespaces=OF_QTI,
        metadata=schema("QTIv2.1 Package", "1.0.0", about.described("imsmd:")),
    )


def _test(title: str, sections: Iterable[Element]) -> Element:
    part = {"identifier": "part", "navigationMode": "nonlinear", "submissionMode": "individual"}
    about = {**_QTI, "identifier": "test", "title": title}
    return element("assessmentTest", about, element("testPart", part, *sections))


def _section(quiz: Quiz, names: Iterable[str], identifier: str) -> Element:
    sources = element("rubricBlock", {"view": "candidate author"}, *(element("p", each) for each in quiz.credits))
    asked = [element("assessmentItemRef", {"identifier": name, "href": f"items/{name}.xml"}) for name in names]
    about = {"identifier": identifier, "title": quiz.sheet.title, "visible": "true"}
    return element("assessmentSection", about, sources, *asked)


def _item(item: Item, name: str, language: str) -> Element:
    about = {"identifier": name, "title": item.name, "adaptive": "false", "timeDependent": "false"}
    feedback = [*item.feedback, *item.reasons]
    parts = [
        _declaration(item.asked),
        _outcome("SCORE", "float", "0"),
        _outcome("FEEDBACK", "identifier", "told"),
        element("itemBody", *_body(item)),
        *_processing(item.asked),
    ]
    if feedback:
        told = {"outcomeIdentifier": "FEEDBACK", "identifier": "told", "showHide": "show"}
        parts.append(element("modalFeedback", told, *(element("p", each) for each in feedback)))
    return element("assessmentItem", {**_QTI, **about, "xml:lang": language}, *parts)


def _outcome(name: str, kind: str, value: str) -> Element:
    own = {"identifier": name, "cardinality": "single", "baseType": kind}
    return element("outcomeDeclaration", own, _value("defaultValue", [value]))


def _value(tag: str, values: Iterable[str]) -> Element:
    return element(tag, *(element("value", each) for each in values))


def _declaration(asked: Interaction) -> Element:
    """What kind of response there is, and which one is right."""

    def declared(cardinality: str, kind: str, right: Iterable[str]) -> Element:
        own = {"identifier": "RESPONSE", "cardinality": cardinality, "baseType": kind}
        answers = list(right)
        return element("responseDeclaration", own, *([_value("correctResponse", answers)] if answers else []))

    if isinstance(asked, Pick):
        right = [letter for letter, (_, is_right) in zip(ascii_uppercase, asked.options, strict=False) if is_right]
        return declared("single" if len(right) == 1 else "multiple", "identifier", right)
    if isinstance(asked, Pair):
        letters = dict(zip(asked.choices, ascii_uppercase, strict=False))
        pairs = [f"L{number} R{letters[right]}" for number, (_, right) in enumerate(asked.pairs, 1)]
        return declared("multiple", "directedPair", pairs)
    if isinstance(asked, Sort):
        return declared(
            "ordered", "identifier", [each[0] for each in sorted(_lettered(asked), key=lambda each: each[2])]
        )
    if isinstance(asked, Write):
        return declared("single", "string", [])
    declaration = declared("single", "float" if asked.is_number else "string", asked.answers[:1])
    if not asked.is_number:
        entries = [{"mapKey": each, "mappedValue": "1", "caseSensitive": "false"} for each in asked.answers]
        mapping = element("mapping", {"defaultValue": "0"}, *(element("mapEntry", entry) for entry in entries))
        declaration.append(mapping)
    return declaration


def _lettered(asked: Sort) -> list[tuple[str, str, int]]:
    """The items in alphabetical order, which says nothing of the right one: letter, text, and place."""
    placed = sorted(enumerate(asked.items), key=lambda each: each[1].casefold())
    return [(letter, text, place) for letter, (place, text) in zip(ascii_uppercase, placed, strict=False)]


def _body(item: Item) -> list[Element]:
    asked, parts = item.asked, shown(item, "../")
    if isinstance(asked, Write):
        scoring = element("rubricBlock", {"view": "scorer"}, *(element("p", each) for each in asked.points))
        return [*parts, scoring, element("extendedTextInteraction", {**_HERE, "expectedLines": "5"})]
    if isinstance(asked, Fill):
        field = element("textEntryInteraction", _HERE)
        before, gap, after = item.stem.partition(_GAP)
        if gap:
            return [element("p", before, field, after), *parts[1:]]
        return [*parts, element("p", field)]
    if isinstance(asked, Pick):
        most = "1" if len(asked.right) == 1 else "0"
        options = zip(ascii_uppercase, (text for text, _ in asked.options), strict=False)
        return [*parts, element("choiceInteraction", {**_HERE, "shuffle": "false", "maxChoices": most}, *_of(options))]
    if isinstance(asked, Sort):
        shuffled = ((letter, text) for letter, text, _ in _lettered(asked))
        return [*parts, element("orderInteraction", {**_HERE, "shuffle": "false"}, *_of(shuffled))]
    left = [(f"L{number}", text) for number, (text, _) in enumerate(asked.pairs, 1)]
    right = [(f"R{letter}", text) for letter, text in zip(ascii_uppercase, asked.choices, strict=False)]
    once = {"matchMax": "1"}
    sets = [element("simpleMatchSet", *_of(side, "simpleAssociableChoice", once)) for side in (left, right)]
    own = {**_HERE, "shuffle": "false", "maxAssociations": str(len(left))}
    return [*parts, element("matchInteraction", own, *sets)]


def _of(
    choices: Iterable[tuple[str, str]], tag: str = "simpleChoice", more: Mapping[str, str] | None = None
) -> Sequence[Element]:
    return [element(tag, {"identifier": name, **(more or {})}, text) for name, text in choices]


def _processing(asked: Interaction) -> list[Element]:
    """How the response is marked; what a person marks is not."""
    if isinstance(asked, Write):
        return []
    if isinstance(asked, Fill) and asked.is_number:
        within = {"toleranceMode": "absolute", "tolerance": asked.tolerance}
        both = [element(each, {"identifier": "RESPONSE"}) for each in ("variable", "correct")]
        same = element("equal", within, *both)
        score = element("setOutcomeValue", {"identifier": "SCORE"}, element("baseValue", {"baseType": "float"}, "1"))
        return [element("responseProcessing", element("responseCondition", element("responseIf", same, score)))]
    template = "map_response" if isinstance(asked, Fill) else "match_correct"
    return [element("responseProcessing", {"template": _TEMPLATES + template})]


FORMAT = quiz_format(
    "qti21",
    _file,
    told_as="QTI 2.1",
    known=_KNOWN,
    has_drawings=True,
    ending="zip",
    media_type="application/zip",
    is_binary=True,
    place=23,
)
