"""What people mix up, where the sources themselves say so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lessongen.lesson.limits import MISCONCEPTIONS
from lessongen.lesson.model import Misconception
from lessongen.text.words import word_count
from lessongen.writers.extractive.article import Article, Passage, Term
from lessongen.writers.extractive.lifting import can_be_lifted
from lessongen.writers.extractive.naming import names
from lessongen.writers.extractive.quotes import QuoteBook

# "is often mistaken for a fishing boat when …".
_MISTAKEN_FOR = re.compile(
    r"\b(?:confused with|mistaken for|confused for) (?P<other>(?:an? |the )?[A-Za-z][\w'’-]*(?: [a-z][\w'’-]*){0,2})"  # noqa: RUF001
    r"(?=[,.;]| (?:because|but|and|as|or|although|which|since|due|when|if|in|by|from|at)\b)"
)
# "A common misconception is that …".
_WRONG_BELIEF = re.compile(
    r"^(?:A|One|The) (?:common|popular|widespread|frequent|most common) (?:misconception|myth|misunderstanding|mistake)"
    r"[^,.;]{0,40}? is that (?P<belief>[a-z][^.;?“”\"]{15,140})\.$"
)
# "Despite its name, …": the sentence itself says that what one expects is not so.
_AGAINST_THE_NAME = re.compile(r"^(?:Despite|In spite of|Notwithstanding) (?:its|their|the) (?:\w+ )?name\b")
# "Contrary to popular belief, …".
_AGAINST_BELIEF = re.compile(
    r"^(?:Contrary to (?:popular|common|general|widespread) (?:belief|opinion|myth|assumptions?)"
    r"|Although (?:often|commonly|widely|popularly) (?:believed|thought|assumed|said|considered)"
    r"|It is a (?:common|popular|widespread) (?:misconception|myth|mistake)\b)"
    r"|\b(?:is|are|was|were) (?:often|commonly|frequently|sometimes|widely) (?:mistakenly|wrongly|incorrectly)"
    r" \w+ed\b|\b(?:often|commonly|frequently|widely) misunderstood\b"
)


def misconceptions(main: Article, book: QuoteBook) -> list[Misconception]:
    """Where the article itself says that two things are not the same, or that many believe what is wrong."""
    found: dict[str, Misconception] = {}
    for passage, belief in _told_by_the_article(main):
        if len(found) < MISCONCEPTIONS.most and belief not in found:
            found[belief] = Misconception(belief=belief, correction=book.statement(passage))
    return list(found.values())


def _told_by_the_article(main: Article) -> Iterator[tuple[Passage, str]]:
    """What an article says is mistaken for its subject, or believed of it and wrong, wherever it says so."""
    if main.term is None:
        return
    for passage in main.passages:
        # "Despite its name, a …" points forward.
        is_about_name = _AGAINST_THE_NAME.search(passage.text) and names(passage.text, main.name)
        if not (passage.can_be_asked or is_about_name) or not can_be_lifted(passage.text):
            continue
        mistaken, believed = _MISTAKEN_FOR.search(passage.text), _WRONG_BELIEF.match(passage.text)
        if mistaken and names(passage.text[: mistaken.start()], main.name) and word_count(passage.text) <= 30:
            yield passage, f"Is {main.term.noun_phrase} the same as {mistaken['other']}?"
        elif believed:
            yield passage, f"Is it true that {believed['belief']}?"
        elif is_about_name:
            yield passage, f"Does the name say what {main.term.in_general} {_are(main.term)}?"
        elif _AGAINST_BELIEF.search(passage.text) and names(passage.text, main.name):
            yield passage, f"Is all true that many people believe about {main.term.in_general}?"


def _are(term: Term) -> str:
    return "are" if term.in_general != term.noun_phrase or term.verb in ("are", "were") else "is"
