"""Questions that nothing is wrong with, of all kinds, with lessons that bear them; made up for these tests."""

from __future__ import annotations

from collections.abc import Mapping

from lessongen.lesson.model import Lesson
from tests.check.papers import choice, cloze, free, match, order, paper, short, true_false

VOLCANOES = paper(
    title="Volcanoes: why some explode",
    prose=[
        "Deep in the Earth it is so hot that rock melts.",
        "Melted rock below the ground is called magma; once it flows out, we call it lava.",
        "Magma holds gas, as a bottle of lemonade does.",
        "Runny magma lets the gas bubble out, so the lava flows down the slopes gently.",
        "Thick magma traps the gas until the pressure bursts the rock apart.",
        "A shield volcano is broad and flat, since its runny lava flows far before it hardens.",
        "A stratovolcano is steep, because layers of ash and thick lava pile up near the vent.",
        "In 1980, the north side of Mount St. Helens slid away and the trapped gas shot out sideways.",
        "Ash can bury villages, but after some years it makes the soil rich.",
    ],
    terms={"magma": "Melted rock below the ground.", "vent": "The opening that lava comes out of."},
    points=[
        "How thick magma is decides whether a volcano explodes.",
        "The shape of a volcano shows which lava made it.",
    ],
    mixed_up={"All volcanoes explode.": "Where magma is runny, lava flows out gently."},
    questions=[
        choice(
            "Two bottles of lemonade are shaken, one of them open, one closed. Which is like thick magma, and why?",
            "The closed one, since the gas cannot get out",
            "The open one, since the gas bubbles away",
            "The closed one, since it holds less gas",
            bloom="apply",
        ),
        choice(
            "A drone shows a broad mountain that slopes gently for many kilometres. What was its lava like?",
            "Thin and fast",
            "Thick and slow",
            "Full of ash",
            bloom="apply",
        ),
        choice(
            "What made the eruption of 1980 go sideways?",
            "A slope slid away",
            "The vent grew wider",
            "The lava cooled",
        ),
        choice(
            "When did one side of Mount St. Helens give way?",
            "1980",
            "1902",
            "1991",
            at=1,
            bloom="remember",
            term="Mount St. Helens",
        ),
        true_false("True or false? A steep volcano was most likely built by runny lava.", False),
        cloze("As soon as magma reaches the surface, its name changes to _____.", "lava", bloom="remember"),
        short(
            "Why does thick magma burst the rock while runny magma does not?",
            "Gas cannot escape from thick magma, so the pressure grows until the rock breaks.",
        ),
        free(
            "Would you farm on the slope of an old stratovolcano? Weigh one risk and one benefit.",
            "Ash makes soil rich, but a later eruption may bury the farm.",
        ),
        match(
            "Match each observation with the kind of volcano that it points to.",
            {
                "Lava has run thirty kilometres to the sea.": "shield volcano",
                "Layers of ash lie close to the top.": "stratovolcano",
                "Clear water bubbles out of a crack.": "no volcano",
            },
            bloom="apply",
        ),
        order(
            "Put the steps of an explosive eruption in order.",
            "Rock melts deep below the ground.",
            "Gas is trapped in thick magma.",
            "The pressure rises.",
            "The rock bursts apart.",
        ),
    ],
)

