"""Whether what was found bears the focus that a lesson was asked for with: told before anything is written."""

from __future__ import annotations

from lessongen.lesson.material import Material
from lessongen.lesson.task import LessonRequest
from lessongen.system.errors import Uncovered
from lessongen.text.focus import Focus, bears
from lessongen.text.sentences import split_sentences

_WHAT_TO_DO = (
    "Leave --focus out, name another article with --article TITLE, or give a text that tells of it: --source FILE."
)
_OF_OWN_TEXTS = "Leave --focus out, or give a text that tells of it besides."


def require_borne(request: LessonRequest, material: Material) -> list[str]:
    """What a teacher should know of how far the texts bear the focus; nothing where they bear all of it.

    Raises `Uncovered` where they don't, with what is missing and what to do.
    """
    if request.focus is None:
        return []
    documents = (material.article, *material.others, *material.primer)
    sentences = [sentence.text for document in documents for sentence in split_sentences(document.text)]
    title = material.article.title
    missing = Focus(request.focus, title).missing(sentences)
    if not missing:
        return []
    named = ", ".join(f"“{each}”" for each in missing)
    if not bears(request.focus, sentences, title):
        several = "The sources say" if len(documents) > 1 else f"The article “{title}” says"
        hint = _OF_OWN_TEXTS if request.sources else _WHAT_TO_DO
        raise Uncovered(f"{several} nothing of {named}, which the lesson is to dwell on.", hint=hint)
    return [f"The focus was “{request.focus}”; the sources say nothing of {named}."]
