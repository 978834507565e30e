"""Skills as `lists/skills.toml` describes them, with the ways to draw tasks that their modules have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from lessongen.lesson.model import Bloom
from lessongen.text.wordlists import WordLists, word_lists
from lessongen.writers.computed.skill import Draw, Form, Skill, Tell
from lessongen.writers.computed.topics import Family, Scope

_NO_GROUP = "-"


def described(
    name: str,
    *draws: Draw,
    forms: Sequence[Form] = (),
    tell: Tell | None = None,
    order_stem: str = Skill.order_stem,
) -> Skill:
    """The skill of that name. Its forms are made of these ways to draw, or given where the description can't tell them.

    Raises `KeyError` for a way to draw that is described and not given, `ValueError` for one that is not described.
    """
    about: dict[str, str] = {"also": "", "unsure": "", "aims": "", **word_lists(__file__, "skills").table(name)}
    lists = WordLists(about)
    return Skill(
        name=name,
        by=about["by"],
        scope=_scope(cast(Family, about["family"]), lists),
        objective=(cast(Bloom, about["bloom"]), about["objective"]),
        forms=forms or tuple(_forms(lists, draws)),
        tell=tell,
        aims=lists.pairs("aims"),
        order_stem=order_stem,
    )


def _scope(family: Family, lists: WordLists) -> Scope:
    besides = lists.pairs("companions")
    return Scope(
        family=family,
        cores=lists.pairs("cores"),
        companions={word: groups for words, groups in besides.items() for word in words.split()},
        unsure=frozenset(lists.lines("unsure")),
        also=cast("frozenset[Family]", lists.words("also")),
    )


def _forms(lists: WordLists, draws: Sequence[Draw]) -> Iterator[Form]:
    given = {draw.__name__.lstrip("_"): draw for draw in draws}
    told = [line.replace(":", " ").split() for line in lists.lines("draws")]
    unknown = given.keys() - {name for name, *_ in told}
    if unknown:
        raise ValueError(f"not described: {', '.join(unknown)}")
    for name, group, *grades in told:
        lowest, highest = grades[0].split("-") if grades else (1, 12)
        yield Form(
            draw=given[name], group="" if group == _NO_GROUP else group, lowest=int(lowest), highest=int(highest)
        )
