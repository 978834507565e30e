"""Templates: the prompts of model writers as text files that a person may edit, and the defaults beside them.

A template is a folder: one Markdown file a prompt (`PLACEHOLDERS` names them and what each may hold in braces) and
`defaults.toml` (`DEFAULTS`). What a folder lacks is taken from the first of the templates that the package ships.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lessongen.system.errors import CannotWrite, ConfigurationError
from lessongen.system.files import open_input, write_whole
from lessongen.system.privacy import make_private_folder

SHIPPED = ("default",)
"""The templates that come with the package, the one that all others fall back to first."""

PLACEHOLDERS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "system": frozenset("aim level near".split()),
        "plan": frozenset("closing cycles focus known level minutes opening subject terms topic working".split()),
        "cycle": frozenset("cycles plan questions".split()),
        "quizzes": frozenset("avoid exit plan questions taught".split()),
        "items": frozenset("".split()),
        "answers": frozenset("".split()),
        "repair": frozenset("parts questions".split()),
        "questions": frozenset("avoid count questions taught".split()),
        "section": frozenset("minutes sentences taught title".split()),
    }
)
"""Each prompt, with what may stand in braces in it; braces themselves are written twice."""


@dataclass(frozen=True, kw_only=True)
class Default:
    """A key of `defaults.toml`: the least and the greatest value; an optional one may be left out everywhere."""

    low: float
    high: float
    about: str
    is_optional: bool = False
    is_whole: bool = True


DEFAULTS: Mapping[str, Default] = MappingProxyType(
    {
        "temperature": Default(
            low=0, high=2, about="in place of the setting openai.temperature", is_optional=True, is_whole=False
        ),
        "source_tokens": Default(
            low=500, high=200_000, about="in place of the setting openai.source_tokens", is_optional=True
        ),
    }
)
"""The keys of `defaults.toml`."""

_DEFAULTS_FILE = "defaults.toml"
_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_LARGEST_BYTES = 100_000


@dataclass(frozen=True, kw_only=True)
class Template:
    """The prompts by their names, what they leave to fill in in braces, and the defaults."""

    name: str
    parts: Mapping[str, str] = field(repr=False)
    defaults: Mapping[str, Any]
    sha256: str

    @property
    def mark(self) -> str:
        """As a lesson's provenance names it: "default@0123456789ab"."""
        return f"{self.name}@{self.sha256[:12]}"

    def fill(self, part: str, **values: object) -> str:
        """A prompt with its placeholders filled; what stands in braces inside a value stays as it is."""

        def filled(found: re.Match[str]) -> str:
            return found.group()[0] if found[1] is None else str(values[found[1]])

        return _PLACEHOLDER.sub(filled, self.parts[part]).strip()


