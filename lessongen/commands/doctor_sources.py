"""`doctor`'s looks at what lessons are written from and by: model server, wiki, archive, extras.

What could keep it waiting runs beside it: a child process asks the model server, a thread connects to the wiki, and
neither is waited for any longer than its patience says.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import shlex
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from lessongen.app import App
from lessongen.commands.models import server_name
from lessongen.system import importing
from lessongen.system.errors import ConfigurationError, ExitCode, LessongenError
from lessongen.system.files import open_input
from lessongen.system.terminal import counted, quoted, span_words

if TYPE_CHECKING:
    from lessongen.sources.wikipedia.site import Site

_SERVER_PATIENCE_SECONDS = 10.0  # on a busy machine the process that asks takes seconds to begin
_WIKI_PATIENCE_SECONDS = 3.0
_CONNECT_SECONDS = 1.5
_ZIM_MAGIC = b"ZIM\x04"  # https://wiki.openzim.org/wiki/ZIM_file_format#Header
_EXTRAS = {
    "offline": "an encyclopedia",
    "files": "PDF and other documents as sources",
    "zim": "Kiwix archives",
    "web": "the web API and its pages",
    "docx": "lessons as Word documents",
    "pptx": "lessons as slides",
    "pdf": "lessons as PDF",
    "anki": "lessons as decks of cards",
}

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """What one look found: `fail` where lessons can't be made, `warn` where something is not as it should be."""

    name: str
    state: State
    detail: str
    remedy: str | None = None
    exit_code: ExitCode = ExitCode.CONFIGURATION


# ---------------------------------------------------------------- writer and model server


class ModelServer:
    """The free question to the model server, what it offers, asked in a process that can be killed."""

    def __init__(self, app: App, environment: Mapping[str, str], *, network: bool) -> None:
        self._app = app
        self._until = time.monotonic() + _SERVER_PATIENCE_SECONDS
        self._child: subprocess.Popen[bytes] | None = None
        if network and (app.settings.api_key or app.settings.base_url):
            self._child = subprocess.Popen(  # noqa: S603 - our own command
                importing.command("lessongen", "models", "--json"),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=importing.environment(environment, secrets=True),
            )

    def close(self) -> None:
        """End the child, if it is still at work."""
        if self._child is not None:
            self._child.kill()
            self._child.communicate()

    def findings(self) -> Iterator[Finding]:
        """Which writer writes, and whether its server serves it."""
        app = self._app
        writer, model = app.writer_for(app.settings.writer), app.model_for(None)
        auto = "auto means " if app.settings.writer == "auto" else ""
        with_model = f" with {model}" if model and writer == "openai" else ""
        yield Finding("writer", "ok", f"{auto}{writer}{with_model}")
        if writer == "openai":
            yield from _template(app)
        if not app.settings.api_key and not app.settings.base_url:
            yield self._unset(is_needed=writer == "openai")
        elif self._child is None:
            yield Finding("model", "ok", f"{self._name()}; not asked")
        else:
            yield self._answered(self._child, is_needed=writer == "openai")

    def _name(self) -> str:
        key = "OPENAI_API_KEY is set" if self._app.settings.api_key else "no key is set"
        return f"{server_name(self._app)}, {key}"

    @staticmethod
    def _unset(*, is_needed: bool) -> Finding:
        if not is_needed:
            return Finding("model", "ok", "no server is set, and none is needed")
        remedy = "Set OPENAI_API_KEY, or OPENAI_BASE_URL for one of your own; or: lessongen config set writer auto"
        return Finding("model", "fail", "no server is set, and the openai writer needs one", remedy)

    def _answered(self, child: subprocess.Popen[bytes], *, is_needed: bool) -> Finding:
        state: State = "fail" if is_needed else "warn"
        try:
            stdout, stderr = child.communicate(timeout=max(0.1, self._until - time.monotonic()))
        except subprocess.TimeoutExpired:
            remedy = "Is it running, and is its address right? `lessongen models` asks it with more patience."
            detail = f"{self._name()}; no answer in {_SERVER_PATIENCE_SECONDS:g} s"
            return Finding("model", state, detail, remedy, ExitCode.UNAVAILABLE)
        if child.returncode:
            return self._refused(child.returncode, stderr, state)
        return self._offered(json.loads(stdout), state)

    def _refused(self, code: int, stderr: bytes, state: State) -> Finding:
        try:
            error: Mapping[str, Any] = json.loads(stderr)["error"]
            exit_code = ExitCode(code)
        except (ValueError, KeyError, TypeError):
            detail = f"{self._name()}; asking it failed with exit code {code}"
            return Finding("model", state, detail, "`lessongen models` says more.", ExitCode.BUG)
        return Finding("model", state, f"{self._name()}; {error['message']}", error["hint"], exit_code)

    def _offered(self, answer: Mapping[str, Any], state: State) -> Finding:
        offered = counted(len(answer["models"]), "model")
        chosen = answer["chosen"]
        if answer["is_offered"] or not answer["models"]:
            among = f", {chosen} among them" if answer["is_offered"] else ""
            return Finding("model", "ok", f"{self._name()}; it answers and lists {offered}{among}")
        choose = f"Take one that it has: lessongen config set openai.model {shlex.quote(answer['instead'])}"
        if chosen is None:
            return Finding("model", state, f"{self._name()}; it lists {offered}, and none is chosen", choose)
        settings = self._app.settings
        whose = "" if settings.model or settings.base_url else ", lessongen's default"
        return Finding("model", state, f"{self._name()}; it lists {offered}, and not {quoted(chosen)}{whose}", choose)


