"""Pages of HTML as PDF: tagged, fonts embedded, nothing asked of the network."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from lessongen.exporters import Format, Order
from lessongen.system.errors import ConfigurationError
from lessongen.system.paper import A4, Paper

_NUMBERED = "font: 8pt 'Liberation Sans', Arial, Helvetica, sans-serif; color: #444"
_ON_PAPER = f"""
@page {{ size: PAPER; @bottom-left {{ content: string(title); {_NUMBERED} }}
  @bottom-right {{ content: "\\200e" counter(page) " / " counter(pages); {_NUMBERED} }} }}
@page :first {{ @bottom-left {{ content: none }} }}
h1 {{ string-set: title content(); }}
.lessons a::after {{ content: leader(".") target-counter(attr(href), page); }}
.lessons a {{ display: block; }}
ol[type="A"] {{ list-style-type: upper-alpha; }}
"""
_DRAWING = re.compile(r'(<svg\b[^>]*?aria-label="([^"]*)"[^>]*>)(?:\s*<title>[^<]*</title>)?')


def require_layout() -> None:
    """Raise `ConfigurationError` where the machine lacks what lays text out."""
    try:
        import weasyprint  # noqa: F401 - its import loads what it needs
    except OSError as error:
        raise ConfigurationError(
            "PDF needs the library Pango, which this machine does not have.",
            hint="On Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        ) from error


def printed(page: bytes, paper: Paper) -> bytes:
    """A page of ours on paper. Raises `ConfigurationError` where the machine lacks what lays text out."""
    require_layout()
    import weasyprint
    from weasyprint.urls import URLFetcher

    size = weasyprint.CSS(string=_ON_PAPER.replace("PAPER", paper.name))
    # What a drawing shows is told to a screen reader of PDF by its title alone.
    told = _DRAWING.sub(r"\1<title>\2</title>", page.decode())
    nothing_but_itself = URLFetcher(allowed_protocols=("data",))
    html = weasyprint.HTML(string=told, url_fetcher=nothing_but_itself)
    made: bytes = html.write_pdf(stylesheets=[size], pdf_tags=True)
    return made


def printed_format(name: str, page: Format, **more: Any) -> Format:
    """The format of pages, printed; `more` is as `Format` has it."""

    def export(order: Order) -> bytes:
        return printed(page.export(order), order.paper)

    def join(title: str, orders: Iterable[Order]) -> bytes:
        from lessongen.exporters.joined_page import Paged  # which loads the lesson's model

        assert page.join is not None  # noqa: S101 - all pages have one
        paged = Paged(orders)
        made = page.join(title, paged)
        return printed(made, paged.paper or A4)

    return Format(
        name=name,
        ending="pdf",
        media_type="application/pdf",
        export=export,
        join=join,
        is_binary=True,
        extra="pdf",
        libraries=("weasyprint",),
        needs_more=require_layout,
        **more,
    )
