"""Has a judge sit the exam, keeps the result, and tells who may judge: whoever has passed, and nobody else."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from lessongen.check.judges import Judge
from lessongen.check.judges.exam import OPENING_RIGHT, Exam, Pair, is_right_on
from lessongen.lesson.attempt import Attempt, Spent
from lessongen.lesson.judgement import MUTE, Bar, ExamResult, Identity, Verdict
from lessongen.system.clock import Clock


class ExamResults(Protocol):
    """Where results of exams are kept."""

    def add(self, result: ExamResult) -> int:
        """Keep a result; its number."""
        ...

    def of(self, identity: Identity, exam: str) -> Sequence[ExamResult]:
        """The results of this judge in this exam, the latest first."""
        ...


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Whether a judge may judge, and by which result; None where it has not sat this exam.

    `is_mute`: it has sat it just now, and no answer could be read.
    """

    result: ExamResult | None
    has_passed: bool
    is_mute: bool = False


@dataclass(frozen=True, kw_only=True)
class Sat:
    """An exam that was sat: the result, and each pair with what the judge said."""

    result: ExamResult
    verdicts: tuple[tuple[Pair, Verdict], ...]


def sit(judge: Judge, exam: Exam, attempt: Attempt, clock: Clock, *, is_short: bool = False) -> Sat:
    """Have the judge sit the exam, or the short one, which is over after its opening for one that can't judge at all.

    Raises what `Judge.judge` raises; then there is no result.
    """
    before, started = attempt.spent(), time.monotonic()
    pairs, verdicts = _answered_short(judge, exam, attempt) if is_short else _answered(judge, exam.pairs, attempt)
    spent = attempt.spent()
    cost = spent.cost - before.cost
    result = ExamResult(
        identity=judge.identity,
        exam=exam.name,
        language=exam.language,
        is_short=is_short,
        kinds=exam.mark(pairs, verdicts),
        unanswered=sum(verdict.ruling == "no verdict" for verdict in verdicts),
        seconds=round(time.monotonic() - started, 3),
        calls=spent.calls - before.calls,
        tokens=spent.tokens - before.tokens,
        cost=cost or None,
        sat_at=clock.now(),
    )
    return Sat(result=result, verdicts=tuple(zip(pairs, verdicts, strict=True)))


def _answered(judge: Judge, pairs: Sequence[Pair], attempt: Attempt) -> tuple[Sequence[Pair], list[Verdict]]:
    return pairs, judge.judge([pair.claim for pair in pairs], attempt)


def _answered_short(judge: Judge, exam: Exam, attempt: Attempt) -> tuple[Sequence[Pair], list[Verdict]]:
    """The pairs of the short exam that were put to the judge, and its verdicts."""
    opening, verdicts = _answered(judge, exam.opening(), attempt)
    if sum(map(is_right_on, opening, verdicts)) < OPENING_RIGHT:
        return opening, verdicts
    rest, more = _answered(judge, exam.after_opening(), attempt)
    return [*opening, *rest], [*verdicts, *more]


def expected(judge: Judge, exam: Exam, *, is_short: bool = False) -> Spent:
    """About what it takes to sit it, to the end."""
    asked = [exam.opening(), exam.after_opening()] if is_short else [exam.pairs]
    each = [judge.expected([pair.claim for pair in pairs]) for pairs in asked]
    return Spent(
        calls=sum(spent.calls for spent in each),
        tokens=sum(spent.tokens for spent in each),
        cost=sum(spent.cost for spent in each),
    )


def standing(identity: Identity, exam: str, results: ExamResults, bar: Bar) -> Standing:
    """Whether a judge may judge by the exam of that name: by its latest whole one, or else by its latest short one.

    A result of another model, server, prompt or exam does not count.
    """
    found = results.of(identity, exam)
    whole = [each for each in found if not each.is_short]
    latest = next(iter([*whole, *found]), None)
    return Standing(result=latest, has_passed=latest is not None and latest.passes(bar))


def ensure_examined(
    judge: Judge, exam: Exam, results: ExamResults, attempt: Attempt, clock: Clock, *, bar: Bar
) -> Standing:
    """Whether the judge may judge; one that has sat no exam yet sits the short one now, and the result is kept.

    Raises what `Judge.judge` raises: a judge that can't be asked has neither passed nor failed.
    """
    found = standing(judge.identity, exam.name, results, bar)
    if found.result is not None:
        return found
    sat = sit(judge, exam, attempt, clock, is_short=True)
    results.add(sat.result)
    is_mute = all(verdict.reason == MUTE for _, verdict in sat.verdicts)
    return replace(standing(judge.identity, exam.name, results, bar), is_mute=is_mute)
