"""Question sets with gold answers: JSON lines, CSV, or KorQuAD's JSON."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.errors import QuestionFileError
from rag.lesson import Document


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question and what a right answer is.

    ``evidence`` are verbatim quotes of the document that answer it, ``facts`` what the answer must
    say: each a group of alternatives. Both are empty for a question that must be abstained from,
    whose ``missing`` words may be those that its document gives nothing for.
    """

    id: str
    question: str
    history: tuple[str, ...] = ()
    kind: str = ""
    document: str = ""
    answerable: bool = True
    evidence: tuple[str, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    answer: str = ""
    split: str = ""
    missing: str = ""


def parse_gold(text: str, name: str) -> list[GoldQuestion]:
    """The questions of a file's text; ``name`` tells its format by its ending (.csv, .json, else
    JSON lines).

    Raises QuestionFileError, naming the row, for one that cannot be read: an evaluation that
    silently left questions out would flatter.
    """
    if name.lower().endswith(".csv"):
        rows = [_from_csv(row) for row in csv.DictReader(io.StringIO(text))]
    else:
        rows = [_json(line, n) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not rows:
        raise QuestionFileError(
            f"The question file {name} holds no question.",
            f"질문 파일 {name}에 질문이 없습니다.",
        )
    return [_gold(row, number) for number, row in enumerate(rows, 1)]


def parse_korquad(text: str) -> tuple[tuple[Document, ...], list[GoldQuestion]]:
    """The paragraphs of a KorQuAD 1.0 file (Lim, Kim and Lee, 2019), each a document, and its
    questions, each with the paragraph it is about.

    Raises QuestionFileError when the text is no such file.
    """
    documents: list[Document] = []
    questions: list[GoldQuestion] = []
    try:
        for article in json.loads(text)["data"]:
            for paragraph in article["paragraphs"]:
                source = f"{len(documents):05d}"
                words = _text(paragraph["context"])
                digest = hashlib.sha256(words.encode()).hexdigest()
                documents.append(Document(source, words, digest))
                questions += [
                    GoldQuestion(str(q["id"]), _text(q["question"]), document=source)
                    for q in paragraph["qas"]
                ]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise QuestionFileError(
            "The .json file is not in KorQuAD's format.", ".json 파일이 KorQuAD 형식이 아닙니다."
        ) from error
    return tuple(documents), questions


def _json(line: str, number: int) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _broken(number, "JSON") from error
    if not isinstance(row, dict):
        raise _broken(number, "JSON")
    return row


def _from_csv(row: Mapping[str, str | None]) -> Mapping[str, Any]:
    """Lists in one cell: parts by " || ", alternatives of a fact by " | "."""

    def parts(name: str) -> list[str]:
        return [part.strip() for part in (row.get(name) or "").split("||") if part.strip()]

    return {
        **row,
        "history": parts("history"),
        "evidence": parts("evidence"),
        "facts": [[a.strip() for a in fact.split("|")] for fact in parts("facts")],
        "answerable": (row.get("answerable") or "true").strip().lower() not in ("false", "0", "no"),
    }


def _gold(row: Mapping[str, Any], number: int) -> GoldQuestion:
    try:
        turns = row.get("history") or []
        return GoldQuestion(
            id=str(row.get("id") or number),
            question=_text(row["question"]),
            history=tuple(_text(t["question"] if isinstance(t, dict) else t) for t in turns),
            kind=str(row.get("kind") or ""),
            document=str(row.get("document") or ""),
            answerable=bool(row.get("answerable", True)),
            evidence=tuple(_text(quote) for quote in row.get("evidence") or ()),
            facts=tuple(_alternatives(fact) for fact in row.get("facts") or ()),
            answer=str(row.get("answer") or ""),
            split=str(row.get("split") or ""),
            missing=_text(row.get("missing") or ""),
        )
    except (KeyError, TypeError) as error:
        raise _broken(number, "question") from error


def _alternatives(fact: str | Sequence[str]) -> tuple[str, ...]:
    return (fact,) if isinstance(fact, str) else tuple(_text(choice) for choice in fact)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise TypeError("not text")


def _broken(number: int, what: str) -> QuestionFileError:
    return QuestionFileError(
        f"Row {number} of the question file is not a {what} row; mend or remove it.",
        f"질문 파일의 {number}번째 줄을 읽을 수 없습니다. 고치거나 지워 주세요.",
    )
