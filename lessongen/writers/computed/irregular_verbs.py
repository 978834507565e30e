"""Common irregular English verbs: a table of their forms, and apart from it the patterns that give the same forms.

Left out are verbs with two usual forms ("learned" and "learnt", "gotten"), so that every key is the only one, and "be".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, kw_only=True)
class Verb:
    """A verb with its past simple, its past participle and words that may follow each of them."""

    base: str
    past: str
    participle: str
    rest: str
    band: int


# band 1 is met by beginners, 3 late; after the colon stands what may follow the verb
_TABLE = {
    1: """
begin began begun: the lesson
break broke broken: a cup
bring brought brought: some food
build built built: a house
buy bought bought: a new coat
catch caught caught: the last bus
choose chose chosen: a present
come came come: home
cost cost cost: ten coins
cut cut cut: the bread
do did done: the homework
draw drew drawn: a map
drink drank drunk: a glass of water
drive drove driven: to the sea
eat ate eaten: an apple
fall fell fallen: from the tree
feed fed fed: the cat
feel felt felt: tired
find found found: the key
fly flew flown: to Rome
forget forgot forgotten: the name
give gave given: a good answer
go went gone: to school
grow grew grown: tomatoes
have had had: a good idea
hear heard heard: a noise
hit hit hit: the ball
hold held held: the rope
keep kept kept: the secret
know knew known: the answer
leave left left: the house
lose lost lost: the ticket
make made made: a cake
meet met met: a friend
pay paid paid: the bill
put put put: the book away
read read read: the letter
ride rode ridden: a horse
ring rang rung: the bell
run ran run: to the station
say said said: a few words
see saw seen: the film
sell sold sold: the car
send sent sent: a parcel
sing sang sung: a song
sit sat sat: by the window
sleep slept slept: in a tent
speak spoke spoken: to the teacher
stand stood stood: at the door
swim swam swum: in the lake
take took taken: a photo
teach taught taught: two classes
tell told told: a story
think thought thought: of a plan
understand understood understood: the question
wake woke woken: the baby
wear wore worn: a hat
win won won: the game
write wrote written: a postcard
""",
    2: """
beat beat beaten: the other team
become became become: a doctor
bend bent bent: the wire
bite bit bitten: into the pear
blow blew blown: the whistle
burst burst burst: the balloon
creep crept crept: into the room
deal dealt dealt: the cards
dig dug dug: a hole
fight fought fought: for the prize
forgive forgave forgiven: the mistake
freeze froze frozen: the soup
hide hid hidden: the money
hurt hurt hurt: the knee
lay laid laid: the table
lead led led: the group
lend lent lent: the bicycle
let let let: the dog out
lie lay lain: on the grass
mean meant meant: no harm
mistake mistook mistaken: the date
rise rose risen: before dawn
set set set: the alarm
shake shook shaken: the bottle
shoot shot shot: a film
show showed shown: the picture
shut shut shut: the gate
slide slid slid: down the hill
spend spent spent: the money
split split split: the log
spread spread spread: the butter
steal stole stolen: the painting
stick stuck stuck: a stamp on it
sweep swept swept: the floor
swing swung swung: the bat
tear tore torn: the page
throw threw thrown: the ball
upset upset upset: the neighbours
""",
    3: """
