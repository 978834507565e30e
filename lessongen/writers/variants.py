"""The same lesson for students who need more help, and for those who want more: `support` and `extend`.

Both are made from the core lesson, never written anew, so that summary, key terms, what is often mixed up and every
fact are the same, in the same words of the same sources. `support` is shorter, asks less and recalls more, and gives a
word bank; `extend` keeps all of the text and asks open questions above it. Any other name is a label of the user's own,
and the lesson is a core one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from lessongen.check.gate import examine
from lessongen.lesson.attempt import Attempt
from lessongen.lesson.draft import Draft, Sibling
from lessongen.lesson.editor import Editor, asked_in
from lessongen.lesson.limits import OBJECTIVES, USUAL_QUESTIONS
from lessongen.lesson.model import (
    Activity,
    Block,
    Check,
    Lesson,
    Objective,
    Prose,
    Question,
    sha256,
)
from lessongen.lesson.questions.open import POINT, Open
from lessongen.lesson.task import CORE, MADE_OF_CORE, LessonRequest
from lessongen.text.sentences import stands_alone

SUPPORT, EXTEND = MADE_OF_CORE
FAMILY = (CORE, *MADE_OF_CORE)
_SUPPORT_QUESTIONS = 6
_MOST_OPEN = 3
_WORDS_IN_BANK = 8
_POINTS = 3  # of a section, to choose from
_BLOOMS = ("remember", "understand", "apply", "analyze", "evaluate", "create")
_EXTENDING = "x"


def variant_of(request: LessonRequest) -> str:
    """Which of the three the request asks for: `core` for every name that has no meaning."""
    name = request.variant.casefold().strip()
    return name if name in FAMILY else CORE


def core_of(request: LessonRequest, attempt: Attempt) -> Sibling | None:
    """The stored core lesson that a support or extend variant is made from; None where there is none to use.

    One that may stand on other sources than the request names, or dwells on something else, does not count.
    """
    if variant_of(request) == CORE or request.sources:
        return None
    core = attempt.siblings.get(CORE)
    if core is None or (request.article is not None and core.lesson.article.title != request.article):
        return None
    if request.focus is not None and core.lesson.provenance.focus != request.focus:
        return None
    return core


def seed_for(request: LessonRequest, attempt: Attempt, batch_id: str | None = None) -> int | None:
    """The seed with which a writer that is no model makes the same core as for the siblings; None for one's own.

    In a batch it is the batch's own for all variants of a lesson, for they may be written at the same time; else that
    of a stored sibling.
    """
    if request.seed is not None or request.variant.casefold() not in FAMILY or attempt.earlier:
        return None
    if batch_id is not None:
        name = dataclasses.replace(request.lesson, variant=CORE)
        return int(sha256(f"{batch_id} {name.key}")[:8], 16) % 2**31
    siblings = [attempt.siblings[name] for name in FAMILY if name in attempt.siblings]
    return siblings[0].lesson.provenance.seed if siblings else None


def varied(draft: Draft, request: LessonRequest) -> Draft:
    """The core draft as the variant that is asked for."""
    variant = variant_of(request)
    if variant == CORE:
        return draft
    made = _supported(draft, request) if variant == SUPPORT else _extended(draft.lesson, request)
    return dataclasses.replace(draft, lesson=made)


# ---------------------------------------------------------------- support


def _supported(draft: Draft, request: LessonRequest) -> Lesson:
    """Shorter by as much as the lesson bears, with the easier questions and a word bank."""
    lesson = draft.lesson
    starters, others = _starters_apart(lesson)
    asked = [*starters, *_easiest(others, request.questions or _SUPPORT_QUESTIONS, lesson.objectives)]
    banked = _with_word_bank(lesson)
    for candidate in (*_cut(banked, asked), _asking(banked, asked)):
        if examine(candidate, draft.texts).passed:
            return candidate
    return _asking(lesson, asked)


def _starters_apart(lesson: Lesson) -> tuple[list[Question], list[Question]]:
    """The questions on what one must know before, which every variant asks and none counts, and the others."""
    starters = [each for each in lesson.questions if each.asks_prior_knowledge]
    return starters, [each for each in lesson.questions if each not in starters]


def _easiest(questions: Sequence[Question], wanted: int, objectives: Sequence[Objective]) -> list[Question]:
    """One for each objective, then those that recall most, in the lesson's order; open ones where there are too few."""
    closed = with_one_answer(questions)
    questions = closed if len(closed) >= USUAL_QUESTIONS.fewest else questions
    by_ease = sorted(questions, key=lambda each: (_BLOOMS.index(each.bloom), each.ease))
    chosen = [
        next(question for question in by_ease if question.objective == goal.id)
        for goal in objectives
        if any(question.objective == goal.id for question in questions)
    ]
    chosen += [question for question in by_ease if question not in chosen]
    kept = chosen[: max(wanted, USUAL_QUESTIONS.fewest)]
    return [question for question in questions if question in kept]


def with_one_answer(questions: Sequence[Question]) -> list[Question]:
    """The questions that have one right answer; all of them where none has."""
    return [question for question in questions if question.has_one_answer] or list(questions)


def _cut(lesson: Lesson, asked: Sequence[Question]) -> Iterator[Lesson]:
    """The lesson with what is not needed cut off the end of its paragraphs: most, then only in the longest ones."""
    needed = {cite for question in asked for cite in question.cites}
    needed |= {cite for term in lesson.key_terms for cite in term.definition.cites}
    needed |= set(lesson.summary.cites)
    opening = _opening(lesson)
    for kept in (1, 2, 3):
        phases = [
            section.model_copy(
                update={
                    "blocks": [
                        block if block is opening else _shortened(block, needed, kept) for block in section.blocks
                    ]
                }
            )
            for section in lesson.sections
        ]
        yield _asking(lesson.model_copy(update={"sections": phases}), asked)


