"""A quiz that is too short, filled up with questions on what the lesson cites: quoted ones, which nobody need judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from lessongen.check.gate import examine
from lessongen.lesson.attempt import Attempt
from lessongen.lesson.draft import Anew, Draft
from lessongen.lesson.editor import Editor
from lessongen.lesson.material import Writer
from lessongen.lesson.model import Check, Lesson, Question, Section
from lessongen.lesson.parts import QUIZ
from lessongen.lesson.place import Place
from lessongen.lesson.task import LessonRequest
from lessongen.system.errors import TooThin


def filled(
    lesson: Lesson, texts: Mapping[str, str], missing: int, writer: Writer, request: LessonRequest, attempt: Attempt
) -> tuple[Lesson, dict[str, str]]:
    """The lesson with so many more exit questions that pass the gate, or as many as there are, and all texts.

    The lesson may have too few questions before and after; nobody validates it here.
    """
    try:
        made: Anew | None = writer.anew(Draft(lesson=lesson, texts=texts), QUIZ, request, attempt)
    except TooThin:
        return lesson, dict(texts)
    before = len(lesson.questions)
    all_texts = dict(texts)
    while made is not None:
        all_texts |= made.texts
        for each in made.questions:
            if len(lesson.questions) == before + missing:
                break
            more = _asking(lesson, each, made)
            if _stands(more, all_texts):
                lesson = more
        made = made.reserve
    return lesson, all_texts


def _asking(lesson: Lesson, question: Question, made: Anew) -> Lesson:
    """The lesson with the question at its end, for the objective that is asked about least."""
    editor = Editor(lesson)
    carried = editor.carry(question, made.sources)
    asked = Counter(each.objective for each in lesson.questions)
    objective = min((each.id for each in lesson.objectives), key=lambda name: asked[name], default="")
    added = carried.model_copy(update={"id": editor.free("q1"), "objective": objective, "role": "exit", "why": []})
    sections = _with_check(editor.lesson.sections, added.id)
    return editor.put(questions=[*lesson.questions, added], sections=sections).lesson


def _with_check(sections: Sequence[Section], name: str) -> list[Section]:
    """The sections with a place for the question where the last exit section has such places."""
    for at in reversed(range(len(sections))):
        section = sections[at]
        if section.kind == "exit" and any(isinstance(block, Check) for block in section.blocks):
            places = [place for place, block in enumerate(section.blocks, 1) if isinstance(block, Check)]
            blocks = [*section.blocks[: places[-1]], Check(question=name), *section.blocks[places[-1] :]]
            return [*sections[:at], section.model_copy(update={"blocks": blocks}), *sections[at + 1 :]]
    return list(sections)


def _stands(lesson: Lesson, texts: Mapping[str, str]) -> bool:
    """Whether the gate has nothing against the last question."""
    place = Place.of("questions", len(lesson.questions) - 1)
    return not any(problem.where.is_within(place) for problem in examine(lesson, texts).problems)
