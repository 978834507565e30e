"""The quality of lessons in figures that no model judges, for each writer, against what they are meant to reach.

python -m bench.quality [--json FILE] [--misses]     40 leads of the offline encyclopedia, 40 full articles
python -m bench.quality --database PATH [...]        and the lessons that a database holds, whoever wrote them

Of each forty, twenty were never tuned on: topics of `topics_held_out.tsv`, and full articles of the half that was kept
for trying, both chosen by a hash. Exits with 1 where a figure falls short.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.articles import is_full
from bench.full_articles import full_articles
from bench.lessons import covered_topics, random_topics
from bench.measures import Measured
from bench.shares import Share
from bench.table import print_table
from lessongen.generation.generate import Generator
from lessongen.lesson.body import body_text
from lessongen.lesson.encyclopedia import Encyclopedia
from lessongen.lesson.likeness import pairs_asked
from lessongen.lesson.material import Document, Material
from lessongen.lesson.model import Lesson, sha256
from lessongen.lesson.task import LessonRequest
from lessongen.sources.offline import open_encyclopedia
from lessongen.system.errors import CheckFailed, TooThin
from lessongen.writers.extractive import ExtractiveWriter
from tests.attempts import PlainAttempt

SEED = 1
LEVELS = ("general", "grade-6")
EACH = 20  # topics tuned on, and as many that were not
_HELD_OUT = Path(__file__).parent / "data" / "topics_held_out.tsv"
_VERSIONS = """
SELECT lessons.id, number, writer, content FROM versions JOIN lessons ON lessons.id = versions.lesson
ORDER BY lessons.id, number"""
_TEXTS = """
SELECT version_texts.sha256, text FROM version_texts JOIN texts ON texts.sha256 = version_texts.sha256
WHERE lesson = ? AND number = ?"""


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A request with the article that answers it."""

    subject: str
    topic: str
    document: Document