def _template(app: App) -> Iterator[Finding]:
    name = app.settings.template
    try:
        if name in app.templates.names():
            app.templates.load(name)
            yield Finding("template", "ok", name)
            return
    except LessongenError as error:
        yield Finding("template", "fail", error.message, error.hint)
        return
    remedy = f"To make it: lessongen template new {name}"
    yield Finding("template", "fail", f"there is no template {quoted(name)}", remedy)


# ---------------------------------------------------------------- wiki


class WikiProbe:
    """Whether Wikipedia, or the wiki in its place, can be connected to, tried in a thread that nobody must wait for."""

    def __init__(self, app: App, *, network: bool) -> None:
        self._app = app
        self._until = time.monotonic() + _WIKI_PATIENCE_SECONDS
        self._is_reached = False
        self._why_not = "no connection"
        self._refused: LessongenError | None = None
        self._thread: threading.Thread | None = None
        if network and self._reason_not_to_ask() is None:
            self._start()

    def findings(self) -> Iterator[Finding]:
        """Whether it can be reached; if not, where lessons come from. Raises as `site_of` does."""
        if self._refused is not None:
            raise self._refused
        reason = self._reason_not_to_ask()
        if reason is not None or self._thread is None:
            yield Finding("wiki", "ok", reason or "not asked")
            return
        host, closed = self._site().host, self._closed_seconds()
        self._thread.join(max(0.0, self._until - time.monotonic()))
        if self._thread.is_alive():
            yield Finding("wiki", "warn", f"{host} could not be reached in {_WIKI_PATIENCE_SECONDS:g} s", _WITHOUT)
        elif not self._is_reached:
            yield Finding("wiki", "warn", f"{host} can't be reached: {self._why_not}", _WITHOUT)
        elif closed:
            detail = f"{host} can be reached; a moment ago it could not, so workers ask again in {span_words(closed)}"
            yield Finding("wiki", "warn", detail, _WITHOUT)
        else:
            yield Finding("wiki", "ok", f"{host} can be reached", None if self._app.settings.contact else _CONTACT)

    def _reason_not_to_ask(self) -> str | None:
        settings = self._app.settings
        if settings.offline:
            return "not asked: sources.offline is set"
        if not settings.wikipedia and not settings.mediawiki_url:
            return "not asked: sources.wikipedia is set to no"
        return None

    def _site(self) -> Site:
        from lessongen.sources.wikipedia.site import Wiki, site_of

        settings = self._app.settings
        return site_of(Wiki(api_url=settings.mediawiki_url or None), settings.language)

    def _start(self) -> None:
        from lessongen.sources.wikipedia.reach import proxy_address

        try:
            site = self._site()
        except LessongenError as error:
            self._refused = error
            return
        address = proxy_address(site) or site.address
        self._thread = threading.Thread(target=self._connect, args=(address,), daemon=True)
        self._thread.start()

    def _connect(self, address: tuple[str, int]) -> None:
        try:
            socket.create_connection(address, timeout=_CONNECT_SECONDS).close()
            self._is_reached = True
        except OSError as error:
            self._why_not = error.strerror or str(error)
        except UnicodeError:
            self._why_not = "its name can't be that of a host"

    def _closed_seconds(self) -> float:
        if not self._app.has_database():
            return 0.0
        return self._app.store.pages.closed_for(self._site().host, self._app.clock.boot_time())


