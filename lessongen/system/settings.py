"""Settings, each with where it came from: flag > `LESSONGEN_*` > `config.toml` > default.

`LESSONGEN_HOME` moves everything (database, config.toml, cache, logs); otherwise the platform's own folders are used.
The API key is read from the environment alone and is never written, shown or taken as a flag.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from lessongen.system.errors import ConfigurationError, UsageError
from lessongen.system.files import given_path, read_input
from lessongen.system.values import (
    HOST,
    address,
    amount,
    duration,
    interval,
    language,
    level,
    limit,
    listed,
    maybe,
    maybe_path,
    number,
    path,
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
    """A setting: its name in config.toml, the field of `Settings`, how its text is read, its default as text."""

    name: str
    field: str
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


_ALL_KEYS = (
    Key("database", "database", path, "", "the database file"),
    Key("user", "user", maybe, "", "whose tasks yours are; users take turns"),
    Key("writer", "writer", word, "auto", "what writes lessons"),
    Key("defaults.language", "language", language, "en", "the language of a lesson"),
    Key("defaults.level", "level", level, "general", "for whom a lesson is: grade-1 to grade-12, A1 to C2, general"),
    Key("defaults.variant", "variant", word, "core", "which of several lessons on one topic"),
    Key("worker.concurrency", "concurrency", whole(1, 64), "4", "how many tasks a worker runs at once"),
    Key("worker.idle_seconds", "idle_seconds", seconds, "300", "when an idle detached worker leaves"),
    Key("worker.grace_seconds", "grace_seconds", seconds, "10", "how long a stopped worker may go on"),
    Key("tasks.keep_completed", "keep_completed", duration, "1h", "how long completed tasks are kept"),
    Key("tasks.keep_failed", "keep_failed", duration, "30d", "how long failed and cancelled ones are kept"),
    Key("tasks.purge_every", "purge_every", duration, "5m", "how often a worker drops old tasks"),
    Key("queue.max_attempts", "max_attempts", whole(1, 100), "5", "how often a task is tried"),
    Key("queue.portable", "portable", switch, "no", "do without flock and Unix sockets, on file systems without them"),
    Key("limits.running_per_user", "running_per_user", limit, "none", "how many tasks of one user run at once"),
    Key("limits.submitted_per_hour", "submitted_per_hour", limit, "none", "how many tasks of one user an hour takes"),
    Key("limits.calls_per_minute", "calls_per_minute", limit, "none", "how many calls to a model a minute takes"),
    Key("limits.tokens_per_minute", "tokens_per_minute", limit, "none", "how many tokens to a model a minute takes"),
    Key("openai.base_url", "base_url", address, "", "the address of an OpenAI-compatible server; or OPENAI_BASE_URL"),
    Key("openai.model", "model", maybe, "", "which of the server's models writes"),
    Key("openai.verify_model", "verify_model", maybe, "", "which one judges sentences; the writer's own if empty"),
    Key("openai.temperature", "temperature", number(0, 2), "0.4", "how free the model is, 0 to 2"),
    Key("openai.read_seconds", "read_seconds", interval, "60", "how long a silent model server is waited for"),
    Key("openai.call_seconds", "call_seconds", interval, "600", "how long one call to a model may take"),
    Key("openai.source_tokens", "source_tokens", whole(500, 200_000), "24000", "how much source text a model reads"),
    Key("openai.max_cost", "max_cost", amount, "none", "how many dollars a lesson may cost"),
    Key("openai.batch_look_seconds", "batch_look_seconds", interval, "60", "how often the Batch API is asked"),
    Key("openai.batch_gather_seconds", "batch_gather_seconds", seconds, "600", "how long calls for one file gather"),
    Key("openai.template", "template", word, "default", "which template's prompts are used"),
    Key("judge.name", "judge", word, "auto", "what judges sentences: model, rules or auto, a model where there is one"),
    Key("judge.model", "judge_model", maybe, "", "which model judges; openai.verify_model or the writer's if empty"),
    Key("judge.base_url", "judge_base_url", address, "", "the address of its server, if not that of openai.base_url"),
    Key("judge.caught", "judge_caught", number(0, 1), "0.95", "share of unfaithful sentences that a judge must catch"),
    Key("judge.accepted", "judge_accepted", number(0, 1), "0.9", "share of honest ones that it must accept"),
    Key("sources.wikipedia", "wikipedia", switch, "yes", "ask Wikipedia where it can be reached"),
    Key("sources.images", "images", switch, "yes", "take the lead image of a wiki's article, if its licence is free"),
    Key("sources.offline", "offline", switch, "no", "ask nothing on the network: kept pages and archives alone"),
    Key("sources.mediawiki_url", "mediawiki_url", address, "", "another wiki instead: the address of its api.php"),
    Key(
        "sources.simple_url",
        "simple_url",
        address,
        "",
        "the wiki in simple English for grade-8 and below and A1 to B1, if not Wikipedia's: its api.php",
    ),
    Key("sources.zim", "zim", maybe_path, "", "a Kiwix archive (.zim) to look in"),
    Key("sources.contact", "contact", maybe, "", "an address or page that wikis can reach you by, as they ask"),
    Key("sources.requests_per_second", "requests_per_second", number(0.01, 100), "2", "how often a wiki is asked"),
    Key("sources.page_max_age", "page_max_age", duration, "7d", "how old a kept page may be before it is asked anew"),
    Key(
        "web.host",
        "web_host",
        word,
        "127.0.0.1",
        "the address that `serve` listens on; on others than loopback a token is demanded",
    ),
    Key("web.port", "web_port", whole(0, 65_535), "8000", "its port; 0 takes a free one"),
    Key("web.require_token", "web_require_token", switch, "no", "demand a token on the loopback too"),
    Key(
        "web.allow_host",
        "web_hosts",
        listed(HOST, "a host name such as lessons.example.org"),
        "",
        "names that a proxy serves it under",
    ),
    Key(
        "web.allow_origin",
        "web_origins",
        listed(r"https?://[a-z0-9.:\[\]-]+", "an origin such as https://example.org"),
        "",
        "other sites whose scripts may ask it (CORS)",
    ),
    Key(
        "web.allow_source",
        "web_source_hosts",
        listed(r"(?:\*\.)?" + HOST, "a host name, or *.example.org"),
        "",
        "hosts that lessons asked for over the web may fetch sources from",
    ),
    Key(
        "web.requests_per_minute",
        "web_requests_per_minute",
        limit,
        "1200",
        "how many requests of one user, or of one address, a minute takes, where a token is demanded",
    ),
    Key("queue.lease_seconds", "lease_seconds", interval, "30", "how long a silent worker keeps a task"),
)
KEYS: Mapping[str, Key] = {key.name: key for key in _ALL_KEYS}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All that can be configured. `origins` says for each key where its value came from."""

    database: Path
    user: str
    writer: str
    language: str
    level: str
    variant: str
    concurrency: int
    idle_seconds: float
    grace_seconds: float
    keep_completed: timedelta
    keep_failed: timedelta
    purge_every: timedelta
    max_attempts: int
    lease_seconds: float
    portable: bool
    running_per_user: int | None
    submitted_per_hour: int | None
    calls_per_minute: int | None
    tokens_per_minute: int | None
    base_url: str
    model: str
    verify_model: str
    temperature: float
    read_seconds: float
    call_seconds: float
    source_tokens: int
    max_cost: float | None
    batch_look_seconds: float
    batch_gather_seconds: float
    template: str
    judge: str
    judge_model: str
    judge_base_url: str
    judge_caught: float
    judge_accepted: float
    wikipedia: bool
    images: bool
    offline: bool
    mediawiki_url: str
    simple_url: str
    zim: Path | None
    contact: str
    requests_per_second: float
    page_max_age: timedelta
    web_host: str
    web_port: int
    web_require_token: bool
    web_hosts: tuple[str, ...]
    web_origins: tuple[str, ...]
    web_source_hosts: tuple[str, ...]
    web_requests_per_minute: int | None
    api_key: str = field(repr=False)
    home: Path
    judge_api_key: str = field(repr=False)
    templates_folder: Path
    config_file: Path
    cache_folder: Path
    log_file: Path
    origins: Mapping[str, str]

    @property
    def has_simple(self) -> bool:
        """Whether there is a wiki in simple English: Wikipedia's, another one's of that name, or one by its address."""
        return bool(self.simple_url) or not self.mediawiki_url or "{language}" in self.mediawiki_url


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
    database = (flags or {}).get("database") or environment.get(KEYS["database"].variable)
    folders = find_folders(environment, beside=database)
    config_file = folders.config / "config.toml"
    written = read_config(config_file)
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for key in KEYS.values():
        text, origin = _first_given(key, flags or {}, environment, written, config_file)
        if text is None:
            text = str(folders.data / "lessons.db") if key.name == "database" else key.default
        values[key.field] = parsed(key.name, text, origin)
        origins[key.name] = origin
    if origins["openai.base_url"] == "default" and environment.get("OPENAI_BASE_URL"):
        origins["openai.base_url"] = "OPENAI_BASE_URL"
        # Not examined here: a command that asks no model works whatever stands there.
        values["base_url"] = environment["OPENAI_BASE_URL"].strip().rstrip("/")
    return Settings(
        **values,
        api_key=environment.get("OPENAI_API_KEY", "").strip(),
        home=folders.home,
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
        return KEYS[key].parse(text)
    except ValueError as error:
        hint = f"Give {error}; or leave it out for the default."
        if origin == _FLAG:
            raise UsageError(f"{KEYS[key].option} can't be {_quoted(text)}.", hint=hint) from error
        raise ConfigurationError(f"{origin}: {key} can't be {_quoted(text)}.", hint=hint) from error


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
