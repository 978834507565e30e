"""Settings, each with where it came from: flag > `LESSONGEN_*` > `config.toml` > default.

`LESSONGEN_HOME` moves everything (database, config.toml, cache, logs); otherwise the platform's own folders are used.
The API key is read from the environment alone and is never written, shown or taken as a flag.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from lessongen.system.addresses import DatabaseAddress, is_address
from lessongen.system.errors import ConfigurationError, UsageError
from lessongen.system.files import given_path, read_input
from lessongen.system.paper import PAPERS, Paper, local_paper
from lessongen.system.values import (
    HOST,
    address,
    amount,
    database,
    duration,
    interval,
    language,
    level,
    limit,
    listed,
    maybe,
    maybe_path,
    number,
    paper,
    seconds,
    switch,
    whole,
    word,
)

MOST_CONFIG_BYTES = 1_000_000
_NAME = "lessongen"
_FLAG = "flag"
_OPTIONS = {"database": "--db", "judge.name": "--judge"}


@dataclass(frozen=True)
class Key:
    """A setting: its name in config.toml, how its text is read, its default as text."""

    name: str
    parse: Callable[[str], Any]
    default: str
    about: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it: `worker.concurrency` is LESSONGEN_WORKER_CONCURRENCY."""
        return "LESSONGEN_" + self.name.replace(".", "_").upper()

    @property
    def option(self) -> str:
        """The flag that sets it for one command, where the command has one: `defaults.level` is --level."""
        if self.name in _OPTIONS:
            return _OPTIONS[self.name]
        return "--" + self.name.rpartition(".")[2].replace("_", "-")


