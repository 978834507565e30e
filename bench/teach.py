"""Lessons by a capable model through the whole pipeline, replayed from its recorded answers, with what a program sees.

python -m bench.teach                        each recorded lesson made again, with the table; exit code 1 where a figure
                                             that a program can tell is missed, or a recorded answer was not asked for
python -m bench.teach --out FOLDER           besides, each lesson in all formats, and as JSON with its texts
python -m bench.teach record NAME --base-url http://127.0.0.1:9100/v1 [--about "how it came to be"]
                                             one lesson by a model on a server; its answers are kept in
                                             `data/lesson_answers/`, and a run that was broken off goes on where it was

The articles are full ones of the Wikipedia sample (`bench.wiki_sample`), none of which the prompts were written on; the
repository holds the model's answers, not the articles. The judge's exam is that of `data/judge_answers/`. What only
readers can tell stands in `data/lesson_readings/`.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from bench.full_articles import full_articles
from bench.replay import FOLDER as EXAMS
from bench.replay import Recording, RecordingAttempt, Replay
from bench.table import print_table
from lessongen.check.items import flaws
from lessongen.check.judges.exam import load_exam
from lessongen.check.judges.sitting import sit
from lessongen.check.reading import Reading
from lessongen.check.verdicts import judged
from lessongen.generation.generate import Generator
from lessongen.generation.judging import Judging
from lessongen.lesson.body import body_text
from lessongen.lesson.judgement import ExamResult, Identity
from lessongen.lesson.material import Audience, Document, Material
from lessongen.lesson.model import Lesson
from lessongen.lesson.reading import lesson_of_json
from lessongen.lesson.task import LessonRequest
from lessongen.system.clock import SystemClock
from lessongen.system.levels import grade_of
from lessongen.text.readability import reading_grade
from lessongen.writers.openai.client import ModelClient, Server
from lessongen.writers.openai.judge import Asking, ModelJudge
from lessongen.writers.openai.writer import OpenAIWriter, Setup
from lessongen.writers.templates import Templates

ANSWERS = Path(__file__).parent / "data" / "lesson_answers"
MODEL = "by-hand"
SEED = 16
_PATIENCE_SECONDS = 3500.0
_ROOM = 1.0
"""Grades that a text may be off."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One lesson that is asked for: of which article, for whom, how long."""

    title: str
    subject: str
    level: str
    minutes: int

    @property
    def name(self) -> str:
        """As its recording is called."""
        return self.title.lower().replace(" ", "_")

    @property
    def request(self) -> LessonRequest:
        """What is asked for."""
        return LessonRequest(
            subject=self.subject,
            topic=self.title,
            level=self.level,
            minutes=self.minutes,
            writer="openai",
            seed=SEED,
        )


CASES = (
    Case(title="Adobe", subject="geography", level="grade-5", minutes=45),
    Case(title="Aardvark", subject="biology", level="grade-4", minutes=30),
    Case(title="Arithmetic mean", subject="mathematics", level="grade-7", minutes=40),
    Case(title="Albedo", subject="physics", level="grade-9", minutes=45),
    Case(title="Animal Farm", subject="English literature", level="grade-8", minutes=45),
    Case(title="Articles of Confederation", subject="history", level="grade-11", minutes=60),
)


@dataclass(kw_only=True)
class LessonAttempt(RecordingAttempt):
    """An attempt that keeps the answers of models alone, and counts which it asked for."""

    asked: list[str] = field(default_factory=list)

    def step(self, key: str, inputs: Any, make: Any) -> Any:
        """A model's answer by the recording; all else is made now."""
        if "messages" not in inputs:
            return make()
        self.asked.append(key)
        return super().step(key, inputs, make)


@dataclass(kw_only=True)
class Results:
    """Exam results, in memory."""

    kept: list[ExamResult] = field(default_factory=list)

    def add(self, result: ExamResult) -> int:
        """Keep a result."""
        self.kept.append(result)
        return len(self.kept)

    def of(self, identity: Identity, exam: str) -> Sequence[ExamResult]:
        """Those of that judge in that exam."""
        return [each for each in reversed(self.kept) if each.identity == identity and each.exam == exam]


