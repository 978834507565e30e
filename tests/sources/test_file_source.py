# ruff: noqa: RUF001 texts of many languages
"""The user's own sources: what is read from each format, what is refused and why, and that nothing harms the worker."""

from __future__ import annotations

import hashlib
import io
import os
import re
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pypdf
import pytest

from lessongen.lesson.material import Document, Material
from lessongen.lesson.task import LessonRequest
from lessongen.sources.file.html import readable
from lessongen.sources.file.process import Child, Limits
from lessongen.sources.file.prose import HOLE, tidy
from lessongen.sources.file.source import FileSource
from lessongen.system.errors import (
    Cancelled,
    ConfigurationError,
    DataError,
    LessongenError,
    RateLimited,
    Unavailable,
    Uncovered,
)
from lessongen.text.sentences import is_whole, split_sentences
from tests.attempts import PlainAttempt

PATIENCE_SECONDS = 30.0
GLACIERS = (
    "A glacier is a large body of dense ice that moves slowly under its own weight. "
    "It forms where snow gathers over many years faster than it melts."
)
MORAINES = "A moraine is a ridge of rock that a glacier leaves behind. It shows how far the ice once reached."


def no_text(digest: str) -> str | None:
    return None


def read(
    *sources: Path | str,
    subject: str = "geography",
    topic: str = "glaciers",
    article: str | None = None,
    kept_text: Callable[[str], str | None] = no_text,
    language: str = "en",
    limits: Limits | None = None,
) -> Material:
    request = LessonRequest(
        subject=subject,
        topic=topic,
        article=article,
        language=language,
        sources=tuple(str(source) for source in sources),
    )
    return FileSource(kept_text, limits=limits).find(request, PlainAttempt())


def refusal(*sources: Path | str, topic: str = "glaciers") -> LessongenError:
    with pytest.raises(LessongenError) as caught:
        read(*sources, topic=topic)
    assert caught.value.hint
    return caught.value


def headings(document: Document) -> dict[str, str]:
    return {part.heading: document.text[part.start : part.end].strip() for part in document.parts}


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    def save(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return save


Saved = Callable[[str, str | bytes], Path]


# ---------------------------------------------------------------- what a document says of itself


def test_a_document_says_where_it_came_from_and_not_where_it_lies(saved: Saved) -> None:
    path = saved("ice_notes.txt", GLACIERS)
    article = read(path).article
    assert article.title == "Ice notes"
    assert article.attribution == "ice_notes.txt"
    assert article.url is None
    assert article.revision == "sha256:" + hashlib.sha256(GLACIERS.encode()).hexdigest()[:12]
    assert "provided by the user" in article.licence
    assert str(path.parent) not in str(article.as_json())


def test_the_first_source_is_the_article_and_the_others_come_beside_it_once(saved: Saved) -> None:
    first, second = saved("a.txt", GLACIERS), saved("b.txt", MORAINES)
    material = read(first, second, first)
    assert material.article.text == GLACIERS
    assert [other.text for other in material.others] == [MORAINES]
    assert "a.txt" in material.resolution


def test_text_that_was_handed_in_is_read_by_its_sha256() -> None:
    kept = {"0" * 64: f"# Ice\n\n{GLACIERS}\n"}
    article = read("text:" + "0" * 64, kept_text=kept.get).article
    assert (article.title, article.text) == ("Ice", GLACIERS)


def test_text_that_is_not_kept_any_more_is_said_so() -> None:
    assert isinstance(refusal("text:" + "0" * 64), DataError)


def test_parts_cover_the_text_in_order(saved: Saved) -> None:
    article = read(saved("a.md", f"{GLACIERS}\n\n# Ridges\n\n{MORAINES}\n\n## Lakes\n\n{GLACIERS}\n")).article
    assert article.parts[0].start == 0
    assert article.parts[-1].end == len(article.text)
    for before, after in zip(article.parts, article.parts[1:], strict=False):
        assert before.end == after.start
    assert headings(article) == {"": GLACIERS, "Ridges": MORAINES, "Lakes": GLACIERS}


# ---------------------------------------------------------------- plain text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "L’été est chaud à Besançon. La mer est bleue."),
        ("utf-8-sig", "L’été est chaud à Besançon. La mer est bleue."),
        ("utf-16", "L’été est chaud à Besançon. La mer est bleue."),
        ("utf-16-le", "The ice moves slowly here. The sea is cold."),
        ("utf-16-be", "The ice moves slowly here. The sea is cold."),
        ("utf-32", "The ice moves slowly here. The sea is cold."),
        ("cp1252", "L’été est chaud à Besançon. La mer est bleue."),
        ("iso-8859-1", "Le café est une boisson très chaude. On le boit."),
        ("cp1251", "Мембрана отделяет клетку от среды. Она состоит из липидов и белков. Клетка живёт долго."),
        (
            "shift_jis",
            "氷河は大きな氷の塊である。氷河はゆっくりと動く。山の上に雪が積もって氷になる。夏になると氷は少しずつ溶けて"
            "川に流れこみ、海まで届くことがある。冬には再び雪が降り、新しい層を作る。",
        ),
    ],
)
def test_text_is_read_whatever_its_encoding(saved: Saved, encoding: str, text: str) -> None:
    assert read(saved("a.txt", text.encode(encoding)), language="xx").article.text == text


