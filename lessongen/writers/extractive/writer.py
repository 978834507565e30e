"""The extractive writer: from a request's material to a lesson, in one straight line."""

from __future__ import annotations

import random
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from lessongen.lesson.attempt import Attempt
from lessongen.lesson.draft import Anew, Draft, Problem
from lessongen.lesson.encyclopedia import Encyclopedia
from lessongen.lesson.limits import FEWEST_WORDS, KEY_TERMS, PRIOR_KNOWLEDGE, USUAL_QUESTIONS
from lessongen.lesson.material import Material
from lessongen.lesson.model import Lesson, Provenance, Section
from lessongen.lesson.reading import with_roles
from lessongen.lesson.task import LessonRequest
from lessongen.lesson.who_judged import RULES
from lessongen.system.errors import TooThin, UnsupportedLanguage
from lessongen.text.words import split_title, word_count
from lessongen.writers.extractive import compose
from lessongen.writers.extractive.anew import Regeneration
from lessongen.writers.extractive.article import Article
from lessongen.writers.extractive.articles import Articles
from lessongen.writers.extractive.budget import Budget
from lessongen.writers.extractive.candidates import Candidate
from lessongen.writers.extractive.choose import DEFAULT_COUNT, Use, Used, choose, uses_of
from lessongen.writers.extractive.distractors import Distractors
from lessongen.writers.extractive.ease import ANY, Ease
from lessongen.writers.extractive.facts import Facts
from lessongen.writers.extractive.mixups import misconceptions
from lessongen.writers.extractive.objectives import Goals, listed, subject_of
from lessongen.writers.extractive.outline import outline
from lessongen.writers.extractive.plan import Plan, plan_lesson
from lessongen.writers.extractive.questions import Questions
from lessongen.writers.extractive.quotes import QuoteBook
from lessongen.writers.extractive.related import Link, Related, related_articles
from lessongen.writers.extractive.relations import comparisons, judgements

