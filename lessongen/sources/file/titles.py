"""What a text of one's own is called: by its own title where that names something, else by its topic."""

from __future__ import annotations

import re

from lessongen.text.nouns import plural, singular
from lessongen.text.words import STOPWORDS, tokens

# What files, headings and the metadata of programs are called that say nothing of the text.
_SAYS_NOTHING = frozenset(
    "untitled document doc docx pdf file scan scanned copy draft final version new text note notes lesson lessons page"
    " pages chapter chapters unit units part parts section worksheet handout handouts slide slides presentation"
    " powerpoint word microsoft writer title layout print printed output export img image dsc readme index main"
    " introduction intro contents content overview summary abstract reader reading material materials source template"
    " report class homework exercise exercises sheet week day module topic revision revised name date".split()
)
_SHORTEST_WORD = 3
_LONGEST_TITLE = 120


def says_anything(title: str) -> bool:
    """Whether a title says anything of its text at all: not "doc1", "untitled", "Chapter 3"."""
    return bool(_telling(title)) and len(title) <= _LONGEST_TITLE


def names_something(title: str, text: str) -> bool:
    """Whether at least half of a title's telling words stand in the text."""
    telling, in_text = _telling(title), {singular(word) for word in tokens(text)}
    return says_anything(title) and 2 * sum(word in in_text for word in telling) >= len(telling)


def in_its_number(title: str, text: str, language: str) -> str:
    """The title, in English in the number that the text uses: "Lantern boat" where it tells of one."""
    return _in_its_number(title, text) if language == "en" else title


def _telling(title: str) -> list[str]:
    words = [singular(word) for word in tokens(title.replace("_", " ")) if not re.search(r"\d", word)]
    return [
        word
        for word in words
        if (len(word) >= _SHORTEST_WORD or not word.isascii())
        and word not in STOPWORDS["en"]
        and word not in _SAYS_NOTHING
    ]


def _in_its_number(title: str, text: str) -> str:
    """ "Lantern boats" of a text that says what "a lantern boat" is: "Lantern boat"; and the other way round."""
    *before, last = title.split(" ")
    if before and last[:1].isupper():
        return title  # a name
    one, many = (" ".join([*before, form]) for form in (singular(last), plural(singular(last))))
    if one == many:
        return title
    says_one = re.search(rf"\b(?:an?|the|each|every) {re.escape(one)}\b", text, re.IGNORECASE)
    defines_many = re.search(rf"\b{re.escape(many)} (?:are|were)\b", text, re.IGNORECASE)
    if title == many:
        return one if says_one and not defines_many else title
    return many if defines_many and not says_one else title
