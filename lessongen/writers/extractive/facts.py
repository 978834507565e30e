"""Question candidates on what a passage states: numbers, dates, people, reasons, examples, and events in order.

A full article has enough of them; the leads of an encyclopedia have not, and are asked about by their terms alone.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from lessongen.text.words import fold, stems, tokens, word_count
from lessongen.writers.extractive.article import Article, Passage, Term
from lessongen.writers.extractive.candidates import GAP, YEARS_OFFERED, Candidate, statement
from lessongen.writers.extractive.distractors import Distractors, shares_words
from lessongen.writers.extractive.events import events
from lessongen.writers.extractive.gapping import mask
from lessongen.writers.extractive.gaps import Gaps
from lessongen.writers.extractive.halves import halves_of, is_of_many, opposite_in
from lessongen.writers.extractive.naming import names
from lessongen.writers.extractive.passing import states

# "12,000 species", "71 %": a number with what it counts or measures.
_NUMBER = re.compile(
    r"(?<![\w.,$£€#/–-])(?<!\d )(?P<number>\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d)?)"  # noqa: RUF001
    r"(?P<unit> ?%| percent| (?:million |billion )?[a-z]{3,}s\b"
    r"| (?:meters?|metres?|feet|km|kg|million|billion|men|women|people|children))(?![\w-])"
)
# How many there are is another number every year.
_CHANGES = re.compile(r"\b(?:populations?|populous|inhabitants|residents|speakers|members|students|employees|GDP)\b")
# "In 1990 it had 5,000 inhabitants": how many there were then stays so.
_YEAR = re.compile(r"\b1[0-9]{3}\b|\b20[0-9]{2}\b")
_FACTORS = (0.25, 0.4, 0.6, 1.6, 2.5, 4.0)
# "…, because the air is thin": what stands before is asked about.
_REASON = re.compile(r",? (?:because(?! of)|because of|due to|owing to|in order to|so that|as a result of) ")
# "… mammals such as whales, bats and mice." ends with examples.
_EXAMPLES = re.compile(
    r"(?P<before>\b[^\W\d_]{3,}),? (?:such as|including|for example,?|for instance,?|namely) "
    r"(?P<listed>[^.;:()]{6,110})\.$"
)
# "whales, bats and mice": more than one example.
_SEVERAL = re.compile(r",| and | or ")
_PERSON = r"[A-ZÀ-Þ][a-zà-ÿ]+(?: (?:[A-Z]\.|[A-ZÀ-Þ][a-zà-ÿ'’-]+|de|von|van|der|la|ibn|al)){1,3}"  # noqa: RUF001
_DOING = (
    r"wrote|said|argued|proposed|published|invented|discovered|believed|developed|suggested|described|died|married"
    r"|founded|directed|defeated|won|introduced|claimed|showed|thought|taught|studied|coined|designed|composed|painted"
    r"|explained|stated|called|considered|began|demonstrated|defined|observed|played|became king|was born|was crowned"
)
# "Ada Lovelace wrote …", "Ada Lovelace (1815-52)".
_ACTS = re.compile(rf"\b(?P<name>{_PERSON})(?= (?:{_DOING})\b| \((?:born |(?:c\. )?\d{{3,4}} ?[–-]))")  # noqa: RUF001
# "… was invented by Ada Lovelace in 1843".
_BY_SOMEONE = re.compile(
    rf"\b(?:written|invented|discovered|proposed|founded|developed|published|directed|led|designed|introduced|composed"
    rf"|painted|coined|described|built|made|created|commanded|ruled|work|works|book|student|son|theory) (?:by|of)"
    rf" (?P<name>{_PERSON})(?=[,.;]| (?:in|and|as|at|on|from|to)\b)"
)
# "the World War began": names of other things that do something.
_NO_PERSON = re.compile(
    r"\b(?:The|In|On|At|This|War|Army|Act|Court|State|States|Party|University|Institute|Society|Union|Association|League"
    r"|Academy|Council|Company|Empire|Republic|Kingdom|Church|Museum|River|Ocean|Sea|Island|Islands|Treaty|Battle|House"
    r"|Committee|Congress|Parliament|Award|Times|Journal|North|South|East|West|New|American|British|French|German"
    r"|Greek|Roman|English|January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Center|Centre|Department|Bureau|Organization|Conference|Press|School|College|World|Middle|Standard|Code)\b"
)
# "On a nightly basis they …": they were named before.
_PRONOUN_EARLY = re.compile(r"(?:[\w’'-]+,? ){1,5}(?:they|he|she|it)\b(?! (?:is|was) (?:\w+ly )?\w+ (?:that|to))")  # noqa: RUF001
_WRONG_PEOPLE = 3
_FAR_APART = 0.5  # the share of a passage's words that another sentence on a wrong option may have


class Facts:
    """Makes the candidates that a full article bears besides those on its terms."""

    def __init__(self, main: Article, rng: random.Random) -> None:
        self._main, self._rng = main, rng

    def candidates(
        self, passages: Sequence[Passage], terms: Sequence[Term], distractors: Distractors
    ) -> list[Candidate]:
        """All that can be asked about the passages of the article itself, in a fixed order for a given seed."""
        own = self._own(passages)
        found: list[Candidate] = []
        gaps = Gaps(self._main, self._rng)
        for passage in own:
            found += gaps.candidates(passage)
            facts = [*self._numbers(passage), *self._people(passage)]
            found += [*facts, *self._judged(facts), *self._reason(passage)]
            found += [*self._examples(passage), *self._opposites(passage)]
            found += self._together(passage, terms)
        for term in terms:
            found += self._called(term, distractors)
        found += events(own, self._rng)
        found += self._halves(own)
        return found

    def _own(self, passages: Sequence[Passage]) -> list[Passage]:
        """The article's own that can be put before a student by themselves."""
        own = (each for each in passages if each.article is self._main and each.can_be_asked)
        return [each for each in own if not _PRONOUN_EARLY.match(each.text)]

    def of_a_lead(self, passages: Sequence[Passage]) -> list[Candidate]:
        """What the few sentences of a lead bear: no wrong words from elsewhere in the article, as there is nothing."""
        own = self._own(passages)
        found: list[Candidate] = []
        for passage in own:
            numbers = list(self._numbers(passage))
            found += [*numbers, *self._judged(numbers), *self._reason(passage), *self._examples(passage)]
            found += self._opposites(passage)
        return [*found, *events(own, self._rng)]

    def reasons(self, passages: Sequence[Passage]) -> Iterable[Candidate]:
        """What of the passages says why."""
        for passage in self._own(passages):
            yield from self._reason(passage)

    def _numbers(self, passage: Passage) -> Iterable[Candidate]:
        """A number with what it counts or measures; the wrong ones are far from it and stand nowhere in the text."""
        if _CHANGES.search(passage.text) and not _YEAR.search(passage.text):
            return
        for found in _NUMBER.finditer(passage.text):
            surface = found["number"]
            if len(re.findall(r"\d[\d,.]*", passage.text)) > 2 or _comes_again(surface, passage.text):
                continue  # more than one number: others could be meant
            value = float(surface.replace(",", ""))
            offered = [_written_like(surface, value * factor) for factor in _FACTORS]
            offered = [each for each in dict.fromkeys(offered) if each != surface and _stands_nowhere(each, passage)]
            below = [each for each in offered if _value(each) < value]
            above = [
                each for each in offered if _value(each) > value and not ("%" in found["unit"] and _value(each) > 100)
            ]
            if value < 3 or len(below) < 2 or len(above) < YEARS_OFFERED or "percent" in found["unit"]:
                continue
            yield Candidate(
                kind="choice",
                aim="number",
                bloom="remember",
                stem=f"Which number completes this sentence? “{_gapped(passage.text, *found.span('number'))}”",
                asked=surface,
                passages=(passage,),
                answer=surface,
                options=(*below, *above),
            )

    def _people(self, passage: Passage) -> Iterable[Candidate]:
        """Who did it: wrong are people of the article that no sentence like this one speaks of."""
        for found in (*_ACTS.finditer(passage.text), *_BY_SOMEONE.finditer(passage.text)):
            name, start, end = found["name"], found.start("name"), found.end("name")
            last = name.split()[-1]
            if name not in self._persons or passage.text.count(last) > 1 or last in self._main.name:
                continue
            wrong = [each for each in self._persons if self._is_wrong_for(each, name, passage)]
            self._rng.shuffle(wrong)
            if len(wrong) < 2 or word_count(passage.text) - word_count(name) < 8:
                continue
            yield Candidate(
                kind="choice",
                aim="recall",
                bloom="remember",
                stem=f"Which name completes this sentence? “{_gapped(passage.text, start, end)}”",
                asked=name,
                passages=(passage,),
                answer=name,
                options=tuple(wrong[:_WRONG_PEOPLE]),
            )
            return

    def _is_wrong_for(self, other: str, name: str, passage: Passage) -> bool:
        if {fold(word) for word in other.split()} & {fold(word) for word in name.split()}:
            return False
        if names(passage.text, other) or other.split()[-1] in passage.text or names(self._main.name, other):
            return False
        said = set(stems(passage.text))
        near = (each for each in self._main.passages if other.split()[-1] in each.text)
        return all(len(said & set(stems(each.text))) < _FAR_APART * len(said) for each in near)

    @cached_property
    def _persons(self) -> list[str]:
        """Full names of people whom the article lets do something, in order."""
        text = self._main.document.text
        found = [each["name"] for each in (*_ACTS.finditer(text), *_BY_SOMEONE.finditer(text))]
        return [name for name in dict.fromkeys(found) if not _NO_PERSON.search(name)]

    def _judged(self, facts: Sequence[Candidate]) -> Iterable[Candidate]:
        """Each choice as a statement: with its own answer true, with a wrong one false."""
        for fact in facts:
            passage = fact.passages[0]
            _, _, gapped = fact.stem.partition("“")
            wrong = self._rng.choice(fact.options)
            for said, is_true in ((passage.text, True), (gapped.removesuffix("”").replace(GAP, wrong), False)):
                yield statement(said, aim=fact.aim, asked=fact.asked, passage=passage, is_true=is_true)

    def _reason(self, passage: Passage) -> Iterable[Candidate]:
        """A sentence that gives its reason: the first half is shown, the whole is the answer."""
        found = _REASON.search(passage.text)
        if found is None or re.match(r"(?:Because|In order|Due)", passage.text):
            return
        said, reason = passage.text[: found.start()], passage.text[found.end() :]
        if word_count(said) < 5 or word_count(reason) < 3 or said.count("(") != said.count(")") or said.count('"') % 2:
            return
        if not self._is_worth_a_reason(passage):
            return
        yield Candidate(
            kind="short",
            aim="reason",
            bloom="understand",
            stem=f"What reason does the lesson give for this? “{said}”",
            asked=self._subject_of(said),
            passages=(passage,),
            answer=passage.text,
        )

    @staticmethod
    def _is_worth_a_reason(passage: Passage) -> bool:
        return len(_REASON.findall(passage.text)) == 1 and not re.search(r"[“”]", passage.text)

    def _subject_of(self, said: str) -> str:
        """What the question is about: a name of the sentence, or its first words of content."""
        words = [word.strip(",;:()\"'’") for word in said.split()]  # noqa: RUF001
        content = [word for word in words if stems(word) and not states(word)]
        return " ".join(content[:2])

    def _examples(self, passage: Passage) -> Iterable[Candidate]:
        """A sentence that ends with its examples."""
        found = _EXAMPLES.search(passage.text)
        if found is None or not _SEVERAL.search(found["listed"]) or re.search(r"[“”\"]", passage.text):
            return
        start, end = found.span("listed")
        if states(found["before"]) or set(stems(found["listed"])) & set(stems(passage.text[:start])):
            return  # "there are, for example, …": of what, the word before does not tell
        yield Candidate(
            kind="short",
            aim="recall",
            bloom="remember",
            stem=f"Give the examples that complete this sentence: “{passage.text[:start]}{GAP}{passage.text[end:]}”",
            asked=found["before"],
            passages=(passage,),
            answer=passage.text[start:end],
        )

    def _together(self, passage: Passage, terms: Sequence[Term]) -> Iterable[Candidate]:
        """A sentence that speaks of two of the lesson's terms and defines neither."""
        main = self._main.term
        there = [term for term in terms if _speaks_of(passage.text, term)]
        for term in there:
            pairs = main is not None and main in there and term is not main and passage is not main.definition
            if (
                pairs
                and main
                and term.is_common_noun
                and passage is not term.definition
                and not shares_words(main, term)
            ):
                yield Candidate(
                    kind="short",
                    aim="connect",
                    bloom="analyze",
                    stem=f"How does the lesson connect {main.in_general} and {term.in_general}?",
                    asked=term.running,
                    passages=(passage,),
                    answer=passage.text,
                )

    def _called(self, term: Term, distractors: Distractors) -> Iterable[Candidate]:
        """An explanation that ends with its term: the term is the gap."""
        if term.how != "called" or not term.definition.stands_alone:
            return
        text, name = term.definition.text, term.running
        found = re.search(rf"\b{re.escape(name)}\b", text)
        masked = mask(text, *found.span(), term) if found else None
        if masked is None or re.search(rf"{GAP}[”\"]? (?:or|and)\b|{GAP}, or\b", masked):
            return
        yield Candidate(
            kind="cloze",
            aim="define",
            bloom="remember",
            stem=f"Fill in the gap: “{masked}”",
            asked=name,
            passages=(term.definition,),
            answer=name,
        )
        wrong = [each for each in distractors.for_term(term, term.definition) if each.running != name]
        if len(wrong) >= 2:
            yield Candidate(
                kind="choice",
                aim="define",
                bloom="remember",
                stem=f"Which term completes this sentence? “{masked}”",
                asked=name,
                passages=(term.definition,),
                answer=name,
                options=tuple(each.running for each in wrong),
            )

    def _opposites(self, passage: Passage) -> Iterable[Candidate]:
        """A sentence as it stands, and with a word in it turned into its opposite."""
        found = opposite_in(passage.text)
        if found is None:
            return
        start, end, other = found
        turned = passage.text[:start] + other + passage.text[end:]
        for said, is_true in ((passage.text, True), (turned, False)):
            yield statement(said, aim="recall", asked=passage.text[start:end], passage=passage, is_true=is_true)

    def _halves(self, passages: Sequence[Passage]) -> Iterable[Candidate]:
        """Sentences cut behind their subjects, to be put together again; no end speaks of another's beginning."""
        cut = [(passage, *halves) for passage in passages if (halves := halves_of(passage.text))]
        cut = [each for each in cut if not self._means_the_topic(each[1])]
        self._rng.shuffle(cut)
        yield from self._ends(cut)
        for first in range(min(4, len(cut))):
            chosen: list[tuple[Passage, str, str]] = []
            for passage, left, right in cut[first:] + cut[:first]:
                if len(chosen) < 4 and all(_are_apart((left, right), each[1:]) for each in chosen):
                    chosen.append((passage, left, right))
            if len(chosen) >= 3:
                yield Candidate(
                    kind="match",
                    aim="recall",
                    bloom="remember",
                    stem="Match each beginning to the end of its sentence.",
                    asked=chosen[0][1],
                    passages=tuple(each[0] for each in chosen),
                    pairs=tuple((left, right) for _, left, right in chosen),
                )

    def _means_the_topic(self, subject: str) -> bool:
        """Whether a subject is what the article is about, or stands for another word: "The concept".

        What holds for the topic may hold for a part or a kind of it, which another sentence speaks of.
        """
        if re.fullmatch(r"The [a-z’'-]+", subject):  # noqa: RUF001
            return True
        return not set(stems(self._main.title)).isdisjoint(stems(subject))

    @staticmethod
    def _ends(cut: Sequence[tuple[Passage, str, str]]) -> Iterable[Candidate]:
        """A beginning with its own end and those of other sentences, all in the singular or all in the plural."""
        for passage, left, right in cut:
            others: list[tuple[str, str]] = []
            for other, left2, right2 in cut:
                fit = is_of_many(right) == is_of_many(right2) and _are_apart((left, right), (left2, right2))
                if other is not passage and fit and all(right2 != each[1] for each in others):
                    others.append((left2, right2))
            wrong = [each for _, each in others if not names(passage.text, each)]
            longer = [each for each in wrong if len(each) >= len(right)]
            if len(wrong) >= 2:
                offered = [*longer[:1], *(each for each in wrong if each not in longer[:1])][:_WRONG_PEOPLE]
                yield Candidate(
                    kind="choice",
                    aim="recall",
                    bloom="remember",
                    stem=f"Which end completes this sentence? “{left} {GAP}.”",
                    asked=left,
                    passages=(passage,),
                    answer=right,
                    options=tuple(offered),
                )


