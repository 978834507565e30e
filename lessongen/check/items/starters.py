"""Flaws of a starter: it asks what students bring along, and the lesson goes on from there."""

from __future__ import annotations

from lessongen.check.forms import form_of, is_supposing
from lessongen.check.items.paper import Paper, content, telling
from lessongen.check.items.quantities import quantity
from lessongen.check.report import Findings
from lessongen.text.sentences import split_sentences


def starter_states(paper: Paper) -> Findings:
    """For “In a storm wind pushes a house. What …?”: what no source says is told as a fact before it is asked."""
    for item in paper.starters:
        for sentence in split_sentences(item.question.stem):
            if form_of(sentence.text) is None and not is_supposing(sentence.text):
                yield (
                    item.where,
                    f"“{sentence.text[:60]}” states what no source says: ask at once, or open a case with “Suppose”.",
                )
                break


def starter_leads_nowhere(paper: Paper) -> Findings:
    """For an answer of which the lesson then never speaks: what students bring along is what it goes on from."""
    for item in paper.starters:
        key = telling(item.key) or content(item.key)
        if key and quantity(item.key) is None and not item.is_supposed and not key & paper.taught_in_sections:
            yield item.where, f"Nothing that is taught builds on “{item.key[:60]}”: ask for what the first part uses."
