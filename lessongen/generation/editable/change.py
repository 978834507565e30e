"""An edited lesson on its way to a new version: read, signed, examined; each objection with the line it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from lessongen.check.gate import examine
from lessongen.generation.editable.read import Mistake, Reading
from lessongen.generation.editable.signing import Signing
from lessongen.generation.merge import as_draft
from lessongen.lesson.draft import Draft
from lessongen.lesson.editor import Editor
from lessongen.lesson.model import Lesson
from lessongen.lesson.place import Place

_REMEDIES = {
    "sentence-whole": "Write one whole sentence, from its capital to its full stop.",
    "sentence-cited": "Write it anew in your own words, then it bears your name.",
    "objective-verb-fits": "Begin it with a verb of its level, such as Explain for understand, or change the level.",
    "objective-has-question": "Have a question serve it: its note names the objective.",
    "objective-has-section": "Have a section serve it: its note names the objectives.",
    "term-in-body": "Use the term in a sentence of a section.",
    "minutes-add-up": "Change the minutes of a section.",
    "reference-resolves": "Name something that there is, or take the line out.",
    "id-unique": "Give one of them another id.",
    "choice-answer-place": "Put the right option of a choice into another place.",
    "choice-answer-length": "Make a wrong option of a choice as long as the right one.",
    "body-length": "Write more in the sections.",
}
_PUT_BACK = "Change it, or put back what stood there."


class Change:
    """What became of an edited lesson: a `draft` that may be saved, or `mistakes`; neither if nothing changed.

    `to_check` are the ids of questions that ask something else now and have the answer and the feedback that they had.
    """

    def __init__(self, base: Mapping[str, Any], texts: Mapping[str, str], markdown: str, author: str) -> None:
        self.reading = Reading(markdown)
        self.mistakes: list[Mistake] = list(self.reading.mistakes)
        self.draft: Draft | None = None
        self.signed: list[str] = []
        self.to_check: list[str] = []
        if not self.mistakes:
            self._make(dict(base), texts, author)

    def _make(self, base: dict[str, Any], texts: Mapping[str, str], author: str) -> None:
        signing = Signing(base, self.reading, author)
        self.signed = signing.signed
        if not signing.is_changed:
            return
        try:
            draft = as_draft(Editor(Lesson.model_validate(signing.content)).prune_sources().lesson, texts)
        except ValidationError as error:
            for flaw in error.errors():
                self._object(Place(flaw["loc"]), flaw["msg"], _PUT_BACK)
            return
        self.to_check = list(_asking_anew(base["questions"], signing.content["questions"]))
        report = examine(draft.lesson, draft.texts)
        for problem in report.problems:
            self._object(problem.where, problem.message, _REMEDIES.get(problem.rule, _PUT_BACK))
        if not report.problems:
            before = draft.lesson.provenance.check
            check = before.model_copy(update={"rules": report.rules}) if before else None
            provenance = draft.lesson.provenance.model_copy(update={"check": check})
            self.draft = Draft(lesson=draft.lesson.model_copy(update={"provenance": provenance}), texts=draft.texts)

    def _object(self, where: Place, message: str, remedy: str) -> None:
        self.mistakes.append(Mistake(line=self._line(where), message=message, remedy=remedy))

    def _line(self, where: Place) -> int:
        """The line of the nearest thing that the place is in."""
        lines = self.reading.lines
        while where.steps and str(where) not in lines:
            where = where.outer
        return lines.get(str(where), 1)


def _asking_anew(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The questions with another stem and the same answer and feedback."""
    were = {question["id"]: question for question in before}
    for question in after:
        was = were.get(question["id"])
        if was and was["stem"] != question["stem"] and _answered(was) == _answered(question):
            yield question["id"]


def _answered(question: Mapping[str, Any]) -> tuple[Any, ...]:
    return (question["answer"], question.get("options"), question["feedback"]["text"])
