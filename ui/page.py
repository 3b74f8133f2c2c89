"""What the chat page is made of: its markup, script and style, and what they are told at start."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.answer import Answer
from rag.errors import LessonError
from rag.question import LONGEST_QUESTION
from rag.smalltalk import smalltalk
from ui.lesson_view import view
from ui.texts import REPLIES, TEXTS, Text, page_name

if TYPE_CHECKING:
    from ui.wiring import Service

_ASSETS = Path(__file__).parent / "assets"
_SCRIPTS = ("words.js", "lesson.js", "search.js", "answer.js", "keep.js", "page.js")


def asset(name: str) -> str:
    """The text of a packaged file of the page."""
    return (_ASSETS / name).read_text(encoding="utf-8")


def script() -> str:
    """The page's script."""
    return "\n".join(asset(name) for name in _SCRIPTS)


def page_html(service: Service, extras: Mapping[str, bool]) -> str:
    """The page's markup, with its texts, examples and status in one attribute for the script.

    ``extras``: whether there is "feedback" and a "teacher" page.
    """
    config = {
        "texts": TEXTS,
        "library": library(service),
        "longest": LONGEST_QUESTION,
        "device": service.device,
        "encoder": service.encoder,
        "notices": in_both_languages(service.notices()),
        **extras,
    }
    return asset("page.html").replace("{{config}}", html.escape(json.dumps(config)))


def library(service: Service) -> dict[str, Any]:
    """The lessons of an index, each with its title, and questions they can answer."""
    lesson = service.assistant.lesson
    titles: dict[str, str] = {}
    for passage in lesson.passages:
        if passage.kind == "heading":
            titles.setdefault(passage.source, passage.plain)
    return {
        "generation": service.generation,
        "examples": service.assistant.examples(4),
        "lessons": [
            {
                "source": document.source,
                "title": titles.get(document.source, document.source),
                "sha256": document.sha256,
            }
            for document in lesson.documents
        ],
    }


def in_both_languages(errors: Iterable[LessonError]) -> list[Text]:
    """Sentences the page can show in either language."""
    return [{"ko": error.sentence("ko"), "en": error.sentence("en")} for error in errors]


def turn_json(answer: Answer, service: Service) -> dict[str, Any]:
    """The answer object, and what the page shows beside it."""
    turn = answer.to_json()
    turn["understood"] = answer.understood
    turn["suggestions"] = list(answer.suggestions)
    turn["talk"] = answer.abstained and smalltalk(answer.question) is not None
    turn["said"] = next((text for text in REPLIES if text["ko"] == answer.answer), None)
    lesson = service.assistant.lesson
    whole = {(p.source, p.start, p.end): p for p in lesson.passages if p.kind in ("code", "row")}
    for citation in turn["citations"]:
        place = (citation["source"], citation["start"], citation["end"])
        document = lesson.document(citation["source"])
        passage = whole.get(place)
        citation["code"] = passage is not None and passage.kind == "code"  # shown line by line
        # Of a row a reader sees the cells without what parts them.
        shown = view(document.text).shown(*place[1:])
        citation["plain"] = passage.plain if passage else shown
        citation["sha256"] = document.sha256  # offsets are of these bytes and no others
        if "page" in citation:
            citation["page_name"] = page_name(citation["source"], citation["page"])
    return turn
