"""A presentation as Markdown: titles as headings, bullets with their levels, tables, notes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.shapes.autoshape import Shape
from pptx.shapes.base import BaseShape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.group import GroupShape
from pptx.slide import Slide
from pptx.text.text import _Paragraph as Paragraph

from corpus.archive import check_archive
from corpus.limits import Limits, too_deep, too_many_pages
from corpus.markup import Converted, Pages, clean, escaped, one_line, table

_LISTS = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY)
_ASIDE = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
_LONGEST_TITLE = 80  # characters of a first line that may stand for a missing title


def convert(data: bytes, source: str, limits: Limits) -> Converted:
    """The presentation, slide by slide; raises CorpusError as the archive or a limit demands."""
    check_archive(data, source, "PowerPoint (.pptx)", limits)
    slides = Presentation(io.BytesIO(data)).slides
    if len(slides) > limits.max_pages:
        raise too_many_pages(source, len(slides), limits.max_pages)
    pages = Pages()
    for number, slide in enumerate(slides):
        pages.turn()
        _slide(slide, number, pages, source, limits)
    return pages.converted()


def _slide(slide: Slide, number: int, pages: Pages, source: str, limits: Limits) -> None:
    title = slide.shapes.title
    words = _words(title.text_frame.text) if title is not None else ""
    shapes = [
        shape
        for shape in _flat(slide.shapes, source, limits.max_nesting)
        if title is None or shape.shape_id != title.shape_id
    ]
    blocks = [block for shape in sorted(shapes, key=_place) for block in _blocks(shape)]
    if not words and blocks and _may_be_title(blocks[0]):
        words = blocks.pop(0)
    if words:
        first = number == 0 and title is not None and _role(title) == PP_PLACEHOLDER.CENTER_TITLE
        pages.block(f"{'#' if first else '##'} {words}")
    for block in blocks:
        pages.block(block)
    if slide.has_notes_slide and (frame := slide.notes_slide.notes_text_frame) is not None:
        notes = [_words(paragraph.text) for paragraph in frame.paragraphs]
        pages.block("\n>\n".join(f"> {note}" for note in notes if note))


def _flat(
    shapes: Iterable[BaseShape], source: str, most: int, depth: int = 1
) -> Iterator[BaseShape]:
    """The shapes, those inside groups too."""
    if depth > most:
        raise too_deep(source, most)
    for shape in shapes:
        if isinstance(shape, GroupShape):
            yield from _flat(shape.shapes, source, most, depth + 1)
        elif _role(shape) not in _ASIDE:
            yield shape


def _role(shape: BaseShape) -> PP_PLACEHOLDER | None:
    return shape.placeholder_format.type if shape.is_placeholder else None


def _place(shape: BaseShape) -> tuple[int, int]:
    """From top to bottom, from left to right."""
    return (shape.top or 0, shape.left or 0)


def _blocks(shape: BaseShape) -> Iterator[str]:
    if isinstance(shape, GraphicFrame) and shape.has_table:
        yield table([[_words(cell.text) for cell in row.cells] for row in shape.table.rows])
    elif isinstance(shape, Shape):
        listed = _role(shape) in _LISTS
        lines = [(p.level, _words(p.text), _has_bullet(p)) for p in shape.text_frame.paragraphs]
        lines = [line for line in lines if line[1]]
        if any(bullet if bullet is not None else listed for _, _, bullet in lines):
            yield "\n".join("  " * level + f"- {words}" for level, words, _ in _stepped(lines))
        else:
            yield from (words for _, words, _ in lines)


def _stepped(lines: list[tuple[int, str, bool | None]]) -> Iterator[tuple[int, str, bool | None]]:
    """The lines with levels that never jump: Markdown would read one that does as code."""
    above = -1
    for level, words, bullet in lines:
        above = min(level, above + 1)
        yield above, words, bullet


def _has_bullet(paragraph: Paragraph) -> bool | None:
    """Whether the paragraph asks for a bullet or for none; None when its layout decides."""
    properties = paragraph._p.pPr
    if properties is None:
        return None
    names = {child.tag.rpartition("}")[2] for child in properties}
    if "buNone" in names:
        return False
    return True if names & {"buChar", "buAutoNum", "buBlip"} else None


def _words(text: str) -> str:
    return escaped(one_line(clean(text.replace("\v", "\n"))))


def _may_be_title(block: str) -> bool:
    return "\n" not in block and len(block) <= _LONGEST_TITLE and not block.startswith(("- ", "|"))
