"""`create`: submit a request, see to it that a worker takes it, and follow it if asked."""

from __future__ import annotations

import dataclasses
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from lessongen.commands import completion
from lessongen.commands.groups import Group
from lessongen.commands.naming import lesson_command
from lessongen.commands.request import STDIN, Wishes, asked, resolved, standard_input
from lessongen.commands.session import NoStart, Run, Session, whole_number
from lessongen.lesson.attempt import ExpectedCost
from lessongen.lesson.limits import FEWEST_WORDS, MINUTES, USUAL_MINUTES, USUAL_QUESTIONS
from lessongen.lesson.reached import above_level_of
from lessongen.lesson.task import LessonRequest, Priority, Task
from lessongen.lesson.versions import WHERE_TO_GET_MORE, Version, is_fact_sheet
from lessongen.queue.json_views import accepted, already_stored
from lessongen.system.errors import Interrupted, NotFound, UsageError
from lessongen.system.terminal import counted, dollars, quoted
from lessongen.system.values import seconds

_MINUTES, _QUESTIONS, _SEED = whole_number(*MINUTES), whole_number(*USUAL_QUESTIONS), whole_number(0, 2**63 - 1)
_PRIORITIES = [each.word for each in Priority]


@dataclass(frozen=True, kw_only=True)
class Turn(Group):
    """Whose task it is, and when its turn comes."""

    user: Annotated[str | None, typer.Option(metavar="NAME", help="Whose task it is.", show_default=False)] = None
    priority: Annotated[str, typer.Option(metavar="low|normal|high", help="Which task goes first.")] = "normal"


@dataclass(frozen=True, kw_only=True)
class By(Group):
    """What writes it, within which bounds."""

    writer: Annotated[
        str | None, typer.Option(metavar="auto|extractive|openai", help="What writes it.", show_default=False)
    ] = None
    model: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Which of the server's models writes it.", show_default=False),
    ] = None
    template: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Whose prompts a model gets.",
            show_default=False,
            autocompletion=completion.templates,
        ),
    ] = None
    judge: Annotated[
        str | None,
        typer.Option(metavar="auto|model|rules", help="What judges a model's sentences.", show_default=False),
    ] = None
    max_cost: Annotated[
        str | None,
        typer.Option(metavar="USD", help="Stop before it costs more dollars than this.", show_default=False),
    ] = None
    seed: Annotated[
        int | None, typer.Option(metavar="N", parser=_SEED, help="Repeats the same choices.", show_default=False)
    ] = None

    @property
    def flags(self) -> dict[str, str | None]:
        """The settings that are meant."""
        return {
            "writer": self.writer,
            "judge.name": self.judge,
            "openai.max_cost": self.max_cost,
            "openai.template": self.template,
        }


@dataclass(frozen=True, kw_only=True)
class Pursuit(Group):
    """What is done after it was submitted."""

    wait: Annotated[bool, typer.Option("--wait", help="Follow the task to its end.")] = False
    timeout: Annotated[
        str | None,
        typer.Option(metavar="DURATION", help="With --wait: stop waiting after so long, 90s, 5m.", show_default=False),
    ] = None
    defer: Annotated[bool, typer.Option("--defer", help="Over a limit: take it for later.")] = False
    no_start: NoStart = False


@dataclass(frozen=True, kw_only=True)
class Going:
    """How a request goes into the queue, and whether to follow it."""

    urgency: Priority
    defer: bool
    wait: bool
    timeout_seconds: float | None
    start: bool

    @classmethod
    def of(cls, turn: Turn, pursuit: Pursuit) -> Going:
        """As the options say. Raises `UsageError`."""
        return cls(
            timeout_seconds=_seconds_of(pursuit.timeout, wait=pursuit.wait),
            urgency=_urgency_of(turn.priority),
            defer=pursuit.defer,
            wait=pursuit.wait,
            start=not pursuit.no_start,
        )


