"""Flaws of the options of a choice: what they are, how they are worded, in which order they stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import permutations

from lessongen.check.items.paper import Item, Paper, content
from lessongen.check.items.quantities import in_sequence, quantity
from lessongen.check.report import Findings
from lessongen.check.word_rules.vocabulary import UNITS
from lessongen.lesson.questions.match import Match
from lessongen.lesson.questions.order import Order
from lessongen.text.abbreviations import kinds_of
from lessongen.text.nouns import indefinite, is_plural
from lessongen.text.passages import words
from lessongen.text.sentences import ends_like_a_sentence
from lessongen.text.words import tokens

_FEWEST_WORDS_OF_A_SENTENCE = 3
_MOST_WORDS_PUT_TOGETHER = 5
_HAS_NUMBER = re.compile(r"\d")
_PART_OF_OPTION = re.compile(r"\w+|[√−-]")  # noqa: RUF001
# Beside numbers these are answers of the same kind: "no beads", "it cannot be told".
_NO_NUMBER = re.compile(
    r"\b(?:none|no|nothing|zero|never|infinite\w*|endless\w*|half|all|both|same|equal|many|few|enough|unknown|depends?"
    r"|more|less|fewer|cannot|can't|impossible|today|now|once|twice)\b",
    re.IGNORECASE,
)
_ARTICLE_AT_END = re.compile(r"\b(an?)[ ]*(?:_{3,}[ ]*)?[.:…]*[”\"]?$", re.IGNORECASE)
_VERB_AT_END = re.compile(r"\b(is|was|are|were)[ ]+(an?[ ]+)?(?:_{3,}[ ]*)?[.:…]*[”\"]?$", re.IGNORECASE)
_NOUN_ENDS = re.compile(r"\b(?:of|in|that|to|with|for|by|from|on|which|who|at|as|and)\b|,")

_TO_DO = re.compile(
    r"to (?!the\b|an?\b|his\b|her\b|its\b|their\b|each\b|every\b|this\b|that\b|be\b)[a-z]+", re.IGNORECASE
)
_BECAUSE = re.compile(r"because\b", re.IGNORECASE)
_BY_DOING = re.compile(r"by [a-z]{2,}ing\b", re.IGNORECASE)
_DOING = re.compile(
    r"(?!\w*(?:string|spring|during|morning|evening|ceiling|king|ring|wing|thing|building)s?\b)\w{2,}ing \w"
)

_ALL = r"(?:all|none|any|both|neither|either|each|every one|everything|anything|nothing|two|some|most|more than one)"
_OF_THEM = r"(?: (?:of|in))?(?: (?:the|these|those|them))?(?: (?:other|two|three|four|five))*"
_RIGHT = r"(?:correct|right|true|false|wrong|possible)"
_ABOVE = re.compile(
    rf"\b{_ALL}\b{_OF_THEM} (?:above|below|options?|answers?|choices|statements|others?)\b"
    rf"|^{_ALL}\b[^.]{{0,30}} (?:above|mentioned|listed here|named here)\b"
    rf"|^(?:{_ALL}|they)\b(?: (?:of|the|these|those|them|two|three|four|here|are))* (?:is|are) (?:all )?{_RIGHT}\b"
    rf"|\bthe above\b|\babove (?:options|answers)\b|\bthe others?(?: \w+)? are (?:all )?{_RIGHT}\b",
    re.IGNORECASE,
)
_ALL_OF_THEM = re.compile(
    r"^(?:all|none|both|neither|any)(?: of)? (?:these|those|them)(?: (?:things|reasons|causes|places))?[.]?$"
    r"|^all (?:two|three|four|five)(?: of (?:these|those|them))?[.]?$",
    re.IGNORECASE,
)
_FIRST_WORDS = r"^(?i:(?:both|only|either|neither|just|answers?|options?|statements?) )*"
_AND = r"(?:,| and| or|, and| nor| &|/)"
_LETTER = r"\(?(?:[A-E]|I{1,3}|IV|V)\)?"
_LETTERED = re.compile(
    rf"{_FIRST_WORDS}{_LETTER}(?:{_AND} ?{_LETTER})+(?: only| are (?:both |all )?(?:right|true|correct))?[.]?$"
)
_NUMBERED = re.compile(rf"{_FIRST_WORDS}\(?\d\)?(?:{_AND} ?\(?\d\)?)+(?: only)?[.]?$")
_LABEL_IN_STEM = re.compile(r"(?<![\w.“\"])(?!I\b|A [a-z])[A-E]\b(?!\w)")
# What is called A has a B beside it; "Lyndon B. Johnson" and "B major" are names.
_NAME_OF_A_LETTER = re.compile(
    r"(?:(?<=\band )|(?<=\bor )|(?<=\bthan ))[B-E]\b(?!['’\w-])"  # noqa: RUF001
    r"|(?<![\w.'’-])[B-E](?=$|[ ,;:?!)]|\.$)(?! (?:major|minor|flat|sharp)\b)"  # noqa: RUF001
)
_NUMBERED_STEM = re.compile(r"(?:^|\s)\(?[123][.)] ")
_BOTH = re.compile(r"^(?:both )?(.+?),? (?:and|as well as) (.+)$", re.IGNORECASE)
_GOES_BACK = re.compile(
    r"(?:then|they|it|he|she|this|these|that|after (?:that|this)|next|finally|lastly|at (?:last|first)|first|so"
    r"|therefore|as a result|at the end|in the end)\b",
    re.IGNORECASE,
)
_GOES_ON = frozenset(
    "and or but because of with in on at for by which that so while when who from to as since until".split()
)
_TURNED_ROUND = frozenset("not no never non without un anti".split())


def options_kind(paper: Paper) -> Findings:
    """For “1741, 1802, a carpenter”, or a whole sentence beside phrases: the options are of one kind."""
    for item in paper.written:
        options = item.question.listed if item.wrong else ()
        numbers = [option for option in options if quantity(option)]
        others = [option for option in options if not (_HAS_NUMBER.search(option) or _is_number_like(option))]
        if numbers and others:
            yield (
                item.where,
                (f"“{others[0]}” is no number or date, “{numbers[0]}” is one: make all options one kind of thing."),
            )
        whole = [option for option in options if _is_sentence(option)]
        if whole and len(whole) < len(options):
            other = next(option for option in options if option not in whole)
            yield (
                item.where,
                (f"“{whole[0]}” ends as a sentence and “{other}” does not: make all options sentences, or none."),
            )


def _is_number_like(option: str) -> bool:
    """Whether it is of the same kind as numbers: "a month", "no beads", "one of them"."""
    said = [token for token in tokens(option) if token not in ("a", "an", "the", "one")]
    if quantity(option) or _NO_NUMBER.search(option):
        return True
    return "one" in tokens(option) or all(each in UNITS for each in said)


def _is_sentence(option: str) -> bool:
    """Whether an option ends with a full stop that is not an abbreviation's ("Sammy Davis Jr."), or another mark."""
    is_long = len(option.split()) >= _FEWEST_WORDS_OF_A_SENTENCE
    return is_long and ends_like_a_sentence(option) and not kinds_of(option.split()[-1].removesuffix("."))