def _key(name: str, parse: Callable[[str], Any], default: str, about: str) -> Any:
    """A field of `Settings` that is set under that name."""
    return field(metadata={"key": Key(name, parse, default, about)})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All that can be configured. `origins` says for each key where its value came from."""

    database: Path | DatabaseAddress = _key("database", database, "", "the database: a file, or a server's address")
    user: str = _key("user", maybe, "", "whose tasks yours are; users take turns")
    writer: str = _key("writer", word, "auto", "what writes lessons")
    language: str = _key("defaults.language", language, "en", "the language of a lesson")
    level: str = _key(
        "defaults.level", level, "general", "for whom a lesson is: grade-1 to grade-12, A1 to C2, general"
    )
    variant: str = _key("defaults.variant", word, "core", "which of several lessons on one topic")
    concurrency: int = _key("worker.concurrency", whole(1, 64), "4", "how many tasks a worker runs at once")
    idle_seconds: float = _key("worker.idle_seconds", seconds, "300", "when an idle detached worker leaves")
    grace_seconds: float = _key("worker.grace_seconds", seconds, "10", "how long a stopped worker may go on")
    keep_completed: timedelta = _key("tasks.keep_completed", duration, "1h", "how long completed tasks are kept")
    keep_failed: timedelta = _key("tasks.keep_failed", duration, "30d", "how long failed and cancelled ones are kept")
    purge_every: timedelta = _key("tasks.purge_every", duration, "5m", "how often a worker drops old tasks")
    max_attempts: int = _key("queue.max_attempts", whole(1, 100), "5", "how often a task is tried")
    portable: bool = _key(
        "queue.portable", switch, "no", "do without flock and Unix sockets, on file systems without them"
    )
    running_per_user: int | None = _key(
        "limits.running_per_user", limit, "none", "how many tasks of one user run at once"
    )
    submitted_per_hour: int | None = _key(
        "limits.submitted_per_hour", limit, "none", "how many tasks of one user an hour takes"
    )
    calls_per_minute: int | None = _key(
        "limits.calls_per_minute", limit, "none", "how many calls to a model a minute takes"
    )
    tokens_per_minute: int | None = _key(
        "limits.tokens_per_minute", limit, "none", "how many tokens to a model a minute takes"
    )
    base_url: str = _key(
        "openai.base_url", address, "", "the address of an OpenAI-compatible server; or OPENAI_BASE_URL"
    )
    model: str = _key("openai.model", maybe, "", "which of the server's models writes")
    verify_model: str = _key("openai.verify_model", maybe, "", "which one judges sentences; the writer's own if empty")
    temperature: float = _key("openai.temperature", number(0, 2), "0.4", "how free the model is, 0 to 2")
    read_seconds: float = _key("openai.read_seconds", interval, "60", "how long a silent model server is waited for")
    call_seconds: float = _key("openai.call_seconds", interval, "600", "how long one call to a model may take")
    source_tokens: int = _key(
        "openai.source_tokens", whole(500, 200_000), "24000", "how much source text a model reads"
    )
    max_cost: float | None = _key("openai.max_cost", amount, "none", "how many dollars a lesson may cost")
    batch_look_seconds: float = _key("openai.batch_look_seconds", interval, "60", "how often the Batch API is asked")
    batch_gather_seconds: float = _key(
        "openai.batch_gather_seconds", seconds, "600", "how long calls for one file gather"
    )
    template: str = _key("openai.template", word, "default", "which template's prompts are used")
    judge: str = _key(
        "judge.name", word, "auto", "what judges sentences: model, rules or auto, a model where there is one"
    )
    judge_model: str = _key(
        "judge.model", maybe, "", "which model judges; openai.verify_model or the writer's if empty"
    )
    judge_base_url: str = _key(
        "judge.base_url", address, "", "the address of its server, if not that of openai.base_url"
    )
    judge_caught: float = _key(
        "judge.caught", number(0, 1), "0.95", "share of unfaithful sentences that a judge must catch"
    )
    judge_accepted: float = _key("judge.accepted", number(0, 1), "0.9", "share of honest ones that it must accept")
    wikipedia: bool = _key("sources.wikipedia", switch, "yes", "ask Wikipedia where it can be reached")
    images: bool = _key(
        "sources.images", switch, "yes", "take the lead image of a wiki's article, if its licence is free"
    )
    offline: bool = _key("sources.offline", switch, "no", "ask nothing on the network: kept pages and archives alone")
    mediawiki_url: str = _key("sources.mediawiki_url", address, "", "another wiki instead: the address of its api.php")
    simple_url: str = _key(
        "sources.simple_url",
        address,
        "",
        "the wiki in simple English for grade-8 and below and A1 to B1, if not Wikipedia's: its api.php",
    )
    zim: Path | None = _key("sources.zim", maybe_path, "", "a Kiwix archive (.zim) to look in")
    contact: str = _key("sources.contact", maybe, "", "an address or page that wikis can reach you by, as they ask")
    requests_per_second: float = _key(
        "sources.requests_per_second", number(0.01, 100), "2", "how often a wiki is asked"
    )
    page_max_age: timedelta = _key(
        "sources.page_max_age", duration, "7d", "how old a kept page may be before it is asked anew"
    )
    web_host: str = _key(
        "web.host",
        word,
        "127.0.0.1",
        "the address that `serve` listens on; on others than loopback a token is demanded",
    )
    web_port: int = _key("web.port", whole(0, 65_535), "8000", "its port; 0 takes a free one")
    web_require_token: bool = _key("web.require_token", switch, "no", "demand a token on the loopback too")
    web_hosts: tuple[str, ...] = _key(
        "web.allow_host",
        listed(HOST, "a host name such as lessons.example.org"),
        "",
        "names that a proxy serves it under",
    )
    web_origins: tuple[str, ...] = _key(
        "web.allow_origin",
        listed(r"https?://[a-z0-9.:\[\]-]+", "an origin such as https://example.org"),
        "",
        "other sites whose scripts may ask it (CORS)",
    )
    web_source_hosts: tuple[str, ...] = _key(
        "web.allow_source",
        listed(r"(?:\*\.)?" + HOST, "a host name, or *.example.org"),
        "",
        "hosts that lessons asked for over the web may fetch sources from",
    )
    web_requests_per_minute: int | None = _key(
        "web.requests_per_minute",
        limit,
        "1200",
        "how many requests of one user, or of one address, a minute takes, where a token is demanded",
    )
    paper: str = _key("exports.paper", paper, "auto", "what is printed on: a4, letter or auto, by the locale")
    lease_seconds: float = _key("queue.lease_seconds", interval, "30", "how long a silent worker keeps a task")
    api_key: str = field(repr=False)
    home: Path
    local_paper: Paper
    judge_api_key: str = field(repr=False)
    templates_folder: Path
    config_file: Path
    cache_folder: Path
    log_file: Path
    origins: Mapping[str, str]

    def by_key(self) -> Iterator[tuple[Key, Any]]:
        """Each setting with its value."""
        return ((key, getattr(self, name)) for name, key in _KEY_OF.items())

    @property
    def printed_on(self) -> Paper:
        """The paper that is set, or that of the locale."""
        return PAPERS.get(self.paper, self.local_paper)

    @property
    def has_simple(self) -> bool:
        """Whether there is a wiki in simple English: Wikipedia's, another one's of that name, or one by its address."""
        return bool(self.simple_url) or not self.mediawiki_url or "{language}" in self.mediawiki_url


_KEY_OF: Mapping[str, Key] = {each.name: each.metadata["key"] for each in fields(Settings) if each.metadata}
KEYS: Mapping[str, Key] = {key.name: key for key in _KEY_OF.values()}


@dataclass(frozen=True, kw_only=True)
class Folders:
    """Where things are kept; `home` is where a worker works."""

    home: Path
    data: Path
    config: Path
    cache: Path
    logs: Path


def load(environment: Mapping[str, str], flags: Mapping[str, str | None] | None = None) -> Settings:
    """The settings for one run; `flags` are by key, None where not given.

    Raises `ConfigurationError` naming the place, the key and the remedy; for a flag's bad value `UsageError`.
    """
    named = (flags or {}).get("database") or environment.get(KEYS["database"].variable)
    folders = find_folders(environment, beside=None if named and is_address(named) else named)
    config_file = folders.config / "config.toml"
    written = read_config(config_file)
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for name, key in _KEY_OF.items():
        text, origin = _first_given(key, flags or {}, environment, written, config_file)
        if text is None:
            text = str(folders.data / "lessons.db") if key.name == "database" else key.default
        values[name] = parsed(key.name, text, origin)
        origins[key.name] = origin
    if origins["openai.base_url"] == "default" and environment.get("OPENAI_BASE_URL"):
        origins["openai.base_url"] = "OPENAI_BASE_URL"
        # Not examined here: a command that asks no model works whatever stands there.
        values["base_url"] = environment["OPENAI_BASE_URL"].strip().rstrip("/")
    return Settings(
        **values,
        api_key=environment.get("OPENAI_API_KEY", "").strip(),
        home=folders.home,
        local_paper=local_paper(environment),
        judge_api_key=environment.get("LESSONGEN_JUDGE_API_KEY", "").strip(),
        templates_folder=folders.config / "templates",
        config_file=config_file,
        cache_folder=folders.cache,
        log_file=folders.logs / "worker.log",
        origins=origins,
    )


def parsed(key: str, text: str, origin: str) -> Any:
    """The value of a key's text. Raises `ConfigurationError`, and for a flag `UsageError`."""
    try:
        value = KEYS[key].parse(text)
    except ValueError as error:
        hint = f"Give {error}; or leave it out for the default."
        shown = "that address" if is_address(text) else _quoted(text)  # it may hold a password
        if origin == _FLAG:
            raise UsageError(f"{KEYS[key].option} can't be {shown}.", hint=hint) from error
        raise ConfigurationError(f"{origin}: {key} can't be {shown}.", hint=hint) from error
    if isinstance(value, DatabaseAddress) and value.has_password:
        _require_hidden(key, origin)
    return value


