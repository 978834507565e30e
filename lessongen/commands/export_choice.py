"""Which lessons `export` is asked for, told by name and number alone: their content is read when its turn comes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lessongen.commands.naming import named_version
from lessongen.commands.session import Edition, Session
from lessongen.exporters import named_in_files
from lessongen.lesson.task import Status
from lessongen.lesson.versions import StoredLesson, comparable
from lessongen.system.errors import NotFound
from lessongen.system.filenames import file_stem

if TYPE_CHECKING:
    from lessongen.lesson.versions import Version

_ALL = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A lesson to be exported, in one of its versions or the newest.

    `number` is above 1 where files of an older lesson would be called alike: it goes into the names.
    """

    lesson: StoredLesson
    version: str | None = None
    number: int = 1


def chosen_lessons(
    session: Session,
    words: Sequence[str] | None,
    *,
    batch: str | None,
    version: str | None,
    edition: Edition,
) -> list[Chosen]:
    """The lessons that are meant, in the order of their names or of their tasks. Raises `NotFound`, `UsageError`."""
    library = session.app.library
    stored = library.all(_ALL)
    numbers = _numbers(stored)
    if batch is not None:
        found = [Chosen(lesson=each.lesson, version=each.text) for each in _of_batch(session, batch)]
    elif words and not (len(words) == 1 and is_subject(session, words[0])):
        one = named_version(session, edition.of(words), version)
        found = [Chosen(lesson=one.lesson, version=one.text)]
    else:
        wanted = {part: comparable(value) for part, value in vars(edition).items() if value is not None}
        wanted |= {"subject": comparable(words[0])} if words else {}
        found = [
            Chosen(lesson=each)
            for each in stored
            if all(comparable(getattr(each.name, part)) == value for part, value in wanted.items())
        ]
    if not found:
        raise NotFound("There is no such lesson to export.", hint="`lessongen lessons` lists those there are.")
    return [Chosen(lesson=each.lesson, version=each.version, number=numbers.get(each.lesson.id, 1)) for each in found]


@dataclass(frozen=True, kw_only=True)
class Together:
    """What lessons are called as one: `title` in the file, `names` in the file's name."""

    title: str
    names: tuple[str, ...]


def called_together(
    session: Session,
    lessons: Sequence[Chosen],
    words: Sequence[str] | None,
    *,
    batch: str | None,
    edition: Edition,
) -> Together:
    """What lessons are called that were asked for so: as their subject or batch, or as the one lesson meant."""
    narrowed = tuple(value for value in vars(edition).values() if value is not None)
    if batch is not None:
        found = session.app.batches.find(batch)
        return Together(title=found.name or f"Batch {found.batch_id}", names=("batch", found.batch_id))
    if not words:
        return Together(title="Lessons", names=("lessons", *narrowed))
    name = lessons[0].lesson.name
    if len(words) == 1 and is_subject(session, words[0]):
        return Together(title=name.subject, names=(name.subject, *narrowed))
    return Together(title=name.titled, names=tuple(named_in_files(name)))


def is_subject(session: Session, word: str) -> bool:
    """Whether there are lessons in a subject of that name."""
    return comparable(word) in {comparable(subject) for subject in session.app.library.subjects()}


def _of_batch(session: Session, text: str) -> Iterator[Version]:
    found = session.app.batches.find(text)
    made = session.app.store.batches.task_ids(found.batch_id, (Status.COMPLETED,))
    if not made:
        raise NotFound(
            "This batch has no lesson, or its tasks are past their retention.",
            hint="`lessongen lessons` lists the lessons; export them by subject.",
        )
    for task_id in made:
        version = session.app.library.version_of_task(task_id)
        if version is not None:
            yield version


def _numbers(stored: Iterable[StoredLesson]) -> Mapping[int, int]:
    """For each lesson the which it is, by age, of those whose files would be called alike.

    Of all lessons there are, not of those that are asked for: so a file is called the same from run to run, whatever
    else is exported with it, and a new lesson takes no older one's name.
    """
    met: Counter[str] = Counter()
    numbers = {}
    for each in sorted(stored, key=lambda each: each.id):
        stem = file_stem(named_in_files(each.name))
        met[stem] += 1
        numbers[each.id] = met[stem]
    return numbers
