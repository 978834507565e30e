"""The parts of a sheet as slides: an idea on each in at most forty words, what to say and the quotes in its notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, count
from typing import Any

from lessongen.exporters import shapes, slides
from lessongen.exporters.pixels import NotDrawn, picture_file, png_of
from lessongen.exporters.shapes import KNOWN, TEMPTS, Line, Sheet, SheetQuestion
from lessongen.exporters.sheet import LICENCE_NOTE
from lessongen.exporters.slide_fit import shared_out, size_of_list, size_of_table
from lessongen.exporters.slide_text import MOST_WORDS, Said, evenly, grouped, led, pieces, short, words_in

_LONGEST_TITLE = 14
_SHORT_ANSWER = 14  # words that stand as a slide's title
_TABLE_LETTERS = 26.0
_POINT = re.compile(r"\s(?=• )")  # before each of several points of an answer
_PAIR = re.compile(r"(\d+) ([A-Z])")  # of what is matched, in a key
_ANSWERS: slides.Box = (slides.LEFT, 2560320, slides.WIDTH, 3566160)
_NARROW: slides.Box = (slides.LEFT, 2560320, 5029200, 3566160)
_OTHER: slides.Box = (6096000, 2560320, 5410200, 3566160)
_BESIDE: slides.Box = (6096000, 2423160, 5410200, 3703320)


_Row = tuple[Sequence[str], Sequence[Line]]
"""The cells of a row, and the lines that are said with it."""


class Slides:
    """Makes the slides of a sheet, in the order of teaching."""

    def __init__(self, sheet: Sheet, deck: slides.Deck, *, leave_out: Callable[[str], None]) -> None:
        self._sheet, self._leave_out, self._cited = sheet, leave_out, sheet.cited
        self._titles = _Titles()
        examples = [each for phase in sheet.phases for each in phase.blocks if isinstance(each, shapes.WorkedExample)]
        self._examples = iter([f"Example {number}" for number in range(1, 1 + len(examples))])
        if len(examples) == 1:
            self._examples = iter(["Example"])
        self._deck = deck

    def add(self) -> None:
        """Put them at the end of the deck."""
        sheet = self._sheet
        self._deck.begin(language=sheet.language, footer=sheet.title)
        self._head()
        for asked in sheet.starters:
            self._question(asked)
        for phase in sheet.phases:
            self._phase(phase)
        for group in sheet.closing:
            self._section(group.title, "", [])
            for asked in group.questions:
                self._question(asked)
        self._foot()

    def _slide(
        self,
        layout: int,
        texts: Mapping[int, Sequence[str]],
        notes: Sequence[str],
        *,
        hanging: str = "",
        size: float = 0,
    ) -> Any:
        """A slide; no word of it is longer than it is wide."""
        shown = {place: [short(text) for text in told] for place, told in texts.items()}
        return self._deck.slide(layout, shown, notes, hanging=hanging, size=size)

    # ------------------------------------------------------------ head and foot

    def _head(self) -> None:
        sheet = self._sheet
        notes = [sheet.based_on, *sheet.notices]
        lists = dict(sheet.head)
        for title in (KNOWN, "Materials"):
            notes += [f"{title}: {'; '.join(lists[title])}"] if title in lists else []
        if sheet.plan:
            notes += [f"{sheet.plan.title}:", *(" · ".join(c.text for c in row if c.text) for row in sheet.plan.rows)]
        title, facts = _title(sheet.title), _title(" · ".join(sheet.facts))
        outcome = sheet.outcome if words_in([title, sheet.outcome, facts]) <= MOST_WORDS else ""
        self._slide(slides.TITLE, {0: [title], 1: [outcome], 2: [facts]}, [sheet.title, *notes])
        if sheet.image:
            self._photo(sheet.image)
        if sheet.summary:
            self._content("In short", [_said(sheet.summary)])
        for title in ("Objectives", "Safety"):
            if title in lists and not (title == "Objectives" and outcome):
                self._content(title, [(each, ()) for each in lists[title]], hanging="•")
        if sheet.key_terms:
            self._rows("Key words", [([term, line.worn], [line]) for term, line in sheet.key_terms])

    def _photo(self, photo: shapes.Photo) -> None:
        credit = f"Image: {photo.title}, {photo.author}, {photo.licence}"
        shown = [photo.caption, credit] if words_in([photo.caption, credit]) < MOST_WORDS - 2 else [credit]
        for texts in grouped([(text, ()) for text in shown], MOST_WORDS - 2):
            slide = self._slide(
                slides.PICTURE, {0: ["Look"], 1: [text for text, _ in texts]}, [photo.alternative, credit]
            )
            try:
                self._deck.picture(slide, picture_file(photo.data), photo.alternative, slides.HALF)
            except NotDrawn as error:
                self._leave_out(f"The image “{photo.title}” is told in the notes: {error}.")
            return

    def _foot(self) -> None:
        sheet = self._sheet
        title = "To remember"
        if sheet.key_points:
            self._content(title, [_said(line) for line in sheet.key_points], hanging="•")
        mixed = sheet.misconceptions
        tempts = [f"{each.belief} {TEMPTS}: {each.tempting}" for each in mixed if each.tempting]
        if mixed:
            rows = [([each.belief, each.correction.worn], [each.correction]) for each in mixed]
            self._rows("Often mixed up", rows, ("Some think", "In fact"), tempts)
        told = [(f"{each.title}. {each.attribution}. {each.licence}", ()) for each in sheet.references]
        notes = [
            " · ".join(filter(None, (each.attribution, each.licence, each.url, each.revision, each.retrieved)))
            for each in sheet.references
        ]
        self._content("Sources", told, [*notes, LICENCE_NOTE, " · ".join(sheet.colophon)])

    # ------------------------------------------------------------ sections

    def _section(self, title: str, part: str, notes: Sequence[str]) -> None:
        for piece in pieces(title, MOST_WORDS - len(part.split())):
            self._slide(slides.SECTION, {0: [piece], 1: [part]}, notes)

    def _phase(self, phase: shapes.Phase) -> None:
        is_teachers = self._sheet.is_teachers
        timed = [f"{phase.time} min · {phase.part}"] if is_teachers else []
        part, told = f"Part {phase.number} of {len(self._sheet.phases)}", [*timed, *self._notes(phase.notes)]
        if phase.blocks and isinstance(phase.blocks[0], shapes.Paragraph):
            told.insert(0, part)  # the paragraph's slide has the title of the phase
        else:
            self._section(phase.title, part, told)
            told = []
        for step in phase.steps:
            for block in step.blocks:
                self._block(block, phase.title, [*told, f"{step.label}:"] if step.label else told)
                told = []

    def _block(self, block: shapes.Block, title: str, notes: Sequence[str]) -> None:
        if isinstance(block, shapes.Paragraph):
            self._paragraph(block, title, notes)
        elif isinstance(block, shapes.WorkedExample):
            name = next(self._examples)
            self._shown(name, [(block.problem, ())], block.picture, notes)
            steps = [(f"{number}. {line.worn}", [line]) for number, line in enumerate(block.steps, 1)]
            answer = (f"Answer: {block.answer.worn}", [block.answer])
            self._content(f"{name}: step by step", [*steps, answer], notes)
        elif isinstance(block, shapes.Comparison):
            self._content("Think of it like this", [_said(block.text), _said(block.statement)], notes)
            self._content("Where the likeness ends", [_said(block.ends)], notes)
        elif isinstance(block, shapes.Grid):
            self._rows(block.title, [([cell.text for cell in row], row) for row in block.rows], block.headings, notes)
        elif isinstance(block, shapes.Dates):
            if block.picture:
                self._shown(block.title, [], block.picture, notes)
            self._rows(block.title, [([when, what.worn], [what]) for when, what in block.entries], (), notes)
        elif isinstance(block, shapes.Drawing):
            self._shown(block.title, [], block.picture, [*notes, *self._notes([block.alternative])])
        elif isinstance(block, shapes.Task):
            told: list[_Row] = [([f"{number}.", step], ()) for number, step in enumerate(block.steps, 1)]
            self._rows(f"Activity: {block.grouping.lower()}", told, (), [f"In hand at the end: {block.product}"])
        elif isinstance(block, shapes.Practice):
            self._practice(block, notes)
        else:
            self._question(block, notes)

    # ------------------------------------------------------------ what students work on

    def _question(self, asked: SheetQuestion, notes: Sequence[str] = ()) -> None:
        label = f"Question {asked.number}"
        before, stem = led(asked.stem, MOST_WORDS - words_in([label]))
        for piece in before:
            self._open(label, piece, notes, asked.picture)
        lettered = [f"{letter}. {text}" for letter, text in asked.lettered]
        numbered = [f"{number}. {text}" for number, text in enumerate(asked.numbered, 1)]
        boxes = ["      ".join(f"☐ {each}" for each in asked.boxes)] if asked.boxes else []
        answers = lettered + boxes
        if not numbered and not answers:
            self._open(label, stem, notes, asked.picture)
        elif not numbered or not self._matched(label, stem, numbered, answers, notes):
            for texts in filter(None, (numbered, answers)):
                self._answers(asked, label, stem, texts, notes)
        if asked.key:
            self._key(label, asked, asked.key)

    def _open(self, label: str, text: str, notes: Sequence[str], picture: shapes.Picture | None = None) -> None:
        """A slide with what is asked and nothing to choose from."""
        slide = self._slide(slides.QUIZ, {2: [label], 0: [text]}, notes)
        if picture is None:
            self._deck.enlarge(slide, len(text))
        self._with_picture(slide, picture, label)

    def _matched(
        self, label: str, stem: str, numbered: Sequence[str], answers: Sequence[str], notes: Sequence[str]
    ) -> bool:
        """One slide with what is matched, side by side; false where that is too much to be read."""
        columns = [(_NARROW, list(map(short, numbered))), (_OTHER, list(map(short, answers)))]
        size = min(size_of_list(texts, box[2], box[3], 26) for box, texts in columns)
        if size:
            slide = self._slide(slides.QUIZ, {2: [label], 0: [stem]}, notes)
            for box, texts in columns:
                self._deck.column(slide, box, texts, size=size)
        return size > 0

    def _answers(self, asked: SheetQuestion, label: str, stem: str, texts: Sequence[str], notes: Sequence[str]) -> None:
        """A slide with a question and all that there is to choose from, or as few as it can be read on."""
        box = _NARROW if asked.picture else _ANSWERS
        for number in range(1, 1 + len(texts)):
            groups = shared_out(texts, number)
            size = min(size_of_list(each, box[2], box[3]) for each in groups)
            if size:
                break
        else:
            parts = evenly([(each, ()) for each in texts], MOST_WORDS - words_in([label]))
            groups, size = [[text for text, _ in part] for part in parts], 0
        for group in groups:
            slide = self._slide(slides.QUIZ, {2: [label], 0: [stem], 1: group}, notes, size=size)
            if asked.picture:
                for place in slide.placeholders:
                    if place.placeholder_format.idx == 1:
                        place.left, place.top, place.width, place.height = _NARROW
                self._with_picture(slide, asked.picture, label)

    def _key(self, label: str, asked: SheetQuestion, entry: shapes.KeyEntry) -> None:
        told: list[Line] = [entry.answer, *([entry.feedback] if entry.feedback else [])]
        notes = self._notes(told, [*entry.reviews])
        for option, why in entry.wrong:
            notes += [f"Why not {option}: {_marked(why)}", *self._quotes([why])]
        more = [entry.feedback.worn] if entry.feedback else []
        left, right = dict(enumerate(asked.numbered, 1)), dict(asked.lettered)
        pairs = [(int(one), other) for one, other in _PAIR.findall(entry.answer.text)] if left else []
        rows = [
            [f"{one}. {left[one]}", f"{other}. {right[other]}"]
            for one, other in pairs
            if one in left and other in right
        ]
        self._solved(f"{label}: key", entry.answer.worn, more, notes, asked.stem, rows)

    def _solved(
        self,
        label: str,
        answer: str,
        more: Sequence[str],
        notes: Sequence[str],
        asked: str = "",
        pairs: Sequence[Sequence[str]] = (),
    ) -> None:
        """A slide with an answer, and what is said of it, or what was asked, where that is not too much."""
        if answer and len(answer.split()) <= _SHORT_ANSWER:
            least = size_of_table(pairs, _ANSWERS[2], _ANSWERS[3], _TABLE_LETTERS) if pairs else 0
            texts = next(
                (each for each in ([*more, asked], more, [asked]) if words_in([label, answer, *each]) <= MOST_WORDS), []
            )
            slide = self._slide(slides.KEY, {2: [label], 0: [answer], 1: [] if least else texts}, notes)
            if least:
                self._deck.table(slide, pairs, has_head=False, size=least, box=_ANSWERS)
            return
        title = "A good answer" if answer else "A good answer has"
        parts = [(text, ()) for text in (_POINT.split(answer) if answer else more)]
        groups = list(grouped(parts, MOST_WORDS - words_in([label, title])))
        if answer and len(groups) > 1:
            title = "A good answer, whole in the notes"
            groups = list(grouped(parts, MOST_WORDS - words_in([label, title])))[:1]
        for group in groups:
            body = {2: [label], 0: [title], 1: [text for text, _ in group]}
            self._slide(slides.KEY, body, notes, hanging="" if answer else "☐")

    def _practice(self, block: shapes.Practice, notes: Sequence[str]) -> None:
        for part in block.parts:
            label = f"{block.title} {part.letter}".strip()
            for piece in pieces(part.prompt, MOST_WORDS - len(label.split())):
                self._open(label, piece, notes)
            if part.solution:
                self._solution(label, part.solution)

    def _solution(self, label: str, solution: shapes.Solution) -> None:
        notes = self._notes([solution.answer] if solution.answer else [], list(solution.criteria))
        notes += [f"Support: {solution.support}"] if solution.support else []
        notes += [f"Stretch: {solution.stretch}"] if solution.stretch else []
        answer = solution.answer.worn if solution.answer else ""
        if len(answer.split()) > _SHORT_ANSWER and solution.criteria:
            answer = ""  # what it has is told on the slide, the answer in the notes
        if answer or solution.criteria:
            self._solved(f"{label}: key", answer, solution.criteria, notes)

    # ------------------------------------------------------------ slides of a kind

    def _content(self, title: str, said: Iterable[Said], notes: Sequence[str] = (), *, hanging: str = "") -> None:
        """Slides with text under a title."""
        titles = self._titles[title]
        for group in grouped(list(said), self._room(title)):
            lines = list({id(line): line for _, told in group for line in told}.values())
            texts = [text for text, _ in group]
            sign = hanging if len(texts) > 1 else ""
            body = {0: [next(titles)], 1: texts}
            self._slide(slides.CONTENT, body, self._notes(lines, notes), hanging=sign)

    def _room(self, title: str) -> int:
        """How many words there are left under a title, which may be numbered."""
        return MOST_WORDS - words_in([_title(title)]) - 1

    def _paragraph(self, block: shapes.Paragraph, title: str, notes: Sequence[str]) -> None:
        """A slide with the first sentences that it has room for; all of them are said."""
        first, *others = [line.worn for line in block.lines]
        room = self._room(title)
        shown = [first]
        for text in others:
            if words_in([*shown, text]) > room:
                break
            shown.append(text)
        for group in grouped([(text, ()) for text in shown], room):
            body = {0: [next(self._titles[title])], 1: [text for text, _ in group]}
            self._slide(slides.CONTENT, body, self._notes(block.lines, notes))

    def _rows(self, title: str, rows: Sequence[_Row], head: Sequence[str] = (), notes: Sequence[str] = ()) -> None:
        """A slide with a table, or as few as it can be read on; a row that is too long for one is text."""
        heads = [list(head)] if head else []
        columns = max(len(head), *(len(cells) for cells, _ in rows))
        notes = [*notes, " · ".join(head)] if head else notes
        filled = [([*map(short, cells), *[""] * (columns - len(cells))], lines) for cells, lines in rows]
        fits = [_readable([*heads, cells]) > 0 for cells, _ in filled]
        at = 0
        while at < len(filled):
            if not fits[at]:
                cells, lines = rows[at]
                self._content(title, [(": ".join(filter(None, cells)), lines)], notes)
                at += 1
                continue
            end = next((each for each in range(at, len(filled)) if not fits[each]), len(filled))
            self._tables(title, filled[at:end], heads, notes)
            at = end

    def _tables(self, title: str, rows: Sequence[_Row], heads: Sequence[Sequence[str]], notes: Sequence[str]) -> None:
        for number in range(1, 1 + len(rows)):
            groups = shared_out(rows, number)
            size = min(_readable([*heads, *(cells for cells, _ in group)]) for group in groups)
            if size:
                break
        for group in groups:
            lines = [line for _, told in group for line in told if line.notes or len(told) == 1]
            slide = self._slide(slides.CONTENT, {0: [next(self._titles[title])]}, self._notes(lines, notes))
            self._deck.table(slide, [*heads, *(cells for cells, _ in group)], has_head=bool(heads), size=size)

    def _shown(self, title: str, said: Sequence[Said], picture: shapes.Picture | None, notes: Sequence[str]) -> None:
        """Slides with a drawing, beside text where there is some."""
        groups = list(grouped(list(said), self._room(title))) or [[]]
        titles = self._titles[title]
        for group in groups:
            texts = [text for text, _ in group]
            is_beside = bool(texts and picture)
            slide = self._slide(
                slides.PICTURE if is_beside else slides.CONTENT, {0: [next(titles)], 1: texts}, [*notes, *texts]
            )
            self._with_picture(slide, picture, title, slides.HALF if is_beside else slides.WHOLE)

    def _with_picture(self, slide: Any, picture: shapes.Picture | None, title: str, box: slides.Box = _BESIDE) -> None:
        if picture is None:
            return
        try:
            self._deck.picture(slide, png_of(picture.svg, paper=None), picture.alternative, box)
        except NotDrawn as error:
            self._leave_out(f"The drawing of {title} is told in the notes: {error}.")
            frame = slide.notes_slide.notes_text_frame
            self._deck.write(frame, [*filter(None, frame.text.split("\n")), picture.alternative])

    # ------------------------------------------------------------ notes

    def _notes(self, lines: Sequence[Line], before: Sequence[str] = ()) -> list[str]:
        """What is said, with its marks, and the quotes that they lead to."""
        return [*before, *map(_marked, lines), *self._quotes(lines)]

    def _quotes(self, lines: Sequence[Line]) -> list[str]:
        marks = dict.fromkeys(note.mark for line in lines for note in line.notes)
        return [f"[{mark}] {self._cited[mark]}" for mark in marks]


def _readable(rows: Sequence[Sequence[str]]) -> float:
    """The size of a table that has a slide, in points; 0 where it is too much for one."""
    return size_of_table(rows, slides.WIDTH, slides.HEIGHT, _TABLE_LETTERS)


def _said(line: Line) -> Said:
    return line.worn, [line]


def _marked(line: Line) -> str:
    return " ".join([line.text, *(f"[{note.mark}]" for note in line.notes), *(f"[{each}]" for each in line.asides)])


class _Titles(dict[str, Iterator[str]]):
    """The titles of slides by what they are about: no two are the same."""

    def __missing__(self, title: str) -> Iterator[str]:
        shown = _title(title)
        self[title] = chain([shown], (f"{shown} ({number})" for number in count(2)))
        return self[title]


def _title(text: str) -> str:
    """A title that leaves room for what stands under it."""
    words = text.split()
    return short(" ".join(words if len(words) <= _LONGEST_TITLE else [*words[:_LONGEST_TITLE], "…"]))
