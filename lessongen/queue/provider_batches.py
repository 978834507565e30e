"""Sends the calls that wait for a provider's Batch API, looks after what is there, and takes it apart.

Whoever holds the lock is the one process that does so. Each step is recorded before it is taken: a sent batch is kept
before its file is sent, and the file's id before the provider is asked to begin. One that was found with a file and
without a batch is looked for at the provider first, so that a process killed in between sends nothing twice.
"""

from __future__ import annotations

import dataclasses
import logging
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from lessongen.lesson.attempt import BatchedAnswer, Usage
from lessongen.lesson.sent_batches import (
    Answered,
    LineError,
    Provider,
    ProviderAnswer,
    ProviderBatch,
    SentBatch,
    Waiting,
)
from lessongen.lesson.task import Failure
from lessongen.system.clock import Clock
from lessongen.system.errors import (
    Cancelled,
    ExitCode,
    LessongenError,
    NoBatchApi,
    RequestRefused,
)

if TYPE_CHECKING:
    from lessongen.store import SentBatches

log = logging.getLogger("lessongen.queue.worker")

Stopping = Callable[[], bool]
Price = Callable[[str, int, int], float | None]
Release = Callable[[], None]

_OVER = ("completed", "failed", "expired", "cancelled")
_FULL = ("token_limit_exceeded", "rate_limit_exceeded", "enqueued_token_limit_exceeded")
_AT_ONCE = 200  # answers a transaction
_GATHERS_EVERY_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 3_600.0
_AGAIN = (408, 409, 425, 429)  # statuses of single calls that go into the next sent_batch
_AGAIN_BY_CODE = ("batch_expired", "batch_cancelled")
_USED_UP = ("insufficient_quota", "billing_hard_limit_reached")

_UNANSWERED = Failure(
    code="unanswered",
    message="The provider took the call in batch after batch, and answered it in none.",
    hint="Retry the batch; or submit it without --batch-api.",
    exit_code=ExitCode.UNAVAILABLE,
)
_UNKNOWN = Failure(
    code="request_refused",
    message="It can't be told whether the provider has begun with the calls: it lists no batches.",
    hint="Look there; then retry the batch, which sends them again.",
    exit_code=ExitCode.UNAVAILABLE,
)


@dataclass(frozen=True, kw_only=True)
class ProviderBatchRules:
    """The numbers behind it.

    Calls that wait are sent once no task can add to them, or after `gather_seconds`. A provider is asked each
    `look_seconds`. It may be slow to list what it was just asked to begin: `settle_seconds`. What is not over after
    `patience` is given up; OpenAI promises a day.
    """

    look_seconds: float = 60.0
    gather_seconds: float = 600.0
    settle_seconds: float = 2.0
    patience: timedelta = timedelta(hours=30)
    kept_by_provider: timedelta = timedelta(days=30)  # answers that can't be fetched for so long are gone
    most_sends: int = 5
    most_looks_missing: int = 3
    most_calls: int = 20_000  # OpenAI takes 50,000
    most_bytes: int = 100 * 2**20  # OpenAI takes 200 MB


