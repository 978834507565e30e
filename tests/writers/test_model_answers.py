"""What arrives of a model's answer and what is read of it: events in pieces, and schemas as jsonschema has them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from lessongen.writers.openai.answers import Unusable, read_answer
from lessongen.writers.openai.events import events
from lessongen.writers.openai.schemas import Schemas

STREAM = (
    'event: x\ndata: {"a": 1}\n\n: a comment\r\ndata:{"b":\r\ndata: 2}\r\n\r\nid: 3\rdata: "für"\r\rretry: 9\n\n'
    "data\n\ndata: [DONE]\n\ndata: late\n\n"
).encode()
SAID = [b'{"a": 1}', b'{"b":\n2}', '"für"'.encode(), b""]


@given(st.lists(st.integers(0, len(STREAM)), max_size=40))
def test_events_are_the_same_in_whatever_pieces_they_come(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(STREAM)]
    pieces = [STREAM[start:end] for start, end in itertools.pairwise(places)]
    assert list(events(pieces)) == SAID


def test_events_byte_by_byte_and_without_an_end() -> None:
    assert list(events(STREAM[at : at + 1] for at in range(len(STREAM)))) == SAID
    assert list(events([b"data: 1\n\n", b"data: 2\n"])) == [b"1"]
    assert list(events([])) == []


def test_an_event_is_told_as_soon_as_it_has_ended() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"data: 1\n\n"
        raise AssertionError("asked for more")

    assert next(events(pieces())) == b"1"


@pytest.mark.parametrize("piece", [b"x" * 2**16, b"data:\n" * 2**14, b": no blank line\n" * 2**12])
def test_an_event_that_does_not_end_is_given_up(piece: bytes) -> None:
    with pytest.raises(Unusable, match="without end"):
        list(events(itertools.repeat(piece)))


NESTED: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "names": {"type": "array", "items": {"$ref": "#/$defs/name"}, "maxItems": 2},
        "count": {"type": "integer"},
        "kind": {"type": "string", "enum": ["a", "b"]},
        "is_new": {"type": "boolean", "description": "whether"},
    },
    "required": ["names", "kind"],
    "additionalProperties": False,
    "$defs": {"name": {"type": "string", "maxLength": 3}},
}
_LEAVES = st.one_of(
    st.sampled_from(["a", "b", "c", "four", ""]),
    st.sampled_from([1, 1.0, 2.5, True, None, 10**30]),
    st.lists(st.sampled_from(["a", "four", 1, True]), max_size=3),
)


@given(
    st.dictionaries(st.sampled_from(["names", "count", "kind", "is_new", "more"]), _LEAVES),
    st.sampled_from([{}, {"minProperties": 3}, {"required": []}, {"type": ["object", "null"]}]),
)
def test_what_is_taken_meets_the_schema_by_jsonschema_and_nothing_else_is(
    data: dict[str, Any], more: dict[str, Any]
) -> None:
    schema = {**NESTED, **more}
    try:
        taken = read_answer(json.dumps(data), schema) == data
    except Unusable:
        taken = False
    assert taken is Draft202012Validator(schema).is_valid(data)


@pytest.mark.parametrize("has_lengths", [True, False])
def test_a_plan_that_lacks_or_adds_something_is_refused_with_its_place(has_lengths: bool) -> None:
    schema = Schemas(has_lengths=has_lengths).plan()
    with pytest.raises(Unusable, match=r"required at \$"):
        read_answer("{}", schema)
