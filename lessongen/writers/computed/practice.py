"""A writer's lesson on a skill with computed practice put into it: worked examples to follow, exercises to do.

The writer gives what a source says of the skill; what is calculated or formed by rule is computed, so that no model
and no article has to be trusted with it. Topics that are no skill are left as they are.
"""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lessongen.check.forms import IMPERATIVES
from lessongen.check.items import in_sequence
from lessongen.check.items.paper import Paper, content
from lessongen.lesson.attempt import Attempt
from lessongen.lesson.draft import Anew, Draft
from lessongen.lesson.editor import Editor, is_computed, without_checks
from lessongen.lesson.fact_sheet import grown, ungrown
from lessongen.lesson.limits import MINUTES, OBJECTIVES, QUESTIONS, SECTIONS, USUAL_QUESTIONS, USUAL_SECTIONS
from lessongen.lesson.material import Material
from lessongen.lesson.model import Activity, Block, Example, Lesson, Prose, Question, Section
from lessongen.lesson.questions.base import Places
from lessongen.lesson.questions.choice import Choice
from lessongen.lesson.task import LessonRequest
from lessongen.system.levels import grade_of
from lessongen.text.sentences import is_teachable, split_sentences
from lessongen.text.words import fold, stem
from lessongen.writers.computed import Module, Practice, keys_of, modules_for, sections
from lessongen.writers.variants import EXTEND, SUPPORT, variant_of

_LANGUAGE = "en"
_MOST_MODULES = 2
_SOURCED_QUESTIONS = USUAL_QUESTIONS.fewest  # the fewest that a lesson of sources alone has
_COMPUTED_QUESTIONS = 6
_SUPPORT_SOURCED, _SUPPORT_COMPUTED = 3, 5
_SPARE_QUESTIONS = 4  # for those that the gate objects to beside the others
_SHARE_SOURCED = 0.4  # where fewer questions are asked for than both kinds would have
_SHARE_OF_MINUTES = 0.5
_HOMEWORK = 4  # questions, where a model's lesson explains and practises by itself
_EXTRACTIVE = "extractive"  # whose lessons practise nothing else
_EASIER = {SUPPORT: -2, EXTEND: 2}
_OPENING, _LAST = ("starter", "engage"), ("check", "exit", "close")  # kinds of sections


def modules_of(request: LessonRequest) -> Sequence[Module]:
    """What computes practice for the request; nothing for most."""
    if request.language != _LANGUAGE:
        return ()
    return modules_for(request.subject, request.topic)[:_MOST_MODULES]


def for_writer(request: LessonRequest) -> LessonRequest:
    """The part of the request that a writer is to fulfil; practice takes the rest of its questions and minutes."""
    if not modules_of(request) or _is_homework(request):
        return request
    minutes = request.minutes and max(MINUTES.fewest, round(request.minutes * _SHARE_OF_MINUTES))
    return dataclasses.replace(request, questions=_SOURCED_QUESTIONS, minutes=minutes)


def materials(request: LessonRequest, material: Material) -> Iterator[Material]:
    """The material in the ways in which a lesson may be made of it, the best first.

    A skill's primer stands beside an article that is no more than a lead, and before one that does not begin by
    saying what the skill is, or that its own entry of that name explains. The user's own text and a whole article are
    enough by themselves; where they turn out too thin, the primer stands beside them.
    """
    primer = [each for each in material.primer if fold(each.title) != fold(material.article.title)]
    own = [each for each in material.primer if each not in primer]
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
    elif own and material.article not in own:
        yield dataclasses.replace(beside, article=own[0])
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
    if _is_homework(request):
        return dataclasses.replace(draft, lesson=_with_homework(draft.lesson, modules, request, attempt))
    lesson = draft.lesson
    starters = [each for each in lesson.questions if each.asks_prior_knowledge]  # beside those that are counted
    own = [each for each in lesson.questions if not each.asks_prior_knowledge]
    if variant_of(request) == SUPPORT:
        own = [each for each in own if each.has_one_answer]  # practice asks enough beside them
    sourced = _fewer(own, _sourced_wanted(request, len(own)))
    practices = _practices(modules, request, attempt, _computed_wanted(request, len(sourced)))
    computed = [_exercise(question) for each in practices for question in each.questions]
    starters = starters[: QUESTIONS.most - len(sourced) - len(computed)]
    asked = _placed([*starters, *sourced, *computed], attempt.seed)
    practised = [part for each in practices for part in sections(each)]
    minutes = request.minutes or lesson.minutes + sum(part.minutes for part in practised)
    kept = {question.id for question in asked}
    phases = _phases(without_checks(lesson.sections, kept), practised, min(_most_sections(lesson), minutes))
    return dataclasses.replace(draft, lesson=grown(_joined(lesson, practices, asked, with_minutes(phases, minutes))))


