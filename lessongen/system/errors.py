"""Every error a user can meet, as one tree; the docstrings are the default messages.

LessongenError
├── UsageError               2   the request itself is wrong
├── DataError               65   input that can't be used
│   ├── Uncovered           65   no source covers the topic
│   │   └── Ambiguous       65   the topic names several articles
│   ├── TooThin             65   the article found is too short for a lesson
│   ├── UnsupportedLanguage 65   the writer has no rules for the language
│   ├── CheckFailed         65   a lesson that does not pass the quality gate
│   └── OverBudget          65   the lesson would cost more than it may
├── NotFound                66   no such task, lesson or version
├── Unavailable             69   a source or writer can't be reached      (retryable)
│   ├── RateLimited         69   a server takes no more requests for now  (retryable)
│   └── BadAnswer           69   a server's answer can't be used          (retryable)
│       └── NotAsAsked      69   a model's own words are not what was asked for (retryable)
├── RequestRefused          69   a server refuses the request for good
│   ├── QuotaUsedUp         69   what was paid for is used up
│   └── NoBatchApi          69   a provider without the Batch API
├── CannotWrite             73   an output that can't be written
├── DatabaseError           74   the database can't be used
│   ├── DatabaseBusy        75   another process holds it                 (retryable)
│   └── DatabaseFull        74   the disk is full                         (retryable)
├── TryLater                75   a limit was reached or a wait timed out  (retryable)
│   └── Superseded          75   another version of the lesson came first (retryable)
├── KeyRefused              77   the server refused the key
├── ConfigurationError      78   a setting that can't be used
├── Bug                      1   what should not happen, met by a task
├── Interrupted            130   Ctrl-C
└── TaskOutcome                  a task ended without a lesson; carries its own exit code
Cancelled, Postponed             no errors: an attempt was told to stop, or to wait
"""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from typing import Any, ClassVar


class ExitCode(IntEnum):
    """What a lessongen process tells its caller; the numbers follow BSD's sysexits.h."""

    DONE = 0
    BUG = 1
    USAGE = 2
    DATA = 65
    NOT_FOUND = 66
    UNAVAILABLE = 69
    CANNOT_WRITE = 73
    DATABASE = 74
    TRY_LATER = 75
    KEY_REFUSED = 77
    CONFIGURATION = 78
    INTERRUPTED = 130

    @property
    def meaning(self) -> str:
        """One line for the README's table."""
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.DONE: "done",
    ExitCode.BUG: "a bug in lessongen (a traceback is shown), or a batch in which some tasks failed",
    ExitCode.USAGE: "the command line is wrong",
    ExitCode.DATA: "bad data: no source covers the topic, the material is too thin, a check failed",
    ExitCode.NOT_FOUND: "no such task, batch, lesson, version or file",
    ExitCode.UNAVAILABLE: "a source or model server can't be reached",
    ExitCode.CANNOT_WRITE: "the output can't be written",
    ExitCode.DATABASE: "the database can't be used",
    ExitCode.TRY_LATER: "try again later: a limit, a busy database, a wait that timed out, a task that was cancelled",
    ExitCode.KEY_REFUSED: "the API key was refused",
    ExitCode.CONFIGURATION: "a setting is wrong",
    ExitCode.INTERRUPTED: "stopped by Ctrl-C",
}


class LessongenError(Exception):
    """Something went wrong."""

    exit_code: ExitCode = ExitCode.BUG
    code: ClassVar[str] = "error"
    retryable: ClassVar[bool] = False

    def __init__(
        self, message: str | None = None, *, hint: str | None = None, retry_after_seconds: float | None = None
    ) -> None:
        self.message = message or (self.__doc__ or "").strip().splitlines()[0]
        self.hint, self.retry_after_seconds = hint, retry_after_seconds
        super().__init__(self.message)

    def as_json(self) -> dict[str, Any]:
        """The documented shape `{"code", "message", "hint"}`."""
        return {"code": getattr(self, "_code", self.code), "message": self.message, "hint": self.hint}


class UsageError(LessongenError):
    """The request can't be understood."""

    exit_code = ExitCode.USAGE
    code = "usage"


class DataError(LessongenError):
    """The input can't be used."""

    exit_code = ExitCode.DATA
    code = "bad_data"


class Uncovered(DataError):
    """No source covers this topic."""

    code = "uncovered"


class Ambiguous(Uncovered):
    """The topic names several articles."""

    code = "ambiguous"


class TooThin(DataError):
    """The article found is too thin for a lesson."""

    code = "too_thin"


class UnsupportedLanguage(DataError):
    """The writer has no rules for this language."""

    code = "unsupported_language"


class CheckFailed(DataError):
    """The lesson does not pass the quality gate."""

    code = "check_failed"


class OverBudget(DataError):
    """The lesson would cost more than it may."""

    code = "over_budget"


class NotFound(LessongenError):
    """There is no such thing in this database."""

    exit_code = ExitCode.NOT_FOUND
    code = "not_found"


class Unavailable(LessongenError):
    """A source or a model server can't be reached."""

    exit_code = ExitCode.UNAVAILABLE
    code = "unavailable"
    retryable = True


class RateLimited(Unavailable):
    """The server takes no more requests for now."""

    code = "rate_limited"


class BadAnswer(Unavailable):
    """The server's answer can't be used."""

    code = "bad_answer"


class NotAsAsked(BadAnswer):
    """The model's answer came whole, or was cut for its length, and is not what was asked for."""


class RequestRefused(LessongenError):
    """The server refuses the request."""

    exit_code = ExitCode.UNAVAILABLE
    code = "request_refused"


class QuotaUsedUp(RequestRefused):
    """What was paid for is used up."""

    code = "quota_used_up"


class NoBatchApi(RequestRefused):
    """The provider has no Batch API."""

    code = "no_batch_api"


class CannotWrite(LessongenError):
    """The output can't be written."""

    exit_code = ExitCode.CANNOT_WRITE
    code = "cannot_write"


class DatabaseError(LessongenError):
    """The database can't be used."""

    exit_code = ExitCode.DATABASE
    code = "database"


class DatabaseBusy(DatabaseError):
    """Another process holds the database for too long."""

    exit_code = ExitCode.TRY_LATER
    code = "database_busy"
    retryable = True


class DatabaseFull(DatabaseError):
    """The disk is full."""

    code = "disk_full"
    retryable = True


class TryLater(LessongenError):
    """Not now: try again later."""

    exit_code = ExitCode.TRY_LATER
    code = "try_later"
    retryable = True


class Superseded(TryLater):
    """The lesson has changed meanwhile."""

    code = "superseded"


class KeyRefused(LessongenError):
    """The server refused the API key."""

    exit_code = ExitCode.KEY_REFUSED
    code = "key_refused"


class ConfigurationError(LessongenError):
    """A setting can't be used."""

    exit_code = ExitCode.CONFIGURATION
    code = "configuration"


class Bug(LessongenError):
    """A bug in lessongen stopped this task."""

    code = "bug"


class Interrupted(LessongenError):
    """Stopped by Ctrl-C."""

    exit_code = ExitCode.INTERRUPTED
    code = "interrupted"


class TaskOutcome(LessongenError):
    """The task ended without a lesson."""

    def __init__(self, code: str, exit_code: ExitCode, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self._code = code
        self.exit_code = exit_code


class Postponed(Exception):
    """Raised inside an attempt that must wait for a limit: its task is handed back until then; never shown."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class Cancelled(Exception):
    """Raised inside an attempt that was told to stop; never shown to a user."""
