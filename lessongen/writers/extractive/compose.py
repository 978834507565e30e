"""A plan and chosen questions put together as a lesson's sections and questions."""

from __future__ import annotations

import random
from collections.abc import Sequence

from lessongen.lesson.limits import USUAL_SECTIONS
from lessongen.lesson.model import Activity, Block, Check, KeyTerm, Prose, Question, Section, SectionKind
from lessongen.lesson.questions import composed
from lessongen.lesson.questions.base import Places, Solution
from lessongen.text.words import word_count
from lessongen.writers.extractive import activities
from lessongen.writers.extractive.article import Run
from lessongen.writers.extractive.candidates import YEARS_OFFERED, Candidate
from lessongen.writers.extractive.chapters import Chapter
from lessongen.writers.extractive.lifting import is_title
from lessongen.writers.extractive.objectives import Goal, Goals, listed, subject_of, what_it_is
from lessongen.writers.extractive.plan import Plan
from lessongen.writers.extractive.quotes import QuoteBook

_WORDS_A_MINUTE = 90  # read, talked about, noted down
_MINUTES_A_QUESTION = 1.5
_MINUTES_AN_ACTIVITY = 4
_QUESTIONS_IN_PRACTICE = 2
_CROWDED = 1.25  # as many minutes by its length as it has, and a lesson does without opening and closing talk


# ---------------------------------------------------------------- questions


def questions(chosen: Sequence[Candidate], goals: Goals, book: QuoteBook, rng: random.Random) -> list[Question]:
    """The schema's questions, numbered; the right option's places are spread evenly."""
    places = Places(rng)
    return [
        composed(
            candidate.kind,
            _solution(candidate, places),
            places,
            id=f"q{number}",
            objective=goals.id_of(candidate),
            bloom=candidate.bloom,
            stem=candidate.stem,
            term=candidate.asked,
            feedback=book.statement(candidate.feedback or candidate.passages[0]),
            cites=[book.cite(passage) for passage in candidate.passages],
        )
        for number, candidate in enumerate(chosen, 1)
    ]


def _solution(candidate: Candidate, places: Places) -> Solution:
    is_in_order = bool(candidate.options) and candidate.aim in ("date", "number")
    return Solution(
        answer=candidate.answer,
        is_true=candidate.is_true,
        wrong=candidate.options,
        options=_numbers_around(candidate, places) if is_in_order else (),
        pairs=candidate.pairs,
        items=[item for _, item in candidate.pairs],
    )


def _numbers_around(candidate: Candidate, places: Places) -> list[str]:
    """The numbers in order, the right one at a place that there are enough numbers around."""
    right = _value(candidate.answer)
    lower = sorted((each for each in candidate.options if _value(each) < right), key=_value)
    higher = sorted((each for each in candidate.options if _value(each) > right), key=_value)
    count = places.next(range(max(0, YEARS_OFFERED - len(higher)), min(YEARS_OFFERED, len(lower)) + 1))
    before = lower[-count:] if count else []
    return [*before, candidate.answer, *higher[: YEARS_OFFERED - count]]


def _value(number: str) -> float:
    return float(number.replace(",", ""))


# ---------------------------------------------------------------- sections


def key_terms(plan: Plan, book: QuoteBook) -> list[KeyTerm]:
    """The plan's terms with the sources' own definitions."""
    return [KeyTerm(term=term.running, definition=book.statement(term.definition)) for term in plan.terms]


def sections(
    plan: Plan,
    chosen: Sequence[Candidate],
    asked: Sequence[Question],
    book: QuoteBook,
    minutes: int | None,
    goals: Goals,
    rng: random.Random,
) -> list[Section]:
    """The phases of the lesson; their minutes add up to `minutes`, or to what their length needs."""
    composer = _Sections(plan, chosen, asked, book, goals, rng)
    return _with_minutes(composer.drafts(), minutes)