def test_lines_that_a_paragraph_was_broken_into_are_joined_and_parted_words_mended(saved: Saved) -> None:
    text = (
        "A glacier is a large body of dense ice that moves slow-\nly under its own weight. It forms in a well-\n"
        "known place where snow gathers over many years faster\nthan it melts.\n\nIt ends in the sea or in a lake,\n"
        "and there it melts.\n"
    )
    assert read(saved("a.txt", text)).article.text == (
        "A glacier is a large body of dense ice that moves slowly under its own weight. It forms in a well-known place "
        "where snow gathers over many years faster than it melts.\nIt ends in the sea or in a lake, and there it melts."
    )


def test_a_line_each_paragraph_stays_so(saved: Saved) -> None:
    lines = f"{GLACIERS} {MORAINES}\n{MORAINES} {GLACIERS}\n"
    assert read(saved("a.txt", lines)).article.text == lines.strip()


def test_headings_of_plain_text_are_told_from_its_sentences(saved: Saved) -> None:
    text = f"Glaciers of the north\n=====================\n\n{GLACIERS}\n\n2. Ridges\n\n{MORAINES}\n\nPage 3\n"
    article = read(saved("a.txt", text)).article
    assert article.title == "Glaciers of the north"
    assert headings(article) == {"": GLACIERS, "2. Ridges": MORAINES}


def test_list_items_that_are_no_sentences_are_left_out(saved: Saved) -> None:
    text = f"{GLACIERS}\n\n- ice\n- Melting ice feeds rivers in summer.\n- snow and rain\n"
    assert read(saved("a.txt", text)).article.text == f"{GLACIERS}\nMelting ice feeds rivers in summer."


def test_what_is_not_seen_does_not_reach_the_text(saved: Saved) -> None:
    text = (
        "The\u200b gla\u00adcier \u202emoves\u202c\x07 slowly\ue000 down\ufeff the valley\u2066 today"
        "\U000e0041\U000e0042. The e\ufb03cient \u0065\u0301tude ends here."
    )
    assert read(saved("a.txt", text)).article.text == (
        "The glacier moves slowly down the valley today. The efficient étude ends here."
    )


@pytest.mark.parametrize(
    "text",
    [
        "The law reads $F = m a$ for every body.",
        "The law reads \\(F = m a\\) for every body.",
        "Read all of it on https://example.org/page?a=b for free.",
        "Write to someone@example.org about the ice.",
        "The letter \ufffd was lost in this file.",
    ],
)
def test_a_sentence_that_lost_a_formula_or_holds_an_address_is_not_fit_to_be_quoted(text: str) -> None:
    assert HOLE in tidy(text)
    assert not is_whole(tidy(text))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Ice melts [1], and rock stays.[2][3]", "Ice melts, and rock stays."),
        ("A ticket costs $5 and a meal $10 here.", "A ticket costs $5 and a meal $10 here."),
        ("Call main() to begin (  ) the work ( , ).", "Call main() to begin the work."),
        ("Tofu (; also bean curd) is a food .", "Tofu (also bean curd) is a food."),
        ("Non\u00a0breaking\u2009spaces   go.", "Non breaking spaces go."),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_a_line_is_tidied(text: str, clean: str) -> None:
    assert tidy(text) == clean
    assert tidy(clean) == clean


# ---------------------------------------------------------------- Markdown


def test_markdown_gives_its_sentences_alone(saved: Saved) -> None:
    text = f"""---
title: "Ice of the north"
author: Somebody
---
{GLACIERS.replace("weight.", "weight[^1].")} See the [map](https://example.org/map) and the [[Arctic|far north]].

![A picture. It shows ice.](ice.png)

| Cell one. | Cell two. |
|-----------|-----------|
| A table.  | It goes.  |

```
Code is not prose. It goes.
```

## Ridges

{MORAINES}

- *ice*
- Melting ice **feeds** rivers in summer.

<script>alert("Scripts go. All of them.")</script>

[^1]: A footnote is no text. It goes.
"""
    article = read(saved("a.md", text)).article
    assert article.title == "Ice of the north"
    assert headings(article) == {
        "": f"{GLACIERS} See the map and the far north.",
        "Ridges": f"{MORAINES}\nMelting ice feeds rivers in summer.",
    }


def test_markdown_is_known_by_its_headings_whatever_its_name(saved: Saved) -> None:
    article = read(saved("notes", f"# Ice\n\n{GLACIERS}\n\n## References\n\nSmith wrote a book. It is long.\n")).article
    assert (article.title, article.text) == ("Ice", GLACIERS)


# ---------------------------------------------------------------- HTML

