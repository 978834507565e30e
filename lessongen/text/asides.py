"""Parts that an English sentence can do without: brackets, clauses with “which”, examples, appositions, second halves.

What is left when they are cut out says less and nothing else. The rules know a part by its punctuation and by the word
it opens with; they leave alone whatever could narrow, deny or hedge the rest, and where a sentence's own verb is not
plain to see. They find some of what could be cut, not all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lessongen.text.sentences import is_whole
from lessongen.text.words import word_count

_FEWEST_LEFT = 6  # words

_VERB = (
    r"(?:is|are|was|were|has|have|had|can|could|may|might|must|will|would|does|do|did|contains?|includes?|consists?"
    r"|consisted|refers?|occurs?|occurred|becomes?|became|begins?|began|wrote|gives?|gave|takes?|took|goes|went|grows?"
    r"|grew|knew|fell|rose|arose|chose|spoke|drew|flew|comes?|came|produces?|requires?|involves?|describes?|allows?"
    r"|depends?|provides?|belongs?|belonged|remains?|remained|enables?|converts?|absorbs?|makes|exists?|existed|serves?"
    r"|seeks?|holds|helps|eats?|depicts?|defines?|determines?|applies|apply|varies|vary|differs?|differed|follows"
    r"|ensures?|lived|died|lasted|appeared|happened|emerged|arrived|seems?|seemed|tends?|disappeared)\b"
)
_SUBORDINATE = re.compile(
    r"\b(?:that|which|who|whose|whom|where|when|whenever|while|whereas|if|although|though|because|since|as|whether|what"
    r"|whatever|how|why|unless|until|till|before|after|than|once|not only|neither|however(?!,))\b",
    re.IGNORECASE,
)
# A verb of no list is known by its ending and by the article of its object: "drives a shaft", "founded the guild".
_VERB_WITH_OBJECT = (
    r"(?!(?:sometimes|always|perhaps|besides|unless|across|towards|afterwards|nowadays|days|years|times|cases|ways|parts"
    r"|called|named|termed|considered|given|used|based|compared|said)\b)[a-z]{3,}(?:s|ed)(?= (?:an?|the|its|their|his"
    r"|her)\b)"
)
_OWN_VERB = re.compile(rf"\b(?:{_VERB}|{_VERB_WITH_OBJECT})(?P<comma>,?)")
_OPENS_WITH_PREPOSITION = re.compile(
    r"(?:In|At|On|During|For|By|Among|Of|With|From|To|Under|Over|Through|Within|Between|Despite|Unlike|Like|Besides"
    r"|Along|Across|Throughout|Around|About|Near|Upon|Via|Due)\b[^,]*$"
)
# What may narrow or deny what is left, or tell that it is no fact.
_LIMITS = re.compile(
    r"\b(?:no|never|none|nor|neither|except\w*|excluding|apart from|aside from|other than|unless|if|only|until|without"
    r"|but|although|though|however|rather|instead|otherwise|depending|depends?|provided|assuming|given|subject to"
    r"|as long as|in case|false|falsely|wrong|wrongly|incorrect\w*|disputed|disproved|debunked|myth\w*|legend\w*"
    r"|fiction\w*|hypothe\w+|theoretical\w*|claim\w*|alleg\w+|suppos\w+|according|respectively|former|latter"
    r"|so-called)\b|n't\b",
    re.IGNORECASE,
)
_HEDGES = re.compile(
    r"\b(?:not|possibly|perhaps|probably|presumably|usually|often|sometimes|mostly|mainly|largely|generally|typically"
    r"|normally|rarely|seldom|some|most|may|might|could)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:it|its|itself|they|them|their|this|these|those|that|he|him|his|she|her|hers|such|both|each|same|there)\b",
    re.IGNORECASE,
)
_RELATIVE = (
    r"(?:which|who|whose|whom|(?:in|of|from|by|to|with|for|on|at|through|during|under) (?:which|whom)"
    r"|(?:most|many|some|all|one|two|several|both|each) of (?:which|whom))\b"
)
_EXAMPLES = r"(?:such as|including|especially|particularly|notably|for example|for instance|e\.g\.)(?=[ ,])"
_OTHER_NAME = (
    r"(?:or|officially|(?:(?:also|sometimes|often|commonly|formerly|originally|better|usually) )?(?:known as|called"
    r"|termed|referred to as|abbreviated(?: as| to)?|spelled|written as|short for))\b"
)
_APPOSITION = r"(?:an?|the|one of)\b"
_DETAIL = (
    r"(?:known as|called|named|followed by|based on|located in|situated in|along with|together with"
    r"|as well as|due to|thanks to|because of|with|where|so|born|begun|founded|built|made|written|published|established"
    r"|created|designed|signed|released|held|found|used|accompanied|dating|using|suggesting)\b"
)
_ONGOING = (
    r"(?:making|causing|resulting|producing|allowing|leading|giving|creating|forming|becoming|leaving|providing"
    r"|ranging|beginning|ending|covering|reaching|helping|enabling|releasing|turning|killing|reducing|increasing"
    r"|reflecting|marking|bringing|containing|comprising|totalling|totaling|averaging|representing|accounting|replacing"
    r"|serving)\b"
)
_WHOLE = re.compile(
    r"\b(?:consist\w*|compos\w+|compris\w+|made (?:up )?of|divided|both|either|neither|between|combin\w+)\b"
)
_CORRELATIVE = re.compile(r"\bthe (?:more|less|\w+er)\b[^,]*, the (?:more|less|\w+er)\b", re.IGNORECASE)
_SPEECH = re.compile(r"[\"“][^\"”]*[,.;:()][^\"”]*[\"”]")
_MIDDLES = [
    re.compile(rf", {opening}[^,;:()–—]+, (?={_VERB})")  # noqa: RUF001
    for opening in (_RELATIVE, _OTHER_NAME, _APPOSITION)
] + [re.compile(rf", {_EXAMPLES}[^;:()–—]+?, (?={_VERB})")]  # noqa: RUF001
_BRACKET = re.compile(r"(?<=[\w”\"’]) \((?P<inner>[^()]+)\)(?=[ ,.;:])")  # noqa: RUF001
_DASHED = re.compile(r" ?[–—] ?(?P<inner>[^–—]+?) ?[–—] ?(?=\w)")  # noqa: RUF001
_CONNECTIVE = re.compile(
    r"^(?:However|Moreover|Furthermore|In addition|Additionally|Also|For example|For instance|Thus|Therefore"
    r"|Consequently|As a result|Similarly|Likewise|Nevertheless|Nonetheless|In fact|Indeed), (?=\w)"
)
_ENDS_OPEN = re.compile(
    rf"(?:\b(?:{_VERB}|of|to|by|in|on|at|for|with|from|and|or|the|an?|as|than|that|being|been|be|following|follows)|,)$"
)
_BREAKS = re.compile(r"(?P<comma>, )|(?P<semicolon>; )|(?P<colon>: )|(?P<dash> – | — |(?<=\w)—(?=\w))")  # noqa: RUF001
_AND_MORE = re.compile(r", (?:and|or|but|nor|with)\b|;")


@dataclass(frozen=True, kw_only=True)
class Aside:
    """A part that can be cut out: `text` is exactly `sentence[start:end]`."""

    text: str
    start: int
    end: int


def asides(sentence: str) -> list[Aside]:
    """The parts that the sentence can do without, in order; one may hold another."""
    if not is_whole(sentence) or _SPEECH.search(sentence) or _CORRELATIVE.search(sentence):
        return []
    if not _OWN_VERB.search(sentence):
        return []
    spans = {*_brackets(sentence), *_connective(sentence)}
    bare = _blanked(sentence, spans)
    spans |= (middles := set(_middles(bare)))
    spans |= set(_ends(_blanked(bare, middles)))
    found = [Aside(text=sentence[start:end], start=start, end=end) for start, end in sorted(spans)]
    return [each for each in found if _is_plain(each, sentence)]


def without(sentence: str, parts: Iterable[Aside]) -> str:
    """The sentence with these parts cut out, its capital and its full stop in place."""
    kept, at = [], 0
    for part in sorted(parts, key=lambda each: (each.start, -each.end)):
        kept.append(sentence[at : max(at, part.start)])
        at = max(at, part.end)
    text = re.sub(r"(?<=\w)\0(?=\w)", " ", "\0".join([*kept, sentence[at:]])).replace("\0", "")
    text = " ".join(text.split())
    text = re.sub(r" ([,.;:])", r"\1", text)
    if text[-1:] not in (".", "!", "?"):
        text += "."
    return text[:1].upper() + text[1:]


Span = tuple[int, int]


def _brackets(sentence: str) -> Iterator[Span]:
    for found in _BRACKET.finditer(sentence):
        inner = found["inner"]
        is_more = word_count(inner) >= 2 or any(character.isdigit() for character in inner)
        if is_more and not _HEDGES.search(inner):
            yield found.span()


def _connective(sentence: str) -> Iterator[Span]:
    found = _CONNECTIVE.match(sentence)
    if found is not None:
        yield found.span()


def _middles(bare: str) -> Iterator[Span]:
    """Between the subject and its verb: “, a French physicist, was”; between two dashes."""
    for pattern in _MIDDLES:
        for found in pattern.finditer(bare):
            is_subject = "," not in bare[: found.start()] and not _OWN_VERB.search(bare, 0, found.start())
            if is_subject and not _PRONOUN.search(bare, found.end()):
                yield found.start(), found.end() - 1
    dashes = list(_DASHED.finditer(bare))
    if len(dashes) == 1 and bare.count("–") + bare.count("—") == 2:  # noqa: RUF001
        found = dashes[0]
        is_apart = found.group()[0] != "–" or " " in found.group()[:2]  # noqa: RUF001 - no range of years
        if is_apart and re.match(_VERB, bare[found.end() :]) and not _PRONOUN.search(bare, found.end()):
            yield found.span()


def _ends(bare: str) -> Iterator[Span]:
    """From a comma, a semicolon, a colon or a dash to the full stop."""
    stop = len(bare.rstrip()) - 1
    for found in _BREAKS.finditer(bare):
        head, tail = bare[: found.start()].rstrip(), bare[found.end() : stop]
        verb = _OWN_VERB.search(head)
        if verb is None or verb["comma"] or verb.start() == 0 or _SUBORDINATE.search(head, 0, verb.start()):
            continue
        if not re.match(_VERB, verb.group()) and _OPENS_WITH_PREPOSITION.match(head[: verb.start()]):
            continue
        if _ENDS_OPEN.search(head):
            continue
        is_first = "," not in head[verb.end() :]
        if _can_end(found.lastgroup or "", head, tail, is_first=is_first):
            yield len(head), stop


def _can_end(mark: str, head: str, tail: str, *, is_first: bool) -> bool:
    """Whether the rest of a sentence after such a mark adds to what stands before it, which is complete."""
    match mark:
        case "semicolon":
            return ";" not in head and ";" not in tail and _OWN_VERB.search(tail) is not None
        case "colon":
            return word_count(head) >= _FEWEST_LEFT and is_first
        case "dash":
            return "–" not in tail and "—" not in tail and is_first  # noqa: RUF001
    has_more = _AND_MORE.search(tail) is not None
    if not is_first and "," in tail:
        return False
    if re.match(_EXAMPLES, tail):
        return not (has_more and _WHOLE.search(head))
    if re.match(rf"{_RELATIVE}|{_DETAIL}|(?:while|whereas|because|since)\b", tail):
        return not has_more
    if re.match(_ONGOING, tail):
        return "," not in tail and is_first and word_count(tail) >= 3
    if re.match(_APPOSITION, tail):
        return "," not in tail and is_first and not re.search(rf" (?:and|or) |\b{_VERB}", tail)
    return is_first and tail.startswith("and ") and not _WHOLE.search(head)


def _blanked(sentence: str, spans: Iterable[Span]) -> str:
    """The sentence with these parts made spaces, so that all places stay."""
    text = sentence
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _is_plain(aside: Aside, sentence: str) -> bool:
    """Whether the part limits nothing of the rest, and enough is left without it."""
    text = aside.text
    if (aside.start and _LIMITS.search(text)) or text.count('"') % 2 or text.count("“") != text.count("”"):
        return False
    left = without(sentence, [aside])
    return word_count(left) >= _FEWEST_LEFT and is_whole(left)
