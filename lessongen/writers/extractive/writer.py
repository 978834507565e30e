"""The extractive writer: from a request's material to a lesson, or a fact sheet, in one straight line."""

from __future__ import annotations

import random
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lessongen.check.items import flaws
from lessongen.lesson.attempt import Attempt
from lessongen.lesson.draft import Anew, Draft, Problem
from lessongen.lesson.encyclopedia import Encyclopedia
from lessongen.lesson.fact_sheet import FEWEST_SENTENCES, titled
from lessongen.lesson.limits import FEWEST_WORDS, KEY_TERMS, PRIOR_KNOWLEDGE, USUAL_QUESTIONS
from lessongen.lesson.material import Material
from lessongen.lesson.model import Lesson, Provenance
from lessongen.lesson.reading import with_roles
from lessongen.lesson.task import LessonRequest
from lessongen.lesson.versions import WHERE_TO_GET_MORE
from lessongen.lesson.who_judged import RULES
from lessongen.system.errors import TooThin, UnsupportedLanguage
from lessongen.text.words import split_title, word_count
from lessongen.writers.extractive import activities, compose, questions
from lessongen.writers.extractive.anew import Regeneration
from lessongen.writers.extractive.article import Article
from lessongen.writers.extractive.articles import Articles
from lessongen.writers.extractive.budget import Budget
from lessongen.writers.extractive.candidates import Candidate
from lessongen.writers.extractive.choose import Use, Used, choose, uses_of
from lessongen.writers.extractive.ease import ANY, Ease
from lessongen.writers.extractive.glossary import is_everyday
from lessongen.writers.extractive.naming import names
from lessongen.writers.extractive.objectives import Goals
from lessongen.writers.extractive.outline import Outlines, Plan
from lessongen.writers.extractive.quotes import QuoteBook
from lessongen.writers.extractive.subject import listed, subject_of

_TRIES_BESIDE = 3
_TRIES = (True, True, False)  # whether it is minded what a text opens with
_USUAL = 8
_MANY = 5  # with fewer questions another choice of sections is tried
_MOST_TRIES = 4  # where one bore a lesson already
_ROUNDS = 6  # of leaving out questions that a program sees a flaw in
_SHEET_QUESTIONS = 3  # asked again rather than fewer
_FEWEST_SHEET_WORDS = 15
_NEAR_ENOUGH_TO_PRESUME = 0.34
_WHAT_TO_DO = "Name a longer article with --article TITLE, or ask for a broader topic."


class ExtractiveWriter:
    """Writes lessons of verbatim sentences; `encyclopedia` supplies related articles, terms and wrong options."""

    name = "extractive"
    languages = frozenset({"en"})
    writes_freely = False

    def __init__(self, encyclopedia: Encyclopedia | None = None) -> None:
        self._encyclopedia = encyclopedia

    def write(self, request: LessonRequest, material: Material, attempt: Attempt, *, judge: str = RULES) -> Draft:
        """A lesson on the material, its duration apart the same for the same seed, material, earlier versions, batch.

        A fact sheet where the article has too little on the topic. Raises `UnsupportedLanguage` for any language but
        English, and `TooThin` where there is nothing to quote. Nobody need judge what it quotes.
        """
        started = time.monotonic()
        self._refuse_other_languages(request, material)
        for tries_left in reversed(range(_TRIES_BESIDE)):
            beside = set(attempt.asked_beside)
            draft = self._draft(request, material, attempt, beside, started)
            if not tries_left or attempt.reserve(set(uses_of([draft.lesson])) - beside):
                break
        return draft

    def _draft(
        self, request: LessonRequest, material: Material, attempt: Attempt, beside: Collection[Use], started: float
    ) -> Draft:
        articles = Articles(self._encyclopedia)
        attempt.progress("plan", 30, f"Choosing what to teach from “{material.article.title}”")
        main = articles.read(material.article)
        if main.is_list:
            raise _too_thin(main, "it lists other articles and explains nothing itself")
        writing = _Writing(
            request=request,
            material=material,
            main=main,
            articles=articles,
            used=Used(earlier=uses_of(attempt.earlier), beside=frozenset(beside)),
            rng=random.Random(attempt.seed),  # noqa: S311 - choices, not secrets
            seed=attempt.seed,
        )
        attempt.progress("compose", 60, "Putting it together, with its questions")
        made = writing.best()
        duration = round(time.monotonic() - started, 3)
        provenance = made.lesson.provenance.model_copy(update={"duration_seconds": duration})
        return replace(made, lesson=made.lesson.model_copy(update={"provenance": provenance}))

    def anew(self, stored: Draft, key: str, request: LessonRequest, attempt: Attempt) -> Anew:
        """Other questions on what a stored lesson shows, or other text for one of its sections, verbatim too."""
        regeneration = Regeneration(stored=stored, request=request, attempt=attempt, encyclopedia=self._encyclopedia)
        attempt.progress("compose", 50, "Looking for other sentences and questions in the lesson's own sources")
        kind, _, name = key.partition(":")
        return regeneration.section(name) if kind == "section" else regeneration.questions()

    def review(
        self,
        draft: Draft,
        request: LessonRequest,
        material: Material,
        attempt: Attempt,
        before: Draft | None = None,
    ) -> Sequence[Problem]:
        """Nothing: its sentences are the source's, and its questions are made by rules."""
        return ()

    def repair(
        self, draft: Draft, problems: Sequence[Problem], request: LessonRequest, material: Material, attempt: Attempt
    ) -> Draft | None:
        """Nothing: what it makes of the same material a second time is the same."""
        return None

    def _refuse_other_languages(self, request: LessonRequest, material: Material) -> None:
        for language in (request.language, material.article.language):
            if language not in self.languages:
                raise UnsupportedLanguage(
                    f"The extractive writer has rules for English (en) alone, not for “{language}”.",
                    hint="Choose another writer with --writer, or ask for --language en.",
                )