PAGE = f"""<!DOCTYPE html><html><head><title>Glaciers | School Atlas</title>
<meta property="og:site_name" content="School Atlas"><style>p {{ color: red. Very red. }}</style></head><body>
<header><p>Welcome to our site. Have a look.</p></header>
<nav><ul><li><a href="/">All the pages are here.</a></li></ul></nav>
<div class="cookie-banner"><p>We use cookies here. Do you like them?</p></div>
<main><h1>Glaciers</h1>
<p>{GLACIERS.replace("weight.", 'weight.<sup class="reference"><a href="#n1">[1]</a></sup>')}</p>
<p style="display : none">Hidden text is not read. It goes.</p><p hidden>Nor is this one. It goes.</p>
<figure><img src="x.png" alt="Ice. Lots."><figcaption>A glacier in summer. It is blue.</figcaption></figure>
<table><tr><th>Name.</th></tr><tr><td>A table is data. It goes.</td></tr></table>
<h2>Ridges <span class="mw-editsection">[edit]</span></h2>
<p>{MORAINES}</p><pre>Code goes. All of it.</pre>
<ul><li>ice</li><li>Melting ice feeds rivers in summer.</li></ul>
<div class="related-posts"><p>Read more about ice. It is good.</p></div>
<h2>See also</h2><p>Other pages are good too. Read them.</p>
</main><footer><p>All rights are ours. Really.</p><a rel="license" href="https://creativecommons.org/licenses/by/4.0/">CC</a>
</footer><script>document.write("Nothing runs. Ever.")</script></body></html>"""


def test_of_a_page_the_article_is_read() -> None:
    title, text, parts = readable(PAGE)
    assert title == "Glaciers"
    assert text == f"{GLACIERS}\n{MORAINES}\nMelting ice feeds rivers in summer."
    assert [part.heading for part in parts] == ["", "Ridges"]


def test_a_page_that_marks_no_article_is_read_without_its_menus() -> None:
    links = " ".join(f'<a href="/{number}">Page {number} is here.</a>' for number in range(9))
    title, text, _ = readable(
        f"<title>Ice - Atlas</title><div>{links}</div><div><h2>Ice</h2><p>{GLACIERS}</p>{MORAINES}<br><br>The end is "
        f"near now.</div><p>{links}</p>"
    )
    assert title == "Ice"
    assert text == f"{GLACIERS}\n{MORAINES}\nThe end is near now."


def test_powers_and_formulas_are_not_flattened_into_false_numbers() -> None:
    _, text, _ = readable(
        "<p>The mass is 6 × 10<sup>24</sup> kg of H<sub>2</sub>O in the 5<sup>th</sup> case.</p>"
        "<p>The energy is <math><mi>m</mi></math> in all cases. The term x<sup>a+b</sup> grows.</p>"
    )
    first, second = text.splitlines()
    assert first == "The mass is 6 × 10²⁴ kg of H₂O in the 5th case."
    assert [is_whole(sentence.text) for sentence in split_sentences(second)] == [False, False]


@pytest.mark.parametrize("html", ["", "<!-- -->", "<p></p>", "\0", "<table><tr><td>x</td></tr></table>", b"\xff\xfe"])
def test_a_page_without_text_gives_none(html: str | bytes) -> None:
    assert readable(html).text == ""


def test_a_page_nested_beyond_measure_is_read_without_harm() -> None:
    title, text, _ = readable("<h1>Ice</h1><p>" + GLACIERS + "</p>" + "<div>" * 200_000)
    assert (title, text) == ("Ice", GLACIERS)


def test_html_bytes_are_decoded_as_the_page_says() -> None:
    page = '<meta charset="iso-8859-2"><p>Žluté světlo svítí. Řeka teče do moře.</p>'
    assert readable(page.encode("iso-8859-2")).text == "Žluté světlo svítí. Řeka teče do moře."


def test_a_saved_page_is_known_by_its_content(saved: Saved) -> None:
    assert read(saved("page.txt", PAGE)).article.title == "Glacier"  # of which its text speaks


# ---------------------------------------------------------------- PDF


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of a page that the tests make: its distance from the lower edge, its size, its text."""

    y: int
    text: str
    size: int = 11
    bold: bool = False


def pdf_of(pages: Sequence[Sequence[Line]], *, extra: bytes = b"") -> bytes:
    """A PDF (ISO 32000) with these lines."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>",
    ]
    kids = []
    for page in pages:
        drawn = b"\n".join(
            b"BT /F%d %d Tf 1 0 0 1 60 %d Tm (%s) Tj ET"
            % (2 if line.bold else 1, line.size, line.y, line.text.replace("(", r"\(").replace(")", r"\)").encode())
            for line in page
        )
        kids.append(b"%d 0 R" % (len(objects) + 1))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F1 3 0 R "
            b"/F2 4 0 R >> %s >> >>" % (len(objects) + 2, extra)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(pages))
    data = io.BytesIO()
    data.write(b"%PDF-1.4\n")
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(data.tell())
        data.write(b"%d 0 obj\n%s\nendobj\n" % (number, each))
    start = data.tell()
    data.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        data.write(b"%010d 00000 n \n" % place)
    data.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    return data.getvalue()


def page_of(number: int, *lines: Line) -> list[Line]:
    """A page with a running header and a page number."""
    return [
        Line(y=810, text=f"School Atlas of Ice - Chapter {number}", size=8),
        *lines,
        Line(y=30, text=f"Page {number} of 3", size=8),
    ]


