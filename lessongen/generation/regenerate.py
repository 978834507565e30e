"""One part of a stored lesson made anew: the part that a writer made put in its place, all else as it was.

Only the list of sources follows: what the new part cites comes in, what nothing cites any more goes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from lessongen.check.gate import Problem, examine
from lessongen.generation.merge import as_draft
from lessongen.lesson.draft import Anew, Draft
from lessongen.lesson.editor import Editor, asked_in, cites_of, is_computed, sentences_of
from lessongen.lesson.model import (
    Activity,
    Analogy,
    Block,
    Check,
    Example,
    Prose,
    Question,
    Section,
    Statement,
    Task,
)
from lessongen.lesson.parts import QUIZ, Part, part_keyed
from lessongen.lesson.place import Place
from lessongen.lesson.questions.choice import Choice
from lessongen.lesson.statement import Model
from lessongen.system.errors import TooThin
from lessongen.text.sentences import points_back
from lessongen.text.words import fold, word_count

_ROUNDS = 16
_MADE_ANEW = (Prose, Example, Check, Activity)
_ENOUGH_FRESH = 0.6  # of the old words: then nothing of the old text need stay for its length
_OPTIONS = ("choice-answer-place", "choice-answer-length")
_BY_HAND = "Change it by hand with `lessongen edit`, or write the whole lesson again with `lessongen create`."

Piece = TypeVar("Piece", bound=Model)


def with_anew(stored: Draft, key: str, anew: Anew, kept: frozenset[str]) -> tuple[Draft, int]:
    """The stored lesson with the part of that key anew, past the gate, and by how many rules that examined it.

    Parts of the keys `kept` stay, also within the part. Of a quiz at least half the questions are new, and those stay
    that the sources bear no others for. Raises `TooThin` where what was made anew does not do.
    """
    part = part_keyed(stored.lesson, key)
    if part is None:
        raise TooThin(f"The lesson has no such part any more: {key}.", hint="`lessongen show` shows what it has.")
    if part.is_section:
        return _Section(stored, part, anew).settled()
    if key != QUIZ:
        return _Questions(stored, part, anew, {part.id}).settled()
    names = {each.id for each in stored.lesson.questions if f"question:{each.id}" not in kept}
    return _Questions(stored, part, anew, names, may_stay=len(names) // 2).settled()


def with_questions(stored: Draft, names: Collection[str], anew: Anew) -> tuple[Draft, int]:
    """The stored lesson with others in the places of the questions of these ids. Raises `TooThin`."""
    quiz = part_keyed(stored.lesson, QUIZ)
    assert quiz is not None  # noqa: S101 - every lesson has a quiz
    return _Questions(stored, quiz, anew, names).settled()


class _Anew:
    """What both kinds of parts are put in by."""

    def __init__(self, stored: Draft, part: Part, anew: Anew) -> None:
        self.old = stored.lesson
        self.part = part
        self._editor = Editor(stored.lesson)
        self._texts = {**stored.texts, **(anew.reserve.texts if anew.reserve else {}), **anew.texts}

    def carried(self, pieces: Iterable[Piece], anew: Anew) -> list[Piece]:
        """The writer's pieces, citing quotes by their ids in this lesson."""
        return [self._editor.carry(piece, anew.sources) for piece in pieces]

    def examined(
        self, *, questions: Sequence[Question] = (), sections: Sequence[Section] = ()
    ) -> tuple[Draft, Sequence[Problem], int]:
        """The lesson with these in place of its own as a draft, with what the gate says of it."""
        editor = Editor(self._editor.lesson)
        editor.put(questions=list(questions or self.old.questions), sections=list(sections or self.old.sections))
        draft = as_draft(editor.prune_sources().lesson, self._texts)
        report = examine(draft.lesson, draft.texts)
        return draft, report.problems, report.rules

    def too_thin(self, reason: str) -> TooThin:
        """Why the part can't be made anew."""
        title = self.part.title[:1].upper() + self.part.title[1:]
        return TooThin(f"{title} can't be made anew: {reason}. Nothing was saved.", hint=_BY_HAND)


# ---------------------------------------------------------------- questions


