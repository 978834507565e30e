"""A stored lesson beside its sources as they are now: which quotes still stand, and the lesson on those that do.

What cites a quote that stands as it did is left alone. A quote whose sentence was reworded is quoted in its new words;
one that is gone goes with what it bore. Questions on either are left for others to take their places.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, Literal

from lessongen.generation.merge import as_draft
from lessongen.lesson import model
from lessongen.lesson.draft import Draft
from lessongen.lesson.editor import Editor, cites_of
from lessongen.lesson.material import Document
from lessongen.lesson.model import Lesson
from lessongen.text.passages import is_whole_in
from lessongen.text.sentences import is_whole, points_back, split_sentences

_SAME_SENTENCE = 0.6  # the share of words that a reworded sentence has kept

Fate = Literal["changed", "gone"]


@dataclass(frozen=True, kw_only=True)
class QuoteChange:
    """A cited quote that does not stand in its source any more; `after` is its sentence in its new words, if any."""

    id: str
    source: str
    before: str
    after: str | None

    @property
    def fate(self) -> Fate:
        """Whether it was reworded or is gone."""
        return "gone" if self.after is None else "changed"

    def as_json(self) -> dict[str, Any]:
        """`{"source", "fate", "before", "after"}`."""
        return {"source": self.source, "fate": self.fate, "before": self.before, "after": self.after}


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A source whose text is another one now, and the cited quotes that this touches."""

    source: model.Source
    document: Document
    quotes: tuple[QuoteChange, ...]

    def as_json(self) -> dict[str, Any]:
        """`{"title", "revision_before", "revision_after", "quotes": […]}`."""
        return {
            "title": self.source.title,
            "revision_before": self.source.revision,
            "revision_after": self.document.revision,
            "quotes": [each.as_json() for each in self.quotes],
        }


def moved(source: model.Source, document: Document) -> Moved | None:
    """How a source has moved; None where its text is the same."""
    if model.sha256(document.text) == source.text_sha256:
        return None
    sentences = [each.text for each in split_sentences(document.text) if is_whole(each.text)]
    changes = [
        QuoteChange(
            id=quote.id,
            source=source.title,
            before=quote.text,
            after=_reworded(quote.text, sentences),
        )
        for quote in source.quotes
        if not is_whole_in(quote.text, document.text)
    ]
    return Moved(source=source, document=document, quotes=tuple(changes))


def _reworded(text: str, sentences: list[str]) -> str | None:
    """The sentence that a quote has become: the one that has kept most of its words, if that is most of them."""
    words = text.split()
    matcher = SequenceMatcher(b=words, autojunk=False)
    best, share = None, _SAME_SENTENCE
    for sentence in sentences:
        matcher.set_seq1(sentence.split())
        if matcher.quick_ratio() >= share and (ratio := matcher.ratio()) >= share:
            best, share = sentence, ratio
    return best if best is not None and (not points_back(best) or points_back(text)) else None


