"""A writer's lesson on a skill with computed practice put into it: worked examples to follow, exercises to do.

The writer gives what a source says of the skill; what is calculated or formed by rule is computed, so that no model
and no article has to be trusted with it. Topics that are no skill are left as they are.
"""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Iterator, Sequence

from lessongen.computed import Module, Practice, keys_of, modules_for, sections
from lessongen.language.sentences import is_teachable, split_sentences
from lessongen.language.words import fold
from lessongen.lesson import Check, Choice, Lesson, Question, Section
from lessongen.ports.content import Attempt, Draft, Material
from lessongen.task import LessonRequest

_LANGUAGE = "en"
_MOST_MODULES = 2
_SOURCED_QUESTIONS = 5  # the fewest that a lesson of sources alone has
_COMPUTED_QUESTIONS = 6
_SHARE_SOURCED = 0.4  # where fewer questions are asked for than both kinds would have
_MOST_SECTIONS = 6
_FEWEST_MINUTES = 5
_SHARE_OF_MINUTES = 0.5
_MOST_OBJECTIVES = 4
_MOST_QUESTIONS = 12
_LAST = ("check", "close")


def modules_of(request: LessonRequest) -> Sequence[Module]:
    """What computes practice for the request; nothing for most."""
    if request.language != _LANGUAGE:
        return ()
    return modules_for(request.subject, request.topic)[:_MOST_MODULES]


def for_writer(request: LessonRequest) -> LessonRequest:
    """The part of the request that a writer is to fulfil; practice takes the rest of its questions and minutes."""
    if not modules_of(request):
        return request
    minutes = request.minutes and max(_FEWEST_MINUTES, round(request.minutes * _SHARE_OF_MINUTES))
    return dataclasses.replace(request, questions=_SOURCED_QUESTIONS, minutes=minutes)


def materials(request: LessonRequest, material: Material) -> Iterator[Material]:
    """The material in the ways in which a lesson may be made of it, the best first.

    A skill's primer stands beside an article that is no more than a lead, and before one that does not begin by
    saying what the skill is. The user's own text and a whole article are enough by themselves; where they turn out too
    thin, the primer stands beside them.
    """
    primer = [each for each in material.primer if fold(each.title) != fold(material.article.title)]
    if not primer or material.article in material.primer:
        yield dataclasses.replace(material, is_closed=bool(material.primer))
        return
    beside = dataclasses.replace(material, others=(*material.others, *primer), is_closed=True)
    first, *rest = material.primer
    before = dataclasses.replace(beside, article=first, others=(*rest, material.article, *material.others))
    is_whole = len(material.article.parts) > 1
    if request.sources or request.article or is_whole:
        yield material
        yield beside
    elif _says_what_it_is(material):
        yield beside
        yield before
    else:
        yield before


def _says_what_it_is(material: Material) -> bool:
    """Whether the article opens with a sentence that a lesson can open with, too."""
    opening = split_sentences(material.article.text[:2_000])
    return bool(opening) and is_teachable(opening[0].text)


# ---------------------------------------------------------------- practice in a lesson


def with_practice(draft: Draft, request: LessonRequest, attempt: Attempt) -> Draft:
    """The draft with worked examples and exercises, fresh against earlier versions; unchanged where it is no skill."""
    modules = modules_of(request)
    if not modules:
        return draft
    lesson = draft.lesson
    sourced = _fewer(
        _on_few(lesson.questions, _MOST_OBJECTIVES - len(modules)),  # each module brings an objective of its own
        _sourced_wanted(request),
    )
    practices = _practices(modules, request, attempt, _computed_wanted(request, len(sourced)))
    asked = _placed([*sourced, *(question for each in practices for question in each.questions)], attempt.seed)
    minutes = request.minutes or lesson.minutes + sum(part.minutes for each in practices for part in sections(each))
    kept = {question.id for question in asked}
    phases = _phases(_without_checks(lesson.sections, kept), practices, min(_MOST_SECTIONS, minutes))
    return dataclasses.replace(
        draft,
        lesson=_joined(lesson, practices, asked, with_minutes(phases, minutes)),
    )


def _sourced_wanted(request: LessonRequest) -> int:
    if request.questions is None or request.questions >= _SOURCED_QUESTIONS + _COMPUTED_QUESTIONS:
        return _SOURCED_QUESTIONS
    return round(request.questions * _SHARE_SOURCED)


def _computed_wanted(request: LessonRequest, sourced: int) -> int:
    return request.questions - sourced if request.questions else _COMPUTED_QUESTIONS


