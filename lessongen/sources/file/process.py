"""Foreign files are read in a child process that is killed when it takes too long, too much memory, or is not wanted.

A bad file must not harm the worker: whatever a parser does, an endless loop, a crash, all the memory, costs this child.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from lessongen.lesson.attempt import Attempt
from lessongen.system import errors, importing
from lessongen.system.errors import Cancelled, ConfigurationError, DataError, LessongenError, Unavailable
from lessongen.system.printable import printable

_POLL_SECONDS = 0.1
_LONGEST_REPLY = 64_000_000
_LONGEST_REASON = 160


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one request may take."""

    seconds: float = 30.0
    memory_bytes: int = 1 << 30


class Child:
    """A child process that answers requests by a module's `answer`, one at a time; a context manager.

    It is started when first asked, and anew after it had to be killed. Not for several threads at once.
    """

    def __init__(self, module: str, limits: Limits | None = None) -> None:
        self._module = module
        self._limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None
        self._replies: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def ask(
        self,
        request: Mapping[str, Any],
        attempt: Attempt,
        what: str,
        late: type[LessongenError] = DataError,
    ) -> dict[str, Any]:
        """The answer to a request about `what`, which is how a message names it: "notes.pdf", "https://…".

        Raises the error that the module raised; `DataError` where the child broke off or took too much memory, `late`
        where it took too much time; `Cancelled`, having killed the child, when the attempt is told to stop.
        """
        process = self._started()
        deadline = time.monotonic() + self._limits.seconds
        try:
            _send(process, request)
        except OSError as error:
            self.close()
            raise _broken_off(what, "the process that reads files ended") from error
        while True:
            if attempt.cancelled():
                self.close()
                raise Cancelled
            try:
                line = self._replies.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                if time.monotonic() > deadline:
                    self.close()
                    raise late(
                        f"“{what}” was not read within {self._limits.seconds:g} seconds.",
                        hint="It may be damaged or very large: give the part that the lesson is about, or save it as "
                        "plain text.",
                    ) from None
                continue
            return self._taken(line, what)

    def close(self) -> None:
        """Kill the child, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None:
            return self._process
        limits = (str(self._limits.memory_bytes), str(self._limits.seconds))
        try:
            process = subprocess.Popen(  # noqa: S603 our own module
                importing.command("lessongen.sources.file.child", self._module, *limits),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=importing.environment(os.environ, secrets=False),
            )
        except OSError as error:
            raise Unavailable(f"No process can be started to read files: {error.strerror}.") from error
        self._process = process
        self._replies = queue.SimpleQueue()
        threading.Thread(target=_listen, args=(process, self._replies), daemon=True).start()
        return process

    def _taken(self, line: bytes, what: str) -> dict[str, Any]:
        """The answer in a line, or the error."""
        if not line.endswith(b"\n"):
            self.close()
            raise _broken_off(what, "its parser broke off")
        message: dict[str, Any] = json.loads(line)
        if "answer" in message:
            answer: dict[str, Any] = message["answer"]
            return answer
        if "error" in message:
            raise _raised(message["error"])
        self.close()
        if "out_of_memory" in message:
            megabytes = self._limits.memory_bytes >> 20
            raise DataError(
                f"“{what}” takes more than {megabytes} MB of memory to read.",
                hint="It may be damaged: give the part that the lesson is about, or save it as plain text.",
            )
        raise _broken_off(what, printable(message["broken"])[:_LONGEST_REASON])


def _send(process: subprocess.Popen[bytes], request: Mapping[str, Any]) -> None:
    if process.stdin is not None:
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()


def _listen(process: subprocess.Popen[bytes], replies: queue.SimpleQueue[bytes]) -> None:
    """Hand on the child's lines; an empty one when there are no more."""
    with contextlib.suppress(OSError, ValueError):  # closed meanwhile
        while process.stdout is not None and (line := process.stdout.readline(_LONGEST_REPLY)):
            replies.put(line)
    replies.put(b"")


def _raised(told: Mapping[str, Any]) -> LessongenError:
    """The error that the child told of."""
    kind: type[LessongenError] = getattr(errors, told["type"])
    return kind(told["message"], hint=told["hint"], retry_after_seconds=told["retry_after_seconds"])


def _broken_off(what: str, reason: str) -> LessongenError:
    if reason.startswith(("ModuleNotFoundError", "ImportError")):
        return ConfigurationError(
            f"“{what}” can't be read, for a library is missing or broken ({reason}).",
            hint="pip install 'lessongen[files]'",
        )
    return DataError(
        f"“{what}” can't be read: it is damaged, or not what it claims to be ({reason}).",
        hint="Open it in the program that made it and save it anew, or save it as plain text.",
    )
