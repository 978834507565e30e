"""What a topic asks of an article beyond its name: the causes of a war, a war in one country.

A section is about it by its heading, which may use another word for the same ("Background" for causes); a sentence by
its own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from lessongen.text.focus import Focus
from lessongen.text.nouns import singular
from lessongen.text.wordlists import word_lists
from lessongen.text.words import STOPWORDS, split_title, stems, tokens

_NAMES_IT = 0.66
_GROUPS = [frozenset(stems(" ".join(group))) for group in word_lists(__file__, "aspects").groups("alike")]
# "for beginners", "grade 5": for whom the lesson is, not what it is about.
_LEVEL = re.compile(
    r"\bfor (?:absolute |complete |young |very )?(?:beginners?|kids|children|dummies|students?|pupils|adults|teenagers?"
    r"|(?:primary|elementary|middle|secondary|high) schools?|learners?|everyone)\b"
    r"|\b(?:for |in )?(?:grade|year|class) \d{1,2}\b|\b(?:for )?[1-9](?:st|nd|rd|th) grade(?:rs)?\b"
    r"|\b(?:for )?(?:beginner|intermediate|advanced|elementary)(?: level)?$|^(?:beginner|intermediate|advanced) ",
    re.IGNORECASE,
)
_SHORTEST_ROOT = 5
_LEAST_SHARED = 0.6
_A_SLIP = 84  # of 100: a word that is spelled otherwise
# Words that ask for a lesson and for nothing of it.
_ASKING = frozenset(
    "introduction intro introductory introducing guide overview basics basic fundamentals foundations principles "
    "definition meaning concept concepts idea understanding exploring learning learn discover discovering about facts "
    "lesson work works explained simple quick short brief what who why how do does did is are was were rule rules all "
    "system process example examples topic unit first steps le la les el los las un une der die das".split()
)
FEWEST_IN_SECTION = 2
FEWEST_ELSEWHERE = 2
"""Sentences about it that bear a lesson: under a heading that names it, or anywhere."""


@dataclass(frozen=True)
class Qualifier:
    """The rest of a topic; `about` is the title of the article that it asks something of."""

    text: str
    about: str

    @cached_property
    def _focus(self) -> Focus:
        return Focus(self.text, self.about)

    @cached_property
    def _wanted(self) -> list[frozenset[str]]:
        """Its words by stems, each with the others that say the same of a section."""
        words = set(stems(self.text)) - set(stems(self.about)) or set(stems(self.text))
        return [frozenset({word}).union(*(group for group in _GROUPS if word in group)) for word in words]

    def heads(self, heading: str) -> bool:
        """Whether a section with that heading is about it."""
        said = set(stems(heading))
        return bool(said and self._wanted) and all(each & said for each in self._wanted)

    def is_in(self, sentence: str) -> bool:
        """Whether a sentence speaks of it."""
        return self._focus.share(sentence) >= _NAMES_IT

    def is_borne(self, sentences: Iterable[tuple[str, str]]) -> bool:
        """Whether an article, as headings with sentences, has a section about it or enough sentences."""
        told = [(self.heads(heading), self.is_in(sentence)) for heading, sentence in sentences]
        return (
            sum(heads for heads, _ in told) >= FEWEST_IN_SECTION or sum(is_in for _, is_in in told) >= FEWEST_ELSEWHERE
        )


def is_aspect(word: str) -> bool:
    """Whether a word names something that can be told of many topics: causes, types, grammar."""
    return any(set(stems(word)) & group for group in _GROUPS)


def without_level(topic: str) -> str:
    """A topic without words that say for whom it is."""
    return " ".join(_LEVEL.sub(" ", topic).split()).strip(" ,:;-") or topic


def beside(topic: str, subject: str, titles: Sequence[str], told: str, lead: str = "") -> str:
    """What a topic asks beyond the names of the articles found for it: "causes", "Spain"; "" for nothing.

    Words of the subject don't count, nor those by which the article says what it is, as in `told`; of "A of B", where
    it is on A, none that its `lead` has. Where a title has
    as many words that the topic lacks as the topic has beside it, they stand for each other: "US" for "American".
    """
    named = [word for title in titles for word in content_words(" ".join(split_title(title)))]
    asked = [word for word in tokens(topic) if word not in STOPWORDS["en"] and word not in _ASKING]
    rest = [word for word in asked if not _is_said(word, named)]
    lacking = [word for word in content_words(split_title(titles[0])[0]) if not _is_said(word, asked)]
    may_be_its_name = len(rest) == len(asked) or len(lacking) >= sum(not is_aspect(word) for word in rest) > 0
    before, _, of = topic.partition(" of ")
    # "Refraction of light": an article on refraction speaks of light, without being on another thing.
    told = f"{told} {lead}" if of and any(_is_said(word, named) for word in content_words(before)) else told
    known = content_words(f"{subject} {told}")
    if all(map(is_aspect, asked)):
        return ""
    kept = [
        word for word in rest if is_aspect(word) or not (may_be_its_name or _is_said(word, known) or word.isdigit())
    ]
    return " ".join(word for word in topic.split() if any(each in kept for each in tokens(word))).strip("?!.,:;")


def _is_said(word: str, said: Iterable[str]) -> bool:
    from lessongen.text.letters import ratio

    base = singular(word)
    return any(base == other or alike(base, singular(other)) or ratio(base, other) >= _A_SLIP for other in said)


# ---------------------------------------------------------------- words


def content_words(text: str) -> list[str]:
    """The words of a text, folded and singular, without small words; all of them where there are only small ones."""
    words = tokens(text)
    kept = [word for word in words if word not in STOPWORDS["en"]] or words
    return [singular(word) for word in kept]


def alike(one: str, other: str) -> bool:
    """If two words have one root: "computing" and "computer", "Musik" and "music"; not "politics" and "police"."""
    one, other = _evened(one), _evened(other)
    if one == other:
        return True
    shorter = min(len(one), len(other))
    shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))
    return shared >= _SHORTEST_ROOT - 1 and (
        shared == shorter or (shared >= _SHORTEST_ROOT and shared / shorter >= _LEAST_SHARED)
    )


def _evened(word: str) -> str:
    """As the spelling of Greek and Latin roots in several languages comes to."""
    return word.replace("ph", "f").replace("k", "c").replace("y", "i").replace("th", "t")
