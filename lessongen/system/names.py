"""Which texts may be a name: a lesson's subject, topic, language, level and variant, a user, an article.

A name is compared, listed and typed again, so what nobody can see or type has no place in it.
"""

from __future__ import annotations

import re
import unicodedata

from lessongen.system.errors import UsageError

LONGEST_NAME = 200

# What shows nothing although Unicode files it under letters, marks or symbols.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_SIGNS = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2"
_TAGS = "".join(map(chr, range(0xE0020, 0xE0080)))
_JOINERS = "\u200c\u200d"
_LETTERS = ("L", "N")
_JOINED = ("L", "M", "S")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-[a-z0-9]{1,8})*")


def require_name(what: str, text: str) -> None:
    """Raise `UsageError`, saying what is wrong with it, unless `text` can be the name of a `what`."""
    require_text(what, text)
    if not any(unicodedata.category(character)[0] in _LETTERS for character in text):
        raise UsageError(f"The {what} has no letter and no digit.", hint=_wanted(what))


def require_text(what: str, text: str, *, longest: int = LONGEST_NAME) -> None:
    """Raise `UsageError` for a text that is empty, too long, or holds what can't be seen."""
    if not text.strip():
        raise UsageError(f"The {what} is empty.", hint=_wanted(what))
    if len(text) > longest:
        raise UsageError(
            f"The {what} is too long: {len(text):,} characters; at most {longest:,} are taken.",
            hint=f"Shorten the {what}.",
        )
    for at, character in enumerate(text):
        flaw = _flaw(text, at)
        if flaw == "surrogate":
            raise UsageError(f"The {what} is not valid UTF-8.", hint="Check your terminal's encoding.")
        if flaw is not None:
            raise UsageError(
                f"The {what} holds {flaw}: U+{ord(character):04X}.",
                hint="Type it again by hand; copied text may bring along what can't be seen.",
            )


def base_language(text: str) -> str:
    """The language of a code, as rules are written for: "en" for `EN`, `en-GB` and `en_US`.

    Raises `UsageError` for what is no code.
    """
    found = _LANGUAGE.fullmatch(text.strip().lower().replace("_", "-"))
    if found is None:
        raise UsageError("The language is not a code.", hint="Give two or three letters, such as en.")
    return found[1]


def _flaw(text: str, at: int) -> str | None:
    """Why the character at that place can't stand in a name."""
    character = text[at]
    if character in _JOINERS:
        return None if _joins(text, at) else "an invisible character"
    category = unicodedata.category(character)
    if category == "Cs":
        return "surrogate"
    if category == "Cc":
        return "a control character"
    if character in _BLANKS or (category in ("Cf", "Zl", "Zp") and not _is_seen(text, at)):
        return "an invisible character"
    return "what is no character" if _is_noncharacter(character) else None


def _joins(text: str, at: int) -> bool:
    """Whether a joiner stands between two letters or emoji, where scripts and emoji need it."""
    around = text[at - 1 : at] + text[at + 1 : at + 2]
    return len(around) == 2 and all(unicodedata.category(each)[0] in _JOINED for each in around)


def _is_seen(text: str, at: int) -> bool:
    """Whether a format character shows: Arabic and Syriac signs do, and the tags that make a black flag a region's."""
    before = text[:at].rstrip(_TAGS)
    return text[at] in _SIGNS or (text[at] in _TAGS and before.endswith("\N{WAVING BLACK FLAG}"))


def _is_noncharacter(character: str) -> bool:
    return 0xFDD0 <= ord(character) <= 0xFDEF or ord(character) & 0xFFFE == 0xFFFE


def _wanted(what: str) -> str:
    article = "an" if what[0] in "aeio" else "a"
    return f"Give {article} {what} with at least one letter or digit."
