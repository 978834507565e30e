"""Batches as YAML: a list of rows, or a mapping with `defaults` and `lessons`.

Read from the parser's events alone, so that no tag makes an object, and each value keeps its line and column. Source of
the format: YAML 1.1, as PyYAML reads it, with its merge key (yaml.org/type/merge.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lessongen.queue.batchfile.problems import Problems, Unreadable
from lessongen.queue.batchfile.rows import COLUMNS, LISTS, Values, column_name, unknown_column
from lessongen.queue.batchfile.text import LONGEST_CELL, Text
from lessongen.system.terminal import byte_words, quoted

MOST_ROWS = 5_000
_MOST_CHARACTERS = 8_000_000
_MOST_NODES = 600_000  # with those that aliases stand for
_DEEPEST = 12
_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "seq", "map"))
_NULLS = ("", "~", "null", "Null", "NULL")
_EXAMPLE = "Write a list of rows, such as “- {subject: english, topic: verbs}”; or defaults: and lessons:."
_TOO_LARGE = f"YAML is taken for at most {MOST_ROWS:,} rows"
_ELSEWHERE = "Write larger batches as CSV or JSON Lines."


@dataclass(slots=True)
class _Node:
    """A value where it stands; `size` counts what it holds, aliases written out."""

    line: int
    number: int
    size: int = 1


@dataclass(slots=True)
class _Scalar(_Node):
    text: str = ""
    is_plain: bool = False

    @property
    def is_null(self) -> bool:
        return self.is_plain and self.text in _NULLS


@dataclass(slots=True)
class _List(_Node):
    items: list[_Node] = field(default_factory=list)


@dataclass(slots=True)
class _Mapping(_Node):
    pairs: list[tuple[_Scalar, _Node]] = field(default_factory=list)
    key: _Scalar | None = None  # of a pair whose value is still to come


class YamlRows:
    """The rows of a YAML file; implements `Rows`."""

    def __init__(self, text: Text, problems: Problems) -> None:
        self._problems = problems
        self._places: dict[str, tuple[int, int]] = {}
        top = _composed(_whole(text))
        self._given, self._lessons = self._parts(top)

    def where(self, line: int, column: str) -> tuple[int, int]:
        return self._places.get(column, (line, 0))

    def defaults(self) -> tuple[int, Values]:
        return (self._given.line, self._values(self._given)) if self._given else (1, {})

    def __iter__(self) -> Iterator[tuple[int, Values]]:
        for row in self._lessons.items:
            if isinstance(row, _Mapping):
                yield row.line, self._values(row)
            elif not (isinstance(row, _Scalar) and row.is_null):
                self._problems.add(
                    row.line,
                    "The row is no mapping.",
                    "Write its columns, as in: subject: english",
                    number=row.number,
                )

    def _parts(self, top: _Node) -> tuple[_Mapping | None, _List]:
        """The defaults, if there are any, and the rows."""
        if isinstance(top, _List):
            return None, top
        if not isinstance(top, _Mapping):
            raise Unreadable(top.line, "The file is neither a list of rows nor a mapping.", hint=_EXAMPLE)
        parts: dict[str, tuple[_Scalar, _Node]] = {}
        for key, value in top.pairs:
            name = column_name(key.text)
            if name in parts:
                self._problems.add(key.line, f"{quoted(name)} is there twice.", "Take one out.", number=key.number)
            elif name in ("defaults", "lessons"):
                parts[name] = (key, value)
            elif not name.startswith("x_"):  # a place for anchors, as elsewhere
                self._problems.add(
                    key.line,
                    f"There is no {quoted(name)} at the top of a batch.",
                    "Write defaults: and lessons:; or x-… for what only holds anchors.",
                    number=key.number,
                )
        if "lessons" not in parts:
            raise Unreadable(top.line, "There is no list of lessons.", hint=_EXAMPLE)
        key, lessons = parts["lessons"]
        if isinstance(lessons, _Scalar) and lessons.is_null:
            lessons = _List(key.line, key.number)
        if not isinstance(lessons, _List):
            raise Unreadable(key.line, "“lessons” is no list.", hint=_EXAMPLE)
        key, given = parts.get("defaults", (key, None))
        if given is not None and not isinstance(given, _Mapping):
            if not (isinstance(given, _Scalar) and given.is_null):
                self._problems.add(key.line, "“defaults” is no mapping.", "Write columns, as in: level: year 7")
            given = None
        return given, lessons

    def _values(self, row: _Mapping) -> Values:
        """The cells of a row, what is merged into it first."""
        self._places = {}
        values: dict[str, str | tuple[str, ...]] = {}
        own = [pair for pair in row.pairs if not _is_merge(pair[0])]
        merged = [pair for key, value in row.pairs if _is_merge(key) for pair in self._merged(value)]
        seen: set[str] = set()
        for is_own, (key, value) in [(True, pair) for pair in own] + [(False, pair) for pair in merged]:
            column = column_name(key.text)
            if column in seen:
                if is_own:
                    self._tell(key, f"{quoted(key.text)} is there twice.", "Take one out.", column)
                continue
            seen.add(column)
            if column not in COLUMNS:
                self._tell(key, *unknown_column(column), column[:60])
                continue
            self._places[column] = (value.line, value.number)
            cell = self._cell(column, value)
            if cell:
                values[column] = cell
        return values

    def _merged(self, node: _Node) -> list[tuple[_Scalar, _Node]]:
        """The pairs that a merge key brings; of several mappings the earlier ones count."""
        mappings = node.items if isinstance(node, _List) else [node]
        pairs: list[tuple[_Scalar, _Node]] = []
        for mapping in mappings:
            if not isinstance(mapping, _Mapping):
                self._problems.add(
                    node.line, "What is merged is no mapping.", "Name an anchor: <<: *name", number=node.number
                )
                continue
            pairs += [pair for pair in mapping.pairs if not _is_merge(pair[0])]
            for key, value in mapping.pairs:
                if _is_merge(key):
                    pairs += self._merged(value)
        return pairs

    def _cell(self, column: str, node: _Node) -> str | tuple[str, ...] | None:
        if isinstance(node, _Scalar):
            if len(node.text) > LONGEST_CELL:
                self._tell(
                    node,
                    f"The value is too long; at most {byte_words(LONGEST_CELL)} are taken.",
                    "Put a long text into a file, and name that as the source.",
                    column,
                )
                return None
            return None if node.is_null else node.text.strip()
        if isinstance(node, _List) and column in LISTS:
            items = [each for each in node.items if isinstance(each, _Scalar)]
            if len(items) == len(node.items):
                return tuple(text for each in items if not each.is_null and (text := each.text.strip()))
        kind = "a list" if isinstance(node, _List) else "a mapping"
        wanted = "a text or a list of texts" if column in LISTS else "one value"
        self._tell(node, f"{column} can't be {kind}.", f"Give {wanted}; quote a text that holds “: ” or “[”.", column)
        return None

    def _tell(self, node: _Node, message: str, hint: str, column: str) -> None:
        self._problems.add(node.line, message, hint, column=column, number=node.number)


# ---------------------------------------------------------------- events to nodes


def _whole(text: Text) -> str:
    """The file's text. Raises `Unreadable` for what YAML can't hold."""
    from yaml.reader import Reader

    lines, size = [], 0
    for number, line in text.lines():
        size += len(line)
        if size > _MOST_CHARACTERS or text.cut == number:
            raise Unreadable(
                number, f"{_TOO_LARGE} and {byte_words(_MOST_CHARACTERS)}; this file is larger.", hint=_ELSEWHERE
            )
        found = Reader.NON_PRINTABLE.search(line)
        if found is not None:
            raise Unreadable(
                number,
                f"The line holds a control character: U+{ord(found[0]):04X}.",
                hint="Type it again by hand; copied text may bring along what can't be seen.",
                number=found.start() + 1,
            )
        lines.append(line)
    return "".join(lines)


def _composed(text: str) -> _Node:
    """The only document of a text. Raises `Unreadable`."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    composer = _Composer()
    try:
        for event in yaml.parse(text, Loader=loader):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, number = (mark.line + 1, mark.column + 1) if mark else (1, 0)
        is_tab = "\\t" in str(error.problem) or _character(text, line, number) == "\t"
        raise Unreadable(
            line,
            f"The file is no YAML: {error.problem}.",
            hint="Indent by spaces, not by tabs." if is_tab else "Check this line and the one before: indent, quotes.",
            number=number,
        ) from error
    except yaml.YAMLError as error:
        raise Unreadable(1, "The file is no YAML.", hint=_EXAMPLE) from error
    if composer.top is None:
        raise Unreadable(1, "The file is empty.", hint=_EXAMPLE)
    return composer.top


