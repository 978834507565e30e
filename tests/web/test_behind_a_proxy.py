"""The how-to for proxies, tried with the real ones: nginx and Caddy in front of a real server."""

from __future__ import annotations

import json
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from tests.processes import ROOT
from tests.web_server import Server, asked, serving

PAGE = (ROOT / "docs" / "how-to" / "put-it-behind-a-proxy.md").read_text(encoding="utf-8")
NAME = "lessons.example.org"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
CADDY = shutil.which("caddy")
needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed here: the proxy is not tried")
needs_caddy = pytest.mark.skipif(CADDY is None, reason="Caddy is not installed here: the proxy is not tried")


def config(kind: str) -> str:
    """The configuration of a proxy that the how-to gives."""
    found = re.search(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={NAME}"]
    command += ["-addext", f"subjectAltName=DNS:{NAME}", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """As the how-to has it."""
    with serving(tmp_path_factory.mktemp("named") / "home", "--no-start", "--allow-host", NAME) as running:
        yield running


@pytest.fixture(scope="module")
def unnamed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """As for oneself: no token is demanded."""
    with serving(tmp_path_factory.mktemp("unnamed") / "home", "--no-start") as running:
        yield running


@contextmanager
def proxy(command: list[str], port: int, folder: Path) -> Iterator[int]:
    """A proxy's process while the block lasts; its port."""
    log = folder / "proxy.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=folder, stdout=out, stderr=out, env={"HOME": str(folder), "PATH": "/usr/bin:/bin"}
        )
    try:
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, log.read_text(encoding="utf-8")
                assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(120)


@contextmanager
def nginx(folder: Path, servers: str, port: int) -> Iterator[int]:
    """nginx with these servers."""
    folder.mkdir(exist_ok=True)
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{paths}{servers}\n}}\n"
    )
    command = [str(NGINX), "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
    with proxy(command, port, folder) as found:
        yield found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def upstream(server: Server) -> str:
    return server.url.removeprefix("http://")


@pytest.fixture(scope="module")
def by_nginx(named: Server, certificate: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port = free_port()
    servers = config("nginx").replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    servers = servers.replace("127.0.0.1:8001", upstream(named))
    servers = re.sub(r"(ssl_certificate +)\S+", rf"\1{certificate}/cert.pem;", servers)
    servers = re.sub(r"(ssl_certificate_key +)\S+", rf"\1{certificate}/key.pem;", servers)
    with nginx(tmp_path_factory.mktemp("nginx"), servers, port) as found:
        yield found


@pytest.fixture(scope="module")
def by_caddy(named: Server, certificate: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port, folder = free_port(), tmp_path_factory.mktemp("caddy")
    site = config("caddyfile").replace("127.0.0.1:8001", upstream(named))
    site = site.replace(f"{NAME} {{", f"{NAME}:{port} {{\n    tls {certificate}/cert.pem {certificate}/key.pem")
    (folder / "Caddyfile").write_text(f"{{\n    admin off\n    auto_https disable_redirects\n}}\n{site}")
    command = [str(CADDY), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    with proxy(command, port, folder) as found:
        yield found


def client(port: int, certificate: Path, **headers: str) -> httpx.Client:
    """Somebody on the internet, who knows the name."""
    trusted = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
    found = httpx.Client(base_url=f"https://127.0.0.1:{port}", verify=trusted, timeout=20, headers=headers)
    found.headers["Host"] = NAME
    return found


def check(port: int, certificate: Path, server: Server) -> None:
    """What must hold behind any proxy."""
    sni = {"sni_hostname": NAME}
    with client(port, certificate) as stranger:
        for path in ("/lessons/tasks", "/board/events", "/lessons"):
            assert stranger.get(path, extensions=sni).status_code == 401
        spoofed = {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1", "Forwarded": "for=127.0.0.1"}
        assert stranger.get("/lessons/tasks", headers=spoofed, extensions=sni).status_code == 401
        page = stranger.get("/pages/enter", extensions=sni)
        assert "secure" in page.headers["set-cookie"].lower()
        key = page.text.partition('name="form_key" value="')[2].partition('"')[0]
        form = {"form_key": key, "token": server.token("eve")}
        origin = {"Origin": f"https://{NAME}", "Sec-Fetch-Site": "same-origin"}
        assert stranger.post("/pages/enter", data=form, headers=origin, extensions=sni).status_code == 303
    token = server.token("ann")
    bearer = {"Authorization": f"Bearer {token}"}
    with client(port, certificate, **bearer) as ann:
        answer = ann.post("/lessons", json={"subject": "english", "topic": "verbs"}, extensions=sni)
        assert answer.status_code == 200
        path = f"/tasks/{answer.json()['task_id']}"
        with ann.stream("GET", f"{path}/events", extensions=sni) as stream:
            assert next(line for line in stream.iter_lines() if line.startswith("data:"))  # before the stream ends
        trusted = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
        with (
            socket.create_connection(("127.0.0.1", port)) as raw,
            connect(f"wss://{NAME}:{port}{path}/live", sock=raw, ssl=trusted, additional_headers=bearer) as live,
        ):
            assert json.loads(live.recv(timeout=120))["data"]["status"] == "pending"


@needs_nginx
def test_behind_nginx_as_the_how_to_has_it_strangers_get_in_by_token_alone(
    by_nginx: int, certificate: Path, named: Server
) -> None:
    check(by_nginx, certificate, named)


@needs_caddy
def test_behind_caddy_as_the_how_to_has_it_strangers_get_in_by_token_alone(
    by_caddy: int, certificate: Path, named: Server
) -> None:
    check(by_caddy, certificate, named)


@needs_nginx
def test_who_guesses_behind_nginx_is_told_by_the_address_that_nginx_sees(by_nginx: int, certificate: Path) -> None:
    with client(by_nginx, certificate) as stranger:
        codes = [
            stranger.get(
                "/lessons/tasks",
                headers={"Authorization": f"Bearer {number}", "X-Forwarded-For": f"203.0.113.{number}"},
                extensions={"sni_hostname": NAME},
            ).status_code
            for number in range(25)
        ]
    assert codes[-1] == 429  # another address that is only claimed is no other caller


LINES = {
    "nothing": "",
    "the name": "proxy_set_header Host $host;",
    "addresses": "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
    "an address": "proxy_set_header X-Real-IP $remote_addr; proxy_http_version 1.1;",
    "the way": "proxy_set_header Via '1.1 nginx'; proxy_http_version 1.1;",
    "the standard": "proxy_set_header Forwarded 'for=$remote_addr'; proxy_http_version 1.1;",
}


@needs_nginx
@pytest.mark.parametrize("line", LINES.values(), ids=list(LINES))
def test_behind_a_default_nginx_strangers_are_refused_and_told_what_to_set(
    line: str, unnamed: Server, tmp_path: Path
) -> None:
    with unnamed.client() as owner:
        task_id = asked(owner)["task_id"]
    port = free_port()
    servers = f"server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass {unnamed.url}; {line} }} }}"
    with nginx(tmp_path / "nginx", servers, port), httpx.Client(base_url=f"http://127.0.0.1:{port}") as stranger:
        for path in ("/lessons/tasks", f"/lessons/status/{task_id}", "/pages/board", "/metrics"):
            refused = stranger.get(path, headers={"Host": NAME})
            assert refused.status_code in (403, 421)
            assert task_id not in refused.text
            assert "--allow-host" in refused.text
        assert stranger.post("/lessons", json={"subject": "english", "topic": "verbs"}).status_code in (403, 421)


@needs_caddy
def test_behind_a_default_caddy_strangers_are_refused_and_told_what_to_set(unnamed: Server, tmp_path: Path) -> None:
    port = free_port()
    site = f"{{\n    admin off\n}}\nhttp://127.0.0.1:{port} {{\n    reverse_proxy {upstream(unnamed)}\n}}\n"
    (tmp_path / "Caddyfile").write_text(site)
    command = [str(CADDY), "run", "--adapter", "caddyfile", "--config", str(tmp_path / "Caddyfile")]
    with proxy(command, port, tmp_path), httpx.Client(base_url=f"http://127.0.0.1:{port}") as stranger:
        refused = stranger.get("/lessons/tasks")
    assert refused.status_code == 403
    assert "--allow-host" in refused.json()["hint"]
