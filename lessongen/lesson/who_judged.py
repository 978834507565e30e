"""In words for people: who judged a lesson's written sentences, and how good that judge is by its exam.

It reads the lesson's provenance as it is stored, in JSON: `status` shows it and loads no models.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lessongen.lesson.judgement import Bar

RULES = "rules"
ABLER = "Name an abler judge: lessongen config set judge.model NAME"
"""What to do where no model has passed."""


def who_judged(provenance: Mapping[str, Any]) -> str:
    """One line for fine print; empty where no sentence is in a writer's own words, or that is not known.

    It says the share of unfaithful sentences caught and of honest ones accepted, and a bar that was lowered.
    """
    exams = provenance.get("exams") or []
    told = [_examined(each) for each in exams]
    if provenance.get("judge") == RULES:
        told.append("by word rules alone, strictly: no model that has passed the exam judged them")
    return f"Written sentences were judged {'; '.join(told)}." if told else ""


def lowered(exam: Mapping[str, Any]) -> bool:
    """Whether a judge was held to less than judges are held to by default."""
    return bool(exam["needed_caught"] < Bar.caught or exam["needed_accepted"] < Bar.accepted)


def _examined(exam: Mapping[str, Any]) -> str:
    pairs = "short exam" if exam["is_short"] else "exam"
    told = (
        f"by {exam['judge']}, which in the {pairs} {exam['exam']} caught {exam['caught']} of {exam['unfaithful']} "
        f"unfaithful sentences and accepted {exam['accepted']} of {exam['honest']} honest ones"
    )
    if lowered(exam):
        told += (
            f" (only {exam['needed_caught']:.0%} and {exam['needed_accepted']:.0%} were asked of it, "
            f"less than the usual {Bar.caught:.0%} and {Bar.accepted:.0%})"
        )
    return told.replace("%", " %")