def options_grammar(paper: Paper) -> Findings:
    """For “an ____” with “oar, punt, mast”, “are ____” with “beads, a frame”, “to float, because it is light”."""
    for item in paper.written:
        if not item.wrong:
            continue
        message = _unfit_article(item) or _unfit_number(item) or _unlike_opening(item.question.listed)
        if message:
            yield item.where, message


def _unfit_article(item: Item) -> str:
    found = _ARTICLE_AT_END.search(item.question.stem.strip())
    if found is None:
        return ""
    article = found[1].lower()
    unfit = [option for option in item.wrong if indefinite(option).split()[0] != article]
    if indefinite(item.key).split()[0] != article or not unfit:
        return ""
    return (
        f"“{article}” at the end of the stem fits “{item.key}” but not “{unfit[0]}”: move the article into the options."
    )


def _unfit_number(item: Item) -> str:
    found = _VERB_AT_END.search(item.question.stem.strip())
    if found is None or any(len(option.split()) > _FEWEST_WORDS_OF_A_SENTENCE + 1 for option in item.question.listed):
        return ""
    wants_many = found[1].lower() in ("are", "were")
    unfit = [option for option in item.wrong if _is_many(option) is not wants_many]
    if _is_many(item.key) is not wants_many or not unfit:
        return ""
    if not wants_many and not found[2]:
        return ""  # "The answer is ____" takes what it likes
    return f"“{found[1]}” in the stem fits “{item.key}” but not “{unfit[0]}”: let all options agree with it."


