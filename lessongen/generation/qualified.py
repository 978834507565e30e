"""What a topic asks of an article beyond its name is what the lesson is about, or is refused: one rule for all."""

from __future__ import annotations

import dataclasses
import re

from lessongen.lesson.material import Document, Material
from lessongen.lesson.task import LessonRequest
from lessongen.system.errors import Uncovered
from lessongen.text.qualifier import Qualifier, beside, without_level
from lessongen.text.sentences import split_sentences
from lessongen.writers.computed.practice import modules_of

# "Acids and bases": several articles are asked for.
_SEVERAL = re.compile(r"\b(?:and|or|vs\.?|versus)\b|[&,/;+]", re.IGNORECASE)


def qualified(request: LessonRequest, material: Material) -> Material:
    """The material with what the topic asks of its article beyond the name: "causes" of "causes of World War I".

    Raises `Uncovered`, with the wider topic, where the article has neither a section nor sentences about it. What a
    skill's computed practice is on needs none; of an article that was asked for by its title it is taken where it is
    borne.
    """
    if modules_of(request):
        return material
    if not _SEVERAL.search(request.topic):
        material = dataclasses.replace(material, others=())  # no neighbour makes up for what the article lacks
    article = material.article
    titles = [document.title for document in (article, *material.others)]
    first = next((sentence.text for sentence in split_sentences(article.text[:1_000])), "")
    rest = beside(
        without_level(request.topic), request.subject, titles, f"{article.description} {first}", article.text[:600]
    )
    if not rest:
        return material
    if Qualifier(rest, article.title).is_borne(_sentences(article)):
        return dataclasses.replace(material, qualifier=rest)
    if request.article is not None:
        return material
    raise Uncovered(
        f"The article “{article.title}” has too little on “{rest}” for a lesson on “{request.topic}”.",
        hint=f"Ask for “{article.title}” as a whole, or give a text of your own that tells of it.",
    )


def _sentences(document: Document) -> list[tuple[str, str]]:
    """Each sentence with the heading that it stands under."""
    parts = document.parts
    return [
        (next((part.heading for part in parts if part.start <= sentence.start < part.end), ""), sentence.text)
        for sentence in split_sentences(document.text)
    ]


def told_of_level(request: LessonRequest) -> list[str]:
    """That words of the topic say for whom the lesson is, and what decides that."""
    if without_level(request.topic) == " ".join(request.topic.split()):
        return []
    return [f"The topic says for whom it is; the level decides that, and is “{request.level}” here."]
