"""What changed from one version of a lesson to another: by objective, key term, section, question and source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lessongen.claims import answer_text
from lessongen.versions import comparable

Content = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that is in both versions, and the lines in which it differs: none if only their order does."""

    name: str
    removed: tuple[str, ...]
    added: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """`{"name", "removed", "added"}`."""
        return {"name": self.name, "removed": list(self.removed), "added": list(self.added)}


@dataclass(frozen=True, kw_only=True)
class PartDifference:
    """What changed in one part of the lesson: the names of what came and went, and what changed within."""

    part: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[Change, ...]
    unchanged: int

    @property
    def is_empty(self) -> bool:
        """Whether the part is the same in both versions."""
        return not (self.added or self.removed or self.changed)

    def as_json(self) -> dict[str, Any]:
        """`{"added", "removed", "changed", "unchanged"}`."""
        return {
            "added": list(self.added),
            "removed": list(self.removed),
            "changed": [change.as_json() for change in self.changed],
            "unchanged": self.unchanged,
        }


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Two versions compared, part by part in the order of the lesson."""

    parts: tuple[PartDifference, ...]

    @property
    def is_empty(self) -> bool:
        """Whether a reader would find no difference."""
        return all(part.is_empty for part in self.parts)

    def as_json(self) -> dict[str, Any]:
        """`{"same", "counts": {"added", "removed", "changed", "unchanged"}, "parts": {part: …}}`."""
        return {
            "same": self.is_empty,
            "counts": {
                "added": sum(len(part.added) for part in self.parts),
                "removed": sum(len(part.removed) for part in self.parts),
                "changed": sum(len(part.changed) for part in self.parts),
                "unchanged": sum(part.unchanged for part in self.parts),
            },
            "parts": {part.part: part.as_json() for part in self.parts},
        }


@dataclass(frozen=True, kw_only=True)
class _Item:
    """One thing of a part: `key` is what it is recognised by in the other version, `lines` all that it says."""

    key: str
    name: str
    lines: tuple[str, ...] = ()


def compare(old: Content, new: Content) -> Difference:
    """What changed between two contents (JSON of the lesson schema). Ids, provenance and times don't count."""
    return Difference(parts=tuple(_part(name, items(old), items(new)) for name, items in _PARTS.items()))


def _part(part: str, old: Iterable[_Item], new: Iterable[_Item]) -> PartDifference:
    before, after = _by_key(old), _by_key(new)
    both = [key for key in after if key in before]
    changes = [_change(before[key], after[key]) for key in both]
    changed = tuple(change for change in changes if change is not None)
    return PartDifference(
        part=part,
        added=tuple(item.name for key, item in after.items() if key not in before),
        removed=tuple(item.name for key, item in before.items() if key not in after),
        changed=changed,
        unchanged=len(both) - len(changed),
    )


def _by_key(items: Iterable[_Item]) -> dict[tuple[str, int], _Item]:
    """By key and how many of that key came before, so that two of a key are never taken for one."""
    found: dict[tuple[str, int], _Item] = {}
    for item in items:
        number = 0
        while (item.key, number) in found:
            number += 1
        found[item.key, number] = item
    return found


def _change(old: _Item, new: _Item) -> Change | None:
    if old.lines == new.lines:
        return None
    return Change(
        name=new.name,
        removed=tuple(line for line in old.lines if line not in new.lines),
        added=tuple(line for line in new.lines if line not in old.lines),
    )


# ---------------------------------------------------------------- the parts of a lesson


def _about(content: Content) -> Iterator[_Item]:
    for field in ("title", "minutes"):
        yield _Item(key=field, name=field, lines=(str(content[field]),))
    yield _Item(key="summary", name="summary", lines=(content["summary"]["text"],))
    yield _Item(key="prior", name="prior knowledge", lines=tuple(content["prior_knowledge"]))


def _objectives(content: Content) -> Iterator[_Item]:
    for objective in content["objectives"]:
        yield _Item(key=comparable(objective["text"]), name=objective["text"], lines=(objective["bloom"],))


def _key_terms(content: Content) -> Iterator[_Item]:
    for each in content["key_terms"]:
        yield _Item(key=comparable(each["term"]), name=each["term"], lines=(each["definition"]["text"],))


def _misconceptions(content: Content) -> Iterator[_Item]:
    for each in content["misconceptions"]:
        yield _Item(key=comparable(each["belief"]), name=each["belief"], lines=(each["correction"]["text"],))


def _sections(content: Content) -> Iterator[_Item]:
    for section in content["sections"]:
        minutes = section["minutes"]
        lines = [f"{minutes} minute{'' if minutes == 1 else 's'}"]
        for block in section["blocks"]:
            lines += _block_lines(block)
        yield _Item(key=f"{section['kind']} {comparable(section['title'])}", name=section["title"], lines=tuple(lines))


def _block_lines(block: Content) -> list[str]:
    """What a block says; which questions it asks is shown among the questions."""
    if block["kind"] == "prose":
        return [sentence["text"] for sentence in block["sentences"]]
    if block["kind"] == "example":
        return [block["problem"], *(step["text"] for step in block["steps"]), block["answer"]]
    if block["kind"] == "activity":
        return [*block["steps"], block["product"]]
    return []


def _questions(content: Content) -> Iterator[_Item]:
    for question in content["questions"]:
        lines = [*question.get("options", ()), *question.get("items", ())]
        lines += [f"Answer: {answer_text(question)}", f"Feedback: {question['feedback']['text']}"]
        key = f"{question['kind']} {comparable(question['stem'])}"
        yield _Item(key=key, name=question["stem"], lines=tuple(lines))


def _sources(content: Content) -> Iterator[_Item]:
    for source in content["sources"]:
        named = (source["url"], source["revision"], source["licence"], source["attribution"])
        lines = [text for text in named if text is not None]
        lines.append(f"text {source['text_sha256'][:12]}")
        yield _Item(key=comparable(source["title"]), name=source["title"], lines=tuple(lines))


_PARTS: Mapping[str, Callable[[Content], Iterable[_Item]]] = {
    "about": _about,
    "objectives": _objectives,
    "key_terms": _key_terms,
    "misconceptions": _misconceptions,
    "sections": _sections,
    "questions": _questions,
    "sources": _sources,
}
