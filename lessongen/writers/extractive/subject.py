"""What a lesson is about, as running text says it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lessongen.text.nouns import plural
from lessongen.text.words import stems
from lessongen.writers.extractive.article import Article, Term
from lessongen.writers.extractive.naming import is_noun_there


def subject_of(main: Article) -> str:
    """What the lesson is about, in running text: "verbs", "the heart", "Brazil"."""
    term = main.term
    if term is not None:
        return _in_short(term, main)
    name, text = main.name, main.document.text
    if main.is_common_noun:
        return _in_general(name[0].lower() + name[1:], text)
    return f"the {name}" if f" the {name}" in text and not main.is_biography else name


def _in_short(term: Term, main: Article) -> str:
    """What a term is called: who the lesson is about as the article's title has it, without all given names."""
    title = main.name
    is_within = set(title.split()) < set(term.name.split())
    return title if term is main.term and term.is_person and is_within else term.in_general


def _in_general(noun: str, text: str) -> str:
    """A common noun that the text does not define, as the text speaks of it: "glaciers", "the tundra", "glass"."""
    before = [
        found.group(1).lower()
        for found in re.finditer(rf"\b(an?|the) {re.escape(noun)}\b", text, re.IGNORECASE)
        if is_noun_there(text[found.end() :]) or re.match(r" [a-z]+s\b", text[found.end() :])
    ]
    many = plural(noun)
    if {"a", "an"} & set(before) and stems(many) == stems(noun):
        return many
    is_bare = re.match(rf"{re.escape(noun)} [a-z]", text, re.IGNORECASE)
    return f"the {noun}" if before and not is_bare else noun


def what_it_is(main: Article) -> str | None:
    """ "what a verb is", "who Plato was"; None where one would not ask so: of a place, or without a definition."""
    term = main.term
    if term is None or (term.category == "Geography" and not term.is_common_noun):
        return None
    return term.what_it_is.replace(term.in_general, _in_short(term, main))


def listed(items: Sequence[str]) -> str:
    """ "verbs, nouns and adverbs"."""
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
