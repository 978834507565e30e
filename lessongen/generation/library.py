"""The library: find stored lessons and their versions by name, show, rename and delete them.

What can be asked of a lesson itself is in `edition` (what a student may see), `difference` (two versions compared) and
`claims` (what each sentence stands on).
"""

from __future__ import annotations

import dataclasses
import json
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from lessongen.lesson.parts import Part, parts_of, question_numbers_in
from lessongen.lesson.reading import content_of_json, lesson_of_json
from lessongen.lesson.records import Expected, NewVersion
from lessongen.lesson.soundness import sound_part
from lessongen.lesson.task import LessonRequest
from lessongen.lesson.versions import (
    Approval,
    LessonName,
    Lock,
    StoredLesson,
    Version,
    comparable,
    version_number,
    version_text,
)
from lessongen.lesson.who_judged import who_judged
from lessongen.system.clock import to_text
from lessongen.system.errors import DataError, NotFound, UsageError
from lessongen.system.names import require_name

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson
    from lessongen.store import Lessons

_LISTED = 10_000
_NEAR = 0.7
_NEAR_SHOWN = 3
_CHOICES_SHOWN = 10
_WORDS_SEARCHED = 20
_LONGEST_SHOWN = 60
_EDITIONS = ("language", "level", "variant")
_DEFAULTS = LessonName(subject="", topic="")


