"""How a stored lesson came to be, in lines for a person: by whom, for how much, from what, past which checks.

It is read off the JSON that is stored: `status` shows it, and has to start without loading the models.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lessongen.lesson.parts import question_numbers_in
from lessongen.lesson.versions import WHERE_TO_GET_MORE, Version
from lessongen.system.terminal import Output, counted, dollars

Fact = tuple[str, str]
Stored = Mapping[str, Any]

KEPT_TEXT = "text:"  # before the SHA-256 of a text that was handed in with a request

_VERDICTS = {"ok": "is fine", "reject": "is rejected"}
_NAME_COLUMNS = 9
_SOURCES_SHOWN = 6


def print_facts(output: Output, facts: Sequence[Fact]) -> None:
    """Each fact behind its name; one that has several lines is named once."""
    named = ""
    for name, text in facts:
        output.line(f"  {name if name != named else '':<{_NAME_COLUMNS}} {text}", hang=_NAME_COLUMNS + 3)
        named = name


def facts(stored: Stored, *, has_sources: bool = True) -> list[Fact]:
    """What a lesson as it is stored, in JSON, says of its making; on wish without what it stands on."""
    return list(_facts(stored, has_sources))


def approvals(version: Version) -> list[Fact]:
    """Who has approved a version, what they noted, and which questions they marked."""
    content = json.loads(version.content)
    numbers = question_numbers_in(content)
    told: list[Fact] = []
    for each in version.approvals:
        note = f": {each.note}" if each.note else ""
        told.append(("approved", f"by {each.reviewer}, {each.created_at:%Y-%m-%d}{note}"))
        for mark in each.marks:
            why = f": {mark.note}" if mark.note else ""
            told.append(("approved", f"q{numbers.get(mark.question, '?')} {_VERDICTS[mark.verdict]}{why}"))
    return told


def _facts(stored: Stored, has_sources: bool) -> Iterator[Fact]:
    made = stored["provenance"]
    if stored.get("kind") == "fact_sheet":
        yield "kind", f"fact sheet, for want of material. {WHERE_TO_GET_MORE}"
    yield "writer", _writer(made)
    if made.get("tokens"):
        cost = f", {dollars(made['cost'])}" if made.get("cost") else ""
        yield "took", counted(made["tokens"], "token") + cost
    if made.get("core"):
        yield "made from", f"version {made['core']} of the core lesson"
    if made.get("resolution"):
        yield "found", made["resolution"]
    if made.get("focus"):
        yield "focus", made["focus"]
    if has_sources:
        yield from (("source", text) for text in _sources(stored["sources"]))
    for reason in made.get("passed_over", ()):
        yield "passed by", reason
    if made.get("computed"):
        yield "computed", "worked examples and exercises by " + ", ".join(made["computed"])
    if made.get("legibility"):
        yield "reads", _legibility(made["legibility"])
    if made.get("check"):
        yield "checks", _checks(made)
    if made.get("judge") or made.get("exams"):
        yield from (("judge", line) for line in _judge(made))


def _writer(made: Stored) -> str:
    with_model = f" with {made['model']}" if made.get("model") else ""
    template = f", template {made['template']}" if made.get("template") else ""
    freedom = f", temperature {made['temperature']:g}" if made.get("temperature") is not None else ""
    return f"{made['writer']}{with_model}{template}{freedom}, seed {made['seed']}"


def _sources(sources: Sequence[Stored]) -> Iterator[str]:
    """The article with what pins its text; the others by their names."""
    article, *others = sources
    yield _source(article)
    if others:
        named = ", ".join(f"“{source['title']}”" for source in others[:_SOURCES_SHOWN])
        more = len(others) - _SOURCES_SHOWN
        yield f"beside it {named}" + (f" and {more} more" if more > 0 else "")


def _source(source: Stored) -> str:
    cited = counted(len(source["quotes"]), "quote")
    revision = f"revision {source['revision']}" if source.get("revision") else None
    return ", ".join(filter(None, (f"“{source['title']}”", revision, source["licence"], cited)))


def _legibility(found: Stored) -> str:
    return (
        f"at about grade {found['grade']:g} (Flesch-Kincaid), {found['sentence_words']:g} words a sentence, "
        f"vocabulary {found['cefr']}, {found['rare_words']:.0%} of the words above B2"
    )


def _judge(made: Stored) -> Iterator[str]:
    """Who judged, by which exam, and what to do where it was the rules."""
    from lessongen.lesson.who_judged import ABLER, RULES, who_judged

    yield who_judged(made)
    if made.get("judge") == RULES:
        yield ABLER


def _checks(made: Stored) -> str:
    """Which checks the lesson passed, and what each layer refused before."""
    check = made["check"]
    layers = check.get("layers") or []
    by_model = ", and a model's judgement of each written sentence" if "model" in layers else ""
    parts = [f"{'passed' if check['passed'] else 'did not pass'} {counted(check['rules'], 'rule')}{by_model}"]
    refused = {layer: count for layer, count in (check.get("refused") or {}).items() if count}
    if refused:
        told = ", ".join(f"{count:,} by the {layer} layer" for layer, count in refused.items())
        parts.append(f"refused sentences: {told}")
    if made.get("rewritten"):
        parts.append(f"{made['rewritten']:,} rewritten")
    if made.get("replaced"):
        parts.append(f"{made['replaced']:,} replaced by the quote")
    return "; ".join(parts)
