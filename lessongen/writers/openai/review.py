"""What the writer itself finds wrong with a draft: items that give themselves away or have a second answer, the level.

All questions are answered blind in one call, from what students read and nothing else; all else is worked out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lessongen.check.in_passing import said_in_passing, unanswered
from lessongen.check.items import flaws
from lessongen.check.level import easy_parts, hard_parts
from lessongen.check.pointers import dangling, misfits
from lessongen.lesson.draft import Draft, Problem
from lessongen.lesson.model import Lesson
from lessongen.lesson.place import Place
from lessongen.lesson.questions.base import Question
from lessongen.system.errors import BadAnswer
from lessongen.text.passages import loosely
from lessongen.writers.openai import telling
from lessongen.writers.openai.calls import Call, Calls
from lessongen.writers.openai.said import text
from lessongen.writers.openai.schemas import FLAWS

ANSWER, FLAW = "item-answer", "item-flaw"
"""What a blind reader found: that a question has not one right answer that the lesson gives, or another flaw."""
_TOKENS_AN_ANSWER = 80


def review(draft: Draft, calls: Calls, before: Draft | None = None) -> list[Problem]:
    """All that is found; of a draft that was mended since `before`, only changed questions are answered."""
    lesson = draft.lesson
    known = {each for each in map(_identity, before.lesson.questions)} if before else frozenset[str]()
    asked = [
        (Place.of("questions", at), question)
        for at, question in enumerate(lesson.questions)
        if question.origin == "written" and _identity(question) not in known
    ]
    found = [*flaws(lesson), *dangling(lesson), *said_in_passing(lesson), *hard_parts(lesson), *easy_parts(lesson)]
    return found + (list(_answered(asked, lesson, calls, is_again=before is not None)) if asked else [])


def _identity(question: Question) -> str:
    return question.model_copy(update={"verdict": None}).model_dump_json(exclude={"feedback", "why", "cites"})


def _answered(
    asked: Sequence[tuple[Place, Question]], lesson: Lesson, calls: Calls, *, is_again: bool
) -> Iterator[Problem]:
    questions = [question for _, question in asked]
    schema = calls.schemas.answers(len(questions))
    call = Call(
        key="answers-again" if is_again else "answers",
        system="answers",
        data=telling.lesson(lesson),
        instruction=f"{telling.questions(questions, lesson)}\n\n{telling.beside(lesson, is_again=is_again)}",
        schema=schema,
        doing="Answering the questions from the lesson alone",
        percent=94 if is_again else 88,
        expected_tokens=_TOKENS_AN_ANSWER * len(questions) + 200,
        is_judgement=True,
        by_judge=True,
    )
    try:
        said_of_all = calls.ask(call)
    except BadAnswer:
        said_of_all = {"answers": [], "tasks": [], "lesson": []}  # what no blind reader looked at is told as such
    yield from misfits(lesson, [(str(each["text"]), _said(each["wrong"])) for each in said_of_all["lesson"]])
    yield from unanswered(lesson, {each["task"]: _said(each["needs"]) for each in said_of_all["tasks"]})
    answers = said_of_all["answers"]
    said = {each["question"]: each for each in answers if 1 <= each["question"] <= len(asked)}
    for number, (where, question) in enumerate(asked, 1):
        if number not in said:
            yield Problem(rule=ANSWER, where=where, message="no reader gave an answer to it from the lesson alone")
            continue
        found = _faults(question, said[number], lesson)
        yield from (Problem(rule=rule, where=where, message=told) for rule, told in found)


def _faults(question: Question, said: Mapping[str, Any], lesson: Lesson) -> Iterator[tuple[str, str]]:
    answer, settles = str(said["answer"]).strip(), loosely(_said(said["settles"]))
    if said["answerable"] is False:
        yield ANSWER, "what the lesson teaches does not answer it"
    elif question.asks_prior_knowledge and not (settles and settles in loosely(telling.lesson(lesson))):
        yield FLAW, "no sentence of the lesson settles it"
    elif question.place_of_answer is not None or question.kind == "true_false":
        if loosely(answer) != loosely(question.answer_text):
            yield ANSWER, f"a reader who had the lesson alone answered “{answer}”, not “{question.answer_text}”"
    others = [
        str(each)
        for each in said["defensible"]
        if str(each).strip() and loosely(str(each)) != loosely(question.answer_text)
    ]
    if others and question.has_one_answer:
        yield ANSWER, f"it can be answered otherwise too: {'; '.join(others)}"
    weak = [str(each["option"]) for each in said["wrong"] if not _said(each["believes"])]
    weak = [each for each in weak if each in question.wrong_options]
    if weak:
        yield FLAW, f"no student would pick {'; '.join(weak)}: say there what a thinkable mistake leads to"
    if (mistaken := loosely(_said(said["mistaken"]))) and mistaken == loosely(question.answer_text):
        yield FLAW, "who makes the mistake that it is to find gets the key too: take other numbers"
    yield from ((FLAW, f"{wrong}: {told}") for name, wrong in FLAWS.items() if (told := _said(said[name])))


def _said(said: object) -> str:
    """What a reviewer names, as plain text; "" for a word that says that there is nothing."""
    named = text(said)
    return "" if named.casefold().rstrip(".") in ("", "none", "no", "nothing", "by nothing", "-") else named
