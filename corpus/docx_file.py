"""A Word file as Markdown: headings, lists and tables, without pictures."""

from __future__ import annotations

import io

import mammoth

from corpus.archive import check_archive
from corpus.html_file import page
from corpus.limits import Limits
from corpus.markup import Converted

# Beside Word's own: what Korean Word and Hangul call their headings.
_STYLES = "\n".join(
    [
        "p[style-name='Title'] => h1:fresh",
        "p[style-name='제목'] => h1:fresh",
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
    return page(result.value, source, limits)


def _no_picture(image: object) -> dict[str, str]:
    """Pictures are left out; what is written about one stays."""
    return {"src": ""}