def _is_many(option: str) -> bool:
    return is_plural(_NOUN_ENDS.split(option.strip(" .").lower())[0].strip())


def _unlike_opening(options: Sequence[str]) -> str:
    for marked, plain_too in ((_BECAUSE, True), (_TO_DO, True), (_BY_DOING, False), (_DOING, False)):
        opening = [option for option in options if marked.match(option)]
        others = [option for option in options if option not in opening]
        is_odd = len(others) == 1 or (plain_too and len(opening) == 1)
        if opening and others and is_odd and all(len(option.split()) > 1 for option in options):
            return f"“{opening[0]}” and “{others[0]}” are built differently: begin all options with the same form."
    return ""


def above(paper: Paper) -> Findings:
    """For “all of the above”, “none of these”, “both answers are right”, in any wording."""
    for item in paper.items:
        listed = item.question.listed if item.wrong else ()
        of_them = [option for option in listed if _ALL_OF_THEM.search(option.strip())]
        found = [option for option in listed if _ABOVE.search(option)]
        found += of_them if len(of_them) == 1 else []
        if found:
            yield item.where, f"“{found[0]}” is no answer of its own: write an option that says something."


def k_type(paper: Paper) -> Findings:
    """For “both A and B”, “I and III only”, and an option that is two others joined."""
    for item in paper.items:
        listed = item.question.listed if item.wrong else ()
        stem = item.question.stem
        found = [option for option in listed if _LETTERED.search(option.strip()) and not _LABEL_IN_STEM.search(stem)]
        if _NUMBERED_STEM.search(stem):
            found += [option for option in listed if _NUMBERED.search(option.strip())]
        if not _LABEL_IN_STEM.search(stem):
            found += [option for option in listed if _joins_two(option, listed)]
        if found:
            yield item.where, f"“{found[0]}” is made of other options: let each option stand for itself."


def lettered_names(paper: Paper) -> Findings:
    """For “Two surfaces, A and B …” over options that are lettered A, B, C: “A” then means two things."""
    for item in paper.written:
        texts = [item.question.stem, *item.question.listed] if item.wrong else []
        found = next(filter(None, map(_NAME_OF_A_LETTER.search, texts)), None)
        if found:
            yield item.where, f"“{found[0]}” is the letter of an option too: give what it stands for a name."


def _joins_two(option: str, options: Sequence[str]) -> bool:
    parts = _BOTH.search(option.strip(" ."))
    if parts is None:
        return False
    others = {words(other.strip(" .")) for other in options if other != option}
    return words(parts[1]) in others and words(parts[2]) in others


def options_unordered(paper: Paper) -> Findings:
    """For “1802, 1741, 1866”: options that are all numbers or dates rise or fall."""
    for item in paper.written:
        options = list(item.question.listed) if item.wrong else []
        rising = in_sequence(options)
        if rising is not None and options not in (rising, rising[::-1]):
            yield item.where, f"The options are numbers out of order: list them as {', '.join(rising)}."


def options_contained(paper: Paper) -> Findings:
    """For “wood, cedar wood”: no option says all that another says, so that if one is right both are."""
    for item in paper.written:
        options = item.question.listed if item.wrong else ()
        for part, whole in permutations(options, 2):
            if part != whole and _is_contained(part, whole) and not _joins_two(whole, options):
                yield (
                    item.where,
                    f"“{part}” lies inside “{whole}”: if one is right, so is the other. Replace one of them.",
                )
                break


