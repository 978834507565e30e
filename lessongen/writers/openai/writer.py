"""The writer that asks a model: from a request's material to a lesson, one call a step, in one straight line.

The model gets numbered sentences and cites their numbers; quotes, keys, ids and minutes are the program's. What it
writes stands on its quotes by the support check and by a second call that sees sentences and quotes alone, or it goes.
"""

from __future__ import annotations

import dataclasses
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lessongen.lesson.attempt import Attempt
from lessongen.lesson.draft import Anew, Draft, Problem
from lessongen.lesson.encyclopedia import Encyclopedia
from lessongen.lesson.material import Material
from lessongen.lesson.task import LessonRequest
from lessongen.system.errors import UnsupportedLanguage
from lessongen.writers.extractive.anew import Regeneration
from lessongen.writers.openai import telling
from lessongen.writers.openai.calls import Calls
from lessongen.writers.openai.passages import Numbered, Room, number_sentences
from lessongen.writers.openai.writing import NAME, Writing
from lessongen.writers.templates import Template

if TYPE_CHECKING:
    from lessongen.writers.openai.client import ModelClient


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What a writer works with: models, how much they read, prompts, prices.

    `verify_model` judges sentences; empty means the one that writes. `source_tokens` is how much source text a prompt
    may hold. `price` is in dollars for a model and its tokens in and out, None where unknown.
    """

    model: str
    verify_model: str
    temperature: float
    source_tokens: int
    template: Callable[[str], Template]
    price: Callable[[str, int, int], float | None]


class OpenAIWriter:
    """Writes lessons with any OpenAI-compatible server; implements `material.Writer`, for several threads at once.

    `client` makes a client for a model. `encyclopedia`, where there is one, supplements articles that are short.
    """

    name = NAME
    languages = frozenset({"en"})

    def __init__(
        self, setup: Setup, client: Callable[[str], ModelClient], encyclopedia: Encyclopedia | None = None
    ) -> None:
        self._setup = setup
        self._make_client = client
        self._encyclopedia = encyclopedia
        self._clients: dict[tuple[str, float], ModelClient] = {}
        self._lock = threading.Lock()

    def write(self, request: LessonRequest, material: Material, attempt: Attempt) -> Draft:
        """A lesson on the material.

        Raises `TooThin` where the sources don't bear one, `CheckFailed` with a report where the model's sentences or
        questions are not usable, and what a call to a model raises (`Unavailable`, `RequestRefused`, …).
        """
        return self._writing(request, material, attempt).draft()

    def anew(self, stored: Draft, key: str, request: LessonRequest, attempt: Attempt) -> Anew:
        """Other questions on what a stored lesson shows, or other text for a section, past the same checks.

        Two calls for questions, two to four for a section. Raises as `write` does.
        """
        from lessongen.writers.openai import anew

        regeneration = Regeneration(stored=stored, request=request, attempt=attempt, encyclopedia=self._encyclopedia)
        kind, _, name = key.partition(":")
        if kind == "section":
            numbered = anew.numbered_for_section(regeneration, name)
            return anew.section(regeneration, name, self._writing_on(numbered, request, regeneration.material, attempt))
        numbered, wanted = anew.numbered_for_questions(regeneration), len(stored.lesson.questions)
        many = dataclasses.replace(request, questions=wanted)
        return anew.questions(regeneration, self._writing_on(numbered, many, regeneration.material, attempt))

    def repair(
        self, draft: Draft, problems: Sequence[Problem], request: LessonRequest, material: Material, attempt: Attempt
    ) -> Draft | None:
        """The draft without what the check objects to, and with new parts where too little is left.

        One call to the model at most for what is new, and one each for its second layer and its blind check. None where
        the problems are none that a part can be blamed for.
        """
        from lessongen.writers.openai.repair import Repair

        return Repair(draft, problems, self._writing(request, material, attempt)).draft()

    def _writing(self, request: LessonRequest, material: Material, attempt: Attempt) -> Writing:
        for language in (request.language, material.article.language):
            if language.partition("-")[0] not in self.languages:
                raise UnsupportedLanguage(
                    f"The openai writer's checks have rules for English (en) alone, not for “{language}”.",
                    hint="Ask for --language en with English sources.",
                )
        setup, defaults = self._setup, self._setup.template(request.template or "default").defaults
        room = Room(
            tokens=int(defaults.get("source_tokens", setup.source_tokens)), sentences=int(defaults["source_sentences"])
        )
        used = Counter(digest for digest, _ in telling.uses_of(attempt.earlier))
        numbered = number_sentences(request, material, self._encyclopedia, room, used)
        return self._writing_on(numbered, request, material, attempt)

    def _writing_on(self, numbered: Numbered, request: LessonRequest, material: Material, attempt: Attempt) -> Writing:
        """The writing of a lesson from these sentences."""
        setup, template = self._setup, self._setup.template(request.template or "default")
        model = request.model or setup.model
        temperature = float(template.defaults.get("temperature", setup.temperature))
        calls = Calls(
            attempt=attempt,
            template=template,
            client=self._client,
            price=setup.price,
            model=model,
            judge=setup.verify_model or model,
            temperature=temperature,
            sources_sha256=numbered.sha256,
        )
        uses = telling.uses_of(attempt.earlier)
        return Writing(request=request, material=material, attempt=attempt, numbered=numbered, calls=calls, uses=uses)

    def _client(self, model: str, temperature: float) -> ModelClient:
        """One client a model, so that what a server turned out not to take is not tried again for every lesson."""
        with self._lock:
            found = self._clients.get((model, temperature))
            if found is None:
                found = self._make_client(model)
                if found.server.temperature != temperature:
                    found = type(found)(dataclasses.replace(found.server, temperature=temperature))
                self._clients[model, temperature] = found
            return found
