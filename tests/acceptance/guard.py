"""Runs a command, and ends it with all that it started once standard input closes: `python guard.py COMMAND…`.

Whoever starts this holds the other end of standard input, so that the command can't outlive it, even if it is killed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from types import FrameType

_PATIENCE_SECONDS = 5.0


def main() -> None:
    """Run the command in a session of its own; its exit code is ours."""
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, start_new_session=True)

    def end(_signal: int = signal.SIGTERM, _frame: FrameType | None = None) -> None:
        os.killpg(child.pid, signal.SIGTERM)
        try:
            child.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(child.pid, signal.SIGKILL)  # what the command itself started and left behind
        except ProcessLookupError:
            pass
        os._exit(0)

    def end_with_input() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        end()

    signal.signal(signal.SIGTERM, end)
    threading.Thread(target=end_with_input, daemon=True).start()
    code = child.wait()
    os._exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main()
