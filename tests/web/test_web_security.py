"""Who may do what over the web, and what no request can do: over a real server, as an attacker would."""

from __future__ import annotations

import select
import socket
import sqlite3
import threading
import uuid
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import websockets
from websockets.sync.client import connect

from lessongen.sources.file.fetch import fetch
from lessongen.system.errors import DataError
from lessongen.system.hosts import is_allowed, is_public, public_address
from lessongen.web.guard import SECURITY_HEADERS
from lessongen.web.pacing import Pace
from tests.conftest import CommandLine
from tests.web_server import Server, asked, serving

VERBS = {"subject": "english", "topic": "verbs"}
ADDRESSES = [
    "/",
    "/health",
    "/lessons",
    "/lessons/tasks",
    "/nothing/at/all",
    "/pages",
    "/pages/nothing",
    "/pages/files/no/such",
    "/openapi.json",
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """On the loopback, without workers; one host is allowed as a source."""
    options = ("--no-start", "--allow-source", "localhost", "--allow-source", "*.example.org")
    with serving(tmp_path_factory.mktemp("open") / "home", *options) as running:
        yield running


@pytest.fixture(scope="module", autouse=True)
def stalled(server: Server) -> Iterator[list[socket.socket]]:
    """Clients that began a request when the tests did, and go on no more."""
    port = int(server.url.rpartition(":")[2])
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
    for connection in slow:
        connection.sendall(b"POST /lessons HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
    yield slow
    for connection in slow:
        connection.close()


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that demands tokens."""
    with serving(tmp_path_factory.mktemp("closed") / "home", "--no-start", "--require-token") as running:
        yield running


@pytest.fixture(scope="module")
def ann(closed: Server) -> str:
    return closed.token("ann", "--limit", "20/h")


@pytest.fixture(scope="module")
def bob(closed: Server) -> str:
    return closed.token("bob")


# ---------------------------------------------------------------- headers, names and origins


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_answer_has_all_security_headers(server: Server, closed: Server, path: str) -> None:
    for each in (server, closed):
        with each.client() as client:
            for response in (client.get(path), client.post(path, content=b"\xff"), client.request("BREW", path)):
                assert response.status_code < 500
                assert [name for name in SECURITY_HEADERS if name not in response.headers] == []
                assert "unsafe" not in response.headers["content-security-policy"]
                assert "access-control-allow-origin" not in response.headers


def test_what_is_no_http_gets_an_answer_with_all_headers_too(server: Server) -> None:
    answer = sent(server, b"\x16\x03\x01 what\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400")
    for name in SECURITY_HEADERS:
        assert name.lower().encode() in answer.lower()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "evil.example:8000", "[", "10.0.0.1"])
def test_a_name_that_leads_here_is_not_answered_to(server: Server, host: str) -> None:
    with server.client() as client:
        response = client.get("/lessons/tasks", headers={"Host": host})
    assert response.status_code == 421
    assert "tasks" not in response.json()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://127.0.0.1:1", "Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_can_t_make_a_browser_ask_for_anything(server: Server, headers: dict[str, str]) -> None:
    with server.client() as client:
        before = client.get("/lessons/tasks").json()["total"]
        assert client.post("/lessons", json=VERBS, headers=headers).status_code == 403
        assert client.post("/pages/lessons", data=VERBS, headers=headers).status_code == 403
        assert client.get("/lessons/tasks").json()["total"] == before
    with pytest.raises(websockets.InvalidStatus):
        connect(f"{server.url.replace('http', 'ws')}/board/live", additional_headers=headers)


def test_only_named_origins_get_cors(tmp_path: Path) -> None:
    friend = {"Origin": "https://school.example"}
    options = ("--no-start", "--allow-origin", "https://school.example")
    with serving(tmp_path / "home", *options) as running, running.client() as client:
        allowed = client.post("/lessons", json=VERBS, headers=friend)
        assert allowed.headers["access-control-allow-origin"] == "https://school.example"
        assert client.post("/lessons", json=VERBS, headers={"Origin": "https://evil.example"}).status_code == 403
        read = client.get("/lessons", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in read.headers


def test_a_form_that_is_not_ours_is_refused(server: Server) -> None:
    with server.client() as client:
        assert client.post("/pages/lessons", data={**VERBS, "form_key": "x"}).status_code == 403
        assert client.post("/pages/lessons", data=VERBS).status_code == 422
        page = client.get("/pages").text
        key = page.partition('name="form_key" value="')[2].partition('"')[0]
        assert client.post("/pages/lessons", data={**VERBS, "form_key": key}).status_code == 303
    with server.client() as stranger:
        assert stranger.post("/pages/lessons", data={**VERBS, "form_key": key}).status_code == 403


# ---------------------------------------------------------------- tokens


def test_without_a_valid_token_nothing_is_told(closed: Server, ann: str) -> None:
    with closed.client() as client:
        for path in ("/lessons/tasks", "/lessons", "/board", "/metrics", "/usage", "/batches", "/board/events"):
            response = client.get(path)
            assert response.status_code == 401, path
            assert response.headers["www-authenticate"].startswith("Bearer")
        assert client.post("/lessons", json=VERBS).status_code == 401
        assert client.get("/health").status_code == 200
        assert client.get("/pages/board").headers["location"].startswith("/pages/enter")
        for wrong in (f"Bearer {ann[:-1]}", f"Bearer {ann} x", "Basic YTpi", "Bearer", "Bearer \xff"):
            response = client.get("/lessons/tasks", headers={b"Authorization": wrong.encode("latin-1")})
            assert response.status_code == 401
    with pytest.raises(websockets.InvalidStatus):
        connect(f"{closed.url.replace('http', 'ws')}/board/live")


def test_another_user_s_tasks_can_t_be_seen_or_touched(closed: Server, ann: str, bob: str) -> None:
    with closed.client(ann) as anns, closed.client(bob) as bobs:
        task_id = asked(anns)["task_id"]
        batch_id = anns.post("/batches", json={"lessons": [VERBS]}).json()["batch_id"]
        there_is_none = bobs.get(f"/lessons/status/{uuid.uuid4()}")
        for method, path in (
            *(("GET", f"/lessons/status/{task_id}"), ("GET", f"/tasks/{task_id}/events")),
            *(("POST", f"/tasks/{task_id}/cancel"), ("POST", f"/tasks/{task_id}/retry")),
            ("GET", f"/pages/tasks/{task_id}"),
        ):
            response = bobs.request(method, path)
            assert response.status_code == 404
            if not path.startswith("/pages"):
                assert response.json() == there_is_none.json()  # nobody learns that it exists
        for path in (f"/batches/{batch_id}", f"/batches/{batch_id}/cancel"):
            assert bobs.request("POST" if path.endswith("cancel") else "GET", path).status_code == 404
        assert bobs.get("/batches").json() == {"batches": []}
        assert task_id not in bobs.get("/lessons/tasks").text + bobs.get("/board").text + bobs.get("/pages/board").text
        assert anns.get(f"/lessons/status/{task_id}").json()["status"] == "pending"
        assert task_id in anns.get("/board").text
        headers = {"Authorization": f"Bearer {bob}"}
        with pytest.raises(websockets.InvalidStatus) as refused:
            connect(f"{closed.url.replace('http', 'ws')}/tasks/{task_id}/live", additional_headers=headers)
        assert refused.value.response.status_code == 404


def test_nobody_asks_in_another_s_name(closed: Server, ann: str) -> None:
    with closed.client(ann) as client:
        assert client.post("/lessons", json={**VERBS, "user_id": "bob"}).status_code == 403
        assert client.post("/lessons", json={**VERBS, "user_id": "ann"}).status_code == 200
        assert client.post("/batches", json={"lessons": [{**VERBS, "user_id": "bob"}]}).status_code == 403


@pytest.mark.parametrize("order", [("good", "bad"), ("bad", "good"), ("good", "good")])
def test_a_request_with_two_tokens_is_nobody_s(closed: Server, ann: str, order: tuple[str, str]) -> None:
    lines = [f"Authorization: Bearer {ann if each == 'good' else 'lg_x'}" for each in order]
    head = "\r\n".join(["GET /lessons/tasks HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *lines, "", ""])
    assert sent(closed, head.encode()).startswith(b"HTTP/1.1 401")


def test_a_token_s_limit_holds_and_says_when_to_come_again(closed: Server) -> None:
    with closed.client(closed.token("cy", "--limit", "2/h")) as client:
        assert [client.post("/lessons", json=VERBS).status_code for _ in range(3)] == [200, 200, 429]
        refused = client.post("/lessons", json=VERBS)
        assert 3_500 < int(refused.headers["retry-after"]) <= 3_600
        assert "2 tasks an hour" in refused.json()["detail"]


def test_a_revoked_token_is_worth_nothing_at_once(closed: Server) -> None:
    token = closed.token("dan")
    with closed.client(token) as client:
        assert client.get("/lessons/tasks").status_code == 200
        number = max(each["number"] for each in closed.command("token", "list")["tokens"])
        assert closed.command("token", "revoke", str(number)) == {"revoked": [number]}
        assert client.get("/lessons/tasks").status_code == 401


def test_the_database_holds_no_token(closed: Server, ann: str) -> None:
    with sqlite3.connect(closed.home / "lessons.db") as database:
        assert ann not in "\n".join(database.iterdump())
    database.close()
    assert ann not in (closed.home / "serve.log").read_text(encoding="utf-8")


def test_people_enter_with_a_token_and_leave_again(closed: Server, ann: str) -> None:
    with closed.client(follow_redirects=True) as client:
        page = client.get("/pages/board")
        assert str(page.url).endswith("/pages/enter?next=/pages/board")
        key = page.text.partition('name="form_key" value="')[2].partition('"')[0]
        form = {"form_key": key, "token": "wrong", "next": "https://evil.example/"}
        assert client.post("/pages/enter", data=form).status_code == 401
        entered = client.post("/pages/enter", data={**form, "token": ann})
        assert entered.url.path == "/pages"
        cookie = entered.history[0].headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert client.get("/pages/board").url.path == "/pages/board"
        client.post("/pages/leave", data={"form_key": key})
        assert client.get("/pages/board").url.path == "/pages/enter"


def test_guessing_tokens_is_slowed_down_and_holds_up_nobody_else(tmp_path: Path) -> None:
    with serving(tmp_path / "home", "--no-start", "--host", "0.0.0.0") as running, running.client() as client:  # noqa: S104
        token = running.token("ann")
        codes = [client.get("/lessons/tasks", headers={"Authorization": f"Bearer {n}"}).status_code for n in range(25)]
        assert client.get("/lessons/tasks").status_code == 401  # on such an address a token is demanded by itself
        assert client.get("/lessons/tasks", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert codes[:20] == [401] * 20
    assert set(codes[20:]) == {429}


def test_behind_a_proxy_tokens_are_demanded_and_cookies_are_for_tls_alone(tmp_path: Path) -> None:
    options = ("--no-start", "--allow-host", "lessons.example.org")
    with serving(tmp_path / "home", *options) as running, running.client() as client:
        by_name = {"Host": "lessons.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
        assert client.get("/lessons/tasks", headers=by_name).status_code == 401
        page = client.get("/pages/enter", headers=by_name)
        assert "secure" in page.headers["set-cookie"].lower()
        assert page.headers["strict-transport-security"]
        assert client.get("/pages/enter", headers={**by_name, "Host": "other.example.org"}).status_code == 421


@pytest.mark.parametrize("limit", ["", "x", "0/h", "3", "3/", "3/y", "-1/h", "3/0h", "99/40d", "3/h/h"])
def test_a_limit_that_is_none_is_refused(cli: CommandLine, limit: str) -> None:
    ended = cli("token", "create", "--user", "ann", "--limit", limit, "--json")
    assert ended.code == 2
    assert cli("token", "list", "--json").json() == {"tokens": []}


# ---------------------------------------------------------------- limits


def test_a_pace_lets_through_a_burst_and_then_one_at_a_time() -> None:
    now = [0.0]
    pace = Pace(60, clock=lambda: now[0])
    assert [pace.wait_seconds("ann") for _ in range(10)] == [0.0] * 10
    assert 0 < pace.wait_seconds("ann") <= 1
    assert pace.wait_seconds("bob") == 0
    now[0] += 1.01
    assert pace.wait_seconds("ann") == 0
    assert pace.wait_seconds("ann") > 0


def test_too_many_requests_are_told_to_wait(tmp_path: Path) -> None:
    settings = {"LESSONGEN_WEB_REQUESTS_PER_MINUTE": "30"}
    options = ("--no-start", "--require-token")
    with serving(tmp_path / "home", *options, settings=settings) as running, running.client() as client:
        answers = [client.get("/health") for _ in range(10)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_a_body_of_100_mb_is_refused_and_costs_no_memory(server: Server) -> None:
    before = resident_bytes(server)
    with server.client() as client:
        for _ in range(3):
            try:
                assert client.post("/lessons", content=_megabytes(100)).status_code == 413
            except (httpx.WriteError, httpx.RemoteProtocolError, httpx.ReadError):
                pass  # the server hung up while we were still sending
        big = {"Content-Length": "100000000", "Content-Type": "application/json"}
        assert sent(server, _request("POST", "/lessons", big)).startswith(b"HTTP/1.1 413")
        assert client.get("/health").status_code == 200
    assert resident_bytes(server) - before < 20_000_000


def _megabytes(count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield b"x" * 1_000_000


def test_clients_that_are_slow_or_leave_hold_nobody_up(server: Server, stalled: list[socket.socket]) -> None:
    port = int(server.url.rpartition(":")[2])
    for _ in range(100):
        with socket.create_connection(("127.0.0.1", port)) as cut:
            cut.sendall(_request("POST", "/lessons", {"Content-Length": "500"}) + b'{"subject": ')
    with server.client() as client:
        held = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
        for connection in held:
            connection.sendall(b"POST /lessons HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        assert client.get("/lessons/tasks").status_code == 200
        left = select.select(held, [], [], 0)[0]
        assert len(left) < len(held), "it was answered when the server's patience with them had ended"
        for connection in held:
            connection.close()
    for connection in stalled:
        connection.settimeout(20)
        assert connection.recv(1_000) == b""  # the server's patience has ended


# ---------------------------------------------------------------- paths and sources


@pytest.mark.parametrize(
    "path",
    [
        "/lessons/%ff%fe/verbs",
        "/lessons/english/%c0%ae%c0%ae",
        "/lessons/..%2f..%2fetc/passwd",
        "/lessons/%00/%00",
        "/pages/static/..%2f..%2fapp.py",
        "/pages/static/%2e%2e/server.py",
        "//evil.example/pages",
        "/pages/read/" + "a" * 5_000 + "/b",
        "/pages/read/" + quote("\U0001f600\u202e'\"<script>") + "/x",
        "/lessons/english/verbs?version=" + "9" * 20,
        "/lessons/english/verbs?language=%ff",
        "/lessons?q=" + quote('" OR 1; --'),
        "/lessons?q=%ff%00",
        "/lessons/status/" + "%2e" * 20,
        "/lessons/tasks/",
        "/lessons//",
    ],
)
def test_tricks_with_paths_lead_nowhere(server: Server, path: str) -> None:
    answer = sent(server, _request("GET", path, {}))
    status = int(answer.split()[1])
    assert status in (200, 303, 400, 404, 422), answer[:200]
    assert b"root:" not in answer
    assert b"Traceback" not in answer
    assert b"<script>" not in answer


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("/etc/passwd", 422),
        ("notes.txt", 422),
        ("-", 422),
        ("text:0000", 422),
        ("file:///etc/passwd", 422),
        ("ftp://en.example.org/x", 422),
        ("http://user:pass@en.example.org/x", 422),
        ("http://[::1/", 422),
        ("http://other.example/x", 403),
        ("http://example.org.evil.example/", 403),
        ("http://127.0.0.1/", 403),
        ("http://localhost:1/", 403),
        ("http://LOCALHOST./", 403),
        ("http://169.254.169.254/latest/meta-data/", 403),
        ("https://en.example.org/wiki/Verb", 200),
    ],
)
def test_sources_are_addresses_of_allowed_hosts_on_public_networks(server: Server, source: str, status: int) -> None:
    with server.client() as client:
        assert client.post("/lessons", json={**VERBS, "sources": [source]}).status_code == status


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 10.1.2.3 172.16.0.1 192.168.0.70 169.254.169.254 0.0.0.0 100.64.0.1 224.0.0.1 255.255.255.255 ::1 :: "
    "fe80::1 fc00::1 ::ffff:127.0.0.1 64:ff9b::7f00:1 2002:7f00:1:: ff02::1".split(),
)
def test_private_addresses_are_known_in_all_their_forms(address: str) -> None:
    assert not is_public(address)


def test_public_addresses_are_public() -> None:
    assert is_public("93.184.215.14")
    assert is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")
    assert is_allowed("en.example.org", ("*.example.org",))
    assert not is_allowed("example.org.evil", ("*.example.org", "example.org"))
    with pytest.raises(DataError):
        public_address("localhost", 80)


def test_a_worker_fetches_nothing_from_this_machine_for_a_stranger_even_by_a_redirect() -> None:
    asked_for: list[str] = []

    class Private(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked_for.append(self.path)

    with ThreadingHTTPServer(("127.0.0.1", 0), Private) as private:
        threading.Thread(target=private.serve_forever, daemon=True).start()
        address = f"http://localhost:{private.server_port}/secret"
        reach = partial(fetch, address, "test", 1_000_000)
        with pytest.raises(DataError, match="not public"):
            reach(["localhost"])
        with pytest.raises(DataError, match="not among"):
            reach(["*.example.org"])
        private.shutdown()
    assert asked_for == []


# ---------------------------------------------------------------- bytes


def sent(server: Server, request: bytes) -> bytes:
    """What the server answers to these bytes, until it closes."""
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        answer = b""
        while chunk := connection.recv(65_536):
            answer += chunk
        return answer


def _request(method: str, path: str, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def resident_bytes(server: Server) -> int:
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) * 1_024
