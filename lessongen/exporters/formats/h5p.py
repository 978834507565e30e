"""H5P: the lesson with its questions, for platforms like Moodle, WordPress and Lumi, which have the programs for it."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from lessongen.exporters import Format, Order
from lessongen.exporters.fitting import WITH_PAGE, become, losses_of
from lessongen.lesson.interactions import Fill, Interaction, Pair, Pick, Write
from lessongen.system.libraries import are_installed
from lessongen.system.terminal import counted

if TYPE_CHECKING:
    from lessongen.exporters.column import Shown, Text
    from lessongen.exporters.quiz import Item, Quiz
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson

_KNOWN = (Pick, Fill, Pair, Write)
_DRAWS_WITH = ("resvg_py",)  # H5P takes no SVG in a content

# Content types by name and version, as platforms with core API 1.27 have them; newer platforms raise them.
_COLUMN = "H5P.Column 1.18"
_SET = "H5P.QuestionSet 1.20"
_TEXT = "H5P.AdvancedText 1.1"
_IMAGE = "H5P.Image 1.1"
_TYPES = {
    "choice": ("H5P.MultiChoice 1.16", "Multiple Choice"),
    "judgement": ("H5P.TrueFalse 1.8", "True/False Question"),
    "fill": ("H5P.Blanks 1.14", "Fill in the Blanks"),
    "pair": ("H5P.DragText 1.10", "Drag the Words"),
    "essay": ("H5P.Essay 1.5", "Essay"),
}
_LONGEST_DRAGGED = 20  # characters, beyond which H5P cuts what is dragged into a gap
_LONGEST_TOLD = 2_048  # characters after a true or false question
_LONGEST_TITLE, _LONGEST_NOTE = 255, 5_000
_GAP = "_____"
# What has a meaning in words to type or to drag; as character references they are text there.
_SIGNS = {ord(sign): f"&#{ord(sign)};" for sign in "*/:\\"}
_LICENCE = re.compile(r"(CC BY(?:-SA|-ND|-NC|-NC-SA|-NC-ND)?) ([1-4]\.[05])")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?=-|$)")
_OURS = uuid.UUID("6d2b3f0e-3c0f-5b0a-9c43-5a8a6a0b7f18")


def export(order: Order) -> bytes:
    """A package with what students read, the questions with their drawings, and the sources at the end."""
    from lessongen.exporters.column import after_questions, before_questions
    from lessongen.exporters.markup import archive
    from lessongen.exporters.quiz import quiz_of
    from lessongen.exporters.sheet import lay_out

    quiz = quiz_of(order.lesson, order.audience, order.about)
    students = lay_out(order.lesson, "student", order.about, order.image)
    package = _Package(order)
    for part in before_questions(students):
        package.add_part(part)
    package.add_questions(quiz.items)
    package.add_part(after_questions(students))
    files = {
        "h5p.json": _told(quiz, {_COLUMN, *package.libraries}),
        "content/content.json": {"content": package.column},
    }
    encoded = {path: json.dumps(each, ensure_ascii=False).encode() for path, each in files.items()}
    return archive({**encoded, **{f"content/{path}": picture for path, picture in package.pictures.items()}})


class _Package:
    """A column that is being filled, the files of its pictures by their paths, and the libraries that it needs."""

    def __init__(self, order: Order) -> None:
        lesson, self._leave_out = order.lesson, order.leave_out
        self._of = "\x1f".join((lesson.subject, lesson.topic, lesson.language, lesson.level, lesson.variant))
        self.column: list[dict[str, Any]] = []
        self.pictures: dict[str, bytes] = {}
        self.libraries: set[str] = set()

    def add_part(self, part: Text | Shown) -> None:
        """Put a text or a picture below what is there."""
        from lessongen.exporters.column import Text

        if isinstance(part, Text):
            self._add(_TEXT, {"text": part.html}, part.title, "Text")
            return
        try:
            picture = _file_of(part)
        except ValueError as error:
            if part.svg or part.data:
                self._leave_out(f"The picture of “{part.title}” is told in words: {error}.")
            self._add(_TEXT, {"text": part.instead}, part.title, "Text")
            return
        params = self._picture(f"picture-{len(self.pictures) + 1}", picture, part.alternative)
        self._add(_IMAGE, params, part.title, "Image")

    def add_questions(self, items: Iterable[Item]) -> None:
        """Put the questions below it, one after the other in one set."""
        questions = [self._question(item) for item in _items(items)]
        if questions:
            content = {
                "introPage": {"showIntroPage": False, "title": "", "introduction": ""},
                "progressType": "dots",
                "passPercentage": 50,
                "questions": questions,
                "disableBackwardsNavigation": False,
                "randomQuestions": False,
                "endGame": {"showResultPage": True, "showSolutionButton": True, "showRetryButton": True},
            }
            self._add(_SET, content, "Questions", "Question Set")

    def _add(self, library: str, params: Mapping[str, Any], title: str, called: str) -> None:
        content = self._content(library, params, title, called, f"part-{len(self.column) + 1}")
        self.column.append({"content": content, "useSeparator": "disabled"})

    def _content(self, library: str, params: Mapping[str, Any], title: str, called: str, name: str) -> dict[str, Any]:
        """A content within another; it is known again by the lesson and its name there."""
        self.libraries.add(library)
        return {
            "library": library,
            "params": params,
            "subContentId": str(uuid.uuid5(_OURS, f"{self._of}\x1f{name}")),
            "metadata": {"title": title[:_LONGEST_TITLE], "contentType": called, "license": "U"},
        }

    def _question(self, item: Item) -> dict[str, Any]:
        shown, media = self._drawn(item)
        kind, params = _asked(item, shown, self._leave_out)
        library, called = _TYPES[kind]
        return self._content(library, {**params, **media}, item.name, called, f"{item.key}\x1f{item.name}")

    def _drawn(self, item: Item) -> tuple[str, Mapping[str, Mapping[str, Any]]]:
        """The stem, and the drawing above it; told in the stem where it can't be drawn."""
        from lessongen.exporters.pixels import NotDrawn, png_of

        if item.picture is None or not are_installed(_DRAWS_WITH):
            return item.told_stem, {}
        try:
            drawing = png_of(item.picture.svg)
        except NotDrawn as error:
            self._leave_out(f"The drawing of {item.name} is told in words: {error}.")
            return item.told_stem, {}
        name = item.name.lower().replace(", ", "-").replace(" ", "-")
        params = self._picture(name, drawing, item.picture.alternative)
        image = self._content(_IMAGE, params, f"Drawing of {item.name}", "Image", f"{item.key}\x1fimages/{name}")
        return item.stem, {"media": {"type": image, "disableImageZooming": False}}

    def _picture(self, name: str, picture: bytes, alternative: str) -> dict[str, Any]:
        """What an image is told, with its file put into the package."""
        from lessongen.system.raster import raster_of

        raster = raster_of(picture)
        kind = raster.media_type if raster else "image/png"
        path = f"images/{name}.{'jpg' if kind == 'image/jpeg' else 'png'}"
        self.pictures[path] = picture
        size = {"width": raster.width, "height": raster.height} if raster else {}
        return {"file": {"path": path, "mime": kind, **size}, "decorative": False, "alt": _html(alternative)}


