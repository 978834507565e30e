"""JSON-LD: the lesson as a LearningResource of schema.org, for catalogues and search engines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lessongen.exporters import Format, Order
from lessongen.lesson.interactions import Pick

if TYPE_CHECKING:
    from lessongen.exporters.quiz import Item
    from lessongen.exporters.shapes import Phase, Photo, Reference, Sheet, SheetQuestion
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson

_HOLDS = "JSON-LD holds texts alone: drawings are told in words, notes for the teacher are not in it."
_CONTEXT = "https://schema.org"
_Node = dict[str, Any]


def export(order: Order) -> bytes:
    """The lesson with its sections, key words, questions, sources and their licences; students' without answers."""
    return _file({"@context": _CONTEXT, **_node(order)})


def join(title: str, orders: Iterable[Order]) -> bytes:
    """The same of each lesson, in one graph."""
    return _file({"@context": _CONTEXT, "@graph": [_node(order) for order in orders]})


def _file(node: _Node) -> bytes:
    from lessongen.exporters.formats.json import dumped

    return dumped(_printable(node)).replace(b"<", b"\\u003c")  # no text ends the element that it is put into


def _node(order: Order) -> _Node:
    from lessongen.exporters.quiz import quiz_of

    lesson, about = order.lesson, order.about
    quiz = quiz_of(lesson, order.audience, about)
    sheet = quiz.sheet
    keys = {item.name: item for item in quiz.items}
    article = sheet.references[0]
    node = {
        "@type": "LearningResource",
        "name": sheet.title,
        "description": lesson.summary.text,
        "inLanguage": sheet.language,
        "learningResourceType": "lesson plan" if sheet.is_teachers else "worksheet",
        "educationalLevel": lesson.level,
        "timeRequired": f"PT{lesson.minutes}M",
        "audience": {"@type": "EducationalAudience", "educationalRole": order.audience},
        "about": {"@type": "Thing", "name": article.title, **({"sameAs": article.url} if article.url else {})},
        "teaches": [each.text for each in lesson.objectives],
        "abstract": [each.worn for each in sheet.key_points],
        "version": about.get("version"),
        "dateModified": about.get("last_updated"),
        "creditText": " / ".join(quiz.credits),
        "license": list(dict.fromkeys(each.licence_url or each.licence for each in sheet.references)),
        "isBasedOn": [_source(each) for each in sheet.references],
        "citation": [f"{each.told} ({each.place})" if each.place else each.told for each in sheet.quotes if each.text],
        "image": _image(sheet.image) if sheet.image else None,
        "mentions": _terms(sheet),
        "hasPart": [*map(_section, sheet.phases), *_quizzes(sheet.questions, keys)],
    }
    return {name: value for name, value in node.items() if value}


def losses(lesson: Lesson, audience: Audience) -> Iterator[str]:
    """What is not in it."""
    yield _HOLDS


def _printable(part: Any) -> Any:
    from lessongen.system.printable import printable

    if isinstance(part, str):
        return printable(part)
    if isinstance(part, list):
        return [_printable(each) for each in part]
    return {name: _printable(each) for name, each in part.items()} if isinstance(part, dict) else part


def _source(each: Reference) -> _Node:
    told = {"url": each.url, "license": each.licence_url or each.licence, "version": each.revision}
    own = {"@type": "CreativeWork", "name": each.title, "creditText": each.attribution}
    return {**own, **{name: value for name, value in told.items() if value}}


def _image(photo: Photo) -> _Node:
    told = {"contentUrl": photo.file_url, "url": photo.page_url, "license": photo.licence_url or photo.licence}
    own = {"@type": "ImageObject", "name": photo.title, "caption": photo.caption, "creditText": photo.author}
    return {**own, **{name: value for name, value in told.items() if value}}


def _terms(sheet: Sheet) -> list[_Node]:
    return [{"@type": "DefinedTerm", "name": term, "description": said.worn} for term, said in sheet.key_terms]


def _section(phase: Phase) -> _Node:
    said = [line.worn for block in phase.blocks for line in getattr(block, "lines", ())]
    pictures = [getattr(block, "picture", None) for block in phase.blocks]
    drawn = [picture.alternative for picture in pictures if picture]
    asked = [f"{each.title}: {part.prompt}" for each in phase.blocks if each.kind == "practice" for part in each.parts]
    return {
        "@type": "LearningResource",
        "name": phase.title,
        "position": phase.number,
        "learningResourceType": phase.kind,
        "timeRequired": f"PT{phase.minutes}M",
        "text": " ".join([*said, *(f"[Drawing: {each}]" for each in drawn), *asked]),
    }


def _quizzes(questions: Sequence[SheetQuestion], keys: Mapping[str, Item]) -> Iterator[_Node]:
    """All questions as one quiz, if there are any."""
    if questions:
        asked = [_question(each, keys.get(f"Question {each.number}")) for each in questions]
        yield {"@type": "Quiz", "name": "Questions", "hasPart": asked}


def _question(asked: SheetQuestion, item: Item | None) -> _Node:
    """A question as students see it, with its key where it is known."""
    options = [text for _, text in asked.lettered] or list(asked.boxes)
    drawn = f" [Drawing: {asked.picture.alternative}]" if asked.picture else ""
    node: _Node = {
        "@type": "Question",
        "name": f"Question {asked.number}",
        "position": asked.number,
        "text": "; ".join([asked.stem + drawn, *asked.numbered]),
        "suggestedAnswer": [_answer(option) for option in options],
    }
    if item is None:
        return node
    right = item.asked.right if isinstance(item.asked, Pick) else ()
    node["suggestedAnswer"] = [
        {**_answer(option), **({"comment": _comment(item.why[option])} if option in item.why else {})}
        for option in options
        if option not in right
    ]
    about = {"comment": _comment(item.label)} if item.label else {}
    node["acceptedAnswer"] = [{**_answer(each), **about} for each in item.asked.in_words]
    node["eduQuestionType"] = item.asked.name
    node["comment"] = [_comment(each) for each in item.feedback]
    return node


def _answer(text: str) -> _Node:
    return {"@type": "Answer", "text": text}


def _comment(text: str) -> _Node:
    return {"@type": "Comment", "text": text}


FORMAT = Format(
    name="jsonld",
    media_type="application/ld+json",
    export=export,
    join=join,
    losses=losses,
    about="jsonld is schema.org's LearningResource",
    place=13,
)