def _is_homework(request: LessonRequest) -> bool:
    """Whether practice is but homework after what a model's lesson has its students do."""
    return request.writer != _EXTRACTIVE and variant_of(request) not in (SUPPORT, EXTEND)


def _with_homework(lesson: Lesson, modules: Sequence[Module], request: LessonRequest, attempt: Attempt) -> Lesson:
    """The lesson with a few exercises to do at home, in words that it teaches; as it is where it has no room for them.

    They serve the objective that has students use something, or the last one.
    """
    goal = next((each for each in lesson.objectives if each.bloom == "apply"), lesson.objectives[-1]).id
    counted = sum(not each.asks_prior_knowledge for each in lesson.questions)
    room = min(_HOMEWORK, (request.questions or QUESTIONS.most) - counted, QUESTIONS.most - len(lesson.questions))
    practices = _practices(modules, request, attempt, max(0, room) + _SPARE_QUESTIONS)
    taught = Paper(lesson).taught
    exercises = [
        question.model_copy(update={"role": "homework", "objective": goal})
        for each in practices
        for question in each.questions
        if _telling(question.stem) <= taught
    ][: max(0, room)]
    if not exercises:
        return lesson
    by = sorted({question.by for question in exercises if question.by})
    provenance = lesson.provenance.model_copy(update={"computed": by})
    asked = _placed([*lesson.questions, *exercises], attempt.seed)
    return Editor(lesson).put(provenance=provenance).ask(asked).take_out(()).lesson


def _telling(stem_of_question: str) -> frozenset[str]:
    """The words by which a question is about something, numbers and what it tells one to do apart."""
    told = content(stem_of_question) - frozenset(map(stem, (*IMPERATIVES, "gap")))
    return frozenset(word for word in told if word.isalpha() and len(word) > 1)


def _exercise(question: Question) -> Question:
    """The question as one that a section of practice asks on the way."""
    return question.model_copy(update={"role": "check"})


def practice_anew(lesson: Lesson, key: str, request: LessonRequest, attempt: Attempt) -> Anew:
    """Other exercises, or other worked examples, for what is computed of the part of that key, if anything is."""
    kind, _, name = key.partition(":")
    modules = modules_of(request)
    if kind == "section":
        blocks = next(section.blocks for section in lesson.sections if section.id == name)
        if not modules or not any(isinstance(block, Example) and is_computed(block) for block in blocks):
            return Anew()
        practices = _practices(modules, request, attempt, _COMPUTED_QUESTIONS)
        blocks_anew: list[Prose | Activity | Example] = []
        for each in practices:
            blocks_anew += [*each.prose, *each.examples]
        return Anew(blocks=blocks_anew)
    meant = [each for each in lesson.questions if is_computed(each) and name in ("", each.id)]
    if not modules or not meant:
        return Anew()
    practices = _practices(modules, request, attempt, len(meant) + _SPARE_QUESTIONS)
    role = meant[0].role
    return Anew(
        questions=[
            question.model_copy(update={"role": role} if role == "homework" else {})
            for each in practices
            for question in each.questions
        ]
    )


def _sourced_wanted(request: LessonRequest, there_are: int) -> int:
    if request.questions is None and variant_of(request) == SUPPORT:
        return _SUPPORT_SOURCED
    if request.questions is None:
        return min(there_are, USUAL_QUESTIONS.most - _COMPUTED_QUESTIONS)
    if request.questions >= _SOURCED_QUESTIONS + _COMPUTED_QUESTIONS:
        return _SOURCED_QUESTIONS
    return round(request.questions * _SHARE_SOURCED)


