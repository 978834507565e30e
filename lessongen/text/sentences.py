"""English sentences: where they end, and whether one can be lifted out of its text and still be read.

The rules come from faults in leads of encyclopedia articles; each names the kind of fault that it keeps out.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

from lessongen.text.abbreviations import Outcome, after_abbreviation
from lessongen.text.words import word_count


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence of a text: `text` is exactly `source[start:end]`; `index` counts from 0 through the whole text."""

    text: str
    start: int
    end: int
    index: int


_END = re.compile(r"[.!?][\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9À-Þ])")  # noqa: RUF001
_ENDS = re.compile(r"[.!?][\"”’')]*$")  # noqa: RUF001
_LONGEST_KEPT = 800  # characters of a text whose sentences are remembered; what is longer is seldom split again
_CLOSERS = re.compile(r"[\"”’')\]]+$")  # noqa: RUF001


def split_sentences(text: str) -> list[Sentence]:
    """The sentences of a text in order. Line breaks end a sentence; abbreviations and open brackets do not."""
    return list(_split_kept(text)) if len(text) <= _LONGEST_KEPT else _split(text, ("ends",))


@lru_cache(maxsize=1_024)
def _split_kept(text: str) -> tuple[Sentence, ...]:
    return tuple(_split(text, ("ends",)))


def split_at_every_stop(text: str) -> list[Sentence]:
    """As `split_sentences`, and besides at each abbreviation before a capital or a number, even where one goes on."""
    return _split(text, get_args(Outcome))


def goes_on_at(text: str, at: int) -> bool:
    """Whether `at`, within a line of the text, is right after an abbreviation where the sentence surely goes on."""
    first, last = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    before, after = text[first:at].rstrip(), text[at : last if last >= 0 else len(text)].lstrip()
    return _at_stop(before, after) == "goes on"


def _at_stop(before: str, after: str) -> Outcome:
    bare = _CLOSERS.sub("", before)
    outcome = after_abbreviation(bare, after)
    return "ends" if outcome == "unclear" and bare != before else outcome


def _split(text: str, ends: Collection[str]) -> list[Sentence]:
    found: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text):
        start = line.start()
        for stop in _END.finditer(text, line.start(), line.end()):
            candidate = text[start : stop.end()].strip()
            if _at_stop(candidate, text[stop.end() : line.end()]) not in ends:
                continue
            if candidate.count("(") > candidate.count(")"):
                continue
            found.append((start, stop.end()))
            start = stop.end()
        found.append((start, line.end()))
    sentences: list[Sentence] = []
    for start, end in found:
        stripped = text[start:end].strip()
        if stripped:
            first = text.index(stripped, start)
            sentences.append(Sentence(text=stripped, start=first, end=first + len(stripped), index=len(sentences)))
    return sentences


_OPENS = re.compile(r"[\"“‘'(]?[A-Z0-9À-Þ]")  # noqa: RUF001
_CLOSES = re.compile(r"[.!?][\"”’')]*$")  # noqa: RUF001
# A formula was stripped from the text and left a hole: "where is the speed", "is given by .", "a = ."; or a power of
# ten lost its raised exponent, and ten to the 24th became "1024".
_HOLE = re.compile(
    r"␣|(?<!: )\b(?:for example,|where|if|by|of|with|than|let|when),? (?:is|are|,|\.|and|or|=)(?=[ .,])"
    r"|\b(?:then|that|as) (?:,|\.|=)(?=[ .,])"
    r"|\b(?:form|formula|equation|expression|function|number) (?:is|,)? ?[.,]|[=+−×] ?[.,]|\(="  # noqa: RUF001
    r"|[×·] ?10[\d−-]|\b10−\d"  # noqa: RUF001
    r"|\b(?:by|of|as)\.|\b(?:and|or|the|an?|is|are|by|of|to|with|than) [.,;]",
    re.IGNORECASE,
)
# What belongs to the page and not to its text.
_MARKUP = re.compile(
    r"\\|\{|\}|\[\[|\]\]|==|<[a-z/]|displaystyle|&[a-z]+;|\(\s*\)|picture|pictured|image (?:to|on|at)|to the right"
    r"|see (?:below|above)|(?:shown|listed|described) (?:below|above)|this (?:article|list|page)"
    r"|may (?:also )?refer to:?$"
    r"|disambiguation|as follows|the following|\b(?:currently|at present|as of (?:now|today|20\d\d))\b",
    re.IGNORECASE,
)
_LEAKED = re.compile(r"\{\{|\}\}|\[\[|\]\]|==+|</?[a-z][^>]*>|displaystyle|&[a-z]+;|\\[a-z]+", re.IGNORECASE)