ACIDS = paper(
    title="What makes an acid strong?",
    prose=[
        "In water, an acid gives away hydrogen ions.",
        "An acid that gives away nearly all of them is strong; one that keeps most of them is weak.",
        "Hydrochloric acid is strong, and the acetic acid in vinegar is weak.",
        "Strong is not the same as concentrated: concentrated means that little water has been added.",
        "The pH scale runs from 0 to 14; below 7 a solution is acidic, and pure water has a pH of 7.",
        "One step down the scale means ten times as many hydrogen ions.",
        "A base takes up hydrogen ions, so it can neutralise an acid.",
        "Litmus paper turns red in an acid and blue in a base.",
    ],
    terms={"ion": "A particle with an electric charge.", "neutralise": "To make a solution neither acidic nor basic."},
    points=["Strong acids give away nearly all of their hydrogen ions."],
    mixed_up={"A strong acid is one with little water in it.": "Strength tells what share of the ions is given away."},
    questions=[
        choice(
            "Ana adds a litre of water to a spoonful of hydrochloric acid. What has she changed?",
            "Its concentration but not its strength",
            "Its strength but not its concentration",
            "Its strength and its concentration",
            at=0,
            bloom="apply",
        ),
        choice(
            "Lemon juice has a pH of 2, tomato juice of 4. How many times more hydrogen ions has the lemon juice?",
            "100",
            "2",
            "20",
            at=2,
            bloom="apply",
        ),
        choice(
            "Which test result shows that a cleaning liquid is basic?",
            "Litmus paper turns blue",
            "Litmus paper turns red",
            "A pH of 5 is measured",
        ),
        choice(
            "A wasp sting is basic. Which liquid from the kitchen would neutralise it?",
            "Vinegar",
            "Soapy water",
            "Pure water",
            bloom="apply",
        ),
        true_false("True or false? A weak acid keeps more of its hydrogen ions than a strong one.", True),
        true_false("True or false? Adding water turns hydrochloric acid into a weak acid.", False),
        cloze("A solution with a pH of 9 is called _____.", "basic", bloom="apply", term="pH"),
        short(
            "Explain to a friend how vinegar can be concentrated and still be weak.",
            "It may hold little water, yet its acid keeps most of its hydrogen ions.",
        ),
        match("Match each liquid with its pH.", {"pure water": "7", "lemon juice": "2", "soap": "10"}, bloom="apply"),
        order("Put these in order, the most acidic first.", "a pH of 1", "a pH of 3", "a pH of 6", bloom="apply"),
    ],
)

SILK_ROAD = paper(
    title="Goods and ideas on the Silk Road",
    prose=[
        "From the 2nd century BC, traders linked China with the lands around the Mediterranean Sea.",
        "Hardly anyone travelled the whole way; goods passed from trader to trader at oasis towns.",
        "Silk was light and dear, so it was worth carrying over thousands of kilometres.",
        "Each trader added a profit, and therefore silk cost many times more in Rome than in China.",
        "Camels could walk for days without water, which made the desert stages possible.",
        "Ideas travelled too: Buddhist monks brought their teaching from India to China.",
        "Paper reached Samarkand in the 8th century and Europe some centuries later.",
        "Diseases spread along the same roads.",
        "Sea routes took over most of the trade after 1500, as ships carried more for less.",
    ],
    terms={"oasis": "A place in a desert where water is found.", "profit": "What a trader earns beyond the cost."},
    points=["Goods changed hands many times on the way.", "The roads carried ideas and diseases as well as goods."],
    mixed_up={"Merchants travelled from China to Rome.": "Goods passed from one trader to the next."},
    questions=[
        choice(
            "A Roman buys silk for a hundred times its price in China. What best explains the price?",
            "It has passed through many hands",
            "It has been woven again in Rome",
            "It has been taxed by the Chinese",
        ),
        choice(
            "Why was timber hardly ever sent along these roads?",
            "It was heavy and cheap",
            "It was needed by monks",
            "It was made in Rome",
            bloom="analyze",
        ),
        choice(
            "Which of these finds would show that ideas travelled as well as goods?",
            "A Buddhist temple in western China",
            "A silk dress in a Roman grave",
            "A camel's bones near an oasis",
            bloom="apply",
        ),
        choice(
            "In which century did paper reach Samarkand?",
            "The 8th",
            "The 2nd",
            "The 15th",
            at=1,
            bloom="remember",
            term="Samarkand",
        ),
        true_false("True or false? The same caravan usually carried silk from China to Rome.", False),
        cloze("Traders stopped at an _____ to rest and to find water.", "oasis", bloom="remember"),
        short("What made ships win over camels after 1500?", "Ships carried more goods at a lower cost."),
        free(
            "Was the Silk Road good for the people who lived along it? Give one reason on each side.",
            "It brought goods, ideas and profit, and it brought diseases.",
        ),
        match(
            "Match each thing that travelled with what it changed.",
            {
                "Buddhism": "what people in China believed",
                "paper": "how people kept records",
                "disease": "how many people lived in a town",
            },
            bloom="analyze",
        ),
        order(
            "Put these in order, the earliest first.",
            "Traders link China with the Mediterranean.",
            "Paper reaches Samarkand.",
            "Most trade goes by sea.",
        ),
    ],
)

