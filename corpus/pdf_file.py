"""The lines of a PDF, page by page, with where they stand and how large they are."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pypdfium2
from pypdfium2 import raw

from corpus.archive import damaged
from corpus.limits import Limits, too_many_pages
from corpus.markup import Converted, clean
from corpus.paragraphs import Line, markdown
from rag.errors import CorpusError

_KIND = "PDF"
_SAMPLED = 8  # characters of a line whose height is looked at
_SOFT_HYPHENS = ("\ufffe", "\x02", "\xad")  # what PDFium gives for a word cut at a line's end


def convert(data: bytes, source: str, limits: Limits) -> Converted:
    """The document; raises CorpusError for a damaged or locked one and for one without words."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise _locked(source) from error
        raise damaged(source, _KIND) from error
    with document:
        if len(document) > limits.max_pages:
            raise too_many_pages(source, len(document), limits.max_pages)
        pages = [_lines(document, number) for number in range(len(document))]
    if not any(pages):
        raise CorpusError(
            f"The lesson {source} holds no text, maybe only pictures of pages; "
            "run text recognition over it first.",
            f"강의 {source}에 글자가 없습니다. 스캔한 그림이면 문자 인식(OCR)을 먼저 해 주세요.",
        )
    return markdown(pages)


def _locked(source: str) -> CorpusError:
    return CorpusError(
        f"The lesson {source} is protected by a password; save it without one.",
        f"강의 {source}에 암호가 걸려 있습니다. 암호 없이 저장해 주세요.",
    )


def _lines(document: pypdfium2.PdfDocument, number: int) -> list[Line]:
    try:
        page = document[number]
        text = page.get_textpage()
    except pypdfium2.PdfiumError:
        return []  # one broken page of a document that otherwise reads
    try:
        return list(_read(text))
    finally:
        text.close()
        page.close()


def _read(page: pypdfium2.PdfTextPage) -> Iterator[Line]:
    characters: list[str] = []
    places: list[int] = []
    for index in range(page.count_chars()):
        code = raw.FPDFText_GetUnicode(page.raw, index)
        character = chr(code) if 0 < code < 0x110000 else ""
        if character == "\n":
            yield from _line(page, characters, places)
            characters, places = [], []
        elif character and character != "\r":
            characters.append(character)
            places.append(index)
    yield from _line(page, characters, places)


def _line(page: pypdfium2.PdfTextPage, characters: list[str], places: list[int]) -> Iterator[Line]:
    seen = [index for c, index in zip(characters, places, strict=True) if not c.isspace()]
    text = clean("".join(characters))
    if not seen:
        return
    cut = characters[-1] in _SOFT_HYPHENS
    for hyphen in _SOFT_HYPHENS:
        text = text.replace(hyphen, "")
    text = text.replace("\ufffd", "") if cut else text
    if not text.strip():
        return
    boxes = [_box(page, index) for index in seen[:: max(1, len(seen) // _SAMPLED)]]
    heights = sorted(box.top - box.bottom for box in boxes)
    yield Line(
        text=text,
        left=boxes[0].left,
        right=_box(page, seen[-1]).right,
        bottom=boxes[0].bottom,
        size=heights[len(heights) // 2],
        cut=cut,
    )


def _box(page: pypdfium2.PdfTextPage, index: int) -> raw.FS_RECTF:
    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(page.raw, index, ctypes.byref(box))
    return box