def _require_hidden(key: str, origin: str) -> None:
    """Raise where an address with a password stands in sight of others, on a command line or in a file."""
    variable = KEYS[key].variable
    hint = f"Leave it out there, and set PGPASSWORD or keep it in ~/.pgpass; or set the whole address as {variable}."
    if origin == _FLAG:
        raise UsageError("A password on a command line is seen by everyone on this machine.", hint=hint)
    if origin != variable:
        raise ConfigurationError(f"{origin}: the address holds a password, and lessongen keeps no secrets.", hint=hint)


def _first_given(
    key: Key, flags: Mapping[str, str | None], environment: Mapping[str, str], written: Mapping[str, str], file: Path
) -> tuple[str | None, str]:
    flag = flags.get(key.name)
    if flag is not None:
        return flag, _FLAG
    if environment.get(key.variable):
        return environment[key.variable], key.variable
    if key.name in written:
        return written[key.name], str(file)
    return None, "default"


# ---------------------------------------------------------------- folders


def find_folders(environment: Mapping[str, str], *, beside: str | None = None) -> Folders:
    """The folders of this run; where nothing says whose home it is, a folder beside the database that is named.

    Raises `ConfigurationError` where there is no such database either.
    """
    home = environment.get("LESSONGEN_HOME")
    if home:
        folder = given_path(home, "LESSONGEN_HOME").absolute()
        return Folders(home=folder, data=folder, config=folder, cache=folder / "cache", logs=folder / "logs")
    import platformdirs

    data = platformdirs.user_data_path(_NAME, appauthor=False)
    folders = Folders(
        home=data,
        data=data,
        config=platformdirs.user_config_path(_NAME, appauthor=False),
        cache=platformdirs.user_cache_path(_NAME, appauthor=False),
        logs=platformdirs.user_log_path(_NAME, appauthor=False),
    )
    if environment.get("HOME") != "" and all(path.is_absolute() for path in vars(folders).values()):
        return folders
    if beside:
        folder = Path(f"{given_path(beside, 'the database').absolute()}-home")
        return Folders(home=folder, data=folder.parent, config=folder, cache=folder / "cache", logs=folder)
    raise ConfigurationError(
        "There is no home folder to keep lessons in.",
        hint="Set LESSONGEN_HOME to a folder, for example LESSONGEN_HOME=/var/lib/lessongen; or name a database with "
        "--db PATH.",
    )


