"""English tenses: how each is formed, and, the other way round, which tense and person a form stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from lessongen.text.wordlists import word_lists
from lessongen.writers.computed.irregular_verbs import Verb, forms_by_pattern, irregular_verbs
from lessongen.writers.computed.spelling import with_ed, with_ing, with_s

SUBJECTS: Mapping[str, str] = {
    "I": "I",
    "You": "you",
    "She": "she",
    "He": "she",
    "My sister": "she",
    "The teacher": "she",
    "We": "they",
    "They": "they",
    "The children": "they",
    "Anna and Tom": "they",
}
"""Who does something, each with the pronoun whose forms it takes."""


@dataclass(frozen=True, kw_only=True)
class Tense:
    """A tense: its auxiliaries by person, the form of the verb after them, from which CEFR step on it is practised."""

    name: str
    auxiliaries: Mapping[str, str]
    form: str
    cefr: int
    rule: str


def _all(auxiliary: str) -> dict[str, str]:
    return dict.fromkeys(("I", "you", "she", "they"), auxiliary)


_HAVE = {"I": "have", "you": "have", "she": "has", "they": "have"}
_AM = {"I": "am", "you": "are", "she": "is", "they": "are"}
_WAS = {"I": "was", "you": "were", "she": "was", "they": "were"}

ALL_TENSES: Mapping[str, Tense] = {
    tense.name: tense
    for tense in (
        Tense(
            name="present simple",
            auxiliaries=_all(""),
            form="present",
            cefr=1,
            rule="The present simple is the verb itself; with “he”, “she” or “it” it takes an s.",
        ),
        Tense(
            name="present continuous",
            auxiliaries=_AM,
            form="ing",
            cefr=1,
            rule="The present continuous is made of “am”, “are” or “is” and the ing form.",
        ),
        Tense(
            name="past simple",
            auxiliaries=_all(""),
            form="past",
            cefr=2,
            rule="The past simple is one word, the same for all persons.",
        ),
        Tense(
            name="future with “will”",
            auxiliaries=_all("will"),
            form="base",
            cefr=2,
            rule="The future with “will” is made of “will” and the verb itself.",
        ),
        Tense(
            name="past continuous",
            auxiliaries=_WAS,
            form="ing",
            cefr=3,
            rule="The past continuous is made of “was” or “were” and the ing form.",
        ),
        Tense(
            name="present perfect",
            auxiliaries=_HAVE,
            form="participle",
            cefr=3,
            rule="The present perfect is made of “have” or “has” and the past participle.",
        ),
        Tense(
            name="past perfect",
            auxiliaries=_all("had"),
            form="participle",
            cefr=4,
            rule="The past perfect is made of “had” and the past participle.",
        ),
        Tense(
            name="present perfect continuous",
            auxiliaries={person: f"{have} been" for person, have in _HAVE.items()},
            form="ing",
            cefr=4,
            rule="The present perfect continuous is made of “have been” or “has been” and the ing form.",
        ),
        Tense(
            name="future perfect",
            auxiliaries=_all("will have"),
            form="participle",
            cefr=5,
            rule="The future perfect is made of “will have” and the past participle.",
        ),
        Tense(
            name="past perfect continuous",
            auxiliaries=_all("had been"),
            form="ing",
            cefr=5,
            rule="The past perfect continuous is made of “had been” and the ing form.",
        ),
    )
}

_REGULAR = ("plain", "e", "y", "double")  # how they are spelled with an ending; `spelling` is held against it


@cache
def regular_verbs() -> Mapping[str, Verb]:
    """Each regular verb by its base form, with the forms that the rules of spelling give."""
    lists = word_lists(__file__, "verbs")
    return {
        base: Verb(base=base, past=with_ed(base), participle=with_ed(base), rest=rest, band=1)
        for kind in _REGULAR
        for base, rest in lists.pairs(f"regular_{kind}").items()
    }


def all_verbs() -> Mapping[str, Verb]:
    """Regular and irregular ones."""
    return {**regular_verbs(), **irregular_verbs()}


def conjugated(verb: Verb, tense: Tense, person: str) -> str:
    """The verb's form in a tense with "I", "you", "she" or "they": "has written"."""
    forms = {
        "base": verb.base,
        "present": with_s(verb.base) if person == "she" else verb.base,
        "past": verb.past,
        "participle": verb.participle,
        "ing": with_ing(verb.base),
    }
    return f"{tense.auxiliaries[person]} {forms[tense.form]}".strip()


