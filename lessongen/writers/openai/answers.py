"""Reads what a model said as JSON that meets a schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

_MOST_STARTS = 50  # places in a text at which JSON is looked for


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
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    error = best_match(Draft202012Validator(schema).iter_errors(data))
    return None if error is None else f"{error.validator} at {error.json_path}"
