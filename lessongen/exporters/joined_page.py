"""Pages of ours as one page: an article each, whose ids are its own, below a list of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lessongen.exporters.page import digest, in_script, script, template

if TYPE_CHECKING:
    from lessongen.exporters import Order
    from lessongen.system.paper import Paper

_IDS = ("id", "for", "aria-labelledby", "aria-describedby", "aria-controls")
_OF_FORMS = ("input", "select", "textarea")
_POINTED_AT = re.compile(r"url\(#")
_SIZE = re.compile(r"--size: *([0-9.]+pt)")


@dataclass(frozen=True, kw_only=True)
class _Article:
    """What a page was, to stand beside others; `controls` is what its questions are tried with."""

    title: str
    language: str
    direction: str
    text: str
    style: str
    shows_photo: bool
    controls: str
    asked: tuple[Any, ...]


class Paged:
    """Orders, of which the paper is known once the first was asked for."""

    def __init__(self, orders: Iterable[Order]) -> None:
        self._orders = orders
        self.paper: Paper | None = None

    def __iter__(self) -> Iterator[Order]:
        for order in self._orders:
            self.paper = self.paper or order.paper
            yield order


def joined_page(title: str, pages: Iterable[bytes], *, has_contents: bool) -> bytes:
    """One page of several; with all questions that can be tried tried together."""
    articles = [_article(page, number) for number, page in enumerate(pages, 1)]
    asked = [each for article in articles for each in article.asked]
    code = script("asked.js") + script("quiz.js") + script("try.js") if asked else ""
    shared = {(each.language, each.direction) for each in articles}
    language, direction = shared.pop() if len(shared) == 1 else ("en", "ltr")
    return (
        template("together.html")
        .render(
            title=title,
            language=language,
            direction=direction,
            articles=articles,
            style=articles[0].style if articles else "",
            shows_photo=any(each.shows_photo for each in articles),
            controls=next((each.controls for each in articles if each.controls), ""),
            has_contents=has_contents,
            asked=in_script(asked),
            script=code,
            runs=digest(code) if code else "",
        )
        .encode()
    )


def _article(page: bytes, number: int) -> _Article:
    from lxml import etree, html  # type: ignore[import-untyped,unused-ignore]

    root = html.document_fromstring(page.decode())
    (main,) = root.xpath("//main")
    data = root.xpath("//script[@id='asked']")
    asked = [{**each, "number": f"{number}-{each['number']}"} for each in json.loads(data[0].text)] if data else []
    controls = ""
    for each in main.xpath("./div[@id='try']"):
        controls = html.tostring(each, encoding="unicode", with_tail=False)
        main.remove(each)
    for each in main.iter(etree.Element):
        _make_its_own(each, number)
    style = "\n".join(root.xpath("//head/style/text()"))
    size = _SIZE.search(style)
    main.tag = "article"
    main.attrib.update({"id": f"lesson-{number}", "lang": root.get("lang", "und"), "dir": root.get("dir", "ltr")})
    if size:
        main.set("style", f"--size: {size[1]}; font-size: {size[1]}")
    policy = "".join(root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content"))
    return _Article(
        title="".join(main.xpath(".//h1")[0].itertext()),
        language=root.get("lang", "und"),
        direction=root.get("dir", "ltr"),
        text=html.tostring(main, encoding="unicode", with_tail=False),
        style=style,
        shows_photo="img-src data:" in policy,
        controls=controls,
        asked=tuple(asked),
    )


def _make_its_own(each: Any, number: int) -> None:
    """Put the number of its page into all that an element is known by, or leads to."""
    mark = f"lesson-{number}-"
    for name, value in each.attrib.items():
        if name in _IDS:
            each.set(name, " ".join(mark + part for part in value.split()))
        elif name.rpartition(":")[2] == "href" and value.startswith("#"):
            each.set(name, f"#{mark}{value[1:]}")
        elif "url(#" in value:
            each.set(name, _POINTED_AT.sub(f"url(#{mark}", value))
        elif name == "data-question":
            each.set(name, f"{number}-{value}")
        elif name == "name" and each.tag in _OF_FORMS:
            each.set(name, re.sub(r"^q", f"q{number}-", value))
