"""Which source serves a request: the user's own, else Wikipedia, else an archive, else the installed encyclopedia.

For easy levels in English the Wikipedia in simple words comes first.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lessongen.generation.qualified import qualified
from lessongen.lesson.attempt import Attempt
from lessongen.lesson.material import Document, Material, Source
from lessongen.lesson.task import LessonRequest
from lessongen.system.errors import (
    Ambiguous,
    ConfigurationError,
    LessongenError,
    RateLimited,
    Unavailable,
    Uncovered,
    UnsupportedLanguage,
)
from lessongen.system.levels import EASY
from lessongen.text.qualifier import without_level

ARCHIVE_SUFFIX = ".zim"
PRIMER = "primer"
_SIMPLE = "simple"
_WIKIS = (_SIMPLE, "wikipedia", "wiki")


@dataclass(frozen=True, kw_only=True)
class SourceChain:
    """Finds the material for a request. Sources are made when first needed, by name; `archive` opens one by its path.

    `order` names the sources to ask where the user gave none, the best one first; the wiki in simple English is left
    out where the level is not an easy one. `called` says how each is spoken of.
    """

    sources: Mapping[str, Callable[[], Source]]
    archive: Callable[[str], Source]
    called: Mapping[str, str]
    order: Sequence[str]

    def __call__(self, request: LessonRequest, attempt: Attempt) -> Material:
        """The material of the first source that covers the request, with what was passed over and why.

        A source that can't be reached or does not cover the request gives way to the next one; a source that the user
        named does not. Raises `Uncovered` where none is left, `RateLimited` where one asks to come back later.
        """
        primer = self._primer(request, attempt)
        found = self._given(request, attempt) if request.sources else self._found(request, attempt, primer)
        return dataclasses.replace(found, primer=primer)

    def _primer(self, request: LessonRequest, attempt: Attempt) -> tuple[Document, ...]:
        """What lessongen itself says of the skill that the topic names; nothing of other topics."""
        if PRIMER not in self.sources:
            return ()
        try:
            found = self.sources[PRIMER]().find(request, attempt)
        except (Uncovered, UnsupportedLanguage):
            return ()
        return (found.article, *found.others)

    def _found(self, request: LessonRequest, attempt: Attempt, primer: tuple[Document, ...]) -> Material:
        passed_over: list[str] = []
        errors: list[LessongenError] = []
        asked = dataclasses.replace(request, topic=without_level(request.topic))
        for name in self._asked(request):
            try:
                found = qualified(request, self.sources[name]().find(asked, attempt))
            except RateLimited:
                raise
            except (Unavailable, Uncovered, UnsupportedLanguage, ConfigurationError) as error:
                errors.append(error)
                passed_over.append(f"{self.called[name]} was not used: {error.message}")
            else:
                return dataclasses.replace(found, passed_over=(*found.passed_over, *passed_over))
        if primer and not request.article:
            return Material(
                article=primer[0], others=primer[1:], resolution="primer of the skill", passed_over=tuple(passed_over)
            )
        raise _most_telling(errors)

    def _asked(self, request: LessonRequest) -> Sequence[str]:
        names = [name for name in self.order if request.wikipedia or name not in _WIKIS]
        is_simple_wanted = request.language == "en" and request.level in EASY
        return names if is_simple_wanted else [name for name in names if name != _SIMPLE]

    def _given(self, request: LessonRequest, attempt: Attempt) -> Material:
        """The user's own sources: the first is, or holds, the article; the others come along."""
        archives = [each for each in request.sources if each.lower().endswith(ARCHIVE_SUFFIX)]
        files = tuple(each for each in request.sources if each not in archives)
        found = [qualified(request, self.archive(each).find(request, attempt)) for each in archives]
        if files:
            found.append(self.sources["files"]().find(dataclasses.replace(request, sources=files), attempt))
        if request.sources[0] not in archives:
            found.insert(0, found.pop())
        first, *rest = found
        others = [other for each in rest for other in (each.article, *each.others)]
        return dataclasses.replace(
            first,
            others=(*first.others, *others),
            passed_over=tuple(reason for each in found for reason in each.passed_over),
        )


def _most_telling(errors: Sequence[LessongenError]) -> LessongenError:
    """The error that a person can do most about: a choice between articles, else what the last source says."""
    chosen = next((error for error in errors if isinstance(error, Ambiguous)), errors[-1])
    others = [error.message for error in errors if error is not chosen and isinstance(error, Unavailable)]
    if others:
        hint = " ".join(part for part in (chosen.hint, *others) if part)
        chosen.hint = hint
    return chosen