class Refreshed:
    """A stored lesson on its moved sources. `stale` are the ids of the questions that need others in their places."""

    def __init__(self, stored: Draft, moves: Collection[Moved], kept: frozenset[str], retrieved: datetime) -> None:
        lesson = stored.lesson
        self._kept = kept
        self._editor = Editor(lesson)
        self._retrieved = retrieved
        self._locked = set(cites_of([part for key, part in _parts(lesson) if key in kept]))
        self._changes = {change.id: change for move in moves for change in move.quotes}
        self._now: dict[str, str] = {}
        for move in moves:
            self._move(move)
        self.stale = frozenset(
            question.id
            for question in lesson.questions
            if f"question:{question.id}" not in kept and set(cites_of(question)) & set(self._changes)
        )
        new = {model.sha256(move.document.text): move.document.text for move in moves}
        self.draft = as_draft(self._rebuilt(lesson), {**stored.texts, **new})

    # ------------------------------------------------------------ sources

    def _move(self, move: Moved) -> None:
        """Have a source name its new text; what kept parts cite of the old one stays quoted from the old one."""
        sources = list(self._editor.lesson.sources)
        at = next(at for at, each in enumerate(sources) if each.id == move.source.id)
        old, document = sources[at], move.document
        changed = {change.id: change for change in move.quotes}
        quotes = [quote for quote in old.quotes if quote.id not in changed]
        for quote in old.quotes:
            change = changed.get(quote.id)
            if change is None or change.after is None:
                continue
            name = self._editor.free(quote.id) if quote.id in self._locked else quote.id
            reworded = {"id": name, "text": change.after, "sha256": model.sha256(change.after)}
            quotes.append(quote.model_copy(update=reworded))
            self._now[quote.id] = name
        sources[at] = old.model_copy(
            update={
                "url": document.url or old.url,
                "revision": document.revision,
                "retrieved": self._retrieved,
                "text_sha256": model.sha256(document.text),
                "quotes": quotes,
            }
        )
        locked = [quote for quote in old.quotes if quote.id in changed and quote.id in self._locked]
        if locked:
            sources.append(old.model_copy(update={"id": self._editor.free(old.id), "quotes": locked}))
        self._editor.put(sources=sources)

    # ------------------------------------------------------------ what cites them

    def _rebuilt(self, lesson: Lesson) -> Lesson:
        terms, beliefs, summary = lesson.key_terms, lesson.misconceptions, lesson.summary
        points = lesson.key_points
        if "key-points" not in self._kept:
            points = self._statements(points)
        if "key-terms" not in self._kept:
            defined = ((each, self._statement(each.definition)) for each in terms)
            terms = [each.model_copy(update={"definition": said}) for each, said in defined if said]
        if "misconceptions" not in self._kept:
            corrected = ((each, self._statement(each.correction)) for each in beliefs)
            beliefs = [each.model_copy(update={"correction": said}) for each, said in corrected if said]
        if "summary" not in self._kept:
            summary = self._statement(summary) or (terms[0].definition if terms else summary)
        sections = [
            each
            if f"section:{each.id}" in self._kept
            else each.model_copy(update={"blocks": self._blocks(each), "notes": self._statements(each.notes)})
            for each in lesson.sections
        ]
        self._editor.put(summary=summary, key_points=points, key_terms=terms, misconceptions=beliefs)
        return self._editor.put(sections=[each for each in sections if each.blocks]).add_minutes().lesson

    def _statement(self, statement: model.Statement) -> model.Statement | None:
        """The statement on its quotes as they are now; None where they bear it no longer."""
        touched = [cite for cite in statement.cites if cite in self._changes]
        if not touched:
            return statement
        first = self._changes[touched[0]]
        if len(touched) > 1 or first.after is None:
            return None
        return model.Statement(text=first.after, cites=[self._now[first.id]])

    def _statements(self, statements: Iterable[model.Statement]) -> list[model.Statement]:
        return [now for each in statements if (now := self._statement(each)) is not None]

    def _blocks(self, section: model.Section) -> list[model.Block]:
        return [block for each in section.blocks if (block := self._block(each)) is not None]

    def _block(self, block: model.Block) -> model.Block | None:
        if isinstance(block, model.Table):
            rows = [row for row in block.rows if not self._is_touched(row)]
            return block.model_copy(update={"rows": rows}) if rows else None
        if isinstance(block, model.Timeline):
            entries = [entry for entry in block.entries if not self._is_touched(entry)]
            return block.model_copy(update={"entries": entries}) if len(entries) >= model.FEWEST_ENTRIES else None
        if isinstance(block, model.Example | model.Analogy | model.Figure | model.Task):
            return None if self._is_touched(block) else block
        if not isinstance(block, model.Prose):
            return block
        left: list[model.Statement] = []
        is_gone = False
        for sentence in block.sentences:
            now = self._statement(sentence)
            is_gone = now is None or (is_gone and points_back(sentence.text))
            if now is not None and not is_gone and now.text not in {each.text for each in left}:
                left.append(now)
        return model.Prose(sentences=left) if left else None

    def _is_touched(self, part: object) -> bool:
        return not set(cites_of(part)).isdisjoint(self._changes)


def _parts(lesson: Lesson) -> Iterator[tuple[str, object]]:
    """The parts that can be kept, by their keys."""
    named = ("summary", "key_points", "key_terms", "misconceptions")
    yield from ((name.replace("_", "-"), getattr(lesson, name)) for name in named)
    yield from ((f"section:{each.id}", each) for each in lesson.sections)
    yield from ((f"question:{each.id}", each) for each in lesson.questions)
