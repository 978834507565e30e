"""`template`: the prompts that a model gets, as files that a person may edit."""

from __future__ import annotations

from typing import Annotated

import typer

from lessongen.app import App
from lessongen.commands import completion
from lessongen.commands.session import Reply
from lessongen.system.errors import NotFound
from lessongen.system.terminal import quoted
from lessongen.writers.templates import SHIPPED

_DEFAULTS = "defaults"

Name = Annotated[
    str,
    typer.Argument(metavar="NAME", help="The template's name.", autocompletion=completion.templates),
]


def list_all(reply: Reply) -> None:
    """List the templates, the one in use marked."""
    session = reply.session()
    app, output = session.app, session.output
    names, used = app.templates.names(), app.settings.template
    folder = app.settings.templates_folder
    if reply.as_json:
        rows = [{"name": name, "is_used": name == used, "folder": _folder(app, name)} for name in names]
        output.json({"templates": rows, "folder": str(folder)})
        return
    for name in names:
        output.line(f"{'*' if name == used else ' '} {name}  {_folder(app, name) or 'comes with lessongen'}")
    if used not in names:
        output.note(f"openai.template is {quoted(used)}, and there is no such template.")
    if names == list(SHIPPED):
        output.line("  Make your own: lessongen template new NAME")


def show(
    *,
    name: Name,
    part: Annotated[str | None, typer.Argument(metavar="[PART]", help="One part alone: outline, section, …")] = None,
    reply: Reply,
) -> None:
    """Show a template's prompts and defaults; what is in braces is filled in for each lesson."""
    session = reply.session()
    app, output = session.app, session.output
    _require(app, name)
    template = app.templates.load(name)
    parts = {**template.parts, _DEFAULTS: "".join(f"{key} = {value!r}\n" for key, value in template.defaults.items())}
    if part is not None and part.removesuffix(".md") not in parts:
        raise NotFound(
            f"The template {quoted(name)} has no part {quoted(part)}.", hint=f"Its parts are: {', '.join(parts)}."
        )
    if reply.as_json:
        chosen = parts if part is None else {part: parts[part.removesuffix(".md")]}
        output.json(
            {
                "name": name,
                "sha256": template.sha256,
                "folder": _folder(app, name),
                "parts": {key: text for key, text in chosen.items() if key != _DEFAULTS},
                "defaults": dict(template.defaults),
            }
        )
        return
    if part is not None:
        output.line(parts[part.removesuffix(".md")].rstrip("\n"))
        return
    for key, text in parts.items():
        output.line(f"# ---- {key}")
        output.line(text.rstrip("\n") + "\n")


def new(
    *,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")],
    like: Annotated[
        str, typer.Option(metavar="NAME", help="Which one to begin from.", autocompletion=completion.templates)
    ] = "default",
    reply: Reply,
) -> None:
    """Make a template of your own, as files to edit.

    A file that you delete falls back to the one that comes with lessongen.
    """
    session = reply.session()
    app, output = session.app, session.output
    _require(app, like)
    folder = app.templates.create(name, like)
    if reply.as_json:
        output.json({"name": name, "folder": str(folder)})
        return
    editor = output.environment.get("VISUAL") or output.environment.get("EDITOR") or "an editor"
    output.line(f"The files of the template {quoted(name)} are in {folder}")
    output.line(
        f"  Edit them with {editor}, then try them: {app.command('create', '--template', name, 'english', 'verbs')}"
    )
    output.line(f"  Use it for all lessons: lessongen config set openai.template {name}")


def _require(app: App, name: str) -> None:
    names = app.templates.names()
    if name not in names:
        raise NotFound(f"There is no template {quoted(name)}.", hint=f"There is: {', '.join(names)}.")


def _folder(app: App, name: str) -> str | None:
    """Where a person's own template is; None for one that is shipped."""
    folder = app.settings.templates_folder / name
    return str(folder) if folder.is_dir() else None