_WITHOUT = "Until then lessons come from kept pages, archives and the encyclopedia."
_CONTACT = "Wikis ask for a way to reach you: lessongen config set sources.contact you@example.org"


# ---------------------------------------------------------------- encyclopedia, archive, extras


def encyclopedia(app: App) -> Iterator[Finding]:
    """The installed encyclopedia; lessons can be made without it where there is another source."""
    from lessongen.sources.offline import open_encyclopedia

    settings = app.settings
    try:
        opened = open_encyclopedia(settings.cache_folder)
    except ConfigurationError as error:
        has_others = bool(settings.wikipedia or settings.mediawiki_url or settings.zim)
        yield Finding("encyclopedia", "warn" if has_others else "fail", error.message, error.hint)
        return
    if opened.has_neighbours:
        yield Finding("encyclopedia", "ok", opened.pack.revision)
        return
    detail = f"{opened.pack.revision} is installed, but the table of related articles is made for another release"
    yield Finding("encyclopedia", "warn", detail, "pip install 'lessongen[offline]'")


def archive(app: App) -> Iterator[Finding]:
    """The Kiwix archive, if one is set."""
    path = app.settings.zim
    if path is None:
        return
    remedy = "Mend it: lessongen config set sources.zim PATH"
    try:
        with open_input(path) as file:
            is_archive = file.read(len(_ZIM_MAGIC)) == _ZIM_MAGIC
        size = path.stat().st_size
    except OSError as error:
        yield Finding("archive", "warn", f"{path} can't be read: {error.strerror}", remedy)
        return
    if is_archive:
        yield Finding("archive", "ok", f"{path}, {size / 1e6:,.1f} MB")
    else:
        yield Finding("archive", "warn", f"{path} is no ZIM archive", remedy)


def extras() -> Iterator[Finding]:
    """Which optional parts are installed."""
    needed = {extra: names for extra in _EXTRAS if (names := _required(extra))}
    missing = [extra for extra, names in needed.items() if not all(map(_has_distribution, names))]
    if missing:
        lacking = "; ".join(f"{extra} is not installed ({_EXTRAS[extra]})" for extra in missing)
        yield Finding("extras", "ok", lacking, f"pip install 'lessongen[{','.join(missing)}]'")
    elif needed:
        yield Finding("extras", "ok", f"installed: {', '.join(needed)}")


def _required(extra: str) -> list[str]:
    """The distributions that an extra is made of, as the package's own metadata names them."""
    try:
        requires = importlib.metadata.requires("lessongen") or []
    except importlib.metadata.PackageNotFoundError:
        return []  # run from its sources
    belongs = re.compile(rf"([\w.-]+)[^;]*;.*extra == ['\"]{extra}['\"]")
    return [found[1] for each in requires if (found := belongs.match(each))]


def _has_distribution(name: str) -> bool:
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
