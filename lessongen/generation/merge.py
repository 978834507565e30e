"""A new draft of a lesson with the locked parts of its newest version in place of its own.

Kept parts stay as they are, ids and cites too; the new draft makes room for them, and gives up what then repeats them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

from lessongen.check.reading import Reading
from lessongen.lesson.draft import Draft
from lessongen.lesson.editor import Editor, asked_in, cites_of, is_computed, quotes_of, sentences_of
from lessongen.lesson.limits import OBJECTIVES, QUESTIONS, USUAL_SECTIONS
from lessongen.lesson.model import (
    Activity,
    Block,
    Check,
    Example,
    Lesson,
    Objective,
    Prose,
    Question,
    Quote,
    Section,
    Statement,
    Task,
)
from lessongen.lesson.parts import QUIZ, SINGLE, keys_within
from lessongen.text.passages import names
from lessongen.text.sentences import points_back
from lessongen.text.words import fold

_TO_DO = (Activity, Task)


def merged(stored: Draft, fresh: Draft, locks: Iterable[str]) -> Draft:
    """The fresh draft with the stored one's parts of these keys (`parts.Part.key`), and the sources of both."""
    lesson = _Merge(stored.lesson, fresh.lesson, frozenset(locks)).lesson()
    return as_draft(lesson, {**stored.texts, **fresh.texts})


def as_draft(lesson: Lesson, texts: Mapping[str, str]) -> Draft:
    """The lesson as a draft, with those of the texts that it is kept with. Raises `ValidationError`."""
    # What was changed step by step has not been validated yet.
    lesson = Lesson.model_validate(lesson.model_dump())
    return Draft(lesson=lesson, texts={digest: text for digest, text in texts.items() if digest in lesson.kept_texts})


def kept_keys(lesson: Lesson, locks: Iterable[str]) -> frozenset[str]:
    """The keys of all that locks keep: of a section its questions too, of the quiz each question."""
    keys = frozenset(locks)
    return keys.union(*(keys_within(lesson, key) for key in keys))


