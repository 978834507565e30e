"""A draft on its way to a lesson: judged and reviewed at once, mended once, and what is then still wrong goes.

The last step asks nobody: what was refused again gives way to its quote or goes, flawed questions go while enough are
left, the extractive writer's fill up a quiz that is too short, and what the gate objects to is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from lessongen.check.gate import Report, examine
from lessongen.check.in_passing import UNANSWERED, UNTAUGHT
from lessongen.check.items import flaws
from lessongen.check.level import TOO_EASY, TOO_HARD
from lessongen.check.pointers import MISFIT, dangling
from lessongen.check.reading import Reading
from lessongen.generation.choosing import surplus, without_surplus
from lessongen.generation.filling import filled
from lessongen.generation.judging import Judging
from lessongen.generation.merge import as_draft, kept_keys, merged
from lessongen.generation.repair import repaired
from lessongen.generation.verdicts import Outcome, settled_by_rules
from lessongen.lesson.attempt import Attempt
from lessongen.lesson.draft import Draft, Problem, Stored
from lessongen.lesson.editor import Editor
from lessongen.lesson.material import Material, Writer
from lessongen.lesson.model import FEWEST, Activity, Check, Lesson, Prose, Statement, Task
from lessongen.lesson.place import Place
from lessongen.lesson.task import LessonRequest
from lessongen.system.errors import CheckFailed

_PROBLEMS_SHOWN = 3
_MENDED_BY_TURNING = ("choice-answer-place",)  # options: no writer is asked for that


@dataclass(frozen=True, kw_only=True)
class _Weighed:
    """A draft with what judge, review and gate said of it; `found` is the review's."""

    outcome: Outcome
    found: Sequence[Problem]

    @cached_property
    def problems(self) -> list[Problem]:
        """All that a writer has to mend, what was refused first."""
        refused = [each.judged.where for each in self.outcome.refused]
        report = examine(self.outcome.draft.lesson, self.outcome.draft.texts)
        objected = [
            each
            for each in report.problems
            if each.rule not in _MENDED_BY_TURNING and not any(each.where.is_within(where) for where in refused)
        ]
        return [*(each.problem for each in self.outcome.refused), *self.found, *objected]


