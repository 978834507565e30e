"""Which of several documents a topic means: by title and file name, headings, and how often its words come."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lessongen.lesson.material import Document
from lessongen.lesson.task import LessonRequest
from lessongen.text.words import STOPWORDS, fold, stems, tokens

# What each place where a word of the topic comes is worth.
_TITLE, _NAME, _HEADING, _TEXT = 6.0, 5.0, 2.0, 1.0
_SUBJECT = 0.2  # a word of the subject, against one of the topic
_OFTEN_ENOUGH = 3  # a topic's words in the text alone


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A document with the name of its file, and whether it speaks of the topic at all."""

    name: str
    document: Document
    score: float
    fits: bool
    reason: str


def ranked(found: Sequence[tuple[str, Document]], request: LessonRequest) -> list[Candidate]:
    """The documents with the names of their files, best first; equal ones in their order."""
    topic, subject = _words(request.topic, request.language), _words(request.subject, request.language)
    candidates = [_candidate(name, document, topic, subject, request) for name, document in found]
    return sorted(candidates, key=lambda candidate: -candidate.score)


def is_titled(candidate: Candidate, title: str) -> bool:
    """Whether a person who asks for a title means this document: by its title or its file's name."""
    stem = candidate.name.rpartition(".")[0] or candidate.name
    return fold(title).strip() in {fold(candidate.document.title), fold(candidate.name), fold(stem)}


def _candidate(
    name: str, document: Document, topic: Sequence[str], subject: Sequence[str], request: LessonRequest
) -> Candidate:
    language = request.language
    title = set(_words(document.title, language))
    stem = set(_words(name.rpartition(".")[0] or name, language))
    headings = {word for part in document.parts for word in _words(part.heading, language)}
    text = Counter(_words(document.text, language))
    score, known, places = 0.0, 0, Counter[str]()
    for word in topic:
        in_text = text[word]
        score += _TITLE * (word in title) + _NAME * (word in stem) + _HEADING * (word in headings)
        score += _TEXT * math.log1p(in_text)
        places.update(
            [
                *(["title"] if word in title else []),
                *(["file name"] if word in stem else []),
                *(["headings"] if word in headings else []),
            ]
        )
        known += word in title or word in stem or word in headings or in_text >= _OFTEN_ENOUGH
    score += _SUBJECT * sum(math.log1p(text[word]) + (word in stem) for word in subject)
    # A title that is the topic and no more.
    score += _TITLE * (bool(topic) and title == set(topic))
    where = next((place for place in ("title", "file name", "headings") if places[place]), "text")
    return Candidate(
        name=name,
        document=document,
        score=score,
        fits=bool(topic) and known * 2 > len(topic),
        reason=f"its {where} {'fit' if where == 'headings' else 'fits'} the topic best",
    )


def _words(text: str, language: str) -> list[str]:
    """Stems of a text's words, where the language has a stemmer; else the words themselves."""
    if language in STOPWORDS:
        return list(stems(text.replace("_", " "), language))
    return tokens(text.replace("_", " "))