def _computed_wanted(request: LessonRequest, sourced: int) -> int:
    if request.questions is None and variant_of(request) == SUPPORT:
        return _SUPPORT_COMPUTED + (sourced == 0)
    return request.questions - sourced if request.questions else _COMPUTED_QUESTIONS + 2 * (sourced == 0)


def _practices(modules: Sequence[Module], request: LessonRequest, attempt: Attempt, questions: int) -> list[Practice]:
    """The practice of each module, which share the questions; it never repeats what an earlier version asked."""
    used = sorted({key for lesson in attempt.earlier for question in lesson.questions for key in keys_of(question)})
    shares = [questions // len(modules) + (at < questions % len(modules)) for at in range(len(modules))]
    level = _level(request)
    practices = [
        module.practice(_rng(module, attempt.seed), level=level, questions=share, used=used)
        for module, share in zip(modules, shares, strict=True)
    ]
    if variant_of(request) == SUPPORT:
        practices[0] = _with_more_examples(practices[0], modules[0], _rng(modules[0], attempt.seed), level)
    return practices


def taught(module: Module, request: LessonRequest, seed: int) -> frozenset[str]:
    """The groups of a skill that a lesson of that seed shows and asks."""
    return module.taught(_rng(module, seed), level=_level(request))


def _rng(module: Module, seed: int) -> random.Random:
    return random.Random(f"{seed} practice {module.name}")  # noqa: S311 - choices, not secrets


def _level(request: LessonRequest) -> str:
    """The level of the exercises: for support two grades below the one asked for, for extend two above it."""
    shift = _EASIER.get(variant_of(request), 0)
    return f"grade-{min(12, max(1, grade_of(request.level) + shift))}" if shift else request.level


def _with_more_examples(practice: Practice, module: Module, rng: random.Random, level: str) -> Practice:
    """The practice with a worked example more that none of its questions asks."""
    asked = {key for question in practice.questions for key in keys_of(question)}
    shown = {example.problem for example in practice.examples} | {question.stem for question in practice.questions}
    more = module.practice(rng, level=level, questions=0, used=sorted(asked)).examples
    added = [each for each in more if each.problem not in shown and not any(each.problem in key for key in asked)]
    return dataclasses.replace(practice, examples=[*practice.examples, *added[:1]])


def _joined(
    lesson: Lesson, practices: Sequence[Practice], asked: Sequence[Question], phases: Sequence[Section]
) -> Lesson:
    """The lesson of these phases and questions, with the objectives that they serve and the quotes that they cite."""
    own = [goal for each in practices for goal in each.objectives]
    lesson, asked, phases = _with_room_for(len(own), lesson, asked, phases)
    goals = [*lesson.objectives, *own]
    by = sorted({question.by for question in asked if question.origin == "computed" and question.by})
    provenance = lesson.provenance.model_copy(update={"computed": by})
    joined = lesson.model_copy(update={"objectives": goals, "sections": list(phases), "provenance": provenance})
    return Editor(joined).ask(asked).take_out(()).lesson  # which numbers cycles anew


def _with_room_for(
    more: int, lesson: Lesson, asked: Sequence[Question], phases: Sequence[Section]
) -> tuple[Lesson, Sequence[Question], Sequence[Section]]:
    """The lesson with so few objectives that others find room; what served those that go serves the last that stays."""
    served_by = {question.objective for question in asked}
    goals = [goal for goal in lesson.objectives if goal.id in served_by]
    kept = goals[: OBJECTIVES.most - more]
    moved = {goal.id: kept[-1].id for goal in goals[len(kept) :]}
    questions = [each.model_copy(update={"objective": moved.get(each.objective, each.objective)}) for each in asked]
    serving = [
        phase.model_copy(update={"objectives": list(dict.fromkeys(moved.get(goal, goal) for goal in phase.objectives))})
        for phase in phases
    ]
    return lesson.model_copy(update={"objectives": kept}), questions, serving


def without_practice(lesson: Lesson) -> Lesson:
    """What the writer made of a lesson: all but its computed parts."""
    phases = []
    for phase in lesson.sections:
        blocks = [block for block in phase.blocks if not _is_computed(block)]
        if blocks:
            phases.append(phase.model_copy(update={"blocks": blocks}))
    kept = {question.id for question in lesson.questions if not is_computed(question)}
    provenance = lesson.provenance.model_copy(update={"computed": []})
    return ungrown(Editor(lesson).put(sections=phases, provenance=provenance).keep_questions(kept).lesson)


def _is_computed(block: Block) -> bool:
    if isinstance(block, Prose):
        return all(sentence.origin == "computed" for sentence in block.sentences)
    return isinstance(block, Example) and is_computed(block)


# ---------------------------------------------------------------- questions


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
    """The questions with the right options of computed ones where there are fewest, counting the writer's own.

    Numbers rise or fall, whichever puts the right one where there are fewer.
    """
    rng = random.Random(f"{seed} places")  # noqa: S311 - choices, not secrets
    taken = Counter(
        each.options.index(each.answer) for each in questions if isinstance(each, Choice) and each.origin != "computed"
    )
    placed: list[Question] = []
    for question in questions:
        if isinstance(question, Choice) and question.origin == "computed":
            place = Places(rng, taken.elements()).next(range(len(question.options)))
            wrong = [option for option in question.options if option != question.answer]
            rising = in_sequence(question.options) or ()
            orders = [rising, rising[::-1]] if rising else [[*wrong[:place], question.answer, *wrong[place:]]]
            options = min(orders, key=lambda each: taken[each.index(question.answer)])
            taken[options.index(question.answer)] += 1
            question = question.model_copy(update={"options": list(options)})
        placed.append(question)
    return placed


# ---------------------------------------------------------------- sections


def _most_sections(lesson: Lesson) -> int:
    """As many as there may be where ideas are taught in cycles; else as many as writers make."""
    return SECTIONS.most if any(phase.cycle for phase in lesson.sections) else USUAL_SECTIONS.most


def _phases(own: Sequence[Section], practised: Sequence[Section], most: int) -> list[Section]:
    """The writer's sections with those of the practice before its last ones; of too many, neighbours become one.

    Practice belongs to no cycle: it stands behind the last of them, and before the section that asks in the end.
    """
    last = [phase for phase in own if phase.kind in _LAST]
    rest = [phase for phase in own if phase.kind not in _LAST]
    opening = [phase for phase in rest[:1] if phase.kind in _OPENING]
    middle = rest[len(opening) :]
    computed = [
        merged([part for part in practised if part.kind == kind])
        for kind in ("model", "practice")
        if any(part.kind == kind for part in practised)
    ]
    if len(last) > 1:
        last = [merged(last)]
    while len(middle) > 1 and len(opening) + len(middle) + len(computed) + len(last) > most:
        at = _place_to_join(middle)
        middle[at : at + 2] = [merged(middle[at : at + 2])]
    return [*opening, *middle, *computed, *last]


def _place_to_join(phases: Sequence[Section]) -> int:
    """The place of the first section that becomes one with the next: rather two of a cycle than two ideas."""
    pairs = pairwise(phases)
    return next((at for at, (one, other) in enumerate(pairs) if one.cycle and one.cycle == other.cycle), 0)


def merged(phases: Sequence[Section]) -> Section:
    """Sections one after the other as one, under the first one's id, kind and title."""
    first = phases[0]
    return first.model_copy(
        update={
            "minutes": sum(phase.minutes for phase in phases),
            "objectives": list(dict.fromkeys(goal for phase in phases for goal in phase.objectives)),
            "blocks": [block for phase in phases for block in phase.blocks],
            "notes": [note for phase in phases for note in phase.notes],
        }
    )


def with_minutes(phases: Sequence[Section], total: int) -> list[Section]:
    """The sections with whole minutes, at least one each, in the shares that they have, that add up to `total`."""
    room = total - len(phases)
    if room < 0:
        raise ValueError(f"{len(phases)} sections take at least as many minutes, not {total}")
    before = sum(phase.minutes for phase in phases)
    if before == total:
        return list(phases)
    shares = [phase.minutes / before * room for phase in phases]
    whole = [1 + int(share) for share in shares]
    by_remainder = sorted(range(len(phases)), key=lambda at: int(shares[at]) - shares[at])
    for at in by_remainder[: total - sum(whole)]:
        whole[at] += 1
    return [phase.model_copy(update={"minutes": minutes}) for phase, minutes in zip(phases, whole, strict=True)]