def test_of_a_pdf_paragraphs_are_read_and_not_lines_headers_and_page_numbers(saved: Saved) -> None:
    pages = [
        page_of(
            1,
            Line(y=760, text="Glaciers of the north", size=22, bold=True),
            Line(y=720, text="A glacier is a large body of dense ice that moves slow-"),
            Line(y=706, text="ly under its own weight. It forms where snow gathers over"),
            Line(y=692, text="many years faster than it melts."),
            Line(y=664, text="1. Ridges", size=14, bold=True),
            Line(y=640, text="A moraine is a ridge of rock that a glacier leaves behind"),
        ),
        page_of(
            2, Line(y=760, text="it. It shows how far the ice once reached."), Line(y=60, text="1 Small print.", size=7)
        ),
        page_of(
            3, Line(y=760, text="Lakes", bold=True), Line(y=740, text="A lake fills the hollow that the ice has left.")
        ),
    ]
    article = read(saved("ice.pdf", pdf_of(pages))).article
    assert article.title == "Glaciers of the north"
    assert headings(article) == {
        "": GLACIERS,
        "1. Ridges": MORAINES.replace("leaves behind", "leaves behind it"),
        "Lakes": "A lake fills the hollow that the ice has left.",
    }


def test_a_heading_on_every_page_of_a_pdf_is_no_running_header(saved: Saved) -> None:
    places = ("Alps", "Andes", "Rockies", "Urals")
    pages = [
        [
            Line(y=760, text=f"Lesson {number}", size=18),
            *(
                Line(y=740 - 14 * row, text=f"The ice of the {place} {verb} more and more as the years go by.")
                for row, verb in enumerate(("melts", "moves", "breaks", "shrinks", "sinks", "thins", "cracks", "flows"))
            ),
        ]
        for number, place in enumerate(places, start=1)
    ]
    article = read(saved("ice.pdf", pdf_of(pages))).article
    assert article.title == "Ice"  # the file's name; "Lesson 1" says nothing
    assert list(headings(article)) == ["", "Lesson 2", "Lesson 3", "Lesson 4"]


def test_a_scanned_pdf_is_refused_with_a_way_out(saved: Saved) -> None:
    error = refusal(saved("scan.pdf", pdf_of([[], []], extra=b"/XObject << /Im0 3 0 R >>")))
    assert "scan.pdf" in error.message
    assert "pictures" in error.message
    assert "ocr" in str(error.hint).lower()


def test_a_pdf_that_is_cut_off_is_refused(saved: Saved) -> None:
    whole = pdf_of([[Line(y=700, text=GLACIERS)]])
    error = refusal(saved("cut.pdf", whole[:200]))
    assert "cut.pdf" in error.message


# ---------------------------------------------------------------- word processors and e-books


def test_of_a_word_document_paragraphs_are_read(saved: Saved, tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_heading("Glaciers of the north", 0)
    document.add_paragraph(GLACIERS)
    document.add_heading("Ridges", 1)
    document.add_paragraph(MORAINES)
    document.add_paragraph("ice", style="List Bullet")
    document.add_paragraph("Melting ice feeds rivers in summer.", style="List Bullet")
    document.add_table(1, 1).cell(0, 0).text = "A table is data. It goes."
    document.add_paragraph().add_run("Hidden text is not read. It goes.").font.hidden = True
    document.add_paragraph("Figure 1: A glacier. It is blue.", style="Caption")
    document.save(str(tmp_path / "ice.docx"))
    article = read(tmp_path / "ice.docx").article
    assert article.title == "Glaciers of the north"
    assert headings(article) == {"": GLACIERS, "Ridges": f"{MORAINES}\nMelting ice feeds rivers in summer."}


def zip_of(members: dict[str, str | bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def test_of_an_opendocument_text_paragraphs_are_read(saved: Saved) -> None:
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in {"office": "office", "text": "text", "table": "table"}.items()
    )
    content = f"""<office:document-content {spaces}><office:body><office:text>
    <text:h text:outline-level="1">Glaciers</text:h>
    <text:p>A glacier is a large body of <text:span>dense ice</text:span> that moves.<text:note><text:note-body>
    <text:p>A note goes. It is apart.</text:p></text:note-body></text:note></text:p>
    <table:table><table:table-row><table:table-cell><text:p>Data goes. All of it.</text:p></table:table-cell>
    </table:table-row></table:table>
    <text:h text:outline-level="2">Ridges</text:h><text:p>{MORAINES}</text:p>
    <text:list><text:list-item><text:p>ice</text:p></text:list-item></text:list>
    </office:text></office:body></office:document-content>"""
    members: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": content,
    }
    article = read(saved("ice.odt", zip_of(members))).article
    assert article.title == "Glacier"
    assert headings(article) == {"": "A glacier is a large body of dense ice that moves.", "Ridges": MORAINES}


def test_of_an_e_book_the_chapters_are_read_in_their_order(saved: Saved) -> None:
    members: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        "OEBPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<metadata><dc:title>The book of ice</dc:title></metadata><manifest>"
        '<item id="b" href="two.xhtml"/><item id="a" href="one%20a.xhtml"/></manifest>'
        '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>',
        "OEBPS/two.xhtml": f"<html><body><h1>Ridges</h1><p>{MORAINES}</p></body></html>",
        "OEBPS/one a.xhtml": f'<?xml version="1.0"?><html><body><h1>Glaciers</h1><p>{GLACIERS}</p></body></html>',
    }
    article = read(saved("ice.epub", zip_of(members))).article
    assert article.title == "The book of ice"
    assert headings(article) == {"Glaciers": GLACIERS, "Ridges": MORAINES}


