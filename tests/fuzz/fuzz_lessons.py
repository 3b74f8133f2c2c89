"""Any input is a document whose passages hold, or a sentence; see README.md beside this file."""

from __future__ import annotations

import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["corpus", "markdown_it", "bs4", "markdownify", "mammoth"]):
    from corpus.conversion import convert
    from corpus.limits import Limits
    from corpus.markdown import cut

from rag.errors import CorpusError
from rag.lesson import Document, Lesson
from tests import documents
from tests.documents import part
from tests.test_reading import ENTITY, GOOD, HELLO, packed, pdf, word

LIMITS = Limits(max_nesting=50, max_pages=20, max_text_mb=1, max_unpacked_mb=5)


def markdown(data: bytes) -> None:
    """Cuts the text as Markdown and as plain text."""
    text = data.decode("utf-8", "replace")
    for name in ("a.md", "a.txt"):
        _check(Document(name, text, ""))


def _check(document: Document) -> None:
    found = cut(document)
    Lesson((document,), found)
    for passage in found:
        if document.text[passage.start : passage.end] != passage.text or not passage.plain:
            raise AssertionError(f"{passage} does not hold")


def _file(suffix: str, data: bytes) -> None:
    try:
        converted = convert(data, suffix, f"a{suffix}", LIMITS)
    except CorpusError:
        return
    converted.text.encode()
    if list(converted.pages) != sorted(converted.pages):
        raise AssertionError(f"pages {converted.pages} do not rise")
    _check(Document(f"a{suffix}", converted.text, "", converted.pages))


def _bytes(data: bytes) -> None:
    suffixes = sorted(SEEDS)
    if data:
        _file(f".{suffixes[data[0] % len(suffixes)]}", data[1:])


_WORD, _SLIDES = documents.word(), documents.slides()
TARGETS: dict[str, Callable[[bytes], None]] = {
    "markdown": markdown,
    "html": lambda data: _file(".html", data),
    "pdf": lambda data: _file(".pdf", data),
    "docx": lambda data: _file(".docx", packed(_WORD, document=data)),
    "pptx": lambda data: _file(".pptx", packed(_SLIDES, slide=data)),
    "ipynb": lambda data: _file(".ipynb", data),
    "bytes": _bytes,
}
CELLS = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
_PAGE = (
    "<!doctype html><title>지리</title><h2>가</h2><ul><li>a<ol><li>b</ul>"
    "<table><tr><th>a<td rowspan=2>b"
)
SEEDS: dict[str, list[bytes]] = {
    "md": [GOOD.encode()],
    "markdown": [
        GOOD.encode(),
        b"|a|b|\n|-|-|\n|`c`|d\\|e|\n\n> 1. x\n\n```\ny\n```\n<div>z</div>\n",
    ],
    "html": [_PAGE.encode()],
    "pdf": [pdf(HELLO), documents.printed([[(20, "Title"), (11, "Some words. " * 20)]])],
    "docx": [part(word(ENTITY), "word/document.xml"), part(word(CELLS), "word/document.xml")],
    "pptx": [part(_SLIDES, "ppt/slides/slide2.xml")],
    "ipynb": [documents.notebook(("markdown", "# 글"), ("code", "x = 1"))],
    "txt": [GOOD.encode("cp949")],
}


def main() -> None:
    """Fuzzes the target that the first argument names."""
    target, options = sys.argv[1], sys.argv[2:]
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(SEEDS.get(target, [])):
            (Path(folder) / str(number)).write_bytes(seed)
        atheris.Setup([sys.argv[0], *options, folder], TARGETS[target])
        atheris.Fuzz()


if __name__ == "__main__":
    main()
