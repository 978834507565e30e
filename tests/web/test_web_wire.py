"""What is said over the wire: numbers, headers, bodies and file names, as an attacker would say them."""

from __future__ import annotations

import re
import socket
import sqlite3
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote

import httpx
import pytest
import websockets
from websockets.sync.client import connect

from lessongen.exporters import known_formats
from lessongen.lesson.versions import LessonName, comparable
from lessongen.web.guard import MOST_HEADER_BYTES, SECURITY_HEADERS
from lessongen.web.problems import hint_for_web
from tests.web_server import Server, asked, finished, made, serving

VERBS = {"subject": "english", "topic": "verbs"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, index: Path) -> Iterator[Server]:
    """On the loopback, without a token, with a worker."""
    with serving(tmp_path_factory.mktemp("open") / "home", index=index) as running:
        yield running


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that demands tokens, without workers."""
    with serving(tmp_path_factory.mktemp("closed") / "home", "--no-start", "--require-token") as running:
        yield running


# ---------------------------------------------------------------- proxies


@pytest.mark.parametrize(
    "name",
    "Forwarded X-Forwarded-For x-forwarded-proto X-Forwarded-Host X-Forwarded-Port X-Forwarded X_Forwarded_For "
    "X-Real-IP X-RealIP Via X-Via CF-Connecting-IP CF-Ray CDN-Loop True-Client-IP X-Client-IP Client-IP "
    "X-Cluster-Client-IP Fastly-Client-IP Fly-Client-IP X-Original-Host X-Original-URL X-Original-Forwarded-For "
    "X-ProxyUser-Ip X-Envoy-External-Address X-Azure-ClientIP X-Amz-Cf-Id X-Amzn-Trace-Id Tailscale-User-Login "
    "X-Remote-Addr Remote-User X-Request-Start Front-End-Https Surrogate-Capability".split(),
)
def test_what_came_through_a_proxy_is_refused_where_no_token_is_demanded(server: Server, name: str) -> None:
    with server.client() as client:
        for path in ("/lessons/tasks", "/pages", "/health", "/board/events"):
            refused = client.get(path, headers={name: "203.0.113.9"})
            assert refused.status_code == 403, path
            assert "--allow-host" in refused.text
            assert "--require-token" in refused.text
        assert client.post("/lessons", json=VERBS, headers={name: ""}).status_code == 403
    with pytest.raises(websockets.InvalidStatus) as error:
        connect(f"{server.url.replace('http', 'ws')}/board/live", additional_headers={name: "203.0.113.9"})
    assert error.value.response.status_code == 403


def test_http_1_0_as_a_proxy_speaks_it_is_refused_too(server: Server, closed: Server) -> None:
    request = b"GET /lessons/tasks HTTP/1.0\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    assert sent(server, request).startswith(b"HTTP/1.1 403")
    assert sent(closed, request).startswith(b"HTTP/1.1 401")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"User-Agent": "curl/8", "Accept": "*/*"},
        {"X-Requested-With": "XMLHttpRequest", "X-Request-ID": "1", "traceparent": "00-1-1-00", "DNT": "1"},
        {"Referer": "http://127.0.0.1/pages", "Sec-Fetch-Site": "same-origin", "Accept-Language": "de"},
        {"Proxy-Connection": "keep-alive", "Pragma": "no-cache", "Priority": "u=1", "Upgrade-Insecure-Requests": "1"},
    ],
)
def test_what_programs_and_browsers_say_by_themselves_is_no_sign_of_a_proxy(
    server: Server, headers: dict[str, str]
) -> None:
    with server.client() as client:
        assert client.get("/lessons/tasks", headers=headers).status_code == 200


def test_another_name_is_told_what_to_set(server: Server) -> None:
    with server.client() as client:
        refused = client.get("/lessons/tasks", headers={"Host": "lessons.example.org"})
    assert refused.status_code == 421
    assert "--allow-host" in refused.json()["hint"]


# ---------------------------------------------------------------- numbers

ODD_NUMBERS = [
    "\u0663",
    "\uff13",
    "\u0967",
    "²",
    "1_000",
    "+5",
    "-5",
    " 5",
    "5 ",
    "5.0",
    "1e2",
    "0x5",
    "nan",
    "inf",
    "",
    "9" * 30,
]


@pytest.mark.parametrize(
    "wait", [*ODD_NUMBERS, "\u0661s", "\uff11m", "1\u066b5", "\u0663.\u0665", "5S", "1h", "1000s", "5s\n", "true\n"]
)
def test_a_wait_that_is_none_is_refused_before_anything_is_accepted(server: Server, wait: str) -> None:
    if wait == "5.0":
        return  # a number of seconds
    with server.client() as client:
        before = client.get("/lessons/tasks").json()["total"]
        assert client.post("/lessons", params={"wait": wait}, json=VERBS).status_code == 422
        assert client.get("/lessons/tasks").json()["total"] == before


@pytest.mark.parametrize("number", ODD_NUMBERS)
@pytest.mark.parametrize("path", ["/lessons", "/lessons/tasks", "/batches"])
def test_a_limit_is_ascii_digits_or_refused(server: Server, path: str, number: str) -> None:
    with server.client() as client:
        assert client.get(path, params={"limit": number}).status_code == 422
        assert client.get(path, params={"limit": "5"}).status_code == 200


@pytest.mark.parametrize(
    "since", ["\u0663", "\u0667d", "\uff17d", "7D", "²h", "1_0d", "1e2", "nan", "inf", "-1d", " 7d"]
)
def test_a_span_is_ascii_digits_and_a_unit_or_refused(server: Server, since: str) -> None:
    with server.client() as client:
        assert client.get("/usage", params={"since": since}).status_code == 422
        assert client.get("/usage", params={"since": "7d"}).status_code == 200


@pytest.mark.parametrize(
    "version", ["\u0661.\u0660", "\uff11.\uff10", "1.²", "1.0_0", "1.+0", "1.-1", "1.", "nan", "1.1e1", "1." + "9" * 15]
)
def test_a_version_is_ascii_digits_or_is_not_there(server: Server, version: str) -> None:
    with server.client() as client:
        if client.get("/lessons/english/verbs").status_code == 404:
            assert made(client)["status"] == "completed"
        for path in ("lessons", "exports", "cites", "pages/read"):
            assert client.get(f"/{path}/english/verbs", params={"version": version}).status_code == 404
        assert client.get("/diff/english/verbs", params={"from": version}).status_code == 404


@pytest.mark.parametrize(
    "number", ['"5"', '"\u0663"', "NaN", "Infinity", "-Infinity", "1e400", "5.5", "true", "9" * 5_000]
)
@pytest.mark.parametrize("field", ["minutes", "questions", "seed", "max_cost"])
def test_a_number_in_a_body_is_one_within_its_bounds(server: Server, field: str, number: str) -> None:
    if field == "max_cost" and number == "5.5":
        return  # dollars
    body = f'{{"subject": "english", "topic": "verbs", "{field}": {number}}}'
    with server.client() as client:
        answer = client.post("/lessons", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422), answer.text


@pytest.mark.parametrize("minutes", ["\u0663\u0660", "\uff13\uff10", "²", "1_0", "3e1", "nan", "9" * 200])
def test_a_form_s_number_is_ascii_digits(server: Server, minutes: str) -> None:
    with server.client() as client:
        key = client.get("/pages").text.partition('name="form_key" value="')[2].partition('"')[0]
        answer = client.post("/pages/lessons", data={**VERBS, "minutes": minutes, "form_key": key})
    assert answer.status_code == 422


@pytest.mark.parametrize("length", ["\u0663", "²", "1_0", "+5", "-1", "0x5", "5, 6", "5.0", "9" * 30, " ", "nan"])
def test_a_content_length_is_ascii_digits(server: Server, length: str) -> None:
    head = f"POST /lessons HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    assert sent(server, head.encode()).split()[1] in (b"400", b"413")


# ---------------------------------------------------------------- bodies and headers


@pytest.mark.parametrize(
    "lines",
    [
        ["Content-Length: 5", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: chunked", "Content-Length: 0"],
        ["transfer-encoding: CHUNKED", "content-length: 4"],
        ["Content-Length: 5", "Content-Length: 6"],
        ["Transfer-Encoding: gzip, chunked"],
        ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: identity"],
        ["Transfer-Encoding : chunked"],
        ["Transfer-Encoding: \x0bchunked"],
    ],
)
def test_a_body_whose_length_is_said_in_two_ways_is_refused_and_nothing_behind_it_read(
    server: Server, lines: list[str]
) -> None:
    head = "\r\n".join(["POST /lessons HTTP/1.1", "Host: 127.0.0.1", *lines, "", ""])
    smuggled = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    answer = sent(server, (head + smuggled).encode())
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 501"))
    assert len(re.findall(rb"HTTP/1\.1 [0-9]{3} ", answer)) == 1


def test_a_chunked_body_alone_is_read(server: Server) -> None:
    with server.client() as client:
        chunks = iter([b'{"subject": "english", ', b'"topic": "verbs"}'])
        answer = client.post("/lessons", content=chunks, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200


@pytest.mark.parametrize("size", [100_000, 1_000_000])
@pytest.mark.parametrize("shape", ["one", "many", "address", "query", "cookie", "websocket"])
def test_headers_without_measure_are_refused_and_cost_no_memory(server: Server, shape: str, size: int) -> None:
    lines = {
        "one": ["X-Long: " + "x" * size],
        "many": [f"X-{number}: {'x' * 90}" for number in range(size // 100)],
        "cookie": ["Cookie: " + "a=b; " * (size // 5)],
        "websocket": ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "X: " + "x" * size],
    }.get(shape, [])
    path = {"address": "/" + "x" * size, "query": "/?" + "x" * size}.get(shape, "/board/live")
    request = "\r\n".join([f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *lines, "", ""]).encode()
    before = resident_bytes(server)
    for _ in range(5):
        answer = sent(server, request)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 431"), answer[:100]
        if size == 100_000:
            assert answer, "no answer was read"
    assert resident_bytes(server) - before < 20_000_000


@pytest.mark.parametrize(
    ("method", "lines"),
    [
        ("POST", []),
        ("GET", ["X: " + "x" * 9_000]),
        ("GET", [f"X-{number}: a" for number in range(200)]),
        ("GET", ["Sec-WebSocket-Key: short"]),
        ("GET", ["Content-Length: 5"]),
        ("GET", ["Transfer-Encoding: chunked"]),
    ],
)
def test_a_websocket_that_is_none_is_answered_and_closed(server: Server, method: str, lines: list[str]) -> None:
    head = ["Host: 127.0.0.1", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
    if not any(line.startswith("Sec-") for line in lines):
        lines = ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", *lines]
    request = "\r\n".join([f"{method} /board/live HTTP/1.1", *head, *lines, "", ""])
    assert sent(server, request.encode()).startswith(b"HTTP/1.1 4")


def test_headers_that_come_in_drops_are_refused_as_soon_as_they_are_too_many(server: Server) -> None:
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        said = 0
        try:
            while said < 10 * MOST_HEADER_BYTES:
                said += connection.send(b"X-Drop: " + b"x" * 1_000 + b"\r\n")
                time.sleep(0.002)
        except OSError:
            pass
        assert said < 5 * MOST_HEADER_BYTES


def test_headers_of_a_usual_size_pass_and_the_refusal_has_all_headers_too(server: Server) -> None:
    with server.client() as client:
        assert client.get("/health", headers={"Cookie": "a=" + "x" * 12_000}).status_code == 200
    refused = sent(server, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 20_000 + b"\r\n\r\n")
    assert refused.startswith(b"HTTP/1.1 431")
    for name in SECURITY_HEADERS:
        assert name.lower().encode() in refused.lower()


# ---------------------------------------------------------------- file names


@pytest.mark.parametrize(
    "topic",
    ["../../etc/passwd", "..\\..\\x", "a/b", "con", "com\u00b9", "x\u202egpj.exe", 'a"; filename="evil.exe', "%2e%2e"],
)
def test_a_lesson_s_file_is_called_as_the_command_line_calls_it(server: Server, topic: str, tmp_path: Path) -> None:
    with server.client() as client:
        if not client.get("/lessons").json()["count"]:
            assert made(client)["status"] == "completed"
        _store_as(server, topic)
        names = []
        for form in ("html", "worksheet", "md", "json"):
            for audience in ("teacher", "student"):
                answer = client.get(
                    f"/exports/strange/{quote(topic, safe='')}", params={"format": form, "audience": audience}
                )
                assert answer.status_code == 200, answer.text
                said = answer.headers["content-disposition"]
                name = unquote(said.removeprefix("attachment; filename*=UTF-8''"))
                stored = LessonName(subject="strange", topic=topic)
                assert name.partition(".")[0] == known_formats()[form].stem(stored, audience)
                assert not re.search(r"[/\\\x00-\x1f\x7f\u202e\"]|\.\.", name)
                names.append(name)
        page = client.get(f"/pages/files/strange/{quote(topic, safe='')}")
        links = [unescape(each) for each in re.findall(r'href="(/pages/file/[^"]*format=md[^"]*)"', page.text)]
        kept = [unquote(client.get(each).headers["content-disposition"].rpartition("'")[2]) for each in links]
        assert kept == [names[5], names[4]], "the pages offer the same files, the student's first"
    assert len(set(names)) == len(names)
    server.command("export", "strange", topic, "--into", str(tmp_path / "out"), "--format", "md")
    assert [each.name for each in (tmp_path / "out").iterdir()] == [names[4]]


def _store_as(server: Server, topic: str) -> None:
    """Have the stored lesson by another name, as a database may that was written by others than us."""
    with sqlite3.connect(server.home / "lessons.db", timeout=20) as database:
        key = f"strange\x1f{comparable(topic)}\x1fen\x1fgeneral\x1fcore"
        database.execute("UPDATE lessons SET key = ?, subject = 'strange', topic = ? WHERE id = 1", (key, topic))
    database.close()


# ---------------------------------------------------------------- pages


def test_a_failed_task_s_page_shows_the_command_line_s_hint_by_the_names_of_its_fields(server: Server) -> None:
    with server.client() as client:
        task_id = asked(client, "english", "zxqvbn wkjhgf")["task_id"]
        state = finished(client, task_id)
        assert state["status"] == "failed"
        told = server.command("status", task_id)["error"]
        assert told["hint"]
        assert "--article" in told["hint"]
        assert state["hint"] == hint_for_web(told["hint"])
        page = client.get(f"/pages/tasks/{task_id}")
    assert httpx.Response(200, html=page.text).text.count(_escaped(state["hint"])) == 1


def _escaped(text: str) -> str:
    from markupsafe import escape

    return str(escape(text))


# ---------------------------------------------------------------- bytes


def sent(server: Server, request: bytes) -> bytes:
    """What the server answers to these bytes, until it closes; what is not taken any more is not sent."""
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        answer = b""
        try:
            connection.sendall(request)
            while chunk := connection.recv(65_536):
                answer += chunk
        except (ConnectionResetError, BrokenPipeError):
            pass  # it hung up while we were still sending
        return answer


def resident_bytes(server: Server) -> int:
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) * 1_024