@dataclass(frozen=True, kw_only=True)
class Mending:
    """Who has a say in one draft: who judges it, who wrote it, and whose questions fill it up."""

    judging: Judging | None
    writer: Writer
    filler: Callable[[], Writer] | None
    request: LessonRequest
    material: Material
    attempt: Attempt
    stored: Stored | None

    def passed(self, draft: Draft) -> tuple[Draft, int]:
        """The draft as it passed, and by how many rules it was examined.

        Raises `CheckFailed` where the writer is not able enough, or where too little is left that is good.
        """
        weighed = self._weighed(self._likely(with_locked(draft, self.stored)), None)
        weighed.outcome.require_ability()
        before = weighed.outcome.draft
        gone = surplus(before.lesson, weighed.problems, draft.shown, self._kept_questions, draft.least)
        problems = without_surplus(before.lesson, weighed.problems, gone)
        if problems:
            mended = self.writer.repair(before, problems, self.request, self.material, self.attempt)
            if mended is not None:
                spare = gone - {before.lesson.questions[at].id for at in _flawed(weighed.problems)}
                mended = with_locked(mended, self.stored)
                mended = replace(mended, lesson=self._without(mended.lesson, gone - spare))
                known = {each.id for each in before.lesson.questions}
                shown = Counter[str](each.role for each in mended.lesson.questions if each.id in known - spare)
                mended = self._likely(replace(mended, shown=shown))
                weighed = self._weighed(mended, before)
                gone = self._exchanged(weighed, spare | {each.id for each in mended.lesson.questions} - known)
        self.attempt.progress("check", 90, "Checking every sentence against its source")
        return self._settled(weighed, gone)

    # ------------------------------------------------------------ judge and review

    def _likely(self, draft: Draft) -> Draft:
        """The draft without questions of which a program sees that they are flawed, while a role has enough others.

        Nobody is paid to judge and to answer what would go anyway.
        """
        if not draft.shown:
            return draft
        questions = draft.lesson.questions
        seen = [each for each in flaws(draft.lesson) if questions[int(each.where.steps[1])].origin == "written"]
        flawed = {questions[at].id for at in _flawed(seen)}
        fine = Counter[str](each.role for each in questions if each.id not in flawed)
        most = {role: max(number, fine[role]) for role, number in draft.shown.items()}
        gone = surplus(draft.lesson, seen, most, self._kept_questions)
        return replace(draft, lesson=self._without(draft.lesson, gone))

    def _weighed(self, draft: Draft, before: Draft | None) -> _Weighed:
        """The draft judged and reviewed, both at once where a model does so."""

        def judge(attempt: Attempt) -> Any:
            if self.judging is None:
                return Outcome(draft=draft)
            return self.judging.draft(draft, self.request, attempt, self.stored)

        def review(attempt: Attempt) -> Any:
            return self.writer.review(draft, self.request, self.material, attempt, before)

        works = (judge, review)
        at_once = self.writer.writes_freely
        outcome, found = self.attempt.together(works) if at_once else [work(self.attempt) for work in works]
        return _Weighed(outcome=outcome, found=found)

    def _exchanged(self, weighed: _Weighed, spare: Collection[str]) -> frozenset[str]:
        """Which questions go: the spare ones, but for one without a flaw in the place of each that still has one."""
        questions = weighed.outcome.draft.lesson.questions
        flaws = _flawed(weighed.problems)
        good = [each for at, each in enumerate(questions) if each.id in spare and at not in flaws]
        gone = {each.id for each in questions if each.id in spare and not self._is_kept(each.id)}
        for at, _ in flaws.most_common():
            bad = questions[at]
            fit = [each for each in good if each.asks_prior_knowledge == bad.asks_prior_knowledge]
            if fit and bad.id not in gone and not self._is_kept(bad.id):
                best = min(fit, key=lambda each: (each.objective != bad.objective, each.role != bad.role))
                good.remove(best)
                gone = (gone - {best.id}) | {bad.id}
        return frozenset(gone)

    # ------------------------------------------------------------ the end, without any model

    def _settled(self, weighed: _Weighed, gone: Collection[str]) -> tuple[Draft, int]:
        """What is left of the draft when all that is still wrong with it has gone, and the questions `gone`."""
        judged = weighed.outcome.draft
        lesson = self._without_flaws(weighed, gone) if self.writer.writes_freely else judged.lesson
        draft = judged
        if lesson != judged.lesson:
            lesson, texts = self._filled(lesson, judged)
            try:
                draft = as_draft(lesson, texts)
            except ValidationError as error:
                if weighed.outcome.refused:
                    raise weighed.outcome.too_little() from error
                raise refused(weighed.problems) from error
        draft, report = self._examined(draft)
        if not report.passed:
            raise refused(report.problems)
        return draft, report.rules

    def _without_flaws(self, weighed: _Weighed, gone: Collection[str]) -> Lesson:
        """The lesson without what was refused, objected to or found flawed; it may be too short, nobody validates it.

        A flaw of a question lets it go while enough are left; of all else it is told to the teacher.
        """
        outcome = weighed.outcome
        asked = outcome.draft.lesson.questions
        lesson = self._without(outcome.settled() if outcome.refused else outcome.draft.lesson, gone)
        lesson = settled_by_rules(lesson, outcome.draft.texts, self._kept)
        lesson = self._without(lesson, self._objected(lesson, outcome.draft))
        flawed = Counter(asked[at].id for problem in weighed.found if (at := _question_at(problem.where)) is not None)
        present = {each.id for each in lesson.questions}
        going = [name for name, _ in flawed.most_common() if name in present and not self._is_kept(name)]
        free = {each.id for each in lesson.questions if each.asks_prior_knowledge}
        room = max(0, _asked(lesson) - _fewest(lesson))
        counted = [name for name in going if name not in free]
        lesson = self._without(lesson, {*counted[:room], *free.intersection(going)})
        misfits = {
            text: each
            for each in weighed.found
            if each.rule not in (TOO_HARD, TOO_EASY) and (text := _led_over(outcome.draft.lesson, each.where))
        }
        lesson, open_tasks = self._without_unanswerable(lesson, weighed)
        lesson = self._without_pointers(self._without_hollow(lesson), misfits)
        rest = [each for each in weighed.found if each not in misfits.values() and each not in open_tasks]
        return _told(lesson, [*_notices(rest, outcome.draft.lesson), *_of_number(lesson, self.request)])

    def _without(self, lesson: Lesson, names: Collection[str]) -> Lesson:
        """The lesson without the questions of these ids, and with what served them in order again."""
        if not names:
            return lesson
        gone = [Place.of("questions", at) for at, each in enumerate(lesson.questions) if each.id in names]
        if not gone:
            return lesson
        return Editor(lesson).take_out(gone).serve_objectives(self._kept).add_minutes().prune_sources().lesson

    def _without_hollow(self, lesson: Lesson) -> Lesson:
        """The lesson without what led up to a task that has gone: all of its section but the questions there."""
        gone: list[Place] = []
        for at, section in enumerate(lesson.sections):
            does = any(isinstance(block, (Task, Activity)) for block in section.blocks)
            if section.kind != "practice" or does or f"section:{section.id}" in self._kept:
                continue
            where = Place.of("sections", at)
            rest = [index for index, block in enumerate(section.blocks) if not isinstance(block, Check)]
            gone += [where.at("blocks", index) for index in rest]
            gone += [where.at("notes", index) for index in range(len(section.notes))]
        return Editor(lesson).take_out(gone).add_minutes().prune_sources().lesson if gone else lesson

    def _without_unanswerable(self, lesson: Lesson, weighed: _Weighed) -> tuple[Lesson, list[Problem]]:
        """The lesson without tasks that what it teaches does not answer, while their section has others; whose went."""
        asked = dict(Reading(weighed.outcome.draft.lesson, {}).pieces)
        against = {
            part.prompt: each
            for each in weighed.found
            if each.rule in (UNANSWERED, UNTAUGHT) and isinstance(part := asked.get(each.where), Task)
        }
        gone: dict[Place, Problem] = {}
        for at, section in enumerate(lesson.sections):
            tasks = [(number, each) for number, each in enumerate(section.blocks) if isinstance(each, Task)]
            bad = [(number, against[each.prompt]) for number, each in tasks if each.prompt in against]
            if f"section:{section.id}" not in self._kept:
                found = bad[: max(0, len(tasks) - 1)]
                gone |= {Place.of("sections", at, "blocks", number): problem for number, problem in found}
        editor = Editor(lesson)
        changed = editor.take_out(list(gone)).add_minutes().prune_sources().lesson if gone else lesson
        return changed, list(gone.values())

    def _without_pointers(self, lesson: Lesson, misfits: Collection[str]) -> Lesson:
        """The lesson without the sentences and notes that name a part that has gone, or that were found not to fit."""
        pointing = {problem.where for problem in dangling(lesson)}
        gone = [
            where
            for where, said in _beside_facts(lesson)
            if (where in pointing or said.text in misfits)
            and f"section:{lesson.sections[int(where.steps[1])].id}" not in self._kept
        ]
        return Editor(lesson).take_out(gone).add_minutes().prune_sources().lesson if gone else lesson

    def _objected(self, lesson: Lesson, judged: Draft) -> list[str]:
        """The questions that the gate objects to and that may go."""
        report = examine(lesson, judged.texts)
        places = [_question_at(problem.where) for problem in report.problems if not _is_of_a_why(problem.where)]
        names = dict.fromkeys(lesson.questions[at].id for at in places if at is not None)
        return [name for name in names if not self._is_kept(name)]

    def _filled(self, lesson: Lesson, judged: Draft) -> tuple[Lesson, dict[str, str]]:
        """The lesson with as many questions as it needs, of quotes where the writer's own are too few."""
        texts = dict(judged.texts)
        missing = _fewest(lesson) - _asked(lesson)
        if missing <= 0 or self.filler is None:
            return lesson, texts
        return filled(lesson, texts, missing, self.filler(), self.request, self.attempt)

    def _examined(self, draft: Draft) -> tuple[Draft, Report]:
        return examined(draft, self.stored, may_repair=self.writer.writes_freely)

    @property
    def _kept_questions(self) -> Collection[str]:
        return {key.partition(":")[2] for key in self._kept if key.startswith("question:")}

    @property
    def _kept(self) -> Collection[str]:
        """The keys of what is locked."""
        return kept_keys(self.stored.draft.lesson, self.stored.locks) if self.stored else frozenset()

    def _is_kept(self, question: str) -> bool:
        return f"question:{question}" in self._kept


