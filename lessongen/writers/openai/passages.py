"""The sentences of a lesson's sources that a model reads, numbered: which ones, in which order, and as which text."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lessongen.lesson.encyclopedia import Encyclopedia
from lessongen.lesson.material import Material
from lessongen.lesson.model import sha256
from lessongen.lesson.task import LessonRequest
from lessongen.text.words import stems, word_count
from lessongen.writers.extractive.article import Article, Passage, Term
from lessongen.writers.extractive.articles import Articles
from lessongen.writers.extractive.related import related_articles
from lessongen.writers.openai.plain import as_data, fenced, is_clean, speaks_to_a_program

_CHARACTERS_A_TOKEN = 4
_TOKENS_A_LINE = 4  # its number and the line break
_RUN_SENTENCES = 4
_LEAD_SHARE = 0.5  # of the sentences, at most; the rest is left to the sections
_WORDS_ENOUGH = 260  # of an article; a shorter one is supplemented from the encyclopedia
_RELATED_SENTENCES = 3
_RELATED_WORDS = 340
_USED_COUNTS = 0.5  # how much less a run is worth that earlier versions asked about


def estimated_tokens(text: str) -> int:
    """About how many tokens a text has."""
    return -(-len(text) // _CHARACTERS_A_TOKEN)


@dataclass(frozen=True, kw_only=True)
class Room:
    """How much of the sources may be shown: in tokens and in sentences."""

    tokens: int
    sentences: int


@dataclass(frozen=True, eq=False, kw_only=True)
class Numbered:
    """The chosen sentences by number, from 1; `left_out` counts those that spoke to a program."""

    article: Article
    passages: Sequence[Passage]
    left_out: int

    def __getitem__(self, number: int) -> Passage:
        return self.passages[number - 1]

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and not isinstance(number, bool) and 1 <= number <= len(self.passages)

    @property
    def numbers(self) -> range:
        """All numbers."""
        return range(1, len(self.passages) + 1)

    @cached_property
    def number_of(self) -> Mapping[str, int]:
        """The number of each sentence by its SHA-256."""
        return {passage.sha256: number for number, passage in zip(self.numbers, self.passages, strict=True)}

    @cached_property
    def block(self) -> str:
        """The sentences with their numbers under the titles and headings that they stand under, fenced as data."""
        return fenced("SOURCES", self._lines())

    @cached_property
    def sha256(self) -> str:
        """What identifies the choice of sentences."""
        return sha256("\n".join(passage.sha256 for passage in self.passages))

    @cached_property
    def terms(self) -> Sequence[Term]:
        """What the articles define in sentences of the choice, the article's own term first."""
        articles = dict.fromkeys([self.article, *(passage.article for passage in self.passages)])
        found = [article.term for article in articles if article.term] + [
            term for article in articles for term in article.terms_in_passing
        ]
        return [term for term in found if term.definition.sha256 in self.number_of]

    @cached_property
    def texts(self) -> Mapping[Article, tuple[str, ...]]:
        """All sentences of each article, for finding one that says something better."""
        articles = dict.fromkeys(passage.article for passage in self.passages)
        return {article: tuple(passage.text for passage in article.passages) for article in articles}

    def stand_alone(self) -> list[int]:
        """The numbers of the sentences that can be asked about by themselves."""
        return [number for number in self.numbers if self[number].stands_alone]

    def _lines(self) -> Iterator[str]:
        place: tuple[Article, str] | None = None
        for number, passage in zip(self.numbers, self.passages, strict=True):
            if place is None or place[0] is not passage.article:
                yield f"# {as_data(passage.article.title)}"
                place = (passage.article, "")
            if place[1] != passage.heading:
                yield f"## {as_data(passage.heading)}"
                place = (passage.article, passage.heading)
            yield f"[{number}] {as_data(passage.text)}"


