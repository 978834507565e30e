"""What a lesson by a model is expected to take, before it is asked for."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lessongen.lesson.attempt import ExpectedCost, Spent
from lessongen.lesson.limits import USUAL_MINUTES
from lessongen.lesson.task import LessonRequest

if TYPE_CHECKING:
    from lessongen.store import Usages

# A guess from the steps of a lesson (plan, cycles, quizzes, judgement, blind answers, a repair with what follows it),
# each of which reads the sources. Only until the first lesson by that model is stored.
_CALLS = 12
_READ_AGAIN = 10  # times that all of the source is read, at most
_TOLD_TOKENS = 30_000  # rules, plan, and what was written before, in all calls together
_OUTPUT_TOKENS = 12_000  # of a lesson of the usual minutes
_LEAST_SHARE = 0.4  # of that, however short the lesson is
_BYTES_A_TOKEN = 4
_PLAIN = (".txt", ".md", ".markdown", ".rst")  # whose size says how much text they hold

Price = Callable[[str, int, int, int], float | None]
"""Dollars for a model and the tokens of a call: in, out, and how many of the former are cached."""


@dataclass(frozen=True, kw_only=True)
class Expecting:
    """Expects by the last lessons, else by the price list; `source_tokens` is how much a model reads at most."""

    usage: Usages
    source_tokens: int
    price: Price
    batch_price: float

    def __call__(self, request: LessonRequest) -> ExpectedCost | None:
        """What the request's lesson should take; by the Batch API, half.

        None for a writer that calls no model, and for a model that has neither lessons nor a price.
        """
        if request.writer != "openai":
            return None
        found = self._at_full_price(request)
        if found is None or not request.batch_api:
            return found
        spent = dataclasses.replace(found.spent, cost=found.spent.cost * self.batch_price)
        return dataclasses.replace(found, spent=spent, cost_if_cached=None)

    def _at_full_price(self, request: LessonRequest) -> ExpectedCost | None:
        model = request.model or ""
        typical = self.usage.typical(request.writer, model)
        if typical is not None:
            return ExpectedCost(spent=typical, source="last lessons")
        source = self._source_tokens(request)
        tokens_in = _READ_AGAIN * source + _TOLD_TOKENS
        tokens_out = round(_OUTPUT_TOKENS * max(_LEAST_SHARE, (request.minutes or USUAL_MINUTES) / USUAL_MINUTES))
        whole, cached = (
            self.price(model, tokens_in // _CALLS, tokens_out // _CALLS, each)
            for each in (0, (_READ_AGAIN - 1) * source // _CALLS)
        )
        if whole is None or cached is None:
            return None
        spent = Spent(calls=_CALLS, tokens=tokens_in + tokens_out, cost=_CALLS * whole)
        return ExpectedCost(
            spent=spent, source="price list", cost_if_cached=_CALLS * cached if cached < whole else None
        )

    def _source_tokens(self, request: LessonRequest) -> int:
        """As many as the texts named have, where their size tells; else as many as a model reads at most."""
        sizes = [_plain_bytes(source) for source in request.sources]
        if not sizes or None in sizes:
            return self.source_tokens
        return min(self.source_tokens, sum(size for size in sizes if size is not None) // _BYTES_A_TOKEN + 1)


def _plain_bytes(source: str) -> int | None:
    """The size of a file of plain text; None for all that has another."""
    if not source.lower().endswith(_PLAIN) or "://" in source:
        return None
    try:
        return os.stat(source).st_size if os.path.isfile(source) else None
    except OSError:
        return None