@dataclass(eq=False, kw_only=True)
class ProviderBatches:
    """One process's side of it. `provider` makes what is asked; `hold` takes the lock, None where it is taken."""

    store: SentBatches
    clock: Clock
    provider: Callable[[], Provider]
    price: Price
    hold: Callable[[], Release | None]
    rules: ProviderBatchRules = field(default_factory=ProviderBatchRules)
    _asked: Provider | None = None
    _look_next: float = float("-inf")
    _send_next: float = float("-inf")
    _is_held_up: bool = False  # there is nothing that can be sent now, but it may wait
    _look_at: dict[str, float] = field(default_factory=dict)
    _hurried: frozenset[str] = frozenset()
    _troubles: dict[str, int] = field(default_factory=dict)  # how many in a row, by sent_batch, or batch and model
    _smaller: dict[str, int] = field(default_factory=dict)  # the most calls that a model's sent_batch may have

    # ------------------------------------------------------------ for the worker

    def has_work(self) -> bool:
        """Whether calls wait or are with the provider."""
        return self.store.has_any()

    def is_due(self) -> bool:
        """Whether there is something to do now."""
        if not self.has_work():
            return False
        now = time.monotonic()
        if now >= self._look_next or (now >= self._send_next and self.store.has_waiting()):
            return True
        return not self._hurried.issuperset(self.store.unwanted())

    def is_gathering(self) -> bool:
        """Whether calls wait that will be sent as soon as no task can add to them."""
        return not self._is_held_up and self.store.has_waiting()

    def seconds_until_due(self) -> float:
        """In how many seconds there may be something to do, if there is work at all."""
        following = min(self._look_next, self._send_next) if self.store.has_waiting() else self._look_next
        return max(0.0, following - time.monotonic())

    def attend(self, stopping: Stopping) -> None:
        """Do all that can be done now. What goes wrong is logged, kept for people, and tried again later."""
        self._look_next = self._send_next = time.monotonic() + self.rules.look_seconds
        self._is_held_up = True
        hurried, self._hurried = self._hurried, frozenset(self.store.unwanted())
        for sent_batch_id in self._hurried - hurried:
            self._look_at[sent_batch_id] = 0.0  # what nobody waits for any more is cancelled at once
        release = self.hold()
        if release is None:
            return  # another worker is at it
        try:
            self._attend(stopping)
        except Cancelled:
            pass  # the worker leaves; what was recorded is gone on with
        finally:
            release()

    def _attend(self, stopping: Stopping) -> None:
        self.store.sweep()
        try:
            provider = self._asked = self._asked or self.provider()
        except LessongenError as error:
            log.error("calls wait for the provider's Batch API: %s %s", error.message, error.hint or "")
            for sent_batch in self.store.open():
                self.store.in_trouble(sent_batch, error.message)
            return
        for sent_batch in self.store.open():
            if time.monotonic() >= self._look_at.get(sent_batch.sent_batch_id, 0.0):
                self._bring_on(provider, sent_batch, stopping)
        for waiting in self.store.waiting():
            self._send(provider, waiting, stopping)
        self._plan_next()

    def _plan_next(self) -> None:
        now, open_ids = time.monotonic(), [sent_batch.sent_batch_id for sent_batch in self.store.open()]
        self._look_at = {key: at for key, at in self._look_at.items() if key in open_ids or at > now}
        self._look_next = min((self._look_at.get(each, now) for each in open_ids), default=float("inf"))
        pauses = [self._look_at.get(_line_of(waiting), now) for waiting in self.store.waiting()]
        self._is_held_up = bool(pauses) and min(pauses) > now
        self._send_next = max(min(pauses, default=now), now + _GATHERS_EVERY_SECONDS)

    # ------------------------------------------------------------ sending

    def _send(self, provider: Provider, waiting: Waiting, stopping: Stopping) -> None:
        """Pack calls that wait, and send them, unless they may still become more."""
        line = _line_of(waiting)
        age = (self.clock.now() - waiting.since).total_seconds()
        if time.monotonic() < self._look_at.get(line, 0.0) or (
            waiting.may_grow and 0 <= age < self.rules.gather_seconds and waiting.calls < self.rules.most_calls
        ):
            return
        sent_batch = self.store.pack(
            waiting,
            str(uuid.uuid4()),
            provider.address,
            most_calls=self._smaller.get(waiting.model, self.rules.most_calls),
            most_bytes=self.rules.most_bytes,
            now=self.clock.now(),
        )
        if sent_batch is not None:
            self._bring_on(provider, sent_batch, stopping)

    def _bring_on(self, provider: Provider, sent_batch: SentBatch, stopping: Stopping) -> None:
        """Take a sent batch one step on: send it, or look how it stands and take apart what has come."""
        self._look_at[sent_batch.sent_batch_id] = time.monotonic() + self.rules.look_seconds
        if sent_batch.address != provider.address:
            self._trouble(sent_batch, f"It was sent to {sent_batch.address}; this worker asks {provider.address}.")
            return
        try:
            if sent_batch.provider_id is not None:
                self._look(provider, sent_batch, sent_batch.provider_id, stopping)
            elif sent_batch.file_id is None or self._was_not_begun(provider, sent_batch, sent_batch.file_id, stopping):
                sent_batch = dataclasses.replace(sent_batch, file_id=None)
                self._deliver(provider, sent_batch, stopping)
        except LessongenError as error:
            self._failed(sent_batch, error)
        else:
            self._troubles.pop(sent_batch.sent_batch_id, None)

    def _was_not_begun(self, provider: Provider, sent_batch: SentBatch, file_id: str, stopping: Stopping) -> bool:
        """Whether it is certain that the provider has not begun with a file; if it has, that is recorded."""
        for is_dropped in (False, True):
            try:
                found = provider.find(sent_batch.sent_batch_id, file_id, stopping)
            except NoBatchApi as error:
                raise _CantTell from error
            if found is not None:
                self._sent(sent_batch, found)
                return False
            age = (self.clock.now() - (sent_batch.sent_at or sent_batch.created_at)).total_seconds()
            if 0 <= age < self.rules.settle_seconds:
                self._look_at[sent_batch.sent_batch_id] = time.monotonic() + self.rules.settle_seconds
                return False
            if not is_dropped:
                # Without its file a request to begin that is still on its way is refused; a faster one is found next.
                provider.drop_file(file_id, stopping)
        self.store.filed(sent_batch, None, self.clock.now())
        return True

    def _deliver(self, provider: Provider, sent_batch: SentBatch, stopping: Stopping) -> None:
        if not sent_batch.is_wanted:
            self.store.unpack(sent_batch, self.clock.now())
            return
        file_id = provider.send_file(f"lessongen-{sent_batch.sent_batch_id}.jsonl", self._lines(sent_batch), stopping)
        self.store.filed(sent_batch, file_id, self.clock.now())
        self._sent(sent_batch, provider.begin(file_id, sent_batch.sent_batch_id, stopping))

    def _sent(self, sent_batch: SentBatch, batch: ProviderBatch) -> None:
        self.store.seen(sent_batch, batch)
        log.info("sent %d calls to %s as batch %s", sent_batch.calls, sent_batch.address, batch.id)

    def _lines(self, sent_batch: SentBatch) -> Iterator[bytes]:
        for custom_id, body in self.store.lines(sent_batch):
            head = f'{{"custom_id":"{custom_id}","method":"POST","url":"/v1/chat/completions","body":'
            yield f"{head}{body}}}\n".encode()

    # ------------------------------------------------------------ looking

    def _look(self, provider: Provider, sent_batch: SentBatch, provider_id: str, stopping: Stopping) -> None:
        batch = provider.look(provider_id, stopping)
        if batch is None:
            self._missed(sent_batch)
            return
        self.store.seen(sent_batch, batch)
        if batch.status in _OVER:
            self._take_apart(provider, sent_batch, batch, stopping)
        elif self.clock.now() - (sent_batch.sent_at or sent_batch.created_at) > self.rules.patience:
            log.error("the provider did not end batch %s in time; its calls are sent again", provider_id)
            provider.cancel(provider_id, stopping)
            self._end(sent_batch)
        elif not sent_batch.is_wanted and not sent_batch.is_cancelled:
            provider.cancel(provider_id, stopping)
            self.store.asked_to_cancel(sent_batch)
            log.info("asked the provider to cancel batch %s: nobody waits for it any more", provider_id)

    def _missed(self, sent_batch: SentBatch) -> None:
        """A batch that the provider does not know: it may come back, so it is not given up at once."""
        if self.store.missed(sent_batch) < self.rules.most_looks_missing:
            self._trouble(sent_batch, f"{sent_batch.address} does not know the batch {sent_batch.provider_id}.")
            return
        log.error("the provider has lost batch %s; its calls are sent again", sent_batch.provider_id)
        self._end(sent_batch)

    # ------------------------------------------------------------ taking apart

    def _take_apart(self, provider: Provider, sent_batch: SentBatch, batch: ProviderBatch, stopping: Stopping) -> None:
        found: list[Answered] = []
        new = 0
        for file_id in batch.files:
            for answer in self._answers(provider, sent_batch, file_id, stopping):
                if not _is_worth_another(answer):
                    found.append(self._answered(answer, sent_batch.model))
                if len(found) == _AT_ONCE:
                    new += self.store.take(sent_batch, found, self.clock.now())
                    found.clear()
        new += self.store.take(sent_batch, found, self.clock.now())
        log.info("batch %s is %s: %d of %d calls answered", batch.id, batch.status, new, sent_batch.calls)
        if batch.status == "failed" and not batch.files:
            self._refused(sent_batch, batch)
        else:
            self._end(sent_batch)
        for file_id in (*batch.files, *([sent_batch.file_id] if sent_batch.file_id else [])):
            try:  # sources' texts need not lie about there; at worst they do
                provider.drop_file(file_id, stopping)
            except LessongenError as error:
                log.info("the provider's file %s was not deleted: %s", file_id, error.message)

    def _answers(
        self, provider: Provider, sent_batch: SentBatch, file_id: str, stopping: Stopping
    ) -> Iterator[ProviderAnswer]:
        """The lines of a file; none of one that is gone, which is believed at the third look."""
        try:
            yield from provider.answers(file_id, stopping)
        except RequestRefused as error:
            if self._troubles.get(sent_batch.sent_batch_id, 0) < self.rules.most_looks_missing - 1:
                raise
            log.error("answers are lost: %s", error.message)

    def _answered(self, answer: ProviderAnswer, asked: str) -> Answered:
        def usage(step: str) -> Usage | None:
            if answer.status != 200:
                return None
            cost = self.price(answer.model or asked, answer.input_tokens, answer.output_tokens)
            if cost is None:
                cost = self.price(asked, answer.input_tokens, answer.output_tokens)
            return Usage(
                step=step,
                model=answer.model or asked,
                input_tokens=answer.input_tokens,
                output_tokens=answer.output_tokens,
                cost=cost,
                is_batched=True,
            )

        kept = BatchedAnswer(status=answer.status, body=answer.body)
        return Answered(custom_id=answer.custom_id, answer=kept, usage=usage)

    def _refused(self, sent_batch: SentBatch, batch: ProviderBatch) -> None:
        """A file that the provider refused as a whole: for what single lines hold, for want of room, or for good."""
        if any(error.code in _FULL for error in batch.errors):
            self._smaller[sent_batch.model] = max(1, sent_batch.calls // 2)
            self.store.unpack(sent_batch, self.clock.now())
            line = f"{sent_batch.batch_id} {sent_batch.model}"
            pause = self._pause(line, None)
            self._look_at[line] = time.monotonic() + pause
            log.warning(
                "the provider has no room for %d calls at once: fewer are sent in %.0f s", sent_batch.calls, pause
            )
            return
        lines = {error.line: error for error in batch.errors if error.line is not None}
        if not lines:
            said = "; ".join(error.message for error in batch.errors[:3] if error.message)
            self.store.give_up(sent_batch, _refusal(sent_batch.address, said), self.clock.now())
            log.error("the provider refused the calls of batch %s: %s", batch.id, said or "it does not say why")
            return
        bad = [
            self._answered(_as_answer(custom_id, lines[number]), sent_batch.model)
            for number, (custom_id, _) in enumerate(self.store.lines(sent_batch), 1)
            if number in lines
        ]
        self.store.take(sent_batch, bad, self.clock.now())
        self._end(sent_batch)

    def _end(self, sent_batch: SentBatch) -> None:
        again, failed = self.store.end(
            sent_batch, most_sends=self.rules.most_sends, failure=_UNANSWERED, now=self.clock.now()
        )
        if again:
            log.warning("%d calls have no answer yet and are sent again", again)
        if failed:
            log.error("%d calls were answered in none of %d batches", failed, self.rules.most_sends)

    # ------------------------------------------------------------ trouble

    def _failed(self, sent_batch: SentBatch, error: LessongenError) -> None:
        """What follows from an error: later, in the case of what was not sent and won't be, the end of its tasks."""
        if isinstance(error, _CantTell):
            self.store.give_up(sent_batch, _UNKNOWN, self.clock.now())
            log.error("%s %s", _UNKNOWN.message, _UNKNOWN.hint)
            return
        is_refused = sent_batch.provider_id is None and sent_batch.file_id is None and not error.retryable
        patience = self.rules.patience if sent_batch.provider_id is None else self.rules.kept_by_provider
        if is_refused or self.clock.now() - sent_batch.created_at > patience:
            self.store.give_up(sent_batch, Failure.of(error), self.clock.now())
            log.error("%d calls are given up: %s", sent_batch.calls, error.message)
            return
        after = error.retry_after_seconds
        self._look_at[sent_batch.sent_batch_id] = time.monotonic() + self._pause(sent_batch.sent_batch_id, after)
        self._trouble(sent_batch, error.message)

    def _pause(self, line: str, asked: float | None) -> float:
        """How long to leave something alone that went wrong: twice as long each time, up to an hour."""
        times = self._troubles[line] = self._troubles.get(line, 0) + 1
        pause = self.rules.look_seconds * float(2 ** min(times - 1, 10))
        return min(_LONGEST_PAUSE_SECONDS, max(pause, asked or 0.0))

    def _trouble(self, sent_batch: SentBatch, message: str) -> None:
        if message != sent_batch.trouble:
            log.error("%s", message)
            self.store.in_trouble(sent_batch, message)


class _CantTell(LessongenError):
    """Whether a sent batch was begun can't be found out."""


def _line_of(waiting: Waiting) -> str:
    return f"{waiting.batch_id} {waiting.model}"


def _is_worth_another(answer: ProviderAnswer) -> bool:
    """Whether a call was not answered for want of time or room; all else its task decides on."""
    return answer.code in _AGAIN_BY_CODE or (answer.status in _AGAIN and answer.code not in _USED_UP)


def _as_answer(custom_id: str, error: LineError) -> ProviderAnswer:
    body = {"error": {"code": error.code, "message": error.message}}
    return ProviderAnswer(
        custom_id=custom_id, status=400, code=error.code, body=body, model="", input_tokens=0, output_tokens=0
    )


def _refusal(address: str, said: str) -> Failure:
    return Failure(
        code="request_refused",
        message=f"{address} refuses the calls as a whole{': ' + said.rstrip('.') if said else ''}.",
        hint="Mend what it names, then retry the batch; or submit it without --batch-api.",
        exit_code=ExitCode.UNAVAILABLE,
    )
