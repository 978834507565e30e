"""Honest rewordings of a sentence, made by rule: what is left out or put otherwise changes no fact."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

_PLAINER = {
    "approximately": "about", "numerous": "many", "located": "found", "utilize": "use", "utilized": "used",
    "commenced": "began", "began": "started", "started": "began", "obtained": "got", "purchased": "bought",
    "constructed": "built", "resided": "lived", "died": "passed away", "large": "big", "assisted": "helped",
    "primarily": "mainly", "mainly": "mostly", "however": "but", "frequently": "often", "often": "frequently",
    "throughout": "across", "demonstrated": "showed", "showed": "demonstrated", "film": "movie", "films": "movies",
    "child": "kid", "children": "kids", "difficult": "hard", "important": "significant", "significant": "important",
    "major": "main", "entire": "whole", "prior": "before", "additional": "extra", "attempted": "tried",
    "attempt": "try", "required": "needed", "created": "made", "famous": "well-known", "ended": "stopped",
    "named": "called", "received": "got", "became": "turned into", "people": "persons", "several": "a number of",
    "because": "since", "wealthy": "rich", "initially": "at first", "published": "released", "killed": "slain",
    "injured": "hurt", "rapidly": "quickly", "approximates": "is close to", "discovered": "found", "chief": "main",
    "various": "different", "maintained": "kept", "permitted": "allowed", "allowed": "let", "return": "come back",
    "returned": "came back", "select": "choose", "selected": "chose", "conflict": "fight", "method": "way",
    "methods": "ways", "area": "region", "region": "area", "areas": "regions", "nation": "country", "town": "city",
    "country": "nation", "wrote": "composed", "described": "depicted", "considered": "seen as", "century": "century",
}  # fmt: skip
_SMALL = "zero one two three four five six seven eight nine ten eleven twelve".split()


def shortened(text: str, title: str, random: Random) -> str | None:
    """Without what stands in brackets."""
    found = re.sub(r" \([^()]*\)", "", text)
    return found if found != text else None


def without_tail(text: str, title: str, random: Random) -> str | None:
    """Without a last clause that adds something."""
    found = re.sub(r", (?:which|who|where|including|such as|although|though|while|whose) [^;:()]*\.$", ".", text)
    return found if found != text and len(found.split()) > 6 else None


def without_opening(text: str, title: str, random: Random) -> str | None:
    """Without an opening phrase."""
    match = re.match(r"(?:However|Moreover|In addition|Furthermore|For example|Additionally|Later|Therefore), ", text)
    return text[match.end()].upper() + text[match.end() + 1 :] if match else None


def moved_opening(text: str, title: str, random: Random) -> str | None:
    """With an opening phrase moved to its end: "In 1980, he left." becomes "He left in 1980."."""
    match = re.match(r"((?:In|On|By|During|After|At|From|Since|Until) [^,.;:()]{3,40}), ([^;:()]+)\.$", text)
    if not match or " which" in text:
        return None
    opening, rest = match[1], match[2]
    return f"{rest[0].upper()}{rest[1:]} {opening[0].lower()}{opening[1:]}."


def first_half(text: str, title: str, random: Random) -> str | None:
    """The first of two statements."""
    match = re.match(r"([^;()]{30,}?)(?:;|, and|, but) (?:it|he|she|they|the|this|these|its|his|in) ", text)
    return match[1] + "." if match and re.search(r"\b(?:is|was|are|were|had|has|\w+ed)\b", match[1]) else None


def second_half(text: str, title: str, random: Random) -> str | None:
    """The second of two statements."""
    match = re.match(r"[^;()]{30,}?(?:;|, and|, but) ((?:it|he|she|they|the|this|these) [^;,]{20,}\.)$", text)
    return match[1][0].upper() + match[1][1:] if match else None


def named(text: str, title: str, random: Random) -> str | None:
    """With the article's title for the pronoun that opens it."""
    return re.sub(r"^(?:It|He|She) (?=is |was |has |had |\w+ed )", f"{title} ", text) if _opens(text) else None


