"""What changed from one version of a lesson to another: by objective, key term, section, question and source.

A thing is recognised by what it says (a question by its stem, a section by its title); one that says something else is
the same thing still where it has kept its id and most of its words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from lessongen.lesson import model
from lessongen.lesson.claims import entry_said, row_said
from lessongen.lesson.drawings.base import Drawing
from lessongen.lesson.model import Lesson, Question, Statement
from lessongen.lesson.versions import comparable

_ALIKE = 0.6  # the share of its words that what has kept its id must have kept too


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that is in both versions, and the lines in which it differs: none if only their order does.

    `before` and `after` are all of its lines.
    """

    name: str
    removed: tuple[str, ...]
    added: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """`{"name", "removed", "added", "before", "after"}`."""
        return {
            "name": self.name,
            "removed": list(self.removed),
            "added": list(self.added),
            "before": list(self.before),
            "after": list(self.after),
        }


@dataclass(frozen=True, kw_only=True)
class Move:
    """One thing that stands at another place among its like; places count from 1."""

    name: str
    before: int
    after: int

    def as_json(self) -> dict[str, Any]:
        """`{"name", "from", "to"}`."""
        return {"name": self.name, "from": self.before, "to": self.after}


@dataclass(frozen=True, kw_only=True)
class PartDifference:
    """What changed in one part of the lesson: the names of what came and went, what changed within, what moved."""

    part: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[Change, ...]
    moved: tuple[Move, ...]
    unchanged: int

    @property
    def is_empty(self) -> bool:
        """Whether the part is the same in both versions."""
        return not (self.added or self.removed or self.changed or self.moved)

    def as_json(self) -> dict[str, Any]:
        """`{"added", "removed", "changed", "moved", "unchanged"}`; what only moved counts as unchanged too."""
        return {
            "added": list(self.added),
            "removed": list(self.removed),
            "changed": [change.as_json() for change in self.changed],
            "moved": [move.as_json() for move in self.moved],
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
        """`{"same", "counts": {"added", "removed", "changed", "moved", "unchanged"}, "parts": {part: …}}`."""
        return {
            "same": self.is_empty,
            "counts": {
                "added": sum(len(part.added) for part in self.parts),
                "removed": sum(len(part.removed) for part in self.parts),
                "changed": sum(len(part.changed) for part in self.parts),
                "moved": sum(len(part.moved) for part in self.parts),
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
    id: str = ""


def compare(old: Lesson, new: Lesson) -> Difference:
    """What changed between two lessons. Ids, provenance and times don't count."""
    return Difference(parts=tuple(_part(name, list(items(old)), list(items(new))) for name, items in _PARTS.items()))


def _part(part: str, old: Sequence[_Item], new: Sequence[_Item]) -> PartDifference:
    same = _pairs(old, new)
    changes = [_change(old[at], new[place]) for at, place in same]
    changed = tuple(change for change in changes if change is not None)
    gone, come = {at for at, _ in same}, {place for _, place in same}
    return PartDifference(
        part=part,
        added=tuple(item.name for place, item in enumerate(new) if place not in come),
        removed=tuple(item.name for at, item in enumerate(old) if at not in gone),
        changed=changed,
        moved=tuple(Move(name=new[place].name, before=at + 1, after=place + 1) for at, place in _out_of_order(same)),
        unchanged=len(same) - len(changed),
    )


def _pairs(old: Sequence[_Item], new: Sequence[_Item]) -> list[tuple[int, int]]:
    """The places of what is in both, in the order of the new version."""
    before = {key: at for at, key in enumerate(_numbered(old))}
    same = {place: before[key] for place, key in enumerate(_numbered(new)) if key in before}
    left = set(range(len(old))) - set(same.values())
    for place, item in enumerate(new):
        kept = next((at for at in sorted(left) if item.id and old[at].id == item.id), None)
        if place not in same and kept is not None and _are_alike(old[kept], item):
            same[place] = kept
            left.discard(kept)
    return [(same[place], place) for place in sorted(same)]


def _numbered(items: Iterable[_Item]) -> list[tuple[str, int]]:
    """The keys with how many of that key came before, so that two of a key are never taken for one."""
    seen: Counter[str] = Counter()
    keys: list[tuple[str, int]] = []
    for item in items:
        keys.append((item.key, seen[item.key]))
        seen[item.key] += 1
    return keys


def _are_alike(one: _Item, other: _Item) -> bool:
    """Whether two things of one id say mostly the same, in the same order."""
    words, others = (" ".join((item.name, *item.lines)).split() for item in (one, other))
    return SequenceMatcher(a=words, b=others, autojunk=False).ratio() >= _ALIKE


def _out_of_order(same: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The fewest pairs without which the others stand in the same order in both."""
    runs: list[list[tuple[int, int]]] = []
    for pair in same:
        before = sorted((run for run in runs if run[-1][0] < pair[0]), key=len)
        runs.append([*(before[-1] if before else []), pair])
    in_order = set(sorted(runs, key=len)[-1]) if runs else set()
    return [pair for pair in same if pair not in in_order]


def _change(old: _Item, new: _Item) -> Change | None:
    if old.lines == new.lines and comparable(old.name) == comparable(new.name):
        return None
    before, after = _with_name(old, new), _with_name(new, old)
    return Change(
        name=new.name,
        removed=tuple(line for line in before if line not in after),
        added=tuple(line for line in after if line not in before),
        before=old.lines,
        after=new.lines,
    )


def _with_name(item: _Item, other: _Item) -> tuple[str, ...]:
    """The lines, and before them the name where the other version gives it another one."""
    is_named_anew = comparable(item.name) != comparable(other.name)
    return (item.name, *item.lines) if is_named_anew else item.lines


# ---------------------------------------------------------------- the parts of a lesson


def _about(lesson: Lesson) -> Iterator[_Item]:
    yield _Item(key="title", name="title", lines=(lesson.title,))
    yield _Item(key="minutes", name="minutes", lines=(str(lesson.minutes),))
    yield _Item(key="summary", name="summary", lines=(_said(lesson.summary),))
    yield _Item(key="image", name="image", lines=tuple(_image_lines(lesson)))
    yield _Item(key="prior", name="prior knowledge", lines=tuple(lesson.prior_knowledge))
    yield _Item(key="kind", name="kind", lines=(lesson.kind.replace("_", " "),))
    yield _Item(key="outcome", name="outcome", lines=(lesson.outcome,) if lesson.outcome else ())
    yield _Item(key="materials", name="materials", lines=tuple(lesson.materials))
    yield _Item(key="safety", name="safety", lines=tuple(lesson.safety))


def _image_lines(lesson: Lesson) -> Iterator[str]:
    """What is said of the picture; of another one that is spoken of alike, its SHA-256 says so."""
    if image := lesson.image:
        yield f"{image.alternative} ({image.title}, {image.author}, {image.licence}; {image.data_sha256[:12]})"


def _objectives(lesson: Lesson) -> Iterator[_Item]:
    for each in lesson.objectives:
        yield _Item(key=comparable(each.text), name=each.text, lines=(each.bloom,), id=each.id)


def _key_points(lesson: Lesson) -> Iterator[_Item]:
    for each in lesson.key_points:
        yield _Item(key=comparable(each.text), name=_said(each))


def _key_terms(lesson: Lesson) -> Iterator[_Item]:
    for each in lesson.key_terms:
        yield _Item(key=comparable(each.term), name=each.term, lines=(_said(each.definition),))


def _misconceptions(lesson: Lesson) -> Iterator[_Item]:
    for each in lesson.misconceptions:
        lines = [line for line in (each.tempting, _said(each.correction)) if line]
        yield _Item(key=comparable(each.belief), name=each.belief, lines=tuple(lines))


def _sections(lesson: Lesson) -> Iterator[_Item]:
    for section in lesson.sections:
        lines = [f"{section.minutes} minute{'' if section.minutes == 1 else 's'}"]
        lines += [f"cycle {section.cycle}"] if section.cycle is not None else []
        for block in section.blocks:
            lines += _block_lines(block)
        lines += [f"Note: {_said(note)}" for note in section.notes]
        key = f"{section.kind} {comparable(section.title)}"
        yield _Item(key=key, name=section.title, lines=tuple(lines), id=section.id)


def _block_lines(block: model.Block) -> list[str]:
    """What a block says; which questions it asks is shown among the questions."""
    if isinstance(block, model.Prose):
        return [_said(sentence) for sentence in block.sentences]
    if isinstance(block, model.Example):
        steps = [*map(_said, block.steps), f"{block.answer}{_signature(block)}"]
        return [block.problem, *_drawn(block.drawing), *steps]
    if isinstance(block, model.Activity):
        return [*block.steps, block.product]
    if isinstance(block, model.Analogy):
        return [_said(block.text), _said(block.statement), f"It ends: {_said(block.ends)}"]
    if isinstance(block, model.Table):
        rows = (f"{row_said(row)}{_signature(row)}" for row in block.rows)
        return [block.title, " | ".join(block.headings), *rows]
    if isinstance(block, model.Timeline):
        return [block.title, *(f"{entry_said(entry)}{_signature(entry)}" for entry in block.entries)]
    return _drawn_or_asked(block)


def _drawn_or_asked(block: model.Block) -> list[str]:
    if isinstance(block, model.Figure):
        return [block.title, f"{block.told}{_signature(block)}", f"drawing {model.sha256(block.drawn)[:12]}"]
    if not isinstance(block, model.Task):
        return []
    named = {"Answer": block.answer, "Support": block.support, "Stretch": block.stretch}
    return [
        block.prompt,
        *(f"{name}: {text}" for name, text in named.items() if text is not None),
        *(f"Criterion: {each}" for each in block.criteria),
    ]


def _drawn(drawing: Drawing | None) -> list[str]:
    """What a drawing shows; of one that is told in the same words, and is another, its SHA-256 says so."""
    return [f"Drawing: {drawing.alternative} ({model.sha256(drawing.svg())[:12]})"] if drawing else []


def _said(statement: Statement) -> str:
    """The text with who stands behind it, and what it is where that is neither a fact nor framing."""
    role = "" if statement.role in ("fact", "framing") else f" [{statement.role}]"
    return f"{statement.text}{role}{_signature(statement)}"


def _signature(part: Statement | Question | model.Example | model.Row | model.Entry | model.Figure | model.Task) -> str:
    """Who or what stands behind it, where it is not a source: a sentence that an author takes over has changed."""
    if part.origin == "author":
        return f" [author: {part.by}]"
    return f" [computed by {part.by}]" if part.origin == "computed" else ""


def _questions(lesson: Lesson) -> Iterator[_Item]:
    for question in lesson.questions:
        lines = [*_drawn(question.drawing), *question.listed, f"Answer: {question.answer_text}{_signature(question)}"]
        lines.append(f"Feedback: {_said(question.feedback)}")
        lines += [f"Why not “{why.option}”: {_said(why.reason)}" for why in question.why]
        lines.append(f"asked as {question.role}")
        key = f"{question.kind} {comparable(question.stem)}"
        yield _Item(key=key, name=question.stem, lines=tuple(lines), id=question.id)


def _sources(lesson: Lesson) -> Iterator[_Item]:
    for source in lesson.sources:
        named = (source.url, source.revision, source.licence, source.attribution)
        lines = [text for text in named if text is not None]
        lines.append(f"text {source.text_sha256[:12]}")
        yield _Item(key=comparable(source.title), name=source.title, lines=tuple(lines))


_PARTS: Mapping[str, Callable[[Lesson], Iterable[_Item]]] = {
    "about": _about,
    "objectives": _objectives,
    "key_points": _key_points,
    "key_terms": _key_terms,
    "misconceptions": _misconceptions,
    "sections": _sections,
    "questions": _questions,
    "sources": _sources,
}