def _shortened(block: Block, needed: set[str], kept: int) -> Block:
    if not isinstance(block, Prose):
        return block
    last = max((at for at, each in enumerate(block.sentences, 1) if needed.intersection(each.cites)), default=0)
    return block.model_copy(update={"sentences": block.sentences[: max(last, kept)]})


def _opening(lesson: Lesson) -> Block | None:
    """The first text of a lesson: what its topic is and does, which is never cut."""
    return next((block for section in lesson.sections for block in section.blocks if isinstance(block, Prose)), None)


def _with_word_bank(lesson: Lesson) -> Lesson:
    """The key terms to choose from, at the head of the last section that asks something, where there are any."""
    if not lesson.key_terms or not lesson.questions:
        return lesson
    words = ", ".join(term.term for term in lesson.key_terms[:_WORDS_IN_BANK])
    bank = Activity(
        steps=[f"Use these words for your answers: {words}.", "Find each word in the text and underline it."],
        grouping="alone",
        product="The words of the lesson, each with its place in the text",
    )
    phases = list(lesson.sections)
    asks = [at for at, phase in enumerate(phases) if asked_in(phase)]
    place = asks[-1] if asks else len(phases) - 1
    phases[place] = phases[place].model_copy(update={"blocks": [bank, *phases[place].blocks]})
    return lesson.model_copy(update={"sections": phases})


def _asking(lesson: Lesson, questions: Sequence[Question]) -> Lesson:
    """The lesson with only these of its questions."""
    return Editor(lesson).keep_questions({question.id for question in questions}).lesson


# ---------------------------------------------------------------- extend


def _extended(lesson: Lesson, request: LessonRequest) -> Lesson:
    """All of the text, open questions that compare and judge, and something of one's own to make."""
    objective = _weighing(lesson)
    opens = list(_open_questions(lesson, objective.id))[:_MOST_OPEN]
    if not opens:
        return lesson
    most = min(USUAL_QUESTIONS.most, request.questions or USUAL_QUESTIONS.most)
    room = max(most - len(opens), 1)
    starters, others = _starters_apart(lesson)
    harder = _hardest(others, room, lesson.objectives)
    goals = [*lesson.objectives, objective] if objective not in lesson.objectives else list(lesson.objectives)
    phases = list(lesson.sections)
    place = max((at for at, phase in enumerate(phases) if asked_in(phase)), default=len(phases) - 1)
    phases[place] = phases[place].model_copy(
        update={
            "blocks": [*phases[place].blocks, *(Check(question=each.id) for each in opens)],
            "objectives": list(dict.fromkeys([*phases[place].objectives, objective.id])),
        }
    )
    last = phases[-1]
    inquiry = Activity(
        steps=[
            "Write two questions about the topic that the lesson does not answer.",
            "Say for each of them where you would look for an answer, and how you would check it.",
            "Share your questions with the class and discuss the best one.",
        ],
        grouping="groups",
        product="Two questions of your own, each with a way to answer it",
    )
    phases[-1] = last.model_copy(update={"blocks": [*last.blocks, inquiry]})
    extended = lesson.model_copy(
        update={"questions": [*lesson.questions, *opens], "objectives": goals, "sections": phases}
    )
    return _asking(extended, (*starters, *harder, *opens))


def _weighing(lesson: Lesson) -> Objective:
    """An objective of its own for weighing, where there is room for one; else the last of the lesson's."""
    if len(lesson.objectives) >= OBJECTIVES.most:
        return lesson.objectives[-1]
    return Objective(
        id=f"{_EXTENDING}-goal",
        bloom="evaluate",
        text="Judge which points of the lesson matter most, and give reasons.",
    )


def _open_questions(lesson: Lesson, objective: str) -> Iterator[Question]:
    """What of a section matters most; each of its sentences is a point to give reasons for."""
    for number, section in enumerate(lesson.sections, 1):
        prose = [block for block in section.blocks if isinstance(block, Prose)]
        said = [each for block in prose for each in block.sentences if each.origin == "quoted" and each.cites]
        points = [each for each in said if stands_alone(each.text)][:_POINTS]
        cites = list(dict.fromkeys(cite for each in points for cite in each.cites))
        if len(points) == _POINTS:
            yield Open(
                id=f"{_EXTENDING}{number}",
                objective=objective,
                bloom="evaluate",
                stem=f"Which two points under “{section.title}” matter most for someone who is new to the topic? "
                "Give a reason for each.",
                term=section.title,
                feedback=points[0],
                cites=cites,
                answer=POINT.join(each.text for each in points),
            )


def _hardest(questions: Sequence[Question], wanted: int, objectives: Sequence[Objective]) -> list[Question]:
    """One for each objective, then those of the highest levels, in the lesson's order."""
    by_level = sorted(questions, key=lambda each: (-_BLOOMS.index(each.bloom), -each.ease))
    chosen = [
        next(question for question in by_level if question.objective == goal.id)
        for goal in objectives
        if any(question.objective == goal.id for question in questions)
    ]
    chosen += [question for question in by_level if question not in chosen]
    kept = chosen[: max(wanted, len(objectives))]
    return [question for question in questions if question in kept]
