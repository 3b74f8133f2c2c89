"""A Word file as Markdown: headings, lists and tables, without pictures."""

from __future__ import annotations

import io
import re

import mammoth

from corpus.archive import check_archive
from corpus.html_file import page
from corpus.limits import Limits
from corpus.markup import Converted

_HEADING = re.compile(r"<h([1-5])>(.*?)</h\1>", re.S)
# Beside Word's own: what Korean Word and Hangul call their headings.
_STYLES = "\n".join(
    [
        "p[style-name='Title'] => h1.title:fresh",
        "p[style-name='제목'] => h1.title:fresh",
        *(
            f"p[style-name='{name} {level}'] => h{level}:fresh"
            for name in ("제목", "개요")
            for level in range(1, 7)
        ),
        # Word numbers lists by level, but these styles are lists of a level by their name alone.
        *(
            f"p[style-name='List {name} {level}'] => "
            f"{'ul|ol > li > ' * (level - 1)}{tag} > li:fresh"
            for name, tag in (("Bullet", "ul"), ("Number", "ol"))
            for level in range(2, 6)
        ),
        "comment-reference =>",
    ]
)


def convert(data: bytes, source: str, limits: Limits) -> Converted:
    """The document; raises CorpusError when the archive is damaged, locked or too large."""
    check_archive(data, source, "Word (.docx)", limits)
    result = mammoth.convert_to_html(
        io.BytesIO(data),
        style_map=_STYLES,
        convert_image=mammoth.images.img_element(_no_picture),
        include_embedded_style_map=False,
        external_file_access=False,
    )
    return page(_under_title(result.value), source, limits)


def _under_title(html: str) -> str:
    """The document's title has a style of its own in Word and stands above "Heading 1"."""
    if '<h1 class="title">' not in html:
        return html
    return _HEADING.sub(lambda h: f"<h{int(h[1]) + 1}>{h[2]}</h{int(h[1]) + 1}>", html)


def _no_picture(image: object) -> dict[str, str]:
    """Pictures are left out; what is written about one stays."""
    return {"src": ""}
