"""Sentences that explain, cut where they do: what is said, and why, how, when, or what comes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lessongen.lesson.model import Bloom
from lessongen.text.sentences import ends_like_a_sentence
from lessongen.text.words import stems, word_count
from lessongen.writers.extractive.article import Passage
from lessongen.writers.extractive.candidates import Aim

_HEDGES = (
    r"(?:(?:mainly|largely|partly|simply|primarily|mostly|probably|chiefly|especially|in part|at least in part) )?"
)
_LED = r"led|leads|caused|causes|resulted|results|made|makes|allowed|allows|enabled|enables|gave|gives|forced|meant"
_CAUSING = (
    r"causing|leading to|resulting in|allowing|enabling|making|creating|producing|forcing|giving|ending|preventing"
    r"|increasing|reducing|bringing|triggering|helping"
)
_HAS_PARTS = r"consists? of|consisted of|(?:is|are|was|were) (?:made up|composed) of|(?:is|are) divided into|comprises?"
_SUBJECT = r"[^,;:]{4,80}?"


@dataclass(frozen=True, kw_only=True)
class Way:
    """How a sentence explains: what stands between its halves, and how one asks for the second.

    Clauses of one `form` can stand in each other's place. Where it `opens` the sentence, the explanation comes first.
    """

    aim: Aim
    bloom: Bloom
    form: str
    between: re.Pattern[str]
    asks: str
    opens: bool = False


def _way(aim: Aim, form: str, between: str, asks: str, *, bloom: Bloom = "understand", opens: bool = False) -> Way:
    return Way(aim=aim, bloom=bloom, form=form, between=re.compile(between), asks=asks, opens=opens)


WAYS = (
    _way("why", "clause", rf",? {_HEDGES}because (?!of\b)", "Why is this so, according to the text?"),
    _way(
        "why",
        "noun",
        rf",? {_HEDGES}(?:because of|due to|owing to|as a result of|thanks to) ",
        "What is the reason for this?",
    ),
    _way("why", "aim", r",? (?:in order|so as) (?=to )", "What is this for?"),
    _way("why", "clause", r",? so that ", "What is this good for?"),
    _way("why", "use", rf"^{_SUBJECT} (?:is|are|was|were) (?:\w+ly )?used (?=to |for )", "What for?", opens=True),
    _way("how", "by doing", r",? (?=by [a-z]+ing\b)", "How is this done, or how does it come about?"),
    _way("how", "means", r",? (?=by means of |with the help of |through the use of )", "How is this done?"),
    _way("follows", "which", rf",? (?=which (?:in turn |then |later |soon )?(?:{_LED})\b)", "What comes of this?"),
    _way("follows", "doing", rf",? (?:thus |thereby |eventually )?(?=(?:{_CAUSING})\b)", "What comes of this?"),
    _way("when", "when", r",? (?=(?:only if|unless|whenever|(?<!only )if)\b)", "When is this so, and when not?"),
    _way("when", "when", r"(?<!,) (?=when (?:the|an?|it|they|[a-z]+s)\b)", "When is this so?"),
    _way(
        "contrast", "still", r"^(?:Although|Though|Even though|Despite) [^,]{12,100}, ", "What is still so?", opens=True
    ),
    _way(
        "contrast",
        "clause",
        r",? whereas |, while (?=the|an?|in|its|their|other)",
        "What does the text set against this?",
    ),
    _way("when", "clause", r"(?<=\d), when (?=(?:the|an?)\b|[a-z]+ [a-z]+)", "What was so at that time?"),
    _way("parts", "list", rf"^{_SUBJECT} (?:{_HAS_PARTS}) ", "Name its parts.", bloom="remember", opens=True),
    _way(
        "examples",
        "list",
        r",? (?:such as|for example,?|for instance,?) ",
        "Which examples does the text give?",
        bloom="remember",
    ),
)
_BARE_END = re.compile(
    r"\b(?:is|are|was|were|be|been|and|or|but|not|only|that|which|who|has|have|had|than|as|of|to|in|for|with|both|including|[a-z]+ly)$"
)
# "it moves", "they grew": of what, only the sentence before or the other half says.
_POINTING = re.compile(
    r"^(?:it|they|he|she|this|these|those|there|that|such|its|their|his|her|[a-z]+ing)\b", re.IGNORECASE
)
# "On a nightly basis they …": they were named before.
_PRONOUN_EARLY = re.compile(r"(?:[\w’'-]+,? ){1,5}(?:they|he|she|it)\b(?! (?:is|was) (?:\w+ly )?\w+ (?:that|to))")  # noqa: RUF001
# "if he came, but he did not", "the Shawnee split into": more than what is asked for.
_GOES_ON = re.compile(
    r", (?:is|are|was|were|but|has|had)\b|\b(?:is|are|was|were|has|have|had|which|[a-z]{3,}ed|split)\b(?= )"
)
_FEWEST_SAID, _FEWEST_TOLD, _MOST_TOLD = 4, 3, 24  # words


@dataclass(frozen=True, kw_only=True)
class Cut:
    """A sentence in two: what it says, and what explains that, both verbatim."""

    way: Way
    said: str
    told: str


def cuts_of(text: str) -> Iterator[Cut]:
    """The ways in which a sentence explains something, surest first."""
    if re.search(r"[“”\"]", text) or not text.endswith("."):
        return  # somebody's words, cut in the middle
    whole = text.removesuffix(".")
    for way in WAYS:
        found = list(way.between.finditer(whole))
        if len(found) != 1:
            continue
        if way.opens:
            said, told = whole[: found[0].end()].rstrip(", "), whole[found[0].end() :]
        else:
            said, told = whole[: found[0].start()], whole[found[0].end() :]
        if _is_clean(said, told, way):
            yield Cut(way=way, said=said, told=told)


def _is_clean(said: str, told: str, way: Way) -> bool:
    return (
        word_count(said) >= _FEWEST_SAID
        and _FEWEST_TOLD <= word_count(told) <= _MOST_TOLD
        and all(part.count("(") == part.count(")") for part in (said, told))
        and not re.search(r"[;?!]|, (?:but|although|though) ", f"{said} | {told}")
        and not _BARE_END.search(said)
        and not ends_like_a_sentence(told)
        and not _POINTING.match(said)
        and not (way.opens and _POINTING.match(told))
        and bool(stems(said))
        and len(stems(told)) >= _FEWEST_TOLD - 1
        and not (way.form in ("when", "list") and _GOES_ON.search(told))
    )


def can_be_cut(passage: Passage) -> bool:
    """Whether a passage can be put before a student by itself."""
    return passage.can_be_asked and not _PRONOUN_EARLY.match(passage.text)


def explains(passage: Passage) -> bool:
    """Whether something can be asked about a passage that needs the text."""
    return can_be_cut(passage) and next(cuts_of(passage.text), None) is not None