def create(
    *,
    subject: Annotated[
        str, typer.Argument(metavar="SUBJECT", help="english, biology, …", autocompletion=completion.subject)
    ],
    topic: Annotated[
        list[str],
        typer.Argument(
            metavar="TOPIC...",
            help="What the lesson is about.",
            autocompletion=completion.topic,
            show_default=False,
        ),
    ],
    language: Annotated[str | None, typer.Option(metavar="LANG", help="As a code: en.", show_default=False)] = None,
    level: Annotated[
        str | None,
        typer.Option(metavar="LEVEL", help="For whom: grade-1 … grade-12, A1 … C2, general.", show_default=False),
    ] = None,
    variant: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="core, support (shorter, more help), extend (more, open questions), or a name of your own.",
            show_default=False,
        ),
    ] = None,
    minutes: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            parser=_MINUTES,
            help=f"How long, {MINUTES}; a short lesson has fewer parts.",
            show_default=False,
        ),
    ] = None,
    questions: Annotated[
        int | None,
        typer.Option(
            metavar="N", parser=_QUESTIONS, help=f"How many questions, {USUAL_QUESTIONS}.", show_default=False
        ),
    ] = None,
    turn: Turn,
    wikipedia: Annotated[
        bool | None,
        typer.Option("--wikipedia/--no-wikipedia", help="Ask Wikipedia where it can be reached.", show_default=False),
    ] = None,
    images: Annotated[
        bool | None,
        typer.Option("--images/--no-images", help="Take the article's lead image, if free.", show_default=False),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH|DIR|URL|-",
            help="Write from this text of yours; the first of several is what the lesson is about.",
            show_default=False,
        ),
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask nothing on the network for text: kept pages and archives alone.")
    ] = False,
    article: Annotated[
        str | None, typer.Option(metavar="TITLE", help="The article's exact title.", show_default=False)
    ] = None,
    focus: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="What to dwell on, in your words; its source must tell.", show_default=False),
    ] = None,
    by: By,
    reuse: Annotated[bool, typer.Option("--reuse", help="Give a stored lesson instead, if one is as asked.")] = False,
    pursuit: Pursuit,
    run: Run,
) -> None:
    """Ask for a lesson; it is written in the background.

    A topic may be several words. Each lesson is a new version; nothing is overwritten.
    """
    flags = {
        "defaults.language": language,
        "defaults.level": level,
        "defaults.variant": variant,
        "user": turn.user,
        **by.flags,
        "sources.wikipedia": None if wikipedia is None else "yes" if wikipedia else "no",
        "sources.images": None if images is None else "yes" if images else "no",
        "sources.offline": "yes" if offline else None,
    }
    session = run.session(flags=flags)
    wishes = Wishes(
        subject=subject,
        topic=" ".join(topic),
        minutes=minutes,
        questions=questions,
        article=article,
        focus=focus,
        seed=by.seed,
        sources=source or (),
        model=by.model,
        template=by.template,
    )
    request = asked(session, wishes)
    going = Going.of(turn, pursuit)
    if reuse and (stored := _reusable(session, request, wishes)) is not None:
        _give_stored(session, stored)
        return
    request = _ready(session, request, wishes, start=going.start)
    message = f"Lesson generation started for {request.subject}/{request.topic}"
    submit(session, request, going, message=message, then="show")


def submit(session: Session, request: LessonRequest, going: Going, *, message: str, then: str) -> None:
    """Put a request into the queue, see to it that a worker takes it, and follow it if asked.

    `message` says what was accepted, `then` is the command that shows what came of it.
    """
    jobs, user = session.app.jobs, session.app.settings.user
    task = jobs.submit([request], user=user, priority=going.urgency, writer=request.writer, defer=going.defer)[0]
    try:
        _set_going(session, task, message, start=going.start, wait=going.wait)
        if going.wait:
            session.app.require_worker()
            _follow(session, task, going.timeout_seconds, start=going.start, then=then)
        else:
            session.app.glance_at_worker()
    except KeyboardInterrupt as error:
        raise Interrupted("The task goes on without you.", hint=f"Follow it: {_next(session, task)}") from error


def _ready(session: Session, request: LessonRequest, wishes: Wishes, *, start: bool) -> LessonRequest:
    """The request as a worker takes it: with the writer that is meant, and with the text on standard input."""
    request = resolved(session, request, wishes, starts_worker=start)
    if STDIN not in request.sources:
        return request
    kept = standard_input(session, getattr(sys.stdin, "buffer", None))
    return dataclasses.replace(
        request, sources=tuple(dict.fromkeys(kept if each == STDIN else each for each in request.sources))
    )


def _urgency_of(word: str) -> Priority:
    """The priority of that name."""
    if word not in _PRIORITIES:
        raise UsageError(f"There is no priority {quoted(word)}.", hint=f"Give one of {', '.join(_PRIORITIES)}.")
    return Priority[word.upper()]


def _seconds_of(text: str | None, *, wait: bool) -> float | None:
    """How long to wait, where --timeout says so."""
    if text is not None and not wait:
        raise UsageError("--timeout says how long to wait, and nothing is waited for.", hint="Add --wait.")
    try:
        return None if text is None else seconds(text)
    except ValueError as error:
        raise UsageError(f"--timeout can't be {quoted(text or '')}.", hint=f"Give {error}.") from error


def _set_going(session: Session, task: Task, message: str, *, start: bool, wait: bool) -> None:
    """Wake or start a worker; say what was accepted, unless the task is followed and its end is the answer."""
    app, output = session.app, session.output
    if start:
        app.start_worker()
    else:
        app.roster.wake()
    expects = app.expected_cost(task.request)
    answer = accepted(
        task,
        message,
        _next(session, task),
        expects=expects,
        exam=app.exam_before(task.request) if output.as_json else None,
    )
    if output.as_json:
        if not wait:
            output.json(answer)
        return
    tell = output.note if wait else output.line
    tell(f"Task {task.task_id}  {task.status.words}, about {answer['estimated_completion_time']}")
    tell(f"  {_decided_words(task.request)}")
    if task.request.sources:
        tell(f"  {_least_words(task.request)}")
    if task.request.writer == "openai":
        tell(f"  {_expected_words(expects)}")
        from lessongen.commands.expected_judge import who_will_judge

        tell("  " + ". ".join(filter(None, who_will_judge(app, task.request))))
        _warn_of_budget(session, task.request, expects)
    if not wait:
        tell(f"  Follow it: {answer['next']}")
    if not wait and not start and not app.roster.has_taker():
        from lessongen.commands.follow import no_worker

        output.note(no_worker(app))


