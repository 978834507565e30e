"""The outline of a lesson as a model proposes it, with what it left open filled in: sections and key terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lessongen.lesson.limits import KEY_TERMS
from lessongen.system.errors import TooThin
from lessongen.text.nouns import singular
from lessongen.text.words import tokens, word_count
from lessongen.writers.extractive.article import Term
from lessongen.writers.extractive.naming import names
from lessongen.writers.openai.passages import Numbered
from lessongen.writers.openai.plain import plain

_FEWEST_NUMBERS = 4  # source sentences of a section
_MOST_NUMBERS = 8
_MOST_TERM_WORDS = 5
_LATEST_VERB = 110  # characters before it; beyond them a sentence is about something else
_DEFINES = re.compile(r"\b(?:is|are|was|were|refers? to|means?|denotes|describes|represents|consists? of|comprises)\b")
_SUBJECT = re.compile(
    r"(?:(?:An?|The) )?(?P<name>[^\W\d_][\w'’-]*(?: [\w'’-]+){0,3}?) (?:is|are|was|were|has|have|had|can|may)\b"  # noqa: RUF001
)
_NO_SUBJECT = re.compile(
    r"\d|^(?:it|this|that|these|those|there|they|he|she|we|you|what|which|who|one|some|many|most|more|all|each|every|other"
    r"|another|such|both|several|few|less|over|about|nearly|here|when|where|if|in|on|at|by|for|from|of|to|with|as"
    r"|although|while|because|since|after|its|their|his|her|our|your|my|first|second|third|not|no|nothing|everything)\b"
    r"|\b(?:that|which|who|of|and|or|in|for|also|it|this|they|there|not|to|by|with|at|on|often|usually|years?)$",
    re.IGNORECASE,
)
_NO_TERM = re.compile(r"[.!?:;,]$|\s[a-z]+ed$|\b(?:is|are|was|were|has|have|had|means|refers)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A section to be: the sentences it teaches, and the model's words for its title and objective, if usable."""

    numbers: tuple[int, ...]
    title: str | None
    objective: str | None
    level: str