_TRIES_BESIDE = 3
_FEWEST_MINUTES = 2
_TRIES = (*[(True, True)] * 2, *[(False, True)] * 3, *[(False, False)] * 4)
_MANY_QUESTIONS = 9  # with fewer, a full article is planned anew
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

        Raises `UnsupportedLanguage` for any language but English, and `TooThin` where the article does not bear
        a lesson. Nobody need judge what it quotes.
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
        articles, rng = Articles(self._encyclopedia), random.Random(attempt.seed)  # noqa: S311 - choices, not secrets
        attempt.progress("plan", 30, f"Choosing what to teach from “{material.article.title}”")
        main = articles.read(material.article)
        asked_for = [articles.read(other) for other in material.others]
        used = Used(earlier=uses_of(attempt.earlier), beside=frozenset(beside))
        related = related_articles(main, asked_for, articles, request.subject)
        if material.is_closed:
            related = [each for each in related if each.link is Link.ASKED_FOR]
        if main.is_list:
            raise _too_thin(main, "it lists other articles and explains nothing itself")
        planning = _Planning(
            main=main, related=related, used=used, articles=articles, request=request, rng=rng, attempt=attempt
        )
        plan, chosen = planning.near(Ease.of(request.level))
        plan = replace(plan, is_closed=material.is_closed)
        attempt.progress("compose", 80, "Putting the lesson together")
        parts = _Parts(request=request, plan=plan, chosen=chosen, used=used.earlier, articles=articles)
        lesson, texts = parts.lesson(material, attempt.seed, rng, started)
        return Draft(lesson=lesson, texts=texts)

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
class _Planning:
    """The choice of what to show and what to ask about one article and those related to it."""

    main: Article
    related: Sequence[Related]
    used: Used
    articles: Articles
    request: LessonRequest
    rng: random.Random
    attempt: Attempt

    def near(self, ease: Ease) -> tuple[Plan, Sequence[Candidate]]:
        """A plan of passages near the level, of as many as its minutes hold.

        Of any, and of more, where those don't bear a lesson: none is refused for its level or for being short.
        """
        rooms = Budget.of(self.request.minutes, self.request.questions).wider
        plans = (self._of_sections, self._of_lead) if self.main.is_full else (self._of_lead,)
        refusals: list[TooThin] = []
        for level in dict.fromkeys((ease, ANY)):
            told: list[TooThin] = []
            for plan in plans:
                for room in rooms:
                    try:
                        return plan(level, room)
                    except TooThin as too_thin:
                        told.append(too_thin)
            refusals.append(told[0])
        raise refusals[-1]

    def _of_sections(self, ease: Ease, budget: Budget) -> tuple[Plan, Sequence[Candidate]]:
        """What to show of a full article's sections and what to ask; a few are tried if the first bear no lesson."""
        refusals: list[TooThin] = []
        best: tuple[Plan, Sequence[Candidate]] | None = None
        # Then without minding what a text opens with, and last without minding what earlier versions showed.
        for is_strict, shown in _TRIES:
            if best is not None and not is_strict:
                break
            plan = outline(
                self.main,
                self.related,
                self.used.counts if shown else {},
                self.articles,
                self.rng,
                is_strict=is_strict,
                ease=ease,
                focus=self.request.focus,
                budget=budget,
            )
            try:
                chosen = self._ask(plan, budget)
            except TooThin as too_thin:
                refusals.append(too_thin)
                continue
            if best is None or len(chosen) > len(best[1]):
                best = (plan, chosen)
            if len(chosen) >= (self.request.questions or min(budget.questions, _MANY_QUESTIONS)):
                break
        if best is None:
            raise refusals[0]
        return best

    def _of_lead(self, ease: Ease, budget: Budget) -> tuple[Plan, Sequence[Candidate]]:
        """What to show and what to ask of an article that has no more than its beginning, and of its neighbours."""
        plan = plan_lesson(
            self.main, self.related, self.used.counts, self.rng, ease, focus=self.request.focus, budget=budget
        )
        self.attempt.progress("questions", 60, "Making questions")
        return plan, self._ask(plan, budget)

    def _ask(self, plan: Plan, budget: Budget) -> Sequence[Candidate]:
        """The questions on a plan; raises `TooThin` where the plan does not bear a lesson."""
        _refuse_thin_text(plan)
        maker = Questions(plan.main, self.articles, self.rng)
        candidates = maker.candidates(plan.passages, plan.terms)
        candidates += maker.ranked(comparisons(plan.terms, self.articles))
        candidates += maker.ranked(judgements(plan.main, plan.passages, subject_of(plan)))
        facts = Facts(plan.main, self.rng)
        if plan.chapters:
            distractors = Distractors(self.articles, [*plan.terms, *plan.main.terms_in_passing], self.rng)
            candidates += maker.ranked(facts.candidates(plan.passages, plan.terms, distractors))
        else:
            candidates += maker.ranked(facts.of_a_lead(plan.passages))
        chosen = choose(
            candidates,
            self.request.questions,
            self.used,
            self.rng,
            usual=min(budget.questions, USUAL_QUESTIONS.most if plan.chapters else DEFAULT_COUNT),
        )
        if len(chosen) < USUAL_QUESTIONS.fewest:
            raise _too_thin(
                plan.main, f"it bears {len(chosen)} questions of the {USUAL_QUESTIONS.fewest} that a lesson needs"
            )
        return chosen


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """All that is decided about a lesson before it is put together."""

    request: LessonRequest
    plan: Plan
    chosen: Sequence[Candidate]
    used: Mapping[Use, int]
    articles: Articles

    def lesson(
        self, material: Material, seed: int, rng: random.Random, started: float
    ) -> tuple[Lesson, dict[str, str]]:
        """The lesson and the texts of its sources."""
        request, plan = self.request, self.plan
        book = QuoteBook(plan.main)
        summary = book.statement(plan.opening[0])
        goals = Goals(self.chosen, plan)
        asked = compose.questions(self.chosen, goals, book, rng)
        phases = compose.sections(plan, self.chosen, asked, book, request.minutes, goals, rng)
        lesson = Lesson(
            title=f"{_capital(subject_of(plan))}: an introduction",
            subject=request.subject,
            topic=request.topic,
            language=request.language,
            level=request.level,
            variant=request.variant,
            minutes=sum(phase.minutes for phase in phases),
            summary=summary,
            objectives=goals.objectives,
            prior_knowledge=_prior_knowledge(plan, self.articles),
            key_terms=compose.key_terms(plan, book),
            misconceptions=misconceptions(plan, self.articles, book),
            sections=phases,
            questions=asked,
            sources=book.sources(),
            provenance=Provenance(
                writer=ExtractiveWriter.name,
                seed=seed,
                duration_seconds=round(time.monotonic() - started, 3),
                resolution=material.resolution or None,
                notices=[*_notices(request, self.chosen, phases, set(self.used)), *_not_defined(plan)],
            ),
        )
        return with_roles(lesson), book.texts