def test_rich_text_is_read(saved: Saved) -> None:
    rich = r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 " + GLACIERS + r"\par " + MORAINES + r"\par caf\'e9}"
    assert read(saved("ice.rtf", rich)).article.text == f"{GLACIERS}\n{MORAINES}"


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"   \n\n", "empty"),
        (b"- ice\n- snow\n", "running text"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "picture"),
        (b"\0\1\2\3\4\5\6\7" * 99, "no text"),
        (b"PK\x03\x04 and no more", "damaged"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old Microsoft"),
        (b"%PDF-1.7\n%%EOF", "bad"),
        (b"%PDF-1.7 and nonsense " * 99, "bad"),
    ],
)
def test_a_file_without_usable_text_is_refused_by_its_name(saved: Saved, content: bytes, says: str) -> None:
    error = refusal(saved("bad.txt", content))
    assert isinstance(error, DataError)
    assert "bad.txt" in error.message
    assert says in error.message


def test_a_file_that_went_away_is_said_so(tmp_path: Path) -> None:
    assert "gone.txt" in refusal(tmp_path / "gone.txt").message


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "no regular file" in refusal(tmp_path / "pipe.txt").message


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(60_000_000)
    assert "50 MB" in refusal(tmp_path / "large.txt").message


def test_a_book_is_refused_with_what_to_do(saved: Saved) -> None:
    error = refusal(saved("book.txt", f"{GLACIERS}\n\n" * 8_000))
    assert "chapter" in str(error.hint)


def test_a_spreadsheet_is_refused_as_one(saved: Saved) -> None:
    error = refusal(saved("marks.xlsx", zip_of({"xl/workbook.xml": "<workbook/>"})))
    assert "spreadsheet" in error.message


def test_a_zip_that_swells_is_refused(saved: Saved) -> None:
    bomb = zip_of({"word/document.xml": b"<a>" + b"0" * (220 << 20)})
    assert len(bomb) < 1_000_000
    assert "unpacks" in refusal(saved("bomb.docx", bomb)).message


def test_xml_entities_are_not_expanded(saved: Saved, tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph(GLACIERS)
    document.save(str(tmp_path / "whole.docx"))
    with zipfile.ZipFile(tmp_path / "whole.docx") as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    text = bytes(members["word/document.xml"]).decode() if isinstance(members["word/document.xml"], bytes) else ""
    declaration, rest = text.split("?>", 1)
    members["word/document.xml"] = (
        f'{declaration}?><!DOCTYPE x [<!ENTITY e0 "Boom goes it. "><!ENTITY file SYSTEM "file:///etc/passwd">{entities}]>'
        + rest.replace("A glacier", "&e9;&file;A glacier")
    )
    try:
        article = read(saved("bomb.docx", zip_of(members))).article
    except DataError as error:
        assert "bomb.docx" in error.message  # noqa: PT017 both ways are well
    else:
        assert "Boom" not in article.text
        assert "root:" not in article.text
        assert len(article.text) < 1_000


@pytest.mark.parametrize(
    ("library", "name", "content"),
    [
        ("pypdf", "ice.pdf", pdf_of([[Line(y=700, text=GLACIERS)]])),
        ("docx", "ice.docx", zip_of({"word/document.xml": "<document/>"})),
        ("striprtf", "ice.rtf", r"{\rtf1 Ice.}"),
    ],
)
def test_a_library_that_is_missing_is_named_with_the_command_that_installs_it(
    saved: Saved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str, name: str, content: str | bytes
) -> None:
    saved(f"shadow/{library}.py", f"raise ModuleNotFoundError('No module named {library}')")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'shadow'}{os.pathsep}{os.environ['PYTHONPATH']}")
    path = saved(f"f/{name}", content)
    for source in (path, path.parent):  # in a folder in which nothing else can be read, it is said just so
        error = refusal(source)
        assert isinstance(error, ConfigurationError)
        assert error.hint == "pip install 'lessongen[files]'"
    saved("f/ice.txt", GLACIERS)
    assert read(path.parent).article.text == GLACIERS


# ---------------------------------------------------------------- folders


