"""Whether a name is a common noun, by how texts write it: "a nebula", but "the Inquisition"."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
    proper = "'" in first or any(True for _ in _inside(first[:5], text))
    return bool(contents) and all(word[0].islower() for word in contents) and not proper


def is_shown_a_common_noun(name: str, text: str) -> bool:
    """Whether a single word is shown to be none of a kind: "A nebula is …", "foxes", or by its ending: "osmosis"."""
    if not (name.isalpha() and name[1:].islower()):
        return False
    if _ENDS_AS_COMMON_NOUN.search(name) is not None or _times_inside(plural(name.lower()), text):
        return True
    article, _, rest = text.partition(" ")
    return article in ("A", "a", "An", "an", "AN", "aN") and (
        rest[: len(name)].lower() == name.lower() and _is_end(rest, len(name))
    )


def ways_of_writing(name: str, text: str) -> tuple[int, int]:
    """How often the text writes the name inside a sentence in lower case and with a capital."""
    return _times_inside(name[0].lower() + name[1:], text), _times_inside(name[0].upper() + name[1:], text)


def _times_inside(words: str, text: str) -> int:
    """How often the text has the whole words inside a sentence."""
    return sum(_is_end(text, end) for end in _inside(words, text))


def _inside(words: str, text: str) -> Iterator[int]:
    """Where the words end that stand after a small letter or a comma; a pattern of each name would cost far more."""
    at = text.find(f" {words}")
    while at != -1:
        if at and (text[at - 1] == "," or "a" <= text[at - 1] <= "z"):
            yield at + 1 + len(words)
        at = text.find(f" {words}", at + 1)


def _is_end(text: str, end: int) -> bool:
    """Whether a word ends there, or what is no word, as a pattern has it."""
    return _is_of_word(text[end - 1]) != (end < len(text) and _is_of_word(text[end]))


def _is_of_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"
