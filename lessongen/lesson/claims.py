"""What a lesson claims, and the quotes that each claim stands on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lessongen.lesson.edition import question_numbers

Content = Mapping[str, Any]

GAP = "_____"


def cites(content: Content) -> list[dict[str, Any]]:
    """Each claim of a lesson's content beside the quotes that bear it, in the order of the lesson.

    A claim is a statement, or a question with its answer. Each is
    `{"claim", "where": […], "origin", "by", "quotes": [{"id", "text", "section", "source", "url", "revision",
    "licence", "attribution"}], "reasoning": […]}`; one that stands in several places is listed once, with all of them.
    A computed answer has no quotes, but the steps that lead to it as its reasoning.
    """
    quotes = {quote["id"]: _quote(quote, source) for source in content["sources"] for quote in source["quotes"]}
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for where, text, borne in _claims(content):
        borne_by = [quotes[cite] for cite in borne["cites"] if cite in quotes]
        claim = {
            "claim": text,
            "where": [],
            "origin": borne["origin"],
            "by": borne["by"],
            "quotes": borne_by,
            "reasoning": _reasoning(borne),
        }
        kept = found.setdefault((text, borne["origin"], *borne["cites"]), claim)
        if where not in kept["where"]:
            kept["where"].append(where)
    return list(found.values())


def _reasoning(borne: Content) -> list[str]:
    """The steps that lead to a computed answer: of a worked example, or in the feedback of a question."""
    if borne["origin"] != "computed":
        return []
    if "steps" in borne:
        return [step["text"] for step in borne["steps"]]
    return [borne["feedback"]["text"]] if "feedback" in borne else []


def _claims(content: Content) -> Iterator[tuple[str, str, Content]]:
    """Where each claim stands, what it says, and the part of the content that has its cites and origin."""
    yield "summary", content["summary"]["text"], content["summary"]
    for each in content["key_terms"]:
        yield f"key term “{each['term']}”", each["definition"]["text"], each["definition"]
    for each in content["misconceptions"]:
        yield "misconception", each["correction"]["text"], each["correction"]
    for number, section in enumerate(content["sections"], 1):
        yield from _of_section(f"section {number}, “{section['title']}”", section)
    numbers = question_numbers(content)
    for question in sorted(content["questions"], key=lambda question: numbers[question["id"]]):
        where = f"question {numbers[question['id']]}"
        yield where, _answered(question), question
        if question["origin"] != "computed":
            yield f"{where}, feedback", question["feedback"]["text"], question["feedback"]


def _of_section(where: str, section: Content) -> Iterator[tuple[str, str, Content]]:
    for block in section["blocks"]:
        if block["kind"] == "prose":
            for sentence in block["sentences"]:
                yield where, sentence["text"], sentence
        elif block["kind"] == "example":
            for step in block["steps"] if block["origin"] != "computed" else ():
                yield where, step["text"], step
            yield where, f"{block['problem']} {block['answer']}", block


def _answered(question: Content) -> str:
    """The question with its answer: in its gap if it has one."""
    from lessongen.lesson.questions import question_of

    answer = question_of(question).answer_text
    stem: str = question["stem"]
    return stem.replace(GAP, f"[{answer}]") if GAP in stem else f"{stem} – {answer}"  # noqa: RUF001


def _quote(quote: Content, source: Content) -> dict[str, Any]:
    return {
        "id": quote["id"],
        "text": quote["text"],
        "section": quote["section"],
        "source": source["title"],
        "url": source["url"],
        "revision": source["revision"],
        "licence": source["licence"],
        "attribution": source["attribution"],
    }
