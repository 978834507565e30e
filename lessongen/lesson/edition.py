"""The student's edition: a lesson's content without anything that gives an answer away.

It is built from what a student may see, never by striking out what he may not, so that a field which the schema gains
later stays with the teacher until someone decides otherwise. Nothing in it depends on the answers either: ids are
counted anew in the order of what is left, and what is to be matched or put in order stands in alphabetical order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

Content = Mapping[str, Any]

_LESSON = ("schema_version", "title", "subject", "topic", "language", "level", "variant", "minutes")
_OBJECTIVE = ("id", "bloom", "text")
_SOURCE = ("title", "url", "revision", "retrieved", "licence", "attribution", "text_sha256")
# The seed is not among them: with it, whoever has this program can write the lesson again, answers and all.
_PROVENANCE = ("writer", "model", "computed", "legibility", "check")
_BODY = frozenset(
    "id kind title minutes objectives blocks sentences text cites origin by term definition belief correction "
    "problem steps answer grouping product question".split()
)


def student_view(content: Content) -> dict[str, Any]:
    """A copy of a lesson's content (JSON of the lesson schema) for students: body, objectives and bare questions.

    Left out are answers, feedback, what a question asks for, its objective and quotes, the seed and the notices.
    Sources stay, all of them, for their licence; of their quotes those that the body cites, without the text of one
    that is the answer to a question and stands nowhere in the body.
    """
    body = _body(content)
    quotes = _renumbered_quotes(content)
    numbers = question_numbers(content)
    questions = {question: f"q{number}" for question, number in numbers.items()}
    asked = sorted(content["questions"], key=lambda question: numbers[question["id"]])
    shown = {key: _with_ids(part, quotes, questions) for key, part in body.items()}
    return {
        **_only(content, _LESSON),
        "summary": shown["summary"],
        "objectives": [_only(objective, _OBJECTIVE) for objective in content["objectives"]],
        "prior_knowledge": list(content["prior_knowledge"]),
        **{key: shown[key] for key in ("key_terms", "misconceptions", "sections")},
        "questions": [_bare_question(question, questions[question["id"]]) for question in asked],
        "sources": _sources(content, quotes),
        "provenance": _only(content["provenance"], _PROVENANCE),
    }


def student_about(about: Mapping[str, Any]) -> dict[str, Any]:
    """A version's metadata for students: of its approvals by whom and when, not what was said of the questions."""
    approvals = [_only(each, ("reviewer", "approved_at")) for each in about.get("approvals", ())]
    return {**about, "approvals": approvals} if "approvals" in about else dict(about)


def question_numbers(content: Content) -> dict[str, int]:
    """The number, from 1, that a reader knows each question by: in the order in which the lesson asks them."""
    placed = [
        block["question"] for section in content["sections"] for block in section["blocks"] if block["kind"] == "check"
    ]
    known = [question["id"] for question in content["questions"]]
    in_order = dict.fromkeys([*(each for each in placed if each in known), *known])
    return {question: number for number, question in enumerate(in_order, 1)}


def _bare_question(question: Content, new_id: str) -> dict[str, Any]:
    """What a student needs to answer the question, and no more."""
    from lessongen.lesson.questions import question_of

    return {"id": new_id, "kind": question["kind"], "stem": question["stem"], **question_of(question).shown()}


# ---------------------------------------------------------------- quotes and sources


def sources_in_order(content: Content) -> list[Content]:
    """The sources by the number that a reader knows them by: the article, what the body cites in its order, the rest.

    A writer may have listed them by question; this order says nothing about the questions.
    """
    article, *others = content["sources"]
    cited = list(cites_of(_body(content)))

    def place(source: Content) -> tuple[int, str]:
        of_it = {quote["id"] for quote in source["quotes"]}
        return min((number for number, cite in enumerate(cited) if cite in of_it), default=len(cited)), source["title"]

    return [article, *sorted(others, key=place)]


def _renumbered_quotes(content: Content) -> dict[str, str]:
    """New ids of the quotes that the body cites, counted in its order."""
    cited = list(dict.fromkeys(cites_of(_body(content))))
    renumbered: dict[str, str] = {}
    for source_number, source in enumerate(sources_in_order(content), 1):
        of_it = {quote["id"] for quote in source["quotes"]}
        in_order = (cite for cite in cited if cite in of_it)
        renumbered |= {quote: f"s{source_number}.{number}" for number, quote in enumerate(in_order, 1)}
    return renumbered


def _sources(content: Content, quotes: Mapping[str, str]) -> list[dict[str, Any]]:
    spoken = "\n".join(_spoken(_body(content)))
    asked = {cite for question in content["questions"] for cite in cites_of(question)}
    shown: list[dict[str, Any]] = []
    for number, source in enumerate(sources_in_order(content), 1):
        cited = {quote["id"]: quote for quote in source["quotes"] if quote["id"] in quotes}
        kept = [
            _quote(cited[old_id], new_id, withheld=old_id in asked and cited[old_id]["text"] not in spoken)
            for old_id, new_id in quotes.items()
            if old_id in cited
        ]
        shown.append({"id": f"s{number}", **_only(source, _SOURCE), "quotes": kept})
    return shown


def _quote(quote: Content, new_id: str, *, withheld: bool) -> dict[str, Any]:
    kept = {"id": new_id, "section": quote["section"]}
    return kept if withheld else {**kept, "text": quote["text"], "sha256": quote["sha256"]}


# ---------------------------------------------------------------- walking through content


def _body(content: Content) -> dict[str, Any]:
    """The parts that are there to be read and that cite quotes."""
    return {key: content[key] for key in ("summary", "key_terms", "misconceptions", "sections")}


def cites_of(part: Any) -> Iterator[str]:
    """All ids of quotes that a part of the content cites, in order."""
    if isinstance(part, Mapping):
        yield from part.get("cites", ())
        for value in part.values():
            yield from cites_of(value)
    elif isinstance(part, list):
        for value in part:
            yield from cites_of(value)


def _spoken(part: Any) -> Iterable[str]:
    """The text of all statements of a part of the content."""
    if isinstance(part, Mapping):
        if "cites" in part and "text" in part:
            yield part["text"]
        for value in part.values():
            yield from _spoken(value)
    elif isinstance(part, list):
        for value in part:
            yield from _spoken(value)


def _with_ids(part: Any, quotes: Mapping[str, str], questions: Mapping[str, str]) -> Any:
    """A deep copy of a part of the body with the new ids of quotes and questions."""
    if isinstance(part, list):
        return [_with_ids(value, quotes, questions) for value in part]
    if not isinstance(part, Mapping):
        return part
    copy = {key: _with_ids(value, quotes, questions) for key, value in part.items() if key in _BODY}
    if "cites" in part:
        copy["cites"] = [quotes[cite] for cite in part["cites"] if cite in quotes]
    if part.get("kind") == "check" and "question" in part:
        copy["question"] = questions.get(part["question"], part["question"])
    return copy


def _only(part: Content, fields: Iterable[str]) -> dict[str, Any]:
    return {field: deepcopy(part[field]) for field in fields if field in part}
