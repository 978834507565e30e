"""The closed lists: which sentences need no cite, with which words, and which verbs open an objective.

A sentence that states a fact stands on a quote, is computed, or is signed by an author. All others are a question, an
instruction, a transition or an objective, and the lists here say what counts as one (English).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Literal, get_args

from lessongen.lesson.model import Bloom
from lessongen.text.wordlists import word_lists
from lessongen.text.words import STOPWORDS, stem, tokens

Form = Literal["question", "instruction", "transition"]

_LISTS = word_lists(__file__, "forms")
BLOOM_VERBS: Mapping[Bloom, frozenset[str]] = {level: _LISTS.words(level) for level in get_args(Bloom)}
"""How an objective of each level of Bloom's revised taxonomy (Anderson and Krathwohl, 2001) may open."""

IMPERATIVES = frozenset().union(*BLOOM_VERBS.values()) | _LISTS.words("imperatives")
"""First words of an instruction. "Note" and "Remember" are left out: what follows them is mostly a fact."""

_VERBS_OR_NOUNS = _LISTS.words("verbs_or_nouns")
_DETERMINED = frozenset("a an the this that these those your their its each every all one two three four both".split())

_LEAD_IN = re.compile(
    r"^(?:please|in (?:your own words|pairs|groups|one sentence|one or two sentences|a few words)"
    r"|with (?:a|your) partner|(?:then|now|next|first|finally),?)[,:]? +",
    re.IGNORECASE,
)
_JUDGING = re.compile(
    r"^(?:true or false|according to (?:the|this) (?:lesson|text|source))"
    r"(?:,? (?:according to (?:the|this) (?:lesson|text|source)|true or false))?[:,?]?$",
    re.IGNORECASE,
)
_TRANSITION = re.compile(
    r"^(?:now|next|here(?: is| are)?|let us|let's|so far|finally|first|to begin|to close"
    r"|in this (?:section|lesson|part)|this (?:section|lesson|part)(?: is about)?|back to"
    r"|you have (?:read|seen|met))\b",
    re.IGNORECASE,
)
_LONGEST_TRANSITION = 12  # words
_ASKS = re.compile(r"^(?:what|which|who|whom|whose|when|where|why|how)\b", re.IGNORECASE)
_ASSERTS = re.compile(
    r"\b(?:is|are|was|were|has|have|had|cannot|means|meant|refers|isn't|aren't|wasn't|weren't)\b", re.IGNORECASE
)
_CLAUSE = re.compile(r"\b(?:what|which|who|whom|whose|when|where|why|how|that)\b.*$", re.IGNORECASE | re.DOTALL)
_ABBREVIATED = re.compile(r"\b[A-Z][a-z]{0,2}\.\s*$")  # "Martin Luther King Jr."
# A statement with a question mark: "Did you know that …?", "…, isn't it?"
_DISGUISED = re.compile(r"^(?:did|do) you know\b|,\s*(?:\w+n't \w+|right|correct|no|yes)\s*\?$", re.IGNORECASE)
_OBJECTIVE_OPENING = re.compile(
    r"^(?:by the end(?: of (?:the|this) lesson)?,? *)?(?:you|students|i) (?:will be able to|will|can) +",
    re.IGNORECASE,
)
_QUESTION_END = re.compile(r"\?[\"”’')]*$")  # noqa: RUF001
_NUMBER = r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)"
_COUNT = re.compile(
    rf"\b{_NUMBER}(?: (?:or|to) {_NUMBER})? (?:(?:other|new|different|own|short|more|corrected|of|the|your|these) )*"
    r"(?:minutes?|sentences?|words?|examples?|questions?|terms?|things?|facts?|ideas?|lines?|points?|steps?|times"
    r"|partners?|people|groups?|pairs|cards?|pictures?|pages?|answers?)\b|\b(?:groups|pairs|teams) of "
    rf"{_NUMBER}\b",
    re.IGNORECASE,
)

FUNCTION_WORDS = STOPWORDS["en"] | _LISTS.words("function_words")
LESSON_WORDS = _LISTS.words("lesson_words")
"""What an uncited sentence may say besides the words of the lesson's material."""
_SUPPOSED = re.compile(r"\b(?:suppose|imagine|picture this|say that|pretend|what if)\b", re.IGNORECASE)


def is_supposing(text: str) -> bool:
    """Whether a text says that it invents its case."""
    return _SUPPOSED.search(text) is not None


@lru_cache(maxsize=1_024)
def form_of(sentence: str) -> Form | None:
    """Which of the forms that need no cite a sentence has; None if it states something."""
    text = sentence.strip()
    bare = _LEAD_IN.sub("", text)
    if _is_question(text) or _JUDGING.search(text):
        return "question"
    if _is_instruction(bare):
        return "instruction"
    return "transition" if _is_transition(text) else None


def _is_question(text: str) -> bool:
    if _DISGUISED.search(text):
        return False
    return bool(_QUESTION_END.search(text)) or bool(_ASKS.match(text) and text.endswith(":"))


def _is_instruction(text: str) -> bool:
    first, *rest = tokens(text) or [""]
    # "Stress is a force" opens with a noun, and "Explain that ice is heavy" tells what it seems to ask.
    tells = bool(rest) and (rest[0] == "that" or _ASSERTS.fullmatch(rest[0]) is not None)
    is_verb = first in IMPERATIVES or (first in _VERBS_OR_NOUNS and rest[:1] != [] and rest[0] in _DETERMINED)
    return is_verb and not tells


def _is_transition(text: str) -> bool:
    opener = _TRANSITION.match(text)
    if opener is None or len(text.split()) > _LONGEST_TRANSITION:
        return False
    return not _ASSERTS.search(_CLAUSE.sub("", text[opener.end() :]))


@lru_cache(maxsize=512)
def is_heading(text: str, known_names: tuple[str, ...]) -> bool:
    """Whether a title or an entry of a list names or asks something and states nothing.

    `known_names` (topics, titles, terms) may hold a verb: "What Is Life?", "Life Is Beautiful: an introduction".
    """
    if len(text.splitlines()) != 1:
        return False
    if form_of(text) in ("question", "instruction") or _ASKS.match(text):
        return not _DISGUISED.search(text) and not text.rstrip().endswith("!")
    rest = text
    for name in _patterns_of(known_names):
        rest = name.sub(" ", rest)
    ends_as_sentence = rest.rstrip().endswith((".", "!")) and not _ABBREVIATED.search(rest)
    return not ends_as_sentence and not _ASSERTS.search(rest)


@lru_cache(maxsize=32)
def _patterns_of(names: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """What finds the names, the longest first."""
    longest_first = sorted(names, key=len, reverse=True)
    return tuple(re.compile(re.escape(name), re.IGNORECASE) for name in longest_first if name.strip())


def objective_verb(text: str) -> str:
    """The verb that an objective opens with, folded, after "You will be able to" and the like."""
    return (tokens(_OBJECTIVE_OPENING.sub("", text.strip())) or [""])[0]


def without_counts(text: str) -> str:
    """The text without how many things a student is to do or how long: "three sentences", "groups of four"."""
    return _COUNT.sub(" ", text)


def without_objective_opening(text: str) -> str:
    """The text of an objective from its verb on."""
    return _OBJECTIVE_OPENING.sub("", text.strip())


def is_lesson_word(token: str) -> bool:
    """Whether a folded word is a function word or one that lessons speak of themselves in, in any of its forms."""
    return token in FUNCTION_WORDS or stem(token) in _lesson_stems()


@cache
def _lesson_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in LESSON_WORDS | IMPERATIVES)