class _Questions(_Anew):
    """Questions in the places of others, under their ids and for their objectives.

    Up to `may_stay` of those others stay where there are too few new ones.
    """

    def __init__(self, stored: Draft, part: Part, anew: Anew, names: Collection[str], *, may_stay: int = 0) -> None:
        super().__init__(stored, part, anew)
        self._slots = [at for at, each in enumerate(self.old.questions) if each.id in names]
        self._staying = [each for at, each in enumerate(self.old.questions) if at not in self._slots]
        self._may_stay = may_stay
        before = {_asks(each) for each in self.old.questions}
        made = self.carried(anew.questions, anew)
        made += self.carried(anew.reserve.questions, anew.reserve) if anew.reserve else []
        pool = [each for each in made if _asks(each) not in before]
        self._pool = [each for each in pool if not any(_are_alike(each, other) for other in self._staying)]

    def settled(self) -> tuple[Draft, int]:
        """The lesson with the best of the questions that pass the gate."""
        for _ in range(_ROUNDS):
            while len(chosen := self._chosen()) < len(self._slots) and self._may_stay:
                self._leave_one()
            if len(chosen) < len(self._slots):
                wanted = f"{len(self._slots)} new question{'s' if len(self._slots) > 1 else ''}"
                raise self.too_thin(f"what the lesson says bears {len(chosen)} of the {wanted} that it needs")
            placed = self._placed(chosen)
            questions = list(self.old.questions)
            for at, question in placed.items():
                was = questions[at]
                questions[at] = question.model_copy(update={"id": was.id, "objective": was.objective, "role": was.role})
            draft, problems, rules = self.examined(questions=questions)
            if not problems:
                return draft, rules
            if not any([self._mend(problem, placed) for problem in problems]):
                break
        raise self.too_thin(f"no other question passes the checks ({problems[0].message})")

    def _leave_one(self) -> None:
        """Let one old question stay: one that asks about no quote before the others, else the last."""
        self._may_stay -= 1
        at = next((at for at in self._slots if not self.old.questions[at].cites), self._slots[-1])
        self._slots.remove(at)
        stays = self.old.questions[at]
        self._staying.append(stays)
        self._pool = [each for each in self._pool if not _are_alike(each, stays)]

    def _chosen(self) -> list[Question]:
        """As many as are needed, best first, rather on quotes that nothing else asks about; exercises for exercises."""
        chosen: list[Question] = []
        exercises = sum(is_computed(self.old.questions[at]) for at in self._slots)
        for is_strict in (True, False):
            for each in self._pool:
                others = [*self._staying, *chosen]
                shares = any(set(each.cites) & set(other.cites) for other in others)
                is_double = each in chosen or any(_are_alike(each, other) for other in chosen)
                of_its_sort = sum(is_computed(other) == is_computed(each) for other in chosen)
                is_enough = of_its_sort >= (exercises if is_computed(each) else len(self._slots) - exercises)
                is_full = len(chosen) >= len(self._slots) or (is_strict and is_enough)
                if not is_full and not is_double and not (is_strict and shares):
                    chosen.append(each)
        return chosen

    def _placed(self, chosen: Sequence[Question]) -> dict[int, Question]:
        """Each question by the place that it takes: where its quotes are shown, else where one of its kind stood."""
        left = list(chosen)
        placed: dict[int, Question] = {}
        for at in self._slots:
            was = self.old.questions[at]
            shown = self._shown_beside(was.id)
            best = max(
                left,
                key=lambda each: (
                    is_computed(each) == is_computed(was),
                    bool(shown) and shown >= set(each.cites),
                    each.kind == was.kind,
                ),
            )
            left.remove(best)
            placed[at] = best
        return placed

    def _shown_beside(self, name: str) -> set[str]:
        """The quotes of the section that asks a question."""
        return next((set(cites_of(section)) for section in self.old.sections if name in asked_in(section)), set())

    def _mend(self, problem: Problem, placed: Mapping[int, Question]) -> bool:
        """Do without the question that a problem is about; False where it is about none of the new ones."""
        if problem.rule in _OPTIONS:
            choices = [each for each in placed.values() if isinstance(each, Choice)]
            if choices:
                self._pool.remove(choices[-1])
            return bool(choices)
        for at, question in placed.items():
            if problem.where.is_within(Place.of("questions", at)):
                if question in self._pool:
                    self._pool.remove(question)
                return True
        return False


