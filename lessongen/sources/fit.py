"""How well an article fits the subject and the topic of a lesson, by words alone and in any language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from lessongen.text.qualifier import alike, content_words
from lessongen.text.subjects import words_of_field
from lessongen.text.words import split_title

_ALMOST = 75  # of 100 letters alike
# How often a long text names a subject, and how many words of its field it has, where they don't stand by chance.
_NAMED_IN_TEXT = 2
_FIELD_IN_TEXT = 4


class Level(IntEnum):
    """How surely words say that an article belongs to the subject."""

    NOTHING = 0
    CATEGORY = 1
    FIELD = 2
    NAMED = 3
    IN_TITLE = 4


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Where an article may say what it belongs to: its title's brackets, its description, first sentence, lead.

    Where a page of namesakes lists it, `about` is its line there, and `heading` what that stands under.
    """

    qualifier: str = ""
    description: str = ""
    about: str = ""
    lead: str = ""
    heading: str = ""
    categories: tuple[str, ...] = ()


class Subject:
    """A lesson's subject as words that articles may hold.

    The topic's own words prove nothing: a prison's cell is a cell, too.
    """

    def __init__(self, subject: str, topic: str) -> None:
        self._words = content_words(subject)
        self._field = words_of_field(self._words).difference(content_words(topic))

    @property
    def is_known(self) -> bool:
        """Whether its field's words are known."""
        return bool(self._field)

    def level(self, evidence: Evidence) -> Level:
        """How surely the article belongs to the subject."""
        if self.names(evidence.qualifier):
            return Level.IN_TITLE
        if any(map(self.names, (evidence.description, evidence.heading, evidence.about, evidence.lead))):
            return Level.NAMED
        if self._touches(evidence.qualifier):
            return Level.NAMED
        if any(map(self._touches, (evidence.description, evidence.about, evidence.heading))):
            return Level.FIELD
        if any(self.names(name) or self._touches(name) for name in evidence.categories):
            return Level.CATEGORY
        return Level.NOTHING

    def names(self, text: str) -> bool:
        """Whether a text has a word of the subject itself."""
        return any(alike(word, other) for other in content_words(text) for word in self._words)

    def is_spoken_of(self, text: str) -> bool:
        """Whether a whole article speaks of the subject, if only here and there."""
        words = content_words(text)
        named = sum(any(alike(word, own) for own in self._words) for word in words)
        return named >= _NAMED_IN_TEXT or len(self._field.intersection(words)) >= _FIELD_IN_TEXT

    def _touches(self, text: str) -> bool:
        return any(word in self._field for word in content_words(text))


def is_named(topic: str, title: str) -> bool:
    """Whether a title, but for its brackets, is the topic: the same words, whatever their form or order."""
    return sorted(content_words(topic)) == sorted(content_words(split_title(title)[0]))


def qualifier_of(title: str, topic: str) -> str | None:
    """What a title has beside the topic's words: "planet", "" for the topic itself; None if it lacks one of them."""
    name, bracket = split_title(title)
    words, asked = content_words(name), content_words(topic)
    if not asked or not set(asked) <= set(words):
        return None
    rest = " ".join(word for word in words if word not in asked)
    return f"{rest} {bracket}".strip()


def left_over(topic: str, title: str) -> list[str] | None:
    """The topic's words that a title, with what it has in brackets, lacks; None if the title's name has others."""
    name, bracket = split_title(title)
    asked = content_words(topic)
    if not name or not set(content_words(name)) <= set(asked):
        return None
    said = {*content_words(name), *content_words(bracket)}
    return [word for word in asked if word not in said and not any(alike(word, other) for other in said)]


def all_in(words: Iterable[str], text: str) -> bool:
    """Whether a text has all those words, in whatever form."""
    said = set(content_words(text))
    return all(word in said or any(alike(word, other) for other in said) for word in words)


def near(topic: str, titles: Sequence[str]) -> list[str]:
    """The titles that say half of the topic, its last word at their end, or nearly its letters, in their order."""
    return [title for title in dict.fromkeys(titles) if _is_near(topic, split_title(title)[0])]


def _is_near(topic: str, name: str) -> bool:
    from lessongen.text.letters import ratio

    asked, said = content_words(topic), content_words(name)
    if 2 * len(set(asked) & set(said)) >= len(set(asked)) or asked[-1:] == said[-1:]:
        return True
    return ratio(topic.casefold(), name.casefold()) >= _ALMOST
