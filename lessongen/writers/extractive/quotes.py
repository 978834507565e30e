"""The book of quotes of one lesson: each passage cited gets an id, its source listed, the article first."""

from __future__ import annotations

from lessongen.lesson.model import Quote, Source, Statement, sha256
from lessongen.writers.extractive.article import Article, Passage


class QuoteBook:
    """Hands out quote ids; what was never cited does not appear in the sources."""

    def __init__(self, main: Article) -> None:
        self._ids: dict[Article, dict[Passage, str]] = {main: {}}

    def cite(self, passage: Passage) -> str:
        """The passage's quote id, the same each time: "s2.1" is the first quote of the second source."""
        ids = self._ids.setdefault(passage.article, {})
        source = list(self._ids).index(passage.article) + 1
        return ids.setdefault(passage, f"s{source}.{len(ids) + 1}")

    def statement(self, passage: Passage) -> Statement:
        """The passage, verbatim, as a statement of the lesson."""
        return Statement(text=passage.text, cites=[self.cite(passage)], origin="quoted")

    @property
    def texts(self) -> dict[str, str]:
        """The whole texts of the sources by SHA-256."""
        return {sha256(article.document.text): article.document.text for article in self._ids}

    def sources(self) -> list[Source]:
        """All that was cited, the main article first."""
        return [_source(f"s{number}", article, ids) for number, (article, ids) in enumerate(self._ids.items(), 1)]


def _source(source_id: str, article: Article, ids: dict[Passage, str]) -> Source:
    document = article.document
    return Source(
        id=source_id,
        title=document.title,
        url=document.url,
        revision=document.revision,
        retrieved=document.retrieved,
        licence=document.licence,
        attribution=document.attribution,
        text_sha256=sha256(document.text),
        quotes=[
            Quote(id=quote_id, section=passage.heading, text=passage.text, sha256=passage.sha256)
            for passage, quote_id in ids.items()
        ],
    )
