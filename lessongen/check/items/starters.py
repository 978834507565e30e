"""Flaws of a starter: it has all students begin with what they bring along, and tests nothing."""

from __future__ import annotations

from lessongen.check.forms import form_of, is_supposing
from lessongen.check.items.paper import Paper
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


def starter_tests(paper: Paper) -> Findings:
    """For “What do you call …?”, “Which part smells?”: its one answer, a word or a fact, is known or guessed."""
    for item in paper.starters:
        if item.question.has_one_answer:
            yield (
                item.where,
                f"“{item.key[:60]}” is known or guessed: have students predict, decide or try something, and say why.",
            )
