"""English abbreviations that end in a full stop, and whether a sentence ends with one or goes on after it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import resources
from typing import Literal, TypeAlias

Outcome: TypeAlias = Literal["ends", "goes on", "unclear"]

_LAST = re.compile(r"(?:(?<=[\s(\[“\"‘'–—-])|^)[^\s(\[“\"‘'–—-]+\.$")  # noqa: RUF001
_CONTRACTED = re.compile(r"[^\W\d_]+['’][^\W\d_]+\.$")  # noqa: RUF001 "Gov't."
_DOTTED = re.compile(r"(?:[^\W\d_]\.){2,}$")  # "M.B.A."
_INITIAL = re.compile(r"[A-ZÀ-Þ]\.$")
# "… at 273.15 K." ends with a unit, not with an initial; "In 1945 C." does not.
_UNIT_SIGN = re.compile(r"(?:\d K|°[CF]|(?<![\d.,])(?!1\d{3}\b|20\d\d\b)\d[\d.,]* [CFVW])\.$")
# "vitamin A.", "World War I.", "King James I.": a letter that is a label or a number, and no initial.
_LABEL = re.compile(
    r"(?:\b(?:[Vv]itamin|[Ll]etter|[Tt]ype|[Gg]roup|[Cc]lass|[Gg]rade|[Pp]oint|[Pp]lan|[Hh]epatitis|[Pp]enicillin|[Ss]ymbol"
    r"|[Ff]actor|[Cc]hapter|[Pp]art|[Cc]ategory|[Ll]ine|[Vv]ersion|[Oo]ption|[Ff]igure|[Ss]ection|[Vv]ariant|[Ss]ide|[Nn]ote"
    r"|[Ss]et|[Pp]hase|[Ss]tage|[Bb]lock|[Ss]tring|Generation|(?:key|letters|symbols) (?:of|is)) [A-Z]"
    r"|\b(?:World War|War|Saturn|Linear|Title|Article|Book|Volume|Act|Apollo|(?:King|Queen|Emperor|Empress|Tsar|Shah"
    r"|Kaiser|Pope|Sultan|Caliph|Prince|Duke|Pharaoh|Patriarch) [A-Z][\w’'-]+) [IVX])\.$"  # noqa: RUF001
)
_NUMBER = re.compile(
    r"[\"“(\[]?(?:[A-Z]?\d|[IVXLC]+\b(?! [a-z])|[B-Z]\b(?!['’]| [a-z])|(?:One|Two|Three|Four|Five|Six|Seven|Eight)\b)"  # noqa: RUF001
)
_DIGITS = re.compile(r"\d")
_NUMBER_BEFORE = re.compile(r"(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|half|few))[\s-]$")
_DAY_OR_ZONE = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Febr)uary|March|April|May\b|June|July|August"
    r"|(?:Septem|Octo|Novem|Decem)ber|Eastern|Pacific|Central|Mountain|Greenwich|Local|[A-Z]{0,2}ST\b|[A-Z]DT\b|GMT|UTC|CET"
    r"|\([^()]*\)[,;]"
)
# Words that open a sentence, and stand in the middle of no name but at the front of one ("The Hague").
_OPENER = re.compile(
    r"[\"“‘'(\[]?(?:The|In|An?|It|He|She|They|We|You|This|These|That|Those|By|On|At|As|After|Before|During|From|For|Its"  # noqa: RUF001
    r"|His|Her|Their|Our|My|However|While|When|Where|Who|What|Which|Why|How|Since|Many|Most|Some|Several|Both|Although"
    r"|Though|There|To|With|Without|If|But|And|Or|Nor|So|Yet|Not|Only|Even|Just|Then|Thus|According|Until|Unless|Under"
    r"|Because|Despite|Unlike|Like|One|Two|Three|Four|Other|Others|Another|Such|All|Each|Every|Any|No|None|Few|Today"
    r"|Later|Also|Once|Here|Hence|Instead|Moreover|Furthermore|Similarly|Therefore|Nevertheless|Meanwhile|Among|Between"
    r"|Through|Throughout|Within|Across|Around|Over|Above|Below|Beyond|Besides|Near|Of|Out|Up|Soon|Often|Sometimes"
    r"|Usually|Finally|Eventually|Originally|Initially|Currently|Recently|Historically|Traditionally|Typically|Generally"
    r"|Additionally|Subsequently|Whether|Whereas|Either|Neither|Early|First|Second|Next|Now|Nowadays|Still|Much"
    r"|More|Little|Half|People|Let|Do|Does|Is|Are|Was|Were|Can|Could|Would|Should|Will|May)(?![\w'’.])"  # noqa: RUF001
)
# "Dr. He Jiankui" is a name, "Dr. He was" is none.
_OPENER_OF_SENTENCE = re.compile(
    rf"(?!No\b(?! one| other)){_OPENER.pattern},? [a-z0-9]|[\"“(]?(?:The|This|It|They|During|After|When)\b"
)
# "World War I. Spearheaded by", "the U.S. Estimated to": no name goes on like that.
_PARTICIPLE = re.compile(
    r"(?:[A-Z][a-z]{2,}(?:ed|ing)|Due|Built|Made|About|Born|Known) (?:by|to|from|the|an?|in|of|on|at|with|as|for"
    r"|into|\d)\b"
    r"|About [a-z]"
)
_ROMAN = re.compile(r"\b[IVX]\.$")
# "Juncus sect. Palustres": a name in front, and one behind.
_TAXON_BEFORE = re.compile(r"(?:^|[\s(])[A-Z][a-z]+ (?:[a-z]+ )?$")


@lru_cache(maxsize=1)
def _kinds() -> dict[str, frozenset[str]]:
    text = resources.files("lessongen.text").joinpath("abbreviations.tsv").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            kind, _, listed = line.partition("\t")
            for each in listed.split():
                found.setdefault(each, set()).add(kind)
    return {each: frozenset(kinds) for each, kinds in found.items()}


def kinds_of(word: str) -> frozenset[str]:
    """The kinds of an abbreviation, without its last stop; a listed one may open a sentence or be in capitals."""
    kinds = _kinds()
    word = word.replace("’", "'")  # noqa: RUF001
    found = kinds.get(word)
    if found is None and len(word) > 1 and word[0].isupper():
        found = kinds.get(word[0].lower() + word[1:])
        if found is None and word.isupper() and word.capitalize() in kinds:
            found = frozenset(("capitals",)) if kinds[word.capitalize()] == {"word"} else kinds[word.capitalize()]
    return found or frozenset()


def after_abbreviation(before: str, after: str) -> Outcome:
    """What a full stop at the end of `before` does, where `after` is the rest of the line without space at its front.

    It "ends" the sentence where `before` ends with no abbreviation, where nothing follows, and where what follows opens
    a sentence. "unclear" is an abbreviation that often ends one, before a name: "Jr. Day", "Inc. Marlow".
    """
    last = _LAST.search(before[-40:])
    if last is None or not after:
        return "ends"
    contracted = _CONTRACTED.search(before[-40:])
    word = contracted[0] if contracted and kinds_of(contracted[0][:-1]) else last[0]
    kinds = kinds_of(word[:-1])
    if not kinds:
        return _after_letters(before, word, after)
    outcomes = {_OF_A_KIND[kind](before[: len(before) - len(word)], after) for kind in kinds}
    return next(each for each in ("goes on", "unclear", "ends") if each in outcomes)


def _goes_on_if(goes_on: object) -> Outcome:
    return "goes on" if goes_on else "ends"


def _before_a_name(_: str, after: str) -> Outcome:
    return _goes_on_if(not _OPENER.match(after) and not _DIGITS.match(after) and not _PARTICIPLE.match(after))


def _of_a_state(before: str, after: str) -> Outcome:
    return (
        "unclear"
        if before.endswith(", ") and _before_a_name(before, after) == "goes on"
        else _before_a_name(before, after)
    )


_OF_A_KIND: Mapping[str, Callable[[str, str], Outcome]] = {
    "before": lambda _, after: "goes on",
    "title": lambda _, after: _goes_on_if(not _OPENER_OF_SENTENCE.match(after)),
    "number": lambda _, after: _goes_on_if(_NUMBER.match(after)),
    "word": lambda _, after: _goes_on_if(_DIGITS.match(after)),
    "date": lambda _, after: _goes_on_if(_DIGITS.match(after)),
    "year": lambda _, after: _goes_on_if(_DIGITS.match(after)),
    "unit": lambda before, after: _goes_on_if(_DIGITS.match(after) and _NUMBER_BEFORE.search(before)),
    "taxon": lambda before, after: _goes_on_if(_TAXON_BEFORE.search(before) and not _OPENER.match(after)),
    "joined": _before_a_name,
    # "through GA. Resolution 2200": letters of a name, unless a sentence surely opens.
    "capitals": _before_a_name,
    "state": _of_a_state,
    "closing": lambda before, after: "unclear" if _before_a_name(before, after) == "goes on" else "ends",
    "ending": lambda _, after: _goes_on_if(_DAY_OR_ZONE.match(after)),
}


def _after_letters(before: str, word: str, after: str) -> Outcome:
    """As `after_abbreviation`, of initials and of letters with dots that are on no list."""
    if not (_INITIAL.fullmatch(word) or _DOTTED.search(word)) or _UNIT_SIGN.search(before) or _LABEL.search(before):
        return "ends"
    if (len(word) > 2 or _ROMAN.search(before)) and _PARTICIPLE.match(after):
        return "ends"
    return "ends" if _OPENER_OF_SENTENCE.match(after) else "goes on"