@dataclass(frozen=True)
class Library:
    """The stored lessons of one database."""

    store: Lessons

    # ------------------------------------------------------------ lessons

    def find(
        self,
        subject: str,
        topic: str,
        *,
        language: str | None = None,
        level: str | None = None,
        variant: str | None = None,
    ) -> StoredLesson:
        """The one lesson that is meant; what is not given is the only one there is, or else the default.

        Raises `NotFound`, with what comes near, and `UsageError` where several are meant, with the options to choose.
        """
        given = {"language": language, "level": level, "variant": variant}
        wanted = {part: value for part, value in given.items() if value is not None}
        stored = self._alike(subject, topic)
        meant = [each for each in stored if all(_part(each, part) == comparable(wanted[part]) for part in wanted)]
        if not meant:
            raise self._not_found(LessonName(subject=subject, topic=topic), wanted, stored)
        return meant[0] if len(meant) == 1 else _default_of(meant, wanted)

    def all(self, limit: int = _LISTED) -> Sequence[StoredLesson]:
        """Stored lessons by name."""
        return self.store.all(limit)

    def search(self, words: str, limit: int = 50) -> Sequence[tuple[StoredLesson, str]]:
        """Lessons whose newest version holds all the words, best first, each with a snippet; the first 20 count."""
        searchable = "".join(character if character.isprintable() else " " for character in words)
        return self.store.search(" ".join(searchable.split()[:_WORDS_SEARCHED]), limit)

    def subjects(self) -> Sequence[str]:
        """The subjects that there are lessons in."""
        return self.store.subjects()

    def topics(self, subject: str) -> list[str]:
        """The topics that there are lessons on in a subject, each once."""
        wanted = comparable(subject)
        topics = (each.name.topic for each in self.all() if comparable(each.name.subject) == wanted)
        return list({comparable(topic): topic for topic in topics}.values())

    def delete(self, lesson: StoredLesson) -> None:
        """Delete a lesson with all its versions. Raises `NotFound` if another process has done so."""
        if not self.store.delete(lesson.id):
            raise _gone(lesson)

    def rename(self, lesson: StoredLesson, name: LessonName) -> StoredLesson:
        """Give a lesson another name. Raises `UsageError` if another lesson has it."""
        if not self.store.rename(lesson.id, name):
            raise UsageError(
                f"There is a lesson {_titled(name)} already.",
                hint=f"Choose another name, or delete that one first: {_command('lessons delete', name)}",
            )
        return dataclasses.replace(lesson, name=name)

    # ------------------------------------------------------------ versions

    def version(self, lesson: StoredLesson, text: str | None = None) -> Version:
        """A version with its content, the latest if none is named. Raises `NotFound`, naming those there are."""
        number = lesson.newest if text is None else version_number(text)
        version = None if number is None else self.store.version(lesson.id, number)
        if version is not None:
            return self._reviewed(version)
        if text is None:
            raise _gone(lesson)
        oldest = version_text(lesson.first)
        there_are = f"only {oldest}" if lesson.versions == 1 else f"{oldest} to {lesson.latest}"
        raise NotFound(
            f"The lesson {_titled(lesson.name)} has no version {_shortened(text)}; there is {there_are}.",
            hint=f"{_command('history', lesson.name)} lists them.",
        )

    def version_of_task(self, task_id: str) -> Version | None:
        """The version that a task made, with its content; it outlives the task."""
        version = self.store.version_of_task(task_id)
        return None if version is None else self._reviewed(version)

    def agreeing(self, request: LessonRequest) -> Version | None:
        """The newest version that is what the request asks for, where it asks for anything in particular."""
        lesson = self.store.find(request.lesson)
        for number in reversed(lesson.numbers if lesson else ()):
            version = self.store.version(lesson.id, number) if lesson else None
            if version is not None and _agrees(json.loads(version.content), request):
                return version
        return None

    def history(self, lesson: StoredLesson) -> Sequence[Version]:
        """All versions, oldest first, without their content."""
        approvals = self.store.approvals(lesson.id)
        versions = self.store.versions(lesson.id)
        return [dataclasses.replace(each, approvals=tuple(approvals.get(each.number, ()))) for each in versions]

    def _reviewed(self, version: Version) -> Version:
        """The version with who has approved it."""
        approvals = self.store.approvals(version.lesson.id).get(version.number, ())
        return dataclasses.replace(version, approvals=tuple(approvals))

    def texts(self, version: Version) -> dict[str, str]:
        """The source texts that a version stands on, by SHA-256."""
        return self.store.texts(version.lesson.id, version.number)

    def image(self, version: Version, lesson: Lesson) -> str:
        """The file, in base64, of the picture of a version's lesson; empty where it has none."""
        return self.texts(version).get(lesson.image.data_sha256, "") if lesson.image else ""

    # ------------------------------------------------------------ what people decide

    def locked(self, version: Version) -> list[Part]:
        """The parts of a lesson's newest version that later versions keep, in its order."""
        keys = {lock.part for lock in self.store.locks(version.lesson.id)}
        return [part for part in parts_of(lesson_of(version)) if part.key in keys]

    def lock(self, lesson: StoredLesson, parts: Iterable[Part], *, user: str, now: datetime) -> None:
        """Have later generations keep these parts of the newest version."""
        self.store.lock(lesson.id, [Lock(part=part.key, user=user, created_at=now) for part in parts])

    def unlock(self, lesson: StoredLesson, parts: Iterable[str] | None = None) -> None:
        """Have later generations keep the parts of these keys, or any part, no longer."""
        keys = [lock.part for lock in self.store.locks(lesson.id)] if parts is None else list(parts)
        self.store.unlock(lesson.id, keys)

    def revert(self, version: Version, now: datetime) -> Version | None:
        """Store the content of an older version as the newest one; None where the newest has that content already.

        Raises `NotFound` if the lesson is gone, `Superseded` if it has changed meanwhile.
        """
        newest = self.version(version.lesson)
        if newest.content == version.content:
            return None
        return self.change(newest, version.content, self.texts(version), f"reverted to {version.text}", now)

    def change(self, newest: Version, content: str, texts: Mapping[str, str], reason: str, now: datetime) -> Version:
        """Store a content that a person has decided on after that newest version; locks on what it lacks go.

        Raises `Superseded` if there is a newer one.
        """
        from lessongen.lesson.body import body_text

        lesson = lesson_of(dataclasses.replace(newest, content=content))
        locks = frozenset(lock.part for lock in self.store.locks(newest.lesson.id))
        new = NewVersion(
            name=newest.lesson.name,
            content=content,
            body=body_text(lesson),
            texts=texts,
            writer=lesson.provenance.writer,
            model=lesson.provenance.model or "",
            reason=reason,
            expects=Expected(locks=locks, next_number=newest.lesson.newest + 1),
            unlocks=locks - {part.key for part in parts_of(lesson)},
        )
        return self.store.add(new, now)

    def approve(self, version: Version, approval: Approval) -> Version:
        """Record that someone approves a version, in place of what the same reviewer said of it before."""
        self.store.approve(version.lesson.id, version.number, approval)
        return self._reviewed(version)

    def withdraw(self, version: Version, reviewer: str | None) -> int:
        """Take back a reviewer's approval of a version, or everybody's; how many there were."""
        return self.store.withdraw(version.lesson.id, version.number, reviewer)

    def approved(self) -> Mapping[int, Sequence[str]]:
        """Who has approved the newest version, by the id of each lesson of which someone has."""
        return self.store.approved()

    # ------------------------------------------------------------ what is near

    def _alike(self, subject: str, topic: str) -> list[StoredLesson]:
        key = "\x1f".join((comparable(subject), comparable(topic)))
        # A name that is not valid UTF-8 can't have been stored, and the database can't be asked for it.
        return self.store.alike(key) if _is_utf8(key) else []

    def _not_found(self, name: LessonName, wanted: dict[str, str], stored: Sequence[StoredLesson]) -> NotFound:
        if stored:
            asked = " ".join(f"--{part} {shlex.quote(_shortened(value))}" for part, value in wanted.items())
            return NotFound(
                f"There is no lesson {_titled(name)} with {asked}.", hint="There is: " + _choices(stored, _EDITIONS)
            )
        near = [_titled(lesson.name) for lesson in self._near(name)]
        did_you_mean = f"Did you mean {' or '.join(near)}? " if near else ""
        create = _command("create", name) if _can_be_stored(name) else "lessongen create SUBJECT TOPIC"
        return NotFound(f"There is no lesson {_titled(name)}.", hint=f"{did_you_mean}To write it: {create}")

    def _near(self, name: LessonName) -> list[StoredLesson]:
        wanted = LessonName(subject=comparable(name.subject), topic=comparable(name.topic))
        scored = [(_likeness(wanted, lesson.name), lesson) for lesson in self.all()]
        scored.sort(key=lambda pair: -pair[0])
        distinct = {(each.name.subject, each.name.topic): each for score, each in scored if score >= _NEAR}
        return list(distinct.values())[:_NEAR_SHOWN]


