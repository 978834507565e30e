"""Calls that go by a provider's Batch API: what they are sent in, and what is asked of the provider.

A call waits until it goes out in a sent batch: the calls of one batch of ours to one model, as one file. It comes back
with an answer to each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from lessongen.lesson.attempt import BatchedAnswer, Usage


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Calls of one batch to one model that wait to be sent, the first of them since `since`.

    `may_grow` holds while tasks of the batch are at work, or could be, that may add their next calls.
    """

    batch_id: str
    model: str
    calls: int
    since: datetime
    may_grow: bool


@dataclass(frozen=True, kw_only=True)
class SentBatch:
    """Calls that are sent as one file. It is with the provider once `provider_id` is known.

    `file_id` is known once the file is there, since `sent_at`: from then on the provider may have been asked to begin.
    `status` is the provider's word, `answered` and `failed` are counts of its. `missing` is in how many looks in a row
    the provider did not know it. `is_wanted` holds while a live task waits for an answer in it. `trouble` is what went
    wrong in the last look.
    """

    id: int
    sent_batch_id: str
    batch_id: str
    model: str
    address: str
    calls: int
    file_id: str | None
    provider_id: str | None
    status: str
    answered: int
    failed: int
    missing: int
    is_cancelled: bool
    is_wanted: bool
    trouble: str | None
    created_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Answered:
    """An answer that has come for the call of that id, and what it took."""

    custom_id: str
    answer: BatchedAnswer
    usage: Callable[[str], Usage | None]


@dataclass(frozen=True, kw_only=True)
class AtProvider:
    """Where the calls of one batch stand that go by the provider's Batch API.

    `waiting` are not sent yet, `sent` are with the provider, and `answered` how many of those it has answered, by its
    own count. `sent_batches` are those that are with it.
    """

    waiting: int
    sent: int
    answered: int
    sent_batches: Sequence[SentBatch]


# ---------------------------------------------------------------- the provider


@dataclass(frozen=True, kw_only=True)
class LineError:
    """Why the provider takes a file for none: its line, counted from 1, where it says so."""

    line: int | None
    code: str
    message: str


@dataclass(frozen=True, kw_only=True)
class ProviderBatch:
    """A batch as the provider tells of it; `files` are those with answers and with errors, where there are any."""

    id: str
    status: str
    total: int
    answered: int
    failed: int
    files: Sequence[str]
    errors: Sequence[LineError]


@dataclass(frozen=True, kw_only=True)
class ProviderAnswer:
    """One line of the provider's files: the answer to a call, with the tokens that it says it took."""

    custom_id: str
    status: int
    code: str
    body: Mapping[str, Any]
    model: str
    input_tokens: int
    output_tokens: int


class Provider(Protocol):
    """A provider that takes calls as files.

    All raise `Unavailable` and its kind, which are worth another try, or what is not: `KeyRefused`, `RequestRefused`,
    `NoBatchApi`, … Once `stopping` they raise `Cancelled`.
    """

    @property
    def address(self) -> str:
        """Which provider it is, without any secret."""
        ...

    def send_file(self, name: str, lines: Iterable[bytes], stopping: Callable[[], bool]) -> str:
        """Give the provider a file; its id there."""
        ...

    def begin(self, file_id: str, sent_batch_id: str, stopping: Callable[[], bool]) -> ProviderBatch:
        """Have the provider begin with a file, under the sent batch's id."""
        ...

    def find(self, sent_batch_id: str, file_id: str, stopping: Callable[[], bool]) -> ProviderBatch | None:
        """The batch that was begun for a sent batch; None where there is none."""
        ...

    def look(self, provider_id: str, stopping: Callable[[], bool]) -> ProviderBatch | None:
        """The batch of that id; None where the provider knows none."""
        ...

    def answers(self, file_id: str, stopping: Callable[[], bool]) -> Iterator[ProviderAnswer]:
        """The lines of a file of answers or errors."""
        ...

    def cancel(self, provider_id: str, stopping: Callable[[], bool]) -> None:
        """Ask the provider to cancel a batch; nothing where it is over."""
        ...

    def drop_file(self, file_id: str, stopping: Callable[[], bool]) -> None:
        """Have a file deleted; nothing where there is none."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