def _file_of(part: Shown) -> bytes:
    """A picture as PNG or JPEG. Raises `NotDrawn`, a `ValueError`, as it does where nothing here draws."""
    from lessongen.exporters.pixels import NotDrawn, picture_file, png_of

    if not are_installed(_DRAWS_WITH):
        raise NotDrawn("nothing that draws is installed")
    return picture_file(part.data) if not part.svg else png_of(part.svg)


def _told(quiz: Quiz, used: Iterable[str]) -> dict[str, Any]:
    """What the package says of itself: the types that it needs, and the licence where all sources have the same."""
    from lessongen.exporters.markup import sound

    licences = {each.licence for each in quiz.sheet.references}
    found = _LICENCE.fullmatch(licences.pop()) if len(licences) == 1 else None
    language = _LANGUAGE.match(quiz.sheet.language)
    notes = " / ".join(quiz.credits)[:_LONGEST_NOTE]
    return {
        "title": sound(quiz.sheet.title)[:_LONGEST_TITLE],
        "language": language[0].lower() if language else "und",
        "mainLibrary": _COLUMN.split()[0],
        "embedTypes": ["iframe"],
        "license": found[1] if found else "U",
        **({"licenseVersion": found[2]} if found else {}),
        "licenseExtras": notes,
        "preloadedDependencies": [_library(each) for each in sorted(used)],
    }


def _library(name: str) -> dict[str, Any]:
    machine, _, version = name.partition(" ")
    major, minor = map(int, version.split("."))
    return {"machineName": machine, "majorVersion": major, "minorVersion": minor}


# ---------------------------------------------------------------- questions


def as_held(asked: Interaction) -> tuple[Interaction, ...]:
    """A way of asking that H5P knows, as it is held: what is too long to be dragged is picked, one for each item."""
    if isinstance(asked, Pair) and not _dragged(asked):
        return tuple(piece.asked for piece in become(asked, (Pick,)))
    return (asked,)


def _items(items: Iterable[Item]) -> Iterator[Item]:
    from lessongen.exporters.quiz import fitted

    for item in fitted(items, _KNOWN):
        yield from [item] if as_held(item.asked) == (item.asked,) else fitted([item], (Pick,))


def _dragged(asked: Pair) -> tuple[tuple[str, str], ...]:
    """What stands there with what is dragged to it, whichever side is short enough for that; nothing where none is."""
    if _are_short(asked.choices):
        return asked.pairs
    lefts, rights = zip(*asked.pairs, strict=True)
    is_one_to_one = len(set(lefts)) == len(lefts) and sorted(rights) == sorted(set(asked.choices))
    if is_one_to_one and _are_short(lefts):
        return tuple((right, left) for left, right in asked.pairs)
    return ()


def _are_short(texts: Iterable[str]) -> bool:
    return all(len(_word(each)) <= _LONGEST_DRAGGED for each in texts)