def _is_contained(part: str, whole: str) -> bool:
    if quantity(part) or quantity(whole) or not content(part):
        return False
    inner, outer = words(part), words(whole)
    if inner == outer:
        return part.casefold() <= whole.casefold()
    rest = len(outer) - len(inner)
    if rest <= 0:
        return False
    if outer[rest:] == inner:  # "cedar wood": a kind of wood
        return not _TURNED_ROUND & set(outer[:rest]) and len(inner) + rest <= _FEWEST_WORDS_OF_A_SENTENCE + 2
    # "the keel and the mast"; but "carbon dioxide" is no carbon.
    return outer[: len(inner)] == inner and outer[len(inner)] in _GOES_ON


def convergence(paper: Paper) -> Findings:
    """For “white and round, white and square, red and round”: the key is what most options have a part of."""
    for item in paper.written:
        if not item.wrong:
            continue
        sets = {option: content(option) for option in item.question.listed}
        common = frozenset.intersection(*sets.values())
        sets = {option: found - common for option, found in sets.items()}
        if by_majority(item.key, item.wrong) or (
            _is_put_together(item.key, sets) and not any(_is_put_together(option, sets) for option in item.wrong)
        ):
            yield (
                item.where,
                (
                    f"Each part of “{item.key}” stands in another option too, which gives it away: "
                    "let wrong options share as much with each other."
                ),
            )


def by_majority(key: str, wrong: Sequence[str]) -> bool:
    """Whether at each place where options differ most of them have what the key has: "2 K + Br₂" by "3 K + Br₂".

    Options that differ at one place alone, that have places of their own, or that are long are no such case.
    """
    options = [_PART_OF_OPTION.findall(option) for option in (key, *wrong)]
    if len(set(map(len, options))) > 1 or sum(map(str.islower, options[0])) > _MOST_WORDS_PUT_TOGETHER:
        return False
    places = [place for place in zip(*options, strict=True) if len(set(place)) > 1]
    counts = [Counter(place) for place in places]
    return len(places) > 1 and all(
        count[place[0]] > max(times for part, times in count.items() if part != place[0])
        for place, count in zip(places, counts, strict=True)
    )


def _is_put_together(option: str, sets: dict[str, frozenset[str]]) -> bool:
    """Whether an option has two telling words or more, each of them in another option, and no one has them all."""
    own = sets[option]
    shared = [own & other for each, other in sets.items() if each != option]
    if len(option.split()) > _MOST_WORDS_PUT_TOGETHER or len(own) < 2 or any(each == own for each in shared):
        return False  # of long options, each word may stand in another by chance
    return frozenset().union(*shared) == own


def match_by_elimination(paper: Paper) -> Findings:
    """For a match of four to four, the last pair of which is left over."""
    for item in paper.written:
        if isinstance(item.question, Match) and not item.question.spare:
            yield item.where, "The last pair is left over: add something on the right that fits none, for a reason."


def order_opening(paper: Paper) -> Findings:
    """For “They sail home” among the things to order: an opening that needs what comes before shows its place."""
    for item in paper.written:
        items = item.question.in_order if isinstance(item.question, Order) else ()
        found = [each for each in items[1:] if _GOES_BACK.match(each)]  # the first one goes back to the stem
        if 0 < len(found) < len(items) / 2:
            yield item.where, f"“{found[0][:40]}” shows by its first word where it stands: open it with what it names."


def key_longest(paper: Paper) -> Findings:
    """For a key of twelve careful words beside wrong options of five."""
    for item in paper.written:
        if not item.wrong:
            continue
        longest = max(item.wrong, key=lambda option: (len(option.split()), len(option)))
        key, other = len(item.key.split()), len(longest.split())
        if key >= other + 3 and len(item.key) >= 1.25 * max(map(len, item.wrong)):
            yield (
                item.where,
                (f"The right option has {key} words, the longest wrong one {other}: make them about as long."),
            )