def _decided_words(request: LessonRequest) -> str:
    """What the lesson will be like where nothing was asked for as well: for whom, how long, how many questions."""
    is_by_model = request.writer == "openai"
    usual = f"about {USUAL_MINUTES} minutes" if is_by_model else "as many minutes as its text needs"
    minutes = f"{request.minutes} minutes" if request.minutes else usual
    questions = counted(request.questions, "question") if request.questions else f"{USUAL_QUESTIONS} questions"
    writer = f"{request.writer} writer" + (f" with {request.model}" if request.model else "")
    return f"Level {request.level}, {minutes}, {questions}; {writer}"


def _least_words(request: LessonRequest) -> str:
    """How much text a lesson takes; where a file that was given has less, that it has."""
    from lessongen.sources.file.at_hand import too_little

    short = [told for each in request.sources if "://" not in each and (told := too_little(Path(each)))]
    if short and len(short) == len(request.sources):
        return f"Note: {short[0]} Give a longer text, or further ones with it."
    return f"A lesson takes at least {FEWEST_WORDS} words in whole sentences on its topic."


def _expected_words(expects: ExpectedCost | None) -> str:
    if expects is None:
        return "what it costs is known when the first lesson by that model is stored"
    if expects.source == "last lessons":
        return f"about {expects.spent.words} by the last lessons"
    cached = expects.cost_if_cached
    less = f", {dollars(cached)} where its server caches what was read" if cached is not None else ""
    return f"{dollars(expects.spent.cost)} or less by the price list{less}; a guess until its first lesson"


def _warn_of_budget(session: Session, request: LessonRequest, expects: ExpectedCost | None) -> None:
    if request.max_cost is not None and expects is not None and expects.spent.cost > request.max_cost:
        session.output.note(
            f"It may cost {dollars(request.max_cost)}, less than what is expected: it may stop before it is done."
        )


def _next(session: Session, task: Task) -> str:
    return session.app.command("status", task.task_id, "--watch")


def _follow(session: Session, task: Task, timeout_seconds: float | None, *, start: bool, then: str) -> None:
    from lessongen.commands.follow import Follower, outcome

    app, output = session.app, session.output
    ended = Follower(app=app, output=output, keeps_worker=start).follow(task, timeout_seconds=timeout_seconds)
    failure = outcome(ended) if ended is not None else None
    if failure is not None:
        raise failure
    version = app.library.version_of_task(task.task_id)
    if version is None:
        raise NotFound("The task and its lesson are gone.", hint="Another process has deleted them.")
    _say_where(session, version, ended, then)


def _say_where(session: Session, version: Version, task: Task | None, then: str) -> None:
    """The end of a followed task: its state with the lesson, or in words where the lesson is."""
    from lessongen.commands.status import state_of_stored, state_with_lesson

    if session.output.as_json:
        session.output.json(state_with_lesson(session.app, task) if task else state_of_stored(version))
        return
    name = version.lesson.name
    about = f", about the article “{task.article}”," if task and task.article else ""
    is_sheet = is_fact_sheet(version.content)
    session.output.line(
        f"{'Fact sheet' if is_sheet else 'Lesson'} {name.titled}, version {version.text}{about} is ready."
    )
    if is_sheet:
        session.output.line(f"  The source has too little on the topic for a lesson. {WHERE_TO_GET_MORE}")
    harder = above_level_of(version.content)
    if harder:
        session.output.line(f"  Note: it {harder}. A simpler source helps: a text of your own, or the network.")
    told = {"show": "Show it", "diff": "What changed"}[then]
    session.output.line(f"  {told}: {lesson_command(session, then, name)}")


def _reusable(session: Session, request: LessonRequest, wishes: Wishes) -> Version | None:
    """A stored version that is what was asked for; says so where there are only others."""
    if request.sources:
        session.output.note("A stored lesson does not tell whether its files were these: a new version is written.")
        return None
    agreeing = session.app.library.agreeing(request)
    if agreeing is not None and wishes.template in (None, _template_of(agreeing)):
        return agreeing
    if session.app.store.lessons.find(request.lesson) is not None:
        session.output.note("The stored lesson differs from what you ask for: a new version is written.")
    return None


def _template_of(version: Version) -> str:
    """The template that a version was written with: provenance names it "name@0123456789ab"."""
    template = json.loads(version.content)["provenance"].get("template") or ""
    return str(template).partition("@")[0]


def _give_stored(session: Session, version: Version) -> None:
    """Answer with a lesson that is there already, in the shape of an accepted task that is done."""
    name = version.lesson.name
    following = lesson_command(session, "show", name)
    message = f"Version {version.text} is stored already"
    if session.output.as_json:
        session.output.json(already_stored(version, message, following))
        return
    session.output.line(f"{message}: {name.titled}")
    session.output.line(f"  Show it: {following}")
