"""PDF of the worksheet: one page to write on, and for teachers its key on the next."""

from __future__ import annotations

from lessongen.exporters.formats import worksheet
from lessongen.exporters.printing import printed_format

FORMAT = printed_format("worksheet-pdf", worksheet.FORMAT, place=8)
