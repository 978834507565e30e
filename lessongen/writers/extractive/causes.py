"""What a sentence says leads to what: its cause and its consequence, each in the sentence's own words."""

from __future__ import annotations

import re

from lessongen.text.words import word_count

_PART = r"[^;:“”\"()]+"
_FIRST = r"[^;:“”\"()]+?"
_FEWEST_WORDS, _MOST_WORDS = 3, 30
_WAYS = tuple(
    re.compile(pattern)
    for pattern in (
        # "Because of the wind, the mill …"
        rf"^(?P<cause>(?:Because|Due to|Owing to|As a result of|Thanks to) [^,;:“”\"()]+), (?P<effect>{_PART})$",
        # "…, which led to a boycott": what was said before is the cause.
        rf"^(?P<cause>{_PART}), (?P<effect>(?:which |and |thus |thereby )?(?:(?:often|eventually|ultimately) )?"
        r"(?:caus(?:es|ed|ing)|le(?:ads|d|ading) to|result(?:s|ed|ing) in|allow(?:s|ed|ing)|enabl(?:es|ed|ing)"
        rf"|spark(?:s|ed|ing)|prevent(?:s|ed|ing)|trigger(?:s|ed|ing)) (?!by\b){_PART})$",
        # "The flood was caused by …", "… arise from …".
        rf"^(?P<effect>{_FIRST}) (?P<cause>(?:(?:is|are|was|were) )?(?:(?:often|usually|mainly|primarily|mostly) )?"
        rf"(?:caused by|results? from|resulted from|arises? from|due to|because|owing to) {_PART})$",
        # "The war led to …", but not "… that led to …".
        rf"^(?P<cause>(?!.*\b(?:which|that|who|whose)\b.* (?:leads?|led|result(?:s|ed)) ){_FIRST}) "
        rf"(?P<effect>(?:leads|led) to {_PART}|result(?:s|ed) in {_PART})$",
    )
)
# "Some believed that …": what others say. "… is called X because": of a word. "…, but …": two thoughts.
_UNSURE = re.compile(
    r"\b(?:whether|said to|claimed|argued|believed|disputed|called|known as)\b"
    r"|, (?:although|though|while|but|however)\b|^(?:Although|Though|While)\b"
)
# "… and", "According to …": half of a thought.
_NO_HALF = re.compile(r"^(?:According|If|As with|For example)\b|\b(?:and|or|that|this|which|but|it|be|may|has|\w+ly)$")
# "A flu is a disease caused by …": what it is, not what comes of it.
_DEFINES = re.compile(r"\b(?:is|are|was|were) (?:an?|the)\b")


def cause_and_effect(text: str) -> tuple[str, str] | None:
    """The two halves of a sentence of which one leads to the other; None where it has no such sign, or several."""
    if _UNSURE.search(text):
        return None
    for pattern in _WAYS:
        found = pattern.match(text.removesuffix("."))
        if found:
            cause, effect = found["cause"].strip(" ,"), found["effect"].strip(" ,")
            fit = (_FEWEST_WORDS <= word_count(each) <= _MOST_WORDS for each in (cause, effect))
            if all(fit) and not _DEFINES.search(effect) and not any(map(_NO_HALF.search, (cause, effect))):
                return cause, effect
    return None
