"""A draft put together from two, made to pass the gate: what does not fit goes, unless it is kept.

No writer is asked. Questions, terms, sentences and the like are left out; objectives and headings are worded plainly.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from lessongen.check.gate import Problem, Report, examine
from lessongen.generation.merge import as_draft
from lessongen.lesson import model
from lessongen.lesson.draft import Draft
from lessongen.lesson.editor import Editor
from lessongen.lesson.model import Lesson
from lessongen.lesson.place import Place
from lessongen.lesson.questions.choice import Choice
from lessongen.text.words import fold

_ROUNDS = 6
_MOST_NAMED = 3
_VERBS = {
    **{"remember": "Recall", "understand": "Explain", "apply": "Use"},
    **{"analyze": "Examine", "evaluate": "Judge", "create": "Compose"},
}
_LISTS = ("key_points", "key_terms", "misconceptions", "prior_knowledge", "materials", "safety")
# What goes as a whole where it is wrong itself, and not one of its rows or entries.
_WHOLE = (model.Activity, model.Analogy, model.Example, model.Figure, model.Table, model.Task, model.Timeline)
_PLAIN_TITLES: Mapping[model.SectionKind, str] = {
    **{"starter": "What do you know already?", "engage": "What do you know already?", "model": "An example"},
    **{"practice": "Practice", "check": "Questions", "exit": "Questions", "close": "What have you learned?"},
}
_OPTIONS = ("choice-answer-place", "choice-answer-length")


def repaired(draft: Draft, kept: Collection[str]) -> tuple[Draft, Report]:
    """The draft without what the gate objects to, and the gate's report on it.

    The parts of the keys `kept` stay. The report has problems where these are at fault, or too little would be left.
    """
    for _ in range(_ROUNDS):
        report = examine(draft.lesson, draft.texts)
        if report.passed:
            break
        repair = _Repair(draft.lesson, kept)
        if not any([repair.mend(problem) for problem in report.problems]) or not repair.leaves_enough:
            break
        draft = as_draft(repair.lesson(), draft.texts)
    return draft, report


def summary_of(lesson: Lesson) -> model.Statement | None:
    """What says in short what the lesson is on where its summary does not stand: a key point, or a definition."""
    points = [point for point in lesson.key_points if point.verdict or point.origin == "quoted"]
    definitions = [term.definition for term in lesson.key_terms if term.definition.cites]
    return next((each for each in (*points, *definitions) if each != lesson.summary), None)


class _Repair:
    """One round: what has to go is noted first, since places count what stands there."""

    def __init__(self, lesson: Lesson, kept: Collection[str]) -> None:
        self._lesson = lesson
        self._kept = kept
        self._gone: set[Place] = set()
        self._questions = list(lesson.questions)
        self._objectives = list(lesson.objectives)
        self._worded: dict[Place, Callable[[Any], Any]] = {}

    def mend(self, problem: Problem) -> bool:
        """Note what a problem is about; False where it is kept, or nothing that can go."""
        if problem.rule in _OPTIONS:
            return self._turn_options()
        match problem.where.steps:
            case ("title",):
                return self._put("title", problem.where, self._lesson.topic)
            case ("outcome",):
                return self._put("outcome", problem.where, "")
            case ("summary",):
                return self._put("summary", problem.where, summary_of(self._lesson))
            case ("sections", int(at), "title"):
                section = self._lesson.sections[at]
                plain = _PLAIN_TITLES.get(section.kind, self._lesson.topic)
                return self._put(f"section:{section.id}", problem.where, plain)
            case ("objectives", int(at), *_):
                return "objectives" not in self._kept and self._word(at)
            case ("questions", int(at), "why", int(), *_):
                return self._drop(f"question:{self._questions[at].id}", Place(problem.where.steps[:4]))
            case ("questions", int(at), *_):
                return self._drop(f"question:{self._questions[at].id}", Place.of("questions", at))
            case (field, int(at), *_) if field in _LISTS:
                return self._drop(str(field).replace("_", "-"), Place.of(field, at))
            case ("sections", int(at), "blocks", int(), "sentences" | "rows" | "entries", int(), *_):
                return self._drop(f"section:{self._lesson.sections[at].id}", Place(problem.where.steps[:6]))
            case ("sections", int(at), "notes", int(), *_):
                return self._drop(f"section:{self._lesson.sections[at].id}", Place(problem.where.steps[:4]))
            case ("sections", int(at), "blocks", int(number), *_):
                is_whole = isinstance(self._lesson.sections[at].blocks[number], _WHOLE)
                place = Place(problem.where.steps[:4])
                return is_whole and self._drop(f"section:{self._lesson.sections[at].id}", place)
        return False

    @property
    def leaves_enough(self) -> bool:
        """Whether what stays can be a lesson."""
        return self._lesson.kind != "lesson" or all(
            len(self._left(field)) >= model.FEWEST[field] for field in ("questions", "key_terms")
        )

    def lesson(self) -> Lesson:
        """The lesson without what has to go, and without what is then empty or cited by nothing."""
        editor = Editor(self._lesson).put(questions=self._questions, objectives=self._objectives)
        editor.change(self._worded)
        return editor.take_out(self._gone).serve_objectives(self._kept).add_minutes().prune_sources().lesson

    def _put(self, key: str, place: Place, instead: Any) -> bool:
        """Have something plain stand there instead; False where it stands there by now, or nothing could."""
        now: Any = self._lesson
        for step in place.steps:
            now = now[step] if isinstance(step, int) else getattr(now, str(step))
        if key in self._kept or instead is None or now == instead:
            return False
        self._worded[place] = lambda _was: instead
        return True

    def _drop(self, key: str, place: Place) -> bool:
        if key in self._kept:
            return False
        self._gone.add(place)
        return True

    def _left(self, field: str) -> list[int]:
        """The indexes of what stays of a list."""
        return [at for at in range(len(getattr(self._lesson, field))) if Place.of(field, at) not in self._gone]

    def _word(self, at: int) -> bool:
        """Word an objective by the key terms that its questions ask about, or by the topic; False where it is so."""
        objective, lesson = self._objectives[at], self._lesson
        known = {fold(lesson.key_terms[each].term) for each in self._left("key_terms")}
        questions = [self._questions[each] for each in self._left("questions")]
        asked = [each.term for each in questions if each.objective == objective.id]
        terms = list(dict.fromkeys(term for term in asked if fold(term) in known))[:_MOST_NAMED]
        taken = {each.text for each in self._objectives}
        for about in (" and ".join(filter(None, (", ".join(terms[:-1]), *terms[-1:]))), lesson.topic):
            text = f"{_VERBS[objective.bloom]} what the lesson says about {about}."
            if about and text not in taken:
                self._objectives[at] = objective.model_copy(update={"text": text})
                return True
        return False

    def _turn_options(self) -> bool:
        """Put the right option of the last choice that is not kept into another place."""
        for at in reversed(self._left("questions")):
            question = self._questions[at]
            if isinstance(question, Choice) and f"question:{question.id}" not in self._kept:
                turned = [*question.options[1:], question.options[0]]
                self._questions[at] = question.model_copy(update={"options": turned})
                return True
        return False
