"""What a lesson shows of the topic's own article: its opening, then sections of it in an order that teaches."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lessongen.lesson.fact_sheet import FEWEST_SENTENCES
from lessongen.lesson.limits import KEY_TERMS
from lessongen.lesson.material import Document
from lessongen.text.focus import Focus
from lessongen.text.qualifier import Qualifier
from lessongen.writers.extractive.article import Article, Passage, Run, Term
from lessongen.writers.extractive.articles import Articles
from lessongen.writers.extractive.budget import AMPLE, Budget
from lessongen.writers.extractive.chapters import (
    Chapter,
    Chapters,
    chapters_in_a_row,
    lead_of,
    more_of_the_lead,
    opening_of,
    to_teach,
)
from lessongen.writers.extractive.choose import Use
from lessongen.writers.extractive.ease import ANY, Ease
from lessongen.writers.extractive.glossary import key_terms
from lessongen.writers.extractive.kinds import Kind, kind_of
from lessongen.writers.extractive.lifting import is_title
from lessongen.writers.extractive.subject import subject_of, what_it_is

_OPENING_WORDS = 110
_LEAD_WORDS = 75
_SHORT_TEXT_WORDS = 220
_OTHERS_SENTENCES = 3
_OTHERS_WORDS = 75
_MOST_OTHERS = 8


@dataclass(frozen=True, kw_only=True)
class Told:
    """The text of one section of the lesson, under the title that it has there."""

    title: str
    runs: tuple[Run, ...]
    is_example: bool = False

    @property
    def passages(self) -> list[Passage]:
        """All of its sentences."""
        return [passage for run in self.runs for passage in run]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The text of a lesson: the article's `opening`, `chapters` of it, and what was asked for beside it."""

    main: Article
    opening: Run
    chapters: tuple[Chapter, ...] = ()
    beside: tuple[Run, ...] = ()
    terms: tuple[Term, ...] = ()
    is_closed: bool = False

    @cached_property
    def told(self) -> list[Told]:
        """Its sections, each with its title."""
        about = subject_of(self.main)
        asked = what_it_is(self.main)
        title = asked[0].upper() + asked[1:] if asked else f"About {about}"
        parts = [each for each in self.chapters if each.heading or len(self.main.passages) >= FEWEST_SENTENCES]
        rest = (run for each in self.chapters if each not in parts for run in each.runs)
        sections = [Told(title=title, runs=(self.opening, *rest))]
        for chapter in parts:
            heading = chapter.heading.strip()
            title = heading if heading and is_title(heading) else f"More about {about}"
            sections.append(Told(title=title, runs=chapter.runs, is_example=chapter.is_example))
        if self.beside:
            title = "Rules and words" if self.is_closed else "What belongs to it"
            sections.append(Told(title=title, runs=self.beside))
        return [each for each in sections if each.passages]

    @cached_property
    def kind(self) -> Kind:
        """What kind of thing it is about."""
        return kind_of(self.main)

    @property
    def runs(self) -> Iterator[Run]:
        """All runs in the order in which the lesson shows them."""
        for told in self.told:
            yield from told.runs

    @property
    def passages(self) -> list[Passage]:
        """All passages shown."""
        return [passage for run in self.runs for passage in run]


@dataclass(frozen=True, kw_only=True, eq=False)
class Outlines:
    """Makes plans of one article and those that were asked for beside it.

    Of several sections those are preferred that speak of the `focus`; with a `qualifier`, the lesson is about that, and
    shows what speaks of it alone. Entries of the `primer` are shown whole.
    """

    main: Article
    others: Sequence[Article]
    articles: Articles
    rng: random.Random
    ease: Ease = ANY
    focus: str | None = None
    qualifier: str = ""
    is_closed: bool = False
    primer: Sequence[Document] = ()

    def plan(self, used: Mapping[Use, int], budget: Budget = AMPLE, *, is_strict: bool = True) -> Plan:
        """A body; what earlier versions asked about comes last. `is_strict`: see `Chapters`."""
        asked = Counter[str]()
        for (digest, _), times in used.items():
            asked[digest] += times
        bound = Qualifier(self.qualifier, self.main.title) if self.qualifier else None
        is_full = self.main.is_full
        is_primer = self.main.document in self.primer
        opening = opening_of(self.main, _OPENING_WORDS) if is_full else lead_of(self.main, _SHORT_TEXT_WORDS)
        opening = self.main.whole if is_primer else opening
        others = self.others[:_MOST_OTHERS]
        beside = tuple(run for other in others if (run := self._beginning(other)))
        if is_full:
            if not self.qualifier:
                opening += more_of_the_lead(self.main, opening, _LEAD_WORDS)
            chooser = Chapters(
                self.main,
                opening,
                asked,
                self.rng,
                is_strict=is_strict,
                ease=self.ease,
                focus=self._focus,
                bound=bound,
            )
            chapters = to_teach(chooser.choose(max(1, budget.chapters - bool(beside))), kind_of(self.main))
        else:
            chapters = [] if is_primer else chapters_in_a_row(self.main, opening, budget.words, bound)
        visible = [*opening, *(passage for chapter in chapters for passage in chapter.passages)]
        terms = key_terms(self.main, visible, self.articles)
        terms += [other.term for other in others if other.term and other.term not in terms]
        return Plan(
            main=self.main,
            opening=opening,
            chapters=tuple(chapters),
            beside=beside,
            terms=tuple(terms[: KEY_TERMS.most]),
            is_closed=self.is_closed,
        )

    @property
    def _focus(self) -> Focus:
        return Focus(self.qualifier or self.focus or "", self.main.title)

    def share_of_focus(self, plan: Plan) -> float:
        """How much of the focus the headings of a plan's sections name; 0 where there is no focus."""
        return self._focus.share(" ".join(chapter.heading for chapter in plan.chapters))

    def _beginning(self, article: Article) -> Run:
        """The first sentences of an article that was asked for beside the main one; the whole of a primer's entry."""
        is_ours = article.document in self.primer
        return article.whole if is_ours else opening_of(article, _OTHERS_WORDS)[:_OTHERS_SENTENCES]