def shown(version: Version, audience: Audience = "teacher") -> dict[str, Any]:
    """What `show --json` prints: the lesson's name, its metadata and the content; to a student, without the answers.

    The name is that which the lesson has now, in the content as well, whatever it was called when it was written.
    `timestamp` is `date_created`, when the lesson's first version was stored, in seconds since 1970; `last_updated`
    is when this version was. A student's `approvals` are without notes and marks. `judged` says in words who judged a
    teacher's, and how good that judge is; it is null where no sentence is in a writer's own words.
    """
    name = dataclasses.asdict(version.lesson.name)
    # A teacher's is printed without loading the models, so that `status` and `show` of it start at once.
    content = {**_content(version), **name}
    metadata = {
        "timestamp": version.lesson.created_at.timestamp(),
        "date_created": to_text(version.lesson.created_at),
        "version": version.text,
        "last_updated": to_text(version.created_at),
        "approvals": [approval_shown(content, each) for each in version.approvals],
    }
    if audience == "teacher":
        metadata["judged"] = who_judged(content["provenance"]) or None
    if audience == "student":
        from lessongen.lesson.edition import student_about, student_view

        metadata, content = student_about(metadata), student_view(lesson_shown(version))
    return {**name, "metadata": metadata, "content": content}


def approval_shown(stored: Mapping[str, Any], approval: Approval) -> dict[str, Any]:
    """An approval as JSON, of a lesson as it is stored; its marks name questions as readers do: "q3"."""
    numbers = question_numbers_in(stored)
    return {
        "reviewer": approval.reviewer,
        "note": approval.note,
        "approved_at": to_text(approval.created_at),
        "marks": [
            {"question": f"q{numbers[each.question]}", "verdict": each.verdict, "note": each.note}
            for each in approval.marks
            if each.question in numbers
        ],
    }


def lesson_shown(version: Version) -> Lesson:
    """The version's content under the name that the lesson has now, for readers. Raises `DataError`.

    What of it can't be shown is not in it: `shown_in_part` says what that is.
    """
    return shown_in_part(version)[0]


def shown_in_part(version: Version) -> tuple[Lesson, tuple[str, ...]]:
    """The same, and in plain sentences what is left out because it can't be read or refers to nothing."""
    with _as_data_error(version):
        lesson, lost = sound_part(version.content)
    return lesson.model_copy(update=dataclasses.asdict(version.lesson.name)), lost


def lesson_of(version: Version) -> Lesson:
    """The version's content as a lesson, as it was written.

    Raises `DataError` if it is not of the schema that this program knows.
    """
    with _as_data_error(version):
        return lesson_of_json(version.content)