class _Merge:
    """Puts one lesson together from two."""

    def __init__(self, stored: Lesson, fresh: Lesson, locks: frozenset[str]) -> None:
        self._old = stored
        self._locks = locks
        self._keys = kept_keys(stored, locks)
        self._editor = Editor(stored).open_with(fresh.article)
        self._new = self._renamed(fresh)

    def lesson(self) -> Lesson:
        """The new lesson with what is kept of the old one."""
        objectives, instead = self._objectives()
        sections = self._sections([_serving(each, instead) for each in self._new.sections])
        questions = self._questions(sections, [_asking_for(each, instead) for each in self._new.questions])
        sections = self._showing_what_is_kept(self._asking(sections, questions))
        kept = {
            field: getattr(self._old, field)
            for name, (field, _) in SINGLE.items()
            if name in self._locks and name != "objectives"
        }
        new = {name: getattr(self._new, name) for name in type(self._new).model_fields if name != "sources"}
        editor = self._editor.put(
            **(new | kept | {"objectives": objectives, "sections": sections, "questions": questions})
        )
        editor.take_out(()).serve_objectives(self._keys)  # cycles are numbered anew
        merged = editor.share_minutes(self._new.minutes, self._keys).prune_sources().lesson
        signed = self._old.provenance.signed | merged.provenance.signed
        texts = {text for place, text in Reading(merged, {}).strings if place.steps[0] != "sources"}
        still = {text: author for text, author in signed.items() if text in texts}
        return editor.put(provenance=merged.provenance.model_copy(update={"signed": still})).lesson

    # ------------------------------------------------------------ what is kept

    @cached_property
    def _kept_sections(self) -> list[tuple[int, Section]]:
        """The kept sections with their places."""
        return [(at, each) for at, each in enumerate(self._old.sections) if self._is_kept(each)]

    @cached_property
    def _kept_questions(self) -> list[tuple[int, Question]]:
        return [(at, each) for at, each in enumerate(self._old.questions) if f"question:{each.id}" in self._keys]

    @cached_property
    def _kept_objectives(self) -> list[Objective]:
        """Those that kept sections serve and kept questions ask about, or all where they are locked themselves."""
        referred = {name for _, section in self._kept_sections for name in section.objectives}
        referred |= {question.objective for _, question in self._kept_questions}
        is_locked = "objectives" in self._locks
        return [each for each in self._old.objectives if is_locked or each.id in referred]

    def _is_kept(self, section: Section) -> bool:
        return f"section:{section.id}" in self._keys

    def _renamed(self, new: Lesson) -> Lesson:
        """The new lesson with ids that the old one does not use, and cites of the quotes as they are named there."""
        free = self._editor.free
        goals = {each.id: free(each.id) for each in new.objectives}
        sections = {each.id: free(each.id) for each in new.sections}
        asked = {each.id: free(each.id) for each in new.questions}
        carried = self._editor.carry(new.model_copy(update={"sources": []}), new.sources)

        def renamed(block: Block) -> Block:
            return Check(question=asked[block.question]) if isinstance(block, Check) else block

        return carried.model_copy(
            update={
                "objectives": [each.model_copy(update={"id": goals[each.id]}) for each in carried.objectives],
                "sections": [
                    _serving(each, goals).model_copy(
                        update={"id": sections[each.id], "blocks": [renamed(block) for block in each.blocks]}
                    )
                    for each in carried.sections
                ],
                "questions": [
                    _asking_for(each, goals).model_copy(update={"id": asked[each.id]}) for each in carried.questions
                ],
            }
        )

    # ------------------------------------------------------------ objectives

    def _objectives(self) -> tuple[list[Objective], dict[str, str]]:
        """Those that kept parts need, in the new draft's words where it has as many; then its others, up to four.

        What serves one that there is no room for serves another of its level: which one instead, by their ids.
        """
        is_locked = "objectives" in self._locks
        free = list(self._new.objectives)
        chosen: list[Objective] = []
        instead: dict[str, str] = {}
        for old in self._kept_objectives:
            new = _nearest(old, free)
            if new is not None:
                free.remove(new)
                instead[new.id] = old.id
            chosen.append(old if new is None or is_locked else new.model_copy(update={"id": old.id}))
        room = 0 if is_locked else OBJECTIVES.most - len(chosen)
        chosen += free[:room]
        for number, each in enumerate(free[room:]):
            alike = [one.id for one in chosen if one.bloom == each.bloom] or [one.id for one in chosen]
            instead[each.id] = alike[number % len(alike)]
        return chosen, instead

    # ------------------------------------------------------------ sections and questions

    def _sections(self, sections: list[Section]) -> list[Section]:
        """The new sections, each kept one in the place of one of its kind that is nearest."""
        for at, kept in self._kept_sections:
            others = [place for place, each in enumerate(sections) if not self._is_kept(each)]
            alike = [place for place in others if self._are_of_a_kind(sections[place], kept)]
            if not alike and len(sections) < USUAL_SECTIONS.most:
                sections.insert(min(at, len(sections)), kept.model_copy(update={"cycle": None}))
                continue
            place = min(alike or others, key=lambda place: (abs(place - at), place))
            sections[place] = kept.model_copy(update={"cycle": kept.cycle and sections[place].cycle})
        shown = {each.text for _, section in self._kept_sections for each in sentences_of(section)}
        told = [each if self._is_kept(each) else _without_repeated(each, shown) for each in sections]
        return [section for section in told if section.blocks]

    def _are_of_a_kind(self, one: Section, other: Section) -> bool:
        """Whether one section may stand for the other: worked examples or exercises for such, text for text."""
        return one.kind == other.kind and self._is_computed(one) == self._is_computed(other)

    def _is_computed(self, section: Section) -> bool:
        asked = set(asked_in(section))
        shown = [block for block in section.blocks if isinstance(block, Example)]
        questions = [*self._old.questions, *self._new.questions]
        return any(map(is_computed, shown)) or any(is_computed(each) for each in questions if each.id in asked)

    def _questions(self, sections: Sequence[Section], new: Sequence[Question]) -> list[Question]:
        """The kept ones at their places among the new ones; those about sections that gave way go first."""
        kept = [question for _, question in self._kept_questions]
        proposed = [] if QUIZ in self._locks else list(new)
        proposed = [each for each in proposed if not any(_are_alike(each, other) for other in kept)]
        asked = {name for section in sections for name in asked_in(section)}
        placed_before = {name for section in self._new.sections for name in asked_in(section)}
        orphans = [each for each in proposed if each.id in placed_before - asked]
        wanted = min(max(len(new), len(kept)), QUESTIONS.most) - len(kept)
        chosen = _fewer([each for each in proposed if each not in orphans], max(0, wanted), kept)
        chosen += orphans[: max(0, QUESTIONS.fewest - len(kept) - len(chosen))]
        for at, question in self._kept_questions:
            chosen.insert(min(at, len(chosen)), question)
        return chosen

    def _asking(self, sections: list[Section], questions: Sequence[Question]) -> list[Section]:
        """The sections, asking all questions that there are, and no others."""
        names = {question.id for question in questions}
        names -= {name for _, section in self._kept_sections for name in asked_in(section)}
        is_open = [at for at, section in enumerate(sections) if not self._is_kept(section)]
        for at in is_open:
            blocks = [each for each in sections[at].blocks if not isinstance(each, Check) or each.question in names]
            sections[at] = sections[at].model_copy(update={"blocks": blocks})
        asked = {name for section in sections for name in asked_in(section)}
        for question in questions:
            place = self._place_to_ask(question, sections, is_open) if question.id not in asked else None
            if place is not None:
                blocks = list(sections[place].blocks)
                last = max((at + 1 for at, each in enumerate(blocks) if not isinstance(each, _TO_DO)), default=0)
                blocks.insert(last, Check(question=question.id))
                sections[place] = sections[place].model_copy(update={"blocks": blocks})
        return [section for section in sections if section.blocks]

    def _place_to_ask(self, question: Question, sections: Sequence[Section], among: Sequence[int]) -> int | None:
        """The section, of those at these places, for a question that none asks; None where it fits in none."""
        if question.asks_prior_knowledge:
            return next((at for at in among if sections[at].kind == "starter"), None)
        fitting = [at for at in among if sections[at].kind != "starter"]
        if question.role == "exit":
            ending = next((at for at in fitting if sections[at].kind in ("check", "exit")), None)
            if ending is not None:
                return ending
        fitting = [at for at in fitting if sections[at].kind != "exit"]
        ending = next((at for at in fitting if sections[at].kind == "check"), None)
        if ending is not None:
            return ending
        return next((at for at in reversed(fitting) if sentences_of(sections[at])), None)

    def _showing_what_is_kept(self, sections: list[Section]) -> list[Section]:
        """The sections, showing what kept questions and terms stand on, where they don't."""
        shown = {each.text for section in sections for each in sentences_of(section)}
        quotes = quotes_of(self._old.sources)
        missing = [
            cite for cite in dict.fromkeys(self._needed(quotes)) if not any(quotes[cite].text in text for text in shown)
        ]
        said = [
            Statement(text=quotes[cite].text, cites=[cite]) for cite in missing if not points_back(quotes[cite].text)
        ]
        is_open = [at for at, each in enumerate(sections) if not self._is_kept(each) and sentences_of(each)]
        if said and is_open:
            blocks = list(sections[is_open[-1]].blocks)
            behind = max(at + 1 for at, block in enumerate(blocks) if isinstance(block, Prose))
            blocks.insert(behind, Prose(sentences=said))
            sections[is_open[-1]] = sections[is_open[-1]].model_copy(update={"blocks": blocks})
        return sections

    def _needed(self, quotes: Mapping[str, Quote]) -> list[str]:
        """The quotes that kept questions and terms cite, and that speak of what they and kept objectives name."""
        needed: list[str] = []
        named: list[str] = []
        for _, question in self._kept_questions:
            needed += question.cites
            named.append(question.term)
        for term in self._old.key_terms:
            if "key-terms" in self._locks:
                needed += term.definition.cites
            in_objective = any(names(each.text, term.term) for each in self._old.objectives)
            if in_objective and "objectives" in self._locks:
                named.append(term.term)
        for each in named:
            if not any(names(quotes[cite].text, each) for cite in needed):
                needed += [cite for cite, quote in quotes.items() if names(quote.text, each)][:1]
        return needed


