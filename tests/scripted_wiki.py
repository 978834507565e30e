"""A wiki for tests: a real HTTP server on 127.0.0.1 that answers as MediaWiki's api.php does, and fails when told to.

    with ScriptedWiki({"Verb": Article("A verb is a word. ...")}) as wiki:
        wiki.fail(Fault(status=429, headers={"Retry-After": "7"}))
        ...  # wiki.api_url, wiki.asked

The articles are made up. Each query is kept in `asked`, a refused one too.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import select
import socket
import struct
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, urlsplit

API_PATH = "/w/api.php"
FILES_PATH = "/images/"
_FIRST_PAGE_ID = 100
_PATIENCE_SECONDS = 20.0


@dataclass(frozen=True)
class Article:
    """A page: its text with headings as TextExtracts writes them, or the title that it redirects to."""

    text: str = ""
    revision: int = 1
    description: str = ""
    categories: Sequence[str] = ()
    links: Sequence[str] = ()
    is_disambiguation: bool = False
    redirects_to: str | None = None
    html: str = ""
    language: str = "en"
    image: str = ""


@dataclass(frozen=True, kw_only=True)
class File:
    """A file of the wiki: what it holds, what the wiki says of it, and how the answer goes wrong when it is fetched."""

    content: bytes
    metadata: Mapping[str, Any]
    told: Mapping[str, Any] = field(default_factory=dict)
    fault: Fault | None = None


@dataclass(frozen=True, kw_only=True)
class Fault:
    """An answer that goes wrong: another status, body or headers; or a connection that `ends` after `after` bytes."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | str | Mapping[str, Any] | None = None
    ends: Literal["reset", "cut", "stall", "trickle"] | None = None
    after: int = 0


def error(code: str, **more: Any) -> Mapping[str, Any]:
    """The body of an error that is sent under status 200."""
    return {"error": {"code": code, "info": f"{code}: told in words", **more}}


