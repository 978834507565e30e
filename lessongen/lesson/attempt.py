"""One try at a task as sources and writers see it, and the calls to a model that it makes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar, cast

from lessongen.lesson.draft import Sibling, Stored
from lessongen.system.terminal import counted, dollars

if TYPE_CHECKING:
    from lessongen.lesson.model import Lesson

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What one call to a model took: tokens in and out, and dollars where the price is known.

    That of one that went by the provider's Batch API `is_batched` is half of the usual one.
    """

    step: str
    model: str
    input_tokens: int
    output_tokens: int
    cost: float | None
    is_batched: bool = False


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What all calls for a task took so far: how many, tokens in and out together, dollars where known."""

    calls: int
    tokens: int
    cost: float

    @property
    def words(self) -> str:
        """For people: "$0.0042 (8 calls, 7,900 tokens)"; without the money where no price is known."""
        took = f"{counted(self.calls, 'call')}, {counted(self.tokens, 'token')}"
        return f"{dollars(self.cost)} ({took})" if self.cost else took


@dataclass(frozen=True, kw_only=True)
class ExpectedCost:
    """Calls, tokens and dollars that a lesson is expected to take, and where that is from."""

    spent: Spent
    source: Literal["last lessons", "price list"]
    cost_if_cached: float | None = None  # dollars where the server keeps what all prompts of a lesson begin with


@dataclass(frozen=True, kw_only=True)
class BatchedCall:
    """A call that goes by a provider's Batch API: the step that it is for, and the body of the request.

    `cost` is what it should cost at most about, in dollars, where that is known.
    """

    key: str
    inputs_sha256: str
    model: str
    body: Mapping[str, Any]
    cost: float | None


@dataclass(frozen=True, kw_only=True)
class BatchedAnswer:
    """What a provider answered to such a call: the status that it gives, and the body.

    `request` is the body of the call, where the status is no good one.
    """

    status: int
    body: Mapping[str, Any]
    request: Mapping[str, Any] | None = None


class HandedIn(Exception):
    """Raised inside an attempt whose next calls go by the provider's Batch API: its task waits; never shown."""

    def __init__(self, *calls: BatchedCall) -> None:
        super().__init__()
        self.calls = calls


class Attempt(Protocol):
    """One worker's try at a task: what sources and writers need from the queue and may not reach for."""

    @property
    def seed(self) -> int:
        """The seed of this attempt's random choices; recorded in the lesson."""
        ...

    @property
    def earlier(self) -> Sequence[Lesson]:
        """The stored versions of this lesson, oldest first: what a fresh one should not repeat."""
        ...

    @property
    def stored(self) -> Stored | None:
        """The newest version of this lesson; None where there is none yet."""
        ...

    @property
    def siblings(self) -> Mapping[str, Sibling]:
        """What there is of the same lesson in the variants core, support and extend, this one apart; by variant."""
        ...

    @property
    def presumed(self) -> Sequence[str]:
        """The key terms of the lessons that come before this one in its batch: what students know by then."""
        ...

    @property
    def asked_beside(self) -> Collection[tuple[str, str]]:
        """What the other lessons of its batch ask by now: pairs of a quote's SHA-256 and the folded term."""
        ...

    def reserve(self, pairs: Collection[tuple[str, str]]) -> bool:
        """Keep the other lessons of its batch that are being written from asking this.

        False, and nothing is kept, where one of them asks any of it by now.
        """
        ...

    def progress(self, step: str, percent: int, message: str) -> None:
        """Say how far it is. Raises `Cancelled` if the task was cancelled or the worker must hand it back."""
        ...

    def about(self, article: str) -> None:
        """Record the article that the lesson will be about."""
        ...

    def step(self, key: str, inputs: Mapping[str, Any], make: Callable[[], Any]) -> Any:
        """The kept result of `make` for these inputs; made, and kept, only if there is none. Both are plain JSON."""
        ...

    def call(self, writer: str, tokens: int, cost: float | None = None) -> None:
        """Say, before a call to a model, what it will take in tokens and dollars.

        Raises `Postponed` where a limit is reached, `OverBudget` where the task would cost more than it may.
        """
        ...

    def used(self, usage: Usage) -> None:
        """Record what a call took. Inside `step` it is kept in one commit with the step's result."""
        ...

    def spent(self) -> Spent:
        """What the task's calls took so far, those of earlier attempts too."""
        ...

    def together(self, works: Sequence[Callable[[Attempt], Result]]) -> list[Result]:
        """What the works give, in their order; each gets an attempt of its own on this task, and all run at once.

        Each keeps its steps, and limits of money hold for all of them together. All are waited for before the error of
        the first one of them that failed is raised, so that no answer that is paid for is lost. Where calls go by a
        provider's Batch API they run one after the other. Not to be used inside `step`.
        """
        ...

    @property
    def goes_by_batch_api(self) -> bool:
        """Whether calls to a model go by the provider's Batch API, `batched` instead of `call` and `used`."""
        ...

    def batched(self, make: Callable[[str, str], BatchedCall], read: Callable[[BatchedAnswer], Result]) -> Result:
        """The provider's answer to the call of the open step, as `read` takes it; what it took is recorded already.

        Where there is none yet, the call is made from the step's key and the hash of its inputs, and the attempt ends
        with `HandedIn`: the task waits without a worker until the answer has come. Who has more calls that need not
        wait for this answer may catch it and raise one with all of them. An answer that `read` raises for is
        thrown away. Raises `OverBudget` where the task would cost more than it may.
        """
        ...

    def cancelled(self) -> bool:
        """Whether to stop as soon as possible."""
        ...


def answered_at_once(attempt: Attempt) -> Attempt:
    """The same attempt with calls that are all answered at once, and none goes by the provider's Batch API."""
    return cast("Attempt", _AtOnce(attempt))


class _AtOnce:
    goes_by_batch_api = False

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt

    def together(self, works: Sequence[Callable[[Attempt], Result]]) -> list[Result]:
        return self._attempt.together([partial(_done_at_once, work) for work in works])

    def __getattr__(self, name: str) -> object:
        return getattr(self._attempt, name)


def _done_at_once(work: Callable[[Attempt], Result], attempt: Attempt) -> Result:
    return work(answered_at_once(attempt))