@dataclass(frozen=True, kw_only=True)
class Word:
    """A key term and the sentence that says what it is; `term` is what an article's own definition tells of it."""

    text: str
    number: int
    term: Term | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What two terms that are the same agree in."""
        return tuple(singular(token) for token in tokens(self.text))


@dataclass(frozen=True, kw_only=True)
class Outline:
    """What a lesson teaches, in order."""

    topics: tuple[Topic, ...]
    words: tuple[Word, ...]


def read_outline(answer: Mapping[str, Any], numbered: Numbered, sections: int, terms: int) -> Outline:
    """The outline with every section full and at least three terms. Raises `TooThin` where the sources bear fewer."""
    topics = list(_topics(answer.get("sections", ()), numbered))[:sections]
    topics = [topic for topic in topics if len(topic.numbers) >= 2]
    if len(topics) < 2:
        topics = _in_order(numbered, sections)
    words = _words(answer.get("terms", ()), numbered, terms)
    return Outline(topics=tuple(_filled(topics, numbered)), words=tuple(words))


# ---------------------------------------------------------------- sections


def _topics(proposed: Iterable[Mapping[str, Any]], numbered: Numbered) -> Iterable[Topic]:
    taken: set[int] = set()
    for each in proposed:
        valid = dict.fromkeys(number for number in each["sentences"] if number in numbered and number not in taken)
        numbers = tuple(sorted(list(valid)[:_MOST_NUMBERS]))
        taken.update(numbers)
        yield Topic(
            numbers=numbers,
            title=plain(each["title"]),
            objective=plain(each["objective"], may_instruct=True),
            level=str(each["level"]),
        )


def _in_order(numbered: Numbered, sections: int) -> list[Topic]:
    """The sentences as they stand, in equal parts: where the model proposed none that exist."""
    count = min(len(numbered.numbers), sections * _MOST_NUMBERS)
    size = -(-count // sections)
    parts = [tuple(numbered.numbers[at : min(at + size, count)]) for at in range(0, count, size)]
    return [Topic(numbers=part, title=None, objective=None, level="remember") for part in parts if len(part) > 1]


def _filled(topics: Sequence[Topic], numbered: Numbered) -> list[Topic]:
    """The topics with the first sentence of all in the first one, and neighbours added to those that have few."""
    parts = [list(topic.numbers) for topic in topics]
    free = set(numbered.numbers) - {number for part in parts for number in part}
    if 1 in free:
        parts[0].insert(0, 1)
        free.discard(1)
    for part in parts:
        while len(part) < _FEWEST_NUMBERS and free:
            nearest = _nearest(free, part)
            part.append(nearest)
            free.discard(nearest)
    return [
        Topic(numbers=tuple(sorted(part)), title=topic.title, objective=topic.objective, level=topic.level)
        for topic, part in zip(topics, parts, strict=True)
    ]


def _nearest(free: Iterable[int], part: Sequence[int]) -> int:
    return min(free, key=lambda number: (min(abs(number - other) for other in part), number))


# ---------------------------------------------------------------- terms


def _words(proposed: Iterable[Mapping[str, Any]], numbered: Numbered, wanted: int) -> list[Word]:
    """The model's terms that a sentence defines, then the articles' own, then those that a sentence is about."""
    named = [word for each in proposed if (word := _named(each, numbered)) is not None]
    own = [
        Word(text=term.running, number=numbered.number_of[term.definition.sha256], term=term)
        for term in numbered.terms
        if not term.definition.points_back
    ]
    found: dict[tuple[str, ...], Word] = {}
    for word in [own[0]] if own and own[0].term is numbered.article.term else []:
        found[word.key] = word
    for word in (each for each in named if _defines(numbered[each.number].text, each.text)):
        found.setdefault(word.key, _as_defined(word, own))
    for words, enough in ((own, wanted), (named, KEY_TERMS.fewest), (_subjects(numbered), KEY_TERMS.fewest)):
        for word in words:
            if len(found) < max(enough, KEY_TERMS.fewest):
                found.setdefault(word.key, word)
    if len(found) < KEY_TERMS.fewest:
        raise TooThin(
            f"The article “{numbered.article.title}” is too thin for a lesson: it explains {len(found)} terms of the "
            f"{KEY_TERMS.fewest} needed.",
            hint="Name a longer article with --article TITLE, or ask for a broader topic.",
        )
    return list(found.values())[: wanted + 2]


def _named(proposed: Mapping[str, Any], numbered: Numbered) -> Word | None:
    text, number = plain(proposed["term"]), proposed["sentence"]
    if text is None or number not in numbered or not tokens(text) or word_count(text) > _MOST_TERM_WORDS:
        return None
    passage = numbered[number]
    if _NO_TERM.search(text) or not names(passage.text, text) or passage.points_back:
        return None
    return Word(text=_as_written(text, passage.text), number=number)


def _subjects(numbered: Numbered) -> Iterable[Word]:
    """What sentences that can be read by themselves are about."""
    for number in numbered.stand_alone():
        found = _SUBJECT.match(numbered[number].text)
        if found and not _NO_SUBJECT.search(found["name"]):
            yield Word(text=_as_written(found["name"], numbered[number].text), number=number)


def _as_written(term: str, sentence: str) -> str:
    """The term as running text writes it, where the sentence shows that."""
    inside = re.search(rf"(?<=\w )({re.escape(term)})\b", sentence, re.IGNORECASE)
    return inside.group(1) if inside else term


def _defines(sentence: str, term: str) -> bool:
    """Whether the sentence says what the term is: it names it before a defining verb near its beginning."""
    verb = _DEFINES.search(sentence)
    return verb is not None and verb.start() <= _LATEST_VERB and names(sentence[: verb.start()], term)


def _as_defined(word: Word, own: Sequence[Word]) -> Word:
    return next((each for each in own if each.key == word.key and each.number == word.number), word)
