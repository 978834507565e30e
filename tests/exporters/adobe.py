"""A whole lesson on adobe for grade 5 as a capable model would write it, with the verdicts of an able judge."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from lessongen.check.reading import Reading
from lessongen.check.verdicts import judged
from lessongen.lesson.judgement import seal_of
from lessongen.lesson.model import Lesson, sha256
from tests.lessons import ABLE, changed, examined

_FOLDER = Path(__file__).parents[1] / "fixtures" / "adobe"
ARTICLE = (_FOLDER / "article.md").read_text(encoding="utf-8")


def adobe(**changes: Any) -> Lesson:
    """The lesson, with these of its fields changed."""
    return Lesson.model_validate({**_adobe().model_dump(), **changes})


@cache
def _adobe() -> Lesson:
    content = json.loads((_FOLDER / "lesson.json").read_text(encoding="utf-8"))
    for source in content["sources"]:
        source["text_sha256"] = sha256(ARTICLE)
        for quote in source["quotes"]:
            quote["sha256"] = sha256(quote["text"])
    content["provenance"]["exams"] = [examined().model_dump()]
    made = Lesson.model_validate(content)
    verdicts = {}
    for each in judged(Reading(made, {sha256(ARTICLE): ARTICLE})):
        span = each.claim.quotes[0].text if each.claim.quotes else ""
        said = {"judge": ABLE, "exam": "en-0123456789ab", "ruling": "supported", "span": span}
        verdicts[f"{each.where}.verdict"] = {**said, "sha256": seal_of(each.claim, **said)}
    return changed(made, verdicts)
