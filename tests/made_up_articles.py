"""Articles about things that don't exist, as sources give them: a lead, headings, one paragraph a line."""

from __future__ import annotations

from datetime import UTC, datetime

from lessongen.lesson.material import Document, Material, Part
from tests.lessons import JETTY, LANTERN_BOAT

_TIDE_MILL = {
    "": """\
A skerry mill is a small stone mill that is driven by the tide on a rocky coast. Skerry mills ground barley and salt \
for the fishing villages of the Orren Isles. A skerry mill has a single wheel that turns in a narrow channel between \
two rocks. The channel is called a race, and it fills twice a day.
The oldest skerry mill stands on the island of Hallow, and it was built in 1612 by the mason Tamsin Orde. About forty \
skerry mills worked on the isles in 1790, and only six of them are left today.""",
    "How it works": """\
A sluice is a wooden gate that holds the water back until the tide has fallen. When the miller lifts the sluice, the \
water rushes through the race and turns the wheel. The wheel drives a wooden shaft, which carries the upper millstone. \
The lower millstone is fixed to the floor of the mill. Barley is poured into a hole in the upper millstone and leaves \
the mill as coarse flour.
A skerry mill can grind for about five hours after each high tide. In winter, the miller takes the wheel out of the \
race because storms would break it.""",
    "The miller's work": """\
A tide table is a list that tells the miller when the water will be high. The miller of Hallow painted the tide table \
on a white board beside the door. Every miller kept a dog to guard the barley against gulls. Millers were paid in \
flour, and one part in sixteen of each sack belonged to them.
In 1803, the millers of the isles founded a guild to share their tools. The guild owned two millstones, a crane and a \
flat boat.""",
    "Decline": """\
Steam mills on the mainland made flour cheaper after 1850. Most of the villages gave up their mills because the young \
people left the isles. The last skerry mill that ground barley for sale closed in 1911. A museum is a house where the \
tools of the millers are kept. The museum of Hallow shows a wheel, a sluice and a tide table.""",
}
_GLASS_HARE = {
    "": """\
The glass hare is a pale mammal that lives on the salt plains of Varrow. A glass hare has thin white fur, and its ears \
are as long as its body. Glass hares eat salt grass and the seeds of thorn bushes. The glass hare was first described \
in 1834 by the naturalist Ebba Lindqvist. About nine thousand glass hares live on the plains today.""",
    "Body": """\
The ears of a glass hare carry blood close to the skin and cool the animal. An adult glass hare weighs about three \
kilograms and can run at sixty kilometres an hour. The hind feet have broad pads that keep the animal from sinking \
into wet salt. The fur of young glass hares is brown, and it turns white after the first winter.""",
    "Life": """\
A form is a shallow hollow in which a glass hare rests during the day. Glass hares leave their forms after sunset and \
feed until dawn. A female glass hare bears two young in spring and two in autumn. The young can run on the second day \
of their lives. Salt foxes and eagles hunt glass hares, and a hare that sees a fox drums on the ground with its feet.
Drumming is a warning that other hares hear through the ground.""",
    "Protection": """\
A reserve is an area in which no animal may be hunted. The first reserve for glass hares was founded in 1962 near the \
town of Dun Varrow. Hunting glass hares has been forbidden on the whole plain since 1978. Rangers count the hares \
every autumn from a tower. In dry years, the rangers carry water to troughs at the edge of the plain.""",
}


def document(title: str, chapters: dict[str, str]) -> Document:
    """A source text from its chapters by heading; the lead's heading is ""."""
    text, parts = "", []
    for heading, chapter in chapters.items():
        start = len(text)
        text += chapter + "\n"
        parts.append(Part(heading=heading, start=start, end=len(text)))
    return Document(
        title=title,
        text=text,
        language="en",
        url=None,
        revision="1",
        retrieved=datetime(2026, 1, 31, tzinfo=UTC),
        licence="CC0-1.0",
        attribution="The authors of the tests",
        parts=tuple(parts),
    )


def lantern_boats() -> Material:
    """Two short texts without headings."""
    return Material(
        article=document("Lantern boat", {"": LANTERN_BOAT.strip()}),
        others=(document("Jetty", {"": JETTY.strip()}),),
    )


def skerry_mills(*more: str) -> Material:
    """One text with headings; `more` sentences follow in its last chapter."""
    chapters = dict(_TIDE_MILL)
    chapters["Decline"] = " ".join([chapters["Decline"], *more])
    return Material(article=document("Skerry mill", chapters))


def glass_hares() -> Material:
    """Another one."""
    return Material(article=document("Glass hare", _GLASS_HARE))


def thin() -> Material:
    """Too little for a lesson."""
    return Material(article=document("Sluice", {"": "A sluice is a wooden gate that holds the water back."}))
