"""Sentences taken apart: cut behind the subject, or with one word turned into its opposite."""

from __future__ import annotations

import re

from lessongen.text.wordlists import word_lists
from lessongen.text.words import stems, word_count

_VERB = (
    r"is|are|was|were|has|have|had|can|could|may|became|began|led|won|wrote|made|took|gave|found|held|built|grew"
    r"|contains?|includes?|uses?|eats?|produces?|provides?|allows?|requires?|involves?|depends?|occurs?|lies|forms?"
    r"|covers?"  # no form in -ed: "An experiment performed in …" goes on
)
# "The northern whale | lives in cold water.": behind a short subject.
_CUT = re.compile(
    rf"^(?P<left>(?:The |An? )?(?:[A-Za-zÀ-ÿ'’-]+ ){{0,4}}?[A-Za-zÀ-ÿ'’-]{{3,}}) (?P<right>(?:{_VERB}) .+)\.$"  # noqa: RUF001
)
# "In spring the | …", "It | …": what stands before the verb is no subject.
_NO_SUBJECT = re.compile(
    r"^(?:It|This|That|These|Those|They|He|She|We|You|There|Here|In|On|At|By|For|From|With|When|While|As|If|After|Before"
    r"|During|Since|Although|Because|Most|Many|Some|Several|One|Two|Three|Other|Another|All|Each|Its|Their|His|Her|What"
    r"|Despite|According|Under|Until|To|Both|Neither|Either|Such|However|Thus|Only|Not|Few|More)\b"
    r"|\b(?:that|which|who|it|he|she|they|not|also|and|or|to|not|have|has|had|been)$",
)
_LONGEST_END = 26  # words
_SHORTEST_BEGINNING = 2  # "Experiments …" may go on in many ways

_LISTS = word_lists(__file__, "opposites")
_BOTH_WAYS = [pair.split(":") for pair in _LISTS.row("both_ways")]
_OPPOSITES = {other: one for one, other in reversed(_BOTH_WAYS)}
_OPPOSITES |= dict(pair.split(":") for pair in (*_LISTS.row("one_way"), *map(":".join, _BOTH_WAYS)))
# "more or less": its opposite says nothing.
_IN_A_FIXED_PHRASE = re.compile(
    r"\b(?:more or|more than|less than|no more|no less|even more|once more|more recently|public domain|north and"
    r"|east and|and west|and south|sooner or|more and|once and|long before|shortly before|shortly after|soon after)\b"
)
# "not", "but", "while": the opposite may be true as well.
_NEGATED = re.compile(
    r"\b(?:not|no|never|neither|nor|without|hardly|rarely|cannot|but|although|though|while|whereas)\b"
)


def halves_of(text: str) -> tuple[str, str] | None:
    """The subject and the rest of a plain sentence, without its full stop; None where it can't be cut cleanly."""
    found = _CUT.match(text)
    if found is None or _NO_SUBJECT.search(found["left"]):
        return None
    left, right = found["left"], found["right"]
    if (
        word_count(left) < _SHORTEST_BEGINNING
        or not stems(left)
        or not 5 <= word_count(right) <= _LONGEST_END
        or set(stems(left)) & set(stems(right))
    ):
        return None
    return left, right


def is_of_many(end: str) -> bool | None:
    """Whether the end of a sentence belongs to a plural, by its verb; None where the verb does not tell."""
    verb = end.split()[0]
    if verb in ("are", "were", "have"):
        return True
    return False if verb in ("is", "was", "has") or (verb.endswith("s") and not verb.endswith("ss")) else None


def opposite_in(text: str) -> tuple[int, int, str] | None:
    """A word whose opposite makes the sentence false: where it stands, and the opposite. None where that is unsure."""
    if _NEGATED.search(text) or _IN_A_FIXED_PHRASE.search(text):
        return None
    found = [each for each in re.finditer(r"\b[a-z]+\b", text) if each.group() in _OPPOSITES]
    if len(found) != 1 or _OPPOSITES[found[0].group()] in text:
        return None
    other = _OPPOSITES[found[0].group()]
    if re.search(r"\ban? $", text[: found[0].start()]) and (other[0] in "aeiou") != (found[0].group()[0] in "aeiou"):
        return None  # "an decreasing number"
    return found[0].start(), found[0].end(), other