def _asks(question: Question) -> tuple[str, ...]:
    return tuple(fold(text) for text in (question.stem, *question.told_apart_by))


def _are_alike(one: Question, other: Question) -> bool:
    if _asks(one) == _asks(other):
        return True
    shares = bool(set(one.cites) & set(other.cites))
    return shares and (fold(one.term) == fold(other.term) or str(one.answer) == str(other.answer))


# ---------------------------------------------------------------- a section


class _Section(_Anew):
    """A section with other text or another activity, under its title, with the questions that it asks.

    What a model wrote takes the place of all that it had; where that doesn't pass, and for what is quoted, the new text
    is put beside what must stay of the old one.
    """

    def __init__(self, stored: Draft, part: Part, anew: Anew) -> None:
        super().__init__(stored, part, anew)
        self._at = next(at for at, each in enumerate(self.old.sections) if each.id == part.id)
        self._was = self.old.sections[self._at]
        self._whole = self._asking(self.carried(anew.blocks, anew)) if _is_written(anew.blocks) else []
        made = self._was.model_copy(update={"blocks": self.carried(anew.blocks, anew)})
        said = {each.text for section in self.old.sections for each in sentences_of(section)}
        self._fresh = [each for each in sentences_of(made) if each.text not in said]
        before = [block for block in self._was.blocks if isinstance(block, Activity)]
        self._activities = [each for each in made.blocks if isinstance(each, Activity) and each not in before] or before
        self._is_other_activity = self._activities != before
        worked = [block for block in self._was.blocks if isinstance(block, Example)]
        self._examples = [each for each in made.blocks if isinstance(each, Example) and each not in worked] or worked
        self._is_other_example = self._examples != worked
        other = [block for block in made.blocks if not isinstance(block, _MADE_ANEW)]
        kinds = {block.kind for block in other}
        kept = [each for each in self._was.blocks if not isinstance(each, _MADE_ANEW) and each.kind not in kinds]
        self._others = [*kept, *other]  # a table takes the place of a table
        self._is_other_block = any(block not in self._was.blocks for block in other)
        self._keeps_all = False

    def settled(self) -> tuple[Draft, int]:
        """The lesson with as much of the new section as passes the gate."""
        return self._as_a_whole() or self._put_together()

    def _asking(self, blocks: Sequence[Block]) -> list[Block]:
        """The blocks, with what the section asks behind what they tell and before what they have done."""
        made = [block for block in blocks if not isinstance(block, Check)]
        at = next((at for at, block in enumerate(made) if isinstance(block, (Task, Activity))), len(made))
        if at and isinstance(made[at - 1], Prose) and self._was.kind == "practice":
            at -= 1  # what sets the task
        return [*made[:at], *(block for block in self._was.blocks if isinstance(block, Check)), *made[at:]]

    def _as_a_whole(self) -> tuple[Draft, int] | None:
        """The lesson with the new section in place of the old one but for what the gate objects to; None otherwise."""
        blocks = list(self._whole)
        while any(not isinstance(block, Check) for block in blocks):
            sections = list(self.old.sections)
            sections[self._at] = self._was.model_copy(update={"blocks": blocks})
            draft, problems, rules = self.examined(sections=sections)
            if not problems:
                return draft, rules
            gone = {part for problem in problems if (part := _part_in(problem.where, self._at)) is not None}
            if not gone or any(len(part.steps) == 1 and isinstance(blocks[_at(part)], Check) for part in gone):
                return None
            blocks = _left(blocks, gone)
        return None

    def _put_together(self) -> tuple[Draft, int]:
        """The lesson with what is new in the section, and what must stay of the old one."""
        for _ in range(_ROUNDS):
            if not (self._fresh or self._is_other_activity or self._is_other_example or self._is_other_block):
                raise self.too_thin("the sources have nothing else to say in it")
            sections = list(self.old.sections)
            sections[self._at] = self._was.model_copy(update={"blocks": self._blocks()})
            draft, problems, rules = self.examined(sections=sections)
            if not problems:
                return draft, rules
            if not any([self._mend(problem, sections[self._at]) for problem in problems]):
                break
        raise self.too_thin(f"what was written does not pass the checks ({problems[0].message})")

    def _blocks(self) -> list[Block]:
        """What stays of the old text, the new text, worked examples, tables and the like, questions, what to do."""
        staying = [self._staying(block) for block in self._was.blocks if isinstance(block, Prose)]
        prose = [Prose(sentences=list(each)) for each in (*staying, self._fresh) if each]
        checks = [block for block in self._was.blocks if isinstance(block, Check)]
        return [*prose, *self._examples, *self._others, *checks, *self._activities]

    def _staying(self, block: Prose) -> list[Statement]:
        """The sentences of an old block that must stay, each with what it points back to."""
        sentences = block.sentences
        stays = [self._keeps_all or self._must_stay(each) for each in sentences]
        for at in range(len(sentences) - 1, 0, -1):
            if stays[at] and points_back(sentences[at].text):
                stays[at - 1] = True
        return [each for each, is_staying in zip(sentences, stays, strict=True) if is_staying]

    def _must_stay(self, sentence: Statement) -> bool:
        """Whether a question or a term stands on it, or too little text would be left without it."""
        is_needed = bool(set(sentence.cites) & self._needed)
        return is_needed or not self._fresh or sentence.text in self._filling

    @cached_property
    def _needed(self) -> set[str]:
        """The quotes that questions, key points, terms and misconceptions cite."""
        parts = [*self.old.questions, *self.old.key_points, *self.old.key_terms, *self.old.misconceptions]
        return set(cites_of(parts))

    @property
    def _filling(self) -> set[str]:
        """Old sentences, the first ones, that stay because the new ones are too few to take their place."""
        words = sum(word_count(each.text) for each in self._fresh)
        old = sentences_of(self._was)
        if words >= _ENOUGH_FRESH * sum(word_count(each.text) for each in old):
            return set()
        filling = {each.text for each in old}
        for each in reversed(old):
            if words <= 0:
                break
            filling.discard(each.text)
            words -= word_count(each.text)
        return filling

    def _mend(self, problem: Problem, section: Section) -> bool:
        """Do without the new sentence that a problem is about, or with all old ones where the text is too short."""
        if problem.rule in ("body-length", "term-in-body", "sentence-words") and not self._keeps_all:
            self._keeps_all = True
            return True
        match problem.where.steps:
            case ("sections", self._at, "blocks", int(at), "sentences", int(number)):
                block = section.blocks[at]
                if isinstance(block, Prose) and block.sentences[number] in self._fresh:
                    self._fresh.remove(block.sentences[number])
                    return True
        return False


def _is_written(blocks: Sequence[Block]) -> bool:
    """Whether a model wrote what is there besides questions."""
    parts = [part for block in blocks for part in (block.sentences if isinstance(block, Prose) else [block])]
    return any(getattr(part, "origin", "") == "written" or isinstance(part, Analogy) for part in parts)


def _part_in(where: Place, section: int) -> Place | None:
    """The block, or the sentence of one, that a place of that section is in, counted from the section's blocks."""
    match where.steps:
        case ("sections", int(at), "blocks", int(block), "sentences", int(number), *_) if at == section:
            return Place.of(block, number)
        case ("sections", int(at), "blocks", int(block), *_) if at == section:
            return Place.of(block)
    return None


def _at(part: Place) -> int:
    return int(part.steps[0])


def _left(blocks: Sequence[Block], gone: Collection[Place]) -> list[Block]:
    """The blocks without those at these places, and without sentences that are; one without a sentence goes too."""
    left: list[Block] = []
    for at, block in enumerate(blocks):
        if isinstance(block, Prose):
            said = [each for number, each in enumerate(block.sentences) if Place.of(at, number) not in gone]
            block = block.model_copy(update={"sentences": said})
            if not said:
                continue
        if Place.of(at) not in gone:
            left.append(block)
    return left
