"""What POST /lessons costs with 50 clients, and one GET after another on a connection, beside a bare FastAPI endpoint.

Also how soon a watcher hears of a write. The bare endpoint does one SQLite insert of the same durability, on one
connection in turn; its GET counts the rows.

python -m bench.web [ROUNDS]      both in turn, in one run; exit code 1 where a budget is missed
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from websockets.sync.client import connect

from lessongen.app import App
from lessongen.lesson.task import Progress
from lessongen.system.settings import load

ROUNDS = 8
CLIENTS = 50
REQUESTS = 10  # of each client in a round
WRITES = 200
MOST_TIMES_BARE = 2.0
LONGEST_UPDATE_SECONDS = 0.1
GETS = 200  # in a round, one after another on one connection
LONGEST_GET_MILLISECONDS = 2.0  # the median

BODY = json.dumps({"subject": "english", "topic": "verbs", "user_id": "user123", "include_wikipedia": True}).encode()

BARE = """\
import sqlite3, sys, threading, uuid
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

database = sqlite3.connect(sys.argv[1], isolation_level=None, check_same_thread=False)
database.execute("PRAGMA journal_mode = WAL")
database.execute("PRAGMA synchronous = FULL")
database.execute("CREATE TABLE tasks (id TEXT PRIMARY KEY, subject TEXT, topic TEXT, user TEXT)")
turn = threading.Lock()
app = FastAPI()


class Request(BaseModel):
    subject: str
    topic: str
    user_id: str
    include_wikipedia: bool = True


@app.post("/lessons")
def create(asked: Request) -> dict[str, str]:
    task_id = str(uuid.uuid4())
    with turn:
        database.execute("INSERT INTO tasks VALUES (?, ?, ?, ?)", (task_id, asked.subject, asked.topic, asked.user_id))
    return {"task_id": task_id, "status": "pending"}


@app.get("/lessons/tasks")
def tasks() -> dict[str, int]:
    with turn:
        return {"total": database.execute("SELECT count(*) FROM tasks").fetchone()[0]}


uvicorn.run(app, port=int(sys.argv[2]), http="h11", loop="asyncio", access_log=False, log_level="warning")
"""


@contextmanager
def bare(folder: Path) -> Iterator[int]:
    """The bare endpoint, on a port."""
    port = _free_port()
    process = subprocess.Popen([sys.executable, "-c", BARE, folder / "bare.db", str(port)])
    try:
        while asyncio.run(_is_closed(port)):
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


@contextmanager
def ours(folder: Path) -> Iterator[tuple[int, App]]:
    """`lessongen serve` without a worker, on a port; and another process's view of its database."""
    environment = {**os.environ, "LESSONGEN_HOME": str(folder)}
    command = [sys.executable, "-m", "lessongen", "serve", "--port", "0", "--no-start", "--json"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    app = App(load(environment))
    try:
        assert process.stdout is not None
        yield int(json.loads(process.stdout.readline())["url"].rpartition(":")[2]), app
    finally:
        app.close()
        process.terminate()
        process.wait()


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as folder, bare(Path(folder)) as bare_port, ours(Path(folder)) as (port, app):
        seconds: dict[str, list[float]] = {"bare": [], "ours": []}
        gets = {"bare": _gets(bare_port, GETS), "ours": _gets(port, GETS)}  # of no tasks
        asyncio.run(_round(bare_port, 1))
        asyncio.run(_round(port, 1))
        for _ in range(rounds):
            seconds["bare"] += asyncio.run(_round(bare_port, REQUESTS))
            seconds["ours"] += asyncio.run(_round(port, REQUESTS))
        updates = _updates(port, app)
    p95 = {name: _percentile(each, 95) for name, each in seconds.items()}
    for name, each in seconds.items():
        print(f"POST /lessons, {CLIENTS} clients, {name}: p50 {_percentile(each, 50):.1f} ms, p95 {p95[name]:.1f} ms")
    ratio = p95["ours"] / p95["bare"]
    print(f"ratio of the p95: {ratio:.2f} (at most {MOST_TIMES_BARE:g})")
    for name, each in gets.items():
        median, high = _percentile(each, 50), _percentile(each, 95)
        print(f"GET /lessons/tasks, kept alive, {name}: p50 {median:.2f} ms, p95 {high:.2f} ms")
    slow = _percentile(gets["ours"], 50)
    print(f"its median: {slow:.2f} ms (at most {LONGEST_GET_MILLISECONDS:g})")
    late = _percentile(updates, 99)
    print(
        f"update after a worker's write: p50 {_percentile(updates, 50):.1f} ms, "
        f"p95 {_percentile(updates, 95):.1f} ms, p99 {late:.1f} ms, most {max(updates) * 1_000:.1f} ms"
    )
    sys.exit(ratio > MOST_TIMES_BARE or slow > LONGEST_GET_MILLISECONDS or late > LONGEST_UPDATE_SECONDS * 1_000)


def _percentile(seconds: list[float], percent: int) -> float:
    """In milliseconds."""
    return statistics.quantiles(seconds, n=100)[percent - 1] * 1_000


async def _round(port: int, requests: int) -> list[float]:
    """How long each request took, of all clients at once."""
    clients = [_client(port, requests) for _ in range(CLIENTS)]
    return [seconds for each in await asyncio.gather(*clients) for seconds in each]


async def _client(port: int, requests: int) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /lessons HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY
    took = []
    for _ in range(requests):
        started = time.perf_counter()
        writer.write(request)
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200"), answer
        length = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length"))
        await reader.readexactly(int(length.partition(b":")[2]))
        took.append(time.perf_counter() - started)
    writer.close()
    return took


def _gets(port: int, requests: int) -> list[float]:
    """How long each of so many requests took, one after another on one connection."""
    took = []
    with socket.create_connection(("127.0.0.1", port)) as connection, connection.makefile("rb") as answers:
        request = f"GET /lessons/tasks HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
        for _ in range(requests):
            started = time.perf_counter()
            connection.sendall(request)
            assert answers.readline().startswith(b"HTTP/1.1 200")
            length = 0
            while (line := answers.readline()) != b"\r\n":
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            answers.read(length)
            took.append(time.perf_counter() - started)
    return took


def _updates(port: int, app: App) -> list[float]:
    """How long after each write of a worker's a watcher hears of it."""
    lease = app.jobs.claim("bench", 1)[0]
    took = []
    with connect(f"ws://127.0.0.1:{port}/tasks/{lease.task.task_id}/live") as watcher:
        watcher.recv(timeout=10)
        for number in range(WRITES):
            time.sleep(0.013)
            message = f"Writing {number}"
            app.jobs.report(lease, Progress(step="write", percent=50, message=message), None)
            written = time.perf_counter()
            while json.loads(watcher.recv(timeout=10))["data"]["message"] != message:
                pass
            took.append(time.perf_counter() - written)
    return took


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _is_closed(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return True
    writer.close()
    return False


if __name__ == "__main__":
    main()
