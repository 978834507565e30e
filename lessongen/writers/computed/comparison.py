"""English comparatives and superlatives."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache

from lessongen.system.levels import cefr_of
from lessongen.text.wordlists import word_lists
from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.skill import Form
from lessongen.writers.computed.spelling import with_er
from lessongen.writers.computed.writing import GAP

# The groups of adjectives by what is done to them.
_SHORT, _ENDS_IN_E, _ENDS_IN_Y, _DOUBLED, _LONG = "short", "in_e", "in_y", "doubled", "long"
_IRREGULAR = {"good": ("better", "best"), "bad": ("worse", "worst")}
_NAMES = {"er": "comparative", "est": "superlative"}
_MORE = {"er": "more", "est": "most"}
_BY_RULE = {
    _DOUBLED: "doubles its last letter before “er”",
    _ENDS_IN_Y: "ends in “ier” in the comparative",
    _LONG: "takes “more” in the comparative",
}
# The same two written by what they are a form of.
_FORM_OF = {"better": "good", "best": "good", "worse": "bad", "worst": "bad"}


@cache
def _said_of() -> Mapping[str, list[str]]:
    groups = (_SHORT, _ENDS_IN_E, _ENDS_IN_Y, _DOUBLED, _LONG, "irregular")
    return {adjective: nouns.split() for group in groups for adjective, nouns in _group(group).items()}


@cache
def _group(name: str) -> Mapping[str, str]:
    return word_lists(__file__, "adjectives").pairs(name)


def _is_in(adjective: str, group: str) -> bool:
    return adjective in _group(group)


def _compared(adjective: str, ending: str) -> str:
    """By the rules of spelling and of length: "happier", "most useful"."""
    if adjective in _IRREGULAR:
        return _IRREGULAR[adjective][ending == "est"]
    if _is_in(adjective, _LONG):
        return f"{_MORE[ending]} {adjective}"
    return with_er(adjective, ending)


def _is_form(text: str, adjective: str, ending: str) -> bool:
    """The other way round: from the printed form back to the adjective, by the list that it stands in."""
    if text in _FORM_OF:
        return _FORM_OF[text] == adjective and text.endswith("st") is (ending == "est")
    before, _, last = text.rpartition(" ")
    if before:
        return before == _MORE[ending] and last == adjective and _is_in(adjective, _LONG)
    if not text.endswith(ending) or adjective in _IRREGULAR or _is_in(adjective, _LONG):
        return False
    stem = text[: -len(ending)]
    if _is_in(adjective, _ENDS_IN_E):
        return f"{stem}e" == adjective
    if _is_in(adjective, _ENDS_IN_Y):
        return stem.endswith("i") and f"{stem[:-1]}y" == adjective
    if _is_in(adjective, _DOUBLED):
        return stem[:-1] == adjective and stem[-2:-1] == stem[-1:]
    return stem == adjective


# What is done to each group, with an adjective that is never asked.
_RULES = {
    _SHORT: ("Adjectives of one syllable take “{ending}”", "dark"),
    _ENDS_IN_E: ("A short adjective in e takes “{after_e}” alone", "rare"),
    _ENDS_IN_Y: ("An adjective of two syllables in y takes “{ending}” too, and its y becomes an i", "lucky"),
    _DOUBLED: ("One consonant at the end, after one short vowel, is doubled, and “{ending}” follows", "sad"),
    _LONG: ("Adjectives of two or more syllables, but for those in y, take “{more}” and no ending", "patient"),
}


def _rule(adjective: str, ending: str) -> str:
    if adjective in _IRREGULAR:
        return f"“{adjective.capitalize()}” has forms of its own."
    return f"{_said(next(group for group in _RULES if _is_in(adjective, group)), ending)}."


def _said(group: str, ending: str) -> str:
    return _RULES[group][0].format(ending=ending, after_e=ending[1:], more=_MORE[ending])


def _told(rng: random.Random, grade: int, groups: frozenset[str], terms: Collection[str]) -> Iterator[str]:
    """The rules of all that is shown or asked: whoever has read them can do each exercise."""
    said = [(ending, term) for ending, name in _NAMES.items() for term in terms if term.startswith(name)]
    said += [("er", term.partition(": ")[2]) for term in terms if term.startswith(tuple(_BY_RULE.values()))]
    for ending in _NAMES:
        words = {word.strip(",") for each, term in said if each == ending for word in term.split()}
        for group, (_, model) in _RULES.items():
            if any(_is_in(word, group) for word in words):
                form = f"{_MORE[ending]} {model}" if group == _LONG else with_er(model, ending)
                yield f"{_said(group, ending)}: {model}, {form}."
    if any(word in _IRREGULAR for _, term in said for word in term.split()):
        forms = "; ".join(f"{word}, {', '.join(of)}" for word, of in _IRREGULAR.items())
        yield f"Two adjectives have forms of their own: {forms}."


def _known(grade: int) -> list[str]:
    return [each for each in _said_of() if cefr_of(grade) > 1 or not _is_in(each, _LONG)]


def _slips(adjective: str, ending: str) -> list[str]:
    other = "est" if ending == "er" else "er"
    more = _MORE[ending]
    plain = adjective + ending[adjective.endswith("e") :]  # nobody writes "expensiveer"
    return [
        f"{more} {plain if _is_in(adjective, _LONG) else _compared(adjective, ending)}",
        f"{more} {adjective}",
        with_er(adjective, ending),
        plain,
        _compared(adjective, other),
        adjective,
    ]


def _sentence(noun: str, ending: str, form: str) -> str:
    if ending == "er":
        return f"This {noun} is {form} than that one."
    return f"It is the {form} {noun} of all."


def _form(ending: str) -> Callable[[random.Random, int], Task | None]:
    name = _NAMES[ending]

    def draw(rng: random.Random, grade: int) -> Task | None:
        adjective = rng.choice(_known(grade))
        noun = rng.choice(_said_of()[adjective])
        answer = _compared(adjective, ending)
        in_sentence = rng.random() < 0.6
        sentence = _sentence(noun, ending, GAP)
        ask = f"What is the {name} of “{adjective}”?"
        if in_sentence:
            ask = f"Complete the sentence with the {name} of “{adjective}”: {sentence}"
        return Task(
            term=f"{name} of {adjective}",
            ask=ask,
            answer=answer,
            wrong=tuple(dict.fromkeys(each for each in _slips(adjective, ending) if each != answer)),
            why=(_rule(adjective, ending), f"The {name} of “{adjective}” is “{answer}”."),
            holds=lambda text: _is_form(text, adjective, ending),
            label=adjective,
            says=_sentence(noun, ending, "{}"),
            form=f"the {name} of “{adjective}”",
            kinds=("choice", "short", "cloze"),  # in a match each form would hold its adjective
        )

    return draw


def _which_rule(rng: random.Random, grade: int) -> Task | None:
    """Which adjective is compared with "more"; or which doubles its last letter."""
    known = _known(grade)
    rng.shuffle(known)
    group, asked = rng.choice(tuple(_BY_RULE.items()))
    inside = [each for each in known if _is_in(each, group)]
    outside = [each for each in known if not _is_in(each, group) and each not in _IRREGULAR]
    if not inside:
        return None
    answer = inside[0]
    tests: dict[str, Callable[[str], bool]] = {
        _DOUBLED: lambda form: len(form) > 4 and form[-3] == form[-4] and " " not in form,
        _ENDS_IN_Y: lambda form: form.endswith("ier"),
        _LONG: lambda form: form.startswith("more "),
    }

    def holds(text: str) -> bool:
        form = _compared(text, "er")
        return tests[group](form) and form != f"{text}er"

    outside.sort(key=lambda each: abs(len(each) - len(answer)))
    return Task(
        term=f"{asked}: {answer} among {', '.join(sorted(outside[:3]))}",
        ask=f"Which adjective {asked}?",
        answer=answer,
        wrong=tuple(outside[:6]),
        why=(_rule(answer, "er"), f"The comparative of “{answer}” is “{_compared(answer, 'er')}”."),
        holds=holds,
        kinds=("choice",),
        bloom="analyze",
    )


SKILL = described(
    "comparison",
    forms=(
        Form(draw=_form("er"), group="comparative"),
        Form(draw=_form("est"), group="superlative"),
        Form(draw=_which_rule, group="comparative", lowest=3),
    ),
    tell=_told,
)