def _refuse_thin_text(plan: Plan) -> None:
    if not plan.opening:
        raise _too_thin(plan.main, "it has no sentence that can be quoted by itself")
    words = sum(word_count(passage.text) for passage in plan.passages)
    if words < FEWEST_WORDS:
        raise _too_thin(plan.main, f"it and what belongs to it give {words} words of the {FEWEST_WORDS} needed")
    if len(plan.terms) < KEY_TERMS.fewest:
        raise _too_thin(plan.main, f"it explains {len(plan.terms)} terms of the {KEY_TERMS.fewest} needed")


def _too_thin(article: Article, reason: str) -> TooThin:
    return TooThin(f"The article “{article.title}” is too thin for a lesson: {reason}.", hint=_WHAT_TO_DO)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _prior_knowledge(plan: Plan, articles: Articles) -> list[str]:
    """Common ideas that the article names and the lesson does not explain."""
    explained = {term.name for term in plan.terms}
    found: dict[str, None] = {}
    for passage in (*plan.opening, *(each for run in plan.closer for each in run)):
        for article, _, _ in articles.mentioned(passage):
            near = articles.nearness(plan.main.entry, article.entry) >= _NEAR_ENOUGH_TO_PRESUME
            if near and article.term and article.is_common_noun and article.name not in explained:
                found[split_title(article.title)[0]] = None
    return list(found)[: PRIOR_KNOWLEDGE.most]


def _not_defined(plan: Plan) -> list[str]:
    """That some of the key terms stand with a sentence that only uses them, for want of any that says what they are."""
    used = [f"“{term.running}”" for term in plan.terms if term.how == "named"]
    if not used:
        return []
    return [
        f"The sources define few terms. Key terms with a sentence that uses them and no definition: {listed(used)}."
    ]


def _notices(
    request: LessonRequest, chosen: Sequence[Candidate], phases: Sequence[Section], used: Collection[Use]
) -> list[str]:
    """What a teacher should know before handing the lesson out."""
    notices: list[str] = []
    repeated = sum(bool(candidate.uses & set(used)) for candidate in chosen)
    if repeated * 2 > len(chosen):
        notices.append(
            "Most of the questions stood in earlier versions: the material is used up. "
            f"For fresh ones: {_WHAT_TO_DO[0].lower()}{_WHAT_TO_DO[1:]}"
        )
    if request.questions and len(chosen) < request.questions:
        notices.append(f"The material bears {len(chosen)} questions, not the {request.questions} asked for.")
    minutes = sum(phase.minutes for phase in phases)
    if request.minutes and minutes != request.minutes:
        notices.append(f"A lesson takes at least {_FEWEST_MINUTES} minutes, not {request.minutes}.")
    return notices
