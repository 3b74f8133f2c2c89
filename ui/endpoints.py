"""What a browser or a program can ask the server, as plain functions.

Whatever comes in is untrusted: types are checked here, and of a history only questions are read.
"""

# No `from __future__ import annotations` here: Gradio reads the endpoints' types from their
# annotations and takes a return type that is a string for no type at all.

import logging
import re
from typing import Any

from rag.answer import Answer
from rag.assistant import Assistant
from rag.conversation import MOST_TURNS
from rag.errors import LessonError, QuestionError
from rag.question import LONGEST_QUESTION, clean
from rag.search import Hit
from ui.explain import explain
from ui.feedback import Feedback
from ui.lesson_view import view
from ui.page import in_both_languages, library, turn_json
from ui.texts import TEXTS, Text
from ui.wiring import Live, Service

MOST_HITS = 50  # that one search gives

_MARK = re.compile(r"[0-9a-f]{32}")
_log = logging.getLogger(__name__)


class Endpoints:
    """The endpoints over the service that is live when each is called."""

    def __init__(self, live: Live, feedback: Feedback | None = None) -> None:
        self._live, self._feedback = live, feedback

    def ask(
        self, question: str, history: list[str] | None = None, sources: list[str] | None = None
    ) -> dict[str, Any]:
        """Answers a question about the lesson with citations, or says the lesson does not tell.

        Args:
            question: the question, at most 2,000 characters.
            history: earlier questions of the same student, oldest first; the last 8 are read.
            sources: names of the lessons to ask; none means all.

        Returns:
            the answer object: id, question, answer, abstained, citations (number, source, heading,
            quote, start, end, score, maybe page), generator and elapsed_ms.

        """
        return _asked(self._live.service, question, history, sources).to_json()

    def search(
        self, query: str, k: int = 10, sources: list[str] | None = None
    ) -> list[dict[str, Any]]:
        """Finds the passages of the lesson that are closest to a query, best first.

        Args:
            query: words or a question, at most 2,000 characters.
            k: how many passages at most, from 1 to 50.
            sources: names of the lessons to search; none means all.

        Returns:
            a list of passages: source, heading, quote, start, end (offsets into the source's text),
            kind, score and, where the source has pages, page.

        """
        if isinstance(k, bool) or not isinstance(k, int) or not 1 <= k <= MOST_HITS:
            raise QuestionError(
                f"k is a whole number from 1 to {MOST_HITS}.",
                f"k는 1부터 {MOST_HITS}까지의 정수로 적어 주세요.",
            )
        assistant = self._live.service.assistant.within(_names(sources))
        return [_hit_json(hit, assistant) for hit in assistant.search(_text(query), k)]

    def turn(self, question: str, history: list[str], sources: list[str]) -> dict[str, Any]:
        """One turn of the page: an answer or an error in both languages, and current notices."""
        service = self._live.service
        result: dict[str, Any]
        try:
            result = {"answer": turn_json(_asked(service, question, history, sources), service)}
        except Exception as error:
            result = {"error": sentences(error)}
        notices = in_both_languages(service.notices())
        return {**result, "notices": notices, "generation": service.generation}

    def why(self, question: str, history: list[str], sources: list[str]) -> dict[str, Any]:
        """Why the answer to a question is what it is, as lines of text in both languages."""
        try:
            assistant = self._live.service.assistant.within(_names(sources))
            trace = assistant.trace(clean(_text(question)), _questions(history))
            return {
                language: "\n".join(explain(assistant, trace, language))
                for language in ("ko", "en")
            }
        except Exception as error:
            return dict(sentences(error))

    def library(self) -> dict[str, Any]:
        """The lessons there are now, and questions they can answer."""
        return library(self._live.service)

    def lesson(self, source: str, sha256: str) -> dict[str, Any]:
        """A document as HTML; empty when it is not there, or no longer with these bytes."""
        documents = self._live.service.assistant.lesson.documents
        for document in documents:
            if (document.source, document.sha256) == (source, sha256):
                return {"html": view(document.text).html}
        return {"html": "", "changed": any(document.source == source for document in documents)}

    def feedback(
        self,
        question: str,
        history: list[str],
        sources: list[str],
        liked: bool,
        reason: str,
        mark: str,
    ) -> dict[str, Any]:
        """Keeps what a student thought of an answer; the answer is made again, not believed.

        An opinion with the ``mark`` of an earlier one (32 hex digits, drawn by the page) takes its
        place; anything else as a mark is none.
        """
        service = self._live.service
        try:
            if self._feedback is None or not isinstance(liked, bool):
                raise QuestionError("No opinions are kept here.", "의견을 받고 있지 않아요.")
            answer = _asked(service, question, history, sources)
            turns, names, why = _questions(history), _names(sources), _text(reason)
            known = mark if isinstance(mark, str) and _MARK.fullmatch(mark) else ""
            self._feedback.add(answer, turns, names, service.generation, liked, why, known)
        except Exception as error:
            return {"error": sentences(error)}
        return {}


def sentences(error: Exception) -> Text:
    """An error in both languages; one that is not ours is logged, and told in general words."""
    if isinstance(error, LessonError):
        return {"ko": error.sentence("ko"), "en": error.sentence("en")}
    _log.error("an answer failed", exc_info=error)
    return TEXTS["failed"]


def _asked(service: Service, question: object, history: object, sources: object) -> Answer:
    assistant = service.assistant.within(_names(sources))
    return assistant.ask(_text(question), _questions(history))


def _hit_json(hit: Hit, assistant: Assistant) -> dict[str, Any]:
    passage = hit.passage
    page = assistant.lesson.document(passage.source).page_at(passage.start)
    return {
        "source": passage.source,
        "heading": list(passage.heading),
        "quote": passage.text,
        "start": passage.start,
        "end": passage.end,
        "kind": passage.kind,
        "score": round(hit.score, 6),
        **({} if page is None else {"page": page}),
    }


def _text(question: object) -> str:
    """What a client sent as a question; raises QuestionError when it is no text."""
    if isinstance(question, str):
        return question
    raise QuestionError("A question is text.", "질문은 글로 적어 주세요.")


def _names(sources: object) -> list[str]:
    """What a client sent as the lessons to ask; raises QuestionError when it is no list of text."""
    if sources is None:
        return []
    if isinstance(sources, list) and all(isinstance(name, str) for name in sources):
        return sources
    raise QuestionError("The lessons are a list of names.", "강의는 이름의 목록으로 골라 주세요.")


def _questions(history: object) -> list[str]:
    """The questions in what a client sent as history: no roles, no answers, nothing malformed."""
    turns = history[-MOST_TURNS:] if isinstance(history, list) else []
    questions = []
    for turn in turns:
        if isinstance(turn, str):
            try:
                questions.append(clean(turn[:LONGEST_QUESTION]))
            except QuestionError:  # an empty or broken earlier question says nothing: leave it out
                continue
    return questions
