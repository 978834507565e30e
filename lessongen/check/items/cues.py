"""Flaws by which a student who knows nothing finds the key: words that only the key or only wrong options have."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lessongen.check.items.paper import Paper, telling
from lessongen.check.items.quantities import quantity
from lessongen.check.report import Findings
from lessongen.text.words import tokens

_HEDGE = re.compile(
    r"(?<!\d )\bmay\b(?! \d)|\b(?:[Mm]ight|[Pp]robably|[Pp]erhaps|[Pp]ossibl[ey]|[Uu]sually|[Oo]ften|[Ss]ometimes"
    r"|[Gg]enerally|[Mm]ostly|[Tt]ypically|[Pp]artly|[Tt]ends?|[Ll]ikely|[Ss]eems?|[Ii]n most cases|[Tt]o some extent"
    r"|[Nn]ot always|[Cc]an't prove|[Cc]annot prove)\b|^May [a-z]"
)
_ABSOLUTE = re.compile(
    r"\b(?:always|never|everyone|everybody|everything|everywhere|nobody|no one|nothing|nowhere|completely|totally"
    r"|entirely|absolutely|impossible|under no circumstances|without exception|no matter what|in all cases)\b",
    re.IGNORECASE,
)
_WIDE = re.compile(
    r"\b(?:every|all(?! (?:over|year|day|night|round|around|along))|only|none|any|no)\b|\bat all\b", re.IGNORECASE
)
_VAGUE = re.compile(
    r"\b(?:often|usually|frequently|sometimes|rarely|seldom|occasionally|commonly|generally|normally|typically"
    r"|regularly)\b",
    re.IGNORECASE,
)
_VAGUE_AMOUNT = re.compile(
    r"^(?:(?:quite|very|rather|not|a) )?(?:many|several|some|few|lots?|a few|a lot|most|various)\b(?: \w+){0,2}[.]?$",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"^(?:all|every|none|no|some|most|many|few|half|only|any)\b", re.IGNORECASE)
_FEWEST_LETTERS = 3


def key_hedged(paper: Paper) -> Findings:
    """For “it may have” beside “it did, it did not”: the key is the only careful option."""
    for item in paper.written:
        found = _HEDGE.search(item.key) if item.wrong else None
        if found and not any(_HEDGE.search(option) or _VAGUE.search(option) for option in item.wrong):
            yield (
                item.where,
                (f"“{found.group().strip()}” makes the right option alone careful: hedge none, or others too."),
            )


def absolute(paper: Paper) -> Findings:
    """For “always”, “never”, “all” in wrong options alone, which students have learned to cross out."""
    for item in paper.written:
        if not item.wrong or _ABSOLUTE.search(item.key) or _WIDE.search(item.key):
            continue
        if all(map(_AMOUNT.search, item.question.listed)):
            continue  # how many is what is asked
        strong = [found.group() for option in item.wrong if (found := _ABSOLUTE.search(option))]
        wide = [found.group() for option in item.wrong if (found := _WIDE.search(option))]
        if strong or len(wide) > 1:
            yield (
                item.where,
                (f"“{(strong or wide)[0]}” stands in wrong options only and shows that they are wrong: take it out."),
            )


def vague(paper: Paper) -> Findings:
    """For “often”, “usually” in some options, and “many” beside numbers: whether that is right can be argued."""
    for item in paper.written:
        options = item.question.listed if item.wrong else ()
        often = [found.group() for option in options if (found := _VAGUE.search(option))]
        in_key_alone = len(often) == 1 and _VAGUE.search(item.key)
        amounts = [option for option in options if _VAGUE_AMOUNT.search(option.strip())]
        if often and len(often) < len(options) and not in_key_alone and not _is_scale(options):
            yield item.where, f"“{often[0]}” is vague, its option can be argued for: say how often, or leave it out."
        elif amounts and any(map(quantity, options)):
            yield item.where, f"“{amounts[0]}” is vague beside numbers: give a number."


def _is_scale(options: Sequence[str]) -> bool:
    """Whether how often is what is asked: each option has a word for it."""
    return all(_VAGUE.search(option) or _ABSOLUTE.search(option) or quantity(option) for option in options)


def clang(paper: Paper) -> Findings:
    """For “What do rowers use tar for?” with “tar” in the key alone: a word of the stem leads to the key."""
    for item in paper.written:
        if not item.wrong:
            continue
        others = frozenset().union(*map(telling, item.wrong))
        repeated = (item.asked & telling(item.key)) - others
        if repeated and not (item.asked & others) - telling(item.key):
            said = [token for token in tokens(item.key) if telling(token) & repeated and len(token) >= _FEWEST_LETTERS]
            if said and not all(token.isdigit() for token in said):
                yield (
                    item.where,
                    (
                        f"“{said[0]}” stands in the stem and in the right option alone, which gives it away: "
                        "use it in all options or in none."
                    ),
                )
