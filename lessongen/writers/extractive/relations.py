"""Questions on how two of the lesson's terms belong together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lessongen.language.nouns import plural
from lessongen.writers.extractive.article import Article, Passage, Term
from lessongen.writers.extractive.candidates import Candidate
from lessongen.writers.extractive.distractors import shares_words
from lessongen.writers.extractive.gapping import is_noun_there


def connections(main: Article, passages: Sequence[Passage], terms: Sequence[Term]) -> Iterable[Candidate]:
    """What a passage says about two terms at once."""
    own = {term.definition.article: term for term in terms if term.entry}
    main_term = own.get(main)
    for passage in passages:
        about = own.get(passage.article)
        for other in [main_term] if passage.article is not main else list(own.values()):
            if about is None or other is None or other is about or not passage.stands_alone:
                continue
            both = _says(passage.text, other) and _says(passage.text, about)
            if both and not shares_words(about, other) and passage is not about.definition:
                yield Candidate(
                    kind="short",
                    aim="connect",
                    bloom="analyze",
                    stem=f"How does the lesson connect {about.in_general} and {other.in_general}?",
                    asked=other.running if passage.article is main else about.running,
                    passages=(passage,),
                    answer=passage.text,
                )


def _says(text: str, term: Term) -> bool:
    """Whether the text speaks of the term itself, not of a compound with it ("tax incentives")."""
    named = rf"\b(?:{re.escape(term.running)}|{re.escape(plural(term.running))})\b"
    return any(is_noun_there(text[found.end() :]) for found in re.finditer(named, text, re.IGNORECASE))
