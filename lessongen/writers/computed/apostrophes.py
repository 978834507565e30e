"""Apostrophes: short forms, owners, and plurals that have none."""

from __future__ import annotations

import random
from collections.abc import Sequence

from lessongen.text.nouns import plural, singular
from lessongen.text.wordlists import word_lists
from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.writing import GAP

_LISTS = word_lists(__file__, "apostrophes")
_SHORT = _LISTS.pairs("short_forms")
_MISSPELLED = {"its": "its'", "your": "youre", "their": "there", "whose": "whos"}
_ENDINGS = {"n't": "not", "'m": "am", "'re": "are", "'s": "is", "'ve": "have", "'ll": "will"}
_LEFT_OUT = {
    **{"not": "the o", "am": "the a", "are": "the a", "is": "the i"},
    **{"have": "the first two letters", "will": "the first two letters"},
}
_CUT = {"won't": "will not", "can't": "cannot"}  # where more than letters of the second word is left out


def _in_full(short: str) -> str:
    """What a short form stands for, by its ending; "" for what is no short form."""
    if short in _CUT:
        return _CUT[short]
    ending = next((each for each in _ENDINGS if short.endswith(each)), "")
    return f"{short.removesuffix(ending)} {_ENDINGS[ending]}" if ending else ""


def _different(answer: str, wrong: Sequence[str]) -> tuple[str, ...]:
    return tuple(each for each in dict.fromkeys(wrong) if each and each != answer)


def _shorten(rng: random.Random, grade: int) -> Task | None:
    long, short = rng.choice(list(_SHORT.items()))
    bare = short.replace("'", "")
    first, _, second = long.partition(" ")
    what = (
        f"“{long.capitalize()}” changes more of its letters: it becomes “{short}”."
        if short in _CUT
        else f"Of “{second}” {_LEFT_OUT[second]} can go: “{short}”."
    )
    moved = [f"{bare[:-at]}'{bare[-at:]}" for at in (2, 1, 3)]
    return Task(
        term=f"short for {long}",
        ask=f"Write “{long}” as one short word with an apostrophe.",
        answer=short,
        wrong=_different(short, [*moved, f"{first}'{second}" if second else "can'not"]),
        why=("The apostrophe stands where letters are left out.", what),
        holds=lambda text: _in_full(text) == long,
        label=long,
        says=f"The short form of “{long}” is “{{}}”.",
        match_stem="Match each form to its short one.",
        kinds=("choice", "short", "match"),
    )


def _lengthen(rng: random.Random, grade: int) -> Task | None:
    """From the short form back."""
    long, short = rng.choice([each for each in _SHORT.items() if not each[1].endswith("'s")])  # "has" is cut so, too
    first, _, second = long.partition(" ")
    others = (
        [f"{first} {each}" for each in ("was", "were", "had", "no", "would")] if second else ["can no", "could not"]
    )
    rng.shuffle(others)
    return Task(
        term=f"long for {short}",
        ask=f"What is “{short}” short for?",
        answer=long,
        wrong=_different(long, others),
        why=(
            "The apostrophe shows that letters are missing.",
            f"Put them back, and “{short}” is “{long}”.",
        ),
        holds=lambda text: text == _in_full(short),
        says=f"“{short}” is short for “{{}}”.",
        label=short,
        match_stem="Match each short form to its long one.",
        kinds=("short", "match"),
        bloom="understand",
    )


def _owned(rng: random.Random, grade: int) -> Task | None:
    """Of one owner or, from the third grade on, of several."""
    noun, thing, several = (
        rng.choice(_LISTS.row("owners")),
        rng.choice(_LISTS.row("things")),
        grade > 2 and rng.random() < 0.5,
    )
    owner = plural(noun) if several else noun
    ends_in_s = owner.endswith("s")
    answer = f"the {owner}{chr(39) if several and ends_in_s else chr(39) + 's'} {thing}"
    others = [
        f"{owner}'s",
        f"{owner}'",
        f"{owner}s'",
        owner if ends_in_s else f"{owner}s",
        f"{noun}'s",
        f"{plural(noun)}'",
    ]
    if several and ends_in_s:
        rule = f"“{owner.capitalize()}” is a plural that ends in s, so the apostrophe alone follows it."
    elif several:
        rule = f"“{owner.capitalize()}” is a plural that does not end in s, so an apostrophe and an s follow it."
    else:
        rule = f"“{owner.capitalize()}” is one owner, so an apostrophe and an s follow it."

    def holds(text: str) -> bool:
        # What stands before the apostrophe has to be the owner, in the right number.
        before, mark, after = text.removeprefix("the ").removesuffix(f" {thing}").partition("'")
        is_plural_in_s = before == plural(noun) and before.endswith("s")
        return bool(mark) and before == owner and after == ("" if is_plural_in_s else "s")

    return Task(
        term=f"{thing} of the {owner}",
        ask=f"Write with an apostrophe: the {thing} of the {owner}.",
        answer=answer,
        wrong=_different(answer, [f"the {each} {thing}" for each in others]),
        why=("First write the owner.", rule, f"So it is “{answer}”."),
        holds=holds,
        label=f"the {thing} of the {owner}",
        says=f"Written with an apostrophe, “the {thing} of the {owner}” is “{{}}”.",
        match_stem="Match each phrase to the one with an apostrophe.",
        kinds=("choice", "short"),
    )


