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
from lessongen.commands.request import STDIN, asked, resolved, standard_input, usual
from lessongen.commands.session import NoStart, Run, Session
from lessongen.commands.wishes import By, JudgedBy, Shape, Turn, timeout_of
from lessongen.lesson.attempt import ExpectedCost
from lessongen.lesson.limits import FEWEST_WORDS, USUAL_MINUTES, USUAL_QUESTIONS
from lessongen.lesson.reached import above_level_of
from lessongen.lesson.task import LessonRequest, Priority, Task
from lessongen.lesson.versions import WHERE_TO_GET_MORE, Version, is_fact_sheet
from lessongen.queue.json_views import accepted, already_stored
from lessongen.system.errors import Interrupted, NotFound
from lessongen.system.terminal import counted, dollars


@dataclass(frozen=True, kw_only=True)
class Pursuit(Group):
    """What is done after it was submitted."""

    wait: Annotated[bool, typer.Option("--wait", help="Follow the task to its end.")] = False
    timeout: Annotated[
        str | None,
        typer.Option(metavar="DURATION", help="With --wait: stop waiting after so long, 90s, 5m."),
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
            timeout_seconds=timeout_of(pursuit.timeout, wait=pursuit.wait),
            urgency=turn.urgency,
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
        list[str], typer.Argument(metavar="TOPIC...", help="What the lesson is about.", autocompletion=completion.topic)
    ],
    shape: Shape,
    source: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH|DIR|URL|-",
            help="Write from this text of yours; the first of several is what the lesson is about.",
        ),
    ] = None,
    article: Annotated[str | None, typer.Option(metavar="TITLE", help="The article's exact title.")] = None,
    focus: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="What to dwell on, in your words; its source must tell."),
    ] = None,
    by: JudgedBy,
    turn: Turn,
    reuse: Annotated[bool, typer.Option("--reuse", help="Give a stored lesson instead, if one is as asked.")] = False,
    pursuit: Pursuit,
    run: Run,
) -> None:
    """Ask for a lesson; it is written in the background.

    A topic may be several words. Each lesson is a new version; nothing is overwritten.
    """
    session = run.session(flags={**shape.flags, **by.flags, **turn.flags})
    request = asked(
        session,
        dataclasses.replace(
            usual(session, shape, by),
            subject=subject,
            topic=" ".join(topic),
            sources=tuple(source or ()),
            article=article,
            focus=focus,
        ),
    )
    going = Going.of(turn, pursuit)
    if reuse and (stored := _reusable(session, request, by.template)) is not None:
        _give_stored(session, stored)
        return
    request = _ready(session, request, by, start=going.start)
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


def _ready(session: Session, request: LessonRequest, by: By, *, start: bool) -> LessonRequest:
    """The request as a worker takes it: with the writer that is meant, and with the text on standard input."""
    request = resolved(session, request, by, starts_worker=start)
    if STDIN not in request.sources:
        return request
    kept = standard_input(session, getattr(sys.stdin, "buffer", None))
    return dataclasses.replace(
        request, sources=tuple(dict.fromkeys(kept if each == STDIN else each for each in request.sources))
    )


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


def _reusable(session: Session, request: LessonRequest, template: str | None) -> Version | None:
    """A stored version that is what was asked for; says so where there are only others."""
    if request.sources:
        session.output.note("A stored lesson does not tell whether its files were these: a new version is written.")
        return None
    agreeing = session.app.library.agreeing(request)
    if agreeing is not None and template in (None, _template_of(agreeing)):
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