def _practices(modules: Sequence[Module], request: LessonRequest, attempt: Attempt, questions: int) -> list[Practice]:
    """The practice of each module, which share the questions; it never repeats what an earlier version asked."""
    used = sorted({key for lesson in attempt.earlier for question in lesson.questions for key in keys_of(question)})
    rng = random.Random(f"{attempt.seed} practice")  # noqa: S311 - choices, not secrets
    shares = [questions // len(modules) + (at < questions % len(modules)) for at in range(len(modules))]
    return [
        module.practice(rng, level=request.level, questions=share, used=used)
        for module, share in zip(modules, shares, strict=True)
    ]


def _joined(
    lesson: Lesson, practices: Sequence[Practice], asked: Sequence[Question], phases: Sequence[Section]
) -> Lesson:
    """The lesson of these phases and questions, with the objectives that they serve and the quotes that they cite."""
    goals = [*lesson.objectives, *(goal for each in practices for goal in each.objectives)]
    served = {question.objective for question in asked}
    joined = lesson.model_copy(
        update={
            "minutes": sum(phase.minutes for phase in phases),
            "objectives": [goal for goal in goals if goal.id in served],
            "questions": list(asked),
            "sections": [
                phase.model_copy(update={"objectives": [goal for goal in phase.objectives if goal in served]})
                for phase in phases
            ],
            "provenance": lesson.provenance.model_copy(
                update={"computed": sorted({question.by for question in asked if question.by})}
            ),
        }
    )
    return _without_idle_quotes(joined)


def _without_idle_quotes(lesson: Lesson) -> Lesson:
    """The lesson without quotes that only a dropped question cited, and without sources that so have none."""
    statements = [
        lesson.summary,
        *(each.definition for each in lesson.key_terms),
        *(each.correction for each in lesson.misconceptions),
        *(each.feedback for each in lesson.questions),
    ]
    cited = {cite for each in (*statements, *lesson.questions) for cite in each.cites}
    for phase in lesson.sections:
        for block in phase.blocks:
            lines = block.sentences if block.kind == "prose" else block.steps if block.kind == "example" else ()
            cited.update(cite for line in lines for cite in line.cites)
            cited.update(block.cites if block.kind == "example" else ())
    kept = [
        source.model_copy(update={"quotes": [quote for quote in source.quotes if quote.id in cited]})
        for source in lesson.sources
    ]
    return lesson.model_copy(update={"sources": [kept[0], *(source for source in kept[1:] if source.quotes)]})


# ---------------------------------------------------------------- questions


def _on_few(questions: Sequence[Question], most: int) -> list[Question]:
    """The questions on the objectives that most of them serve, so many objectives at most."""
    goals = [goal for goal, _ in Counter(question.objective for question in questions).most_common(most)]
    return [question for question in questions if question.objective in goals]


def _fewer(questions: Sequence[Question], most: int) -> list[Question]:
    """So many of the questions, in their order: of each objective the first ones, and kinds that take turns."""
    chosen: list[Question] = []
    while len(chosen) < min(most, len(questions)):
        goals = Counter(question.objective for question in chosen)
        kinds = Counter(question.kind for question in chosen)
        rest = [question for question in questions if question not in chosen]
        chosen.append(min(rest, key=lambda each: (goals[each.objective], kinds[each.kind])))
    return [question for question in questions if question in chosen]


def _placed(questions: Sequence[Question], seed: int) -> list[Question]:
    """The questions with the right options of computed ones where there are fewest, counting the writer's own."""
    rng = random.Random(f"{seed} places")  # noqa: S311 - choices, not secrets
    taken = Counter(
        each.options.index(each.answer) for each in questions if isinstance(each, Choice) and each.origin != "computed"
    )
    placed: list[Question] = []
    for question in questions:
        if isinstance(question, Choice) and question.origin == "computed":
            place = min(range(len(question.options)), key=lambda each: (taken[each], rng.random()))
            taken[place] += 1
            wrong = [option for option in question.options if option != question.answer]
            question = question.model_copy(update={"options": [*wrong[:place], question.answer, *wrong[place:]]})
        placed.append(question)
    return placed


# ---------------------------------------------------------------- sections


def _without_checks(phases: Sequence[Section], kept: set[str]) -> list[Section]:
    """The sections without the places where dropped questions were asked; one that has nothing else goes."""
    left = []
    for phase in phases:
        blocks = [block for block in phase.blocks if not isinstance(block, Check) or block.question in kept]
        if blocks:
            left.append(phase.model_copy(update={"blocks": blocks}))
    return left


def _phases(own: Sequence[Section], practices: Sequence[Practice], most: int) -> list[Section]:
    """The writer's sections with those of the practice before its last ones; of too many, neighbours become one."""
    last = [phase for phase in own if phase.kind in _LAST]
    rest = [phase for phase in own if phase.kind not in _LAST]
    opening = [phase for phase in rest[:1] if phase.kind == "engage"]
    middle = rest[len(opening) :]
    practised = [part for practice in practices for part in sections(practice)]
    computed = [
        merged([part for part in practised if part.kind == kind])
        for kind in ("model", "practice")
        if any(part.kind == kind for part in practised)
    ]
    if len(last) > 1:
        last = [merged(last)]
    while len(middle) > 1 and len(opening) + len(middle) + len(computed) + len(last) > most:
        middle = [merged(middle[:2]), *middle[2:]]
    return [*opening, *middle, *computed, *last]


def merged(phases: Sequence[Section]) -> Section:
    """Sections one after the other as one, under the first one's id, kind and title."""
    first = phases[0]
    return first.model_copy(
        update={
            "minutes": sum(phase.minutes for phase in phases),
            "objectives": list(dict.fromkeys(goal for phase in phases for goal in phase.objectives)),
            "blocks": [block for phase in phases for block in phase.blocks],
        }
    )


def with_minutes(phases: Sequence[Section], total: int) -> list[Section]:
    """The sections with whole minutes, at least one each, in the shares that they have, that add up to `total`."""
    room = total - len(phases)
    if room < 0:
        raise ValueError(f"{len(phases)} sections take at least as many minutes, not {total}")
    before = sum(phase.minutes for phase in phases)
    shares = [phase.minutes / before * room for phase in phases]
    whole = [1 + int(share) for share in shares]
    by_remainder = sorted(range(len(phases)), key=lambda at: int(shares[at]) - shares[at])
    for at in by_remainder[: total - sum(whole)]:
        whole[at] += 1
    return [phase.model_copy(update={"minutes": minutes}) for phase, minutes in zip(phases, whole, strict=True)]
