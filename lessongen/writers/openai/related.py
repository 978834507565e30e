"""Which other articles belong in a lesson: named by it, naming it, or near it in meaning, and in the same sense."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from lessongen.text.words import fold, split_title, stems
from lessongen.writers.extractive.article import Article
from lessongen.writers.extractive.articles import Articles

# Cosines of MiniLM embeddings, measured on leads: below them, what looks related is another sense or drifts off.
_NEAR_ENOUGH_IF_MENTIONED = 0.30
_NEAR_ENOUGH = 0.34
_CLOSE_FOR_A_WORD = 0.38
_CLOSE_FOR_A_NAME = 0.42
_CLOSE_FOR_A_PERSON = 0.50  # where neither names the other: else of another century
_NEAR_ENOUGH_ACROSS_CATEGORIES = 0.46
_WORTH_SHOWING = 3.5
_ENOUGH = 5
_ENOUGH_ON_A_NAME = 4  # other people and places lead astray sooner than other words
_MOST = 20
_PLACES_AND_PEOPLE = ("People", "Geography")
_ABOUT_PLACES_AND_PEOPLE = ("History", "Arts", "People", "Geography")


class Link(IntEnum):
    """How an article came to be considered; the higher, the surer."""

    NEAR = 0
    NAMES_IT = 1
    MENTIONED = 2
    ASKED_FOR = 3


@dataclass(frozen=True, kw_only=True)
class Related:
    """An article that belongs to the lesson's."""

    article: Article
    link: Link
    score: float


def related_articles(main: Article, asked_for: Sequence[Article], articles: Articles, subject: str) -> list[Related]:
    """The articles that belong to `main`: those asked for in their order, then the surest; none for what is unknown."""
    links, scores = _candidates(main, asked_for, articles)
    context = frozenset(stems(subject)) | main.stems
    found: list[Related] = []
    for article, score in scores.items():
        link = links[article]
        if (
            article is main
            or (article.term is None and link is not Link.ASKED_FOR)
            or not _is_meant(article, main, link, context, articles)
        ):
            continue
        score += _affinity(article, main) + 12 * articles.nearness(main.entry, article.entry)
        if score >= _WORTH_SHOWING:
            found.append(Related(article=article, link=link, score=score))
    place = {article: at for at, article in enumerate(asked_for)}
    found.sort(key=lambda each: (place.get(each.article, len(place)), -each.score, each.article.title))
    by_name: dict[str, Related] = {}
    for each in found:
        by_name.setdefault(fold(each.article.name), each)
    close = [each for each in by_name.values() if not _is_distant(each, main, articles)]
    distant = [each for each in by_name.values() if each not in close]
    enough = _ENOUGH if main.is_common_noun else _ENOUGH_ON_A_NAME
    return [*close[:_MOST], *distant[: max(0, enough - len(close))]]


def _candidates(
    main: Article, asked_for: Sequence[Article], articles: Articles
) -> tuple[dict[Article, Link], dict[Article, float]]:
    links: dict[Article, Link] = {}
    scores: dict[Article, float] = {}

    def add(article: Article, link: Link, score: float) -> None:
        links[article] = max(link, links.get(article, Link.NEAR))
        scores[article] = scores.get(article, 0.0) + score

    for article in asked_for:
        add(article, Link.ASKED_FOR, 10)
    for passage in main.lead if main.is_full else main.passages:
        for article, _, _ in articles.mentioned(passage):
            add(article, Link.MENTIONED, 3)
    own = set(stems(main.name))
    for rank, article in enumerate(articles.naming(main)):
        described = 2 if own <= set(stems(article.description)) else 0
        defined = 1 if article.term and own <= set(stems(article.term.definition.text)) else 0
        add(article, Link.NAMES_IT, (2 if rank < 20 else 1) + described + defined)
    if main.entry:
        near = [entry_id for entry_id, cosine in articles.neighbours(main.entry).items() if cosine >= _NEAR_ENOUGH]
        for rank, entry_id in enumerate(near[:30]):
            add(articles.article(entry_id), Link.NEAR, 1.5 if rank < 10 else 0.5)
    return links, scores


def _is_meant(article: Article, main: Article, link: Link, context: frozenset[str], articles: Articles) -> bool:
    """Whether the article is about the sense of its name that the lesson speaks of, and near enough to it."""
    if link is Link.ASKED_FOR:
        return True
    if main.is_suitable and not article.is_suitable:
        return False
    if article.document.text == main.document.text:
        return False
    sense = set(stems(split_title(article.title)[1]))
    if sense and not sense & context:
        return False
    cosine = articles.nearness(main.entry, article.entry)
    if article.category != main.category:
        if set(stems(article.name)) & set(stems(main.name)):
            return False  # another field's sense of the same word: inflation of prices, of the cosmos
        return link is not Link.NEAR and cosine >= _NEAR_ENOUGH_ACROSS_CATEGORIES
    return cosine >= (_NEAR_ENOUGH_IF_MENTIONED if link is Link.MENTIONED else _NEAR_ENOUGH)


def _is_distant(related: Related, main: Article, articles: Articles) -> bool:
    """Whether it only fills up: another island, another revolution, that the article itself does not mention."""
    if related.link >= Link.MENTIONED:
        return False
    close = _CLOSE_FOR_A_WORD if related.article.is_common_noun else _CLOSE_FOR_A_NAME
    if related.link is Link.NEAR and related.article.category == "People":
        close = _CLOSE_FOR_A_PERSON
    return articles.nearness(main.entry, related.article.entry) < close


def _affinity(article: Article, main: Article) -> float:
    if article.category == main.category:
        return 1.5
    strays = article.category in _PLACES_AND_PEOPLE and main.category not in _ABOUT_PLACES_AND_PEOPLE
    return -1.5 if strays else 0.0
