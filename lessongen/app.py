"""The composition root: from settings to a store, a queue, a library, sources and writers. It alone knows adapters.

Everything is made when first asked for, so that a command pays only for what it uses.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Mapping
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from lessongen.system.clock import SystemClock
from lessongen.system.privacy import close_database
from lessongen.system.settings import Settings
from lessongen.writers import WRITERS, Tools

if TYPE_CHECKING:
    from lessongen.check.judges import Judge
    from lessongen.check.judges.exam import Exam
    from lessongen.check.judges.sitting import Standing
    from lessongen.generation.generate import Generator
    from lessongen.generation.library import Library
    from lessongen.generation.source_chain import SourceChain
    from lessongen.jobs import Jobs
    from lessongen.lesson.attempt import ExpectedCost, Spent
    from lessongen.lesson.judgement import Bar
    from lessongen.lesson.material import Writer
    from lessongen.lesson.task import LessonRequest
    from lessongen.queue.batches import Batches
    from lessongen.queue.daemon import Started
    from lessongen.queue.presence import Roster
    from lessongen.queue.provider_batches import ProviderBatches
    from lessongen.queue.worker import Plan
    from lessongen.queue.writer_choice import Writers
    from lessongen.sources import Surroundings
    from lessongen.store import PostgresStore, SqliteStore, Store
    from lessongen.system.clock import Clock
    from lessongen.writers.openai.batch_api import OpenAIBatches
    from lessongen.writers.openai.client import ModelClient, Server
    from lessongen.writers.templates import Templates

# Where no server of one's own is named. Of OpenAI's models that no end is announced for the cheapest that writes: per
# million tokens $0.10 in, $0.01 cached, $0.50 out (genai-prices 0.2.3, checked there on 2026-10-12 against
# https://developers.openai.com/api/docs/pricing), and what https://developers.openai.com/api/docs/deprecations names in
# place of gpt-4.1-mini, which ends on 2027-01-14.
DEFAULT_MODEL = "gpt-6-luna"


class App:
    """What a command works with."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._started: Started | None = None

    # ------------------------------------------------------------ the queue and the library

    @cached_property
    def clock(self) -> Clock:
        """Where the time comes from: this machine, or the server of the database, by which all hosts go."""
        return SystemClock() if isinstance(self.settings.database, Path) else self.server_store.clock()

    @property
    def store(self) -> Store:
        """The database, created and migrated when first used."""
        return self.file_store if isinstance(self.settings.database, Path) else self.server_store

    @cached_property
    def file_store(self) -> SqliteStore:
        """The database where it is a file, for this user alone. Raises `UsageError` where a server has it."""
        from lessongen.store import SqliteStore

        path = self.settings.database
        if not isinstance(path, Path):
            from lessongen.system.errors import UsageError

            raise UsageError(
                f"That is for a database in a file, and {path} is on a PostgreSQL server.",
                hint="Use PostgreSQL's own programs there: pg_dump, pg_amcheck, vacuumdb. "
                "`lessongen db copy` makes a file of it.",
            )
        store = SqliteStore(path)
        close_database(path, home=self.settings.home)
        return store

    @cached_property
    def server_store(self) -> PostgresStore:
        """The database where a PostgreSQL server has it."""
        from lessongen.store import PostgresStore
        from lessongen.system.libraries import require_extra

        address = self.settings.database
        assert not isinstance(address, Path)  # noqa: S101 - a mistake of ours
        require_extra("postgres", ["psycopg"], "A database on a PostgreSQL server")
        return PostgresStore(address)

    def forget_half_copy(self) -> None:
        """Let the database be opened, though it is half a copy: by another copy into it, which begins anew.

        Raises `DatabaseError`, also where a copy into it is going on.
        """
        database = self.settings.database
        if isinstance(database, Path):
            from lessongen.database.sqlite.copying import forget_mark

            forget_mark(database)
            return
        from lessongen.system.libraries import require_extra

        require_extra("postgres", ["psycopg"], "A database on a PostgreSQL server")
        from lessongen.database.postgres.copying import forget_mark as forget_mark_there

        forget_mark_there(database)

    def has_database(self) -> bool:
        """Whether there is, or was, something where the database should be; nothing is made by asking."""
        path = self.settings.database
        if not isinstance(path, Path):
            return True  # where there is none on the server, that is told by opening it
        try:
            path.stat()
        except FileNotFoundError:
            from lessongen.database.sqlite import record

            return record.read(os.path.realpath(path)) is not None  # that it is gone is told
        except NotADirectoryError:
            return False
        except OSError:
            return True  # what is in the way is told by opening it
        return True

    def close(self) -> None:
        """Close the database, if it was opened, and leave a worker that was started to itself."""
        self._let_worker_go()
        for name in ("file_store", "server_store"):
            if name in self.__dict__:
                self.store.close()

    @cached_property
    def jobs(self) -> Jobs:
        """The queue."""
        from lessongen.jobs import Jobs, Policy
        from lessongen.lesson.records import CallLimit

        settings = self.settings
        policy = Policy(
            max_attempts=settings.max_attempts,
            lease_seconds=settings.lease_seconds,
            keep_completed=settings.keep_completed,
            keep_failed=settings.keep_failed,
            running_per_user=settings.running_per_user,
            submitted_per_hour=settings.submitted_per_hour,
            calls=CallLimit(calls_per_minute=settings.calls_per_minute, tokens_per_minute=settings.tokens_per_minute),
        )
        return Jobs(store=self.store, clock=self.clock, policy=policy)

    @cached_property
    def batches(self) -> Batches:
        """The batches of the queue."""
        from lessongen.queue.batches import Batches
        from lessongen.queue.notify import tell

        return Batches(jobs=self.jobs, tell=tell, hold=partial(self.roster.hold, "telling"))

    @cached_property
    def library(self) -> Library:
        """The stored lessons."""
        from lessongen.generation.library import Library

        return Library(self.store.lessons)

    @cached_property
    def roster(self) -> Roster:
        """Which workers are alive."""
        if not isinstance(self.settings.database, Path):
            from lessongen.queue.server_roster import ServerRoster

            return ServerRoster(self.server_store)
        from lessongen.queue.presence import Roster

        return Roster(self.settings.database, portable=self.settings.portable)

    def start_worker(self) -> bool:
        """See to it that a worker takes tasks, and wake those that do; whether one had to be started."""
        if self.roster.has_taker():
            self.roster.wake()
            return False
        from lessongen.queue.daemon import start_if_none

        self._let_worker_go()
        self._started = start_if_none(self.roster, self.settings, os.environ)
        return self._started is not None

    def is_worker_coming(self) -> bool:
        """Whether a worker that this process started is on its way."""
        return self._started is not None and self._started.is_coming

    def require_worker(self) -> None:
        """Wait until the worker that was started last, if one was, is there. Raises `TryLater` if it does not come."""
        if self._started is not None:
            self._started.wait_until_up(self.roster, is_required=True)
            self._let_worker_go()

    def glance_at_worker(self) -> None:
        """Give the worker that was started last a few seconds. Raises `TryLater` if it has ended instead of coming."""
        if self._started is not None:
            sys.stdout.flush()  # what was accepted is told meanwhile
            self._started.wait_until_up(self.roster, is_required=False)
            self._let_worker_go()

    def _let_worker_go(self) -> None:
        if self._started is not None:
            self._started.let_go()
            self._started = None

    def rescue(self) -> None:
        """Take back the tasks of workers that died."""
        if not self.has_database():
            return
        jobs = self.jobs  # a database that can't be used is said before its folder is looked into
        if self.roster.dead():
            from lessongen.queue.daemon import rescue

            rescue(jobs, self.roster)

    # ------------------------------------------------------------ models

    def writer_for(self, name: str) -> str:
        """The writer that a request means: `auto` is `openai` where a key or a server is set, else `extractive`."""
        if name != "auto":
            return name
        return "openai" if self.settings.api_key or self.settings.base_url else "extractive"

    def model_for(self, name: str | None) -> str:
        """The model that a request means; empty where a server of one's own is to choose."""
        return name or self.settings.model or ("" if self.settings.base_url else DEFAULT_MODEL)

    @cached_property
    def writer_choice(self) -> Writers:
        """What writes here."""
        from lessongen.queue.writer_choice import Writers

        return Writers(
            automatic=self.writer_for("auto"),
            languages={name: entry.languages for name, entry in WRITERS.items()},
            model_for=self.model_for,
            templates=lambda: self.templates,
            template=self.settings.template,
        )

    def model_client(self, model: str | None = None) -> ModelClient:
        """A client of the configured server. Raises `ConfigurationError` where none is configured."""
        from lessongen.writers.openai.client import ModelClient

        return ModelClient(self._server(model))

    def _server(self, model: str | None) -> Server:
        from lessongen.system.errors import ConfigurationError
        from lessongen.writers.openai.client import Server

        settings = self.settings
        if not settings.api_key and not settings.base_url:
            raise ConfigurationError(
                "No model server is set.",
                hint="Set OPENAI_API_KEY, or for a server of your own OPENAI_BASE_URL; a worker that runs already "
                "knows neither: `lessongen worker stop` first.",
            )
        return Server(
            base_url=settings.base_url or None,
            api_key=settings.api_key,
            model=self.model_for(model),
            timeout_seconds=settings.read_seconds,
            deadline_seconds=settings.call_seconds,
            temperature=settings.temperature,
        )

    # ------------------------------------------------------------ judges

    def judge_for(self, name: str) -> str:
        """The judge that a name means: `auto` is `model` where a key or a server is set, else `rules`."""
        if name != "auto":
            return name
        settings = self.settings
        has_server = settings.api_key or settings.base_url or settings.judge_api_key or settings.judge_base_url
        return "model" if has_server else "rules"

    def judge(
        self,
        name: str | None = None,
        *,
        exam: Exam,
        writing: str | None = None,
        percents: tuple[int, int] = (0, 100),
    ) -> Judge:
        """The judge of that name, or the configured one; `writing` is the model that judges where none is named.

        Raises `UsageError` for a name that is none, `ConfigurationError` where no server is set that could judge.
        """
        from lessongen.check.judges import JUDGES
        from lessongen.system.errors import UsageError

        chosen = self.judge_for(name or self.settings.judge)
        make = {"model": lambda: self._model_judge(exam, writing, percents), "rules": self._rules_judge}.get(chosen)
        if make is None:
            raise UsageError(
                f"There is no judge “{chosen}”.",
                hint=f"There are {' and '.join(JUDGES)}, and auto, which takes a model if it can.",
            )
        return make()

    @property
    def bar(self) -> Bar:
        """What a judge must reach."""
        from lessongen.lesson.judgement import Bar

        return Bar(caught=self.settings.judge_caught, accepted=self.settings.judge_accepted)

    def judge_standing(self, writing: str | None = None) -> Standing | None:
        """What the model judge of `judge` has reached in today's exam.

        None where a server, not the settings, knows which model it is. Nothing is asked, and no database is made.
        Raises as `judge` does.
        """
        base_url, _ = self._judging_server()
        model = self._judging_model(writing)
        if not model:
            return None
        from lessongen.check.judges.exam import exam_name
        from lessongen.check.judges.sitting import Standing, standing
        from lessongen.writers.openai.judge_prompt import identity

        if not self.has_database():
            return Standing(result=None, has_passed=False)
        return standing(identity(model, base_url), exam_name(), self.store.exams, self.bar)

    def _judging_model(self, writing: str | None) -> str:
        settings = self.settings
        if settings.judge_model:
            return settings.judge_model
        if settings.judge_base_url and settings.judge_base_url != settings.base_url:
            return ""  # another server has other models
        return settings.verify_model or self.model_for(writing)

    def _judges_itself(self, writing: str | None) -> bool:
        """Whether the model that judges is the one that writes, on the same server."""
        is_same_server = self._judging_server()[0] == self.settings.base_url
        return is_same_server and self._judging_model(writing) == self.model_for(writing)

    @staticmethod
    def _rules_judge() -> Judge:
        from lessongen.check.judges.rules import RulesJudge

        return RulesJudge()

    def _judging_server(self) -> tuple[str, str]:
        """The address and the key of the server that judges. Raises `ConfigurationError` where none is set."""
        from lessongen.system.errors import ConfigurationError

        settings = self.settings
        base_url = settings.judge_base_url or settings.base_url
        key = settings.judge_api_key or (settings.api_key if base_url == settings.base_url else "")
        if not key and not base_url:
            raise ConfigurationError(
                "No model server is set that could judge.",
                hint="Set OPENAI_API_KEY, or OPENAI_BASE_URL or judge.base_url for a server of your own.",
            )
        return base_url, key

    def _model_judge(self, exam: Exam, writing: str | None, percents: tuple[int, int]) -> Judge:
        import dataclasses

        from lessongen.writers.openai.client import Server
        from lessongen.writers.openai.judge import Asking, ModelJudge
        from lessongen.writers.openai.prices import price

        settings = self.settings
        base_url, key = self._judging_server()
        server = Server(
            base_url=base_url or None,
            api_key=key,
            model=self._judging_model(writing),
            timeout_seconds=settings.read_seconds,
            deadline_seconds=settings.call_seconds,
        )

        def client(model: str, temperature: float) -> ModelClient:
            return self._judging_client(dataclasses.replace(server, model=model, temperature=temperature))

        asking = Asking(
            model=server.model,
            base_url=server.base_url,
            client=client,
            price=lambda model, tokens_in, tokens_out: price(model, tokens_in, tokens_out, server.base_url),
            goes_by_batch=base_url == settings.base_url and key == settings.api_key,
            percents=percents,
        )
        return ModelJudge(asking, exam)

    @cached_property
    def _judging_client(self) -> Callable[[Server], ModelClient]:
        """The client for a server that judges: one for all lessons.

        So what the server turned out not to take is not tried again, nor its list of models asked for again.
        """
        from lessongen.writers.openai.client import ModelClient

        return cache(ModelClient)

    def batch_provider(self) -> OpenAIBatches:
        """The configured server's Batch API. Raises `ConfigurationError` where none is configured."""
        from lessongen.writers.openai.batch_api import OpenAIBatches

        return OpenAIBatches(self._server(None))

    @cached_property
    def provider_batches(self) -> ProviderBatches:
        """Where calls for a provider's Batch API go out and answers come in."""
        from lessongen.queue.provider_batches import ProviderBatches, ProviderBatchRules

        settings = self.settings
        rules = ProviderBatchRules(
            look_seconds=settings.batch_look_seconds, gather_seconds=settings.batch_gather_seconds
        )
        return ProviderBatches(
            store=self.store.sent_batches,
            clock=self.clock,
            provider=self.batch_provider,
            price=self._batch_price,
            hold=partial(self.roster.hold, "provider_batches"),
            rules=rules,
        )

    def expected_cost(self, request: LessonRequest) -> ExpectedCost | None:
        """What the request's lesson should take, where a model writes it and that can be told. Nothing is asked."""
        if request.writer != "openai":
            return None
        from lessongen.queue.expected_cost import Expecting
        from lessongen.writers.openai.prices import BATCH_PRICE, price

        address = self.settings.base_url or None
        expecting = Expecting(
            usage=self.store.usage,
            source_tokens=self.settings.source_tokens,
            price=lambda model, given, told, cached: price(model, given, told, address, cached_tokens=cached),
            batch_price=BATCH_PRICE,
        )
        return expecting(request)

    def exam_before(self, request: LessonRequest) -> Spent | None:
        """What the exam takes that a judge sits before the request's lesson; None where none is sat, or none is known.

        Nothing is asked.
        """
        if request.writer != "openai" or self.judge_for(request.judge or self.settings.judge) != "model":
            return None
        from lessongen.system.errors import ConfigurationError

        try:
            standing = self.judge_standing(request.model)
        except ConfigurationError:
            return None  # the worker may know a server
        if standing is None or standing.result is not None:
            return None
        from lessongen.check.judges.exam import load_exam
        from lessongen.check.judges.sitting import expected

        exam = load_exam()
        judge = self.judge("model", exam=exam, writing=request.model)
        return expected(judge, exam, is_short=True)

    def _batch_price(self, model: str, input_tokens: int, output_tokens: int) -> float | None:
        from lessongen.writers.openai.prices import BATCH_PRICE, price

        whole = price(model, input_tokens, output_tokens, self.settings.base_url or None)
        return None if whole is None else whole * BATCH_PRICE

    @cached_property
    def templates(self) -> Templates:
        """The prompts of model writers, shipped ones and a person's own."""
        from lessongen.writers.templates import Templates

        return Templates(self.settings.templates_folder)

    # ------------------------------------------------------------ the worker's side

    @cached_property
    def surroundings(self) -> Surroundings:
        """What sources are made from."""
        from lessongen.sources import Surroundings

        return Surroundings(settings=self.settings, clock=self.clock, store=self.store.pages)

    def source_chain(self) -> SourceChain:
        """Which source serves which request: wikis first, of which each request says whether they are to be asked."""
        from lessongen.generation.source_chain import SourceChain
        from lessongen.sources import SOURCES, archive

        return SourceChain(
            sources={name: cache(partial(offer.make, self.surroundings)) for name, offer in SOURCES.items()},
            called={name: offer.called for name, offer in SOURCES.items()},
            archive=archive,
            order=[name for name, offer in SOURCES.items() if offer.asked(self.settings)],
        )

    def writers(self) -> Mapping[str, Callable[[], Writer]]:
        """Each writer by its name, `auto` among them, made when first needed."""
        tools = Tools(
            settings=self.settings,
            model=self.model_for(None),
            client=self.model_client,
            template=self.templates.load,
            encyclopedia=lambda: self.surroundings.encyclopedia,
        )
        made = {name: cache(partial(entry.make, tools)) for name, entry in WRITERS.items()}
        return {**made, "auto": made[self.writer_for("auto")]}

    def generator(self) -> Generator:
        """What a worker runs for each task; the encyclopedia is opened once for all its threads, when first needed."""
        from lessongen.generation.generate import Generator
        from lessongen.generation.judging import PERCENTS, Judging
        from lessongen.lesson.body import body_text

        judging = Judging(
            judge=lambda request, exam: self.judge(request.judge, exam=exam, writing=request.model, percents=PERCENTS),
            results=lambda: self.store.exams,
            is_writer=lambda request: self._judges_itself(request.model),
            bar=self.bar,
            clock=self.clock,
            hold=partial(self.roster.hold, "exam"),
        )
        return Generator(gather=self.source_chain(), writers=self.writers(), body_text=body_text, judging=judging)

    def plan(
        self,
        *,
        concurrency: int | None = None,
        drain: bool = False,
        idle_seconds: float | None = None,
        is_detached: bool,
    ) -> Plan:
        """How a worker of this configuration runs; an idle one stays unless it is detached or told otherwise."""
        from lessongen.queue.worker import Plan

        settings = self.settings
        if idle_seconds is None and is_detached:
            idle_seconds = settings.idle_seconds
        return Plan(
            concurrency=concurrency or settings.concurrency,
            drain=drain,
            idle_seconds=idle_seconds,
            grace_seconds=settings.grace_seconds,
            purge_every=settings.purge_every,
            is_detached=is_detached,
        )

    # ------------------------------------------------------------ words for a person

    def command(self, *words: str) -> str:
        """A command line that a person can copy, for the same database."""
        arguments = ["lessongen", *words]
        if self.settings.origins["database"] == "flag":
            arguments += ["--db", str(self.settings.database)]
        return shlex.join(arguments)
