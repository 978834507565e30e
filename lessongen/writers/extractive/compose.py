"""A plan and chosen questions put together as a lesson's, or a fact sheet's, sections and questions."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from lessongen.lesson.model import Activity, Block, Check, KeyTerm, Prose, Question, Section, SectionKind
from lessongen.lesson.questions import composed
from lessongen.lesson.questions.base import Places, Solution
from lessongen.lesson.questions.open import Open
from lessongen.text.words import word_count
from lessongen.writers.extractive import activities
from lessongen.writers.extractive.article import Passage
from lessongen.writers.extractive.candidates import Candidate
from lessongen.writers.extractive.objectives import Goals
from lessongen.writers.extractive.outline import Plan, Told
from lessongen.writers.extractive.quotes import QuoteBook

_WORDS_A_MINUTE = 60  # read, talked about, noted down
_MINUTES_A_QUESTION = 1.5
_MINUTES_A_POINT, _MOST_POINTS = 1.5, 3  # of what has to be written: as many as are asked for, of those that count
_MINUTES_AN_ACTIVITY = 6
_SHEET_MINUTES = 5, 15
_LONGER = 1.5  # how much longer than its length needs a lesson may be stretched


def questions(chosen: Sequence[Candidate], goals: Goals, book: QuoteBook, rng: random.Random) -> list[Question]:
    """The schema's questions, numbered; the right option's places are spread evenly."""
    places = Places(rng)
    return [
        composed(
            candidate.kind,
            Solution(answer=candidate.answer, items=candidate.items),
            places,
            id=f"q{number}",
            objective=goals.id_of(candidate),
            bloom=candidate.bloom,
            stem=candidate.stem,
            term=candidate.asked,
            feedback=book.statement(next(filter(_stands_alone, candidate.passages), candidate.passages[0])),
            cites=[book.cite(passage) for passage in candidate.passages],
        )
        for number, candidate in enumerate(chosen, 1)
    ]


def _stands_alone(passage: Passage) -> bool:
    return passage.stands_alone


def key_terms(plan: Plan, book: QuoteBook, *, is_sheet: bool) -> list[KeyTerm]:
    """The plan's terms with the sources' own definitions; without that which a fact sheet opens with, and ends soon."""
    told = [
        term
        for term in plan.terms
        if term is not plan.main.term and term.how != "named" and (term.is_common_noun or term.category != "Geography")
    ]
    told = told if is_sheet and not plan.is_closed else list(plan.terms)
    return [KeyTerm(term=term.running, definition=book.statement(term.definition)) for term in told]


@dataclass(kw_only=True)
class _Draft:
    """A section that has no minutes yet."""

    kind: SectionKind
    title: str
    blocks: list[Block]
    serves: list[str]
    points: int = 0

    @property
    def weight(self) -> float:
        """The minutes it would take by its length."""
        prose = [block for block in self.blocks if isinstance(block, Prose)]
        words = sum(word_count(sentence.text) for block in prose for sentence in block.sentences)
        things_to_do = sum(isinstance(block, Activity) for block in self.blocks)
        checks = sum(isinstance(block, Check) for block in self.blocks)
        asked = checks * _MINUTES_A_QUESTION + self.points * _MINUTES_A_POINT
        return words / _WORDS_A_MINUTE + things_to_do * _MINUTES_AN_ACTIVITY + asked


def sections(
    plan: Plan,
    asked: Sequence[Question],
    book: QuoteBook,
    goals: Goals,
    rng: random.Random,
    *,
    minutes: int | None,
    is_sheet: bool,
) -> list[Section]:
    """The text, something to do that this kind of topic has, and the questions, apart from what they are asked on."""
    drafts = [_explained(told, asked, book) for told in plan.told]
    to_do = activities.of_a_sheet(plan) if is_sheet else activities.practice(plan, rng)
    checks: list[Block] = [Check(question=question.id) for question in asked]
    doing = _Draft(
        kind="practice",
        title="Work with the text",
        blocks=[to_do] if to_do else [],
        serves=[] if is_sheet else goals.ids[:1],
    )
    points = sum(min(len(each.points) - 1, _MOST_POINTS) for each in asked if isinstance(each, Open))
    asking = _Draft(kind="check", title="Questions on the text", blocks=checks, serves=goals.ids, points=points)
    drafts += [doing, asking]
    drafts = _that_fit([draft for draft in drafts if draft.blocks], minutes)
    return _with_minutes(drafts, _total(drafts, minutes, is_sheet))


def _that_fit(drafts: Sequence[_Draft], minutes: int | None) -> list[_Draft]:
    """In a very short lesson there is nothing to do but to read and to answer, in fewer sections."""
    kept = list(drafts)
    if minutes is not None and len(kept) > minutes:
        kept = [draft for draft in kept if draft.kind != "practice"]
    while minutes is not None and len(kept) > max(2, minutes):
        first, second = kept[:2]
        serves = sorted({*first.serves, *second.serves})
        together = _Draft(kind=first.kind, title=first.title, blocks=[*first.blocks, *second.blocks], serves=serves)
        kept = [together, *kept[2:]]
    return kept


def _explained(told: Told, asked: Sequence[Question], book: QuoteBook) -> _Draft:
    blocks: list[Block] = [Prose(sentences=[book.statement(passage) for passage in run]) for run in told.runs]
    shown = {book.cite(passage) for passage in told.passages}
    serves = [question.objective for question in asked if shown & set(question.cites)]
    kind: SectionKind = "model" if told.is_example else "explain"
    return _Draft(kind=kind, title=told.title, blocks=blocks, serves=sorted(set(serves)))


def _total(drafts: Sequence[_Draft], minutes: int | None, is_sheet: bool) -> int:
    """What the material needs, in fives; what was asked for where that is not far from it."""
    needs = -(-int(sum(draft.weight for draft in drafts) + 0.999) // 5) * 5
    shortest, longest = _SHEET_MINUTES
    if is_sheet:
        return max(shortest, min(longest, needs))
    if minutes is None:
        return max(shortest, needs)
    return max(len(drafts), min(minutes, round(needs * _LONGER)))


def _with_minutes(drafts: Sequence[_Draft], total: int) -> list[Section]:
    """The drafts with whole minutes by their weight, at least one each, that sum up exactly."""
    weights = [draft.weight for draft in drafts]
    shares = [weight / sum(weights) * (total - len(drafts)) for weight in weights]
    whole = [1 + int(share) for share in shares]
    by_remainder = sorted(range(len(drafts)), key=lambda index: int(shares[index]) - shares[index])
    for index in by_remainder[: total - sum(whole)]:
        whole[index] += 1
    return [
        Section(
            id=f"part{number}",
            kind=draft.kind,
            title=draft.title,
            minutes=spent,
            objectives=draft.serves,
            blocks=draft.blocks,
        )
        for number, (draft, spent) in enumerate(zip(drafts, whole, strict=True), 1)
    ]
