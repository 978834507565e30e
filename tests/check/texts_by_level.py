"""Texts made up to the aim of a level: as many words a sentence and as many long words as it says, more or less."""

from __future__ import annotations

from collections.abc import Mapping

TO_THE_AIM: Mapping[str, str] = {
    "grade-2": (
        "In spring, a mother frog comes to the pond. She lays a hundred small eggs. After a week, tadpoles swim "
        "out. A tadpole is a baby animal with no legs. It has a long tail to swim. Later, two back legs grow. Then "
        "the front legs come out. The tail gets short and falls away. Now the young animal can hop on the land. It "
        "eats beetles and other insects."
    ),
    "grade-4": (
        "Long ago, families had no clocks in their houses. They looked at the position of the sun to tell the "
        "hour. An upright stick in the ground made a shadow. During the day, this shadow travelled slowly around "
        "the stick. In the morning it was long, and at noon it was shortest. People painted lines on the ground to "
        "number the hours. Such an instrument is called a sundial. But a sundial is useless at night or in cloudy "
        "weather. Inventors in Egypt therefore tried water. It dripped from one container into another. Lines "
        "inside the second container showed how many hours had gone by."
    ),
    "grade-6": (
        "Bees help us in another way than with honey. When a honeybee visits a flower, yellow dust sticks to its "
        "body. This dust is called pollen, and the insect carries it to the following flower. There a little "
        "pollen rubs off, and the plant can begin to make seeds. Without any visitors, apple trees would hardly "
        "bear any apples. Farmers know this very well. Some of them hire colonies of honeybees in spring. A lorry "
        "brings the animals at night, when all of them are resting. After flowering, the colonies travel to "
        "another area."
    ),
    "general": (
        "A bridge must carry its own weight and the traffic that crosses it. In an arch, every single stone "
        "presses against its neighbour. The pressure travels along the curve and finally enters the ground. "
        "Because stone is strong under pressure, ancient arches have survived for centuries. A suspension bridge "
        "works in a different way. Its road is hanging from enormous steel cables. These cables pull on powerful "
        "towers at both ends. Steel can be stretched with considerable force before it breaks. Engineers therefore "
        "use cables over very wide rivers, where no arch would be possible."
    ),
    "grade-8": (
        "In the winter of 1854, a terrible disease attacked a crowded area of London. Most physicians believed "
        "that cholera travelled through poisonous air. A doctor named John Snow disagreed, so he visited the "
        "families of the victims. He marked every single death on a map of the neighbourhood. The marks gathered "
        "around one water pump in Broad Street. Workers at a nearby brewery had a private well, and hardly any of "
        "them became ill. Snow persuaded the council to remove the handle of the pump. The number of infections "
        "fell immediately. Today his map is regarded as an early example of medical detection."
    ),
    "grade-10": (
        "When prices rise year after year, economists speak of inflation, and almost every household feels it. "
        "Savings lose part of their value, because the same amount of money buys fewer goods. Workers therefore "
        "demand higher wages, and companies that pay them often raise their prices again. Central banks try to "
        "break this circle with higher interest rates, which make borrowing expensive for families and businesses. "
        "People then put off large purchases, and companies hesitate to invest in additional machines. As demand "
        "falls, prices rise more slowly, although unemployment may increase for a while. Finding a reasonable "
        "balance between these dangers is difficult."
    ),
    "grade-12": (
        "Historians have long disagreed about how scientific knowledge grows: step by step, or through sudden "
        "revolutions. Thomas Kuhn, whose famous study appeared in 1962, argued that most researchers work within a "
        "shared framework of methods and examples. Within this framework, results that nobody expected are usually "
        "explained away or quietly ignored. At some point, however, so many of them have gathered that confidence "
        "in the old theory breaks down. A different interpretation then attracts the younger generation, while "
        "older colleagues often defend what they have always taught. Critics objected that Kuhn made the gap "
        "between one theory and the next look deeper than it really is. After all, many experimental results "
        "survive a revolution without any change. Others complained that his account of progress came dangerously "
        "close to relativism."
    ),
}
"""By level."""
