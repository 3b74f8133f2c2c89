"""What a lesson is: documents, and the tree of passages each one is cut into."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

PassageKind = Literal["heading", "paragraph", "item", "row", "code"]


@dataclass(frozen=True, slots=True)
class Document:
    """One lesson file as it was read.

    ``text`` is a text file's characters exactly as decoded (line ends, byte-order mark and Unicode
    form untouched), or the Markdown that any other file was converted to: every offset in this
    program counts its code points.
    """

    source: str  # path relative to the corpus folder, "/" between parts; a single file: its name
    text: str
    sha256: str  # of the file's bytes, hexadecimal
    pages: tuple[int, ...] = ()  # offsets at which page (or slide) 1, 2, ... begin, if it has pages

    def page_at(self, offset: int) -> int | None:
        """The number of the page that the character at ``offset`` is on; None without pages."""
        return bisect_right(self.pages, offset) or None


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is retrieved: a heading, a paragraph, a list item, a table row or some code.

    ``text == document.text[start:end]`` always. An item's text is its own words, without the list
    marker and without its sub-items, which are passages of their own.
    """

    id: str  # from source, heading path, kind and position; the same in every rebuild
    source: str
    kind: PassageKind
    heading: tuple[str, ...]  # plain text of the headings above it, outermost first
    parent: str | None  # id of the item, lead-in paragraph or heading it hangs under
    start: int
    end: int
    text: str  # verbatim, markup included
    plain: str  # for reading and searching: no markup, one line; a row reads "column: cell, ..."
    number: int | None = None  # of an item in a numbered list
    level: int = 0  # of a heading, 1-6; 7 for a title in bold


@dataclass(frozen=True)
class Lesson:
    """All documents and passages of a corpus, in reading order, with the tree they form."""

    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    _by_id: Mapping[str, Passage] = field(init=False, repr=False, compare=False)
    _children: Mapping[str, tuple[Passage, ...]] = field(init=False, repr=False, compare=False)
    _tops: Mapping[str, tuple[Passage, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id = {passage.id: passage for passage in self.passages}
        if len(by_id) != len(self.passages):
            raise ValueError("passage ids are not unique")
        children: dict[str, list[Passage]] = {}
        tops: dict[str, list[Passage]] = {}  # of each document: what hangs under nothing
        for passage in self.passages:
            if passage.parent is None:
                tops.setdefault(passage.source, []).append(passage)
            else:
                children.setdefault(passage.parent, []).append(passage)
        object.__setattr__(self, "_by_id", by_id)
        object.__setattr__(self, "_children", {k: tuple(v) for k, v in children.items()})
        object.__setattr__(self, "_tops", {k: tuple(v) for k, v in tops.items()})

    def __hash__(self) -> int:
        # Of little, for what is remembered of a lesson: the default would hash every word of it.
        return hash((len(self.passages), *(d.sha256 for d in self.documents[:1])))

    def passage(self, passage_id: str) -> Passage:
        """The passage with this id; KeyError when there is none."""
        return self._by_id[passage_id]

    @cached_property
    def _documents_by_source(self) -> Mapping[str, Document]:
        return {document.source: document for document in self.documents}

    @cached_property
    def order(self) -> Mapping[str, int]:
        """Passage id to its place in reading order, from 0."""
        return {passage.id: place for place, passage in enumerate(self.passages)}

    def document(self, source: str) -> Document:
        """The document with this source name; KeyError when there is none."""
        return self._documents_by_source[source]

    def only(self, sources: Collection[str]) -> Lesson:
        """The documents with these source names and their passages, as a lesson of its own."""
        return Lesson(
            tuple(document for document in self.documents if document.source in sources),
            tuple(passage for passage in self.passages if passage.source in sources),
        )

    def parent(self, passage: Passage) -> Passage | None:
        """What the passage hangs under, or None at the top of its document."""
        return None if passage.parent is None else self._by_id[passage.parent]

    def ancestors(self, passage: Passage) -> tuple[Passage, ...]:
        """Everything above the passage, outermost first."""
        chain: list[Passage] = []
        above = self.parent(passage)
        while above is not None:
            chain.append(above)
            above = self.parent(above)
        return tuple(reversed(chain))

    def children(self, passage: Passage) -> tuple[Passage, ...]:
        """What hangs directly under the passage, in reading order."""
        return self._children.get(passage.id, ())

    def subtree(self, passage: Passage) -> Iterator[Passage]:
        """The passage and everything under it, in reading order."""
        yield passage
        for child in self.children(passage):
            yield from self.subtree(child)

    def siblings(self, passage: Passage) -> tuple[Passage, ...]:
        """The passages under the same parent in the same document, itself included."""
        if passage.parent is None:
            return self._tops.get(passage.source, ())
        return self._children.get(passage.parent, ())


_LABEL_LENGTH = 60  # characters; the longest name a lesson gives a bullet before its colon


NAMING = r":(?!//|(?<=\d:)\d)"  # the colon of "A: b", not of 09:00, 3:1 or https://
_NAMING = re.compile(NAMING)


def split_name(text: str) -> tuple[str, str]:
    """What stands before the first colon that names, and after it.

    Both empty without one.
    """
    colon = _NAMING.search(text)
    return (text[: colon.start()].strip(), text[colon.end() :].strip()) if colon else ("", "")


def label(passage: Passage) -> str:
    """What the passage is called: the name before its colon, else its words, shortened.

    "DGX Cloud: a training service." is called "DGX Cloud"; a heading by its own words.
    """
    name, _ = split_name(passage.plain)
    if 0 < len(name) <= _LABEL_LENGTH:
        return name
    words = passage.plain
    return words if len(words) <= _LABEL_LENGTH else words[: _LABEL_LENGTH - 1].rstrip() + "…"