# Openers that point back at a sentence before, and can't be read without it.
_DANGLING = re.compile(
    r"^(?:[\"“(]?)(?:It|Its|This|These|That(?! is)|Those|They|Their|Them|He|His|Him|She|Her|Hers|Such|Both|Another"
    r"|Others?|However|Therefore|Thus|Hence|Also|Moreover|Furthermore|Additionally|Similarly|Likewise|Instead|Conversely"
    r"|Nevertheless|Nonetheless|Consequently|Subsequently|Meanwhile|Then|There(?:after|by|fore)|Here|So|But|And|Or|Yet"
    r"|Still|(?:Some|Many|Most|All|None|Few|Several) of (?:these|them|those|its|his|her|their)"
    r"|One (?:of|such) ?(?:these|them|its|his|her|their)?"
    r"|Each(?: of| one|,)|Neither|Either"
    r"|The (?:former|latter|two|three|other|others|same|term|word|name|first|second|third|last|process|result|event"
    r"|work|book|film|novel|city|country|company|war|team|series|game|album|song|theory|group|period|most common)"
    r"(?:'s)?"
    r"|Subsequent|An? example (?:is|was)"
    r"|In (?:addition|contrast|turn|fact|this|these|it|that|such|both|particular|other|his|her|their)"
    r"|As (?:a result|such|well)|For (?:example|instance|this|these)|On the other hand|By (?:contrast|this|then)"
    r"|At (?:this|that|the same)|After (?:this|that|his|her)|During (?:this|that|his|her)|Since then"
    r"|Because of (?:this|these|its|his|her)|Due to (?:this|these|its)|Unlike (?:this|these|those)"
    r"|Among (?:these|them)|Despite (?:this|these|its(?! name, (?:an?|the)\b))|With (?:this|its|his|her)"
    r"|From (?:this|these|its)|(?:According|Prior|Contrary|Next|Close|Compared) to (?:them|him|her|it|this|these|those)"
    r"|(?:Of|Before|Behind|Besides|Beyond|Around|Within|Without|Through|Between|Against) (?:them|him|these|this|those)"
    r"|Along with (?:his|her|its)|When (?:this|these|he|she|it|they|using this)|If (?:this|these|it|they)|Though"
    r"|Although (?:it|he|she|they|this)|While (?:it|he|she|they|this)|Other|Similar"
    r"|A (?:different|similar|second|third|further|related)"
    r"|[A-Z][a-z]+ed (?:in|by|on|at|from|for|as|with|to)|(?:Later|Today|Next|Finally|First|Second|Third),)(?!\w)"
)
# "The resulting forces": says of what in the sentence before.
_REFERS_TO_BEFORE = re.compile(r"^The (?:resulting|resultant|remaining|following|preceding|above|other)\b")
# "On 30 March 1949, it became …": a pronoun right after the opening phrase stands for something before the sentence;
# not so in "In 1949, it was possible to …".
_PRONOUN_AFTER_OPENING = re.compile(
    r"^(?:In|On|At|By|From|Since|Until|During|Between|For|Under|Within|Throughout|Around)\b[^,.;:]{1,60},"
    r" (?:it|he|she|they)\b"
    r"(?! (?:is|was|became|has been) (?:possible|impossible|necessary|common|customary|usual|important|difficult|hard"
    r"|easy|clear|likely|known|said|thought|believed|estimated)\b)"
)
_PRONOUN = re.compile(r"\b(?:he|she|him|his|her|they|them|their|it|its|this|these|those|such)\b", re.IGNORECASE)


@lru_cache(maxsize=2_048)
def is_whole(text: str) -> bool:
    """Opens and closes as a sentence does, with nothing cut off, no hole of a lost formula, all brackets closed."""
    if _HOLE.search(text) or not _OPENS.match(text) or not _CLOSES.search(text) or text.endswith(("...", "…")):
        return False
    return (
        text.count("(") == text.count(")")
        and text.count("[") == text.count("]")
        and text.count("“") == text.count("”")
        and text.count('"') % 2 == 0
    )


def ends_like_a_sentence(text: str) -> bool:
    """Closes with a full stop, question or exclamation mark, quotation marks and brackets behind it apart."""
    return _ENDS.search(text) is not None


def has_markup(text: str) -> bool:
    """Holds leaked markup: wiki or HTML tags, entities, TeX."""
    return _LEAKED.search(text) is not None


def is_teachable(text: str) -> bool:
    """Whole, 5 to 72 words, and speaks of its subject, not of the page it stood on."""
    return is_whole(text) and not _MARKUP.search(text) and 5 <= word_count(text) <= 72


def points_back(text: str) -> bool:
    """Opens with something that refers to a sentence before it: "It", "However,", "In 1949, it", "The former"."""
    return _DANGLING.search(text) is not None or _PRONOUN_AFTER_OPENING.search(text) is not None


def stands_alone(text: str) -> bool:
    """Can be read without its neighbours: teachable, at most 42 words, no pronoun among its first three words."""
    return (
        is_teachable(text)
        and not points_back(text)
        and not _REFERS_TO_BEFORE.search(text)
        and word_count(text) <= 42
        and not _PRONOUN.search(" ".join(text.split()[:3]))
    )
