"""What all parts of a lesson are made of: models that don't change, and sentences with what they stand on."""

from __future__ import annotations

import hashlib
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Origin = Literal["quoted", "written", "computed", "author"]
Bloom = Literal["remember", "understand", "apply", "analyze", "evaluate", "create"]
Role = Literal["fact", "inference", "gloss", "analogy", "supposition", "framing", "background"]
"""What a sentence is in the lesson; `docs/reference/lesson.md` says what each one demands."""
SIGNED: tuple[Origin, ...] = ("computed", "author")
"""The origins of what no quote needs to bear: a computation or an author vouches for it."""


class Model(BaseModel):
    """What all parts of a lesson share: immutable, and no field that the schema does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Verdict(Model):
    """What a judge found of a text with the quotes that it cites."""

    judge: str = Field(description="which judge: a model's name, or `rules`")
    exam: str = Field(description="which exam it had passed; empty for the rules")
    ruling: Literal["supported", "contradicted", "not said", "no verdict"] = Field(
        default="supported", description="what stands is supported"
    )
    span: str = Field(description="the words of a quote that bear the text, exactly as the quote has them")
    sha256: str = Field(
        description="SHA-256 over the text, its role, its quotes and this verdict: a changed word needs a new verdict"
    )


class Statement(Model):
    """A sentence or a run of sentences, with the quotes that bear it."""

    text: str
    role: Role = Field(default="fact", description="what the sentence is in the lesson")
    cites: list[str] = Field(default_factory=list, description="ids of quotes; empty only where no fact is stated")
    origin: Origin = Field(
        default="quoted", description="quoted verbatim, written by a model, computed, or an author's"
    )
    by: str | None = Field(default=None, description="what computed it, or which author signs it")
    verdict: Verdict | None = Field(default=None, description="by which judge it stands; null where by the rules")


def sha256(text: str) -> str:
    """Hex SHA-256 of the text in UTF-8: the id of a quote's or a source's text, and of the file of an image."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