# ---------------------------------------------------------------- the other way round

_AUXILIARIES: Mapping[str, tuple[str, str]] = {
    # auxiliaries: persons, and each form that may follow with the tense that it makes
    "": ("I you she they", "base present:present simple|past:past simple"),
    "am": ("I", "ing:present continuous"),
    "is": ("she", "ing:present continuous"),
    "are": ("you they", "ing:present continuous"),
    "was": ("I she", "ing:past continuous"),
    "were": ("you they", "ing:past continuous"),
    "will": ("I you she they", "base:future with “will”"),
    "have": ("I you they", "participle:present perfect"),
    "has": ("she", "participle:present perfect"),
    "had": ("I you she they", "participle:past perfect"),
    "have been": ("I you they", "ing:present perfect continuous"),
    "has been": ("she", "ing:present perfect continuous"),
    "will have": ("I you she they", "participle:future perfect"),
    "had been": ("I you she they", "ing:past perfect continuous"),
}


def stands_for(text: str, verb: str, person: str) -> frozenset[str]:
    """The names of the tenses that a printed form can be of this verb with this person; empty if it is no form.

    Reads from the form back to the verb: auxiliaries by a table of their own, endings by classes of spelling,
    irregular forms by their patterns.
    """
    *before, last = text.split()
    persons, makes = _AUXILIARIES.get(" ".join(before), ("", ""))
    if person not in persons.split():
        return frozenset()
    found = set()
    for part in filter(None, makes.split("|")):
        shapes, _, tense = part.partition(":")
        is_present = shapes == "base present"
        shape = ("s" if person == "she" else "base") if is_present else shapes
        if is_form(last, verb, shape):
            found.add(tense)
    return frozenset(found)


def is_form(text: str, verb: str, shape: str) -> bool:
    """Whether the word is the verb's "base", "s", "past", "participle" or "ing" form."""
    if shape == "base":
        return text == verb
    if shape == "s":
        return _is_s_form(text, verb)
    if shape == "ing":
        return _is_ing_form(text, verb)
    by_pattern = forms_by_pattern(verb)
    if by_pattern is not None:
        return text == by_pattern[shape == "participle"]
    # Endings by the class that the verb is listed in.
    kind = next((kind for kind in _REGULAR if verb in word_lists(__file__, "verbs").pairs(f"regular_{kind}")), "")
    return text == {
        "plain": f"{verb}ed",
        "e": f"{verb[:-1]}ed",
        "y": f"{verb[:-1]}ied",
        "double": f"{verb}{verb[-1:]}ed",
    }.get(kind)


def _is_s_form(text: str, verb: str) -> bool:
    if text == "has" or verb == "have":
        return (text, verb) == ("has", "have")
    if text.endswith("ies") and not verb.endswith("ie"):
        return verb == f"{text[:-3]}y" and verb[-2] not in "aeiou"
    hisses = verb.endswith(("s", "x", "z", "ch", "sh", "o"))
    ends_in_y = verb.endswith("y") and verb[-2] not in "aeiou"
    return not ends_in_y and text == verb + ("es" if hisses else "s")


def _is_ing_form(text: str, verb: str) -> bool:
    if verb == "lie":
        return text == "lying"
    stem = text.removesuffix("ing")
    if stem == text:
        return False
    if verb in word_lists(__file__, "verbs").row("doubled"):
        return stem[:-1] == verb and stem[-1] == verb[-1]
    silent = verb.endswith("e") and not verb.endswith(("ee", "ie"))
    return (stem + "e" if silent else stem) == verb
