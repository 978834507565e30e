"""PDF: the lesson's page as it prints, tagged, with its fonts in it."""

from __future__ import annotations

from lessongen.exporters.formats import html
from lessongen.exporters.printing import printed_format

FORMAT = printed_format("pdf", html.FORMAT, place=7)
