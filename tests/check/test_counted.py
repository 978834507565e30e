"""What the gate counts again of printed exercises: chances, atoms, clocks and squares."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from lessongen.check.computed import computed_key_agrees, is_read
from lessongen.check.reading import Reading
from lessongen.lesson.model import Lesson
from tests.writers.test_computed import merged, practised

COUNTED = ("probability", "balancing-equations", "telling-time", "counting-squares", "pythagoras", "rounding")


def lessons(name: str) -> list[Lesson]:
    return [merged(practised(name, seed, level)) for seed in range(3) for level in ("grade-4", "grade-9")]


def forged(question: Any) -> Any:
    """The question with a key that is wrong; None where that can't be said of a changed one."""
    if question.kind == "choice":
        return question.model_copy(update={"answer": next(o for o in question.options if o != question.answer)})
    if question.kind == "match":
        return question.model_copy(update={"answer": [question.answer[1], question.answer[0], *question.answer[2:]]})
    changed = re.sub(r"\d", lambda digit: str(int(digit[0]) % 9 + 1), question.answer, count=1)
    return question.model_copy(update={"answer": changed}) if changed != question.answer else None


@pytest.mark.parametrize("name", COUNTED)
def test_the_gate_counts_again_what_is_counted_and_refuses_a_forged_key(name: str) -> None:
    read, refused = Counter[bool](), 0
    for lesson in lessons(name):
        reading = Reading(lesson, {})
        assert list(computed_key_agrees(reading)) == []
        computed = [(at, each) for at, each in enumerate(lesson.questions) if each.origin == "computed"]
        for at, question in computed:
            known = is_read(reading, question)
            read[known] += 1
            wrong = forged(question) if known else None
            if wrong is not None:
                changed = lesson.model_copy(
                    update={"questions": [*lesson.questions[:at], wrong, *lesson.questions[at + 1 :]]}
                )
                assert list(computed_key_agrees(Reading(changed, {}))), wrong.stem
                refused += 1
    assert read[True] / read.total() >= 0.7
    assert refused >= 10
