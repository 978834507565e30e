"""What a lesson by a model is expected to take, before it is asked for."""

from __future__ import annotations

import dataclasses

from lessongen.app import App
from lessongen.lesson.attempt import ExpectedCost, Spent
from lessongen.lesson.task import LessonRequest

# A guess from the steps of a lesson: outline, three sections, questions, answers, judgement, one repair; each reads the
# source's passages. Only until the first lesson by that model is stored.
_CALLS = 8
_OUTPUT_TOKENS = 3_000


def expected(app: App, request: LessonRequest) -> ExpectedCost | None:
    """What the last lessons by that writer and model took, else a guess by the price list; by the Batch API, half.

    None for a writer that calls no model, and for a model that has neither.
    """
    if request.writer != "openai":
        return None
    found = _at_full_price(app, request)
    if found is None or not request.batch_api:
        return found
    from lessongen.writers.openai.prices import BATCH_PRICE

    spent = dataclasses.replace(found.spent, cost=found.spent.cost * BATCH_PRICE)
    return dataclasses.replace(found, spent=spent)


def _at_full_price(app: App, request: LessonRequest) -> ExpectedCost | None:
    model = request.model or ""
    typical = app.store.usage.typical(request.writer, model)
    if typical is not None:
        return ExpectedCost(spent=typical, source="last lessons")
    from lessongen.writers.openai.prices import price

    tokens_in = _CALLS * app.settings.source_tokens
    cost = price(model, tokens_in, _OUTPUT_TOKENS, app.settings.base_url or None)
    if cost is None:
        return None
    return ExpectedCost(spent=Spent(calls=_CALLS, tokens=tokens_in + _OUTPUT_TOKENS, cost=cost), source="price list")
