"""lessongen's own primers: a few plain sentences on each skill that `lessongen.writers.computed` practises.

They stand in for an encyclopedia where that has no article on a skill, or one that explains nothing of it. Each file of
`lessongen/writers/computed/primers` is one skill's; its entries begin with `# Title [groups]`, those that the
topic names come first, those that it names whole before all, then those of the groups that are practised. Those of
other groups stay out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib import resources

from lessongen import __version__
from lessongen.lesson.attempt import Attempt
from lessongen.lesson.material import Document, Material, Part
from lessongen.lesson.task import LessonRequest
from lessongen.system.clock import Clock
from lessongen.system.errors import Uncovered, UnsupportedLanguage
from lessongen.text.words import stems
from lessongen.writers.computed import Module, modules_for
from lessongen.writers.computed.practice import taught

_ENTRY = re.compile(r"^# (?P<title>[^\[\n]+?)(?: \[(?P<groups>[^\]\n]+)\])?\n(?P<text>[^#]+)", re.MULTILINE)
_LICENCE = "CC0 1.0"
_FEWEST = 3  # entries, the words of a lesson


class PrimerSource:
    """Finds the primer of a skill that a topic names; implements `material.Source`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def find(self, request: LessonRequest, attempt: Attempt) -> Material:
        """The entries of the skill's primer, the one that the topic means most first.

        Raises `Uncovered` where the topic is no skill, `UnsupportedLanguage` for any language but English.
        """
        if request.language != "en":
            raise UnsupportedLanguage(
                f"The primers are in English only, not in “{request.language}”.", hint="Ask with --language en."
            )
        modules = modules_for(request.subject, request.topic)
        documents = list(
            {
                each.title: each
                for module in modules
                for each in self._entries(module, request.topic, taught(module, request, attempt.seed))
            }.values()
        )
        if not documents:
            raise Uncovered(
                f"There is no primer on “{request.topic}” ({request.subject}).",
                hint="Name an article with --article TITLE, or put the topic in other words.",
            )
        return Material(article=documents[0], others=tuple(documents[1:]), resolution="primer of the skill")

    def _entries(self, module: Module, topic: str, groups: frozenset[str]) -> Sequence[Document]:
        text = (
            resources.files("lessongen.writers.computed")
            .joinpath("primers", f"{module.name}.txt")
            .read_text(encoding="utf-8")
        )
        wanted = set(stems(topic))

        def rank(entry: re.Match[str]) -> tuple[bool, int, bool]:
            named = set(stems(entry["title"]))
            return not named <= wanted, -len(named & wanted), not _is_about(entry, groups)

        ranked = sorted(_ENTRY.finditer(text), key=rank)
        needed = [entry for entry in ranked if not entry["groups"] or _is_about(entry, groups)]
        needed += [entry for entry in ranked if entry not in needed][: max(0, _FEWEST - len(needed))]
        return list(self._documents(needed))

    def _documents(self, entries: Sequence[re.Match[str]]) -> Iterator[Document]:
        for entry in entries:
            title, text = entry["title"], entry["text"].strip()
            yield Document(
                title=title,
                text=text,
                language="en",
                url=None,
                revision=f"lessongen {__version__}",
                retrieved=self._clock.now(),
                licence=_LICENCE,
                attribution=f"lessongen, “{title}”, primer",
                parts=(Part(heading="", start=0, end=len(text)),),
            )


def _is_about(entry: re.Match[str], groups: frozenset[str]) -> bool:
    """Whether the entry is about what is practised of the skill."""
    return not groups.isdisjoint((entry["groups"] or "").split())
