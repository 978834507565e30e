"""Which English article a French or Spanish title means, found from the two packs alone.

Three signs, summed: how near the embeddings are (the model is English, but names, numbers and cognates carry it a long
way, and a linear map fitted to what is already aligned carries it further), how many rare word beginnings the texts
share, and how alike the titles are. A pair counts if each is the other's best, by a margin, and the categories agree.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np

from lessongen.sources.offline.names import foreign_key, light_key
from lessongen.sources.offline.pack import UNCATEGORIZED, PackArticle, PackLanguage
from lessongen.text.words import fold, split_title, tokens

Matrix = np.ndarray[Any, np.dtype[np.float32]]

ROUNDS = 3
# The French pack has nearly the English list of articles; the Spanish one has many that English lacks, whose best match
# is wrong: it needs the wider margin. Where neither title nor text has much in common it must be twice as wide, and
# people must share a name.
MARGINS: dict[PackLanguage, float] = {"fr": 0.05, "es": 0.1}
NEAR = 0.48
ALIKE = 0.3
ALIKE_TEXT = 0.12
HUB = 10
STIFFNESS = 20.0
TITLE_WEIGHT = 0.15
TEXT_WEIGHT = 0.6
BEGINNING = 5
MOST_TEXTS = 600

# What each pack calls the subjects that the English one divides alike; others agree with anything but people.
_PEOPLE = {"People", "Personnalités", "Personas"}
_SAME = {
    "Personnalités": {"People"},
    "Personas": {"People"},
    "Géographie": {"Geography"},
    "Geografía": {"Geography", "History"},
    "Mathématiques": {"Mathematics"},
    "Matemáticas": {"Mathematics"},
    "Santé et médecine": {"Biology and health sciences"},
    "Histoire": {"History", "Society and social sciences", "Geography"},
}


def align(
    english: Sequence[PackArticle],
    english_vectors: Matrix,
    language: PackLanguage,
    foreign: Sequence[PackArticle],
    foreign_vectors: Matrix,
) -> dict[str, int]:
    """The number (from 1) of the English article by `foreign_key` of the foreign title; sure pairs only."""
    titles = shared(map(_trigrams, foreign), list(map(_trigrams, english)))
    texts = shared(map(_beginnings, foreign), list(map(_beginnings, english)))
    anchors = _same_titles(english, foreign)
    pairs = dict(anchors)
    for _ in range(ROUNDS):
        cosines = _mapped(foreign_vectors, english_vectors, pairs) @ english_vectors.T
        scores = cosines - (_hubness(cosines, axis=0) + _hubness(cosines, axis=1)) / 2
        scores += TITLE_WEIGHT * titles + TEXT_WEIGHT * texts
        best = {
            number: target
            for number, (target, margin) in _mutual(scores).items()
            if _agree(foreign[number], english[target])
            and cosines[number, target] >= NEAR
            and _is_clear(
                foreign[number],
                float(titles[number, target]),
                float(texts[number, target]),
                margin / MARGINS[language],
            )
        }
        pairs = {**best, **anchors}
    right = [best[number] == anchors[number] for number in anchors if number in best]
    print(f"{language}: {len(best)} of {len(foreign)} aligned; {np.mean(right):.1%} right of {len(right)} same titles")
    return _by_key(language, english, foreign, best)


def shared(foreign: Iterable[Counter[Hashable]], english: Sequence[Counter[Hashable]]) -> Matrix:
    """Cosines of bags of features, rare ones weighing more."""
    postings: dict[Hashable, list[int]] = defaultdict(list)
    for number, bag in enumerate(english):
        for feature in bag:
            postings[feature].append(number)
    weight = {feature: np.log(len(english) / len(found)) for feature, found in postings.items()}
    lengths = np.array([_length(bag, weight) for bag in english])
    lines = []
    for bag in foreign:
        line = np.zeros(len(english))
        for feature in bag:
            if feature in postings and len(postings[feature]) <= MOST_TEXTS:
                line[postings[feature]] += weight[feature] ** 2
        lines.append((line / lengths / _length(bag, weight)).astype(np.float32))
    return np.stack(lines)


def _length(bag: Iterable[Hashable], weight: dict[Hashable, float]) -> float:
    return float(np.sqrt(sum(weight.get(feature, 6.0) ** 2 for feature in bag))) or 1.0


def _trigrams(article: PackArticle) -> Counter[Hashable]:
    name = f" {fold(split_title(article.title)[0])} "
    return Counter(name[place : place + 3] for place in range(len(name) - 2))


def _beginnings(article: PackArticle) -> Counter[Hashable]:
    words = tokens(f"{article.title} {article.extract[:1200]}")
    return Counter(word[:BEGINNING] for word in words if len(word) > 3 or word.isdigit())


def _same_titles(english: Sequence[PackArticle], foreign: Sequence[PackArticle]) -> dict[int, int]:
    by_title = {fold(article.title): number for number, article in enumerate(english)}
    return {
        number: by_title[fold(article.title)]
        for number, article in enumerate(foreign)
        if fold(article.title) in by_title and _agree(article, english[by_title[fold(article.title)]])
    }


def _mapped(foreign: Matrix, english: Matrix, pairs: dict[int, int]) -> Matrix:
    """The foreign vectors, moved by the linear map that best brings the pairs together and stays near doing nothing."""
    ours, theirs = foreign[list(pairs)], english[list(pairs.values())]
    stiff = STIFFNESS * np.eye(foreign.shape[1], dtype=np.float32)
    moved = foreign @ np.linalg.solve(ours.T @ ours + stiff, ours.T @ theirs + stiff)
    unit: Matrix = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    return unit


def _hubness(cosines: Matrix, axis: int) -> Matrix:
    # Some texts are near to everything; what counts is to be nearer than their usual company.
    top = np.partition(cosines, -HUB, axis=axis)
    nearest = top[-HUB:, :] if axis == 0 else top[:, -HUB:]
    mean: Matrix = nearest.mean(axis=axis, keepdims=True)
    return mean


def _mutual(scores: Matrix) -> dict[int, tuple[int, float]]:
    """The pairs of which each is the other's best, with the margin to the second best."""
    best, back = scores.argmax(axis=1), scores.argmax(axis=0)
    two_best = np.partition(scores, -2, axis=1)[:, -2:]
    margins = two_best[:, 1] - two_best[:, 0]
    return {n: (int(best[n]), float(margins[n])) for n in range(len(best)) if back[best[n]] == n}


def _is_clear(foreign: PackArticle, title: float, text: float, margins: float) -> bool:
    if foreign.category in _PEOPLE and title < ALIKE:
        return False
    return margins >= (1 if title >= ALIKE or text >= ALIKE_TEXT else 2)


def _agree(foreign: PackArticle, english: PackArticle) -> bool:
    if english.category == UNCATEGORIZED:
        return True
    same = _SAME.get(foreign.category)
    return english.category in same if same else english.category not in _PEOPLE


def _by_key(
    language: PackLanguage, english: Sequence[PackArticle], foreign: Sequence[PackArticle], chosen: dict[int, int]
) -> dict[str, int]:
    """Leaves out titles that English finds by itself, and those that a second foreign title shares."""
    english_names = {light_key(name) for article in english for name in (article.title, split_title(article.title)[0])}
    meant: dict[str, set[int]] = defaultdict(set)
    for number, target in chosen.items():
        title = foreign[number].title
        for name in {title, split_title(title)[0]}:
            if light_key(name) not in english_names:
                meant[foreign_key(name, language)].add(target + 1)
    return {key: targets.pop() for key, targets in sorted(meant.items()) if len(targets) == 1}