def test_of_a_folder_the_file_that_fits_the_topic_is_the_article(saved: Saved, tmp_path: Path) -> None:
    saved("f/lakes.txt", "A lake is a body of still water in a hollow. It is fed by rivers and by rain.")
    saved("f/deep/ice.md", f"# Glaciers\n\n{GLACIERS}\n")
    saved("f/moraine.txt", f"{MORAINES} Many a glacier has one. Each glacier is old.")
    saved("f/.hidden/glaciers.txt", "Glaciers are hidden here. Nobody reads them.")
    saved("f/.glaciers.txt", "Glaciers are hidden here too. Nobody reads them.")
    saved("f/picture.png", b"\x89PNG")
    saved("f/data.bin", b"\0\1\2" * 99)
    material = read(tmp_path / "f")
    assert material.article.title == "Glaciers"
    assert material.article.attribution == "deep/ice.md"
    assert [other.attribution for other in material.others] == ["moraine.txt"]
    assert "title" in material.resolution
    assert [reason for reason in material.passed_over if "data.bin" in reason]
    assert not [reason for reason in material.passed_over if "picture.png" in reason]


def test_a_folder_in_which_nothing_is_about_the_topic_is_refused_with_its_titles(saved: Saved, tmp_path: Path) -> None:
    saved("f/a.md", f"# Moraines\n\n{MORAINES}")
    saved("f/b.md", f"# Glaciers\n\n{GLACIERS}")
    error = refusal(tmp_path / "f", topic="volcanoes")
    assert isinstance(error, Uncovered)
    assert "Moraines" in str(error.hint)


def test_of_a_folder_a_file_can_be_asked_for(saved: Saved, tmp_path: Path) -> None:
    saved("f/a.md", f"# Moraines\n\n{MORAINES}")
    saved("f/b.md", f"# Glaciers\n\n{GLACIERS}")
    assert read(tmp_path / "f", article="moraines").article.title == "Moraines"
    assert read(tmp_path / "f", article="a").article.title == "Moraines"


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    assert "“f”" in refusal(tmp_path / "f").message


def test_a_folder_that_links_to_itself_is_read_once(saved: Saved, tmp_path: Path) -> None:
    saved("f/glaciers.txt", GLACIERS)
    (tmp_path / "f" / "again").symlink_to(tmp_path / "f")
    assert read(tmp_path / "f").others == ()


# ---------------------------------------------------------------- addresses


@dataclass
class Web:
    """A server on a socket that answers by path; what it was asked is kept."""

    answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    user_agents: list[str] = field(default_factory=list)
    port: int = 0

    def at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def sends(self, path: str, body: bytes | str, kind: str = "text/html", status: int = 200, **headers: str) -> str:
        data = body.encode() if isinstance(body, str) else body

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            handler.send_header("Content-Type", kind)
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(data)

        self.answers[path] = answer
        return self.at(path)


@pytest.fixture
def web() -> Iterator[Web]:
    site = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.user_agents.append(self.headers["User-Agent"])
            site.answers[self.path.partition("?")[0]](self)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_page_on_the_web_is_read_with_its_licence(web: Web) -> None:
    article = read(web.sends("/ice", PAGE) + "#part").article
    assert article.title == "Glaciers"
    assert article.text.startswith(GLACIERS)
    assert article.url == web.at("/ice")
    assert article.licence == "CC BY 4.0"
    assert article.attribution == "“Glaciers”, 127.0.0.1"
    assert web.user_agents == [agent for agent in web.user_agents if agent.startswith("lessongen/")] != []


def test_a_page_is_decoded_as_its_server_says(web: Web) -> None:
    text = "Žluté světlo svítí dnes. Řeka teče do moře."
    address = web.sends("/a", text.encode("cp1250"), kind="text/plain; charset=windows-1250")
    assert read(address).article.text == text


def test_a_pdf_on_the_web_is_read_as_one(web: Web) -> None:
    data = pdf_of([[Line(y=700, text=GLACIERS)]])
    assert read(web.sends("/ice.pdf", data, kind="application/pdf")).article.text == GLACIERS


def test_redirects_are_followed_but_not_forever(web: Web) -> None:
    web.sends("/old", "", status=302, Location="/ice")
    web.sends("/ice", PAGE)
    assert read(web.at("/old")).article.title == "Glaciers"
    web.sends("/loop", "", status=302, Location="/loop")
    assert "redirects" in refusal(web.at("/loop")).message


@pytest.mark.parametrize(
    "target",
    [
        *(
            "file:///etc/passwd",
            "ftp://127.0.0.1/x",
            "gopher://127.0.0.1/",
            "javascript:alert(1)",
            "data:text/plain,Ice.",
        ),
        *("http://[bad/", "http://[::1", "http://[fe80::1%25eth0]]/", "//[x", "http://127.0.0.1]/", "http://a[b]c/"),
        *("http://127.0.0.1:99999/", "http://127.0.0.1:ice/", "http://127.0.0.1:-1/", "http://127.0.0.1:80:80/"),
        *("http://", "http:///x", "http://:80/", "http://ann:secret@127.0.0.1/"),
        *(
            "http://xn--/",
            f"http://{'a' * 64}.example/",
            "http://a..example/",
            "http://\xe9\xad\x80.example/",
            "http://-/",
        ),
        *(
            "http://127.0.0.1/\x01",
            "http://a b/",
            "http://256.1.1.1/",
            "http://\u2100.example/".encode().decode("latin-1"),
        ),
    ],
)
def test_a_redirect_to_what_is_no_address_of_the_web_is_told_as_that(web: Web, target: str) -> None:
    web.sends("/away", "", status=302, Location=target)
    error = refusal(web.at("/away"))
    told = f"{error.message} {error.hint}"
    assert isinstance(error, DataError | Unavailable)
    assert re.search(r"redirects |can't be (?:reached|fetched|found)", told), told
    assert not re.search(r"damaged|secret", told), told


