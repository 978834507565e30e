"""The words that rules look for: function words, negators, hedges, quantifiers, months, units (English, folded)."""

from __future__ import annotations

from collections.abc import Mapping

from lessongen.text.wordlists import word_lists

_LISTS = word_lists(__file__, "vocabulary")
word_set = _LISTS.words

_PARTS_OF_SPEECH = ("pronouns", "determiners", "prepositions", "conjunctions", "auxiliaries")
PRONOUNS = word_set("pronouns")
DETERMINERS = word_set("determiners")
AUXILIARIES = word_set("auxiliaries")
GRAMMATICAL_WORDS = frozenset[str]().union(*map(word_set, _PARTS_OF_SPEECH))
"""Words that are never names, however they are written."""
FUNCTION_WORDS = GRAMMATICAL_WORDS | word_set("light")
"""Words that carry no fact of their own: never counted as new, never a context."""

NEGATORS = word_set("negators")
WEAK_NEGATORS = word_set("weak_negators")
"""Words by which a quote may say what a sentence says with a negator ("lacks eyes": "has no eyes")."""
FLIPPING = word_set("flipping")
"""Words other than negators that turn what follows them into its opposite; a sentence must not drop or add them."""
NEGATIVE_PREFIXES = ("un", "in", "im", "il", "ir", "non", "dis", "mis", "anti", "counter")

MODALS = word_set("modals")
"""Words by which a quote leaves open whether something is so."""
HEDGES = MODALS | word_set("hedges")

UNIVERSALS: Mapping[str, frozenset[str]] = {
    word: frozenset(licences.split()) for word, licences in _LISTS.pairs("universals").items()
}
"""Words that leave no exception, each with the words of a quote that license it."""

SCALE: Mapping[str, float] = {word: float(claim) for word, claim in _LISTS.pairs("scale").items()}
"""How much a quantity word or a frequency word claims, from few (0) to most (2.6)."""
SCALE_LICENCES = word_set("scale_licences")

LINKS = word_set("links")
"""Words that state a cause; a sentence may use one where its quote states a cause too."""
CAUSAL_LICENCES = word_set("causal_licences")

SUPERLATIVE_LICENCES = word_set("superlative_licences")
NOT_SUPERLATIVE = word_set("not_superlative")

OPENERS = word_set("openers")
"""Words that open a sentence and name nothing."""
NUMERALS = word_set("numerals")
"""Words that the rules of numbers answer for."""
SHORT_NAMES = word_set("short_names")

MONTHS: Mapping[str, int] = {
    name: number for number, line in enumerate(_LISTS.lines("months"), 1) for name in line.split()
}
AMBIGUOUS_MONTHS = word_set("ambiguous_months")

UNITS: Mapping[str, str] = {name: line.split()[0] for line in _LISTS.lines("units") for name in line.split()}
"""Each unit's names and signs, each with the one that stands for all of them."""
