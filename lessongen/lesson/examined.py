"""The passed exam of a judge as a lesson keeps it, so that whoever reads the lesson later can hold it to that."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Self

from pydantic import Field

from lessongen.lesson.judgement import Bar, ExamResult
from lessongen.lesson.statement import Model


class Examined(Model):
    """Which judge it was, and what came of the exam that let it judge."""

    judge: str = Field(description="what verdicts call it: the model's name")
    server: str = Field(description="where the model was asked; empty for the provider's own")
    prompt_sha256: str = Field(description="SHA-256 of what it was told")
    exam: str = Field(description="which exam: its language, and the beginning of the SHA-256 of its pairs")
    is_short: bool = Field(description="whether it sat some of the pairs, not all")
    caught: int = Field(description="how many unfaithful sentences it refused")
    unfaithful: int = Field(description="of how many")
    accepted: int = Field(description="how many honest sentences it let stand")
    honest: int = Field(description="of how many")
    needed_caught: float = Field(description="the share that it had to catch")
    needed_accepted: float = Field(description="the share that it had to accept")
    sat_at: datetime
    sha256: str = Field(description="SHA-256 over all of the above")

    @classmethod
    def of(cls, result: ExamResult, bar: Bar) -> Self:
        """What a lesson keeps of a result, under the bar that it was held to."""
        (caught, unfaithful), (accepted, honest) = result.caught, result.accepted
        kept = cls(
            judge=result.identity.name,
            server=result.identity.server,
            prompt_sha256=result.identity.prompt_sha256,
            exam=result.exam,
            is_short=result.is_short,
            caught=caught,
            unfaithful=unfaithful,
            accepted=accepted,
            honest=honest,
            needed_caught=bar.caught,
            needed_accepted=bar.accepted,
            sat_at=result.sat_at,
            sha256="",
        )
        return kept.model_copy(update={"sha256": kept.seal})

    @property
    def seal(self) -> str:
        """The SHA-256 that it should carry."""
        sealed = self.model_dump(mode="json", exclude={"sha256"})
        return hashlib.sha256(json.dumps(sealed, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    @property
    def has_passed(self) -> bool:
        """Whether both shares reach what was needed; there must have been pairs of both sorts."""
        shares = (
            (self.caught, self.unfaithful, self.needed_caught),
            (self.accepted, self.honest, self.needed_accepted),
        )
        return all(0 <= right <= of and of > 0 and right >= needed * of - 1e-9 for right, of, needed in shares)