def _serving(section: Section, instead: Mapping[str, str]) -> Section:
    """The section, serving other objectives for those that have some instead."""
    serving = dict.fromkeys(instead.get(name, name) for name in section.objectives)
    return section.model_copy(update={"objectives": list(serving)})


def _asking_for(question: Question, instead: Mapping[str, str]) -> Question:
    return question.model_copy(update={"objective": instead.get(question.objective, question.objective)})


def _nearest(objective: Objective, others: Sequence[Objective]) -> Objective | None:
    """Of the others that of the same text, or else of the same level, or else the first."""
    alike = [each for each in others if each.text == objective.text]
    alike += [each for each in others if each.bloom == objective.bloom]
    return next(iter([*alike, *others]), None)


def _are_alike(one: Question, other: Question) -> bool:
    if fold(one.stem) == fold(other.stem):
        return True
    return fold(one.term) == fold(other.term) and not set(cites_of(one)).isdisjoint(cites_of(other))


def _fewer(questions: Sequence[Question], most: int, kept: Sequence[Question]) -> list[Question]:
    """So many of the questions: for each kept one, one of its origin gives way, the last ones first."""
    left = list(questions)
    for each in kept:
        alike = [question for question in left if question.origin == each.origin]
        if len(left) > most and alike:
            left.remove(alike[-1])
    return left[:most]


def _without_repeated(section: Section, shown: Collection[str]) -> Section:
    """The section without the sentences that are shown elsewhere, and what points back at them."""
    blocks: list[Block] = []
    for block in section.blocks:
        if isinstance(block, Prose):
            left: list[Statement] = []
            is_gone = False
            for sentence in block.sentences:
                is_gone = sentence.text in shown or (is_gone and points_back(sentence.text))
                if not is_gone:
                    left.append(sentence)
            block = block.model_copy(update={"sentences": left})
            if not left:
                continue
        blocks.append(block)
    return section.model_copy(update={"blocks": blocks})
