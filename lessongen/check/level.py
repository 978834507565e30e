"""How hard a lesson is to read: its figures, and which sentences of which cycle are too hard for the level asked for.

What can't be reached is said in a notice and never refused: a teacher decides. A writer mends what is named here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from statistics import mean

from lessongen.check.reading import ANALOGY
from lessongen.lesson.draft import Problem
from lessongen.lesson.model import Analogy, Legibility, Lesson, Prose
from lessongen.lesson.place import Place
from lessongen.lesson.reached import above_level
from lessongen.system.levels import CEFR, GENERAL, GRADES, cefr_of, grade_of
from lessongen.text.readability import grade_by, reading_grade, syllables, words_read
from lessongen.text.sentences import split_sentences
from lessongen.text.vocabulary import common_words, step_of
from lessongen.text.words import stem, tokens, word_count

TOO_HARD, TOO_EASY = "level-too-hard", "level-too-easy"
_KNOWN_WORDS = 0.95
_COMMON = 4  # B2
_TOO_HARD_FOR_MANY = 9.0
_ROOM = 1.0  # grades; the formula is no finer
_FEWEST_WORDS = 30
"""Of a cycle, for its figures to mean something."""
_MOST_SENTENCES = 6
_WORDS_NAMED = 4
_WHAT_TO_DO = "Read it with the class, or have it made from a simpler text of your own."
_LONG = 3  # syllables
# So the Flesch-Kincaid grade comes out right with the syllables a word that lessons of that grade have.
_FEWEST_WORDS_A_SENTENCE, _WORDS_A_GRADE, _MORE_AT_MOST = 5, 1.4, 8


# How a grade reads, on a made-up subject for writers to hear; each is within a grade of its own.
_SOUNDS = {
    2: "A kite needs the wind before it can fly. The wind pushes on it from below, and then up it goes. Its tail is "
    "long and keeps it steady in the air.",
    4: "A kite rises because the wind pushes strongly against it from below. The string holds it at an angle, so it "
    "is not carried away. When the wind gets weaker, the kite slowly sinks to the ground.",
    6: "A kite rises because the moving air presses harder on its lower side than on its upper side. The string holds "
    "it at an angle, and so the wind cannot simply carry it away. When the wind gets weaker, the kite slowly sinks.",
    8: "Although a kite is heavier than air, it rises because the wind presses harder against its lower surface than "
    "its upper one. The string holds it at an angle, so that some of the wind's force points upward and the rest pulls "
    "on your hand.",
    10: "Although a kite is heavier than the air around it, it rises because the wind, turned aside by the slanted "
    "surface, presses harder from below than from above. As long as the string keeps that surface at an angle, part of "
    "the force points upward and balances the weight of the kite.",
    12: "Although a kite is considerably heavier than the air that it displaces, it can stay up because the wind, "
    "deflected downward by its inclined surface, exerts an upward force that makes up for its weight. Once the string "
    "is released, the surface no longer keeps its angle, and the force that depended on it vanishes.",
}


@dataclass(frozen=True)
class Aim:
    """What a writer aims at for a level: the mean and the most words a sentence, and the CEFR level of the words.

    `sounds` is a text of about that grade.
    """

    mean_words: int
    most_words: int
    cefr: str
    sounds: str = field(default="", compare=False)


def aim(level: str) -> Aim:
    """The aim of a level: about eleven words a sentence on average in grade 4, 18 in grade 9; eight more at most.

    A CEFR level has the figures of its grade.
    """
    grade = grade_of(level)
    cefr = level if level in CEFR else CEFR[cefr_of(grade) - 1]
    mean_words = round(_FEWEST_WORDS_A_SENTENCE + _WORDS_A_GRADE * grade)
    nearest = min(_SOUNDS, key=lambda each: abs(each - grade))
    return Aim(mean_words, mean_words + _MORE_AT_MOST, cefr, _SOUNDS[nearest])


# ---------------------------------------------------------------- figures


def legibility(lesson: Lesson) -> Legibility:
    """The figures of the lesson's running text.

    The CEFR level is the first at which 95 % of the words are known, the coverage that reading takes (Laufer and
    Ravenhorst-Kalovski, "Lexical threshold revisited", 2010).
    """
    return _Text(list(_sentences(lesson, range(len(lesson.sections)))), frozenset()).figures


def running_text(lesson: Lesson) -> str:
    """What students read in whole sentences: prose and comparisons of the sections, one statement a line."""
    return "\n".join(text for _, text in _sentences(lesson, range(len(lesson.sections))))


def notices(found: Legibility, level: str) -> list[str]:
    """What a teacher should know of the text for that level: nothing where it is reached."""
    told = above_level(level, found.grade, found.cefr)
    if told and level in CEFR:
        return [f"The text {told}; {found.rare_words:.0%} of its words are above B2. {_WHAT_TO_DO}"]
    if told:
        return [f"The text {told}. {_WHAT_TO_DO}"]
    if level == GENERAL and found.grade >= _TOO_HARD_FOR_MANY:
        return [f"The text reads at about grade {found.grade:.0f} (Flesch-Kincaid): too hard for younger students."]
    return []


def _sentences(lesson: Lesson, sections: Sequence[int]) -> Iterator[tuple[Place, str]]:
    for at in sections:
        for number, block in enumerate(lesson.sections[at].blocks):
            where = Place.of("sections", at, "blocks", number)
            if isinstance(block, Prose):
                yield from ((where.at("sentences", place), each.text) for place, each in enumerate(block.sentences))
            elif isinstance(block, Analogy):
                yield from ((where.at(name), getattr(block, name).text) for name in ANALOGY)


@dataclass(frozen=True)
class _Text:
    """Sentences that are measured together, and the stems of the words that count as known."""

    statements: Sequence[tuple[Place, str]]
    glossed: frozenset[str]

    @cached_property
    def text(self) -> str:
        return "\n".join(text for _, text in self.statements)

    @cached_property
    def words(self) -> int:
        return len(words_read(self.text))

    @cached_property
    def grade(self) -> float:
        return reading_grade(self.text)

    def rare(self, text: str, step: int) -> list[str]:
        """The words of a text that are above a step, glossed ones apart."""
        words = common_words(text)
        return [word for word in words if step_of(word) > step and not self._is_glossed(word)]

    def _is_glossed(self, word: str) -> bool:
        return bool(self.glossed) and all(stem(token) in self.glossed for token in tokens(word))

    def known(self, step: int) -> float:
        """The share of words that are known at a step."""
        return 1 - len(self.rare(self.text, step)) / max(1, len(common_words(self.text)))

    @cached_property
    def cefr(self) -> str:
        """The first level at which enough words are known."""
        known = (level for step, level in enumerate(CEFR, 1) if self.known(step) >= _KNOWN_WORDS)
        return next(known)

    @property
    def figures(self) -> Legibility:
        lengths = [word_count(each.text) for each in split_sentences(self.text)]
        return Legibility(
            grade=round(self.grade, 1),
            sentence_words=round(mean(lengths), 1) if lengths else 0.0,
            rare_words=round(1 - self.known(_COMMON), 3),
            cefr=self.cefr,
        )


# ---------------------------------------------------------------- by cycle


def hard_parts(lesson: Lesson) -> list[Problem]:
    """The hardest sentences of each cycle that reads more than a grade above the level, at most six of a cycle.

    They are those that bring the cycle within a grade once they are written as the aim says. For a CEFR level the words
    count too: 95 % must be known one step above it, key terms and what a gloss explains apart. `general` is too hard
    from grade 9.
    A cycle of fewer than 30 words is not measured.
    """
    return [problem for cycle in _cycles(lesson) for problem in _hard_sentences(cycle, lesson.level)]


def easy_parts(lesson: Lesson) -> list[Problem]:
    """The plainest statements of each cycle that reads more than a grade below the level, at most six of a cycle.

    They are those that bring the cycle within a grade once they are written as the aim says. Questions to the class
    stay short. A CEFR level is too easy where the words are below it, too; `general` never is.
    """
    if lesson.level not in (*GRADES, *CEFR):
        return []
    return [
        problem
        for cycle in _cycles(lesson)
        if lesson.level in GRADES or CEFR.index(cycle.cefr) < CEFR.index(lesson.level)
        for problem in _plain_sentences(cycle, lesson.level)
    ]


def _plain_sentences(cycle: _Text, level: str) -> Iterator[Problem]:
    aimed, grade = aim(level), grade_of(level)
    statements = [_measured(cycle, where, text, len(CEFR)) for where, text in cycle.statements]
    named = list(_until_up_to_grade(statements, aimed, grade)) if cycle.grade < grade - _ROOM else []
    for each in named[:_MOST_SENTENCES]:
        message = (
            f"Too easy for {level}: {each.words} words, where {aimed.mean_words} are the mean. Say in one sentence "
            "with it why or how that is so, as far as its cites bear that, or draw it together with what it belongs to."
        )
        yield Problem(rule=TOO_EASY, where=each.where, message=message)


def _until_up_to_grade(statements: Sequence[_Hard], aimed: Aim, grade: int) -> Iterator[_Hard]:
    """The plainest statements, until the rest reads within a grade with them written as the aim says."""
    words = float(sum(each.words for each in statements))
    spoken = float(sum(each.syllables for each in statements))
    sentences = float(sum(each.sentences for each in statements))
    rate = _syllables_a_word(aimed, grade)
    stating = [each for each in statements if not each.text.rstrip().endswith("?")]
    for each in sorted(stating, key=lambda each: grade_by(each.words, each.sentences, each.syllables)):
        is_up = grade_by(round(words), sentences, spoken) >= grade - _ROOM
        if is_up or grade_by(each.words, each.sentences, each.syllables) >= grade:
            return
        yield each
        more = max(0.0, aimed.mean_words - each.words)
        words, sentences = words + more, sentences + 1 - each.sentences
        spoken += max(0.0, rate * (each.words + more) - each.syllables)


def _syllables_a_word(aimed: Aim, grade: int) -> float:
    """What a sentence of the aim has: from the formula, for the very grade."""
    return (grade + 15.59 - 0.39 * aimed.mean_words) / 11.8


def _cycles(lesson: Lesson) -> Iterator[_Text]:
    """What is measured together: the sections of a cycle, and each section that is of none."""
    groups: dict[object, list[int]] = defaultdict(list)
    for at, section in enumerate(lesson.sections):
        groups[("alone", at) if section.cycle is None else section.cycle].append(at)
    glossed = _glossed(lesson)
    for sections in groups.values():
        text = _Text(list(_sentences(lesson, sections)), glossed)
        if text.words >= _FEWEST_WORDS:
            yield text


def _glossed(lesson: Lesson) -> frozenset[str]:
    """The stems of the words that the lesson explains: its key terms, and what its glosses begin with."""
    explained = [term.term for term in lesson.key_terms if term.definition.text.strip()]
    for section in lesson.sections:
        for block in section.blocks:
            if isinstance(block, Prose):
                glosses = (sentence.text for sentence in block.sentences if sentence.role == "gloss")
                explained += [before for gloss in glosses for before in _explained_by(gloss)]
    return frozenset(stem(token) for each in explained for token in tokens(each))


def _explained_by(gloss: str) -> Iterator[str]:
    for verb in (" means ", " is ", " are ", ": "):
        before, found, _ = gloss.partition(verb)
        if found:
            yield before
            return


@dataclass(frozen=True)
class _Hard:
    """A statement with what it adds to how hard its text is: syllables, words, and words above the level."""

    where: Place
    text: str
    words: int
    syllables: int
    sentences: int
    rare: Sequence[str]


def _hard_sentences(cycle: _Text, level: str) -> Iterator[Problem]:
    aimed, grade = aim(level), grade_of(level)
    most = _TOO_HARD_FOR_MANY if level == GENERAL else grade + _ROOM
    step = CEFR.index(aimed.cefr) + 1
    # One step of words is as near as two grades.
    statements = [_measured(cycle, where, text, step + 1) for where, text in cycle.statements]
    is_too_hard = cycle.grade >= most if level == GENERAL else cycle.grade > most
    named: dict[Place, _Hard] = {}
    if is_too_hard:
        named |= {each.where: each for each in _until_in_grade(statements, aimed, grade, most)}
    if level in CEFR and cycle.known(step + 1) < _KNOWN_WORDS:
        named |= {each.where: each for each in _until_known(statements, len(common_words(cycle.text)))}
    for each in list(named.values())[:_MOST_SENTENCES]:
        yield Problem(rule=TOO_HARD, where=each.where, message=_message(each, level, aimed))


def _measured(cycle: _Text, where: Place, text: str, step: int) -> _Hard:
    words = words_read(text)
    sentences = max(1, len(split_sentences(text)))
    return _Hard(where, text, len(words), sum(map(syllables, words)), sentences, cycle.rare(text, step))


def _until_in_grade(statements: Sequence[_Hard], aimed: Aim, grade: int, most: float) -> Iterator[_Hard]:
    """The hardest statements, until the rest reads within the grade with them written as the aim says."""
    words = sum(each.words for each in statements)
    spoken = float(sum(each.syllables for each in statements))
    sentences = float(sum(each.sentences for each in statements))
    easy = _syllables_a_word(aimed, grade)

    def alone(each: _Hard) -> float:
        return grade_by(each.words, each.sentences, each.syllables)

    for each in sorted(statements, key=alone, reverse=True):
        if grade_by(words, sentences, spoken) <= most or alone(each) <= grade:
            return
        yield each
        sentences += max(each.sentences, each.words / aimed.mean_words) - each.sentences
        spoken += min(float(each.syllables), easy * each.words) - each.syllables


def _until_known(statements: Sequence[_Hard], words: int) -> Iterator[_Hard]:
    """Those with the most words above the level, until few enough are left."""
    left = sum(len(each.rare) for each in statements)
    for each in sorted(statements, key=lambda each: len(each.rare), reverse=True):
        if left <= (1 - _KNOWN_WORDS) * words or not each.rare:
            return
        yield each
        left -= len(each.rare)


def _message(hard: _Hard, level: str, aimed: Aim) -> str:
    lengths = [word_count(each.text) for each in split_sentences(hard.text)]
    longest = max(lengths, default=0)
    named = ", ".join(f"“{word}”" for word in _hardest_words(hard))
    words = f" Its hardest words: {named}." if named else ""
    return (
        f"Too hard for {level}: {longest} words in a sentence, where {aimed.most_words} are the most and "
        f"{aimed.mean_words} the mean.{words}"
    )


def _hardest_words(hard: _Hard) -> list[str]:
    rare = sorted(dict.fromkeys(hard.rare), key=lambda word: (-step_of(word), -syllables(word)))
    long = [word for word in dict.fromkeys(common_words(hard.text)) if syllables(word) >= _LONG and word not in rare]
    return [*rare, *sorted(long, key=syllables, reverse=True)][:_WORDS_NAMED]