def _opens(text: str) -> bool:
    return re.match(r"(?:It|He|She) (?:is |was |has |had |\w+ed )", text) is not None


def plainer(text: str, title: str, random: Random) -> str | None:
    """With one or two words put more plainly."""
    places = [match for match in re.finditer(r"(?<![-\w])[a-z]+(?![-\w])", text) if match.group() in _PLAINER]
    if not places:
        return None
    for match in sorted(random.sample(places, min(2, len(places))), key=lambda found: -found.start()):
        text = text[: match.start()] + _PLAINER[match.group()] + text[match.end() :]
    return text


def renumbered(text: str, title: str, random: Random) -> str | None:
    """With small numbers in words for digits, or digits for words, and per cent signs spelled out."""
    found = re.sub(r"(?<=[a-z] )(\d|1[0-2])(?= [a-z])", lambda match: _SMALL[int(match[1])], text)
    found = re.sub(r"(?<=\d)%", " percent", found)
    found = re.sub(r"(?<=\d),(?=\d{3}\b)", "", found)
    if found == text:
        found = re.sub(
            r"(?<=[a-z] )(two|three|four|five|six|seven|eight|nine|ten)(?= [a-z])",
            lambda match: str(_SMALL.index(match[1])),
            text,
            count=1,
        )
    return found if found != text else None


def unhedged_adverb(text: str, title: str, random: Random) -> str | None:
    """Without an adverb that adds nothing."""
    found = re.sub(
        r" (?:also|thus|then|therefore|subsequently|eventually|very|quite|himself|itself)(?= [a-z])", "", text
    )
    return found if found != text else None


def contracted(text: str, title: str, random: Random) -> str | None:
    """With "not" contracted, or "of the" turned into a possessive."""
    found = re.sub(r"\b(did|was|were|is|are|does|do|has|had|could) not\b", r"\1n't", text)
    found = re.sub(r"\bthe (\w{4,}) of ([A-Z][a-z]+)\b(?! [A-Z])", r"\2's \1", found, count=1)
    return found if found != text else None


def split_list(text: str, title: str, random: Random) -> str | None:
    """With fewer members of a list."""
    match = re.search(r"\b([a-z]{4,}), ([a-z]{4,}),? and ([a-z]{4,})\b(?=[.,])", text)
    return text[: match.start()] + f"{match[1]} and {match[3]}" + text[match.end() :] if match else None


def in_the_passive(text: str, title: str, random: Random) -> str | None:
    """A short active sentence in the passive: "Lee led the army." becomes "The army was led by Lee."."""
    name = r"[A-Z][\w.'-]+(?: [A-Z][\w.'-]+)*"
    match = re.match(rf"({name}) (\w+ed|wrote|built|won|led) (the [a-z ]{{4,30}}|{name})(\.|, | in \d{{4}})", text)
    if not match or re.match(r"(?:He|She|It|They|This|In|The|These|At|After)\b", text):
        return None
    verb = {"wrote": "written"}.get(match[2], match[2])
    subject = match[3][0].upper() + match[3][1:]
    when = match[4] if match[4].startswith(" in") else ""
    return f"{subject} was {verb} by {match[1]}{when}."


WAYS: tuple[Callable[[str, str, Random], str | None], ...] = (
    shortened, without_tail, without_opening, moved_opening, first_half, second_half, named, plainer, renumbered,
    unhedged_adverb, contracted, split_list, in_the_passive,
)  # fmt: skip


def reworded(text: str, title: str, random: Random, times: int = 1) -> tuple[str, str] | None:
    """The sentence reworded by up to so many of the ways that fit it, and their names; None where none fits."""
    done: list[str] = []
    # What stands in quotation marks is not reworded.
    for way in random.sample(WAYS, len(WAYS)) if '"' not in text else ():
        found = way(text, title, random)
        if found is not None and found != text and len(found.split()) >= 5:
            text = found
            done.append(way.__name__)
            if len(done) == times:
                break
    return (text, "+".join(done)) if done else None
