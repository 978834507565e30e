"""What each text of a lesson is said to be that no quote bears by itself: one place, which all outputs ask.

A text either has the marks of its quotes, or a label, or states nothing: it names, asks or instructs. What reasons from
its quotes has both.
"""

from __future__ import annotations

import re

from lessongen.check.forms import form_of, is_supposing
from lessongen.exporters.shapes import ROLE_LABELS
from lessongen.lesson.claims import Borne
from lessongen.lesson.model import Example, Question, Task
from lessongen.lesson.statement import SIGNED, Origin, Role, Statement
from lessongen.text.passages import GAP
from lessongen.text.sentences import ends_like_a_sentence, split_sentences

PRIOR_KNOWLEDGE = "prior knowledge, not from the source"
"""What is said of an answer that students bring along."""

ADVICE = "a tip, not from the source"
"""What is said of a note that asks, instructs or tells what to expect."""

_TO_JUDGE = re.compile(r"^(?:is (?:this|that) )?true or false\b", re.IGNORECASE)
_COUNTS_OR_LISTS = re.compile(r"\d|[:=;]")


def of_statement(statement: Statement) -> str | None:
    """The label of a sentence; None where it states what its quotes say, or nothing."""
    return ROLE_LABELS.get(statement.role)


def of_note(note: Statement) -> str | None:
    """The label of a note for the teacher: one that cites nothing is advice, whatever it says in passing."""
    is_free = not note.cites and note.origin not in SIGNED
    return of_statement(note) or (ADVICE if is_free else None)


def role_of_answer(part: Borne) -> Role:
    """What an answer is: one in sentences, or to an invented case, reasons from what it cites; all else is a fact."""
    is_asked = isinstance(part, Question) and (part.kind in ("short", "open") or part.supposes)
    is_reasoned = is_asked or isinstance(part, Task | Example)
    return "inference" if is_reasoned and part.origin == "written" and part.cites else "fact"


def of_answer(part: Borne) -> str | None:
    """The label of the answer to a question, a task or a worked example."""
    if isinstance(part, Question) and is_prior_knowledge(part):
        return PRIOR_KNOWLEDGE
    return ROLE_LABELS.get(role_of_answer(part))


def is_prior_knowledge(question: Question) -> bool:
    """Whether its answer is what students bring along, so that no source bears it."""
    return question.role == "starter" and not question.cites and question.origin != "computed"


def of_asked(text: str, *, origin: Origin, supposes: bool, is_starter: bool = False) -> str | None:
    """The label of a stem, a problem or what a task asks, for what it states before it asks.

    One that opens with "Suppose" says so by itself. Quotes stand in a stem in the source's words.
    """
    if origin != "written" or is_supposing(text) or not _states(text):
        return None
    if supposes:
        return ROLE_LABELS["supposition"]
    return PRIOR_KNOWLEDGE if is_starter else ROLE_LABELS["inference"]


def of_help(text: str, task: Task) -> str | None:
    """The label of help, of more to do, or of what a good answer has: of what it states, works out or lists."""
    lists = _COUNTS_OR_LISTS.search(text) and not text.endswith("?")
    states = lists or (ends_like_a_sentence(text) and _states(text))
    if task.origin != "written" or not states:
        return None
    return ROLE_LABELS["inference"] if task.cites else ADVICE


def _states(text: str) -> bool:
    """Whether a sentence of it neither asks nor instructs, and is not there to be judged or filled in."""
    said = [each.text for each in split_sentences(text)]
    judged = [_TO_JUDGE.match(each) is not None for each in said]
    return any(
        form_of(each) is None and GAP not in each and not any(judged[max(0, at - 1) : at + 2])
        for at, each in enumerate(said)
    )
