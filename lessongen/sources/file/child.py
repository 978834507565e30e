"""The child process in which foreign files are read: `python -m lessongen.sources.file.child MODULE`.

It takes requests as lines of JSON on standard input and hands each to `MODULE.answer`; the answer is a line of JSON on
standard output. An exception that is none of ours ends it, having said what broke: the parser is then in no state to go
on. It ends when its parent does, whose end of the pipe closes then, and when a request takes too much processor time.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, BinaryIO

from lessongen.system.errors import LessongenError

_MARGIN_SECONDS = 5  # the parent's watch strikes first; this is for a child whose parent was killed


def serve(module: str, memory_bytes: int, seconds: float) -> None:
    """Answer requests until standard input ends."""
    replies = _own_output()

    def broke(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        """Say what ended the process."""
        if issubclass(kind, MemoryError):
            _reply(replies, {"out_of_memory": True})
        else:
            _reply(replies, {"broken": f"{kind.__name__}: {error}"})

    sys.excepthook = broke
    _limit_memory(memory_bytes)
    answer: Callable[[dict[str, Any]], dict[str, Any]] = importlib.import_module(module).answer
    for request in _requests():
        _limit_processor(seconds)
        try:
            _reply(replies, {"answer": answer(request)})
        except LessongenError as error:
            _reply(replies, {"error": _told(error)})


def _own_output() -> BinaryIO:
    """The pipe to the parent; what libraries print goes nowhere."""
    replies = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return replies


def _requests() -> Iterator[dict[str, Any]]:
    """The requests, read by a thread of their own, which ends the process with its parent even while it works."""
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def read() -> None:
        for line in sys.stdin.buffer:
            lines.put(line)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    while True:
        yield json.loads(lines.get())


def _reply(replies: BinaryIO, message: dict[str, Any]) -> None:
    with contextlib.suppress(BrokenPipeError):
        replies.write(json.dumps(message).encode() + b"\n")
        replies.flush()


def _told(error: LessongenError) -> dict[str, Any]:
    return {
        "type": type(error).__name__,
        "message": error.message,
        "hint": error.hint,
        "retry_after_seconds": error.retry_after_seconds,
    }


def _limit_memory(size: int) -> None:
    """Take no more memory than that, where the system can see to it; what is mapped from files does not count."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for name in ("RLIMIT_DATA", "RLIMIT_AS") if sys.platform != "linux" else ("RLIMIT_DATA",):
        with contextlib.suppress(AttributeError, ValueError, OSError):
            limit = getattr(resource, name)
            resource.setrlimit(limit, (size, resource.getrlimit(limit)[1]))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_processor(seconds: float) -> None:
    """From now on, take no more processor time than that."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime + seconds) + _MARGIN_SECONDS
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
