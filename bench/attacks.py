"""Attacks on the web API and pages, each really made on a `lessongen serve` process, and what was seen.

Each was made from the outside, with the documentation alone in hand. `docs/explanation/web-attacks.md` holds the table.

python -m bench.attacks      the table as Markdown; exit code 1 where an attack got through
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

LESSON = json.dumps({"subject": "english", "topic": "verbs"})
KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
UPGRADE = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", KEY)


@dataclass(frozen=True, kw_only=True)
class Target:
    """A server that is attacked, and what the attacker may have of it."""

    port: int
    home: Path
    pid: int

    def raw(self, request: bytes, *, timeout: float = 15, ends: bool = True) -> bytes:
        """What comes back on these bytes, until the server closes, or has said something where it need not close."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            answer = b""
            try:
                connection.sendall(request)
                while chunk := connection.recv(65_536):
                    answer += chunk
                    if not ends and b"\r\n\r\n" in answer:
                        break
            except (ConnectionResetError, BrokenPipeError):
                answer = answer or b"(reset)"
            except TimeoutError:
                answer = answer or b"(silence)"
            return answer

    def ask(self, method: str, path: str, *headers: str, body: str = "", host: str = "127.0.0.1") -> bytes:
        """What one request is answered with."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close", *headers]
        if body:
            lines.append(f"Content-Length: {len(body.encode())}")
            if not any(each.lower().startswith("content-type") for each in headers):
                lines.append("Content-Type: application/json")
        return self.raw(("\r\n".join(lines) + "\r\n\r\n" + body).encode())

    def command(self, *arguments: str) -> dict[str, object]:
        """What a command of the owner's answers."""
        done = subprocess.run(
            [sys.executable, "-m", "lessongen", *arguments, "--json"],
            env={"LESSONGEN_HOME": str(self.home), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        )
        found: dict[str, object] = json.loads(done.stdout)
        return found

    def token(self, user: str, *options: str) -> str:
        """A token of a user."""
        return str(self.command("token", "create", "--user", user, *options)["token"])

    def resident_bytes(self) -> int:
        """How much memory the server has now."""
        text = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(next(line for line in text.splitlines() if line.startswith("VmRSS")).split()[1]) * 1_024


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What an attack saw, and whether it was held off."""

    what: str
    is_held: bool


Attack = Callable[[Target, Target], Seen]
ATTACKS: list[tuple[str, Attack]] = []


def attack(title: str) -> Callable[[Attack], Attack]:
    """Put an attack on the list. It is given a server without tokens and one that demands them."""

    def listed(made: Attack) -> Attack:
        ATTACKS.append((title, made))
        return made

    return listed


def status(answer: bytes) -> int:
    """The status of an answer; 0 for none."""
    found = re.match(rb"HTTP/1\.1 ([0-9]{3})", answer)
    return int(found[1]) if found else 0


def told(answer: bytes, held: tuple[int, ...]) -> Seen:
    """The status as what was seen."""
    code = status(answer)
    return Seen(what=str(code) if code else answer[:20].decode("latin-1") or "closed", is_held=code in held)


def several(answers: list[bytes], held: tuple[int, ...]) -> Seen:
    """The statuses of several tries."""
    codes = [status(each) for each in answers]
    return Seen(what=", ".join(map(str, dict.fromkeys(codes))), is_held=all(code in held for code in codes))


def bearer(token: str) -> str:
    """A token as a header."""
    return f"Authorization: Bearer {token}"


# ---------------------------------------------------------------- who one is


@attack("Headers of 12 kinds of proxies, in capitals, with underscores, empty")
def _(free: Target, closed: Target) -> Seen:
    names = "FORWARDED X_FORWARDED_FOR X-Forwarded-Server Via X-Real-IP CF-Worker True-Client-IP X-Envoy-Peer-Metadata "
    names += "Fly-Client-IP X-Amzn-Trace-Id Tailscale-User-Login CDN-Loop"
    return several([free.ask("GET", "/lessons/tasks", f"{name}:") for name in names.split()], (403,))


@attack("HTTP/1.0, as a default nginx asks, with the server's own name")
def _(free: Target, closed: Target) -> Seen:
    return told(free.raw(b"GET /lessons/tasks HTTP/1.0\r\nHost: 127.0.0.1:8000\r\n\r\n"), (403,))


@attack("DNS rebinding: names that lead to 127.0.0.1, with ports, dots and users before them")
def _(free: Target, closed: Target) -> Seen:
    hosts = [
        "evil.example",
        "127.0.0.1.nip.io:80",
        "localhost.evil.example",
        "127.0.0.1@evil.example",
        "0",
        "[::]",
        "127.1",
    ]
    return several([free.ask("GET", "/lessons/tasks", host=each) for each in hosts], (421,))


@attack("The request line names another host than `Host`")
def _(free: Target, closed: Target) -> Seen:
    return told(free.ask("GET", "http://evil.example/lessons/tasks"), (400, 404, 421))


@attack("Two `Host` headers, the allowed one first")
def _(free: Target, closed: Target) -> Seen:
    return told(free.ask("GET", "/lessons/tasks", "Host: evil.example"), (400,))


@attack("A token in places where none belongs: query, body, `X-Token`, Basic, lower case, with blanks inside")
def _(free: Target, closed: Target) -> Seen:
    token = closed.token("ann")
    basic = base64.b64encode(f"ann:{token}".encode()).decode()
    tries = [[], [f"X-Token: {token}"], [f"Authorization: Basic {basic}"], [bearer(token.lower())]]
    tries += [[bearer(f"{token[:9]} {token[9:]}")], [bearer(token + "\t\tx")], [f"Cookie: token={token}"]]
    path = "/lessons/tasks?" + urlencode({"token": token, "access_token": token})
    return several([closed.ask("GET", path, *each) for each in tries], (401,))


@attack("SQL in a token, and one of 15,000 signs")
def _(free: Target, closed: Target) -> Seen:
    tries = ["' OR '1'='1", 'x" UNION SELECT 1,2,3,4,5,6 --', "x" * 15_000, "%00", "null"]
    return several([closed.ask("GET", "/lessons/tasks", bearer(each)) for each in tries], (401, 429))


@attack("Another user's task by every address that takes an id, and over a WebSocket")
def _(free: Target, closed: Target) -> Seen:
    ann, bob = closed.token("ann"), closed.token("bob")
    task_id = json.loads(closed.ask("POST", "/lessons", bearer(ann), body=LESSON).partition(b"\r\n\r\n")[2])["task_id"]
    paths = ["GET /lessons/status/{}", "POST /tasks/{}/cancel", "POST /tasks/{}/retry", "GET /tasks/{}/events"]
    answers = [
        closed.ask(each.split()[0], each.split()[1].format(task_id), bearer(bob))
        for each in [*paths, "GET /pages/tasks/{}"]
    ]
    socket_request = "\r\n".join(
        [f"GET /tasks/{task_id}/live HTTP/1.1", "Host: 127.0.0.1", *UPGRADE, bearer(bob), "", ""]
    )
    answers.append(closed.raw(socket_request.encode(), ends=False))
    return several(answers, (404,))


@attack("`user_id` of another, twice in one object, and as a list")
def _(free: Target, closed: Target) -> Seen:
    ann = closed.token("ann")
    bodies = ['"user_id": "bob"', '"user_id": "ann", "user_id": "bob"', '"user_id": ["bob"]', '"user_id": "ANN"']
    answers = [
        closed.ask("POST", "/lessons", bearer(ann), body=f'{{"subject": "a", "topic": "b", {each}}}') for each in bodies
    ]
    return several(answers, (403, 422))


@attack("1,300 requests in a burst, each with another cookie and another spelling of one token")
def _(free: Target, closed: Target) -> Seen:
    token, codes = closed.token("burst"), []
    with socket.create_connection(("127.0.0.1", closed.port), timeout=30) as connection:
        answers = connection.makefile("rb")
        for number in range(1_300):
            scheme = "".join(each.upper() if number >> at & 1 else each for at, each in enumerate("bearer"))
            lines = ["GET /health HTTP/1.1", "Host: 127.0.0.1", f"Cookie: a={number}"]
            lines.append(f"Authorization: {scheme}{' ' * (1 + number % 5)}{token}")
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            codes.append(int(answers.readline().split()[1]))
            length = 0
            while (line := answers.readline()) != b"\r\n":
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            answers.read(length)
    return Seen(what=f"{codes.count(200)} times 200, {codes.count(429)} times 429", is_held=codes.count(429) > 0)


# ---------------------------------------------------------------- other sites


@attack("Forms of another site: simple content types, `Origin: null`, a look-alike, a same-site one")
def _(free: Target, closed: Target) -> Seen:
    origins = ["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://localhost:1"]
    answers = [
        free.ask("POST", "/lessons", f"Origin: {origin}", f"Content-Type: {kind}", body=LESSON)
        for origin in origins
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")
    ]
    return several(answers, (403,))


@attack("A WebSocket from another site's page")
def _(free: Target, closed: Target) -> Seen:
    lines = ["GET /board/live HTTP/1.1", "Host: 127.0.0.1", *UPGRADE, "Origin: https://evil.example", "", ""]
    return told(free.raw("\r\n".join(lines).encode(), ends=False), (403,))


@attack("JSON sent as text/plain, with no origin told")
def _(free: Target, closed: Target) -> Seen:
    return told(
        free.ask("POST", "/lessons", "Content-Type: text/plain", "Sec-Fetch-Site: cross-site", body=LESSON), (403, 422)
    )


@attack("`next=` of the entrance that leads to another site, in nine spellings")
def _(free: Target, closed: Target) -> Seen:
    nexts = [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/pages/../..//evil.example",
        "/pages\\@evil.example",
    ]
    nexts += [
        "javascript:alert(1)",
        "/pages\r\nLocation: https://evil.example",
        "\t//evil.example",
        "/pages//evil.example/%2f..",
    ]
    page = closed.ask("GET", "/pages/enter")
    key = re.search(rb'name="form_key" value="([^"]+)"', page)
    cookie = re.search(rb"set-cookie: ([^;]+)", page, re.IGNORECASE)
    assert key is not None
    assert cookie is not None
    token, leads = closed.token("eve"), []
    for each in nexts:
        body = urlencode({"form_key": key[1].decode(), "token": token, "next": each})
        answer = closed.ask(
            "POST",
            "/pages/enter",
            f"Cookie: {cookie[1].decode()}",
            "Content-Type: application/x-www-form-urlencoded",
            body=body,
        )
        found = re.search(rb"\r\nlocation: ([^\r]*)", answer, re.IGNORECASE)
        leads.append(found[1].decode() if found else "none")
    held = all(each == "none" or re.match(r"/pages(?!\\)", each) for each in leads)
    return Seen(
        what="leads to " + ", ".join(dict.fromkeys(each.partition("?")[0][:30] for each in leads)), is_held=held
    )


@attack("Script in subject, topic, query and address, in all pages that show them")
def _(free: Target, closed: Target) -> Seen:
    evil = "<script>alert(1)</script>'\"><img src=x onerror=alert(1)>"
    free.ask("POST", "/lessons", body=json.dumps({"subject": evil[:100], "topic": evil}))
    paths = ["/pages", f"/pages?q={quote(evil)}", "/pages/board", f"/pages/read/{quote(evil, safe='')}/x"]
    answers = [free.ask("GET", each) for each in [*paths, f"/pages/enter?next=/pages{quote(evil)}", f"/{quote(evil)}"]]
    found = sum(b"<script>alert" in each or b"<img src=x" in each for each in answers)
    return Seen(what=f"{found} of {len(answers)} pages hold it as markup", is_held=not found)


# ---------------------------------------------------------------- HTTP itself


@attack("Request smuggling: two lengths, in seven ways, with a second request in the body")
def _(free: Target, closed: Target) -> Seen:
    ways = [["Content-Length: 6", "Transfer-Encoding: chunked"], ["Transfer-Encoding: chunked", "Content-Length: 6"]]
    ways += [
        ["Content-Length: 6", "Content-Length: 7"],
        ["Transfer-Encoding: xchunked"],
        ["Transfer-Encoding:\x0bchunked"],
    ]
    ways += [["Transfer-Encoding: chunked, identity"], ["Content-Length: 6", "Transfer-Encoding:chunked\r\n x"]]
    tail = b"0\r\n\r\nGET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    answers = [
        free.raw("\r\n".join(["POST /lessons HTTP/1.1", "Host: 127.0.0.1", *each, "", ""]).encode() + tail)
        for each in ways
    ]
    second = sum(len(re.findall(rb"HTTP/1\.1 [0-9]{3} ", each)) > 1 for each in answers)
    codes = ", ".join(dict.fromkeys(str(status(each)) for each in answers))
    return Seen(what=f"{codes}; a second answer {second} times", is_held=not second and "200" not in codes)


@attack("1 MB of headers: in one, in 10,000, in the address, in a WebSocket's request")
def _(free: Target, closed: Target) -> Seen:
    before, long = free.resident_bytes(), "x" * 1_000_000
    many = "".join(f"X-{number}: {'x' * 90}\r\n" for number in range(10_000))
    heads = [f"GET / HTTP/1.1\r\nX: {long}", f"GET / HTTP/1.1\r\n{many}X: x", f"GET /{long} HTTP/1.1"]
    heads.append("GET /board/live HTTP/1.1\r\n" + "\r\n".join(UPGRADE) + f"\r\nX: {long}")
    codes = [status(free.raw(f"{each}\r\nHost: 127.0.0.1\r\n\r\n".encode())) for each in heads for _ in range(5)]
    grown = (free.resident_bytes() - before) / 1e6
    seen = ", ".join("431" if code == 431 else "closed" if not code else str(code) for code in dict.fromkeys(codes))
    return Seen(what=f"{seen}; memory grew by {grown:.0f} MB", is_held=set(codes) <= {0, 431} and grown < 20)


@attack("50 MB in chunks of one byte, and a chunk that says it is of 2⁶³ bytes")
def _(free: Target, closed: Target) -> Seen:
    before = free.resident_bytes()
    head = b"POST /lessons HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    head += b"Transfer-Encoding: chunked\r\n\r\n"
    answers = [free.raw(head + b"1\r\nx\r\n" * 8_000_000), free.raw(head + b"7fffffffffffffff\r\n" + b"x" * 3_000_000)]
    grown = (free.resident_bytes() - before) / 1e6
    codes = [status(each) for each in answers]
    seen = ", ".join(str(code or "closed") for code in codes)
    return Seen(what=f"{seen}; memory grew by {grown:.0f} MB", is_held=set(codes) <= {0, 400, 413} and grown < 30)


@attack("A gzip bomb as `Content-Encoding: gzip`")
def _(free: Target, closed: Target) -> Seen:
    bomb = gzip.compress(b" " * 100_000_000 + LESSON.encode())
    head = "POST /lessons HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
    before = free.resident_bytes()
    answer = free.raw(f"{head}Content-Length: {len(bomb)}\r\nConnection: close\r\n\r\n".encode() + bomb)
    grown = (free.resident_bytes() - before) / 1e6
    return Seen(
        what=f"{status(answer)}; memory grew by {grown:.0f} MB",
        is_held=status(answer) in (400, 415, 422) and grown < 20,
    )


@attack("JSON that is deep (100,000 lists), long (a number of 100,000 digits), not UTF-8, with NaN")
def _(free: Target, closed: Target) -> Seen:
    bodies = ["[" * 100_000, '{"subject": ' + "9" * 100_000 + "}", '{"subject": "\\ud800", "topic": "x"}']
    bodies += ['{"subject": "a", "topic": "b", "max_cost": NaN}', '{"subject": "a", "topic": "b", "minutes": 1e999}']
    answers = [free.ask("POST", "/lessons", body=each) for each in bodies]
    start = b"POST /lessons HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nConnection: close\r\n"
    answers.append(free.raw(start + b"Content-Length: 4\r\n\r\n\xff\xfe{}"))
    return several(answers, (400, 422))


@attack("Methods that do more: TRACE, CONNECT, PUT, DELETE, PATCH, PROPFIND, an override by a header")
def _(free: Target, closed: Target) -> Seen:
    answers = [free.ask(each, "/lessons/tasks") for each in "TRACE PUT DELETE PATCH PROPFIND".split()]
    answers.append(free.ask("CONNECT", "evil.example:443"))
    answers.append(free.ask("POST", "/lessons/tasks", "X-HTTP-Method-Override: GET", "Content-Length: 0"))
    return several(answers, (400, 404, 405))


@attack("200 requests in one go on one connection, of which the first is refused")
def _(free: Target, closed: Target) -> Seen:
    one = b"GET /lessons/tasks HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    bad = b"GET /lessons/tasks HTTP/1.1\r\nHost: evil.example\r\n\r\n"
    answer = free.raw(bad + one * 199 + b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    codes = [int(each) for each in re.findall(rb"HTTP/1\.1 ([0-9]{3}) ", answer)]
    return Seen(what=f"{codes[0]}, then {codes.count(200)} times 200", is_held=codes[0] == 421 and len(codes) == 201)


@attack("A header split by %0d%0a in a lesson's name, sent back in `Location` and file names")
def _(free: Target, closed: Target) -> Seen:
    answers = [
        free.ask("GET", f"/exports/a%0d%0aX-Evil:%201/b{tail}")
        for tail in ("", "%0d%0aX-Evil:%201", "?format=md%0d%0aX-Evil:1")
    ]
    answers.append(closed.ask("GET", "/pages/read/a%0d%0aX-Evil:%201/b"))
    evil = sum(b"\r\nx-evil" in each.lower() for each in answers)
    return Seen(what=f"the header came {evil} times", is_held=not evil)


# ---------------------------------------------------------------- numbers and names


@attack("`?wait=`, `limit`, `since`, `version` in Arabic, full-width and small digits, with `_`, `+`, nan, inf")
def _(free: Target, closed: Target) -> Seen:
    odd = ["\u0663", "\uff13", "\u00b2", "1_0", "+1", "nan", "inf", "1e1", "0x1", "-1", "9" * 400, "\u0661s", ""]
    answers = [
        free.ask(method, f"{path}={quote(each)}", body=LESSON if method == "POST" else "")
        for method, path in (("POST", "/lessons?wait"), ("GET", "/lessons?limit"), ("GET", "/usage?since"))
        for each in odd
    ]
    answers += [free.ask("GET", f"/lessons/english/verbs?version={quote(each)}") for each in odd]
    return several(answers, (404, 422))


@attack("Files of the server by static addresses, exports and topics with `../` in 12 spellings")
def _(free: Target, closed: Target) -> Seen:
    ups = [
        "../",
        "..%2f",
        "%2e%2e/",
        "%2e%2e%2f",
        "..%5c",
        "....//",
        "..%252f",
        "%c0%ae%c0%ae/",
        "..;/",
        "/%00/",
        "%uff0e/",
        "~/",
    ]
    answers = [
        free.ask("GET", f"/{kind}/{up * 6}etc/passwd")
        for kind in ("pages/static", "exports/a", "lessons/a")
        for up in ups
    ]
    leaked = sum(b"root:" in each for each in answers)
    codes = ", ".join(map(str, dict.fromkeys(status(each) for each in answers)))
    return Seen(what=f"{codes}; {leaked} files", is_held=not leaked and "200" not in codes and "500" not in codes)


@attack("Sources inside the house: metadata services, other spellings of 127.0.0.1, files, a name with a password")
def _(free: Target, closed: Target) -> Seen:
    sources = [
        "http://169.254.169.254/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[::ffff:127.0.0.1]/",
        "file:///etc/passwd",
    ]
    sources += [
        "http://localhost:22/",
        "/etc/passwd",
        "gopher://127.0.0.1/",
        "http://a:b@en.wikipedia.org/",
        "http://0/",
        "-",
    ]
    answers = [
        free.ask("POST", "/lessons", body=json.dumps({"subject": "a", "topic": "b", "sources": [each]}))
        for each in sources
    ]
    return several(answers, (403, 422))


@attack("A template or model of one's own: names with `../`, and one that is a path")
def _(free: Target, closed: Target) -> Seen:
    fields = [
        {"template": "../../etc"},
        {"template": "/etc"},
        {"template": "\x00"},
        {"writer": "../x"},
        {"language": "../../x"},
    ]
    return several(
        [free.ask("POST", "/lessons", body=json.dumps({"subject": "a", "topic": "b", **each})) for each in fields],
        (422,),
    )


@attack("SQL and search operators in `q`: quotes, NEAR, column filters, 200 brackets")
def _(free: Target, closed: Target) -> Seen:
    words = [
        '"',
        "' OR 1=1 --",
        "a NEAR/0 b",
        "content:x",
        "NOT",
        "*",
        "(" * 200,
        "a AND",
        "^a",
        "\x00",
        "{a b}: c",
        "a" * 200,
    ]
    return several([free.ask("GET", f"/lessons?q={quote(each)}") for each in words], (200, 422))


# ---------------------------------------------------------------- what is scarce


@attack("One token opens 2,600 streams; then another user watches, and the first waits for a lesson")
def _(free: Target, closed: Target) -> Seen:
    with tempfile.TemporaryDirectory() as folder, target(Path(folder) / "wide", "--require-token", pace="none") as wide:
        return _takes_all(wide, wide.token("ann"), wide.token("bob"))


def _takes_all(wide: Target, ann: str, bob: str) -> Seen:
    streams: list[socket.socket] = []
    watch = "GET /board/events HTTP/1.1\r\nHost: 127.0.0.1\r\n{}\r\n\r\n"
    codes = []
    try:
        while len(streams) < 2_600:
            more = [socket.create_connection(("127.0.0.1", wide.port), timeout=60) for _ in range(100)]
            streams += more
            for each in more:
                each.sendall(watch.format(bearer(ann)).encode())
            codes += [int(each.recv(12).split()[1]) for each in more]
        other = wide.raw(watch.format(bearer(bob)).encode(), ends=False)
        waited = wide.ask("POST", "/lessons?wait=30s", bearer(ann), body=LESSON)
    finally:
        for each in streams:
            each.close()
    has_id = b'"task_id"' in waited
    seen = f"{codes.count(200):,} got a place; the other user {status(other)}; the wait {status(waited)}"
    seen += " with the task's id" if has_id else ""
    return Seen(what=seen, is_held=status(other) == 200 and status(waited) == 202 and has_id and 503 in codes)


@attack("500 streams opened and dropped at once: are their places free again?")
def _(free: Target, closed: Target) -> Seen:
    for _ in range(500):
        with socket.create_connection(("127.0.0.1", free.port)) as cut:
            cut.sendall(b"GET /board/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    deadline = time.monotonic() + 20
    left = -1.0
    while left and time.monotonic() < deadline:
        found = re.search(rb"lessongen_watchers ([0-9.]+)", free.ask("GET", "/metrics"))
        left = float(found[1]) if found else -1.0
        time.sleep(0.1)
    return Seen(what=f"{left:g} places are still taken", is_held=left == 0)


@attack("300 WebSocket requests that can't be ones, each left open: unknown version, no key, a long header")
def _(free: Target, closed: Target) -> Seen:
    kinds = [[*UPGRADE[:2], "Sec-WebSocket-Version: 99", KEY], list(UPGRADE[:3]), [*UPGRADE, "X: " + "x" * 9_000]]
    answers = []
    for number in range(300):
        lines = ["GET /board/live HTTP/1.1", "Host: 127.0.0.1", *kinds[number % 3], "", ""]
        answers.append(free.raw("\r\n".join(lines).encode(), timeout=5))
    silent = sum(not status(each) for each in answers)
    return Seen(
        what=f"{', '.join(map(str, dict.fromkeys(map(status, answers))))}; {silent} left open", is_held=not silent
    )


@attack("A WebSocket that sends 100,000 frames, one of 2⁶² bytes, and a compressed one that grows 1,000 times")
def _(free: Target, closed: Target) -> Seen:
    before = free.resident_bytes()
    lines = [
        "GET /board/live HTTP/1.1",
        "Host: 127.0.0.1",
        *UPGRADE,
        "Sec-WebSocket-Extensions: permessage-deflate",
        "",
        "",
    ]
    packer = zlib.compressobj(9, zlib.DEFLATED, -12)
    packed = packer.compress(b" " * 2_000_000) + packer.flush(zlib.Z_SYNC_FLUSH)[:-4]
    bomb = struct.pack("!BBH", 0xC1, 0xFE, len(packed)) + b"\0\0\0\0" + packed
    payloads = [
        b"\x81\x81\0\0\0\0x" * 100_000,
        struct.pack("!BBQ", 0x81, 0xFF, 2**62) + b"\0\0\0\0" + b"x" * 100_000,
        bomb,
    ]
    for each in payloads:
        with socket.create_connection(("127.0.0.1", free.port), timeout=3) as connection:
            try:
                connection.sendall("\r\n".join(lines).encode())
                connection.recv(4_096)
                connection.sendall(each)
                while connection.recv(65_536):
                    pass
            except OSError:
                pass
    grown = (free.resident_bytes() - before) / 1e6
    is_up = status(free.ask("GET", "/health")) == 200
    return Seen(
        what=f"memory grew by {grown:.0f} MB; the server {'answers' if is_up else 'is gone'}",
        is_held=is_up and grown < 30,
    )


@attack("A token is revoked while its holder watches by events, by WebSocket and by `?wait=`")
def _(free: Target, closed: Target) -> Seen:
    token = closed.token("mallory")
    numbers = [each["number"] for each in closed.command("token", "list")["tokens"]]  # type: ignore[attr-defined]
    requests = [
        f"GET /board/events HTTP/1.1\r\nHost: 127.0.0.1\r\n{bearer(token)}\r\n\r\n",
        "\r\n".join(["GET /board/live HTTP/1.1", "Host: 127.0.0.1", *UPGRADE, bearer(token), "", ""]),
        f"POST /lessons?wait=60s HTTP/1.1\r\nHost: 127.0.0.1\r\n{bearer(token)}\r\nContent-Type: application/json\r\n"
        f"Connection: close\r\nContent-Length: {len(LESSON)}\r\n\r\n{LESSON}",
    ]
    ends: dict[int, float] = {}

    def watch(number: int) -> None:
        with socket.create_connection(("127.0.0.1", closed.port), timeout=30) as connection:
            connection.sendall(requests[number].encode())
            try:
                while chunk := connection.recv(65_536):
                    if number < 2:
                        # The chunked end of the events, or a WebSocket's closing frame: the socket itself stays open.
                        if chunk.endswith(b"0\r\n\r\n") or chunk[:1] == b"\x88":
                            break
            except OSError:
                pass
        ends[number] = time.monotonic()

    threads = [threading.Thread(target=watch, args=(number,)) for number in range(len(requests))]
    for thread in threads:
        thread.start()
    time.sleep(2)
    closed.command("token", "revoke", str(max(numbers)))
    revoked = time.monotonic()
    for thread in threads:
        thread.join()
    latest = max(ends.values()) - revoked
    return Seen(what=f"all had ended {max(latest, 0):.1f} s after `token revoke` returned", is_held=latest < 1)


@attack("300 requests that stop in mid-header or mid-body; meanwhile another asks")
def _(free: Target, closed: Target) -> Seen:
    stalled = [socket.create_connection(("127.0.0.1", free.port)) for _ in range(300)]
    for number, each in enumerate(stalled):
        each.sendall(
            b"POST /lessons HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            + (b"X: " if number % 2 else b"Content-Length: 99\r\n\r\n{")
        )
    started = time.monotonic()
    answer = free.ask("GET", "/lessons/tasks")
    took = time.monotonic() - started
    for each in stalled:
        each.close()
    return Seen(what=f"{status(answer)} after {took * 1_000:.0f} ms", is_held=status(answer) == 200 and took < 2)


# ---------------------------------------------------------------- all of them


@contextmanager
def target(home: Path, *options: str, pace: str = "1200") -> Iterator[Target]:
    """A server to attack, without workers."""
    command = [sys.executable, "-m", "lessongen", "serve", "--port", "0", "--no-start", "--json", *options]
    environment = {"LESSONGEN_HOME": str(home), "PATH": "/usr/bin:/bin", "LESSONGEN_SOURCES_WIKIPEDIA": "no"}
    environment["LESSONGEN_WEB_REQUESTS_PER_MINUTE"] = pace
    home.mkdir(parents=True)
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    try:
        port = int(json.loads(process.stdout.readline())["url"].rpartition(":")[2])
        yield Target(port=port, home=home, pid=process.pid)
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def _allow_many_files() -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(8_192, hard)), hard))


def run() -> Iterator[tuple[str, Seen]]:
    """Make all attacks; each with what was seen. None may leave a traceback in a log."""
    _allow_many_files()
    with (
        tempfile.TemporaryDirectory() as folder,
        target(Path(folder) / "free") as free,
        target(Path(folder) / "closed", "--require-token") as closed,
    ):
        for title, made in ATTACKS:
            seen = made(free, closed)
            time.sleep(0.1)
            yield title, seen
        logs = "".join((each.home / "log").read_text(encoding="utf-8") for each in (free, closed))
        faults = logs.count("Traceback")
        yield "After all of them: tracebacks in the servers' logs", Seen(what=str(faults), is_held=not faults)
        if faults:
            print(logs[logs.index("Traceback") :][:3_000], file=sys.stderr)


def row(number: int, title: str, seen: Seen) -> str:
    """A row of the table."""
    return f"| {number} | {title} | {seen.what} | {'yes' if seen.is_held else '**no**'} |"


def main() -> None:
    print("| | attack | seen | held off |\n|---|---|---|---|")
    failed = 0
    for number, (title, seen) in enumerate(run(), 1):
        failed += not seen.is_held
        print(row(number, title, seen), flush=True)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
