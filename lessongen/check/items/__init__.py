"""What is flawed in questions, as research on item writing lists it; for writers to mend, no part of the gate.

Only what a program sees for certain: a flag on a good question costs a rewrite. An author's questions are left to the
author, computed ones are held to what their options say, starters are not held to what is taught. English only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from lessongen.check.items import cues, elsewhere, options, starters, stems
from lessongen.check.items.options import by_majority
from lessongen.check.items.paper import Paper
from lessongen.check.items.quantities import in_sequence
from lessongen.check.report import Findings
from lessongen.lesson.draft import Problem
from lessongen.lesson.model import Lesson

__all__ = ["ITEM_RULES", "by_majority", "flaws", "in_sequence"]

ItemRule: TypeAlias = Callable[[Paper], Findings]

ITEM_RULES: Mapping[str, ItemRule] = {
    f"item-{rule.__name__.replace('_', '-')}": rule
    for rule in (
        options.options_kind,
        options.options_grammar,
        options.options_unordered,
        options.options_contained,
        options.above,
        options.k_type,
        options.lettered_names,
        options.key_longest,
        options.convergence,
        options.match_by_elimination,
        options.order_opening,
        cues.key_hedged,
        cues.absolute,
        cues.vague,
        cues.clang,
        stems.negative_stem,
        stems.gratuitous,
        stems.unfocused,
        stems.judged_by_reasons,
        stems.judged_alike,
        stems.judged_absolute,
        stems.closed_alike,
        elsewhere.answered_elsewhere,
        elsewhere.answered_by_neighbour,
        elsewhere.belief_restated,
        elsewhere.quoted_before,
        elsewhere.matches_key_terms,
        elsewhere.not_taught,
        elsewhere.copied_sentence,
        elsewhere.recalled_gap,
        elsewhere.why_missing,
        elsewhere.asked_twice,
        elsewhere.worked_example,
        starters.starter_states,
        starters.starter_tests,
    )
}
"""Every rule by its code. Its docstring names the case that it is for."""


def flaws(lesson: Lesson) -> list[Problem]:
    """The flaws of the lesson's questions, each at the place of its question, in the order of the questions.

    A message says in plain words what to mend. The same lesson gives the same list.
    """
    if lesson.language != "en":
        return []
    paper = Paper(lesson)
    found = [
        Problem(rule=code, where=where, message=message)
        for code, rule in ITEM_RULES.items()
        for where, message in rule(paper)
    ]
    places = {where: at for at, (where, _) in enumerate(paper.reading.questions)}
    return sorted(found, key=lambda problem: places[problem.where])