FRACTIONS = paper(
    title="Adding fractions",
    prose=[
        "The denominator says into how many equal parts a whole is cut; the numerator counts the parts.",
        "Fractions with the same denominator are added by adding their numerators.",
        "Halves and thirds are parts of different size, so they can't be counted together as they are.",
        "First cut both into equal parts: one half is three sixths, and one third is two sixths.",
        "Then 3/6 + 2/6 = 5/6.",
        "Multiplying numerator and denominator by the same number does not change a fraction's value.",
    ],
    terms={"denominator": "The number below the line.", "numerator": "The number above the line."},
    points=["Only parts of equal size can be added."],
    mixed_up={"You add the numbers above and below.": "The denominator names the size, which stays."},
    blocks=[
        {
            "kind": "example",
            "problem": "Add one half and one third.",
            "answer": "5/6",
            "origin": "written",
            "steps": [{"text": "One half is 3/6 and one third is 2/6.", "origin": "written"}],
        },
    ],
    questions=[
        choice(
            "Tom says that 1/2 + 1/4 = 2/6. What did he do?",
            "He added tops and bottoms",
            "He multiplied the two tops",
            "He took the smaller bottom",
            bloom="analyze",
        ),
        choice("What is 1/4 + 2/3?", "11/12", "3/12", "3/7", at=2, bloom="apply"),
        choice(
            "Which picture shows 3/4?",
            "A bar of four equal parts, three shaded",
            "A bar of three equal parts, one shaded",
            "A bar of four uneven parts, three shaded",
            bloom="apply",
        ),
        true_false("True or false? 2/4 and 3/6 have the same value.", True, bloom="apply"),
        cloze("One half is the same as _____ eighths.", "four", bloom="apply"),
        short(
            "Why must 1/2 and 1/3 be rewritten before they are added?",
            "Their parts differ in size, and only equal parts can be counted together.",
        ),
        free(
            "Invent a story for 1/2 + 1/3 = 5/6 and draw a picture for it.",
            "A story in which halves and thirds become sixths.",
            bloom="create",
        ),
        match(
            "Match each sum with its result.",
            {"1/5 + 2/5": "3/5", "1/2 + 1/6": "2/3", "1/3 + 1/4": "7/12"},
            bloom="apply",
        ),
        order("Put these in order, the least first.", "1/6", "1/4", "1/2", bloom="apply"),
    ],
)

PASSIVE = paper(
    title="The passive voice",
    prose=[
        "In an active sentence the subject does something: The dog bit the postman.",
        "In a passive sentence something is done to the subject: The postman was bitten by the dog.",
        "The passive is built from a form of be and the past participle.",
        "Writers choose it when the doer is unknown or does not matter.",
        "News reports use it often: A painting was stolen last night.",
        "A passive sentence may leave out the doer altogether.",
    ],
    terms={
        "past participle": "The third form of a verb: take, took, taken.",
        "subject": "Who or what a sentence is about.",
    },
    points=["The passive turns attention to the one that something is done to."],
    mixed_up={"Every sentence with “was” is passive.": "Passive needs a past participle as well."},
    questions=[
        choice(
            "Which of these sentences is passive?",
            "The window was broken last night.",
            "The window was open last night.",
            "The wind broke the window.",
            bloom="apply",
        ),
        choice(
            "A reporter does not know who robbed the bank. Which headline suits her best?",
            "Bank robbed at noon",
            "Man robs bank at noon",
            "Robber flees from bank",
            bloom="apply",
        ),
        choice(
            "Turn “Maria feeds the cats” into the passive.",
            "The cats are fed by Maria.",
            "The cats were fed by Maria.",
            "Maria is fed by the cats.",
            at=0,
            bloom="apply",
        ),
        true_false("True or false? “She was tired” is a passive sentence.", False, bloom="apply"),
        cloze("Complete it in the passive: This bridge _____ in 1890 by two brothers.", "was built", bloom="apply"),
        short("When would a writer leave the doer out?", "When nobody knows the doer, or the doer is of no interest."),
        free(
            "Rewrite a short news report in the active voice. Which version do you prefer?",
            "A report with named doers, and a reason.",
            bloom="create",
        ),
        match(
            "Match each verb with the form that a passive sentence needs.",
            {"take": "taken", "write": "written", "steal": "stolen"},
            bloom="apply",
        ),
        order(
            "Put the words in order so that they make a passive sentence.",
            "The letters",
            "were",
            "written",
            "by Ahmed",
            bloom="apply",
        ),
    ],
)

