"""A stored lesson beside its sources as they are now: which quotes still stand, and the lesson on those that do.

What cites a quote that stands as it did is left alone. A quote whose sentence was reworded is quoted in its new words;
one that is gone goes with what it bore. Questions on either are left for others to take their places.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, Literal

from lessongen.generation.merge import as_draft
from lessongen.lesson.draft import Draft
from lessongen.lesson.edition import cites_of
from lessongen.lesson.grafting import Graft
from lessongen.lesson.material import Document
from lessongen.lesson.model import sha256
from lessongen.system.clock import to_text
from lessongen.text.passages import is_whole_in
from lessongen.text.sentences import is_whole, points_back, split_sentences

_SAME_SENTENCE = 0.6  # the share of words that a reworded sentence has kept

Content = dict[str, Any]
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

    source: Mapping[str, Any]
    document: Document
    quotes: tuple[QuoteChange, ...]

    def as_json(self) -> dict[str, Any]:
        """`{"title", "revision_before", "revision_after", "quotes": […]}`."""
        return {
            "title": self.source["title"],
            "revision_before": self.source["revision"],
            "revision_after": self.document.revision,
            "quotes": [each.as_json() for each in self.quotes],
        }


def moved(source: Mapping[str, Any], document: Document) -> Moved | None:
    """How a source has moved; None where its text is the same."""
    if sha256(document.text) == source["text_sha256"]:
        return None
    sentences = [each.text for each in split_sentences(document.text) if is_whole(each.text)]
    changes = [
        QuoteChange(
            id=quote["id"],
            source=source["title"],
            before=quote["text"],
            after=_reworded(quote["text"], sentences),
        )
        for quote in source["quotes"]
        if not is_whole_in(quote["text"], document.text)
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
        self._content: Content = stored.lesson.model_dump(mode="json")
        self._kept = kept
        self._graft = Graft(self._content)
        self._retrieved = to_text(retrieved)
        self._locked = set(cites_of([part for key, part in self._parts() if key in kept]))
        self._changes = {change.id: change for move in moves for change in move.quotes}
        self._now: dict[str, str] = {}
        for move in moves:
            self._move(move)
        self.stale = frozenset(
            question["id"]
            for question in self._content["questions"]
            if f"question:{question['id']}" not in kept and set(cites_of(question)) & set(self._changes)
        )
        self._rebuild()
        new = {sha256(move.document.text): move.document.text for move in moves}
        self.draft = as_draft({**self._content, "sources": self._graft.sources}, {**stored.texts, **new})

    def _parts(self) -> Iterator[tuple[str, Any]]:
        """The parts that can be kept, by their keys."""
        for name in ("summary", "key_terms", "misconceptions"):
            yield name.replace("_", "-"), self._content[name]
        yield from ((f"section:{each['id']}", each) for each in self._content["sections"])
        yield from ((f"question:{each['id']}", each) for each in self._content["questions"])

    # ------------------------------------------------------------ sources

    def _move(self, move: Moved) -> None:
        """Have a source name its new text; what kept parts cite of the old one stays quoted from the old one."""
        at = next(at for at, each in enumerate(self._graft.sources) if each["id"] == move.source["id"])
        old, document = self._graft.sources[at], move.document
        changed = {change.id: change for change in move.quotes}
        new = {
            **old,
            "url": document.url or old["url"],
            "revision": document.revision,
            "retrieved": self._retrieved,
            "text_sha256": sha256(document.text),
            "quotes": [quote for quote in old["quotes"] if quote["id"] not in changed],
        }
        for quote in old["quotes"]:
            change = changed.get(quote["id"])
            if change is None or change.after is None:
                continue
            name = self._graft.free(quote["id"]) if quote["id"] in self._locked else quote["id"]
            new["quotes"].append({**quote, "id": name, "text": change.after, "sha256": sha256(change.after)})
            self._now[quote["id"]] = name
        self._graft.sources[at] = new
        locked = [quote for quote in old["quotes"] if quote["id"] in changed and quote["id"] in self._locked]
        if locked:
            self._graft.sources.append({**old, "id": self._graft.free(old["id"]), "quotes": locked})

    # ------------------------------------------------------------ what cites them

    def _rebuild(self) -> None:
        content = self._content
        terms = [self._said(each, "definition", "key-terms") for each in content["key_terms"]]
        content["key_terms"] = [each for each in terms if each]
        beliefs = [self._said(each, "correction", "misconceptions") for each in content["misconceptions"]]
        content["misconceptions"] = [each for each in beliefs if each]
        if "summary" not in self._kept:
            first = content["key_terms"][0]["definition"] if content["key_terms"] else content["summary"]
            content["summary"] = self._statement(content["summary"]) or first
        for section in content["sections"]:
            if f"section:{section['id']}" not in self._kept:
                section["blocks"] = [block for each in section["blocks"] if (block := self._block(each)) is not None]
        content["sections"] = [section for section in content["sections"] if section["blocks"]]
        content["minutes"] = sum(section["minutes"] for section in content["sections"])

    def _said(self, part: Content, field: str, key: str) -> Content | None:
        if key in self._kept:
            return part
        statement = self._statement(part[field])
        return {**part, field: statement} if statement else None

    def _statement(self, statement: Content) -> Content | None:
        """The statement on its quotes as they are now; None where they bear it no longer."""
        touched = [cite for cite in statement["cites"] if cite in self._changes]
        if not touched:
            return statement
        first = self._changes[touched[0]]
        if len(touched) > 1 or first.after is None:
            return None
        return {"text": first.after, "cites": [self._now[first.id]], "origin": "quoted", "by": None}

    def _block(self, block: Content) -> Content | None:
        if block["kind"] == "example":
            return None if set(cites_of(block)) & set(self._changes) else block
        if block["kind"] != "prose":
            return block
        left: list[Content] = []
        is_gone = False
        for sentence in block["sentences"]:
            now = self._statement(sentence)
            is_gone = now is None or (is_gone and points_back(sentence["text"]))
            if now is not None and not is_gone and now["text"] not in {each["text"] for each in left}:
                left.append(now)
        return {**block, "sentences": left} if left else None