@contextmanager
def _as_data_error(version: Version) -> Iterator[None]:
    from pydantic import ValidationError

    try:
        yield
    except ValidationError as error:
        raise DataError(
            f"Version {version.text} of {_titled(version.lesson.name)} is not a lesson that this program can read.",
            hint="Was it stored by a newer lessongen? `lessongen check` says what is wrong with it.",
        ) from error


def _content(version: Version) -> dict[str, Any]:
    """The version's content as JSON of today's schema; as it is stored where it can't be read so."""
    try:
        return content_of_json(version.content)
    except (KeyError, TypeError, AttributeError):
        return dict(json.loads(version.content))


def _agrees(stored: Mapping[str, Any], request: LessonRequest) -> bool:
    """Whether a lesson as it is stored has what the request asks for; what it leaves open agrees with everything.

    It is read off the JSON: `create` asks this, and has to start without loading the models.
    """
    made = stored["provenance"]
    pairs = (
        (request.article, stored["sources"][0]["title"]),
        (request.focus, made.get("focus")),
        (request.minutes, stored["minutes"]),
        (request.questions, len(stored["questions"])),
        (request.seed, made["seed"]),
        (None if request.writer == "auto" else request.writer, made["writer"]),
        (request.model, made.get("model")),
        (None if request.images else False, stored.get("image") is not None),
    )
    return all(asked is None or comparable(str(asked)) == comparable(str(has)) for asked, has in pairs)


def _default_of(meant: Sequence[StoredLesson], wanted: dict[str, str]) -> StoredLesson:
    """The one whose parts that were not asked for are the defaults."""
    open_parts = [part for part in _EDITIONS if part not in wanted]
    for lesson in meant:
        if all(_part(lesson, part) == getattr(_DEFAULTS, part) for part in open_parts):
            return lesson
    raise UsageError(
        f"There are {len(meant)} lessons {_titled(meant[0].name)}; say which one.",
        hint="Add " + _choices(meant, [part for part in open_parts if _differs(meant, part)]),
    )


def _choices(lessons: Sequence[StoredLesson], parts: Iterable[str]) -> str:
    """The options that tell the lessons apart."""
    parts = list(parts)
    choices = [" ".join(f"--{part} {shlex.quote(getattr(each.name, part))}" for part in parts) for each in lessons]
    more = len(choices) - _CHOICES_SHOWN
    return ", or ".join(choices[:_CHOICES_SHOWN]) + (f", or {more} more" if more > 0 else "")


def _differs(lessons: Sequence[StoredLesson], part: str) -> bool:
    return len({_part(lesson, part) for lesson in lessons}) > 1


def _part(lesson: StoredLesson, part: str) -> str:
    return comparable(getattr(lesson.name, part))


def _likeness(wanted: LessonName, name: LessonName) -> float:
    """0-1: how alike the names are, subject and topic together or the topic alone; 0 where clearly below `_NEAR`."""
    topic = comparable(name.topic)
    both = f"{comparable(name.subject)} {topic}"
    return max(_ratio(wanted.topic, topic), _ratio(f"{wanted.subject} {wanted.topic}", both))


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < _NEAR or matcher.quick_ratio() < _NEAR:
        return 0.0
    return matcher.ratio()


def _gone(lesson: StoredLesson) -> NotFound:
    return NotFound(
        f"The lesson {_titled(lesson.name)} is gone: another process has deleted it.",
        hint=f"To write it again: {_command('create', lesson.name)}",
    )


def _titled(name: LessonName) -> str:
    return f"{_shortened(name.subject)} / {_shortened(name.topic)}"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def _command(verb: str, name: LessonName) -> str:
    """The command line that does it to the lesson, safe to paste into a shell."""
    words = ["lessongen", *verb.split()]
    for part, value in name.qualifiers.items():
        words += [f"--{part}", value]
    if name.subject.startswith("-") or name.topic.startswith("-"):
        words.append("--")
    return shlex.join([*words, name.subject, name.topic])


def _can_be_stored(name: LessonName) -> bool:
    try:
        require_name("subject", name.subject)
        require_name("topic", name.topic)
    except UsageError:
        return False
    return True


def _is_utf8(text: str) -> bool:
    return not any(0xD800 <= ord(character) <= 0xDFFF for character in text)