arise arose arisen: from the dispute
bear bore borne: the cost
bind bound bound: the book
bleed bled bled: for an hour
breed bred bred: horses
broadcast broadcast broadcast: the match
cast cast cast: a shadow
cling clung clung: to the rock
fling flung flung: the coat aside
flee fled fled: the town
forbid forbade forbidden: the march
foresee foresaw foreseen: the danger
foretell foretold foretold: the storm
forsake forsook forsaken: the plan
grind ground ground: the coffee
mislead misled misled: the public
misunderstand misunderstood misunderstood: the sign
outgrow outgrew outgrown: the shoes
overcome overcame overcome: the fear
overhear overheard overheard: the talk
overtake overtook overtaken: the lorry
overthrow overthrew overthrown: the king
rebuild rebuilt rebuilt: the bridge
repay repaid repaid: the loan
rewrite rewrote rewritten: the chapter
seek sought sought: advice
shed shed shed: the old skin
sling slung slung: the bag over a shoulder
spin spun spun: the wheel
sting stung stung: the swimmer
string strung strung: the beads
swear swore sworn: an oath
thrust thrust thrust: the stick into the snow
undergo underwent undergone: a test
undertake undertook undertaken: the journey
undo undid undone: the knot
unwind unwound unwound: the thread
uphold upheld upheld: the law
weave wove woven: a carpet
weep wept wept: for joy
wind wound wound: the clock
withdraw withdrew withdrawn: the offer
withhold withheld withheld: the report
withstand withstood withstood: the pressure
wring wrung wrung: the cloth
""",
}

# How groups of verbs change, each as: verbs, what is replaced at the end, by what in the past simple, by what in the
# participle. Written without looking at the table; the two have to agree.
_PATTERNS = (
    ("burst broadcast cast cost cut hit hurt let put read set shed shut split spread thrust upset", "$", "", ""),
    ("begin drink ring sing swim", "i(n|nk|ng|m)$", r"a\1", r"u\1"),
    ("cling dig fling sling spin stick sting string swing wring", "i([a-z]+)$", r"u\1", r"u\1"),
    ("win", "in$", "on", "on"),
    ("blow grow know throw outgrow overthrow", "ow$", "ew", "own"),
    ("draw withdraw", "aw$", "ew", "awn"),
    ("fly", "y$", "ew", "own"),
    ("bring fight seek think", "(?<=[a-z])(ing|ight|eek|ink)$", "ought", "ought"),
    ("buy", "uy$", "ought", "ought"),
    ("catch teach", "(atch|each)$", "aught", "aught"),
    ("bend build lend send spend rebuild", "d$", "t", "t"),
    ("creep keep sleep sweep weep", "eep$", "ept", "ept"),
    ("bleed breed feed meet flee lead mislead", "e(ed|et|e|ad)$", "e§", "e§"),
    ("bind find grind wind unwind", "ind$", "ound", "ound"),
    ("drive ride write rewrite", "i(v|d|t)e$", r"o\1e", r"i\1§en"),
    ("rise arise", "ise$", "ose", "isen"),
    ("tear wear swear", "ear$", "ore", "orn"),
    ("bear", "ear$", "ore", "orne"),
    ("break speak", "eak$", "oke", "oken"),
    ("wake", "ake$", "oke", "oken"),
    ("steal", "eal$", "ole", "olen"),
    ("weave", "eave$", "ove", "oven"),
    ("freeze", "eeze$", "oze", "ozen"),
    ("choose", "oose$", "ose", "osen"),
    ("sell tell foretell", "ell$", "old", "old"),
    ("lay pay repay say", "ay$", "aid", "aid"),
    ("stand understand misunderstand withstand", "and$", "ood", "ood"),
    ("take shake mistake forsake overtake undertake", "ake$", "ook", "aken"),
    ("give forgive", "ive$", "ave", "iven"),
    ("come become overcome", "ome$", "ame", "ome"),
    ("forbid", "bid$", "bade", "bidden"),
    ("run", "un$", "an", "un"),
    ("forget", "et$", "ot", "otten"),
    ("deal mean", "$", "t", "t"),
    ("feel", "eel$", "elt", "elt"),
    ("leave", "eave$", "eft", "eft"),
    ("lose shoot", "o(se|ot)$", "o§t", "o§t"),
    ("hold uphold withhold", "old$", "eld", "eld"),
    ("fall", "all$", "ell", "allen"),
    ("beat", "eat$", "eat", "eaten"),
    ("eat", "eat$", "ate", "eaten"),
    ("bite", "ite$", "it", "itten"),
    ("hide", "ide$", "id", "idden"),
    ("slide", "ide$", "id", "id"),
    ("sit", "it$", "at", "at"),
    ("see foresee", "ee$", "aw", "een"),
    ("do undo", "o$", "id", "one"),
    ("go undergo", "go$", "went", "gone"),
    ("have", "ve$", "d", "d"),
    ("make", "ke$", "de", "de"),
    ("hear overhear", "$", "d", "d"),
    ("lie", "ie$", "ay", "ain"),
    ("show", "$", "ed", "n"),
)


@cache
def irregular_verbs() -> Mapping[str, Verb]:
    """Each verb of the table by its base form."""
    found: dict[str, Verb] = {}
    for band, lines in _TABLE.items():
        for line in lines.strip().splitlines():
            forms, _, rest = line.partition(": ")
            base, past, participle = forms.split()
            found[base] = Verb(base=base, past=past, participle=participle, rest=rest, band=band)
    return found


def forms_by_pattern(base: str) -> tuple[str, str] | None:
    """The past simple and the past participle as the verb's pattern gives them; None for a verb without one.

    "§" stands for what the pattern can't spell by itself: the last consonant once more, or the first of the ending.
    """
    for verbs, ending, past, participle in _PATTERNS:
        if base in verbs.split():
            changed = [re.sub(ending, each, base, count=1) for each in (past, participle)]
            return _spelled(base, changed[0]), _spelled(base, changed[1])
    return None


def _spelled(base: str, form: str) -> str:
    if "§" not in form:
        return form
    if form.endswith("§en"):  # ridden, written, but driven
        doubled = form[-4] if form[-4] in "dt" else ""
        return form.replace("§", doubled)
    if form.endswith("o§t"):  # lost, shot
        return form.replace("§", "s" if base.endswith("se") else "")
    return form.replace("§", "t" if base.endswith("t") else "d")  # met, led
