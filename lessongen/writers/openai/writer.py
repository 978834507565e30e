"""The writer that asks a model: from a request's material to a lesson, in a few large calls.

The model writes freely and cites numbered sentences; quotes, ids, minutes and places of options are the program's. What
it states stands by a judge's verdict (`lessongen.generation.verdicts`), never by itself.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from lessongen.lesson.attempt import Attempt
from lessongen.lesson.draft import Anew, Draft, Problem
from lessongen.lesson.encyclopedia import Encyclopedia
from lessongen.lesson.material import Material
from lessongen.lesson.task import LessonRequest
from lessongen.lesson.who_judged import RULES
from lessongen.system.errors import UnsupportedLanguage
from lessongen.writers.extractive.anew import Regeneration
from lessongen.writers.openai.calls import Calls
from lessongen.writers.openai.sources import Numbered, number_sentences
from lessongen.writers.openai.writing import NAME, Writing
from lessongen.writers.templates import Template

if TYPE_CHECKING:
    from lessongen.writers.openai.client import ModelClient


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What a writer works with: models, how much they read, prompts, prices.

    `verify_model` answers questions blind; empty means the one that writes. `source_tokens` is how much source text a
    prompt may hold. `price` is in dollars for a model and its tokens in and out, None where unknown.
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
    writes_freely = True

    def __init__(
        self, setup: Setup, client: Callable[[str], ModelClient], encyclopedia: Encyclopedia | None = None
    ) -> None:
        self._setup = setup
        self._make_client = client
        self._encyclopedia = encyclopedia
        self._clients: dict[tuple[str, float], ModelClient] = {}
        self._numbered: WeakKeyDictionary[Material, tuple[LessonRequest, int, Numbered]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def write(self, request: LessonRequest, material: Material, attempt: Attempt, *, judge: str = RULES) -> Draft:
        """A lesson on the material, not yet judged.

        Raises `TooThin` where the sources don't bear one, `CheckFailed` where the model is not able enough, and what a
        call to a model raises (`Unavailable`, `RequestRefused`, …).
        """
        return self._writing(request, material, attempt, judge).draft()

    def review(
        self,
        draft: Draft,
        request: LessonRequest,
        material: Material,
        attempt: Attempt,
        before: Draft | None = None,
    ) -> Sequence[Problem]:
        """What is wrong with its questions and its level; one call at most. Raises what a call raises."""
        from lessongen.writers.openai.review import review

        return review(draft, self._writing(request, material, attempt, RULES).calls, before)

    def anew(self, stored: Draft, key: str, request: LessonRequest, attempt: Attempt) -> Anew:
        """Other questions on what a stored lesson teaches, or a section in another way; one call. Raises as `write`."""
        from lessongen.writers.openai import anew

        regeneration = Regeneration(stored=stored, request=request, attempt=attempt, encyclopedia=self._encyclopedia)
        kind, _, name = key.partition(":")
        writing = self._writing(request, regeneration.material, attempt, stored.lesson.provenance.judge or RULES)
        if kind == "section":
            return anew.section(regeneration, name, writing)
        return anew.questions(regeneration, writing)

    def repair(
        self, draft: Draft, problems: Sequence[Problem], request: LessonRequest, material: Material, attempt: Attempt
    ) -> Draft | None:
        """The draft with all parts mended that something was found wrong with; one call.

        None where nothing can be mended so. Raises what a call raises.
        """
        from lessongen.writers.openai.repair import repaired

        judge = draft.lesson.provenance.judge or RULES
        return repaired(draft, problems, self._writing(request, material, attempt, judge))

    def _writing(self, request: LessonRequest, material: Material, attempt: Attempt, judge: str) -> Writing:
        for language in (request.language, material.article.language):
            if language.partition("-")[0] not in self.languages:
                raise UnsupportedLanguage(
                    f"The openai writer's checks have rules for English (en) alone, not for “{language}”.",
                    hint="Ask for --language en with English sources.",
                )
        setup, template = self._setup, self._setup.template(request.template or "default")
        tokens = int(template.defaults.get("source_tokens", setup.source_tokens))
        numbered = self._numbered_of(request, material, tokens)
        model = request.model or setup.model
        calls = Calls(
            attempt=attempt,
            template=template,
            client=self._client,
            price=setup.price,
            model=model,
            judge=setup.verify_model or model,
            temperature=float(template.defaults.get("temperature", setup.temperature)),
            sources_sha256=numbered.sha256,
        )
        writing = Writing(
            request=request, material=material, attempt=attempt, numbered=numbered, calls=calls, judge=judge
        )
        calls.told = writing.told
        return writing

    def _numbered_of(self, request: LessonRequest, material: Material, tokens: int) -> Numbered:
        """The material's sentences, chosen and numbered once for all the steps of a lesson."""
        with self._lock:
            kept = self._numbered.get(material)
        if kept is not None and kept[:2] == (request, tokens):
            return kept[2]
        numbered = number_sentences(request, material, self._encyclopedia, tokens)
        with self._lock:
            self._numbered[material] = (request, tokens, numbered)
        return numbered

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
