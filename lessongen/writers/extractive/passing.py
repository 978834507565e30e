"""Names and terms that a text explains in passing: "X is a …", "… is called X", "X, the …, …"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lessongen.text.words import stems

How = Literal["defined", "called", "named"]

_WORD = r"[A-Za-zÀ-ÿ][\w'’-]*"  # noqa: RUF001
_NAME = r"[A-ZÀ-Þ][\w'’.-]*(?: (?:of |the |de |von |van |and )?[A-ZÀ-Þ][\w'’-]*){0,4}"  # noqa: RUF001
_CLASS = r"(?:is|are|was|were) (?:an?|the|any|one of|defined as)\b"
# "A gland is a …", "Erosion means …".
_TERM_IS = re.compile(
    rf"^(?:(?P<article>An?|The) )?(?P<name>{_NAME}|{_WORD}(?: [a-z][\w'’-]*){{0,2}})(?: \([^()]{{2,40}}\))? "  # noqa: RUF001
    rf"(?:{_CLASS}|(?:refers? to|means?|denotes?|consists? of|comprises?) )"
)
# "Herons were the first to …", "Lime is the main …": a fact about it, but not what it is.
_TELLS_ONE_THING = re.compile(
    r"^(?: \([^()]*\))? (?:(?:was|were) |(?:is|are) the (?:first|only|last|main|most|same|[a-z]+est)\b)"
)
# "… is called photosynthesis."
_IS_CALLED = re.compile(
    r"\b(?:is|are|was|were|be|being|process|technique|method|device|substance|state|form|type|group|set|structure)"
    r" (?:generally |usually |often |commonly |sometimes )?(?:called|known as|termed|referred to as) (?:an? |the )?"
    r"[\"“]?(?P<name>[a-z][\w-]+(?: [a-z][\w-]+){0,2})[\"”]?(?=[.,;)])"
)
# "Ada Lovelace, the daughter of Byron, wrote …".
_WITH_APPOSITION = re.compile(
    rf"^(?P<name>{_NAME}), (?:an?|the|one of the) [a-z][^,;:]{{8,90}}, (?:[a-z]+ed|is|was|were|had|has|became|wrote|led"
    r"|began|found|won|made|took)\b"
)
# "Glands produce …": the subject before a plain verb.
_SUBJECT = re.compile(
    rf"^(?:The )?(?P<name>{_NAME}|[A-Z][\w-]+(?: [a-z][\w-]+)?) "
    r"(?:is|are|was|were|has|have|had|can|may|became|began|led"
    r"|won|wrote|made|took|gave|found|held|built|grew|put|set|met|saw|came|contains?|includes?|uses?|eats?|produces?"
    r"|provides?|allows?|requires?|involves?|depends?|occurs?|lies|forms?|covers?|[a-z]{3,}ed)\b"
)
# "this", "many people", "the first": no name of anything.
_NO_TERM = re.compile(
    r"^(?:it|this|that|these|those|there|they|he|she|we|you|i|what|which|who|one|two|three|four|five|some|many|most|all"
    r"|each|every|another|few|none|several|much|more|less|others?|such|both|either|neither|here|when|where|how|why|if|in"
    r"|on|at|by|for|from|of|to|with|as|and|or|but|the|an?|also|now|today|its|their|his|her|our|your|my|first|second"
    r"|third|later|earlier|then|thus|not|no|only|even|still|exceptions?|alternatives?|advantages?|disadvantages?|differences?|similarit(?:y|ies)|today|possible|unlike|like|examples?|results?|reasons?|case|fact|word|terms?|names?"
    r"|purpose|goals?|aims?|problems?|ideas?|issues?|effects?|latter|former|main|most|primary|common|major|typical|similar"
    r"|single|recent|number|numbers|variety|series|lack|person|people|men|women|man|woman|study|group|part|type|types|kind"
    r"|kinds|form|forms|time|year|years|day|days|century|way|ways|point|rest|use|uses|best|important|different|various"
    r"|general|early|modern|nearly|almost|about|since|during|after|before|under|over|between|among|while|although|though"
    r"|because|according|however|therefore|january|february|march|april|may|june|july|august|september|october|november"
    r"|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|critics?|scholars?|scientists?|historians?"
    r"|researchers?|experts?|authors?|evidence|research|studies|section|article|figure|table|so|just|little|those|half"
    r"|something|someone|nothing|everything|things?|other|same|new|old|long|short|large|small|good|great|true|false)\b"
    r"|\b(?:examples?|that|which|of|and|or|in|for|also|it|this|they|there|not|who|to|the|an?|is|are|be|on|at|by|with|as|from|then"
    r"|often|usually|only|now|still|alone|itself|themselves|today|here|too|all|however|instead|first|later"
    r"|has|have|had|was|were|can|may|will|would|than|when|where|while|if|its|their|his|her|does|do|did|generally|very)$",
    re.IGNORECASE,
)


# A verb among the words: no name either.
_STATES = re.compile(r"\b(?:is|are|was|were|has|have|had|means?|meant|refers?|takes?|makes?|gives?)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Explained:
    """A name in a sentence that says something of it: `how` tells whether it says what it is."""

    name: str
    how: How
    has_article: bool = False


def explained_in(text: str) -> Iterator[Explained]:
    """What a sentence explains or, failing that, speaks of as its subject; surest first."""
    found = _TERM_IS.match(text)
    if found and is_term(found["name"]):
        is_name = found["name"][0].isupper() and any(word[0].isupper() for word in found["name"].split()[1:])
        if found["article"] != "The" or is_name:
            tells = not _TELLS_ONE_THING.search(text[found.end("name") : found.end() + 12])
            how: How = "defined" if is_name or tells else "named"
            yield Explained(name=found["name"], how=how, has_article=found["article"] in ("A", "An"))
    called = _IS_CALLED.search(text)
    if called and is_term(called["name"]):
        yield Explained(name=called["name"], how="called")
    apposed = _WITH_APPOSITION.match(text)
    if apposed and is_term(apposed["name"]):
        yield Explained(name=apposed["name"], how="defined")
    subject = _SUBJECT.match(text)
    if subject and is_term(subject["name"]):
        yield Explained(name=subject["name"], how="named")


def is_term(name: str) -> bool:
    """Whether a stretch of words can name something that a class learns: no pronoun, no measure, no time."""
    return (
        not states(name)
        and bool(stems(name))
        and _NO_TERM.search(name) is None
        and len(name) > 2
        and not name.endswith(("ly", "."))
    )


def states(words: str) -> bool:
    """Whether there is a verb among the words by which sentences state what something is, has or does."""
    return _STATES.search(words) is not None