class Templates:
    """The shipped templates and a person's own, each a folder in `folder`, which need not exist."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        """All templates by name, the shipped ones first."""
        try:
            own = [each.name for each in self._folder.iterdir() if each.is_dir() and _NAME.fullmatch(each.name)]
        except OSError:
            own = []
        return [*SHIPPED, *sorted(name for name in own if name not in SHIPPED)]

    def load(self, name: str) -> Template:
        """The template of that name.

        Raises `ConfigurationError` naming the file, and the line where there is one, for what can't be used.
        """
        if name in SHIPPED:
            return _shipped(name)
        first = _shipped(SHIPPED[0])
        parts, folder = dict(first.parts), self._own(name)
        for part, allowed in PLACEHOLDERS.items():
            file = folder / f"{part}.md"
            text = _read(file)
            if text is not None:
                _require_placeholders(file, text, allowed)
                parts[part] = text
        return _template(name, parts, {**first.defaults, **_read_defaults(folder / _DEFAULTS_FILE)})

    def create(self, name: str, like: str = SHIPPED[0]) -> Path:
        """A new folder with a copy of the template `like`, to be edited. Raises `CannotWrite` where there is one."""
        if not _NAME.fullmatch(name) or name in SHIPPED:
            raise CannotWrite(
                f"A template can't be called “{name[:60]}”.",
                hint=f"Use letters, digits, - and _; lessongen ships {' and '.join(SHIPPED)}.",
            )
        model, folder = self.load(like), self._folder / name
        try:
            make_private_folder(self._folder)
            folder.mkdir(mode=0o700)
        except FileExistsError as error:
            raise CannotWrite(f"{folder} is there already.", hint="Edit it, or choose another name.") from error
        except OSError as error:
            raise CannotWrite(f"{folder} can't be made: {error.strerror}.", hint="Change its permissions.") from error
        for part, text in model.parts.items():
            write_whole(folder / f"{part}.md", text.encode(), private=True)
        write_whole(folder / _DEFAULTS_FILE, self._defaults_text(like, model).encode(), private=True)
        return folder

    def _own(self, name: str) -> Path:
        folder = self._folder / name
        if _NAME.fullmatch(name) and folder.is_dir():
            return folder
        near = difflib.get_close_matches(name, self.names(), n=1)
        known = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(self.names())}."
        raise ConfigurationError(
            f"There is no template “{name[:60]}”.", hint=f"{known} `lessongen template new` makes one."
        )

    def _defaults_text(self, name: str, template: Template) -> str:
        """The file as it was written, with its comments, if it says all there is to say."""
        text = _shipped_text(name, _DEFAULTS_FILE) if name in SHIPPED else _read(self._own(name) / _DEFAULTS_FILE)
        if text is not None and tomllib.loads(text) == dict(template.defaults):
            return text
        return "".join(f"{key} = {value}  # {DEFAULTS[key].about}\n" for key, value in template.defaults.items())


@cache
def _shipped(name: str) -> Template:
    parts = {part: text for part in PLACEHOLDERS if (text := _shipped_text(name, f"{part}.md"))}
    defaults = tomllib.loads(_shipped_text(name, _DEFAULTS_FILE) or "")
    if name != SHIPPED[0]:
        first = _shipped(SHIPPED[0])
        parts, defaults = {**first.parts, **parts}, {**first.defaults, **defaults}
    return _template(name, {part: parts.get(part, "") for part in PLACEHOLDERS}, defaults)


def _template(name: str, parts: Mapping[str, str], defaults: Mapping[str, Any]) -> Template:
    content = json.dumps([dict(parts), dict(defaults)], ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(content.encode()).hexdigest()
    return Template(name=name, parts=MappingProxyType(parts), defaults=MappingProxyType(defaults), sha256=digest)


@cache
def _shipped_text(template: str, name: str) -> str | None:
    """The text of a file of a shipped template; None where that leaves it to the first one."""
    from importlib import resources

    file = resources.files("lessongen.writers").joinpath("prompts", template, name)
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _read(file: Path) -> str | None:
    """The text of a file; None where there is none."""
    try:
        with open_input(file) as opened:
            data = opened.read(_LARGEST_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigurationError(f"{file} can't be read: {error.strerror}.", hint="Change its permissions.") from error
    if len(data) > _LARGEST_BYTES:
        raise ConfigurationError(f"{file} is too long for a prompt.", hint=f"Keep it under {_LARGEST_BYTES} bytes.")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ConfigurationError(f"{file}, line {line}: it is not UTF-8.", hint="Save it as UTF-8.") from error


def _require_placeholders(file: Path, text: str, allowed: frozenset[str]) -> None:
    for found in _PLACEHOLDER.finditer(text):
        if found.group() in ("{{", "}}") or found[1] in allowed:
            continue
        line = text.count("\n", 0, found.start()) + 1
        known = ", ".join(f"{{{name}}}" for name in sorted(allowed)) or "none"
        raise ConfigurationError(
            f"{file}, line {line}: nothing can be put in for {found.group()[:60]}.",
            hint=f"There are: {known}. A brace that is meant as such is written twice.",
        )


def _read_defaults(file: Path) -> dict[str, Any]:
    text = _read(file)
    if text is None:
        return {}
    try:
        values = tomllib.loads(text)
    except ValueError as error:  # of TOML, or a number of thousands of digits
        raise ConfigurationError(f"{file} is not TOML: {error}.", hint="Mend that line, or remove the file.") from error
    for key, value in values.items():
        line = next((number for number, each in enumerate(text.split("\n"), 1) if each.strip().startswith(key)), 1)
        if key not in DEFAULTS:
            raise ConfigurationError(
                f"{file}, line {line}: there is no key “{key[:60]}”.", hint=f"The keys are: {', '.join(DEFAULTS)}."
            )
        _require_value(f"{file}, line {line}", key, value)
    return values


def _require_value(where: str, key: str, value: object) -> None:
    rule = DEFAULTS[key]
    is_number = isinstance(value, int if rule.is_whole else (int, float)) and not isinstance(value, bool)
    if not is_number or not rule.low <= float(str(value)) <= rule.high:
        kind = "a whole number" if rule.is_whole else "a number"
        raise ConfigurationError(
            f"{where}: {key} can't be {str(value)[:60]}.", hint=f"Give {kind} from {rule.low:g} to {rule.high:g}."
        )
