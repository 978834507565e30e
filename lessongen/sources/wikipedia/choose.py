"""From a subject and a topic to the articles that are meant, or to none: a wrong article is far worse than none.

The surest way first: the titles that the installed encyclopedia finds, the topic as a title, a search. Whatever is
found must bear the topic's name, and fit the subject where the name is one of several.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lessongen.lesson.task import LessonRequest
from lessongen.sources.fit import Evidence, Level, Subject, all_in, is_named, left_over, near, qualifier_of
from lessongen.sources.refusals import ambiguous, nearest_titles
from lessongen.sources.wikipedia.article import raw_sections
from lessongen.sources.wikipedia.kept import Meant
from lessongen.sources.wikipedia.query import Hit, PageState, WikiClient, usable_title
from lessongen.sources.wikipedia.senses import Sense, decided, described, first_sentence, listed, ranked
from lessongen.system.errors import Uncovered
from lessongen.text.nouns import singular
from lessongen.text.qualifier import is_aspect
from lessongen.text.words import split_title

_NEAREST = 4
_MOST_EDITS = 2
_LONG_NAME = 8
_LONGEST_INITIALS = 6
_FRAME = re.compile(
    r"^(?:(?:an? |the )?(?:introduction|intro|guide|overview) (?:to|of) |(?:the )?basics of |about "
    r"|(?:what|who) (?:is|are|was|were) )?(?:the |an? )?",
    re.IGNORECASE,
)


class Chooser:
    """Chooses for one request on one wiki."""

    def __init__(self, client: WikiClient, request: LessonRequest) -> None:
        self._client = client
        self._request = request
        self._subject = Subject(request.subject, request.article or request.topic)
        self._name = client.site.name

    def named(self, title: str) -> Meant:
        """Exactly the article of that title.

        Raises `Uncovered` with the nearest titles where there is none, `Ambiguous` where the title names several.
        """
        found = self._client.states([title])
        if not found:
            titles = [*self._client.beginning_as(title), *(hit.title for hit in self._client.search(title)[0])]
            raise Uncovered(f"{self._name} has no article “{title}”.", hint=_hint(title, titles))
        if found[0].is_disambiguation:
            senses = self._listed(found[0].title, split_title(title)[0])
            raise ambiguous(title, self._name, ranked(senses, self._subject, title))
        return Meant(titles=(found[0].title,), how=_how("article asked for", found[0]))

    def meant(self, suggested: Sequence[str]) -> Meant:
        """The articles that the request means; `suggested` are titles that another encyclopedia found for it.

        Raises `Uncovered` with the nearest titles, `Ambiguous` with the choices where the subject decides for none.
        """
        known = [state for state in self._client.states(suggested) if not state.is_disambiguation]
        if known and known[0].asked == suggested[0]:
            titles = tuple(dict.fromkeys(state.title for state in known))
            return Meant(titles=titles, how=_how("title known to the offline encyclopedia", known[0]))
        found = self._titled(self._request.topic)
        if found is not None:
            return found
        return self._searched(self._request.topic)

    # ------------------------------------------------------------ the topic as a title

    def _titled(self, topic: str) -> Meant | None:
        """The article whose title the topic is; None if there is none of that name."""
        states = self._client.states(_spellings(topic), with_leads=True)
        primary = next((state for state in states if not state.is_disambiguation), None)
        name = split_title(primary.title)[0] if primary and is_named(topic, primary.title) else usable_title(topic)
        namesakes = [title for title in self._client.namesakes(name) if primary is None or title != primary.title]
        others = self._client.states(namesakes, with_leads=True)
        lists = [state.title for state in (*states, *others) if state.is_disambiguation]
        if primary is not None and not others:
            return self._only(primary)
        of_that_name = [
            Sense(title=title, evidence=Evidence(qualifier=qualifier_of(title, topic) or "")) for title in namesakes
        ]
        senses = _merged([*([_primary_sense(primary)] if primary else []), *described(of_that_name, others)])
        chosen = decided(senses, self._subject, topic)
        if chosen is None and lists:
            senses = _merged([*senses, *self._listed(lists[0], topic)])
            chosen = decided(senses, self._subject, topic)
        if chosen is None and primary is not None and self._says_nothing_else(senses) and self._text_fits(primary):
            chosen = primary.title
        if chosen is not None:
            if primary is not None and chosen == primary.title:
                return Meant(titles=(chosen,), how=_how("exact title", primary))
            return Meant(titles=(chosen,), how="the only article of that name that fits the subject")
        if not senses:
            return None
        raise ambiguous(topic, self._name, ranked(senses, self._subject, topic))

    def _only(self, state: PageState) -> Meant:
        """The only article of that name, unless it plainly belongs to another subject."""
        is_fit = self._subject.level(_primary_sense(state).evidence) > Level.NOTHING
        # In other languages than English the words of a subject's field are not known: their absence proves nothing.
        if not is_fit and self._subject.is_known and state.language in ("en", "") and not self._text_fits(state):
            raise Uncovered(
                f"{self._name} has an article “{state.title}”, but it says nothing of “{self._request.subject}”.",
                hint=f'If it is the one, ask with --article "{state.title}".',
            )
        return Meant(titles=(state.title,), how=_how("exact title", state))

    def _says_nothing_else(self, senses: Sequence[Sense]) -> bool:
        return all(self._subject.level(sense.evidence) == Level.NOTHING for sense in senses)

    def _text_fits(self, state: PageState) -> bool:
        content = self._client.content(state.title)
        if content is None:
            return False
        texts = [text for _, text in raw_sections(content)]
        with_lead = replace(state, lead=texts[0])  # a wiki without TextExtracts gives no lead by itself
        is_fit = self._subject.level(_primary_sense(with_lead).evidence) > Level.NOTHING
        return is_fit or self._subject.is_spoken_of(" ".join(texts))

    def _listed(self, title: str, topic: str) -> list[Sense]:
        """The articles that a page of namesakes lists."""
        content = self._client.content(title)
        if content is None:
            return []
        return self._described(listed(content, self._client.links(title), topic))

    def _described(self, senses: Sequence[Sense]) -> list[Sense]:
        if not senses:
            return []
        return described(senses, self._client.states([sense.title for sense in senses], with_leads=True))

    # ------------------------------------------------------------ a search

    def _searched(self, topic: str) -> Meant:
        hits, spelled = self._client.search(topic)
        found = self._accepted(topic, hits)
        if found is None and len(hits) < 2:
            more, _ = self._client.search(f"{topic} {self._request.subject}")
            found = self._accepted(topic, more)
            hits = [*hits, *more]
        near_by = self._client.beginning_as(topic) if found is None else []
        if found is None:
            slip = next((title for title in (spelled, *near_by) if title and _is_slip(topic, title)), None)
            found = self._titled(slip) if slip else None
        if found is None:
            raise Uncovered(
                f"{self._name} has no article on “{topic}” ({self._request.subject}).",
                hint=_hint(topic, [*near_by, *(hit.title for hit in hits)]),
            )
        return found

    def _accepted(self, topic: str, hits: Sequence[Hit]) -> Meant | None:
        """The hit that bears the topic's name, or all of it but a word that its lead has."""
        candidates: list[tuple[int, str, list[str]]] = []
        for hit in hits:
            if is_named(topic, hit.title) or (hit.redirect and is_named(topic, hit.redirect)):
                candidates.append((0, hit.title, []))
                continue
            left = left_over(topic, hit.title)
            if left is not None and len(left) <= len(split_title(hit.title)[0].split()):
                candidates.append((len(left), hit.title, left))
        candidates.sort(key=lambda candidate: candidate[0])
        left_of = {title: left for _, title, left in reversed(candidates)}
        for state in self._client.states([title for _, title, _ in candidates[:5]], with_leads=True):
            if state.is_disambiguation:
                continue
            left = [
                word for word in left_of.get(state.asked, []) if not self._subject.names(word) and not is_aspect(word)
            ]
            told = f"{state.description} {state.lead}"
            is_fit = self._subject.level(_primary_sense(state).evidence) > Level.NOTHING
            if all_in(left, told) and (is_fit or (left and not split_title(state.title)[1])):
                return Meant(titles=(state.title,), how=_how("search", state))
        return None


