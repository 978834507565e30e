"""The bench of judges: answers are recorded once, replayed without a model, and its draws tell able from unable."""

from __future__ import annotations

import json
from pathlib import Path

from bench.judges import (
    PAIRS,
    TABLE,
    Candidate,
    draw_rows,
    drawn,
    model_judge,
    pairs_of,
    quotations,
    recorded_rows,
    rows_of,
)
from bench.replay import Recording, RecordingAttempt, Replay
from bench.support_pairs.articles import Article
from lessongen.check.judges.exam import Exam
from lessongen.queue.null_attempt import NullAttempt
from tests.judging import EXAM, able, answering
from tests.scripted_model import ScriptedModel, error


def rows(url: str, attempt: NullAttempt, exam: Exam = EXAM) -> list[list[str]]:
    judge = model_judge(url, "scripted-1", [EXAM], items=50, patience=20)
    found = rows_of(Candidate(name="able", judge=judge, attempt=attempt), [exam], details=False)
    return [row[:-1] for row in found]  # all but the seconds


def test_recorded_answers_give_the_same_table_without_a_model(tmp_path: Path) -> None:
    path = tmp_path / "able.jsonl"
    recording = Recording(path=path, model="scripted-1", about="answers of a script")
    with ScriptedModel(answering(able)) as server:
        asked = rows(server.base_url, RecordingAttempt(seed=1, recording=recording))
        calls = len(server.calls)
        server.answer = lambda _request: error(500, "not again")
        again = rows(server.base_url, RecordingAttempt(seed=1, recording=Recording.read(path)))
        assert len(server.calls) == calls
    with Replay(Recording.read(path)) as replay:
        replayed = rows(replay.base_url, NullAttempt(seed=1))
    assert asked == again == replayed
    assert asked[0][2] == "100.0 % (216 of 216)"
    assert not replay.missing
    assert Recording.read(path).about == "answers of a script"


def test_answers_that_can_not_be_used_are_recorded_as_that_and_count_the_same_again(tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonl"
    (short,) = drawn([EXAM], 24)
    recording = Recording(path=path, model="scripted-1", about="", drawn=24)
    with ScriptedModel(lambda _request: "supported, all of them") as server:
        asked = rows(server.base_url, RecordingAttempt(seed=1, recording=recording), short)
        calls = len(server.calls)
        assert rows(server.base_url, RecordingAttempt(seed=1, recording=Recording.read(path)), short) == asked
        assert len(server.calls) == calls == 1
    with Replay(Recording.read(path)) as replay:
        replayed = rows(replay.base_url, NullAttempt(seed=1), short)
    assert not replay.missing
    assert asked == replayed
    assert asked[0][1:4] == [f"{EXAM.name}, 24 of 432", "0.0 % (0 of 12)", "0.0 % (0 of 12)"]
    assert asked[0][6] == "24"
    assert Recording.read(path).drawn == 24


def test_what_was_never_answered_has_no_verdict(tmp_path: Path) -> None:
    with Replay(Recording(path=tmp_path / "none.jsonl", model="scripted-1", about="")) as replay:
        found = rows(replay.base_url, NullAttempt(seed=1))
    assert found[0][6] == f"{len(EXAM.pairs)}"
    assert found[0][2].startswith("0.0 %")
    assert len(replay.missing) == 9  # no call of an exam again where none was answered


def test_the_table_in_the_documentation_is_that_of_the_recorded_answers() -> None:
    sets = [EXAM, *map(pairs_of, PAIRS)]
    found, missing = recorded_rows(sets, details=False)
    assert not missing
    written = json.loads(TABLE.read_text(encoding="utf-8"))["rows"]
    assert [list(row.values()) for row in written] == [row[: len(written[0])] for row in found]


def test_the_other_pairs_are_none_of_the_exams() -> None:
    others = [{pair.claim.sentence for pair in pairs_of(path).pairs} for path in PAIRS]
    assert list(map(len, others)) == [120, 180]
    assert not set.union(*others) & {pair.claim.sentence for pair in EXAM.pairs}


def test_the_draws_tell_able_judges_from_unable_ones() -> None:
    found, met = draw_rows(EXAM, 60)
    passed = {row[0]: float(row[2]) for row in found}
    assert met
    assert passed["right in 99%"] > 90 > passed["right in 85%"]


def test_altered_quotations_are_stopped_and_true_ones_pass() -> None:
    texts = tuple(
        f"The {word} lamp of the harbour was lit by its keeper each evening in winter." for word in ("old", "red")
    )
    passed, stopped = quotations([Article(title="Lamps", sentences=texts)])
    assert passed == stopped == 200
