"""Reads what a model said as JSON that meets a schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

_MOST_STARTS = 50  # places in a text at which JSON is looked for
_READ_HERE = frozenset(
    "$defs $ref additionalProperties description enum items maxItems maxLength properties required type".split()
)
_TYPES = {str: ("string",), list: ("array",), dict: ("object",), bool: ("boolean",), int: ("integer", "number")}


class Unusable(Exception):
    """What a model said is no such JSON; the text says why, in words of ours alone."""


def read_answer(text: str, schema: Mapping[str, Any]) -> Any:
    """The JSON in a model's answer, which may stand in prose or a code fence. Raises `Unusable`."""
    if not text.strip():
        raise Unusable("it is empty")
    reason = "it is no JSON"
    for data in _candidates(text):
        try:
            json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
        except ValueError:  # half of a surrogate pair, or 1e999, which Python reads as infinity
            reason = "it holds what can't be written"
            continue
        broken = _broken_rule(data, schema)
        if broken is None:
            return data
        reason = f"it does not meet the schema ({broken})"
    raise Unusable(reason)


def _candidates(text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder(parse_constant=_no_number)
    try:
        yield decoder.decode(text.strip())
    except (ValueError, RecursionError):
        pass
    else:
        return
    at, starts = 0, 0
    while starts < _MOST_STARTS:
        at = min((found for mark in "{[" if (found := text.find(mark, at)) >= 0), default=-1)
        if at < 0:
            return
        starts += 1
        try:
            data, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at += 1
            continue
        yield data


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity, which Python reads, are no JSON


def _broken_rule(data: Any, schema: Mapping[str, Any]) -> str | None:
    """Where which keyword of the schema is not met; no more, because values are the model's words."""
    if _surely_meets(data, schema, schema.get("$defs", {})):
        return None  # what nearly all answers are: jsonschema takes fifty times as long to find that out
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    error = best_match(Draft202012Validator(schema).iter_errors(data))
    return None if error is None else f"{error.validator} at {error.json_path}"


def _surely_meets(data: Any, schema: Mapping[str, Any], defs: Mapping[str, Any]) -> bool:
    """Whether data meet a schema of the few keywords that ours have; False also where that is for another to say."""
    if schema.keys() - _READ_HERE:
        return False
    if "$ref" in schema:
        target = defs.get(schema["$ref"].removeprefix("#/$defs/"))
        is_alone = schema.keys() <= {"$ref", "description"}
        return is_alone and isinstance(target, dict) and _surely_meets(data, target, defs)
    kind = type(data)
    if schema.get("type") not in _TYPES.get(kind, ()):
        return False
    if "enum" in schema:
        return kind is str and data in list(schema["enum"])
    if kind is str:
        return len(data) <= int(schema.get("maxLength", len(data)))
    if kind is list:
        items = schema.get("items")
        if not isinstance(items, dict) or len(data) > schema.get("maxItems", len(data)):
            return False
        return all(_surely_meets(each, items, defs) for each in data)
    if kind is dict:
        known = schema.get("properties", {})
        is_closed = schema.get("additionalProperties") is False and not data.keys() - known.keys()
        has_all = not set(schema.get("required", ())) - data.keys()
        return is_closed and has_all and all(_surely_meets(value, known[name], defs) for name, value in data.items())
    return True