def _primary_sense(state: PageState) -> Sense:
    bracket = split_title(state.title)[1]
    evidence = Evidence(
        qualifier=bracket,
        description=state.description,
        about=first_sentence(state.lead),
        lead=state.lead,
        categories=state.categories,
    )
    return Sense(title=state.title, evidence=evidence, is_primary=True)


def _merged(senses: Sequence[Sense]) -> list[Sense]:
    """Each article once; what a redirect's brackets say counts for the article that it leads to."""
    found: dict[str, Sense] = {}
    for sense in senses:
        known = found.get(sense.title)
        found[sense.title] = sense if known is None else known.with_qualifier(sense.evidence.qualifier)
    return list(found.values())


def _spellings(topic: str) -> list[str]:
    """The topic as titles may spell it; a wiki knows only those forms that someone made a redirect for."""
    plain = usable_title(topic)
    bare = _FRAME.sub("", plain.rstrip("?! ")) or plain
    *first, last = bare.split() or [bare]
    alone = " ".join([*first, singular(last)])
    capitals = [" ".join(word[:1].upper() + word[1:] for word in text.split()) for text in (plain, bare)]
    initials = [bare.upper()] if len(bare) <= _LONGEST_INITIALS and " " not in bare else []
    return list(dict.fromkeys([plain, bare, alone, bare.lower(), alone.lower(), *capitals, *initials]))


def _is_slip(topic: str, spelled: str) -> bool:
    from lessongen.text.letters import OSA

    edits = _MOST_EDITS if len(topic) >= _LONG_NAME else 1
    one, other = topic.casefold(), split_title(spelled)[0].casefold()
    return len(topic) > edits + 2 and one != other and OSA.distance(one, other) <= edits


def _how(how: str, state: PageState) -> str:
    return f"{how}, redirected from “{state.asked}”" if state.is_redirected else how


def _hint(topic: str, titles: Sequence[str]) -> str:
    return nearest_titles(near(topic, titles), _NEAREST)