@dataclass(frozen=True, kw_only=True)
class Column:
    """What one writer made of one kind of material; `made` is empty of lessons that were found in a database."""

    name: str
    measured: Measured
    made: Share
    unseen: Share
    thin: Sequence[str] = ()
    made_at_least: float = 0.0
    is_full: bool = False
    keys_at_least: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A line of the table: its value in a column, None where it is not measured there, and the target."""

    name: str
    value: Callable[[Column], float | None]
    target: Callable[[Column], float]
    at_most: bool = False
    is_count: bool = False

    def met(self, column: Column) -> bool | None:
        """Whether the column reaches the target."""
        value = self.value(column)
        if value is None:
            return None
        return value <= self.target(column) if self.at_most else value >= self.target(column)

    def written(self, value: float) -> str:
        """The value as the table shows it."""
        if self.is_count:
            return f"{value:.0f}"
        return f"{value:.2f}" if self.at_most and self.name.startswith("overlap") else f"{100 * value:.1f} %"


def _all(_: Column) -> float:
    return 1.0


def _none(_: Column) -> float:
    return 0.0


def _share_of(name: str, share: str, target: float) -> Figure:
    """A share that is measured on the topic; None where there is nothing of it."""

    def value(column: Column) -> float | None:
        found: Share = getattr(column.measured.on_topic, share)
        return found.value if found.whole else None

    return Figure(name=name, value=value, target=lambda _: target)


def _none_of(name: str, found: str) -> Figure:
    return Figure(
        name=name,
        value=lambda each: float(len(getattr(each.measured.on_topic, found))),
        target=_none,
        at_most=True,
        is_count=True,
    )


ON_TOPIC = (
    _share_of("sentences from the topic's own article", "own", 0.8),
    _share_of("questions on these", "asked_own", 0.85),
    _share_of("open keys with mark points", "marked", 1.0),
    _none_of("true or false and gaps on a sentence of the same section", "retold"),
    _none_of("comparisons across kinds", "unlike"),
    _none_of("quotes that end in an abbreviation", "cut"),
    _share_of("choice and true or false without a flaw that a program sees", "flawless", 0.9),
    _share_of("reads above the grade asked for, and says so", "level_said", 1.0),
)

FIGURES: Sequence[Figure] = (
    Figure(
        name="lessons with sound schema, references and quotes",
        value=lambda each: each.measured.sound.value,
        target=_all,
    ),
    Figure(
        name="factual sentences cited, computed or signed", value=lambda each: each.measured.cited.value, target=_all
    ),
    Figure(
        name="cited sentences whose numbers and names their quote has",
        value=lambda each: each.measured.borne.value,
        target=_all,
    ),
    Figure(
        name="keys that follow from their quotes",
        value=lambda each: each.measured.keys.value,
        target=lambda each: each.keys_at_least,
    ),
    Figure(
        name="choices of 4 whose right option is the longest",
        value=lambda each: each.measured.longest.value if each.measured.longest.whole else None,
        target=lambda _: 0.35,
        at_most=True,
    ),
    Figure(
        name="lessons whose key positions differ by 1 at most",
        value=lambda each: each.measured.balanced.value,
        target=_all,
    ),
    Figure(
        name="duplicate questions in the batch",
        value=lambda each: float(len(each.measured.duplicates)),
        target=_none,
        at_most=True,
        is_count=True,
    ),
    Figure(
        name="overlap of a second version's questions",
        value=lambda each: statistics.mean(each.measured.repeated) if each.is_full and each.measured.repeated else None,
        target=lambda _: 0.35,
        at_most=True,
    ),
    Figure(name="objectives with a section and a question", value=lambda each: each.measured.served.value, target=_all),
    Figure(
        name="student outputs that depend on a key",
        value=lambda each: float(len(each.measured.student.misses)),
        target=_none,
        at_most=True,
        is_count=True,
    ),
    Figure(
        name="questions above recall",
        value=lambda each: each.measured.above_recall.value,
        target=lambda _: 0.25,
    ),
    *ON_TOPIC,
    Figure(
        name="lessons made of the topics",
        value=lambda each: each.made.value if each.made.whole else None,
        target=lambda each: each.made_at_least,
    ),
    Figure(
        name="lessons made of those never tuned on",
        value=lambda each: each.unseen.value if each.unseen.whole else None,
        target=lambda each: each.made_at_least,
    ),
)


# ---------------------------------------------------------------- topics


def lead_topics(encyclopedia: Encyclopedia) -> tuple[list[Topic], list[Topic]]:
    """Twenty that were tuned on and twenty that were not, each on an article of its own."""
    known = list({row[2]: row for row in reversed(covered_topics(encyclopedia))}.values())[::-1]
    titles = {title for _, _, title in known}
    held_out: list[tuple[str, str, str]] = []
    for line in _HELD_OUT.read_text(encoding="utf-8").splitlines():
        subject, topic, rights = line.split("\t")
        title = next((each for each in rights.split("|") if encyclopedia.entry_titled(each)), None)
        if title is not None and title not in titles:
            titles.add(title)
            held_out.append((subject, topic, title))
    drawn = [sorted(rows, key=lambda row: sha256(f"quality {row[2]}"))[:EACH] for rows in (known[::2], held_out)]
    tuned, fresh = ([_lead(encyclopedia, *row) for row in rows] for rows in drawn)
    return tuned, fresh


def _lead(encyclopedia: Encyclopedia, subject: str, topic: str, title: str) -> Topic:
    entry = encyclopedia.entry_titled(title)
    assert entry is not None, title
    return Topic(subject=subject, topic=topic, document=entry.document)


def article_topics() -> tuple[list[Topic], list[Topic]]:
    """Twenty full articles of the half that was looked at, and twenty of the one that was kept for trying."""
    halves: tuple[list[Topic], list[Topic]] = ([], [])
    for document in full_articles():
        half = halves[int(sha256(document.title), 16) % 2]
        if len(half) < EACH:
            half.append(Topic(subject="general", topic=document.title, document=document))
    return halves


def other_topics(encyclopedia: Encyclopedia) -> list[Topic]:
    """The sample's full articles that are in neither half, and forty leads drawn from the whole encyclopedia."""
    taken = {topic.document.title for half in (*article_topics(), *lead_topics(encyclopedia)) for topic in half}
    rest = [
        Topic(subject="general", topic=document.title, document=document)
        for document in full_articles()
        if document.title not in taken
    ]
    leads = [_lead(encyclopedia, *row) for row in random_topics(encyclopedia, 2 * EACH) if row[2] not in taken]
    return [*rest, *leads]


