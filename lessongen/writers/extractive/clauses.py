"""A sentence parted at its first verb: what it speaks of, and how one asks about that in one whole question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from lessongen.check.forms import FUNCTION_WORDS
from lessongen.text.nouns import singular
from lessongen.text.vocabulary import is_no_name, tags_of
from lessongen.text.words import stems
from lessongen.writers.computed.irregular_verbs import irregular_verbs

_ASKED_FIRST = frozenset("is are was were can could must should will would may might".split())
_HAVING = {"has": "does", "have": "do", "had": "did"}
_MOST_WORDS = 8
# "Herons stand in …", "mills turn the …": a plural and such a word have a verb between them.
_AFTER_VERBS = frozenset(
    "the a an in on at by for from with to into its their his her up out as through along beside between still".split()
)
_PARTICIPLE = re.compile(r"\w+(?:ed|en|wn|ung|unk|one|ade)$|been$|become$")
# "it", "such", "most", "in the winter": of what, or when, another word says.
_NO_SUBJECT = re.compile(
    r"^(?:it|they|he|she|we|you|how|whether|why|much|more|today|now|this|these|those|there|that|such|its|their|his|her|what|who|which|when|where|while|if"
    r"|as|in|on|at|by|for|from|with|to|of|after|before|during|since|because|although|though|some|many|most|others?|under"
    r"|another|one|both|each|few|several|all|none|neither|even|only|not|however|despite|unlike|like|[a-z]+ly)\b"
    r"|\b(?:this|these|those|its|their|his|her|that|which|who|whose|whether|how|where|when|and|or|but|\w+n[’']t)\b|\b(?:often|also|usually|sometimes|still|now|always|never|[a-z]+ly)$",  # noqa: RUF001
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Clause:
    """What a sentence speaks of, the word that comes first where one asks, and the rest, its verb as one asks it."""

    subject: str
    asks: str
    rest: str

    @property
    def inside(self) -> str:
        """The subject as it stands inside a sentence: "the mill", "Paris"."""
        first, *others = self.subject.split()
        is_small = first in ("A", "An", "The") or is_no_name(first.split("-")[-1])
        is_small = is_small or bool(others and others[0].islower() and tags_of(first) & {"NN", "NNS", "JJ"})
        return self.subject[0].lower() + self.subject[1:] if is_small else self.subject


def clause_of(text: str) -> Clause | None:
    """The parts of a plain sentence; None where its subject is long, points elsewhere, or its verb is not sure."""
    words = text.removesuffix(".").split()
    for at, word in enumerate(words[1 : _MOST_WORDS + 1], 1):
        if re.search(r"\W$|^\W", words[at - 1].replace("-", "")):
            return None
        asked = _asked(word, words[at + 1 :], words[at - 1])
        if asked is not None:
            subject = " ".join(words[:at])
            asks, verb = asked
            is_clear = stems(subject) and not _NO_SUBJECT.search(subject)
            return Clause(subject=subject, asks=asks, rest=" ".join([*verb, *words[at + 1 :]])) if is_clear else None
    return None


def _asked(word: str, after: Sequence[str], before: str) -> tuple[str, list[str]] | None:
    """The first word of a question and the verb that stays behind: "stopped" is "did … stop"."""
    if word in _ASKED_FIRST:
        return word, []
    if word in _HAVING:
        is_perfect = bool(after) and _PARTICIPLE.search(after[0]) is not None
        return (word, []) if is_perfect else (_HAVING[word], ["have"])
    if not _is_noun(before) or not word.islower():
        return None
    if word in _past_forms():
        return "did", [_past_forms()[word]]
    base = _base_of(word)
    if base is not None:
        return ("did" if word.endswith("ed") else "does"), [base]
    tags, goes_on = tags_of(word), bool(after) and after[0] in _AFTER_VERBS
    is_plain = tags == {"VB"} or ("VB" in tags and goes_on and before.endswith("s") and singular(before) != before)
    return ("do", [word]) if is_plain and word not in FUNCTION_WORDS else None


def _is_noun(word: str) -> bool:
    if word.lower() in FUNCTION_WORDS:
        return False
    return word[0].isupper() or bool({"NN", "NNS", "NNP"} & tags_of(word))


@cache
def _past_forms() -> dict[str, str]:
    """The base of each irregular past form that is no noun or base form besides."""
    return {
        verb.past: base
        for base, verb in irregular_verbs().items()
        if verb.past != base and not {"NN", "JJ", "NNS"} & tags_of(verb.past)
    }


@cache
def _base_of(word: str) -> str | None:
    """The base of a regular past form, or of a form with s that is no noun: "stopped", "carries"."""
    if word.endswith("ed") and len(word) > 4:
        tried = [f"{word[:-3]}y"] if word.endswith("ied") else [word[:-1], word[:-2]]
        tried += [word[:-3]] if word[-3:-2] == word[-4:-3] else []
    elif word.endswith("s") and tags_of(word) and not {"NNS", "NN", "NNP", "JJ"} & tags_of(word):
        tried = [f"{word[:-3]}y"] if word.endswith("ies") else [word[:-1], word[:-2]]
    else:
        return None
    return next((each for each in tried if "VB" in tags_of(each)), None)