@pytest.mark.parametrize(
    "address", [f"http://{'a' * 64}.example/", "http://xn--/", "http://a..example/", "http://a b/"]
)
def test_an_address_whose_host_can_have_no_name_is_told_as_that(address: str) -> None:
    assert "damaged" not in refusal(address).message


@pytest.mark.parametrize("wait", ["Wed, 21 Oct 99999999999 07:28:00 GMT", "-1", "soon", "9" * 400, "\xb2"])
def test_a_wait_that_is_none_leaves_a_busy_server_a_busy_server(web: Web, wait: str) -> None:
    with pytest.raises(RateLimited):
        read(web.sends("/x", "No.", status=429, Retry_After=wait))


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://example.org/x", "http://name:secret@127.0.0.1/x", "http:///x", "http://[::1/"],
)
def test_an_address_that_is_none_of_the_web_is_refused_without_its_secrets(address: str) -> None:
    error = refusal(address)
    assert isinstance(error, DataError)
    assert "secret" not in f"{error.message} {error.hint}"


@pytest.mark.parametrize(("status", "kind"), [(404, DataError), (410, DataError), (403, DataError), (418, DataError)])
def test_a_page_that_is_not_to_be_had_is_refused_for_good(web: Web, status: int, kind: type[LessongenError]) -> None:
    error = refusal(web.sends("/x", "No.", status=status))
    assert isinstance(error, kind)
    assert not error.retryable
    assert str(status) in error.message


def test_a_busy_server_says_when_to_come_again(web: Web) -> None:
    with pytest.raises(RateLimited) as limited:
        read(web.sends("/x", "No.", status=429, Retry_After="90"))
    assert limited.value.retry_after_seconds == 90
    with pytest.raises(Unavailable) as down:
        read(web.sends("/y", "No.", status=503, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"))
    assert down.value.retry_after_seconds == 0
    with pytest.raises(Unavailable) as broken:
        read(web.sends("/z", "No.", status=500))
    assert broken.value.retry_after_seconds is None


def test_a_server_that_is_not_there_can_be_tried_again() -> None:
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1"):
        read("http://127.0.0.1:9/x")


def test_a_body_that_is_cut_off_can_be_tried_again(web: Web) -> None:
    with pytest.raises(Unavailable):
        read(web.sends("/x", "<p>Cut.", Content_Length="9999"))


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "application/json", "application/javascript", "text/css"])
def test_what_holds_no_running_text_is_not_fetched(web: Web, kind: str) -> None:
    assert kind in refusal(web.sends("/x", GLACIERS, kind=kind)).message


def test_a_body_that_does_not_end_is_refused_by_its_size(web: Web) -> None:
    def pour(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/plain")
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"Ice is cold. " * 100_000)
        except OSError:
            pass

    web.answers["/flood"] = pour
    assert "50 MB" in refusal(web.at("/flood")).message


def test_cancelling_leaves_a_server_that_does_not_answer(web: Web) -> None:
    asked, done = threading.Event(), threading.Event()

    def stall(handler: BaseHTTPRequestHandler) -> None:
        asked.set()
        done.wait(PATIENCE_SECONDS)

    @dataclass(kw_only=True)
    class Impatient(PlainAttempt):
        def cancelled(self) -> bool:
            return asked.is_set()

    web.answers["/stall"] = stall
    request = LessonRequest(subject="geography", topic="ice", sources=(web.at("/stall"),))
    started = time.monotonic()
    with pytest.raises(Cancelled):
        FileSource(no_text).find(request, Impatient())
    assert time.monotonic() - started < PATIENCE_SECONDS / 2
    done.set()


# ---------------------------------------------------------------- the child process


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """What a child does when it runs this module: what its request says."""
    deed = request["do"]
    if deed == "loop":
        while True:
            pass
    if deed == "eat":
        return {"eaten": len([bytes(1 << 20) + bytes([number % 7]) for number in range(4_096)])}
    if deed == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if deed == "raise":
        raise KeyError("lost key")
    if deed == "print":
        os.write(1, b"noise on the pipe\n")
    if deed == "refuse":
        raise RateLimited("Not now.", hint="Later.", retry_after_seconds=7)
    if deed == "environment":
        return {"names": sorted(os.environ)}
    return {"process": os.getpid()}


@pytest.fixture
def child() -> Iterator[Child]:
    with Child("tests.sources.test_file_source", Limits(seconds=PATIENCE_SECONDS, memory_bytes=1 << 28)) as started:
        yield started


def test_an_endless_loop_is_ended_and_the_next_file_read() -> None:
    with Child("tests.sources.test_file_source", Limits(seconds=5.0)) as child:
        first = child.ask({"do": "work"}, PlainAttempt(), "a")["process"]
        with pytest.raises(DataError, match="within 5 seconds"):
            child.ask({"do": "loop"}, PlainAttempt(), "a")
        assert not is_running(first)
        assert child.ask({"do": "work"}, PlainAttempt(), "a")["process"] != first


