"""Small lessons on real subjects with questions, for the rules on items: what is taught, and what is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lessongen.lesson.model import Lesson
from tests.lessons import lesson

Fields = dict[str, Any]


def choice(stem: str, key: str, *wrong: str, at: int = 1, **fields: Any) -> Fields:
    """A choice with the key at a place among the wrong options, and a reason for each of those."""
    options = [*wrong[:at], key, *wrong[at:]]
    why = [{"option": option, "reason": _said("It tempts, and is wrong.")} for option in wrong]
    return {"kind": "choice", "stem": stem, "options": options, "answer": key, "why": why, **fields}


def true_false(stem: str, answer: bool, **fields: Any) -> Fields:
    """A statement to judge."""
    return {"kind": "true_false", "stem": stem, "answer": answer, **fields}


def cloze(stem: str, answer: str, **fields: Any) -> Fields:
    """A gap to fill."""
    return {"kind": "cloze", "stem": stem, "answer": answer, **fields}


def short(stem: str, answer: str, **fields: Any) -> Fields:
    """A question to answer in a sentence."""
    return {"kind": "short", "stem": stem, "answer": answer, **fields}


def free(stem: str, answer: str, **fields: Any) -> Fields:
    """An open question."""
    return {"kind": "open", "stem": stem, "answer": answer, **{"bloom": "evaluate", **fields}}


def starter(stem: str, answer: str, **fields: Any) -> Fields:
    """A job on what students bring along, with what to listen for."""
    feedback = _said(answer, role="background")
    return free(stem, answer, **{"role": "starter", "bloom": "apply", "feedback": feedback, **fields})


def worked(problem: str, answer: str, *steps: str) -> Fields:
    """A worked example."""
    said = [_said(each) for each in steps]
    return {"kind": "example", "problem": problem, "steps": said, "answer": answer, "origin": "written"}


def task(prompt: str) -> Fields:
    """A task with a criterion."""
    return {"kind": "task", "prompt": prompt, "criteria": ["A reason"], "origin": "written"}


def match(stem: str, pairs: Mapping[str, str], *, spare: str = "none of what is listed", **fields: Any) -> Fields:
    """Pairs to find, shown in another order, with something that fits none."""
    right = [*list(pairs.values())[1:], next(iter(pairs.values())), *filter(None, [spare])]
    places = [right.index(each) for each in pairs.values()]
    return {"kind": "match", "stem": stem, "left": list(pairs), "right": right, "answer": places, **fields}


def order(stem: str, *items: str, **fields: Any) -> Fields:
    """Items to put into the order given, shown in another."""
    shown = [*items[1:], items[0]]
    return {"kind": "order", "stem": stem, "items": shown, "answer": [shown.index(each) for each in items], **fields}


def paper(
    questions: Sequence[Fields],
    *,
    prose: Sequence[str] = (),
    title: str = "A lesson",
    terms: Mapping[str, str] | None = None,
    points: Sequence[str] = (),
    mixed_up: Mapping[str, str] | None = None,
    blocks: Sequence[Fields] = (),
) -> Lesson:
    """A lesson that teaches this and asks that; a question without a term asks about the lesson's first one."""
    told = {"kind": "prose", "sentences": [_said(each) for each in prose or ["Here is the lesson:"]]}
    term = next(iter(terms or {}), title)
    usual: Fields = {"objective": "o1", "bloom": "understand", "term": term, "origin": "written", "role": "exit"}
    return lesson(
        kind="fact_sheet",
        title=title,
        summary=_said("", role="framing"),
        key_points=[_said(each) for each in points],
        key_terms=[{"term": each, "definition": _said(meaning)} for each, meaning in (terms or {}).items()],
        misconceptions=[{"belief": belief, "correction": _said(right)} for belief, right in (mixed_up or {}).items()],
        sections=[{"id": "s1", "kind": "explain", "title": "Explaining", "minutes": 9, "blocks": [told, *blocks]}],
        questions=[
            {**usual, "id": f"q{number}", "feedback": _said("So it is."), **each}
            for number, each in enumerate(questions, 1)
        ],
    )


def _said(text: str, **fields: Any) -> Fields:
    return {"text": text, "origin": "written", **fields}