PARLIAMENT = paper(
    title="How a bill becomes law",
    prose=[
        "A bill is a proposal for a new law.",
        "The House of Commons debates it first, and a committee goes through it line by line.",
        "Then the House of Lords may suggest changes, but it can delay most bills for about a year only.",
        "When both houses agree, the monarch gives Royal Assent, and the bill is an Act.",
        "No monarch has refused assent since 1708.",
        "Members of the Commons are elected; most members of the Lords are appointed for life.",
        "Because voters can remove them, members of the Commons have the last word.",
    ],
    terms={"bill": "A proposal for a new law.", "Royal Assent": "The monarch's agreement to a bill."},
    points=["The elected house has the last word."],
    mixed_up={"The monarch decides which laws pass.": "Assent has not been refused for three centuries."},
    questions=[
        choice(
            "The Lords dislike a bill that the Commons have passed. What can they do?",
            "Hold it up for a time",
            "Send it to the monarch",
            "Put it to the voters",
            bloom="apply",
        ),
        choice("What gives the Commons more power than the Lords?", "Being elected", "Being older", "Being larger"),
        choice(
            "How long can most bills be held up by the Lords?", "A year", "A month", "Ten years", at=1, bloom="remember"
        ),
        choice(
            "Suppose a monarch refused to sign a bill today. What would be most surprising about it?",
            "It has not happened for some three hundred years",
            "It would need the consent of the House of Lords",
            "It would end the debate in the House of Commons",
            bloom="analyze",
        ),
        true_false("True or false? Voters choose the members of both houses.", False),
        cloze("The plan for school buses has passed, and the king agrees. It is now an _____.", "Act", supposes=True),
        short("What does a committee do that the whole house has no time for?", "It goes through a bill line by line."),
        free(
            "Should members of the Lords be elected too? Argue for one side.",
            "Election would give them more weight; being appointed keeps experts.",
        ),
        match(
            "Match each stage with who acts.",
            {"debate": "the Commons", "scrutiny line by line": "a committee", "assent": "the monarch"},
        ),
        order(
            "Put the stages in order.",
            "The Commons debate the bill.",
            "The Lords suggest changes.",
            "The monarch gives assent.",
        ),
    ],
)

NETWORKS = paper(
    title="How a message crosses the internet",
    prose=[
        "A message is cut into packets, and each packet carries the address of where it goes.",
        "Routers pass a packet on, each to the neighbour that seems nearest to the address.",
        "Packets of one message may take different ways and arrive out of order.",
        "Each has a number, so the receiver can put them in order again.",
        "If a packet is lost, the receiver asks for it once more.",
        "When a cable breaks, routers find another way, which is why the network is hard to stop.",
        "A phone call of 1950 kept one line busy until it ended.",
    ],
    terms={"packet": "A numbered piece of a message with an address.", "router": "A computer that passes packets on."},
    points=["Packets can go around a broken line."],
    mixed_up={"A message travels in one piece.": "It is cut into packets that may take different ways."},
    questions=[
        choice(
            "Packets 1, 2 and 4 of a photo have arrived. What does the receiver do next?",
            "It asks for the third one",
            "It shows the photo",
            "It waits for a fifth one",
            bloom="apply",
        ),
        choice(
            "Why does each packet need a number?",
            "So that the message can be put together",
            "So that routers can send it faster",
            "So that the cable can be repaired",
        ),
        choice(
            "A storm cuts the cable between Rome and Milan. What happens to mails between them?",
            "They go by way of other cities",
            "They wait until it is repaired",
            "They come back to the sender",
            bloom="apply",
        ),
        choice("The address on a packet is used by", "routers", "photos", "cables", at=1),
        true_false(
            "True or false? The packets of a message arrive in the order in which they were sent, whatever happens.",
            False,
        ),
        cloze("A mail comes back: “No such place.” Somebody has mistyped its _____.", "address", bloom="apply"),
        short(
            "Compare a phone call of 1950 with a call over the internet: which wastes less of the line, and why?",
            "The internet call, since other packets use the line when nobody speaks.",
            bloom="analyze",
        ),
        free(
            "Design a way to send a secret by three friends so that none of them can read it alone.",
            "Cut it into packets for each friend.",
            bloom="create",
        ),
        match(
            "Match each trouble with what the network does about it.",
            {
                "a packet is lost": "it is sent once more",
                "a cable breaks": "another way is found",
                "packets arrive mixed up": "they are sorted by number",
            },
        ),
        order(
            "Put in order what happens to a message.",
            "It is cut into packets.",
            "Routers pass them on.",
            "The receiver sorts them.",
        ),
    ],
)

GOOD: Mapping[str, Lesson] = {
    "volcanoes": VOLCANOES,
    "acids": ACIDS,
    "silk road": SILK_ROAD,
    "fractions": FRACTIONS,
    "passive": PASSIVE,
    "parliament": PARLIAMENT,
    "networks": NETWORKS,
}
