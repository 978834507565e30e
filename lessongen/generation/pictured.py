"""A lesson with the lead image of its article."""

from __future__ import annotations

from dataclasses import replace

from lessongen.lesson.draft import Draft
from lessongen.lesson.image import fault_of_file, faults_of
from lessongen.lesson.material import Material
from lessongen.lesson.model import sha256


def with_image(draft: Draft, material: Material) -> Draft:
    """The draft with the image that was found with its article; as it is where it is about another one.

    Nor does an image get into it that the gate objects to: no lesson fails for a picture.
    """
    found = material.image
    if found is None or draft.lesson.article.text_sha256 != sha256(material.article.text):
        return draft
    image = found.shown()
    if any(faults_of(image)) or fault_of_file(image, found.data):
        return draft
    texts = {**draft.texts, image.data_sha256: found.data}
    return replace(draft, lesson=draft.lesson.model_copy(update={"image": image}), texts=texts)