# ---------------------------------------------------------------- columns


def extractive(
    name: str, topics: tuple[Sequence[Topic], Sequence[Topic]], encyclopedia: Encyclopedia, *, at_least: float
) -> Column:
    """What the extractive writer makes of these topics, those tuned on first; two versions of each."""
    measured, made, unseen, thin = Measured(), Share(), Share(), []
    beside: set[tuple[str, str]] = set()  # as the queue tells it within a batch
    for topic, is_unseen in [(each, False) for each in topics[0]] + [(each, True) for each in topics[1]]:
        seed = int(sha256(topic.topic)[:6], 16)  # a task has one of its own
        first = written(topic, encyclopedia, seed, (), beside)
        said = f"{topic.document.title}: {first if isinstance(first, str) else 'made'}"
        for share in (made, unseen) if is_unseen else (made,):
            share.count(not isinstance(first, str), said)
        if isinstance(first, str):
            thin.append(said)
            continue
        lesson, texts = first
        content = lesson.model_dump(mode="json")
        measured.add(content, texts)
        beside |= pairs_asked(lesson)
        second = written(topic, encyclopedia, seed + 1, [lesson], ())
        if not isinstance(second, str) and is_full(topic.document):
            measured.add_second(content, second[0].model_dump(mode="json"))
    full = all(is_full(each.document) for each in topics[0])
    return Column(
        name=name, measured=measured, made=made, unseen=unseen, thin=thin, made_at_least=at_least, is_full=full
    )