def test_one_child_reads_file_after_file(child: Child) -> None:
    asked = [child.ask({"do": deed}, PlainAttempt(), "a") for deed in ("work", "print", "work")]
    assert len({each["process"] for each in asked}) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems don't bound memory so")
def test_a_parser_that_eats_all_memory_is_ended(child: Child) -> None:
    with pytest.raises(DataError, match="256 MB of memory"):
        child.ask({"do": "eat"}, PlainAttempt(), "a.pdf")
    assert child.ask({"do": "work"}, PlainAttempt(), "a")


@pytest.mark.parametrize(("deed", "says"), [("crash", "broke off"), ("raise", "lost key")])
def test_a_parser_that_breaks_costs_its_file_alone(child: Child, deed: str, says: str) -> None:
    with pytest.raises(DataError, match=rf"a\.pdf.*{says}"):
        child.ask({"do": deed}, PlainAttempt(), "a.pdf")
    assert child.ask({"do": "work"}, PlainAttempt(), "a")


def test_an_error_comes_out_as_it_went_in(child: Child) -> None:
    with pytest.raises(RateLimited) as caught:
        child.ask({"do": "refuse"}, PlainAttempt(), "a")
    assert (caught.value.message, caught.value.hint, caught.value.retry_after_seconds) == ("Not now.", "Later.", 7)


def test_a_parser_is_told_no_secrets(child: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-something")
    monkeypatch.setenv("SOME_TOKEN", "something")
    names = child.ask({"do": "environment"}, PlainAttempt(), "a")["names"]
    assert "PATH" in names
    assert not {"OPENAI_API_KEY", "SOME_TOKEN"} & set(names)


def test_cancelling_ends_the_child(child: Child) -> None:
    @dataclass(kw_only=True)
    class Ending(PlainAttempt):
        def cancelled(self) -> bool:
            return True

    process = child.ask({"do": "work"}, PlainAttempt(), "a")["process"]
    with pytest.raises(Cancelled):
        child.ask({"do": "loop"}, Ending(), "a")
    assert not is_running(process)


def test_a_child_ends_with_its_parent_even_in_a_loop() -> None:
    program = (
        "import os, threading\n"
        "from lessongen.sources.file.process import Child, Limits\n"
        "from tests.attempts import PlainAttempt\n"
        "child = Child('tests.sources.test_file_source', Limits(seconds=600))\n"
        "print(child.ask({'do': 'work'}, PlainAttempt(), 'a')['process'], flush=True)\n"
        "child.ask({'do': 'loop'}, PlainAttempt(), 'a')\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    process = int(parent.stdout.readline())
    assert is_running(process)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while is_running(process):
        assert time.monotonic() < deadline, "the child outlived its parent"
        time.sleep(0.05)


def is_running(process: int) -> bool:
    """Whether a process is there and no zombie that waits to be told of."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


# ---------------------------------------------------------------- what it is called

BOATS = (
    "A lantern boat is a small boat that carries a lamp on a pole. Each lantern boat is steered with a single oar. The "
    "lamp burns the whole night."
)


@pytest.mark.parametrize("name", ["doc1.txt", "untitled.txt", "scan_0001.txt", "Unit 3 notes (final).md", "b.txt"])
@pytest.mark.parametrize("topic", ["lantern boat", "Lantern boats"])
def test_a_file_whose_name_says_nothing_is_called_by_its_topic(saved: Saved, name: str, topic: str) -> None:
    assert read(saved(name, BOATS), topic=topic).article.title == "Lantern boat"


def test_a_title_is_in_the_number_in_which_its_text_speaks(saved: Saved) -> None:
    assert read(saved("a.md", f"# Lantern boats\n\n{BOATS}"), topic="boats").article.title == "Lantern boat"
    many = BOATS.replace("A lantern boat is a small boat that carries", "Lantern boats are small boats that carry")
    many = many.replace("Each lantern boat", "Each of them")
    for topic in ("lantern boat", "lantern boats"):
        assert read(saved("doc1.txt", many), topic=topic).article.title == "Lantern boats"


def titled(data: bytes, title: str) -> bytes:
    """A PDF with that title in its metadata."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.add_metadata({"/Title": title})
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Microsoft Word - doc1", "Lantern boat"),
        ("untitled", "Lantern boat"),
        ("PowerPoint Presentation", "Lantern boat"),
        ("Annual report template", "Lantern boat"),
        ("boats_v2_final.indd", "Lantern boat"),
        ("The lantern boat of the lake", "The lantern boat of the lake"),
    ],
)
def test_a_pdf_s_metadata_is_its_title_only_where_it_names_something(saved: Saved, said: str, title: str) -> None:
    lines = [Line(y=740 - 14 * row, text=f"{text}.") for row, text in enumerate(BOATS.rstrip(".").split(". "))]
    article = read(saved("doc1.pdf", titled(pdf_of([lines]), said)), topic="lantern boats").article
    assert article.title == title