def _fewest(lesson: Lesson) -> int:
    return FEWEST["questions"] if lesson.kind == "lesson" else 0


def _asked(lesson: Lesson) -> int:
    """How many questions there are on what the lesson teaches."""
    return sum(not question.asks_prior_knowledge for question in lesson.questions)


def _flawed(problems: Sequence[Problem]) -> Counter[int]:
    """The places of the questions that something besides a reason is wrong with, and how much is."""
    found = [
        at for each in problems if (at := _question_at(each.where)) is not None and not _is_of_a_reason(each.where)
    ]
    return Counter(found)


def _question_at(where: Place) -> int | None:
    match where.steps:
        case ("questions", int(at), *_):
            return at
    return None


def _is_of_a_reason(where: Place) -> bool:
    """Whether it is an explanation or what is said of a wrong option, which is mended alone."""
    return where.steps[2:3] in (("feedback",), ("why",))


def _is_of_a_why(where: Place) -> bool:
    """Whether it is what is said of a wrong option, which can go without its question."""
    return where.steps[2:3] == ("why",)


def _notices(found: Sequence[Problem], lesson: Lesson) -> Iterator[str]:
    """What a teacher is told of the findings that no question can be blamed for; the level is told of as a whole."""
    reading = Reading(lesson, {})
    texts = {each.where: each.text for each in reading.uncited} | {each.where: each.text for each in reading.statements}
    for problem in found:
        if problem.rule in (TOO_HARD, TOO_EASY):
            continue
        message = problem.message
        if problem.rule == MISFIT:  # what a model says of a lesson is told as its word, of a text that is there
            named = texts.get(problem.where, "")
            if not named:
                continue
            message = f"of “{named}” a reading model says: {message.rstrip('.')}"
        match problem.where.steps:
            case ("questions", *_):
                continue
            case ("sections", int(at), *_):
                yield f"Section {at + 1}, “{lesson.sections[at].title}”: {message}."
            case (str(name), *_) if problem.rule == MISFIT:
                yield f"{name.replace('_', ' ').capitalize()}: {message}."
            case _:
                yield f"{message[:1].upper()}{message[1:]}."