class _Composer:
    """Puts nodes together from events, one after the other, without recursion; counts what aliases stand for."""

    def __init__(self) -> None:
        self.top: _Node | None = None
        self._open: list[tuple[_List | _Mapping, str | None]] = []
        self._anchors: dict[str, _Node] = {}
        self._size = 0
        self._documents = 0

    def take(self, event: Any) -> None:
        """One event more. Raises `Unreadable`."""
        kind = type(event).__name__
        line, number = event.start_mark.line + 1, event.start_mark.column + 1
        if kind == "ScalarEvent":
            _require_known_tag(event, line, number)
            self._keep(_Scalar(line, number, text=event.value, is_plain=event.implicit[0]), event.anchor)
        elif kind == "AliasEvent":
            self._keep(self._meant(event.anchor, line, number), None)
        elif kind in ("SequenceStartEvent", "MappingStartEvent"):
            _require_known_tag(event, line, number)
            if len(self._open) >= _DEEPEST:
                raise Unreadable(line, "The file is nested too deeply.", hint=_EXAMPLE, number=number)
            node = _List(line, number) if kind == "SequenceStartEvent" else _Mapping(line, number)
            self._open.append((node, event.anchor))
        elif kind in ("SequenceEndEvent", "MappingEndEvent"):
            self._keep(*self._open.pop())
        elif kind == "DocumentStartEvent":
            self._documents += 1
            if self._documents > 1:
                raise Unreadable(
                    line, "The file holds several documents.", hint="Take out the line “---”, or make two files."
                )

    def _keep(self, node: _Node, anchor: str | None) -> None:
        """Put a whole node into the one that holds it."""
        if anchor is not None:
            self._anchors[anchor] = node
        if not self._open:
            self.top = node
            return
        holder = self._open[-1][0]
        holder.size += node.size
        # Sizes grow with the aliases written out, so this finds what would be too large before anything is.
        if holder.size > _MOST_NODES:
            raise Unreadable(node.line, f"{_TOO_LARGE}; with its anchors this file is larger.", hint=_ELSEWHERE)
        if isinstance(holder, _List):
            holder.items.append(node)
            if len(holder.items) > MOST_ROWS:
                raise Unreadable(node.line, f"{_TOO_LARGE}; this file has more.", hint=_ELSEWHERE)
        elif holder.key is None:
            if not isinstance(node, _Scalar):
                raise Unreadable(node.line, "A column's name is no text.", hint=_EXAMPLE, number=node.number)
            holder.key = node
        else:
            holder.pairs.append((holder.key, node))
            holder.key = None

    def _meant(self, anchor: str, line: int, number: int) -> _Node:
        if anchor not in self._anchors:
            raise Unreadable(
                line, f"There is no anchor &{anchor[:60]} before this.", hint="Name one that is.", number=number
            )
        return self._anchors[anchor]


def _require_known_tag(event: Any, line: int, number: int) -> None:
    if event.tag is not None and event.tag not in _TAGS:
        shown = event.tag if len(event.tag) <= 60 else event.tag[:59] + "…"
        raise Unreadable(
            line,
            f"The tag {shown} is not taken.",
            hint="Take it out; quote a text that begins with “!”.",
            number=number,
        )


def _is_merge(key: _Scalar) -> bool:
    return key.is_plain and key.text == "<<"


def _character(text: str, line: int, number: int) -> str:
    """The character at that place; empty where there is none."""
    for place, each in enumerate(text.splitlines(), start=1):
        if place == line:
            return each[number - 1 : number]
    return ""