@dataclass(frozen=True, kw_only=True)
class _Writing:
    """One lesson while it is written."""

    request: LessonRequest
    material: Material
    main: Article
    articles: Articles
    used: Used
    rng: random.Random
    seed: int

    def best(self) -> Draft:
        """The lesson with most questions of a few that dwell on the focus most; a fact sheet where none has enough."""
        wanted = self.request.questions or _MANY
        best: Draft | None = None
        most = (0.0, 0)
        tried = 0
        for plan, budget in self._plans():
            draft = self._made(plan, self.request.questions or min(budget.questions, _USUAL), is_sheet=False)
            worth = (self._outlines.share_of_focus(plan), len(draft.lesson.questions)) if draft else (0.0, 0)
            if draft is not None and (best is None or worth > most):
                best, most = draft, worth
            if best is not None and len(best.lesson.questions) >= min(wanted, budget.questions, _MANY):
                break
            tried += 1
            if best is not None and tried >= _MOST_TRIES:
                break
        return best or self._sheet()

    def _plans(self) -> Iterator[tuple[Plan, Budget]]:
        """Near the level, of as much as the minutes hold; of any, and of more, where that bears no lesson."""
        articles = [self.main, *self._outlines.others]
        if sum(len(article.passages) for article in articles) < FEWEST_SENTENCES:
            return
        budgets = Budget.of(self.request.minutes, self.request.questions).wider
        for outlines in (self._outlines, *(() if self._outlines.ease == ANY else (replace(self._outlines, ease=ANY),))):
            for budget in budgets:
                for is_strict in _TRIES if self.main.is_full else _TRIES[:1]:
                    yield outlines.plan(self.used.counts, budget, is_strict=is_strict), budget

    @cached_property
    def _outlines(self) -> Outlines:
        return Outlines(
            main=self.main,
            others=[self.articles.read(other) for other in self.material.others],
            articles=self.articles,
            rng=self.rng,
            ease=Ease.of(self.request.level),
            focus=self.request.focus,
            qualifier=self.material.qualifier,
            is_closed=self.material.is_closed,
            primer=self.material.primer,
        )

    def _sheet(self) -> Draft:
        """What the source says, words, and the questions that it bears."""
        plan = self._outlines.plan(self.used.counts)
        words = sum(word_count(passage.text) for passage in plan.passages)
        if words < _FEWEST_SHEET_WORDS or not plan.opening:
            raise _too_thin(self.main, f"it has {words} words that can be quoted by themselves")
        draft = self._made(plan, self.request.questions or _USUAL, is_sheet=True)
        assert draft is not None  # noqa: S101 - a fact sheet may have as little as there is
        if not (draft.lesson.questions or plan.is_closed):
            raise _too_thin(self.main, f"nothing can be asked of the {words} words that can be quoted")
        return draft

    def _made(self, plan: Plan, most: int, *, is_sheet: bool) -> Draft | None:
        """The lesson of that plan without questions that have a flaw; None where too little remains."""
        if not is_sheet and not _is_enough(plan):
            return None
        candidates, more = questions.candidates(plan, self.rng), questions.spare(plan)
        fewest = _SHEET_QUESTIONS if is_sheet else USUAL_QUESTIONS.fewest
        for last in reversed(range(_ROUNDS)):
            chosen = choose(candidates, most, self.used, self.rng, fewest=fewest)
            wanted = 1 if is_sheet else max(fewest, self.request.questions or 0)
            if len(chosen) < wanted:
                told = {passage for each in chosen for passage in each.passages}
                asked = {passage for each in chosen if each.kind == "short" for passage in each.passages}
                left = [each for each in more if asked.isdisjoint(each.passages)]
                others = [each for each in left if told.isdisjoint(each.passages)] or left
                chosen += choose(others, wanted - len(chosen), self.used, self.rng, fewest=wanted - len(chosen))
            if len(chosen) < fewest and not is_sheet:
                return None
            draft = self._composed(plan, chosen, is_sheet=is_sheet)
            places = [problem.where.steps for problem in flaws(draft.lesson)]
            flawed = {steps[1] for steps in places if steps[0] == "questions"}
            if not flawed:
                return draft
            bad = [each for at, each in enumerate(chosen) if at in flawed]
            candidates = [each for each in (candidates if last else chosen) if each not in bad]
            more = [each for each in more if each not in bad]
        return self._composed(plan, candidates, is_sheet=True) if is_sheet else None

    def _composed(self, plan: Plan, chosen: Sequence[Candidate], *, is_sheet: bool) -> Draft:
        request, rng = self.request, random.Random(f"{self.seed} composed")  # noqa: S311 - choices, not secrets
        book = QuoteBook(plan.main)
        about = subject_of(plan.main)
        about = f"{about}: {self.material.qualifier}" if self.material.qualifier else about
        goals = Goals(chosen, plan)
        summary = book.statement(plan.opening[0])
        asked = compose.questions(chosen, goals, book, rng)
        phases = compose.sections(plan, asked, book, goals, rng, minutes=request.minutes, is_sheet=is_sheet)
        minutes = sum(phase.minutes for phase in phases)
        lesson = Lesson(
            kind="fact_sheet" if is_sheet else "lesson",
            title=titled(about) if is_sheet else f"{about[0].upper()}{about[1:]}: an introduction",
            subject=request.subject,
            topic=request.topic,
            language=request.language,
            level=request.level,
            variant=request.variant,
            minutes=minutes,
            summary=summary,
            objectives=goals.objectives,
            prior_knowledge=[] if is_sheet else _prior_knowledge(plan, self.articles),
            key_terms=compose.key_terms(plan, book, is_sheet=is_sheet),
            sections=phases,
            questions=asked,
            sources=book.sources(),
            provenance=Provenance(
                writer=ExtractiveWriter.name,
                seed=self.seed,
                duration_seconds=0.0,
                resolution=self.material.resolution or None,
                notices=list(self._notices(plan, chosen, minutes, is_sheet)),
            ),
        )
        return Draft(lesson=with_roles(lesson), texts=book.texts)

    def _notices(self, plan: Plan, chosen: Sequence[Candidate], minutes: int, is_sheet: bool) -> Iterator[str]:
        """What a teacher should know before handing the lesson out."""
        if is_sheet:
            sentences = len(plan.passages)
            has = f"has {sentences} sentence{'s' if sentences > 1 else ''} on the topic"
            if sentences >= FEWEST_SENTENCES:
                has = f"says too little of why and how to ask about, and explains {len(plan.terms)} words"
            yield f"This is a fact sheet: the source {has}. {WHERE_TO_GET_MORE}"
            if words := activities.hard_words(plan):
                yield f"Words that the class may have to be told before it reads: {listed(words)}."
        elif self.request.minutes and minutes != self.request.minutes:
            yield f"The material bears {minutes} minutes, not the {self.request.minutes} asked for."
        repeated = sum(bool(candidate.uses & set(self.used.earlier)) for candidate in chosen)
        if repeated * 2 > len(chosen):
            yield (
                "Most of the questions stood in earlier versions: the material is used up. "
                f"For fresh ones: {_WHAT_TO_DO[0].lower()}{_WHAT_TO_DO[1:]}"
            )
        used = [f"“{term.running}”" for term in plan.terms if term.how == "named"]
        if used and not is_sheet:
            told = "Key terms with a sentence that uses them and no definition"
            yield f"The sources define few terms. {told}: {listed(used)}."


def _is_enough(plan: Plan) -> bool:
    """Whether a plan has the sentences, the words and the terms of a lesson."""
    words = sum(word_count(passage.text) for passage in plan.passages)
    return (
        bool(plan.opening)
        and len(plan.passages) >= FEWEST_SENTENCES
        and words >= FEWEST_WORDS
        and len(plan.terms) >= KEY_TERMS.fewest
    )


def _too_thin(article: Article, reason: str) -> TooThin:
    return TooThin(f"The article “{article.title}” is too thin for a lesson: {reason}.", hint=_WHAT_TO_DO)


def _prior_knowledge(plan: Plan, articles: Articles) -> list[str]:
    """Common ideas that the article names and the lesson does not explain."""
    explained = {term.name for term in plan.terms}
    found: dict[str, None] = {}
    for passage in plan.opening:
        for article, _, _ in articles.mentioned(passage):
            near = articles.nearness(plan.main.entry, article.entry) >= _NEAR_ENOUGH_TO_PRESUME
            name = split_title(article.title)[0]
            is_known = is_everyday(name) or names(plan.main.name, name)
            if near and article.term and article.is_common_noun and name not in explained and not is_known:
                found[name] = None
    return list(found)[: PRIOR_KNOWLEDGE.most]