def made_of(material: str) -> Column:
    """The column on "leads" or on "full" articles, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        encyclopedia = open_encyclopedia(Path(folder))
        if material == "leads":
            return extractive("extractive, leads", lead_topics(encyclopedia), encyclopedia, at_least=0.85)
        return extractive("extractive, full", article_topics(), encyclopedia, at_least=0.97)


def written(
    topic: Topic,
    encyclopedia: Encyclopedia,
    seed: int,
    earlier: Sequence[Lesson],
    beside: Collection[tuple[str, str]],
) -> tuple[Lesson, Mapping[str, str]] | str:
    """A lesson with the texts of its sources, made as a task makes it; or why there is none."""
    level = LEVELS[int(sha256(topic.topic), 16) % len(LEVELS)]
    request = LessonRequest(
        subject=topic.subject, topic=topic.topic, level=level, seed=seed, writer=ExtractiveWriter.name
    )
    attempt = PlainAttempt(seed=seed, earlier=earlier, asked_beside=frozenset(beside))
    generator = Generator(
        gather=lambda *_: Material(article=topic.document),
        writers={ExtractiveWriter.name: lambda: ExtractiveWriter(encyclopedia)},
        body_text=body_text,
    )
    try:
        made = generator(request, attempt)
    except (TooThin, CheckFailed) as refusal:
        return refusal.message
    return Lesson.model_validate_json(made.content), made.texts


def saved(database: Path) -> Iterator[Column]:
    """The lessons of a database by writer: first versions in the batch, each later one against that before it."""
    found: dict[str, Measured] = {}
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        before: tuple[int, Mapping[str, Any]] | None = None
        for lesson, number, writer, text in connection.execute(_VERSIONS).fetchall():
            content = json.loads(text)
            measured = found.setdefault(writer, Measured())
            if before is not None and before[0] == lesson:
                measured.add_second(before[1], content)
            else:
                measured.add(content, dict(connection.execute(_TEXTS, (lesson, number)).fetchall()))
            before = (lesson, content)
    for writer, measured in sorted(found.items()):
        least = 1.0 if writer == "extractive" else 0.95
        yield Column(
            name=f"{writer}, saved",
            measured=measured,
            made=Share(),
            unseen=Share(),
            is_full=True,
            keys_at_least=least,
        )


# ---------------------------------------------------------------- output


def as_json(columns: Sequence[Column]) -> dict[str, Any]:
    """The figures as plain JSON types."""
    shown: dict[str, Any] = {"seed": SEED, "columns": []}
    for column in columns:
        figures = []
        for figure in FIGURES:
            value = figure.value(column)
            if value is not None:
                target = figure.target(column)
                figures.append(
                    {
                        "figure": figure.name,
                        "value": round(value, 4),
                        "shown": figure.written(value),
                        "target": f"{'≤' if figure.at_most else '≥'} {figure.written(target)}",
                        "met": figure.met(column),
                    }
                )
        kinds = dict(sorted(column.measured.kinds.items()))
        shown["columns"].append(
            {"name": column.name, "lessons": column.measured.lessons, "questions": kinds, "figures": figures}
        )
    return shown


def report(columns: Sequence[Column], *, misses: bool) -> bool:
    """Print the table; whether all targets are met."""
    rows, all_met = [], True
    for figure in FIGURES:
        cells: list[str] = []
        for column in columns:
            value, met = figure.value(column), figure.met(column)
            all_met = all_met and met is not False
            cells.append("-" if value is None else figure.written(value) + ("" if met else " !"))
        least = sorted({f"{'≤' if figure.at_most else '≥'} {figure.written(figure.target(each))}" for each in columns})
        rows.append([figure.name, *cells, " / ".join(least)])
    print_table(["figure", *(f"{each.name} ({each.measured.lessons})" for each in columns), "target"], rows)
    for column in columns:
        made = Counter(column.measured.on_topic.kinds).most_common()
        print(f"{column.name}: " + ", ".join(f"{count} x {kind}" for kind, count in made))
        print("  questions: " + ", ".join(f"{count} {kind}" for kind, count in column.measured.kinds.most_common()))
        for each in column.thin:
            print(f"  not made: {each}")
        if misses:
            _print_misses(column.measured)
    return all_met


def _print_misses(measured: Measured) -> None:
    for share in ("sound", "cited", "borne", "keys", "balanced", "served", "student"):
        for miss in getattr(measured, share).misses:
            print(f"  {share}: {miss}")
    for share in ("own", "asked_own", "marked", "flawless", "level_said"):
        for miss in getattr(measured.on_topic, share).misses:
            print(f"  {share}: {miss}")
    for counted in ("retold", "unlike", "cut"):
        for each in getattr(measured.on_topic, counted):
            print(f"  {counted}: {each}")
    for pair in measured.duplicates:
        print(f"  duplicate: {pair}")


def main() -> int:
    """Measure; 1 where a figure falls short."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", type=Path, metavar="PATH", help="measure the lessons of this database as well")
    parser.add_argument("--only-database", action="store_true", help="and nothing else")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--misses", action="store_true", help="list what falls short")
    asked = parser.parse_args()
    columns: list[Column] = []
    if not asked.only_database:
        with ProcessPoolExecutor(2) as pool:
            columns += pool.map(made_of, ("leads", "full"))
    if asked.database:
        columns += saved(asked.database)
    met = report(columns, misses=asked.misses)
    if asked.json:
        asked.json.write_text(json.dumps(as_json(columns), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