def _asked(item: Item, stem: str, leave_out: Callable[[str], None]) -> tuple[str, dict[str, Any]]:
    """The kind of a question, and what its content type takes."""
    asked, feedback = item.asked, " / ".join(map(_html, item.feedback))
    after = {"overallFeedback": [{"from": 0, "to": 100, **({"feedback": feedback} if feedback else {})}]}
    shown = f"<p>{_html(stem)}</p>"
    if isinstance(asked, Pick):
        return _picked(item, asked, shown, feedback, leave_out) if asked.is_judgement else _chosen(item, shown, after)
    if isinstance(asked, Fill):
        before, gap, rest = stem.partition(_GAP)
        blank = f"*{'/'.join(map(_word, asked.answers))}*"
        line = f"<p>{_word(before)}{blank}{_word(rest)}</p>" if gap and _GAP not in rest else f"<p>{blank}</p>"
        behaviour = {"caseSensitive": False, "showSolutionsRequiresInput": True}
        return "fill", {
            "text": f"<p>{item.name}</p>" if blank != line[3:-4] else shown,
            "questions": [line],
            "behaviour": behaviour,
            **after,
        }
    if isinstance(asked, Pair):
        pairs = _dragged(asked)
        spare = [each for each in asked.choices if each not in dict(asked.pairs).values()]
        return "pair", {
            "taskDescription": shown,
            "textField": "\n".join(f"{_word(there)} *{_word(dragged)}*" for there, dragged in pairs),
            "distractors": " ".join(f"*{_word(each)}*" for each in spare),
            **after,
        }
    # The platform marks no text, so any text will do.
    plain = {"feedbackIncludedWord": "none", "feedbackMissedWord": "none", "forgiveMistakes": False}
    any_text = {"keyword": "*", "options": {"points": 1, "occurrences": 1, "caseSensitive": False, **plain}}
    return "essay", {
        "taskDescription": shown,
        "solution": {"introduction": "", "sample": "".join(f"<p>{_html(each)}</p>" for each in item.feedback)},
        "keywords": [any_text],
        "behaviour": {"inputFieldSize": "10", "ignoreScoring": True, "pointsHost": 1, "linebreakReplacement": " "},
    }


def _chosen(item: Item, shown: str, after: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    asked = item.asked
    assert isinstance(asked, Pick)  # noqa: S101 - as `_asked` says
    answers = [
        {
            "text": f"<p>{_html(text)}</p>",
            "correct": is_right,
            **({"tipsAndFeedback": {"chosenFeedback": _html(item.why[text])}} if text in item.why else {}),
        }
        for text, is_right in asked.options
    ]
    kind = "single" if len(asked.right) == 1 else "multi"
    behaviour = {"type": kind, "randomAnswers": True, "singlePoint": False}
    return "choice", {"question": shown, "answers": answers, "behaviour": behaviour, **after}


def _picked(
    item: Item, asked: Pick, shown: str, feedback: str, leave_out: Callable[[str], None]
) -> tuple[str, dict[str, Any]]:
    told = feedback
    if len(feedback) > _LONGEST_TOLD:
        told = ""
        leave_out(f"What is said after {item.name} is left out: H5P takes {_LONGEST_TOLD:,} characters there.")
    said = {"feedbackOnCorrect": told, "feedbackOnWrong": told} if told else {}
    right = str(dict(asked.options)["True"]).lower()
    return "judgement", {"question": shown, "correct": right, "behaviour": said}


def _html(text: str) -> str:
    """A text as H5P shows it, where markup is allowed and where it is not."""
    from html import escape

    from lessongen.exporters.markup import sound

    return escape(sound(text))


def _word(text: str) -> str:
    """The same where signs part what is typed or dragged from what stands there."""
    return _html(text).translate(_SIGNS)


def losses(lesson: Lesson, audience: Audience) -> Iterator[str]:
    """What other ways of asking and tables become, and what is too long to be dragged."""
    from lessongen.lesson.model import Table

    draws = are_installed(_DRAWS_WITH)
    usual = losses_of("H5P", _KNOWN, holds=WITH_PAGE, has_drawings=draws, knows_numbers=False)
    yield from usual(lesson, audience)
    tables = sum(isinstance(block, Table) for section in lesson.sections for block in section.blocks)
    if tables:
        yield f"H5P has no tables in a text: {counted(tables, 'table')} {'are lists' if tables > 1 else 'is a list'}."
    asked = [question.interaction() for question in lesson.questions]
    count = sum(isinstance(each, Pair) and as_held(each) != (each,) for each in asked)
    if count:
        becomes = "become multiple choice ones" if count > 1 else "becomes a multiple choice one"
        several = counted(count, "matching question")
        yield f"H5P cuts long texts that are dragged: {several} {becomes}, one for each item."


FORMAT = Format(
    name="h5p",
    media_type="application/octet-stream",
    export=export,
    losses=losses,
    has_keys=True,
    is_binary=True,
    about="h5p is a lesson with questions for platforms with H5P",
    place=26,
)
