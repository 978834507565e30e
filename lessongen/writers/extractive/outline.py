"""What a lesson on a full article shows: its opening, then chapters of its own sections."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence

from lessongen.lesson.limits import KEY_TERMS
from lessongen.writers.extractive.article import Article, Run, Term
from lessongen.writers.extractive.articles import Articles
from lessongen.writers.extractive.budget import AMPLE, Budget
from lessongen.writers.extractive.chapters import Chapter, Chapters, more_of_the_lead, opening_of
from lessongen.writers.extractive.choose import Use
from lessongen.writers.extractive.ease import ANY, Ease
from lessongen.writers.extractive.glossary import key_terms
from lessongen.writers.extractive.plan import Plan, run_of
from lessongen.writers.extractive.related import Link, Related

_OPENING_WORDS = 110
_LEAD_WORDS = 75
_MOST_OTHERS = 2


def outline(
    main: Article,
    related: Sequence[Related],
    used: Mapping[Use, int],
    articles: Articles,
    rng: random.Random,
    *,
    is_strict: bool = True,
    ease: Ease = ANY,
    focus: str | None = None,
    budget: Budget = AMPLE,
) -> Plan:
    """A body from the article's own sections; other articles only where they were asked for by name.

    `is_strict`, `focus`: see `Chapters`.
    """
    asked = Counter[str]()
    for (digest, _), times in used.items():
        asked[digest] += times
    opening = opening_of(main, _OPENING_WORDS)
    opening += more_of_the_lead(main, opening, _LEAD_WORDS)
    others = [each for each in related if each.link is Link.ASKED_FOR and run_of(each.article)][:_MOST_OTHERS]
    most = max(1, budget.chapters - bool(others))  # the others have a section of their own
    chooser = Chapters(main, opening, main.names_in_passing, asked, rng, is_strict=is_strict, ease=ease, focus=focus)
    chapters = chooser.choose(most)
    terms = _terms(main, opening, chapters, articles, is_strict)
    if len(terms) < KEY_TERMS.fewest:
        chapters = _in_order(chapters, chooser.with_terms(chapters, KEY_TERMS.fewest - len(terms)), most)
        terms = _terms(main, opening, chapters, articles, is_strict)
    return Plan(
        main=main,
        opening=opening,
        closer=(),
        kinds=(),
        connected=tuple(run_of(each.article) for each in others),
        terms=(*terms, *(each.term for each in others if each.term)),
        chapters=tuple(chapters),
    )


def _terms(main: Article, opening: Run, chapters: Sequence[Chapter], articles: Articles, is_strict: bool) -> list[Term]:
    visible = [*opening, *(passage for chapter in chapters for passage in chapter.passages)]
    return key_terms(main, visible, articles, is_strict=is_strict)


def _in_order(chapters: Sequence[Chapter], more: Sequence[Chapter], most: int) -> list[Chapter]:
    """As many chapters as a lesson has, in the article's order: the added runs with those of their section."""
    together: dict[str, list[Run]] = {}
    for chapter in (*more, *chapters):
        together.setdefault(chapter.heading, []).extend(chapter.runs)
    kept = [
        Chapter(heading=heading, runs=tuple(sorted(dict.fromkeys(runs), key=lambda run: run[0].sentence.index)))
        for heading, runs in list(together.items())[:most]
    ]
    return sorted(kept, key=lambda each: each.passages[0].sentence.index)
