"""The nouns that a text is about: those that it uses as nouns more than once and that say something by themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from lessongen.text.nouns import singular
from lessongen.text.wordlists import word_lists
from lessongen.text.words import stem

# "the long neck of": between an article or preposition and what follows a noun.
A_NOUN = re.compile(
    r"\b(?:the|an?|its|their|his|her|of|into|from|by|with|for|in|through|between|against|on|and) (?:[a-z]+ )?"
    r"(?P<noun>[a-z]{4,})(?=[.,;:)]| (?:of|in|on|at|to|for|from|by|with|as|that|which|who|and|or|is|are|was|were|has"
    r"|have|can|may|into|through|between|during|after|before)\b)"
)
_SAYS_LITTLE = frozenset(map(stem, word_lists(__file__, "nouns").row("says_little")))
# "quickly", "famous", "atomic": endings of adverbs and adjectives.
_NO_NOUN = re.compile(
    r"(?:ly|ed|ing|ive|ous|able|ible|ful|less|ical|ic|ary|ern|ese|ish|est|ient|ant|ual|ial|ional|eral|ular|ar|en)$"
)
_OFTEN = 2


def nouns_of(text: str) -> Mapping[str, int]:
    """The nouns, as the text writes them, with how often it has them; in order of first use."""
    as_noun = Counter(found["noun"] for found in A_NOUN.finditer(text))
    words = Counter(re.findall(r"[a-z]+", text.lower()))
    return {
        noun: words[noun]
        for noun, count in as_noun.items()
        if count >= _OFTEN and not _NO_NOUN.search(noun) and not {stem(noun), stem(singular(noun))} & _SAYS_LITTLE
    }
