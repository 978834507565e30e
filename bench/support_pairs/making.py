"""Draws pairs from articles: so many of each kind, the same ones for the same seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from bench.support_pairs.articles import Article
from bench.support_pairs.faults import WAYS, Place
from bench.support_pairs.honest import reworded

HONEST = "honest"
WRONG_QUOTE = "wrongquote"
KINDS = (*WAYS, WRONG_QUOTE, HONEST)

_TRIES = 400  # a pair: a way seldom fits a sentence


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A sentence, the quotes that it cites, and the kind of its fault (None where it is honest)."""

    title: str
    quotes: tuple[str, ...]
    sentence: str
    fault: str | None
    way: str
    article: tuple[str, ...] = ()


def make_pairs(articles: Sequence[Article], count: int, seed: int) -> list[Pair]:
    """So many pairs of each kind."""
    pairs: list[Pair] = []
    for kind in KINDS:
        random = Random(f"{seed} {kind}")
        found: dict[str, Pair] = {}
        for _ in range(count * _TRIES):
            if len(found) == count:
                break
            article = random.choice(articles)
            for pair in _draw(kind, article, articles, random):
                found.setdefault(pair.sentence, pair)
        pairs += list(found.values())[:count]
    return pairs


def _draw(kind: str, article: Article, articles: Sequence[Article], random: Random) -> Iterator[Pair]:
    at = random.randrange(len(article.sentences))
    text = article.sentences[at]
    # Some cite a neighbour besides, as sentences that join two facts do.
    neighbour = article.sentences[at + 1 : at + 2] if random.random() < 0.4 else ()
    quotes = (text, *neighbour)
    wording, rewordings = text, ""
    if kind in (HONEST, WRONG_QUOTE) or random.random() < 0.5:
        # Half of the faults are put into the quote's own wording, half into another.
        fitting = reworded(text, article.title, random, random.choice((1, 1, 2, 3)))
        if fitting is None:
            return
        wording, rewordings = fitting
    if kind == HONEST:
        yield _pair(article, quotes, wording, None, rewordings)
        return
    if kind == WRONG_QUOTE:
        wrong, way = _wrong_quote(article, at, random)
        yield _pair(article, (wrong,), wording, kind, way)
        return
    elsewhere = random.choice(articles)
    place = Place(
        text=wording,
        quotes=quotes,
        title=article.title,
        others=[other for other in article.sentences if other not in quotes],
        foreign=() if elsewhere is article else random.sample(elsewhere.sentences, 20),
        random=random,
    )
    spoil = random.choice(WAYS[kind])
    faulty = spoil(place) if place.foreign else None
    if faulty is not None and faulty not in quotes:
        yield _pair(article, quotes, faulty, kind, spoil.__name__.strip("_"))


def _wrong_quote(article: Article, at: int, random: Random) -> tuple[str, str]:
    """Another sentence of the article: a neighbour, any, or the one that shares most words."""
    others = [(place, text) for place, text in enumerate(article.sentences) if place != at]
    draw = random.random()
    if draw < 0.3:
        return min(others, key=lambda other: (abs(other[0] - at), other[0]))[1], "neighbour"
    if draw < 0.5:
        mine = set(article.sentences[at].lower().split())
        return max(others, key=lambda other: len(mine & set(other[1].lower().split())))[1], "likest"
    return random.choice(others)[1], "any"


def _pair(article: Article, quotes: tuple[str, ...], sentence: str, fault: str | None, way: str) -> Pair:
    return Pair(title=article.title, quotes=quotes, sentence=sentence, fault=fault, way=way, article=article.sentences)
