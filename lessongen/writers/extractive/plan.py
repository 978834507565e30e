"""What a lesson shows: which passages of the article, which other articles, which terms."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lessongen.lesson.limits import KEY_TERMS
from lessongen.text.focus import Focus
from lessongen.text.words import word_count
from lessongen.writers.extractive.article import Article, Passage, Run, Term
from lessongen.writers.extractive.budget import AMPLE, Budget
from lessongen.writers.extractive.chapters import Chapter
from lessongen.writers.extractive.choose import Use
from lessongen.writers.extractive.ease import ANY, Ease
from lessongen.writers.extractive.related import Link, Related

_OPENING_WORDS = 90
_RUN_WORDS = 75
_RUN_SENTENCES = 3
_SURE = 2
_LEVEL_COUNTS = 14.0
_MOST_OTHERS = 8


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The body of a lesson in runs of passages, and the terms that it explains, the article's own first.

    Of a lead: `opening`, `closer` and what other articles add. Of a full article: `opening` and its own `chapters`.
    `is_closed`: the other articles were chosen with the article, and tell of the same.
    """

    main: Article
    opening: Run
    closer: tuple[Run, ...]
    kinds: tuple[Run, ...]
    connected: tuple[Run, ...]
    terms: tuple[Term, ...]
    chapters: tuple[Chapter, ...] = ()
    is_closed: bool = False

    @property
    def runs(self) -> Iterator[Run]:
        """All runs in the order in which the lesson shows them."""
        yield self.opening
        for chapter in self.chapters:
            yield from chapter.runs
        yield from self.closer
        yield from self.kinds
        yield from self.connected

    @property
    def passages(self) -> list[Passage]:
        """All passages shown."""
        return [passage for run in self.runs for passage in run]


def plan_lesson(
    main: Article,
    related: Sequence[Related],
    used: Mapping[Use, int],
    rng: random.Random,
    ease: Ease = ANY,
    *,
    focus: str | None = None,
    budget: Budget = AMPLE,
) -> Plan:
    """A body from the article and what belongs to it; what earlier versions asked about comes last.

    What speaks of the `focus` comes first.
    """
    asked = Counter[str]()
    for (digest, _), times in used.items():
        asked[digest] += times
    sought = Focus(focus or "", main.title)
    opening, closer = _own_runs(main, asked, rng, sought, budget)
    closer = [run for run in closer if not all(map(ease.is_too_hard, run))]
    shown = _choose_related(related, asked, rng, ease, sought, budget)
    runs = {each: run for each in shown if (run := run_of(each.article, ease))}
    shown = list(runs)
    kinds = [each for each in shown if each.is_kind]
    if not closer and not kinds and len(shown) > 3:
        kinds = shown[:1]
    own_terms = [main.term] if main.term and main.term.definition in opening else []
    visible = {passage for run in (opening, *closer) for passage in run}
    in_passing = [term for term in main.terms_in_passing if term.definition in visible]
    other_terms = [each.term for each in shown if each.term]
    other_names = {" ".join(term.stems) for term in other_terms}
    in_passing = [term for term in in_passing if " ".join(term.stems) not in other_names]
    terms = [*own_terms, *other_terms, *in_passing]
    return Plan(
        main=main,
        opening=opening,
        closer=tuple(closer),
        kinds=tuple(runs[each] for each in kinds),
        connected=tuple(runs[each] for each in shown if each not in kinds),
        terms=tuple(terms[: KEY_TERMS.most]),
    )


def _own_runs(
    main: Article, asked: Mapping[str, int], rng: random.Random, sought: Focus, budget: Budget
) -> tuple[Run, list[Run]]:
    """The article's opening, and the runs for a closer look: the rest of a short one, parts of a long one."""
    lead = list(main.lead)
    cut = len(lead)
    for index in range(1, len(lead)):
        if not lead[index].points_back and _words(lead[:index]) >= _OPENING_WORDS / 2:
            cut = index
            break
    opening, rest = tuple(lead[:cut]), tuple(lead[cut:])
    closer = list(_split(rest)) if rest else []
    taken = set(lead)
    parts = [run for run in _split([each for each in main.passages if each not in taken])]
    room = budget.words - _words(lead)
    if _words([passage for run in parts for passage in run]) > room:
        parts = _some_of(parts, main, asked, room, rng, sought)
    return opening, [*closer, *parts]


def _some_of(
    runs: Sequence[Run], main: Article, asked: Mapping[str, int], room: int, rng: random.Random, sought: Focus
) -> list[Run]:
    """Runs up to that many words, in the article's order.

    Those come first that speak of what is sought, are least asked about, define a term; then by chance.
    """
    defining = {term.definition for term in main.terms_in_passing}
    by_worth = sorted(
        runs,
        key=lambda run: (
            -sought.share(" ".join(passage.text for passage in run)),
            sum(asked.get(passage.sha256, 0) for passage in run),
            -sum(passage in defining for passage in run),
            rng.random(),
        ),
    )
    chosen: list[Run] = []
    for run in by_worth:
        if _words(run) <= room:
            chosen.append(run)
            room -= _words(run)
    return [run for run in runs if run in chosen]


def _split(passages: Sequence[Passage]) -> Iterator[Run]:
    """Contiguous passages under one heading; a new run only begins with one that does not point back."""
    run: list[Passage] = []
    for passage in passages:
        breaks = run and (not passage.follows(run[-1]) or (_words(run) > _RUN_WORDS and not passage.points_back))
        if breaks:
            yield tuple(run)
            run = []
        run.append(passage)
    if run:
        yield tuple(run)


def _choose_related(
    related: Sequence[Related],
    asked: Mapping[str, int],
    rng: random.Random,
    ease: Ease,
    sought: Focus,
    budget: Budget,
) -> list[Related]:
    """Those asked for by name, the surest, then others by chance, least asked about first; surest first."""
    sure = [each for each in related if each.link is Link.ASKED_FOR]
    sure += [each for each in related if each not in sure][: max(0, _SURE - len(sure))]
    rest = [each for each in related if each not in sure]
    far = {each: _LEVEL_COUNTS * ease.distance(run_of(each.article)) for each in rest}
    near = {each: sought.share(" ".join(passage.text for passage in run_of(each.article))) for each in rest}
    rest.sort(key=lambda each: (-near[each], _times_asked(each, asked), rng.random() * 3 + far[each] - each.score))
    chosen = sure
    for each in rest:
        if len(chosen) < _MOST_OTHERS and _words(_other_passages(chosen)) < budget.words:
            chosen = [*chosen, each]
    return [each for each in related if each in chosen]


def _times_asked(related: Related, asked: Mapping[str, int]) -> int:
    return sum(asked.get(passage.sha256, 0) for passage in related.article.passages)


def _other_passages(related: Sequence[Related]) -> list[Passage]:
    return [passage for each in related for passage in run_of(each.article)]


def run_of(article: Article, ease: Ease = ANY) -> Run:
    """The article's definition and what follows it, without a gap, up to where it gets much too hard."""
    run: list[Passage] = []
    for passage in article.lead:
        if run and (not passage.follows(run[-1]) or len(run) >= _RUN_SENTENCES or _words(run) >= _RUN_WORDS):
            break
        if run and ease.is_too_hard(passage):
            break
        run.append(passage)
    return tuple(run)


def _words(passages: Sequence[Passage]) -> int:
    return sum(word_count(passage.text) for passage in passages)
