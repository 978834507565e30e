"""The quality gate: one function a rule, each with a code; what no rule objects to may be saved.

Deterministic and without input or output: the same lesson and source texts give the same report. The published text of
a rule is the first line of its function's docstring.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from lessongen.check import (
    computed,
    drawn,
    evidence,
    images,
    questions,
    readability,
    roles,
    structure,
    verdicts,
    wording,
)
from lessongen.check.reading import Reading
from lessongen.check.report import Findings, Report
from lessongen.lesson.draft import Problem
from lessongen.lesson.model import Lesson

__all__ = ["RULES", "Problem", "Report", "Rule", "examine"]

Rule: TypeAlias = Callable[[Reading], Findings]

RULES: Mapping[str, Rule] = {
    rule.__name__.replace("_", "-"): rule
    for rule in (
        structure.text_filled,
        structure.language_known,
        structure.id_unique,
        structure.reference_resolves,
        structure.minutes_positive,
        structure.minutes_add_up,
        structure.objective_verb_fits,
        structure.objective_has_section,
        structure.objective_has_question,
        structure.term_in_body,
        structure.body_length,
        structure.body_repeats,
        evidence.source_licensed,
        evidence.source_kept,
        evidence.source_used,
        images.image_credited,
        images.image_kept,
        evidence.quote_verbatim,
        evidence.quote_whole,
        evidence.quote_hash,
        evidence.quote_used,
        evidence.statement_verbatim,
        wording.written_supported,
        wording.written_answer_supported,
        verdicts.verdict_given,
        verdicts.verdict_supported,
        verdicts.verdict_unaltered,
        verdicts.verdict_span,
        verdicts.judge_passed,
        verdicts.exam_unaltered,
        verdicts.no_tripwire,
        evidence.signed,
        evidence.sentence_cited,
        evidence.sentence_words,
        evidence.question_cited,
        roles.role_borne,
        roles.role_unborne,
        roles.analogy_marked,
        roles.background_wished,
        roles.piece_cited,
        roles.piece_in_quotes,
        roles.table_even,
        roles.figure_safe,
        drawn.drawing_sound,
        drawn.drawing_agrees,
        roles.task_answered,
        roles.outcome_said_by_students,
        roles.cycle_in_order,
        roles.question_role_placed,
        roles.why_of_wrong_options,
        readability.no_markup,
        readability.no_control_characters,
        readability.sentence_whole,
        readability.not_cut_at_abbreviation,
        readability.nothing_dangling,
        questions.question_distinct,
        questions.question_term_known,
        questions.answer_in_quote,
        questions.answer_hidden,
        questions.false_statement_unfounded,
    )
} | {
    **dict(questions.rules_of_kinds()),
    "computed-key-agrees": computed.computed_key_agrees,
}
"""Every rule by its code, in the order of a report."""


def examine(lesson: Lesson, texts: Mapping[str, str]) -> Report:
    """What the rules find in a lesson. `texts` are the whole texts of its sources by SHA-256."""
    reading = Reading(lesson, texts)
    problems = tuple(
        Problem(rule=code, where=where, message=message)
        for code, rule in RULES.items()
        for where, message in rule(reading)
    )
    return Report(problems=problems, rules=len(RULES))
