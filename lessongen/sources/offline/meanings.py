"""Whether a topic names several things of which its subject decides for none: then it is refused with the choices."""

from __future__ import annotations

from collections.abc import Sequence

from lessongen.sources.offline.catalogue import Candidate, Catalogue
from lessongen.text.nouns import singular
from lessongen.text.wordlists import word_lists
from lessongen.text.words import fold, split_title

# "Nature (journal)": nobody who asks for nature means it, and it hides nothing.
_HARDLY_MEANT = frozenset({"journal", "magazine", "newspaper"})


def choices(text: str, senses: Sequence[Candidate], catalogue: Catalogue) -> list[Candidate]:
    """The articles of which the topic may mean each, the best known first; none where what it means is clear.

    `senses` are those with the topic's name, apart from endings and small words.
    """
    if not catalogue.is_undecided:
        return []
    found = [each for each in senses if each.kind in ("title", "name") and _is_named_so(text, each)]
    found = [each for each in found if catalogue.may_belong(each)]
    plain = [each for each in found if not split_title(each.title)[1]]
    if plain:
        others = [each for each in found if each not in plain and _competes(each, plain[0])]
        is_open = bool(others) or len(plain) > 1 or (catalogue.has_no_subject and _is_homonym(text))
        return _ordered([*plain, *others]) if is_open else []
    is_open = len(found) > 1 or (catalogue.has_no_subject and bool(found) and " " not in split_title(found[0].title)[0])
    return _ordered(found) if is_open else []


def other_thing(text: str) -> str:
    """What else a word may mean, where the encyclopedia has no article on that: "the side of a river"; else ""."""
    others = word_lists(__file__, "homonyms").pairs("others")
    return others.get(fold(text), "") or others.get(singular(fold(text)), "")


def _is_homonym(text: str) -> bool:
    return other_thing(text) != ""


def _is_named_so(text: str, candidate: Candidate) -> bool:
    """ "Doors" are doors, not "The Doors"; "jaws" are both a film and what bites."""
    name = fold(split_title(candidate.title)[0])
    asked = fold(text).removeprefix("the ").removeprefix("a ").removeprefix("an ")
    return name in (fold(text), asked, singular(asked))


def _competes(other: Candidate, plain: Candidate) -> bool:
    return split_title(other.title)[1] not in _HARDLY_MEANT and other.category != plain.category


def _ordered(found: Sequence[Candidate]) -> list[Candidate]:
    unlike = {each.id: each for each in found}
    return sorted(unlike.values(), key=lambda each: (bool(split_title(each.title)[1]), -each.popularity, each.title))