def _are_apart(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether of two sentences neither's end could belong to the other's beginning: other words, the same number."""
    (left, right), (left2, right2) = one, other
    ours, theirs = set(stems(left)), set(stems(left2))
    return not (ours & theirs or ours & set(stems(right2)) or theirs & set(stems(right)))


def _gapped(text: str, start: int, end: int) -> str:
    return text[:start] + GAP + text[end:]


def _written_like(surface: str, value: float) -> str:
    """A number with as many decimals as `surface`, its commas, and as round as it is."""
    if "." in surface:
        return f"{value:.1f}"
    digits = surface.replace(",", "")
    zeros = len(digits) - len(digits.rstrip("0"))
    step = 10 ** max(0, min(zeros, len(str(int(value))) - 1)) if zeros else 1
    rounded = max(1, round(value / step)) * step
    return f"{rounded:,}" if "," in surface or rounded >= 10_000 else str(rounded)


def _comes_again(number: str, text: str) -> bool:
    """Whether another number of the text has a group of its digits."""
    said = tokens(text)
    return any(said.count(group) > 1 for group in tokens(number))


def _value(number: str) -> float:
    return float(number.replace(",", ""))


def _stands_nowhere(number: str, passage: Passage) -> bool:
    """Whether the passage has the number's digits nowhere, not as the end of a longer number either."""
    return f" {' '.join(tokens(number))} " not in f" {' '.join(tokens(passage.text))} "


def _speaks_of(text: str, term: Term) -> bool:
    return re.search(rf"\b{re.escape(term.running)}(?:e?s)?\b", text) is not None