def _of_number(lesson: Lesson, request: LessonRequest) -> Iterator[str]:
    """That there are fewer questions than were asked for."""
    if request.questions and _asked(lesson) < request.questions:
        yield f"{_asked(lesson)} questions passed their checks, not the {request.questions} asked for."


def _beside_facts(lesson: Lesson) -> Iterator[tuple[Place, Statement]]:
    """The notes for the teacher, and the sentences of the running text."""
    for at, section in enumerate(lesson.sections):
        where = Place.of("sections", at)
        yield from ((where.at("notes", index), note) for index, note in enumerate(section.notes))
        for number, block in enumerate(section.blocks):
            if isinstance(block, Prose):
                own = where.at("blocks", number, "sentences")
                yield from ((own.at(index), sentence) for index, sentence in enumerate(block.sentences))


def _led_over(lesson: Lesson, where: Place) -> str:
    """The note at a place, or the sentence there that states nothing; "" where something else stands."""
    said = dict(_beside_facts(lesson)).get(where)
    return said.text if said is not None and ("notes" in where.steps or said.role == "framing") else ""


def _told(lesson: Lesson, notices: Sequence[str]) -> Lesson:
    """The lesson with these notices, each once."""
    if not notices:
        return lesson
    made = lesson.provenance
    told = made.model_copy(update={"notices": list(dict.fromkeys([*made.notices, *notices]))})
    return lesson.model_copy(update={"provenance": told})


# ---------------------------------------------------------------- what is locked, and what was refused


def with_locked(draft: Draft, stored: Stored | None) -> Draft:
    """The draft with what is locked of the newest version in place of its own parts."""
    return draft if stored is None or not stored.locks else merged(stored.draft, draft, stored.locks)


def examined(draft: Draft, stored: Stored | None, *, may_repair: bool) -> tuple[Draft, Report]:
    """The gate's report; where it may be repaired, and around what is locked, what the gate objects to goes."""
    kept = kept_keys(stored.draft.lesson, stored.locks) if stored is not None else frozenset[str]()
    if may_repair or kept:
        return repaired(draft, kept)
    return draft, examine(draft.lesson, draft.texts)


def refused(problems: Sequence[Problem]) -> CheckFailed:
    """That a lesson was not saved, with what was wrong with it."""
    counts = Counter(problem.rule for problem in problems)
    told = ", ".join(f"{rule} ({count})" if count > 1 else rule for rule, count in counts.most_common())
    shown = "; ".join(f"{problem.where} {problem.message}" for problem in problems[:_PROBLEMS_SHOWN])
    return CheckFailed(
        f"The lesson did not pass its checks, so it was not saved. Broken: {told}. For example: {shown}.",
        hint="Try again with another --seed, or with --article TITLE.",
    )
