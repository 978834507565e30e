"""A lesson's HTML export as a page of the site: the same file, with a bar above it and a policy in its headers."""

from __future__ import annotations

import re

from starlette.responses import HTMLResponse, Response

from lessongen.web.guard import policy_with_style
from lessongen.web.pages.drawing import static_address

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_SCRIPT = re.compile(r"<script[ >].*?</script>\s*", re.DOTALL)
_OWN_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\s*')


def page(exported: str, bar: str) -> Response:
    """The export with our bar and style sheet, and a stricter policy than the one it has as a file.

    What lets the questions of a file be tried is not in it: the site has a page for that.
    """
    exported = _SCRIPT.sub("", exported)
    style = _STYLE.search(exported)
    links = f'<link rel="stylesheet" href="{static_address("site.css")}">'
    links += f'<link rel="icon" href="{static_address("icon.svg")}">'
    links += f'<script src="{static_address("site.js")}" defer></script>'
    text = _OWN_POLICY.sub("", exported, count=1)
    text = text.replace("</head>", f"{links}\n</head>", 1).replace("<body>", f'<body class="lesson">\n{bar}', 1)
    has_picture = '<img src="data:image/' in exported
    policy = policy_with_style(style[1], has_picture=has_picture) if style else None
    return HTMLResponse(text, headers={"Content-Security-Policy": policy} if policy else None)