def bomb(size: int) -> Fault:
    """A body that is small on the line and `size` bytes when unpacked."""
    return Fault(headers={"Content-Encoding": "gzip"}, body=gzip.compress(b" " * size))


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request as it arrived, and when; `headers` have lower-case names."""

    path: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]
    at: float


class ScriptedWiki:
    """The server, running inside a `with` block.

    `hits` is what a search finds, by its words; `suggestion` its spelling of them. `articles` may be changed while it
    runs. Without `has_extracts` it is a wiki that lacks TextExtracts. `rights` is its licence, as text and address.
    `files` are its files by name, each served under `FILES_PATH`.
    """

    def __init__(
        self,
        articles: Mapping[str, Article],
        *,
        hits: Mapping[str, Sequence[str]] | None = None,
        suggestion: str = "",
        has_extracts: bool = True,
        rights: tuple[str, str] = ("", ""),
        path: str = API_PATH,
    ) -> None:
        self.articles = dict(articles)
        self.hits = dict(hits or {})
        self.suggestion = suggestion
        self.has_extracts = has_extracts
        self.rights = rights
        self.files: dict[str, File] = {}
        self.path = path
        self.asked: list[Asked] = []
        self.client_left = threading.Event()
        self.is_stalling = threading.Event()
        self._faults: list[Fault] = []
        self._lasting: Fault | None = None
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._http = _Server(self)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def host(self) -> str:
        """Its address, as turns are counted by."""
        return f"127.0.0.1:{self._http.server_address[1]}"

    @property
    def api_url(self) -> str:
        """The address of its api.php."""
        return f"http://{self.host}{self.path}"

    def fail(self, *faults: Fault) -> None:
        """Answer the next requests so, one each."""
        with self._lock:
            self._faults += faults

    def fail_always(self, fault: Fault | None) -> None:
        """Answer all further requests so; None ends it."""
        self._lasting = fault

    @property
    def queries(self) -> list[Mapping[str, str]]:
        """The parameters of all requests so far."""
        return [asked.parameters for asked in list(self.asked)]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._http.shutdown()
        self._thread.join()
        self._http.hang_up()
        self._http.server_close()  # joins the connections' threads

    # ------------------------------------------------------------ for the connections

    def next_fault(self) -> Fault | None:
        """How the next answer goes wrong."""
        with self._lock:
            return self._faults.pop(0) if self._faults else self._lasting

    @property
    def is_over(self) -> bool:
        """Whether the test has ended."""
        return self._over.is_set()

    def answer(self, asked: Mapping[str, str]) -> Mapping[str, Any]:
        """What MediaWiki answers to those parameters."""
        if asked.get("action") == "parse":
            return self._parsed(asked)
        query: dict[str, Any] = {}
        if "titles" in asked:
            query |= self._pages(asked)
        if asked.get("list") == "allpages":
            prefix = asked["apprefix"][:1].upper() + asked["apprefix"][1:]
            query["allpages"] = [_named(title) for title in sorted(self.articles) if title.startswith(prefix)]
        if asked.get("list") == "prefixsearch":
            prefix = asked["pssearch"].casefold()
            titles = [title for title in sorted(self.articles) if title.casefold().startswith(prefix)]
            query["prefixsearch"] = [_named(title) for title in titles]
        if asked.get("list") == "search":
            found = self.hits.get(asked["srsearch"], ())
            query["searchinfo"] = {"totalhits": len(found), "suggestion": self.suggestion}
            query["search"] = [_named(title) for title in found]
        if "siteinfo" in asked.get("meta", ""):
            query["general"] = {"sitename": "Scripted"}
            query["rightsinfo"] = {"text": self.rights[0], "url": self.rights[1]}
        return {"batchcomplete": "", "query": query}

    def _pages(self, asked: Mapping[str, str]) -> dict[str, Any]:
        normalized: list[dict[str, str]] = []
        redirects: list[dict[str, str]] = []
        pages: dict[str, Any] = {}
        for title in asked["titles"].split("|"):
            name = title[:1].upper() + title[1:]
            if name != title:
                normalized.append({"from": title, "to": name})
            if name.startswith("File:"):
                pages["-1"] = {"ns": 6, "title": name, "missing": "", "known": ""} | self._file(name[5:], asked)
                continue
            article = self.articles.get(name)
            while article is not None and article.redirects_to is not None:
                redirects.append({"from": name, "to": article.redirects_to})
                name = article.redirects_to
                article = self.articles.get(name)
            if article is None:
                pages[str(-len(pages) - 1)] = {"ns": 0, "title": name, "missing": ""}
            else:
                number = _FIRST_PAGE_ID + list(self.articles).index(name)
                pages[str(number)] = {"pageid": number, "ns": 0, "title": name} | self._told(article, asked)
        named = {"normalized": normalized, "redirects": redirects}
        return {"pages": pages} | {kind: steps for kind, steps in named.items() if steps}

    def _told(self, article: Article, asked: Mapping[str, str]) -> dict[str, Any]:
        wanted = asked.get("prop", "").split("|")
        told: dict[str, Any] = {}
        if "info" in wanted:
            told |= {"lastrevid": article.revision, "pagelanguage": article.language}
        if "pageprops" in wanted and article.is_disambiguation:
            told["pageprops"] = {"disambiguation": ""}
        if "description" in wanted and article.description:
            told["description"] = article.description
        if "categories" in wanted and article.categories:
            told["categories"] = [{"ns": 14, "title": f"Category:{name}"} for name in article.categories]
        if "links" in wanted and article.links:
            told["links"] = [{"ns": 0, "title": title} for title in article.links]
        if "pageimages" in wanted and article.image:
            told["pageimage"] = article.image
        if "extracts" in wanted and self.has_extracts:
            told["extract"] = article.text.split("\n\n\n==")[0] if "exintro" in asked else article.text
        return told

    def _file(self, name: str, asked: Mapping[str, str]) -> dict[str, Any]:
        """As of a file that is kept on Commons: the page is missing here, and the file is known."""
        file = self.files.get(name)
        if file is None or asked.get("prop") != "imageinfo":
            return {}
        wanted = asked["iiextmetadatafilter"].split("|")
        told = {
            "thumburl": f"http://{self.host}{FILES_PATH}{name}?width={asked['iiurlwidth']}",
            "thumbwidth": int(asked["iiurlwidth"]),
            "url": f"http://{self.host}{FILES_PATH}{name}",
            "descriptionurl": f"http://{self.host}/wiki/File:{name}",
            "extmetadata": {key: {"value": value} for key, value in file.metadata.items() if key in wanted},
            **file.told,
        }
        return {"imagerepository": "shared", "imageinfo": [told]}

    def _parsed(self, asked: Mapping[str, str]) -> Mapping[str, Any]:
        for title, article in self.articles.items():
            if str(article.revision) == asked["oldid"]:
                return {"parse": {"title": title, "text": {"*": article.html}}}
        return error("nosuchrevid")


def _named(title: str) -> dict[str, Any]:
    return {"ns": 0, "title": title, "pageid": 1}


# ---------------------------------------------------------------- HTTP


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64

    def __init__(self, wiki: ScriptedWiki) -> None:
        self.wiki = wiki
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Connection)

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)

    def hang_up(self) -> None:
        """Wake the threads that wait for another request."""
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves is no error."""


