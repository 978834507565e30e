"""Which of several articles of one name a lesson's subject decides for; or that it does not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lessongen.sources.fit import Evidence, Level, Subject, is_named, qualifier_of
from lessongen.sources.wikipedia.article import raw_sections
from lessongen.sources.wikipedia.query import PageContent, PageState
from lessongen.text.words import fold, split_title

_MOST_SENSES = 20


@dataclass(frozen=True, kw_only=True)
class Sense:
    """An article that a name may mean. `is_primary`: the wiki's own choice, the one without brackets."""

    title: str
    evidence: Evidence
    is_primary: bool = False

    def with_qualifier(self, qualifier: str) -> Sense:
        """The same with what a redirect to it has in brackets: "Verb (grammar)", which leads to "Verb"."""
        return replace(self, evidence=replace(self.evidence, qualifier=f"{self.evidence.qualifier} {qualifier}"))


def listed(content: PageContent, links: Sequence[str], topic: str) -> list[Sense]:
    """The articles that a page lists, each with its line and the headings that it stands under."""
    lines = [
        (" ".join(path), line)
        for path, text in raw_sections(content)
        if not any(fold(heading) in ("see also", "siehe auch", "voir aussi", "vease tambien") for heading in path)
        for line in text.split("\n")
        if line.strip()
    ]
    found = []
    for title in links:
        qualifier = qualifier_of(title, topic)
        if qualifier is None:
            continue
        heading, line = _where(title, lines) or ("", "")
        found.append(
            Sense(title=title, evidence=Evidence(qualifier=qualifier, about=_told(line, title), heading=heading))
        )
    return found[:_MOST_SENSES]


def described(senses: Sequence[Sense], states: Sequence[PageState]) -> list[Sense]:
    """The senses that are articles, with what the wiki says of each; each article once."""
    by_title: Mapping[str, PageState] = {state.asked: state for state in states}
    found: dict[str, Sense] = {}
    for sense in senses:
        state = by_title.get(sense.title) or by_title.get(sense.title[:1].upper() + sense.title[1:])
        if state is None or state.is_disambiguation:
            continue
        known = found.get(state.title)
        if known is not None:
            found[state.title] = known.with_qualifier(sense.evidence.qualifier)
            continue
        evidence = Evidence(
            qualifier=sense.evidence.qualifier,
            description=state.description,
            about=f"{sense.evidence.about} {first_sentence(state.lead)}",
            lead=state.lead,
            heading=sense.evidence.heading,
            categories=state.categories,
        )
        found[state.title] = Sense(title=state.title, evidence=evidence, is_primary=sense.is_primary)
    return list(found.values())


def decided(senses: Sequence[Sense], subject: Subject, topic: str) -> str | None:
    """The title that the subject decides for clearly: the only one that belongs to it most surely; else None.

    The wiki's own choice wins a tie; where nothing speaks for any, not even it is taken.
    """
    if not senses:
        return None
    levels = [(subject.level(sense.evidence), sense) for sense in senses]
    best = max(level for level, _ in levels)
    if best == Level.NOTHING:
        return None
    leading = [sense for level, sense in levels if level == best]
    primary = next((sense for sense in leading if sense.is_primary), None)
    if primary is not None and best < Level.IN_TITLE:
        return primary.title
    if len(leading) > 1 and best == Level.IN_TITLE:
        # "Fork (chess)" before "Fork (chess variant)".
        leading = [sense for sense in leading if is_named(topic, sense.title) and _is_only(subject, sense)] or leading
    if len(leading) != 1 or best == Level.CATEGORY:
        return None
    chosen = leading[0]
    is_named_so = is_named(topic, chosen.title) or best == Level.IN_TITLE
    return chosen.title if is_named_so else None


def ranked(senses: Sequence[Sense], subject: Subject, topic: str) -> list[str]:
    """The titles, those first that fit best."""
    order = sorted(
        senses,
        key=lambda sense: (-subject.level(sense.evidence), not sense.is_primary, not is_named(topic, sense.title)),
    )
    return [sense.title for sense in order]


def first_sentence(lead: str) -> str:
    """The first sentence of a lead, roughly."""
    return re.split(r"(?<=[.!?])\s+(?=[^\W\d_a-z])", lead.strip(), maxsplit=1)[0][:300]


def _where(title: str, lines: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """The headings and the line in which a title stands, the title itself rather than a part of a longer one."""
    name = fold(split_title(title)[0])
    for wanted in (fold(title), name):
        for heading, line in lines:
            if fold(line).startswith(wanted):
                return heading, line
    return next(((heading, line) for heading, line in lines if fold(title) in fold(line)), None)


def _told(line: str, title: str) -> str:
    """What a line says of the title that it begins with."""
    return line[len(title) :] if fold(line).startswith(fold(title)) else line


def _is_only(subject: Subject, sense: Sense) -> bool:
    words = split_title(sense.title)[1].split()
    return len(words) == 1 and subject.names(words[0])
