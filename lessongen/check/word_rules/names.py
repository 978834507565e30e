"""Names and direct quotations: whether a sentence's capitalised words stand in its quotes or the title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from lessongen.check.word_rules.passage import Passage, Word, plain
from lessongen.check.word_rules.vocabulary import (
    AMBIGUOUS_MONTHS,
    AUXILIARIES,
    GRAMMATICAL_WORDS,
    MONTHS,
    OPENERS,
    SHORT_NAMES,
)
from lessongen.text.wordlists import word_lists

_LISTS = word_lists(__file__, "names")
_ENDINGS = _LISTS.words("endings") | {""}
# Names of places and what comes from them, where the first four letters differ.
_GROUPS_OF: dict[str, frozenset[str]] = {name: group for group in _LISTS.groups("groups") for name in group}
# Words in quotation marks.
_DIRECT = re.compile(r'"([^"]+)"')
# What is not compared in them.
_BREAKS = re.compile(r"[^\w]+")
# "Discovered …" opens with a verb.
_VERBAL = re.compile(r"(?:ed|es)$")
# "Rivers …", "Mining …" opens with a plain word.
_NO_NAME = re.compile(r"(?:s|ing|ed|ly)$")


def altered_quotations(sentence: Passage, quotes: Passage) -> Iterator[str]:
    """What stands in quotation marks, three words or more, and not so in the quotes."""
    if '"' not in sentence.text:
        return
    known = _BREAKS.sub("", plain(quotes.text).lower())
    for match in _DIRECT.finditer(plain(sentence.text)):
        inner = match.group(1)
        if len(inner.split()) >= 3 and _BREAKS.sub("", inner.lower()) not in known:
            yield inner


def foreign_names(sentence: Passage, quotes: Passage) -> Iterator[str]:
    """Capitalised words that neither the quotes nor the title have, in any form or as an acronym.

    A lone word that opens a sentence counts where a verb or a possessive shows it to be a name.
    """
    for index, word in enumerate(sentence.words):
        if not word.is_capital or stands_for_known(sentence, index, quotes):
            continue
        if word.opens and not _is_name_at_opening(sentence, index, quotes):
            continue
        yield word.text


def stands_for_known(sentence: Passage, index: int, quotes: Passage) -> bool:
    """Whether a capitalised word is no name or one that the quotes have: in any form or as an acronym."""
    word = sentence.words[index]
    if _is_known(word, quotes, quotes.lowers):
        return True
    if word.lower in AMBIGUOUS_MONTHS and _is_dated(sentence, index):
        return True
    capitals = [each for each in quotes.words if each.is_capital]
    return _is_acronym_of(word, capitals) or _is_spelled_out(sentence, index, capitals)


def _is_known(word: Word, quotes: Passage, known: frozenset[str]) -> bool:
    lower = word.lower
    if lower in known or lower in GRAMMATICAL_WORDS or lower in SHORT_NAMES or len(lower) == 1:
        return True
    if lower in MONTHS and lower not in AMBIGUOUS_MONTHS:
        return True  # the rule of numbers answers for months
    if any(key in quotes.keys for key in word.keys):
        return True
    group = _GROUPS_OF.get(lower)
    if group is not None and not group.isdisjoint(known):
        return True
    if word.text.isupper() and len(lower) > 1 and lower.endswith("s") and lower[:-1] in known:
        return True
    return any(_is_same_name(lower, other) for other in known if other[:4] == lower[:4])


def _is_dated(sentence: Passage, index: int) -> bool:
    beside = sentence.words[max(0, index - 1) : index + 2]
    return any(word.text[0].isdigit() for word in beside)


def _is_same_name(one: str, other: str) -> bool:
    shortest = min(len(one), len(other))
    shared = next((at for at in range(shortest) if one[at] != other[at]), shortest)
    if shared < 4:
        return False
    return one[shared:] in _ENDINGS and other[shared:] in _ENDINGS


def _is_name_at_opening(sentence: Passage, index: int, quotes: Passage) -> bool:
    word = sentence.words[index]
    following = sentence.words[index + 1] if index + 1 < len(sentence.words) else None
    if following is None:
        return False
    if following.is_capital and following.gap == " " and following.lower not in GRAMMATICAL_WORDS:
        return not quotes.supports(word) and not (
            following.lower in quotes.lowers and (word.lower in OPENERS or _NO_NAME.search(word.lower) is not None)
        )
    if word.lower in OPENERS or quotes.supports(word):
        return False
    if word.text.lower().endswith("'s") or word.text.isupper():
        return True
    if _NO_NAME.search(word.lower):
        return False
    return following.lower in AUXILIARIES or _VERBAL.search(following.lower) is not None or following.gap == ", "


def _is_acronym_of(word: Word, capitals: list[Word]) -> bool:
    size = len(word.lower)
    if not word.text.replace(".", "").isupper() or not 2 <= size <= 6:
        return False
    letters = "".join(each.lower[:1] for each in capitals)
    return word.lower in letters


def _is_spelled_out(sentence: Passage, index: int, capitals: list[Word]) -> bool:
    acronyms = {each.lower for each in capitals if len(each.lower) >= 2 and each.text.replace(".", "").isupper()}
    if not acronyms:
        return False
    words = sentence.words
    if words[index].text.replace(".", "").isupper():
        return False
    first = last = index
    while first > 0 and (words[first - 1].is_capital or words[first - 1].lower in ("of", "and", "for", "the")):
        first -= 1
    while last + 1 < len(words) and (words[last + 1].is_capital or words[last + 1].lower in ("of", "and", "for")):
        last += 1
    for letters in (
        "".join(word.lower[0] for word in words[first : last + 1] if word.is_capital and not word.text.isupper()),
        "".join(word.lower[0] for word in words[first : last + 1] if not word.text.isupper()),
    ):
        if any(acronym in letters for acronym in acronyms):
            return True
    return False


def recombined_names(sentence: Passage, quotes: Passage) -> Iterator[str]:
    """Two capitalised words side by side that the quotes have in different names: a first name with another's last.

    One of them must stand there only with another capitalised word on that side.
    """
    runs = _runs(quotes)
    for run in _runs(sentence):
        for one, other in pairwise(run):
            if any(one in each and other in each[each.index(one) + 1 :] for each in runs):
                continue
            followed = [each[-1] != one for each in runs if one in each]
            preceded = [each[0] != other for each in runs if other in each]
            if followed and preceded and (all(followed) or all(preceded)):
                yield f"{one} {other}".title()


def _runs(passage: Passage) -> list[list[str]]:
    """The rows of capitalised words, folded."""
    runs: list[list[str]] = []
    is_open = False
    for word in passage.words:
        is_name = word.is_capital and word.lower not in GRAMMATICAL_WORDS and not (word.opens and word.lower in OPENERS)
        if is_name and is_open and word.gap == " ":
            runs[-1].append(word.lower)
        elif is_name:
            runs.append([word.lower])
        # A possessive ends a name: "Einstein's Berlin".
        is_open = is_name and not word.text.endswith("'s")
    return runs