class _Connection(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def finish(self) -> None:
        self.server.closed(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing on stderr."""

    def do_GET(self) -> None:
        """One query."""
        wiki = self.server.wiki
        parts = urlsplit(self.path)
        parameters = dict(parse_qsl(parts.query, keep_blank_values=True))
        headers = {name.lower(): value for name, value in self.headers.items()}
        wiki.asked.append(Asked(path=parts.path, parameters=parameters, headers=headers, at=time.monotonic()))
        fault = wiki.next_fault()
        file = wiki.files.get(parts.path.removeprefix(FILES_PATH)) if parts.path.startswith(FILES_PATH) else None
        if file is not None:
            fault = fault or file.fault or Fault(headers={"Content-Type": "image/jpeg"})
            self._send(_bytes(fault) if fault.body is not None else file.content, fault)
            return
        if fault is None and parts.path != wiki.path:
            fault = Fault(status=404, body="<html>Not found</html>")
        body = json.dumps(wiki.answer(parameters)).encode() if fault is None or fault.body is None else _bytes(fault)
        self._send(body, fault or Fault())

    def _send(self, body: bytes, fault: Fault) -> None:
        if fault.ends is None:
            self._head(fault, len(body))
            self.wfile.write(body)
            return
        self.close_connection = True
        if fault.after:
            self._head(fault, len(body))
            self.wfile.write(body[: fault.after])
            self.wfile.flush()
        if fault.ends == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())  # at once, and without the polite end that the server would send
        elif fault.ends in ("stall", "trickle"):
            self._linger(fault)

    def _head(self, fault: Fault, length: int) -> None:
        self.send_response_only(fault.status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(length),
            **fault.headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()

    def _linger(self, fault: Fault) -> None:
        """Say nothing more, or a space now and then, until the client leaves or the test ends."""
        wiki = self.server.wiki
        wiki.is_stalling.set()
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not wiki.is_over and time.monotonic() < deadline:
            readable, _, _ = select.select([self.connection], [], [], 0.02)
            try:
                if readable and not self.connection.recv(1):
                    break
                if fault.ends == "trickle":
                    self.wfile.write(b" ")
            except OSError:
                break
        else:
            return
        wiki.client_left.set()


def _bytes(fault: Fault) -> bytes:
    if isinstance(fault.body, bytes):
        return fault.body
    return fault.body.encode() if isinstance(fault.body, str) else json.dumps(fault.body).encode()
