"""More questions that nothing is wrong with, made up after the rules were written, to see how they judge new ones."""

from __future__ import annotations

from collections.abc import Mapping

from lessongen.lesson.model import Lesson
from tests.check.papers import choice, cloze, free, match, order, paper, short, true_false

WATER = paper(
    title="The water cycle",
    prose=[
        "The sun warms the sea, and water turns into vapour.",
        "Vapour rises, cools and forms clouds of tiny drops.",
        "Drops join until they are heavy enough to fall as rain or snow.",
        "Rivers carry the water back to the sea.",
        "Some water sinks into the ground and comes out at springs.",
        "Plants lose water through their leaves.",
    ],
    terms={"vapour": "Water as a gas.", "condensation": "The change from gas to liquid."},
    points=["The same water goes round and round."],
    questions=[
        choice(
            "A glass of cold lemonade becomes wet outside on a hot day. Where does this water come from?",
            "From the air around the glass",
            "From inside the glass",
            "From the ice in the drink",
            bloom="apply",
        ),
        choice(
            "What would happen first if the sun stopped shining?",
            "Less water would turn into vapour",
            "Rivers would carry more water",
            "Clouds would grow thicker",
            bloom="analyze",
        ),
        choice(
            "Why do clouds form high up and rarely near the ground?",
            "Vapour cools as it rises",
            "Drops are pushed up by rain",
            "The ground holds back the water",
        ),
        choice(
            "Which place loses more water to the air through leaves?", "a forest", "a car park", "a lake", bloom="apply"
        ),
        choice(
            "Where does rain that sinks into the ground come out again?", "at a spring", "in a cloud", "from a leaf"
        ),
        true_false("Water that you drink today may once have been snow.", True),
        true_false("True or false? Rain is new water that has never been in the sea.", False),
        short(
            "Explain why the sea does not become empty although water leaves it all the time.",
            "Rivers bring the water back.",
        ),
        short("Name two ways in which water gets into the air.", "From the warm sea and from the leaves of plants."),
        cloze("When vapour touches a cold window, _____ takes place.", "condensation", bloom="apply"),
        order(
            "Put the journey of a drop in order, beginning in the sea.",
            "It turns into vapour.",
            "It becomes part of a cloud.",
            "It falls as snow.",
            "It flows down a river.",
        ),
        match(
            "Match each thing in the kitchen with what it is like in nature.",
            {
                "steam over a pot": "vapour over the sea",
                "drops on the lid": "a cloud",
                "drops falling from the lid": "rain",
            },
            bloom="apply",
        ),
        free(
            "A friend says that rain comes from holes in the sky. How would you show that it does not?",
            "Boil water and hold a cold lid over it.",
        ),
    ],
)
ROME = paper(
    title="Why did Rome grow?",
    prose=[
        "Rome began as a village of shepherds on a hill by the Tiber.",
        "A ford made it easy to cross the river there, so traders met.",
        "Beaten neighbours became allies and had to send soldiers, but kept their own laws.",
        "Thus Rome could lose a battle and still raise another army.",
        "Roads let armies and messages travel quickly.",
        "Citizens could be punished only after a trial.",
    ],
    terms={"ally": "A partner in war."},
    mixed_up={"Rome ruled all beaten peoples as slaves.": "Many became allies with laws of their own."},
    questions=[
        choice(
            "Hannibal beat Rome three times, yet Rome won the war. What helped Rome most?",
            "Allies who kept sending soldiers",
            "Hills that kept enemies away",
            "Traders who paid for peace",
            bloom="analyze",
        ),
        choice(
            "What made the place by the Tiber good for trade?",
            "It was easy to cross the river",
            "It was close to gold mines",
            "It was far from other towns",
        ),
        choice(
            "How were beaten neighbours treated?",
            "They kept their laws but sent soldiers",
            "They kept their soldiers but lost their laws",
            "They lost their laws and their land",
        ),
        choice(
            "A message must go from Rome to an army in the north. What would slow it down most?",
            "A broken bridge",
            "A rich market",
            "A Roman trial",
            bloom="apply",
        ),
        choice(
            "Which comparison fits Rome's allies best?",
            "players lent to another team",
            "pupils kept in after school",
            "guests who pay for a room",
            bloom="analyze",
        ),
        true_false("Traders met by the Tiber since a bridge stood there.", False),
        short("Why was a lost battle not the end for Rome?", "It could raise another army from its allies."),
        match(
            "Match each advantage with what it made possible.",
            {"the ford": "trade", "the allies": "new armies", "the roads": "fast messages"},
        ),
        order(
            "Put these in order, the earliest first.",
            "Shepherds live on a hill.",
            "Traders meet at the ford.",
            "Beaten neighbours become allies.",
            "Rome rules Italy.",
        ),
        free(
            "Was it clever to let beaten peoples keep their laws? Give reasons.",
            "It made them loyal; it might let them rise.",
        ),
    ],
)
RHYTHM = paper(
    title="Rhythm and metre in music",
    prose=[
        "The beat is the steady pulse that we tap with a foot.",
        "Metre groups beats: in a waltz there are three beats in a bar, in a march two or four.",
        "The first beat of a bar is stressed.",
        "Tempo is how fast the beats follow; it is given in beats per minute.",
        "A rest is a silence that is counted.",
        "Syncopation stresses a beat that is usually weak.",
    ],
    terms={"beat": "A steady pulse.", "tempo": "The speed of the beats.", "rest": "A counted silence."},
    questions=[
        choice(
            "You hear ONE two three ONE two three. Which dance fits?", "A waltz", "A march", "A polka", bloom="apply"
        ),
        choice(
            "A song has 120 beats per minute. How many beats pass in 15 seconds?",
            "30",
            "8",
            "15",
            "60",
            at=2,
            bloom="apply",
        ),
        choice(
            "A drummer stresses the second and fourth beat of each bar. What is this called?",
            "Syncopation",
            "Tempo",
            "Metre",
            bloom="apply",
        ),
        choice(
            "At which tempo would a lullaby be played?",
            "60 beats per minute",
            "140 beats per minute",
            "200 beats per minute",
            at=0,
            bloom="apply",
        ),
        choice("What do players do during a rest?", "They count silently", "They play softly", "They change seats"),
        true_false("A piece can become faster without changing its metre.", True),
        cloze("In a march, every second or fourth beat begins a new _____.", "bar"),
        short(
            "How could you find out the metre of an unknown song?",
            "Listen for the stressed beats and count up to the next.",
        ),
        match(
            "Match each change with what a listener notices.",
            {
                "a higher tempo": "it goes faster",
                "a longer rest": "it is silent for longer",
                "syncopation": "it feels off the beat",
            },
        ),
        free(
            "Clap a rhythm of your own with one rest and write it down.",
            "Any bar of four beats with a counted silence.",
            bloom="create",
        ),
    ],
)
MARKETS = paper(
    title="Supply and demand",
    prose=[
        "If more people want a thing than there is, its price tends to rise.",
        "A higher price makes sellers offer more and buyers want less.",
        "Where both amounts are equal, the price stays: economists call it equilibrium.",
        "A good harvest lowers the price of wheat, though people eat about as much bread as before.",
        "If the price is held below that level by law, queues form.",
    ],
    terms={"demand": "How much buyers want at a price.", "supply": "How much sellers offer at a price."},
    questions=[
        choice(
            "A frost destroys half of the oranges in Spain. What happens to the price of orange juice?",
            "It rises",
            "It falls",
            "It stays the same",
            bloom="apply",
        ),
        choice(
            "A city fixes rents far below what tenants would pay. What will a visitor most likely see?",
            "Long queues for flats",
            "Many empty flats",
            "Falling demand for flats",
            bloom="apply",
        ),
        choice(
            "Farmers had a good harvest, yet earned less than the year before. How can that be?",
            "The price fell more than the harvest grew",
            "The harvest fell more than the price grew",
            "The buyers paid more for less wheat",
            bloom="analyze",
        ),
        choice("What do sellers do when the price goes up?", "They offer more", "They want less", "They close"),
        true_false("When fewer people want a thing, sellers can charge more for it.", False),
        cloze(
            "The price at which nothing is left over and nobody goes without is the _____ price.",
            "equilibrium",
            bloom="understand",
        ),
        short(
            "Why do queues form when a price is kept low by law?", "Buyers want more than sellers offer at that price."
        ),
        order(
            "A new phone is scarce. Put what follows in order.",
            "More people want it than there are phones.",
            "The price rises.",
            "The maker builds more phones.",
            "The price falls again.",
            bloom="apply",
        ),
        match(
            "Match each event with its effect on the market for umbrellas.",
            {
                "a rainy month": "demand rises",
                "a fire in the factory": "supply falls",
                "a rule that fixes a low price": "queues form",
            },
            bloom="apply",
        ),
        free(
            "Should the price of water be fixed in a drought? Argue.",
            "A low price is fair to the poor but wastes water.",
        ),
    ],
)

MORE_GOOD: Mapping[str, Lesson] = {"water": WATER, "rome": ROME, "rhythm": RHYTHM, "markets": MARKETS}
