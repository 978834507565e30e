"""Runs shell scripts in which `lessongen` is a forked command line: no command starts Python and imports all anew."""

from __future__ import annotations

import json
import os
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.forked import start_command_line

# Gives its arguments, environment, folder and streams away, passes on what it is told, and ends as the other ends.
_PROGRAM = """\
#!{python} -IS
import json, os, signal, socket, sys

asking = socket.socket(socket.AF_UNIX)
asking.connect({address!r})
given = json.dumps([sys.argv[1:], dict(os.environ), os.getcwd()]).encode()
socket.send_fds(asking, [len(given).to_bytes(8, "big")], [0, 1, 2])
asking.sendall(given)
answer = asking.makefile()
process = int(answer.readline())
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, lambda number, frame: os.kill(process, number))
code = int(answer.readline())
if code < 0:
    signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
sys.exit(code)
"""


class _Asked(socketserver.StreamRequestHandler):
    """One command line: started with the streams that came with it, and waited for."""

    request: socket.socket

    def handle(self) -> None:
        length, streams, _, _ = socket.recv_fds(self.request, 8, 3)
        try:
            arguments, environment, cwd = json.loads(self.rfile.read(int.from_bytes(length, "big")))
            process = start_command_line(arguments, streams, environment=environment, cwd=cwd)
        finally:
            for stream in streams:
                os.close(stream)
        self.wfile.write(f"{process.pid}\n".encode())
        self.wfile.write(f"{process.wait()}\n".encode())


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 20


@contextmanager
def _program() -> Iterator[Path]:
    """The folder of a program `lessongen`, as long as the block lasts; a socket's path has to be short."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        address = str(folder / "asked")
        program = folder / "lessongen"
        program.write_text(_PROGRAM.format(python=sys.executable, address=address))
        program.chmod(0o755)
        with _Server(address, _Asked) as server:
            thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
            thread.start()
            try:
                yield folder
            finally:
                server.shutdown()
                thread.join()


def run_script(script: str, folder: Path, *, seconds: float = 100.0) -> subprocess.CompletedProcess[str]:
    """Run a script of bash there, which ends at its first failure; the folder is made."""
    folder.mkdir()
    with _program() as programs:
        return subprocess.run(
            ["bash", "-e"],
            input=script,
            cwd=folder,
            env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"},
            text=True,
            capture_output=True,
            timeout=seconds,
        )
