"""A draft put together from two, made to pass the gate: what does not fit goes, unless it is kept.

No writer is asked. Questions, terms, sentences and the like are left out; but for objectives, nothing is worded.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from lessongen.check import Problem, Report, examine
from lessongen.generation.merge import as_draft, serve_objectives
from lessongen.lesson.draft import Draft
from lessongen.lesson.grafting import Graft
from lessongen.text.words import fold

_ROUNDS = 6
_FEWEST_QUESTIONS, _FEWEST_TERMS = 5, 3
_MOST_NAMED = 3
_LIST_ITEM = re.compile(r"(?P<field>questions|key_terms|misconceptions|prior_knowledge)\[(?P<at>\d+)\]")
_SENTENCE = re.compile(r"sections\[(?P<section>\d+)\]\.blocks\[(?P<block>\d+)\]\.sentences\[(?P<at>\d+)\]")
_OBJECTIVE = re.compile(r"objectives\[(?P<at>\d+)\]")
_VERBS = {
    **{"remember": "Recall", "understand": "Explain", "apply": "Use"},
    **{"analyze": "Examine", "evaluate": "Judge", "create": "Compose"},
}
_OPTIONS = ("choice-answer-place", "choice-answer-length")

Content = dict[str, Any]


def settled(draft: Draft, kept: Collection[str]) -> tuple[Draft, Report]:
    """The draft without what the gate objects to, and the gate's report on it.

    The parts of the keys `kept` stay. The report has problems where these are at fault, or too little would be left.
    """
    for _ in range(_ROUNDS):
        report = examine(draft.lesson, draft.texts)
        if report.passed:
            break
        content = draft.lesson.model_dump(mode="json")
        if not any([_mend(content, problem, kept) for problem in report.problems]) or not _is_enough(content):
            break
        draft = _tidied(content, draft.texts, kept)
    return draft, report


def _mend(content: Content, problem: Problem, kept: Collection[str]) -> bool:
    """Mark with None what a problem is about; False where it is kept, or nothing that can go."""
    if problem.rule in _OPTIONS:
        return _turn_options(content, kept)
    item, sentence = _LIST_ITEM.match(problem.where), _SENTENCE.match(problem.where)
    objective = _OBJECTIVE.match(problem.where)
    if objective:
        return "objectives" not in kept and _word(content, content["objectives"][int(objective["at"])])
    if item:
        field, at = item["field"], int(item["at"])
        if _key_of(content, field, at) in kept:
            return False
        content[field][at] = None
        return True
    if sentence:
        section = content["sections"][int(sentence["section"])]
        if f"section:{section['id']}" in kept:
            return False
        section["blocks"][int(sentence["block"])]["sentences"][int(sentence["at"])] = None
        return True
    return False


def _word(content: Content, objective: Content) -> bool:
    """Word an objective by the key terms that its questions ask about, or by the topic; False where it is so worded."""
    known = {fold(each["term"]) for each in content["key_terms"] if each}
    asked = [each["term"] for each in content["questions"] if each and each["objective"] == objective["id"]]
    terms = list(dict.fromkeys(term for term in asked if fold(term) in known))[:_MOST_NAMED]
    taken = {each["text"] for each in content["objectives"]}
    for about in (" and ".join(filter(None, (", ".join(terms[:-1]), *terms[-1:]))), content["topic"]):
        text = f"{_VERBS[objective['bloom']]} what the lesson says about {about}."
        if about and text not in taken:
            objective["text"] = text
            return True
    return False


def _key_of(content: Content, field: str, at: int) -> str:
    if field != "questions":
        return field.replace("_", "-")
    question = content["questions"][at]
    return f"question:{question['id']}" if question else ""


def _turn_options(content: Content, kept: Collection[str]) -> bool:
    """Put the right option of the last choice that is not kept into another place."""
    for question in reversed(content["questions"]):
        if question and question["kind"] == "choice" and f"question:{question['id']}" not in kept:
            question["options"] = [*question["options"][1:], question["options"][0]]
            return True
    return False


def _is_enough(content: Content) -> bool:
    questions = [each for each in content["questions"] if each]
    return len(questions) >= _FEWEST_QUESTIONS and sum(map(bool, content["key_terms"])) >= _FEWEST_TERMS


def _tidied(content: Content, texts: Mapping[str, str], kept: Collection[str]) -> Draft:
    """The draft without what is marked, and without what is then empty or cited by nothing."""
    for field in ("questions", "key_terms", "misconceptions", "prior_knowledge"):
        content[field] = [each for each in content[field] if each is not None]
    names = {question["id"] for question in content["questions"]}
    for section in content["sections"]:
        for block in section["blocks"]:
            if block["kind"] == "prose":
                block["sentences"] = [each for each in block["sentences"] if each is not None]
        section["blocks"] = [block for block in section["blocks"] if _is_filled(block, names)]
    content["sections"] = [section for section in content["sections"] if section["blocks"]]
    serve_objectives(content, kept)
    content["minutes"] = sum(section["minutes"] for section in content["sections"])
    graft = Graft(content)
    graft.prune(content)
    return as_draft({**content, "sources": graft.sources}, texts)


def _is_filled(block: Content, questions: Collection[str]) -> bool:
    if block["kind"] == "check":
        return block["question"] in questions
    return block["kind"] != "prose" or bool(block["sentences"])
