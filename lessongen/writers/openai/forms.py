"""What a model may word freely though it cites nothing: objectives, titles, steps of activities, questions.

Closed lists (English). They are narrower than those of the quality gate: what does not fit is worded by the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from functools import cache
from typing import cast

from lessongen.lesson.model import Bloom
from lessongen.text.nouns import singular
from lessongen.text.sentences import split_sentences
from lessongen.text.words import STOPWORDS, stem, tokens, word_count

VERBS: Mapping[Bloom, frozenset[str]] = {
    "remember": frozenset("name list recall define state identify label recognise recognize match locate".split()),
    "understand": frozenset(
        "explain describe summarise summarize paraphrase interpret illustrate restate discuss outline classify".split()
    ),
    "apply": frozenset("use apply solve calculate demonstrate show determine".split()),
    "analyze": frozenset("compare contrast distinguish analyse analyze relate differentiate examine".split()),
}
"""How an objective may open, by its level in Bloom's taxonomy."""

_STEPS_OPEN_WITH = frozenset().union(*VERBS.values()) | frozenset(
    "write draw make choose sort order arrange read underline talk ask answer find compare complete collect mark "
    "connect copy discuss share present test check work fill put add look sketch think".split()
)
_ASKING = (
    "i you he she we they them us one ones each either both all any some no not many much more most few less least "
    "other others another same such own than then so very just only also even there here now yet whose whom where "
    "because if when while although since after before above below over under between among through during against "
    "within without along across around behind near out up down upon am been have has had having can could may might "
    "must shall should will would being did does done able about answer ask begin belong best cause change "
    "choose class come compare complete completes connect correct define definition describe detail "
    "differ difference different draw early end example explain fact feature fill find first following form gap get "
    "give go group idea important item keep kind know lesson line list long main make mark match "
    "mean meaning mention middle name need new number open order other own pair paragraph part partner people person "
    "phrase piece place point produce put question quote reason recall relate remember result role rule "
    "say section sentence set share short show similar something sort source speak stand start state statement "
    "step summary table take talk task tell term text thing think time title today together true type "
    "underline understand use way why word work write year yourself example".split()
)
_IN_STEPS = frozenset(
    "aloud board book box card cards chart class classmate classmates column columns diagram drawing label labels map "
    "minute minutes neighbour note notebook notes page picture pictures poster sheet sketch timeline turns".split()
)
_QUESTION = re.compile(
    r"^(?:(?:in|at|on|by|for|from|to|with|under|during|since|of|after|before|into|through|according to)\s+)?"
    r"(?:what|which|who|whom|whose|when|where|why|how)\b[^?!]*\?$",
    re.IGNORECASE,
)
_DISGUISED = re.compile(r",\s*(?:\w+n't \w+|right|correct|no|yes)\s*\?$", re.IGNORECASE)
_ASSERTS = re.compile(
    r"\b(?:is|are|was|were|has|have|had|cannot|means|meant|refers|isn't|aren't|wasn't|weren't)\b", re.IGNORECASE
)
_TELLS = re.compile(r"^\w+ (?:that|is|are|was|were|has|have|had|means)\b", re.IGNORECASE)
_NAME_INSIDE = re.compile(r"[\w,;]\s+([A-Z][\w'’-]*)")  # noqa: RUF001
_MOST_TITLE_WORDS, _MOST_OBJECTIVE_WORDS, _MOST_STEP_WORDS, _MOST_QUESTION_WORDS = 9, 22, 24, 30


class Material:
    """The words that a text without a cite may use besides those of lessons in general."""

    def __init__(self, texts: Iterable[str]) -> None:
        said = {token for text in texts for token in tokens(text)}
        self._stems = frozenset(form for token in said for form in (stem(token), _base(token)))

    def knows(self, text: str, *, but: Set[str] = frozenset()) -> bool:
        """Whether each word is one of the material or of lessons in general, and each number one of the material."""
        return all(
            token in but or self._has(token) or (not _has_digit(token) and stem(token) in _lesson_stems())
            for token in tokens(text)
        )

    def knows_names(self, text: str) -> bool:
        """Whether each word with a capital inside a sentence is one of the material."""
        return all(all(map(self._has, tokens(name))) for name in _NAME_INSIDE.findall(text) if name != "I")

    def _has(self, token: str) -> bool:
        return stem(token) in self._stems or _base(token) in self._stems


def is_title(text: str, material: Material) -> bool:
    """Whether a title names or asks something in words of the material."""
    names = not _ASSERTS.search(text) and not text.endswith((".", "!", ":", ";", ","))
    return 1 <= word_count(text) <= _MOST_TITLE_WORDS and (names or is_question(text)) and material.knows(text)


def is_objective(text: str, bloom: str, material: Material) -> bool:
    """Whether an objective opens with a verb of its level and goes on in words of the material."""
    verbs = VERBS.get(cast(Bloom, bloom), frozenset())
    opens = (tokens(text) or [""])[0] in verbs and not _TELLS.match(text)
    is_one = len(split_sentences(text)) == 1 and not text.endswith(("?", "!", ":"))
    fits = word_count(text) <= _MOST_OBJECTIVE_WORDS and not any(map(_has_digit, tokens(text)))
    return opens and is_one and fits and material.knows(text) and material.knows_names(text)


def is_step(text: str, material: Material) -> bool:
    """Whether a step of an activity instructs, in words of the material."""
    sentences = split_sentences(text)
    instructs = all(
        (tokens(each.text) or [""])[0] in _STEPS_OPEN_WITH
        and not _TELLS.match(each.text)
        and each.text[:1].isupper()
        and each.text.endswith(".")
        for each in sentences
    )
    fits = bool(sentences) and word_count(text) <= _MOST_STEP_WORDS
    return fits and instructs and material.knows(text, but=_IN_STEPS) and material.knows_names(text)


def is_question(text: str) -> bool:
    """Whether a text asks, and tells nothing while it asks."""
    is_one = len(split_sentences(text)) == 1 and word_count(text) <= _MOST_QUESTION_WORDS
    return is_one and text[:1].isupper() and bool(_QUESTION.match(text)) and not _DISGUISED.search(text)


def _base(token: str) -> str:
    return stem(singular(token))


def _has_digit(token: str) -> bool:
    return any(character.isdigit() for character in token)


@cache
def _lesson_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in (*STOPWORDS["en"], *_ASKING, *_STEPS_OPEN_WITH))
