"""Whether a name is a common noun, by how texts write it: "a nebula", but "the Inquisition"."""

from __future__ import annotations

import re

from lessongen.text.nouns import plural

# "Osmosis", "geology", "basketball": by the ending alone.
_ENDS_AS_COMMON_NOUN = re.compile(
    r"(?:[ae]nce|[ai]tion|ment|ness|ity|ing|ology|graphy|metry|nomy|pathy|osis|itis|synthesis|ship|ball|boarding)$"
)
_SMALL_IN_NAMES = frozenset("of the and in on for to a an de la von van di al el du le".split())


def reads_as_phrase(name: str, text: str) -> bool:
    """Whether a name that no other text holds is a phrase ("Grammatical tense"), not a proper name ("Roman law")."""
    first, *others = name.split()
    contents = [word for word in others if word not in _SMALL_IN_NAMES]
    # "Buddhist philosophy" beside "Buddhism" in the text.
    proper = "'" in first or re.search(rf"(?<=[a-z,] ){re.escape(first[:5])}", text) is not None
    return bool(contents) and all(word[0].islower() for word in contents) and not proper


def is_shown_a_common_noun(name: str, text: str) -> bool:
    """Whether a single word is shown to be none of a kind: "A nebula is …", "foxes", or by its ending: "osmosis"."""
    is_one_word = name.isalpha() and name[1:].islower()
    opens_with_article = re.match(rf"An? {re.escape(name)}\b", text, re.IGNORECASE) is not None
    many = re.search(rf"(?<=[a-z,] ){re.escape(plural(name.lower()))}\b", text) is not None
    return is_one_word and (opens_with_article or many or _ENDS_AS_COMMON_NOUN.search(name) is not None)


def ways_of_writing(name: str, text: str) -> tuple[int, int]:
    """How often the text writes the name inside a sentence in lower case and with a capital."""
    small = len(re.findall(rf"(?<=[a-z,] ){re.escape(name[0].lower() + name[1:])}\b", text))
    large = len(re.findall(rf"(?<=[a-z,] ){re.escape(name[0].upper() + name[1:])}\b", text))
    return small, large
