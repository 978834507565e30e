"""Which wiki is asked: its address, its name, and the language that its articles are in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote, urlsplit

from lessongen import __version__
from lessongen.system.errors import ConfigurationError, UnsupportedLanguage
from lessongen.system.names import LONGEST_NAME
from lessongen.system.printable import printable

WIKIPEDIA = "Wikipedia"
SIMPLE_WIKIPEDIA = "Simple English Wikipedia"
_ENDPOINT = "api.php"
_WIKIMEDIA = re.compile(
    r"(?:^|\.)(?:wikipedia|wikibooks|wikiversity|wikisource|wikivoyage|wikinews|wikiquote|wiktionary|wikimedia"
    r"|mediawiki)\.org$"
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*")
# Wikipedias whose code is not their language's own (meta.wikimedia.org/wiki/List_of_Wikipedias), with that.
_LONGER_CODES = {
    "simple": "en",
    "bat-smg": "sgs",
    "be-tarask": "be",
    "be-x-old": "be",
    "cbk-zam": "cbk",
    "fiu-vro": "vro",
    "map-bms": "jv",
    "nds-nl": "nds",
    "roa-rup": "rup",
    "roa-tara": "nap",
    "zh-classical": "lzh",
    "zh-min-nan": "nan",
    "zh-yue": "yue",
}
_HINT = "Set sources.mediawiki_url to the address of the wiki's api.php, such as https://example.org/w/api.php."


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long a wiki may be silent, how long one answer may take in all, how large it may be when unpacked."""

    silence_seconds: float = 10.0
    request_seconds: float = 30.0
    most_bytes: int = 16_000_000


@dataclass(frozen=True, kw_only=True)
class Wiki:
    """Which wiki, and how it may be asked.

    Without `api_url` it is the Wikipedia of the lesson's language; `{language}` in an `api_url` stands for its code.
    `contact` is told to the wiki, `per_second` is shared by all workers of a database, a kept page younger than
    `max_age` is used without asking, and `offline` allows kept pages alone.
    """

    api_url: str | None = None
    contact: str = ""
    per_second: float = 2.0
    max_age: timedelta = field(default=timedelta(days=7))
    offline: bool = False


@dataclass(frozen=True, kw_only=True)
class Site:
    """One wiki: `language` is that of its articles, `host` what turns are counted by, `name` what people call it."""

    api_url: str
    host: str
    name: str
    language: str
    is_wikipedia: bool

    @property
    def is_https(self) -> bool:
        """Whether it is asked over TLS."""
        return self.api_url.startswith("https:")

    @property
    def address(self) -> tuple[str, int]:
        """The host and the port that a connection is made to."""
        parts = urlsplit(self.api_url)
        return parts.hostname or "", parts.port or (443 if self.is_https else 80)

    def permanent_url(self, title: str, revision: str) -> str:
        """The address under which that revision of a page stays."""
        return f"{self._index(title)}&oldid={quote(revision)}"

    def history_url(self, title: str) -> str:
        """The address of the list of all who wrote a page."""
        return f"{self._index(title)}&action=history"

    def _index(self, title: str) -> str:
        script = self.api_url.removesuffix(_ENDPOINT) + "index.php"
        return f"{script}?title={quote(title.replace(' ', '_'), safe='():,')}"


def site_of(wiki: Wiki, language: str) -> Site:
    """The wiki that serves a language.

    Raises `UnsupportedLanguage` for what is no language's code, before anything is asked; `ConfigurationError` for an
    address that is none.
    """
    code = _code(language)
    url = f"https://{code}.wikipedia.org/w/{_ENDPOINT}"
    if wiki.api_url:
        url = _endpoint(wiki.api_url.replace("{language}", code))
    host = urlsplit(url).netloc.lower()
    is_wikipedia = host.partition(":")[0].endswith(".wikipedia.org")
    return Site(
        api_url=url,
        host=host,
        name=_name(host) if is_wikipedia else printable(host),
        language=_LONGER_CODES.get(code, code.partition("-")[0]),
        is_wikipedia=is_wikipedia,
    )


def _name(host: str) -> str:
    return SIMPLE_WIKIPEDIA if host.startswith("simple.") else WIKIPEDIA


def user_agent(contact: str) -> str:
    """Who asks, as Wikimedia's User-Agent policy wants it: a program, its version, and where to reach a person."""
    said = re.sub(r"[^\x20-\x7e]", "", printable(contact)).strip()[:LONGEST_NAME]
    return f"lessongen/{__version__} ({said or 'no contact given'})"


def _code(language: str) -> str:
    code = language.strip().lower().replace("_", "-")
    if code in _LONGER_CODES:
        return code
    if len(code) > 35 or not _LANGUAGE.fullmatch(code):
        raise UnsupportedLanguage(
            f"“{printable(code[:40])}” is no language that a Wikipedia is written in.",
            hint="Give the code of one, such as en, de or simple: --language en.",
        )
    return code.partition("-")[0]


def _endpoint(address: str) -> str:
    """The address of a wiki's api.php, from that or from what people take for it: its main page, its folder."""
    try:
        parts = urlsplit(address.strip())
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ConfigurationError("The address of the wiki is no URL.", hint=_HINT) from error
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        raise ConfigurationError("The address of the wiki is neither http nor https.", hint=_HINT)
    path = parts.path
    if not path.endswith(f"/{_ENDPOINT}"):
        if _WIKIMEDIA.search(host) or path in ("", "/"):
            path = f"/w/{_ENDPOINT}"
        else:
            folder = path.partition("/index.php")[0].rstrip("/")
            path = f"{folder}/{_ENDPOINT}"
    return f"{parts.scheme}://{parts.netloc}{path}"