def _how_many(rng: random.Random, grade: int) -> Task | None:
    """From the apostrophe back to the owners."""
    noun = rng.choice([each for each in _LISTS.row("owners") if plural(each).endswith("s")])
    thing, several = rng.choice(_LISTS.row("things")), rng.random() < 0.5
    shown = f"the {plural(noun)}' {thing}" if several else f"the {noun}'s {thing}"
    one, more = f"one {noun}", f"several {plural(noun)}"

    def holds(text: str) -> bool:
        return text == (more if shown.split()[1].endswith("s'") else one)

    return Task(
        term=f"owners in {shown}",
        ask=f"Who owns something in “{shown}”: {one}, or {more}?",
        answer=more if several else one,
        wrong=(one if several else more,),
        why=(
            f"The apostrophe stands {'after' if several else 'before'} the s.",
            f"So the owner is written “{plural(noun) if several else noun}”, which is {more if several else one}.",
        ),
        holds=holds,
        says=f"In “{shown}” the owner is {{}}.",
        kinds=("short",),
        bloom="analyze",
    )


def _no_owner(rng: random.Random, grade: int) -> Task | None:
    """A plural that owns nothing has no apostrophe."""
    noun = rng.choice(_LISTS.row("owners"))
    answer = plural(noun)
    opens = rng.choice(("There are three", "I can see many", "We met two", "She drew some"))
    extra = [f"{noun}'s", f"{answer}'", f"{noun}s'"]
    return Task(
        term=f"plain plural of {noun}",
        ask=f"Complete with the plural of “{noun}”: {opens} {GAP}.",
        answer=answer,
        wrong=_different(answer, extra),
        why=(
            f"More than one {noun} is meant, and nothing is said to be theirs.",
            f"So there is no apostrophe: “{answer}”.",
        ),
        holds=lambda text: singular(text) == noun and text != noun,
        says=f"{opens} {{}}.",
        form=f"the plural of “{noun}”",
        kinds=("choice", "short", "cloze"),
    )


def _pairs() -> list[tuple[str, str, list[str], list[str]]]:
    found = []
    for line in _LISTS.lines("long_or_owner"):
        names, _, rest = line.partition(" | ")
        long, owner = names.split()
        left, right = rest.split(" || ")
        found.append((long, owner, left.split(" | "), right.split(" | ")))
    return found


def _its(rng: random.Random, grade: int) -> Task | None:
    long, owner, with_long, with_owner = rng.choice(_pairs())
    is_long = rng.random() < 0.5
    sentence = rng.choice(with_long if is_long else with_owner)
    opens = sentence.startswith("___")
    answer, other = (long, owner) if is_long else (owner, long)
    in_full = _in_full(long)
    fits = "fits into the sentence" if is_long else "makes no sense there, for something is owned"
    test = f"“{in_full.capitalize()}” {fits}"

    def holds(text: str) -> bool:
        # Only what can be read in full may stand where two words fit.
        return bool(_in_full(text.lower())) is (sentence in with_long) and text.lower() in (long, owner)

    def cased(word: str) -> str:
        return word.capitalize() if opens else word

    return Task(
        term=f"{owner} in {sentence}",
        ask=f"Complete with “{owner}” or “{long}”: {sentence.replace('___', GAP)}",
        answer=cased(answer),
        wrong=(cased(other), cased(_MISSPELLED[owner])),
        why=(f"Read it with “{in_full}”, which “{long}” is short for.", f"{test}, so it is “{answer}”."),
        holds=holds,
        says=sentence.replace("___", "{}"),
        form=f"“{owner}” or “{long}”, whichever is right",
        kinds=("choice", "short", "cloze"),
        bloom="analyze",
    )


SKILL = described("apostrophes", _shorten, _lengthen, _owned, _no_owner, _how_many, _its)
