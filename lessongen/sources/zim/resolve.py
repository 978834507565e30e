"""Which article of an archive a topic means: by title, by title and subject, by one side of "A of B"; else none.

A wrong lesson is worse than none: full-text search proposes, and only a title that says the topic's words is taken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from lessongen.sources.disambiguation import lists_meanings
from lessongen.sources.fit import Evidence, Level, Subject, near
from lessongen.system.errors import Ambiguous, Uncovered
from lessongen.text.nouns import plural, singular
from lessongen.text.words import STOPWORDS, split_title, stems, tokens

_PARTS = re.compile(
    r"\s+(?:and|or|of|in|on|for|from|to|with|about|between|during|by|as|vs\.?|versus|et|de|du|des|y|del|und|der|von)\s+"
    r"(?:(?:the|an?|le|la|les|el|los|las)\s+)?|\s*[:;,/–]\s+|\s*&\s*",  # noqa: RUF001
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:the|an?|le|la|les|el|los|las)\s+", re.IGNORECASE)
_JOINS = re.compile(r"\s+(?:and|&|et|y|und)\s+|\s*,\s+", re.IGNORECASE)
_MARKED = re.compile(r"(?:id|class)=[\"'][^\"'>]*disambig", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_INLINE = re.compile(r"</?(?:b|i|em|strong|span|a|sup|small)\b[^>]*>", re.IGNORECASE)
_NOTHING = (Level.NOTHING, False)
_LEAD = 600  # characters
_SEARCHED = 12
_NEAREST = 5


class Article(Protocol):
    """An article of an archive, any redirect followed."""

    @property
    def title(self) -> str:
        """Its title with any disambiguation."""
        ...

    @property
    def text(self) -> str:
        """Its running text."""
        ...

    @property
    def is_list_of_meanings(self) -> bool:
        """Whether it only lists what its title may mean."""
        ...


class Archive(Protocol):
    """What is asked of an archive."""

    def titled(self, title: str) -> Article | None:
        """The article of exactly that title, or to which that title redirects."""
        ...

    def beginning(self, title: str, limit: int) -> Sequence[str]:
        """Titles that begin with, or hold, these words, as a search box suggests them."""
        ...

    def searched(self, words: str, limit: int) -> Sequence[str]:
        """Titles of articles whose text holds these words, best first; none where there is no such index."""
        ...


@dataclass(frozen=True, kw_only=True)
class Found:
    """The article that is meant, others that the topic names beside it, and how it was found."""

    article: Article
    others: Sequence[Article] = field(default=())
    how: str


def named(archive: Archive, title: str) -> Found:
    """The article that a person asked for by its title. Raises `Uncovered`."""
    for form in _forms(title.replace("_", " ").strip(), with_number=False):
        article = archive.titled(form)
        if article is not None:
            return Found(article=article, how="article asked for")
    raise Uncovered(f"The archive has no article “{title}”.", hint=_hint(_nearest(archive, title), "--article TITLE"))


def meant(archive: Archive, subject: str, topic: str, language: str) -> Found:
    """The article that a topic means.

    Raises `Ambiguous` where its title has several meanings and the subject does not tell them apart, `Uncovered` with
    the nearest titles where no title says the topic.
    """
    topic = _ARTICLE.sub("", " ".join(topic.split()))
    found = _whole(archive, subject, topic)
    if found is not None:
        return found
    found = _sides(archive, subject, topic, language) or _searched(archive, subject, topic, language)
    if found is not None:
        return found
    raise Uncovered(
        f"The archive has no article on “{topic}” ({subject}).",
        hint=_hint(_nearest(archive, topic), "--article TITLE, or put the topic in other words"),
    )


# ---------------------------------------------------------------- the topic is a title


def _whole(archive: Archive, subject: str, topic: str) -> Found | None:
    """The article titled as the topic is, in the sense that belongs to the subject."""
    for form in _forms(topic):
        for sense in (f"{form} ({subject.lower()})", f"{form} ({subject})"):
            article = archive.titled(sense)
            if article is not None and not article.is_list_of_meanings:
                return Found(article=article, how="title with the subject")
    for form in _forms(topic):
        article = archive.titled(form)
        if article is not None:
            return _in_subject(archive, article, form, subject)
    return None


def _in_subject(archive: Archive, article: Article, form: str, subject: str) -> Found:
    """The article, or one of its name that a disambiguation tells apart and that is nearer to the subject."""
    name = split_title(form)[0]
    titles = [each for each in archive.beginning(name, _SEARCHED) if split_title(each)[0] == name and each != name]
    senses = [
        sense for title in titles if (sense := archive.titled(title)) is not None and not sense.is_list_of_meanings
    ]
    fit = Subject(subject, form)
    levels = [(_level(sense, fit), sense) for sense in senses]
    highest = max((level for level, _ in levels), default=_NOTHING)
    leading = [sense for level, sense in levels if level == highest]
    best = leading[0] if highest > _NOTHING and len(leading) == 1 else None
    if article.is_list_of_meanings:
        if best is not None:
            return Found(article=best, how="the meaning that belongs to the subject")
        choices = [sense.title for sense in senses] or _nearest(archive, form)
        raise Ambiguous(
            f"“{form}” has several meanings in the archive.",
            hint=_hint(choices, "--article TITLE", begins="They are" if senses else "Nearest titles"),
        )
    if best is not None and _level(article, fit) == _NOTHING:
        return Found(article=best, how="the meaning that belongs to the subject")
    return Found(article=article, how="title")


def _level(article: Article, subject: Subject) -> tuple[Level, bool]:
    """How surely the article belongs to the subject, and whether it speaks of it at all."""
    evidence = Evidence(qualifier=split_title(article.title)[1], lead=article.text[:_LEAD])
    return subject.level(evidence), subject.is_spoken_of(article.text)


# ---------------------------------------------------------------- the topic says a title and more


def _sides(archive: Archive, subject: str, topic: str, language: str) -> Found | None:
    """ "Causes of the French Revolution": a side that is a title, if its article speaks of the other; "A and B"."""
    sides = [side for side in _PARTS.split(topic) if side and side.strip()]
    if len(sides) < 2:
        return None
    found = [(side, each) for side in sides if (each := _side(archive, subject, side)) is not None]
    if len(found) == len(sides) and len(_JOINS.split(topic)) == len(sides):
        first, *others = (each.article for _, each in found)
        return Found(article=first, others=tuple(others), how="the articles that the topic names")
    # The longest side says most.
    for side, each in sorted(found, key=lambda pair: -len(_words(pair[0], language))):
        words = Counter(_words(each.article.text, language))
        others_of_topic = [word for other in sides if other is not side for word in _words(other, language)]
        if others_of_topic and all(words[word] >= 2 for word in others_of_topic):
            return Found(article=each.article, how=f"part of the topic: “{side}”")
    return None


def _side(archive: Archive, subject: str, side: str) -> Found | None:
    try:
        return _whole(archive, subject, side.strip())
    except Ambiguous:
        return None


def _searched(archive: Archive, subject: str, topic: str, language: str) -> Found | None:
    """An article that the index proposes and whose title says the topic's words, or those and the subject's."""
    wanted, of_subject = set(_words(topic, language)), set(_words(subject, language))
    if not wanted:
        return None
    for title in _proposed(archive, subject, topic):
        said = set(_words(title, language))
        if said == wanted or (wanted < said and said - wanted <= of_subject):
            article = archive.titled(title)
            if article is not None and not article.is_list_of_meanings:
                return Found(article=article, how="full-text search")
    return None


def _proposed(archive: Archive, subject: str, topic: str) -> Iterator[str]:
    yield from archive.searched(topic, _SEARCHED)
    yield from archive.searched(f"{topic} {subject}", _SEARCHED)
    yield from archive.beginning(topic, _SEARCHED)


# ---------------------------------------------------------------- forms and hints


def is_list_of_meanings(title: str, html: str) -> bool:
    """Whether a page only lists what its title may mean."""
    if title.lower().endswith("(disambiguation)") or _MARKED.search(html):
        return True
    body = html[html.find("<body") :] if "<body" in html else html
    return lists_meanings(_TAG.sub("\n", _INLINE.sub("", body[:8_000])))


def _forms(name: str, *, with_number: bool = True) -> list[str]:
    """How a title may be written: its case, and the singular or plural of its last word."""
    *before, last = name.split(" ")
    names = [name]
    if with_number and last:
        one = singular(last)
        for other in (one, plural(last), plural(one)):
            names.append(" ".join([*before, other]))
    forms: list[str] = []
    for each in names:
        forms += [each, each[:1].upper() + each[1:], each.capitalize(), each.title(), each.lower(), each.upper()]
    return list(dict.fromkeys(form for form in forms if form))


def _nearest(archive: Archive, topic: str) -> list[str]:
    found: dict[str, None] = {}
    # The index finds what holds all words, so that a topic that is not covered is asked for word by word.
    words = sorted({word for word in tokens(topic) if len(word) > 3}, key=lambda word: (-len(word), word))
    for asked in (topic, *words):
        found.update(dict.fromkeys([*archive.beginning(asked, _NEAREST), *archive.searched(asked, _NEAREST)]))
    return near(topic, list(found))[:_NEAREST]


def _hint(titles: Sequence[str], remedy: str, begins: str = "Nearest titles") -> str:
    return f"{begins}: {', '.join(titles)}. Name one with {remedy}." if titles else f"Name an article with {remedy}."


def _words(text: str, language: str) -> list[str]:
    return list(stems(text, language)) if language in STOPWORDS else tokens(text)
