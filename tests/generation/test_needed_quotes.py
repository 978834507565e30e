"""A sentence that a judge found borne out keeps the quotes that the judge needed, and no others."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lessongen.check.gate import examine
from lessongen.check.reading import Reading
from lessongen.check.verdicts import Judged, judged
from lessongen.generation.judging import Judging
from lessongen.lesson.draft import Draft
from lessongen.lesson.judgement import Claim, Verdict
from lessongen.lesson.model import Lesson, sha256
from lessongen.lesson.task import LessonRequest
from tests.attempts import PlainAttempt
from tests.generation.test_judging import Results, Signing
from tests.lessons import JUDGED, changed, teaching, texts

REQUEST = LessonRequest(subject="crafts", topic="boats", writer="openai", seed=1)
KEEL = "sections[1].blocks[0].sentences[3]"


@dataclass(frozen=True, kw_only=True)
class Needing(Signing):
    """A judge that supports all, by the quotes of these ids as far as a claim has them."""

    needs: tuple[str, ...]

    def judge(self, claims: Sequence[Claim], attempt: Any) -> list[Verdict]:
        """The verdicts with what they need; the span is the first of that."""
        found = []
        for each, claim in zip(super().judge(claims, attempt), claims, strict=True):
            quotes = [quote for quote in claim.quotes if quote.id in self.needs]
            span = quotes[0].text if quotes else each.span
            found.append(dataclasses.replace(each, span=span, needed=tuple(quote.id for quote in quotes)))
        return found


def outcome(lesson: Lesson, *needs: str) -> Draft:
    results, judge = Results(), Needing(decide=lambda _claim, _place: True, needs=needs)
    judging = Judging(judge=lambda _request, _exam: judge, results=lambda: results)
    return judging.draft(Draft(lesson=lesson, texts=texts()), REQUEST, PlainAttempt()).draft


def written(text: str, *cites: str) -> Lesson:
    return changed(teaching(), {KEEL: {"text": text, "cites": list(cites), "origin": "written"}})


def at_keel(draft: Draft) -> Judged:
    (found,) = [each for each in judged(Reading(draft.lesson, draft.texts)) if str(each.where) == KEEL]
    return found


def cites_at_keel(draft: Draft) -> list[str]:
    return [quote.id for quote in at_keel(draft).claim.quotes]


def test_a_supported_sentence_cites_what_its_judge_needed_alone_and_its_verdict_is_over_that() -> None:
    made = outcome(written(JUDGED, "posts", "keel", "ring"), "keel")
    assert cites_at_keel(made) == ["keel"]
    assert at_keel(made).is_sealed
    assert examine(made.lesson, made.texts).problems == ()
    again = changed(made.lesson, {f"{KEEL}.cites": ["posts", "keel", "ring"]})
    assert {each.rule for each in examine(again, made.texts).problems} == {"verdict-unaltered"}


def test_a_judge_that_names_none_leaves_all() -> None:
    made = outcome(written(JUDGED, "posts", "keel"))
    assert cites_at_keel(made) == ["posts", "keel"]
    assert at_keel(made).is_sealed


def test_a_quote_that_nothing_else_cites_goes_with_its_cite() -> None:
    text = "Ropes of hemp last for two winters before they must be replaced."
    source = next(at for at, each in enumerate(teaching().sources) if any(quote.id == "ring" for quote in each.quotes))
    quotes = [quote.model_dump() for quote in teaching().sources[source].quotes]
    spare = quotes[0] | {"id": "spare", "text": text, "sha256": sha256(text)}
    lesson = changed(
        teaching(),
        {
            f"sources[{source}].quotes": [*quotes, spare],
            KEEL: {"text": JUDGED, "cites": ["keel", "spare"], "origin": "written"},
        },
    )
    made = outcome(lesson, "keel")
    assert cites_at_keel(made) == ["keel"]
    assert "spare" not in {quote.id for each in made.lesson.sources for quote in each.quotes}
    assert examine(made.lesson, made.texts).problems == ()


def test_a_quote_that_alone_has_the_sentences_number_stays_though_the_judge_did_not_name_it() -> None:
    lesson = written("Such a boat is of cedar, and the village chose its lamps in 1802.", "keel", "lamps")
    made = outcome(lesson, "keel")
    assert cites_at_keel(made) == ["keel", "lamps"]


def test_a_question_keeps_all_that_it_cites() -> None:
    before = teaching()
    asked = changed(before, {"questions[5].origin": "written", "questions[5].answer": "A boat."})
    many = next(at for at, each in enumerate(asked.questions) if len(each.cites) > 1)
    asked = changed(asked, {f"questions[{many}].origin": "written"})
    made = outcome(asked, asked.questions[many].cites[0])
    assert made.lesson.questions[many].cites == asked.questions[many].cites