# ---------------------------------------------------------------- config.toml


def read_config(file: Path) -> dict[str, str]:
    """The texts in config.toml by key; empty where there is no file.

    Raises `ConfigurationError` for a file that can't be read, is no TOML, or holds a key that is none of ours.
    """
    try:
        text = read_input(file, MOST_CONFIG_BYTES).decode()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{file} is not UTF-8: {error}.", hint="Mend it, or remove it.") from error
    except OSError as error:
        unread = file if os.access(file.parent, os.X_OK) else file.parent  # a closed folder does not tell what is in it
        raise ConfigurationError(
            f"{unread} can't be read: {error.strerror}.",
            hint="Change its permissions, or set LESSONGEN_HOME to a folder of yours.",
        ) from error
    import tomllib

    try:
        table = tomllib.loads(text)
    except ValueError as error:  # of TOML, or a number of thousands of digits
        raise ConfigurationError(f"{file} is not TOML: {error}.", hint="Mend that line, or remove the file.") from error
    written = dict(_flattened(table))
    for key in written:
        require_key(key, str(file))
    return written


def require_key(key: str, origin: str) -> None:
    """Raise `ConfigurationError` unless the key is one that can be kept in config.toml."""
    if re.sub(r"[^a-z]", "", key.lower().rpartition(".")[2]) in ("apikey", "key", "token", "secret", "password"):
        raise ConfigurationError(
            f"{origin}: {_shortened(key)} is a secret, and lessongen keeps no secrets.",
            hint="Set the environment variable OPENAI_API_KEY instead.",
        )
    if key in KEYS:
        return
    import difflib

    near = difflib.get_close_matches(key, KEYS, n=1)
    raise ConfigurationError(
        f"{origin}: there is no setting {_quoted(key)}.",
        hint=f"Did you mean {near[0]}?" if near else "`lessongen config list` shows all settings.",
    )


def _flattened(table: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flattened(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value if isinstance(value, str) else str(value)


def _quoted(text: str) -> str:
    return f"“{_shortened(text)}”"


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"