def number_sentences(
    request: LessonRequest,
    material: Material,
    encyclopedia: Encyclopedia | None,
    room: Room,
    used: Mapping[str, int],
) -> Numbered:
    """The sentences that fit the request best, neighbours together, in the order of their articles.

    `used` counts by SHA-256 how often earlier versions asked about a sentence: those come later where there is choice.
    """
    articles = Articles(encyclopedia)
    main = articles.read(material.article)
    others = [articles.read(other) for other in material.others]
    refused = Counter[str]()
    runs = [run for article in [main, *others] for run in _runs(article, refused)]
    if sum(map(_words, runs)) < _WORDS_ENOUGH:
        runs += _related_runs(main, others, articles, request.subject, refused, _RELATED_WORDS - sum(map(_words, runs)))
    chosen = _chosen(runs, main, _Relevance(runs, request, main, used), room)
    return Numbered(article=main, passages=[passage for run in chosen for passage in run], left_out=refused.total())


Run = tuple[Passage, ...]


def _runs(article: Article, refused: Counter[str]) -> list[Run]:
    """Sentences that belong together: neighbours under one heading; only the first may do without the one before it."""
    runs: list[list[Passage]] = []
    for passage in article.passages:
        if speaks_to_a_program(passage.text) or speaks_to_a_program(passage.heading):
            refused[passage.sha256] += 1
            continue
        if not is_clean(passage.text):
            continue
        goes_on = bool(runs) and passage.follows(runs[-1][-1])
        if passage.points_back and not goes_on and passage.sentence.index > 0:
            continue
        if goes_on and (passage.points_back or len(runs[-1]) < _RUN_SENTENCES):
            runs[-1].append(passage)
        else:
            runs.append([passage])
    return [tuple(run) for run in runs]


def _related_runs(
    main: Article, others: Sequence[Article], articles: Articles, subject: str, refused: Counter[str], room: int
) -> list[Run]:
    """The openings of the articles nearest to a short one, up to so many words."""
    found: list[Run] = []
    for each in related_articles(main, others, articles, subject):
        if room <= 0:
            break
        if each.article in others:
            continue
        for run in _runs(each.article, refused)[:1]:
            short = run[:_RELATED_SENTENCES]
            found.append(short)
            room -= _words(short)
    return found


class _Relevance:
    """How well a run fits a request: tf-idf over all runs, the lead first, what was asked about before later."""

    def __init__(self, runs: Sequence[Run], request: LessonRequest, main: Article, used: Mapping[str, int]) -> None:
        self._used = used
        self._main = main
        self._stems = {run: Counter(stems(" ".join([run[0].heading, *(each.text for each in run)]))) for run in runs}
        frequency = Counter(stem for counted in self._stems.values() for stem in counted)
        self._weight = {stem: math.log(1 + len(runs) / count) for stem, count in frequency.items()}
        self._wanted = set(stems(f"{request.topic} {request.subject}")) | set(stems(main.name))

    def of(self, run: Run) -> float:
        """The higher, the better."""
        counted = self._stems[run]
        norm = math.sqrt(sum((count * self._weight[stem]) ** 2 for stem, count in counted.items())) or 1.0
        score = sum(counted[stem] * self._weight[stem] for stem in self._wanted if stem in counted) / norm
        score += 0.1 * sum(passage.stands_alone for passage in run) / len(run)
        asked = sum(passage.sha256 in self._used for passage in run) / len(run)
        return score - _USED_COUNTS * asked


def _chosen(runs: Sequence[Run], main: Article, relevance: _Relevance, room: Room) -> list[Run]:
    """As many runs as there is room for: the lead up to its share, then by relevance; in the order given."""
    taken: set[int] = set()
    tokens, sentences = room.tokens, room.sentences

    def take(index: int, most: int) -> bool:
        nonlocal tokens, sentences
        run = runs[index]
        cost = sum(estimated_tokens(passage.text) + _TOKENS_A_LINE for passage in run)
        if index in taken or cost > tokens or len(run) > min(sentences, most):
            return False
        taken.add(index)
        tokens, sentences = tokens - cost, sentences - len(run)
        return True

    lead = int(room.sentences * _LEAD_SHARE)
    for index, run in enumerate(runs):
        if run[0].article is main and not run[0].heading and take(index, lead):
            lead -= len(run)
    for index in sorted(range(len(runs)), key=lambda each: (-relevance.of(runs[each]), each)):
        take(index, sentences)
    return [run for index, run in enumerate(runs) if index in taken]


def _words(run: Run) -> int:
    return sum(word_count(passage.text) for passage in run)
