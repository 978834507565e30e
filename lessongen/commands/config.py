"""`config`: each setting and where it came from; keep one in config.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from lessongen.commands import completion
from lessongen.commands.session import Reply, Run
from lessongen.system.errors import CannotWrite, ConfigurationError
from lessongen.system.files import read_input, write_whole
from lessongen.system.privacy import make_private_folder
from lessongen.system.settings import KEYS, MOST_CONFIG_BYTES, Settings, find_folders, parsed, require_key
from lessongen.system.terminal import Output

_SECRETS = {  # the variables' names
    "OPENAI_API_KEY": "the key of the model server",
    "LESSONGEN_JUDGE_API_KEY": "the key of the judge's server, if it is another one",
}


def list_all(run: Run) -> None:
    """Show each setting and where it comes from; secrets are hidden."""
    session = run.session()
    rows = _rows(session.app.settings, session.output.environment)
    if run.as_json:
        session.output.json({"settings": rows, "path": str(session.app.settings.config_file)})
        return
    cells = [[row["key"], _told(row["key"], row["value"]), row["origin"], row["about"]] for row in rows]
    session.output.table(["setting", "value", "from", "what it is"], cells, narrow=(0, 1, 2))


def _rows(settings: Settings, environment: Mapping[str, str]) -> list[dict[str, Any]]:
    rows = [_row(key.name, _shown(value), settings.origins[key.name], key.about) for key, value in settings.by_key()]
    for name, about in _SECRETS.items():
        secret = environment.get(name)
        rows.append(_row(name, "(set, hidden)" if secret else None, _origin(secret), about))
    return rows


def _shown(value: object) -> int | float | str | None:
    if isinstance(value, timedelta):
        return _duration(value.total_seconds())
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, tuple):
        return ",".join(value)
    return f"{value:g}" if isinstance(value, float) else _without_password(str(value))


def _told(key: str, value: object) -> str:
    """A value as a person would write it into config.toml."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return KEYS[key].default if key in KEYS else ""
    return str(value)


def _origin(given: str | None) -> str:
    return "environment" if given else "not set"


def _without_password(text: str) -> str:
    """The text; of an address without what stands before its host."""
    return re.sub(r"//[^/]*@", "//(hidden)@", text) if "://" in text else text


def _row(key: str, value: object, origin: str, about: str) -> dict[str, Any]:
    return {"key": key, "value": value, "origin": origin, "about": about}


def _duration(seconds: float) -> str:
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds / size:g}{unit}"
    return f"{seconds:g}s"


Setting = Annotated[
    str,
    typer.Argument(
        metavar="SETTING",
        help="As `config list` names it.",
        autocompletion=completion.settings,
    ),
]


def set_value(
    key: Setting,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="As in `1h`, `30d`, `8`, `en`.")],
    reply: Reply,
) -> None:
    """Keep a setting in config.toml; the rest of the file stays as it is, with its comments."""
    output = reply.output()
    require_key(key, "config set")
    read = parsed(key, value, "config set")
    if isinstance(read, Path):
        value = str(read)  # a worker runs in another folder
    file = _change(output, key, value)
    if reply.as_json:
        output.json({"key": key, "value": value, "path": str(file)})
    else:
        output.line(f"{key} = {value}, in {file}")


def unset(key: Setting, reply: Reply) -> None:
    """Take a setting out of config.toml, so that its default holds again; the rest of the file stays as it is."""
    output = reply.output()
    require_key(key, "config unset")
    file = _change(output, key, None)
    if reply.as_json:
        output.json({"key": key, "value": None, "path": str(file)})
    else:
        output.line(f"{key} is not in {file}")


def _change(output: Output, key: str, value: str | None) -> Path:
    """Write config.toml with one value set, or with none for None; where it is."""
    file = find_folders(output.environment).config / "config.toml"
    try:
        old = read_input(file, MOST_CONFIG_BYTES).decode() if file.exists() else ""
        make_private_folder(file.parent)
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{file} is not UTF-8: {error}.", hint="Mend it, or remove it.") from error
    except OSError as error:
        raise CannotWrite(
            f"{file} can't be changed: {error.strerror}.", hint="Change its permissions, or those of its folder."
        ) from error
    changed = _changed(old, key, value, str(file))
    if changed != old:
        write_whole(file, changed.encode(), private=True)
    return file


def _changed(text: str, key: str, value: str | None, file: str) -> str:
    """The TOML text with one value set, or taken out. Raises `ConfigurationError` for a text that is no TOML."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    *sections, name = key.split(".")
    try:
        document = tomlkit.parse(text)
        table: MutableMapping[str, Any] = document
        for section in sections:
            if section not in table and value is not None:
                table[section] = tomlkit.table()
            table = table.get(section, {})
        if value is not None:
            table[name] = value
        else:
            table.pop(name, None)
    except (TOMLKitError, TypeError, AttributeError) as error:
        raise ConfigurationError(
            f"{file} can't be changed: {error}.", hint="Mend that line, or remove the file."
        ) from error
    return document.as_string()


def path(reply: Reply) -> None:
    """Say where config.toml is."""
    output = reply.output()
    file = find_folders(output.environment).config / "config.toml"
    if reply.as_json:
        output.json({"path": str(file), "exists": file.is_file()})
    else:
        output.line(str(file))
