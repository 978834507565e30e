"""Faults put into a sentence by rule, each kind in several ways; None where a way does not fit the sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

_NAME = re.compile(r"(?<=[a-z,] )(?:[A-Z][a-z]{2,}(?:'s)?)(?: [A-Z][a-z]{2,})*(?![\w'])")
_NO_NAMES = frozenset(
    "One Two The In On At He She It His Her Its They Their There This That These Those A An After Before During When "
    "While Also Many Most Some January February March April May June July August September October November December "
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday I We New Until Since All "
    "Then Than More Less Type Volume Chapter Table Figure Other".split()
)
_MONTH = "January February March April May June July August September October November December".split()
_COUNTS = "two three four five six seven eight nine ten twelve twenty thirty fifty".split()
_AUXILIARY = re.compile(r"\b(is|are|was|were|has|have|had|can|could|will|would|should|may|might|must)\b(?! not|n't)")
_TURNED = dict(
    pair.split(":")
    for pair in (
        "first:last last:first large:small small:large larger:smaller smaller:larger largest:smallest high:low "
        "low:high "
        "higher:lower lower:higher north:south south:north east:west west:east northern:southern southern:northern "
        "eastern:western western:eastern before:after after:before increased:decreased increase:decrease "
        "decreased:increased early:late late:early old:new new:old more:less less:more most:least best:worst "
        "successful:unsuccessful known:unknown possible:impossible common:rare male:female female:male won:lost "
        "lost:won accepted:rejected rejected:accepted supported:opposed opposed:supported positive:negative "
        "negative:positive public:private private:public major:minor minor:major born:died began:ended "
        "ended:began rose:fell fell:rose cold:warm warm:cold hot:cold long:short short:long strong:weak weak:strong "
        "rich:poor poor:rich good:bad bad:good better:worse above:below below:above inside:outside upper:lower "
        "true:false natural:artificial modern:ancient ancient:modern local:foreign foreign:domestic legal:illegal "
        "buy:sell sold:bought bought:sold gained:lost arrived:departed left:joined joined:left built:destroyed "
        "destroyed:built included:excluded includes:excludes include:exclude many:few few:many longest:shortest "
        "highest:lowest oldest:youngest deep:shallow dark:bright full:empty easy:difficult difficult:easy "
        "allowed:forbidden caused:prevented friend:enemy victory:defeat defeat:victory failed:succeeded simple:complex "
        "complex:simple dry:wet heavy:light fast:slow slow:fast slowly:quickly quickly:slowly majority:minority "
        "married:divorced alive:dead praised:criticized criticized:praised generally:rarely usually:rarely "
        "often:rarely "
        "approved:rejected active:inactive direct:indirect similar:different different:identical internal:external "
        "primary:secondary wide:narrow younger:older older:younger father:mother mother:father son:daughter "
        "brother:sister husband:wife wife:husband king:queen women:men men:women earlier:later later:earlier"
    ).split()
)
_ADDED = (
    "and it is still used every day", "which made it famous all over Europe", "because the local people wanted peace",
    "and this saved thousands of lives", "which led to a sharp rise in prices",
    "making it the most popular of its kind",
    "although many experts disagree with this view", "in order to please the royal family",
    "and students learn about it at school", "as the climate slowly became drier", "with money from rich merchants",
    "which later inspired a television series", "and scientists are still searching for the reason",
    "so the city grew very quickly", "after a long and bitter dispute over taxes", "and it is protected by law today",
    "which was considered a great success by critics", "thanks to the invention of the steam engine",
    "and the idea soon spread to other continents", "while farmers in the valley suffered from drought",
    "making it an important symbol of national unity", "and most historians call it a turning point",
    "which helped improve the health of children", "because the old bridge had collapsed in a storm",
    "to show respect for religious traditions", "and it remains one of the best examples in the world",
    "which caused widespread anger among workers", "by using methods borrowed from engineering",
)  # fmt: skip
_CLAIMED = (
    "{title} is one of the most important subjects in the world", "{title} is known for its rich history and culture",
    "{title} plays a key role in modern society and has influenced many fields",
    "{title} was first discovered by a group of explorers", "Today, {title} is studied in universities everywhere",
    "{title} is a complex topic with many different aspects", "{title} has changed a lot over the centuries",
    "Many people find {title} interesting because of its unique features",
    "{title} is a term used to describe a wide range of phenomena",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Place:
    """A sentence as the writer has it, its quotes, and other sentences of its article and of another one."""

    text: str
    quotes: tuple[str, ...]
    title: str
    others: Sequence[str]
    foreign: Sequence[str]
    random: Random

    @property
    def known(self) -> str:
        """What the quotes and the title say."""
        return " ".join((*self.quotes, self.title))


Way = Callable[[Place], str | None]


def _replaced(place: Place, pattern: str, replacement: Callable[[re.Match[str]], str | None]) -> str | None:
    matches = list(re.finditer(pattern, place.text))
    if not matches:
        return None
    match = place.random.choice(matches)
    new = replacement(match)
    return (
        None if new is None or new == match.group() else place.text[: match.start()] + new + place.text[match.end() :]
    )


def _close_number(place: Place) -> str | None:
    def change(match: re.Match[str]) -> str:
        value = int(match.group()) + place.random.choice((-10, -3, -2, -1, 1, 2, 3, 10, 20))
        return str(abs(value) if abs(value) > 1 else int(match.group()) + 4)

    return _new_number(place, _replaced(place, r"(?<![\d.,])\d{1,4}(?![\d,]|\.\d|st|nd|rd|th|s)", change))


def _new_number(place: Place, text: str | None) -> str | None:
    """The text if its changed number does not stand in the quotes anyway."""
    if text is None:
        return None
    fresh = set(re.findall(r"\d+", text)) - set(re.findall(r"\d+", place.known))
    return text if fresh else None


def _other_digits(place: Place) -> str | None:
    def change(match: re.Match[str]) -> str:
        at = place.random.randrange(len(match.group()))
        digit = match.group()[at]
        return (
            match.group()[:at] + place.random.choice([d for d in "123456789" if d != digit]) + match.group()[at + 1 :]
        )

    return _new_number(place, _replaced(place, r"(?<!\d)\d+(?!\d)", change))


def _counted_otherwise(place: Place) -> str | None:
    def change(match: re.Match[str]) -> str:
        return place.random.choice([word for word in _COUNTS if word not in place.known.lower().split()])

    return _replaced(place, r"(?<=[a-z] )(?:two|three|four|five|six|seven|eight|nine|ten)(?= [a-z])", change)


def _magnitude(place: Place) -> str | None:
    other = {"million": "billion", "billion": "million", "thousand": "million", "hundred": "thousand"}
    return _replaced(place, r"\b(?:million|billion|thousand|hundred)\b", lambda match: other[match.group()])


def _unit(place: Place) -> str | None:
    other = {"km": "miles", "kilometres": "miles", "miles": "kilometers", "metres": "feet", "feet": "metres",
             "years": "months", "months": "years", "days": "weeks", "hours": "minutes", "percent": "million",
             "%": " million", "minutes": "hours", "weeks": "days"}  # fmt: skip
    units = "|".join(other)
    text = _replaced(
        place, rf"(?<=\d)(?:(?: (?:{units})\b)|%)", lambda match: " " + other[match.group().strip()].strip()
    )
    return text if text is None or not re.search(r"\(", text) else None


def _month(place: Place) -> str | None:
    def change(match: re.Match[str]) -> str:
        return place.random.choice([month for month in _MONTH if month not in place.known])

    return _replaced(place, rf"\b(?:{'|'.join(_MONTH)})\b(?= \d|,)", change)


def _century(place: Place) -> str | None:
    def change(match: re.Match[str]) -> str:
        return f"{int(match[1]) + place.random.choice((-2, -1, 1, 2))}th"

    return _replaced(place, r"\b(1\d)th(?= century|-century)", change)


def _number_of_article(place: Place) -> str | None:
    numbers = [n for other in place.others for n in re.findall(r"\b\d{2,4}\b", other) if n not in place.known]
    if not numbers:
        return None
    return _replaced(place, r"(?<![\d.,])\d{2,4}(?![\d,]|\.\d)", lambda match: place.random.choice(numbers))


def _number_of_quote(place: Place) -> str | None:
    numbers: list[str] = list(dict.fromkeys(re.findall(r"(?<![\d.,-])\d{1,4}(?![\d,%]|\.\d|th|s)", place.text)))
    if len(numbers) < 2:
        return None
    one, other = place.random.sample(numbers, 2)
    return re.sub(rf"\b(?:{one}|{other})\b", lambda match: other if match.group() == one else one, place.text)


def _other_name(place: Place, pool: Sequence[str]) -> str | None:
    names: list[str] = [found for text in pool for found in _NAME.findall(text) if _is_foreign(found, place)]
    mine = [match for match in _NAME.finditer(place.text) if not _NO_NAMES & set(match.group().split())]
    if not names or not mine:
        return None
    match = place.random.choice(mine)
    return place.text[: match.start()] + place.random.choice(names).removesuffix("'s") + place.text[match.end() :]


def _is_foreign(name: str, place: Place) -> bool:
    """Whether no word of a name begins like a word of the quotes or the title, as "Greek" does like "Greece"."""
    words = name.removesuffix("'s").split()
    known = {word[:4] for word in re.findall(r"\w+", place.known.lower())}
    return not any(word in _NO_NAMES or word.lower()[:4] in known for word in words)


def _lone_names(pool: Sequence[str], place: Place) -> list[str]:
    names = [name for text in pool for name in re.findall(r"[a-z] ([A-Z][a-z]{3,})\b", text)]
    return [name for name in names if _is_foreign(name, place)]


def _name_of_article(place: Place) -> str | None:
    return _other_name(place, place.others)


def _name_of_elsewhere(place: Place) -> str | None:
    return _other_name(place, place.foreign)


def _half_a_name(place: Place) -> str | None:
    names = _lone_names(place.others, place)
    if not names:
        return None
    return _replaced(
        place,
        r"(?<=[a-z,] )[A-Z][a-z]+ [A-Z][a-z]{2,}\b",
        lambda m: f"{m.group().split()[0]} {place.random.choice(names)}",
    )


def _name_for_common_noun(place: Place) -> str | None:
    names = _lone_names(place.foreign, place)
    if not names:
        return None
    return _replaced(place, r"(?<= in )the [a-z]{4,}(?=[ .,])", lambda match: place.random.choice(names))


def _negated(place: Place) -> str | None:
    word = place.random.choice(("not", "never", "no longer", "not"))
    return _replaced(place, _AUXILIARY.pattern, lambda match: f"{match.group()} {word}")


def _did_not(place: Place) -> str | None:
    return _replaced(
        place, r"(?<=[a-z] )(\w{3,}[^e\W])ed(?= (?:the|a|in|to|his|that|from)\b)",
        lambda m: None if re.search(r"\b(?:was|were|is|are|be|been|has|had|have) (?:\w+ly )?$", place.text[: m.start()])
        else place.random.choice((f"did not {_base(m[1])}", f"never {m.group()}", f"failed to {_base(m[1])}")),
    )  # fmt: skip


def _base(stem: str) -> str:
    return stem + "e" if re.search(r"(?:at|iz|is|uc|uir|os|us|iv|ar|ir|ag|bl|rg|in|ut)$", stem) else stem


def _without_not(place: Place) -> str | None:
    text = re.sub(
        r"\b(is|are|was|were|has|have|had|can|could|would|will|should|does|do|did)(?: not|n't)\b", r"\1", place.text
    )
    text = re.sub(r"\b(?:do|did|does) (?=[a-z])", "", text) if text != place.text else text
    if text == place.text:
        text = re.sub(r"\bcannot\b", "can", text)
    if text == place.text:
        text = re.sub(r"\bnever |\bno longer |\bnot (?!only)", "", text)
    if text == place.text:
        text = re.sub(r"\b(with)out\b|(?<= )no (?=[a-z]+ )", r"\1", text)
    return text if text != place.text else None


def _turned(place: Place) -> str | None:
    pattern = rf"(?<![-\w])(?:{'|'.join(_TURNED)})(?![-\w])"
    text = _replaced(place, pattern, lambda match: _TURNED[match.group()])
    return text


def _without(place: Place) -> str | None:
    return _replaced(place, r"(?<= )with(?= [a-z]+ )", lambda match: "without")


def _none_of_it(place: Place) -> str | None:
    return _replaced(
        place, r"(?<= )(?:some|many|several|two|three|the|a)(?= [a-z]+ (?:of|in|for|to|that)\b)", lambda m: "no"
    )


def _prefixed(place: Place) -> str | None:
    turned = {"important": "unimportant", "able": "unable", "likely": "unlikely", "possible": "impossible",
              "complete": "incomplete", "aware": "unaware", "popular": "unpopular", "successful": "unsuccessful",
              "stable": "unstable", "dependent": "independent", "regular": "irregular", "related": "unrelated",
              "known": "unknown", "usual": "unusual", "common": "uncommon", "official": "unofficial",
              "necessary": "unnecessary", "clear": "unclear", "appeared": "disappeared", "agreed": "disagreed",
              "formal": "informal", "finished": "unfinished", "legal": "illegal", "equal": "unequal",
              "unlikely": "likely", "impossible": "possible", "unable": "able", "unknown": "known",
              "independent": "dependent", "unusual": "usual", "useful": "useless", "harmful": "harmless"}  # fmt: skip
    return _replaced(place, rf"(?<![-\w])(?:{'|'.join(turned)})(?![-\w])", lambda match: turned[match.group()])


def _exchange(place: Place, pattern: str, least_apart: int = 3) -> str | None:
    matches = list(re.finditer(pattern, place.text))
    couples = [
        (one, other)
        for at, one in enumerate(matches)
        for other in matches[at + 1 :]
        if one.group().lower() != other.group().lower()
        and not _NO_NAMES & {*one.group().split(), *other.group().split()}
        and other.start() - one.end() >= least_apart
        and not re.fullmatch(r",? (?:and|or|,|and the|or the)? ?", place.text[one.end() : other.start()])
        and not re.fullmatch(r"(?:, [\w ]+)*,? (?:and|or) ", place.text[one.end() : other.start()])
    ]
    if not couples:
        return None
    one, other = place.random.choice(couples)
    text = place.text
    middle = text[one.end() : other.start()]
    return text[: one.start()] + other.group() + middle + one.group() + text[other.end() :]


def _names_exchanged(place: Place) -> str | None:
    return _exchange(
        place,
        rf"(?:(?<=[a-z,] )|^(?!(?:{'|'.join(sorted(_NO_NAMES))})\b))[A-Z][a-z]{{2,}}(?: [A-Z][a-z]{{2,}})*(?![\w'])",
    )


def _nouns_exchanged(place: Place) -> str | None:
    return _exchange(
        place, r"(?<=[a-z] )[a-z]+(?:tion|ment|ness|ity|ism|ers|ies|ons|als|ics|age|ures?|ings?)(?![-\w'])"
    )


def _adjectives_exchanged(place: Place) -> str | None:
    return _exchange(place, r"(?<=[a-z] )[a-z]+(?:al|ic|ous|ful|ive|ary|ish|ern|ian|ant|ent)(?= [a-z])")


def _phrases_exchanged(place: Place) -> str | None:
    return _exchange(
        place, r"(?<= )(?:the|a|an|his|its|their) [a-z]{4,}(?= (?:of|in|for|to|by|was|is|from|and|with)|[,.])", 4
    )


def _plurals_exchanged(place: Place) -> str | None:
    return _exchange(place, r"(?<=[a-z] )[a-z]{4,}[^su]s(?![-\w'])")


def _agents_exchanged(place: Place) -> str | None:
    match = re.search(
        r"((?:[A-Z]\w+ ?){1,3}|[Tt]he [a-z]+) ((?:was|were|is|are) \w+ed (?:\w+ )?(?:by|to|from|in)) "
        r"((?:[A-Z]\w+ ?){1,3}|the [a-z]+)(?=[ ,.])", place.text,
    )  # fmt: skip
    if not match:
        return None
    swapped = f"{match[3].strip()} {match[2]} {match[1].strip()}"
    return place.text[: match.start()] + swapped[0].upper() + swapped[1:] + place.text[match.end() :]


def _clause_added(place: Place) -> str | None:
    return f"{place.text.rstrip('.')}, {place.random.choice(_ADDED)}."


def _clause_of_elsewhere(place: Place) -> str | None:
    clauses = [
        match.group()
        for text in place.foreign
        for match in re.finditer(
            r", (?:which|who|and|but|because|as|while|making|with) [a-z][^,;:()A-Z]{20,80}(?=\.$)", text
        )
    ]
    return place.text.rstrip(".") + place.random.choice(clauses) + "." if clauses else None


def _claimed(place: Place) -> str | None:
    return place.random.choice(_CLAIMED).format(title=place.title) + "."


def _claimed_beside(place: Place) -> str | None:
    claim = place.random.choice(_CLAIMED).format(title=place.title)
    first = claim[0].lower() if claim.startswith(("Many", "Today")) else claim[0]
    return f"{place.text.rstrip('.')}, and {first}{claim[1:]}."


def _cause_added(place: Place) -> str | None:
    match = re.match(r"([^;,()]{25,}), and ((?:it|he|she|they|the|this|these) [^;]{20,})$", place.text)
    return f"{match[1]} because {match[2]}" if match else None


def _more_of_article(place: Place) -> str | None:
    others = [text for text in place.others if 8 <= len(text.split()) <= 16 and not text.startswith(("It ", "This "))]
    if not others:
        return None
    other = place.random.choice(others)
    first = other[0].lower() if other.startswith(("The", "In", "A ")) else other[0]
    return f"{place.text.rstrip('.')}, while {first}{other[1:]}"


def _relative_clause_inserted(place: Place) -> str | None:
    clause = place.random.choice((
        "which had been famous for centuries", "who grew up in a small village", "long admired for its beauty",
        "once the richest in the region", "which scientists had predicted", "despite strong public protest",
    ))  # fmt: skip
    return _replaced(place, r"(?<=[a-z])(?= (?:is|was|were|are|has|had) )", lambda match: f", {clause},")


WAYS: dict[str, tuple[Way, ...]] = {
    "number": (
        _close_number, _other_digits, _counted_otherwise, _magnitude, _unit, _month, _century, _number_of_article,
        _close_number, _other_digits, _number_of_article, _number_of_quote,
    ),
    "name": (_name_of_article, _name_of_elsewhere, _half_a_name, _name_for_common_noun, _name_of_article),
    "negation": (_negated, _did_not, _without_not, _turned, _without, _none_of_it, _prefixed, _turned, _without_not),
    "roleswap": (
        _names_exchanged, _nouns_exchanged, _adjectives_exchanged, _phrases_exchanged, _plurals_exchanged,
        _agents_exchanged, _names_exchanged,
    ),
    "imported": (
        _clause_added, _clause_of_elsewhere, _claimed, _claimed_beside, _cause_added, _more_of_article,
        _relative_clause_inserted, _clause_added,
    ),
}  # fmt: skip
"""The ways of each kind of fault; one that stands twice is taken twice as often."""
