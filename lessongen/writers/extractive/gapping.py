"""A gap in a sentence: where a name may be taken out so that no other would fit, and nothing gives it away."""

from __future__ import annotations

import re

from lessongen.text.nouns import indefinite, is_plural, plural
from lessongen.text.words import stems, tokens, word_count
from lessongen.writers.extractive.article import Passage, Term
from lessongen.writers.extractive.candidates import GAP
from lessongen.writers.extractive.distractors import shares_words
from lessongen.writers.extractive.naming import names

# "copper, tin and _____", "like a _____": others would fit as well.
_LIST_BEFORE = re.compile(r"(?:,|\band|\bor|\bas|\blike|\bthan|\bunlike|\bincluding|\bboth)\s*(?:an?|the)?\s*$")
# "_____, tin and copper".
_LIST_AFTER = re.compile(r"\s*(?:,|and\b|or\b)")
# "the _____ of", but not "_____ structure", where it is half of a compound.
_AFTER_A_NOUN = re.compile(
    r"\s*[,.;:)—]|\s+(?:of|in|on|at|to|for|from|by|with|as|that|which|who|whose|where|when|while|and|or|but|is|are|was"
    r"|were|has|have|had|can|may|could|would|will|must|do|does|did|into|through|between|during|after|before|than|since"
    r"|until|using|via|under|over|within|without|because|if|not|also|including|such|about|against|among|around)\b"
)
# "_____ (MOR) is …" gives it away.
_ABBREVIATED = re.compile(r" \([A-Z][\w.-]*[A-Z][\w.]*[,;)]")
_FEWEST_WORDS_AROUND = 7  # "A _____ is the price of labor." leaves too much open
_DERIVED = 3  # letters that a people's name shares with its country's: "Spanish", "Polish"


def mask(text: str, start: int, end: int, term: Term) -> str | None:
    """The text with a gap there, or None if any form of the term remains, or another gap's worth of it."""
    rest = text[:start] + " " + text[end:]
    roots = {stem[:5] for stem in term.stems if len(stem) >= 5}
    for word, stemmed in ((word, stems(word, keep_stopwords=True)) for word in tokens(rest)):
        if set(stemmed) & set(term.stems) or any(word.startswith(root) for root in roots):
            return None
    if term.category == "Geography" and _names_its_people(rest, term):
        return None
    if _ABBREVIATED.match(text[end:]):
        return None
    return text[:start] + GAP + text[end:] if word_count(rest) >= _FEWEST_WORDS_AROUND else None


def _names_its_people(text: str, place: Term) -> bool:
    """Whether a word of the text may be derived from the place's name: "Chinese" from "China"."""
    openings = {word[:_DERIVED] for word in place.name.split() if word[:1].isupper()}
    return any(word[:_DERIVED] in openings for word in re.findall(r"\b[A-Z]\w+", text))


def is_in_list(text: str, start: int, end: int) -> bool:
    """Whether the words are one of several in a row, or what something is compared to: others would fit as well."""
    return bool(_LIST_BEFORE.search(text[:start]) or _LIST_AFTER.match(text[end:]))


def is_quoted(text: str, start: int) -> bool:
    """Whether the words stand inside quotation marks: there they mean what the quoted one says ("Queen of Jazz")."""
    before = text[:start]
    return before.count('"') % 2 == 1 or before.count("“") > before.count("”")


def is_noun_there(rest: str) -> bool:
    """Whether what follows a name leaves it a noun, not the first half of a compound ("sentence structure")."""
    return _AFTER_A_NOUN.match(rest) is not None


def in_form_of(surface: str, term: Term, article: str) -> str:
    """The term as it would stand where `surface` stood: same number, same kind of article."""
    noun = surface[len(article) :].strip()
    name = term.running if noun[:1].islower() or not term.is_common_noun else term.name
    if term.is_common_noun and is_plural(noun) and not is_plural(name):
        name = plural(name)
    if article in ("a", "an"):
        return indefinite(name)
    return f"{article} {name}".strip()


def capital(text: str) -> str:
    return text[0].upper() + text[1:]


def about(passage: Passage, asked: Term | None = None) -> str:
    """ " about volcanoes", where the sentence does not itself say so and it gives nothing away."""
    term = passage.article.term
    if term is None or names(passage.text, term.name) or (asked and shares_words(asked, term)):
        return ""
    return f" about {term.in_general}"
