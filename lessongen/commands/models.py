"""`models`: what the model server offers."""

from __future__ import annotations

import contextlib
import shlex
import urllib.parse
from collections.abc import Sequence
from typing import Any

from lessongen.app import DEFAULT_MODEL, App
from lessongen.commands.session import Run
from lessongen.system.terminal import quoted

_OPENAI = "api.openai.com"


def models(run: Run) -> None:
    """List the models that the configured server offers, the one that writes marked.

    The server is asked for its list, which costs nothing.
    """
    session = run.session()
    app, output = session.app, session.output
    with contextlib.closing(app.model_client()) as client:
        offered = client.models()
    chosen = app.model_for(None) or (offered[0] if len(offered) == 1 else None)  # as the writer takes it
    found = listed_as(chosen, offered)
    instead = nearest(chosen, offered, app.settings.base_url or None) if offered and found is None else None
    judges = judges_on(app)
    if run.as_json:
        output.json(
            {
                "server": server_name(app),
                "models": offered,
                "chosen": chosen,
                "is_offered": found is not None,
                "instead": instead,
                "judges": judges,
            }
        )
        return
    for name in offered:
        output.line(f"{'*' if name == found else ' '} {name}{_as_judge(judges, name)}")
    if not offered:
        output.line(f"{server_name(app)} lists no model.")
    elif chosen is None:
        output.note("None of them is chosen yet.")
    elif found is None:
        whose = "" if app.settings.model or app.settings.base_url else ", lessongen's default"
        output.note(f"The server does not offer {quoted(chosen)}{whose}, which is to write.")
    if instead is not None:
        output.line(f"  Take this one: lessongen config set openai.model {shlex.quote(instead)}")


def judges_on(app: App) -> list[dict[str, Any]]:
    """The models of the configured server that sat today's exam, each by its result that counts."""
    if not app.has_database():
        return []
    from lessongen.check.judges.exam import exam_name
    from lessongen.check.judges.sitting import standing
    from lessongen.commands.judge_figures import figures_of
    from lessongen.writers.openai.address import address_of

    exam, shown, told = exam_name(), address_of(app.settings.base_url or None).shown, []
    sat = [each for each in app.store.exams.all().values() if figures_of(each, app.bar, exam).is_valid]
    for identity in dict.fromkeys(each.identity for each in sat if each.identity.server == shown):
        found = standing(identity, exam, app.store.exams, app.bar)
        if found.result is not None:
            figures = figures_of(found.result, app.bar, exam)
            shares = {"caught": round(figures.caught.share, 4), "accepted": round(figures.accepted.share, 4)}
            is_short = found.result.is_short
            told.append({"model": identity.model, "passed": found.has_passed, **shares, "is_short": is_short})
    return told


def _as_judge(judges: Sequence[dict[str, Any]], name: str) -> str:
    found = next((each for each in judges if each["model"] == name), None)
    return "" if found is None else f"  {'passed' if found['passed'] else 'failed'} as a judge"


def listed_as(model: str | None, offered: Sequence[str]) -> str | None:
    """The name under which a server lists the model; None if it doesn't.

    Google lists "models/x", Ollama "x:latest"; "x:free" is a variant of x on OpenRouter.
    """
    if model is None:
        return None
    names = (model, f"models/{model}", f"{model}:latest", model.partition(":")[0])
    return next((name for name in names if name in offered), None)


def nearest(model: str | None, offered: Sequence[str], base_url: str | None) -> str:
    """The offered model to take instead of the one that is meant.

    One on the price list has gone: the nearest capable one by that list. Any other name may be a slip: the model whose
    name is most like it; where none is, again by the price list, else the first one.
    """
    import difflib

    from lessongen.writers.openai.prices import nearest_capable, price

    name = model or ""
    capable = nearest_capable(name, offered, base_url, default=DEFAULT_MODEL)
    if capable is not None and price(name, 1_000, 1_000, base_url) is not None:
        return capable
    cutoff = 0.8 if capable else 0.4
    return next(iter(difflib.get_close_matches(name, offered, n=1, cutoff=cutoff)), capable or offered[0])


def server_name(app: App) -> str:
    """Which server is meant, without path, name or password: "api.openai.com", "localhost:11434"."""
    if not app.settings.base_url:
        return _OPENAI
    parts = urllib.parse.urlsplit(app.settings.base_url)
    return parts.netloc.rpartition("@")[2] or "(an address without a host)"
