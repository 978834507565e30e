"""The encyclopedia's articles as read for one lesson: each read once, and how near two of them are in meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lessongen.lesson.encyclopedia import Encyclopedia, Entry
from lessongen.lesson.material import Document
from lessongen.text.words import stems
from lessongen.writers.extractive.article import Article, Passage

_OPENING, _BEGINNING = 500, 1500  # characters
# Of the words that an entry opens with, the share that another text begins with: above this for 26 of 27 articles of
# the same subject, some ten years apart, and for under 1 % of pairs of different ones.
_OPENS_ALIKE = 0.35


class Articles:
    """What a lesson may ask about other articles; without an encyclopedia there are none."""

    def __init__(self, encyclopedia: Encyclopedia | None) -> None:
        self._encyclopedia = encyclopedia
        self._articles: dict[int, Article] = {}
        self._neighbours: dict[int, Mapping[int, float]] = {}
        self._mentioned: dict[Passage, Sequence[tuple[Article, int, int]]] = {}

    def read(self, document: Document) -> Article:
        """The document as an article, with its entry if the encyclopedia has this very subject.

        The text may be another one: the full article beside the encyclopedia's lead.
        """
        entry = self._encyclopedia.entry_titled(document.title) if self._encyclopedia else None
        if entry is None or not _is_same_subject(entry, document):
            return Article(document=document)
        return self._keep(entry, document)

    def article(self, entry_id: int) -> Article:
        """The article of that entry."""
        if entry_id not in self._articles:
            assert self._encyclopedia is not None  # noqa: S101 - entry ids come from an encyclopedia alone
            entry = self._encyclopedia.entry(entry_id)
            return self._keep(entry, entry.document)
        return self._articles[entry_id]

    def neighbours(self, entry: Entry) -> Mapping[int, float]:
        """The cosines of the articles nearest in meaning, highest first."""
        if self._encyclopedia is None:
            return {}
        if entry.id not in self._neighbours:
            self._neighbours[entry.id] = self._encyclopedia.neighbours(entry)
        return self._neighbours[entry.id]

    def nearness(self, one: Entry | None, other: Entry | None) -> float:
        """The cosine of two articles; 0 if neither is among the other's neighbours, 1 for the same one."""
        if one is None or other is None:
            return 0.0
        if one.id == other.id:
            return 1.0
        return max(self.neighbours(one).get(other.id, 0.0), self.neighbours(other).get(one.id, 0.0))

    def mentioned(self, passage: Passage) -> Sequence[tuple[Article, int, int]]:
        """The articles that a passage names, each with where in the passage's text."""
        about = passage.article.entry
        if self._encyclopedia is None or about is None:
            return []
        if passage not in self._mentioned:
            self._mentioned[passage] = [
                (self.article(mention.entry_id), mention.start, mention.end)
                for mention in self._encyclopedia.mentions(passage.text, about)
                if mention.entry_id != about.id
            ]
        return self._mentioned[passage]

    def _keep(self, entry: Entry, document: Document) -> Article:
        self._articles.setdefault(entry.id, Article(document=document, entry=entry))
        return self._articles[entry.id]


def _is_same_subject(entry: Entry, document: Document) -> bool:
    """Whether an entry of the same title is about the same: by its text, its address, or how both texts open."""
    if entry.document.text == document.text or (document.url is not None and entry.document.url == document.url):
        return True
    title = set(stems(document.title))
    theirs = set(stems(entry.document.text[:_OPENING])) - title
    ours = set(stems(document.text[:_BEGINNING]))
    return bool(theirs) and len(theirs & ours) / len(theirs) >= _OPENS_ALIKE
