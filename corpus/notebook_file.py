"""A Jupyter notebook as Markdown: its text as it is, its code as code, without what it printed."""

from __future__ import annotations

import json
import re

from corpus.archive import damaged
from corpus.encoding import decode
from corpus.limits import Limits, too_deep
from corpus.markup import Converted, clean, fence

_KIND = "Jupyter (.ipynb)"
_LANGUAGE = re.compile(r"[A-Za-z0-9+#.-]{1,30}")


def convert(data: bytes, source: str, limits: Limits) -> Converted:
    """The cells one below the other; raises CorpusError for what is no notebook (version 4)."""
    text = decode(data, source)
    if _depth(text) > limits.max_nesting:
        raise too_deep(source, limits.max_nesting)
    try:
        notebook = json.loads(text.removeprefix("\ufeff"))
        metadata = notebook.get("metadata", {})
        language = metadata.get("kernelspec", {}).get("language") or metadata.get(
            "language_info", {}
        ).get("name")
        cells = [(cell["cell_type"], _source(cell["source"])) for cell in notebook["cells"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise damaged(source, _KIND) from error
    known = isinstance(language, str) and _LANGUAGE.fullmatch(language)
    blocks = [_block(kind, words, language if known else "") for kind, words in cells]
    kept = [block for block in blocks if block]
    return Converted("\n\n".join(kept) + "\n" if kept else "")


def _source(lines: object) -> str:
    """A cell's text: a string, or a list of lines with their ends."""
    if isinstance(lines, str):
        return lines
    if isinstance(lines, list) and all(isinstance(line, str) for line in lines):
        return "".join(lines)
    raise TypeError("the source of a cell is text")


def _block(kind: object, words: str, language: str) -> str:
    words = clean(words)
    if not words.strip():
        return ""
    if kind == "markdown":
        return _closed(words.strip("\n"))
    return fence(words, language) if kind == "code" else ""


def _closed(words: str) -> str:
    """The text of a cell, with a fence that it left open closed: cells do not run together."""
    opened = ""
    for line in words.split("\n"):
        mark = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if mark and not opened:
            opened = mark[1]
        elif mark and mark[1].startswith(opened) and not line.strip().strip(opened[0]):
            opened = ""
    return f"{words}\n{opened}" if opened else words


def _depth(text: str) -> int:
    """How deep the brackets outside of strings are nested, before a parser recurses into them."""
    depth = deepest = 0
    for mark in re.finditer(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', text, re.S):
        if mark[0] in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif mark[0] in "]}":
            depth -= 1
    return deepest