def made(case: Case, base_url: str, attempt: LessonAttempt) -> tuple[Lesson, dict[str, str]]:
    """The lesson by the whole pipeline, with the texts that it stands on."""
    server = Server(
        base_url=base_url, model=MODEL, timeout_seconds=_PATIENCE_SECONDS, deadline_seconds=_PATIENCE_SECONDS
    )

    @cache
    def client(model: str, temperature: float = 0.4) -> ModelClient:
        return ModelClient(dataclasses.replace(server, model=model, temperature=temperature))

    def nothing(_model: str, _tokens_in: int, _tokens_out: int) -> None:
        return None

    setup = Setup(
        model=MODEL,
        verify_model="",
        temperature=0.4,
        source_tokens=24_000,
        template=Templates(Path("/nonexistent")).load,
        price=nothing,
    )
    exam, results = load_exam(), Results()
    judge = ModelJudge(Asking(model=MODEL, base_url=base_url, client=client, price=nothing), exam)
    exam_attempt = RecordingAttempt(seed=0, recording=Recording.read(EXAMS / "capable.jsonl"))
    results.add(sit(judge, exam, exam_attempt, SystemClock()).result)
    generator = Generator(
        gather=lambda _request, _attempt: Material(article=document(case.title)),
        writers={"openai": lambda: OpenAIWriter(setup, client)},
        body_text=body_text,
        judging=Judging(judge=lambda _request, _exam: judge, results=lambda: results),
    )
    version = generator(case.request, attempt)
    return lesson_of_json(version.content), dict(version.texts)


@cache
def documents() -> dict[str, Document]:
    """The sample's articles by title."""
    return {each.title: each for each in full_articles()}


def document(title: str) -> Document:
    """One of them."""
    return documents()[title]


# ---------------------------------------------------------------- figures


def row_of(case: Case, lesson: Lesson, texts: dict[str, str], attempt: LessonAttempt) -> list[str]:
    """What a program can tell of a lesson."""
    reading = Reading(lesson, texts)
    roles = Counter(claim.role for claim in reading.statements)
    verdicts = [each.verdict for each in judged(reading)]
    asked = [each for each in lesson.questions if each.role != "starter"]
    found = flaws(lesson)
    grade = reading_grade("\n".join(claim.text for run in reading.runs for claim in run))
    provenance = lesson.provenance
    sources = sum(len(text) for text in texts.values()) // 4
    tokens_in = sum(each.input_tokens for each in attempt.usages)
    return [
        case.name,
        " ".join(f"{count} {role}" for role, count in roles.most_common()),
        f"{sum(each is not None and each.ruling == 'supported' for each in verdicts)} of {len(verdicts)}",
        f"{(provenance.check.refused if provenance.check else {}).get('judge', 0)}, {provenance.rewritten}, "
        f"{provenance.replaced}",
        f"{len(asked)}: {', '.join(sorted({each.kind for each in asked}))}",
        str(len(found)),
        f"{grade:.1f} for {grade_of(case.level)}",
        str(len(attempt.asked)),
        f"{tokens_in:,} of {10 * sources + 30_000:,}; {sum(each.output_tokens for each in attempt.usages):,}",
    ]


HEADINGS = (
    "lesson",
    "sentences by role",
    "borne out",
    "refused, rewritten, replaced",
    "questions",
    "flaws seen",
    "grade",
    "calls",
    "tokens in of at most; out",
)


def write_out(folder: Path, case: Case, lesson: Lesson, texts: dict[str, str]) -> None:
    """The lesson in all formats, for student and teacher."""
    from lessongen.exporters import Order, known_formats

    folder.mkdir(parents=True, exist_ok=True)
    kept = {"lesson": lesson.model_dump(mode="json"), "texts": texts}
    (folder / f"{case.name}.json").write_text(json.dumps(kept, ensure_ascii=False))
    for name, form in known_formats().items():
        audiences: tuple[Audience, ...] = ("teacher",) if form.has_keys else ("student", "teacher")
        for audience in audiences:
            data = form.export(Order(lesson, audience, {"version": "1.0"}))
            (folder / f"{case.name}.{audience}.{name}").write_bytes(data)


def record(case: Case, base_url: str, about: str) -> int:
    """One lesson by a model on a server; its answers are kept."""
    path = ANSWERS / f"{case.name}.jsonl"
    recording = Recording.read(path) if path.exists() else Recording(path=path, model=MODEL, about=about)
    attempt = LessonAttempt(seed=SEED, recording=recording)
    lesson, texts = made(case, base_url, attempt)
    print_table(HEADINGS, [row_of(case, lesson, texts, attempt)])
    return 0


def replay(out: Path | None) -> int:
    """All recorded lessons made again."""
    rows: list[list[str]] = []
    for case in CASES:
        path = ANSWERS / f"{case.name}.jsonl"
        if not path.exists():
            continue
        recording = Recording.read(path)
        with Replay(recording) as server:
            attempt = LessonAttempt(seed=SEED, recording=recording)
            lesson, texts = made(case, server.base_url, attempt)
        rows.append(row_of(case, lesson, texts, attempt))
        if out is not None:
            write_out(out, case, lesson, texts)
    print_table(HEADINGS, rows)
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["record"])
    parser.add_argument("name", nargs="?", choices=[case.name for case in CASES])
    parser.add_argument("--base-url", default="http://127.0.0.1:9100/v1")
    parser.add_argument("--about", default="")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(arguments)
    if given.what == "record":
        case = next(each for each in CASES if each.name == given.name)
        return record(case, given.base_url, given.about)
    return replay(given.out)


if __name__ == "__main__":
    sys.exit(main())
