"""What came of exams: every SQL statement on them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lessongen.database.rows import record
from lessongen.lesson.judgement import ExamResult, Identity, KindCount
from lessongen.system.clock import to_text

if TYPE_CHECKING:
    from lessongen.database.port import Database, Row

_ADD = """
INSERT INTO exams (
    judge, model, server, prompt_sha256, exam, language, is_short, kinds, unanswered, seconds, calls, tokens, cost,
    sat_at
) VALUES (
    :judge, :model, :server, :prompt_sha256, :exam, :language, :is_short, :kinds, :unanswered, :seconds, :calls,
    :tokens, :cost, :sat_at
) RETURNING id"""
_ALL = "SELECT * FROM exams ORDER BY id DESC"
_OF = """
SELECT * FROM exams
WHERE judge = :judge AND model = :model AND server = :server AND prompt_sha256 = :prompt_sha256 AND exam = :exam
ORDER BY id DESC"""


class Exams:
    """Results of exams in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, result: ExamResult) -> int:
        """Keep a result; its number."""
        row = {
            **vars(result),
            **_columns(result.identity, result.exam),
            "kinds": json.dumps(result.kinds_as_json(), ensure_ascii=False),
            "sat_at": to_text(result.sat_at),
        }
        return self._database.durable(lambda connection: int(connection.execute(_ADD, row).fetchall()[0][0]))

    def of(self, identity: Identity, exam: str) -> list[ExamResult]:
        """The results of this judge in this exam, the latest first."""
        return [_result(row) for row in self._database.read(_OF, _columns(identity, exam))]

    def all(self) -> dict[int, ExamResult]:
        """All results by their numbers, the latest first."""
        return {row["id"]: _result(row) for row in self._database.read(_ALL)}


def _columns(identity: Identity, exam: str) -> dict[str, object]:
    return {**vars(identity), "exam": exam}


def _result(row: Row) -> ExamResult:
    kinds = tuple(KindCount(**each) for each in json.loads(row["kinds"]))
    return record(ExamResult, row, identity=record(Identity, row), kinds=kinds)
