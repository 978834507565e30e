"""The sentences of a lesson's sources that a model reads, numbered: all, or those that matter where they are many."""

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
from lessongen.text.headings import only_lists
from lessongen.text.passages import is_cut_at_abbreviation
from lessongen.text.sentences import is_whole, split_sentences
from lessongen.text.words import stems, word_count
from lessongen.writers.extractive.article import Article, Passage
from lessongen.writers.extractive.articles import Articles
from lessongen.writers.openai.completion import estimated_tokens
from lessongen.writers.openai.plain import as_data, fenced, is_clean, speaks_to_a_program

_TOKENS_A_LINE = 4  # its number and the line break
_FEWEST_WORDS = 4  # of a sentence that can say something
_WORDS_ENOUGH = 260  # of all sources; shorter ones are supplemented from the encyclopedia
_NEAR = 0.42  # cosine of embeddings
_RELATED_SENTENCES = 3
_RELATED_WORDS = 340
LEFT_OUT = "…"
"""A line that stands for sentences that are not shown."""
_OPENING = 2  # sentences that are shown of a section that there is no room for


@dataclass(frozen=True, eq=False, kw_only=True)
class Numbered:
    """The sentences by number, from 1; `left_out` counts those that spoke to a program."""

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

    def _lines(self) -> Iterator[str]:
        before: Passage | None = None
        for number, passage in zip(self.numbers, self.passages, strict=True):
            if before is None or before.article is not passage.article:
                yield f"# {as_data(passage.article.title)}"
            if passage.heading and (
                before is None or (before.article, before.heading) != (passage.article, passage.heading)
            ):
                yield f"## {as_data(passage.heading)}"
            elif before is not None and not passage.follows(before):
                yield LEFT_OUT
            yield f"[{number}] {as_data(passage.text)}"
            before = passage


def number_sentences(
    request: LessonRequest, material: Material, encyclopedia: Encyclopedia | None, tokens: int
) -> Numbered:
    """The sources' sentences in the order of their texts, in so many tokens; several sources share them.

    Of a longer source its opening and the sections that fit the request best are there in full, and of each other
    section the first sentences, so that the main definition of every idea is in sight.
    """
    articles = Articles(encyclopedia)
    main = articles.read(material.article)
    others = [articles.read(other) for other in material.others]
    refused = Counter[str]()
    read = {article: _readable(article, refused) for article in [main, *others]}
    if sum(word_count(each.text) for passages in read.values() for each in passages) < _WORDS_ENOUGH:
        for each in _nearest(main, articles):
            if sum(word_count(one.text) for passages in read.values() for one in passages) >= _RELATED_WORDS:
                break
            read.setdefault(each, _readable(each, refused)[:_RELATED_SENTENCES])
    sizes = {article: _tokens(passages) for article, passages in read.items()}
    total = sum(sizes.values())
    shown: list[Passage] = []
    for article, passages in read.items():
        room = sizes[article] if total <= tokens else tokens * sizes[article] // total
        shown += passages if sizes[article] <= room else _that_matter(passages, request, main, room)
    return Numbered(article=main, passages=shown, left_out=refused.total())


def _nearest(main: Article, articles: Articles) -> Iterator[Article]:
    """The articles nearest to one in meaning, of its own category: others are on another sense of its name."""
    for entry_id, cosine in articles.neighbours(main.entry).items() if main.entry else ():
        each = articles.article(entry_id)
        if cosine >= _NEAR and each.category == main.category and each.is_suitable:
            yield each


def _readable(article: Article, refused: Counter[str]) -> list[Passage]:
    """The article's whole sentences, but those that can't be quoted or speak to a program."""
    text = article.document.text
    parts = article.document.parts
    found: list[Passage] = []
    for sentence in split_sentences(text):
        heading = next((part.heading for part in parts if part.start <= sentence.start < part.end), "")
        if only_lists(heading) or word_count(sentence.text) < _FEWEST_WORDS or not is_whole(sentence.text):
            continue
        if not is_clean(sentence.text) or is_cut_at_abbreviation(sentence.text, text):
            continue
        if speaks_to_a_program(sentence.text) or speaks_to_a_program(heading):
            refused[sha256(sentence.text)] += 1
            continue
        found.append(Passage(article=article, sentence=sentence, heading=heading))
    return found


def _that_matter(passages: Sequence[Passage], request: LessonRequest, main: Article, room: int) -> list[Passage]:
    """What there is room for, in the order given."""
    sections: dict[str, list[Passage]] = {}
    for each in passages:
        sections.setdefault(each.heading, []).append(each)
    wanted = set(stems(" ".join([request.topic, request.subject, request.focus or "", main.name])))
    relevance = _relevance({heading: [each.text for each in own] for heading, own in sections.items()}, wanted)
    chosen: set[Passage] = set()

    def take(wished: Sequence[Passage]) -> bool:
        new = [each for each in wished if each not in chosen]
        if _tokens([*chosen, *new]) > room:
            return False
        chosen.update(new)
        return True

    lead = next(iter(sections))
    for each in sections[lead]:
        take([each])
    for own in sections.values():
        take(own[:_OPENING])
    for heading in sorted(sections, key=lambda each: -relevance[each]):
        if not take(sections[heading]):
            for each in sections[heading]:
                if not take([each]):
                    break
    return [each for each in passages if each in chosen]


def _relevance(sections: Mapping[str, Sequence[str]], wanted: set[str]) -> Mapping[str, float]:
    """How well each section fits what is wanted: tf-idf over the sections, its heading counted."""
    counted = {heading: Counter(stems(" ".join([heading, *texts]))) for heading, texts in sections.items()}
    frequency = Counter(stem for counts in counted.values() for stem in counts)
    weight = {stem: math.log(1 + len(counted) / count) for stem, count in frequency.items()}

    def of(counts: Counter[str]) -> float:
        norm = math.sqrt(sum((count * weight[stem]) ** 2 for stem, count in counts.items())) or 1.0
        return sum(counts[stem] * weight[stem] for stem in wanted if stem in counts) / norm

    return {heading: of(counts) for heading, counts in counted.items()}


def _tokens(passages: Sequence[Passage] | set[Passage]) -> int:
    return sum(estimated_tokens(each.text) + _TOKENS_A_LINE for each in passages)
