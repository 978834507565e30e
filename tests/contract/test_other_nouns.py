"""What every store promises about reviews, tokens, exams, reused lessons, and calls by a provider's Batch API."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from lessongen.jobs import WORKER_GONE, Jobs
from lessongen.lesson.attempt import BatchedAnswer, BatchedCall, Usage
from lessongen.lesson.judgement import ExamResult, Identity, KindCount
from lessongen.lesson.records import Batch, BatchRow, Expected, Reuse, SubmitLimit
from lessongen.lesson.sent_batches import Answered, ProviderBatch
from lessongen.lesson.task import LessonRequest, Priority, Status, Submission
from lessongen.lesson.versions import Approval, Lock, Mark, Version
from lessongen.system.errors import Superseded
from tests.queues import Place, SetClock, new_version, open_jobs, submit


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def jobs(place: Place, clock: SetClock) -> Jobs:
    return open_jobs(place, clock)


def written(jobs: Jobs) -> Version:
    task = submit(jobs)
    version = jobs.complete(jobs.claim("w1", 1)[0], new_version(task.request)).version
    assert version is not None
    return version


def test_what_is_locked_stays_so_once_and_a_version_made_for_other_locks_is_refused(
    jobs: Jobs, clock: SetClock
) -> None:
    version, lessons = written(jobs), jobs.store.lessons
    locks = [Lock(part="quiz", user="ann", created_at=clock.now()), Lock(part="goals", user="", created_at=clock.now())]
    lessons.lock(version.lesson.id, locks)
    lessons.lock(version.lesson.id, [replace(locks[0], user="bob")])
    assert {(lock.part, lock.user) for lock in lessons.locks(version.lesson.id)} == {("quiz", "ann"), ("goals", "")}
    new = new_version(LessonRequest(subject="english", topic="verbs"))
    with pytest.raises(Superseded, match="locked or unlocked"):
        lessons.add(replace(new, expects=Expected(locks=frozenset({"quiz"}))), clock.now())
    with pytest.raises(Superseded, match=r"a version 1\.0 now"):
        lessons.add(replace(new, expects=Expected(next_number=0)), clock.now())
    kept = replace(
        new, expects=Expected(locks=frozenset({"quiz", "goals"}), next_number=1), unlocks=frozenset({"quiz"})
    )
    assert lessons.add(kept, clock.now()).text == "1.1"
    lessons.unlock(version.lesson.id, ["goals"])
    assert lessons.locks(version.lesson.id) == []


def test_approvals_are_of_a_version_and_one_for_each_reviewer(jobs: Jobs, clock: SetClock) -> None:
    version, lessons = written(jobs), jobs.store.lessons
    first = Approval(reviewer="ann", note="", marks=(Mark(question="q1", verdict="reject"),), created_at=clock.now())
    lessons.approve(version.lesson.id, version.number, first)
    lessons.approve(version.lesson.id, version.number, replace(first, note="again"))
    lessons.approve(version.lesson.id, version.number, replace(first, reviewer="bob", marks=()))
    found = lessons.approvals(version.lesson.id)[version.number]
    assert [(each.reviewer, each.note, len(each.marks)) for each in found] == [("ann", "again", 1), ("bob", "", 0)]
    assert lessons.approved() == {version.lesson.id: ["ann", "bob"]}
    assert lessons.withdraw(version.lesson.id, version.number, "ann") == 1
    assert lessons.withdraw(version.lesson.id, version.number, None) == 1
    assert lessons.approved() == {}


def test_tokens_are_found_by_their_hash_until_they_are_revoked(jobs: Jobs, clock: SetClock) -> None:
    tokens = jobs.store.tokens
    limit = SubmitLimit(tasks=5, period=timedelta(hours=2), defers=False)
    one, other = tokens.add("a", "ann", limit, clock.now()), tokens.add("b", "bob", None, clock.now())
    assert (tokens.find("a"), tokens.find("c")) == (one, None)
    assert tokens.longest_period() == timedelta(hours=2)
    assert tokens.revoke([one.number, 99], clock.now()) == [one.number]
    assert tokens.revoke([one.number], clock.now()) == []
    assert tokens.valid(["a", "b", "c"]) == {"b"}
    assert [token.number for token in tokens.all()] == [one.number, other.number]
    assert tokens.longest_period() == timedelta()


def test_results_of_exams_are_kept_by_judge_and_exam(jobs: Jobs, clock: SetClock) -> None:
    identity = Identity(judge="model", model="small", server="", prompt_sha256="x")
    result = ExamResult(
        identity=identity,
        exam="exam-1",
        language="en",
        is_short=True,
        kinds=(KindCount(kind="number", is_honest=False, right=3, pairs=4),),
        unanswered=0,
        seconds=1.5,
        calls=2,
        tokens=300,
        cost=None,
        sat_at=clock.now(),
    )
    first = jobs.store.exams.add(result)
    second = jobs.store.exams.add(replace(result, is_short=False, cost=0.25))
    assert jobs.store.exams.of(identity, "exam-1") == [replace(result, is_short=False, cost=0.25), result]
    assert jobs.store.exams.of(identity, "exam-2") == []
    assert list(jobs.store.exams.all()) == [second, first]


def test_a_reused_lesson_is_known_by_its_id_until_it_expires(jobs: Jobs, clock: SetClock) -> None:
    version, retired = written(jobs), jobs.store.retired
    reuse = Reuse(task_id="r1", user="ann", lesson_id=version.lesson.id, number=version.number, created_at=clock.now())
    retired.add_reuse(reuse)
    assert retired.reuse("r1") == reuse
    clock.advance(7_200)
    retired.purge(reuses_before=clock.now(), expired_before=clock.now() - timedelta(days=1), now=clock.now())
    assert (retired.reuse("r1"), retired.user_of_expired("r1")) == (None, "ann")
    clock.advance(2 * 86_400)
    retired.purge(reuses_before=clock.now(), expired_before=clock.now() - timedelta(days=1), now=clock.now())
    assert retired.user_of_expired("r1") is None


def test_calls_by_a_batch_api_go_out_together_and_each_answer_makes_its_task_due_once(
    jobs: Jobs, clock: SetClock
) -> None:
    store, now = jobs.store, clock.now()
    batch = Batch(
        batch_id=str(uuid.uuid4()),
        name="plan.csv",
        fingerprint="f",
        user="",
        tasks=2,
        skipped=0,
        fail_fast=False,
        on_done=None,
        webhook=None,
        created_at=now,
        ended_at=None,
        summary=None,
    )
    rows = [
        BatchRow(
            task_id=str(uuid.uuid4()),
            submission=Submission(
                request=LessonRequest(subject="english", topic=topic, writer="openai", batch_api=True),
                user="",
                priority=Priority.NORMAL,
                max_attempts=5,
                batch_id=batch.batch_id,
            ),
        )
        for topic in ("a", "b")
    ]
    assert store.batches.add(batch, rows, now=now, at=clock.boot_time()) is None
    call = BatchedCall(key="outline", inputs_sha256="1" * 64, model="small", body={"ask": "é"}, cost=None)
    for lease in jobs.claim("w1", 2):
        assert jobs.hand_in(lease, [call])
    assert not jobs.claim("w1", 2)
    assert not store.tasks.any_for_workers()

    sent = store.sent_batches
    (waiting,) = sent.waiting()
    assert (waiting.calls, waiting.may_grow, sent.has_any(), sent.has_waiting()) == (2, False, True, True)
    packed = sent.pack(waiting, "p1", "http://x", most_calls=10, most_bytes=10_000, now=now)
    assert packed is not None
    assert (packed.calls, packed.is_wanted, sent.has_waiting()) == (2, True, False)
    lines = list(sent.lines(packed))
    assert [body for _, body in lines] == ['{"ask":"é"}'] * 2
    sent.filed(packed, "file", now)
    sent.seen(packed, ProviderBatch(id="b1", status="running", total=2, answered=1, failed=0, files=(), errors=()))
    assert sent.missed(packed) == 1
    at = sent.at_provider(batch.batch_id)
    assert at is not None
    assert (at.waiting, at.sent, at.answered) == (0, 2, 1)

    usage = Usage(step="outline", model="small", input_tokens=5, output_tokens=6, cost=0.5)
    answer = Answered(
        custom_id=lines[0][0],
        answer=BatchedAnswer(status=200, body={"ok": 1}),
        usage=lambda key: replace(usage, step=key),
    )
    assert sent.take(packed, [answer], now) == 1
    assert sent.take(packed, [answer], now) == 0
    (lease,) = jobs.claim("w1", 2)
    assert lease.task.task_id == rows[0].task_id
    assert sent.answer(lease.task, "outline", "1" * 64) == BatchedAnswer(status=200, body={"ok": 1})
    assert store.leases.spent(lease.task).cost == 0.5
    assert store.leases.keep_step(lease, "outline", "1" * 64, "{}", [], now, is_batched=True)
    assert sent.answer(lease.task, "outline", "1" * 64) is None

    assert sent.end(packed, most_sends=1, failure=WORKER_GONE, now=now) == (0, 1)
    assert jobs.get(rows[1].task_id).status is Status.FAILED
    assert (sent.has_any(), sent.open(), sent.unwanted()) == (False, [], [])