class _SectionDraft:
    """A section that has no minutes yet."""

    def __init__(self, kind: SectionKind, title: str, serves: Sequence[str], blocks: Sequence[Block]) -> None:
        self.kind, self.title, self.serves, self.blocks = kind, title, list(serves), list(blocks)

    @property
    def weight(self) -> float:
        """The minutes it would take by its length."""
        words = sum(
            word_count(sentence.text)
            for block in self.blocks
            if isinstance(block, Prose)
            for sentence in block.sentences
        )
        activities_in_it = sum(isinstance(block, Activity) for block in self.blocks)
        checks = sum(isinstance(block, Check) for block in self.blocks)
        return words / _WORDS_A_MINUTE + activities_in_it * _MINUTES_AN_ACTIVITY + checks * _MINUTES_A_QUESTION


class _Sections:
    """Builds the sections, each question in one of them."""

    def __init__(
        self,
        plan: Plan,
        chosen: Sequence[Candidate],
        asked: Sequence[Question],
        book: QuoteBook,
        goals: Goals,
        rng: random.Random,
    ) -> None:
        self._plan, self._book, self._goals, self._rng = plan, book, goals, rng
        self._asked = asked
        self._waiting = list(zip(chosen, asked, strict=True))
        self._about = subject_of(plan)

    def drafts(self) -> list[_SectionDraft]:
        """Engage, explain, model, practice, check, close; without model where there is nothing to look at closer."""
        plan = self._plan
        if plan.chapters:
            return self._drafts_of_chapters()
        explain: list[Block] = [self._prose(plan.opening), *self._checks((plan.opening,), 1)]
        closer: list[Block] = [self._prose(run) for run in (*plan.closer, *plan.kinds)]
        closer += self._checks((*plan.closer, *plan.kinds), 1) if closer else []
        connected: list[Block] = [self._prose(run) for run in plan.connected]
        connected += self._checks(plan.connected, _QUESTIONS_IN_PRACTICE)
        names = [term.running for term in plan.terms if term is not plan.main.term][:5]
        is_said = self._is_said_in(plan.connected)
        practice: list[Block] = [*connected, activities.practice(self._about, names, self._rng, is_said=is_said)]
        rest: list[Block] = [Check(question=question.id) for _, question in self._waiting]
        last: list[Block] = [activities.close(self._about, self._rng)]
        served = self._serving(practice, Goal.TERMS, Goal.LINKS)
        drafts = [
            _SectionDraft("engage", "What do you know already?", [], [activities.engage(self._about, self._rng)]),
            _SectionDraft("explain", self._title_of_explain(), self._serving(explain, Goal.MAIN, Goal.FACTS), explain),
            _SectionDraft("model", self._title_of_model(), self._serving(closer, Goal.TERMS), closer),
            _SectionDraft("practice", self._title_of_connected, served, practice),
            _SectionDraft("check", "Check yourself", self._serving(rest), rest),
            _SectionDraft("close", "Looking back", self._serving([], Goal.MAIN) or self._all_goals[:1], last),
        ]
        return [draft for draft in drafts if draft.blocks]

    def _drafts_of_chapters(self) -> list[_SectionDraft]:
        """Engage, explain, then the article's own sections, the last of them with something to do; check and close."""
        plan = self._plan
        explain: list[Block] = [self._prose(plan.opening), *self._checks((plan.opening,), 1)]
        drafts = [
            _SectionDraft("engage", "What do you know already?", [], [activities.engage(self._about, self._rng)]),
            _SectionDraft("explain", self._title_of_explain(), self._serving(explain, Goal.MAIN), explain),
        ]
        for chapter in plan.chapters:
            kind: SectionKind = "model" if chapter.is_example or chapter is plan.chapters[-1] else "explain"
            blocks: list[Block] = [self._prose(run) for run in chapter.runs]
            blocks += self._checks(chapter.runs, 1)
            serves = self._serving(blocks) or self._serving(blocks, Goal.FACTS)
            drafts.append(_SectionDraft(kind, self._title_of(chapter), serves, blocks))
        names = [term.running for term in plan.terms if term is not plan.main.term][:5]
        practice: list[Block] = [self._prose(run) for run in plan.connected]
        practice += self._checks(plan.connected, 1)
        is_said = not plan.connected or self._is_said_in(plan.connected)
        practice.append(activities.practice(self._about, names, self._rng, is_said=is_said))
        if plan.connected or len(drafts) < USUAL_SECTIONS.most - 1:
            title = self._title_of_connected if plan.connected else "Work with the terms of the lesson"
            drafts.append(_SectionDraft("practice", title, self._serving(practice, Goal.TERMS, Goal.LINKS), practice))
        else:
            drafts[-1].blocks += practice
            drafts[-1].kind = "practice"
            drafts[-1].serves = self._serving(drafts[-1].blocks, Goal.TERMS, Goal.LINKS)
        rest: list[Block] = [Check(question=question.id) for _, question in self._waiting]
        rest.append(activities.close(self._about, self._rng))
        drafts.append(_SectionDraft("check", "Check yourself", self._all_goals, rest))
        return drafts

    def _is_said_in(self, runs: Sequence[Run]) -> bool:
        """Whether most of these passages speak of what the lesson is about."""
        return 2 * sum(any(passage.speaks_of(self._plan.main) for passage in run) for run in runs) > len(runs)

    def _title_of(self, chapter: Chapter) -> str:
        """The article's own heading, if it has one and it reads as one."""
        heading = chapter.heading.strip()
        if not heading:
            return f"More about {self._about}"
        return heading if is_title(heading) else f"A closer look at {self._about}"

    def _title_of_explain(self) -> str:
        asked = what_it_is(self._plan)
        return asked[0].upper() + asked[1:] if asked else f"About {self._about}"

    def _title_of_model(self) -> str:
        """Names what the section holds: more of the article, kinds of its subject, or another idea."""
        if self._plan.closer:
            return f"A closer look at {self._about}"
        named = [run[0].article.term for run in self._plan.kinds]
        shown = [term.in_general for term in named if term is not None]
        return f"A closer look at {listed(shown)}" if shown else f"More about {self._about}"

    @property
    def _title_of_connected(self) -> str:
        return "Words to know" if self._plan.is_closed else "Connected ideas"

    @property
    def _all_goals(self) -> list[str]:
        return self._goals.ids(*Goal)

    def _serving(self, blocks: Sequence[Block], *goals: Goal) -> list[str]:
        """These goals, and those of the questions among the blocks, in the lesson's order."""
        asked = {block.question for block in blocks if isinstance(block, Check)}
        served = {question.objective for question in self._asked if question.id in asked}
        served |= set(self._goals.ids(*goals))
        return [goal for goal in self._all_goals if goal in served]

    def _prose(self, run: Run) -> Prose:
        return Prose(sentences=[self._book.statement(passage) for passage in run])

    def _checks(self, runs: Sequence[Run], most: int) -> list[Block]:
        """Up to `most` questions about these passages, taken from those that wait; some stay for the end."""
        shown = {passage for run in runs for passage in run}
        checks: list[Block] = []
        for candidate, question in list(self._waiting):
            is_here = set(candidate.passages) <= shown
            if is_here and candidate.kind != "match" and len(checks) < most and len(self._waiting) > 2:
                checks.append(Check(question=question.id))
                self._waiting.remove((candidate, question))
        return checks


def _with_minutes(drafts: Sequence[_SectionDraft], minutes: int | None) -> list[Section]:
    """The drafts with whole minutes by their weight, at least one each, that sum up exactly."""
    if minutes is not None:
        drafts = _that_fit(drafts, minutes)
    weights = [draft.weight for draft in drafts]
    total = max(minutes or _rounded_up(sum(weights)), len(drafts))
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


def _that_fit(drafts: Sequence[_SectionDraft], minutes: int) -> list[_SectionDraft]:
    """In a short lesson the phases without text or questions go first; the text and the questions stay."""
    kept = list(drafts)
    for kind in ("close", "engage"):
        if len(kept) > max(2, minutes) or sum(draft.weight for draft in kept) > _CROWDED * minutes:
            kept = [draft for draft in kept if draft.kind != kind]
    while len(kept) > max(2, minutes):
        merged = _SectionDraft(kept[0].kind, kept[0].title, kept[0].serves, [*kept[0].blocks, *kept[1].blocks])
        merged.serves += [goal for goal in kept[1].serves if goal not in merged.serves]
        kept = [merged, *kept[2:]]
    return kept


def _rounded_up(minutes: float) -> int:
    return max(10, -(-int(minutes + 0.999) // 5) * 5)
