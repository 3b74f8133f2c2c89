"""The packaged reader taught again: ``make reader``.

Every question of ``corpus/reading`` is asked of its lesson as a student would ask it; the places
found, which are what the reader will have to tell apart, are its examples. None of these lessons
and questions is among those that the program is tuned or measured on (``corpus/questions``).

The packaged reader was taught in sittings, while lessons were still being written: visits of
questions, the later ones of new questions and of those of the old that it found hard, the last of
24,000 also with the words of a question that its lesson gives nothing for. So this repeats the way,
not the bytes. Some 13,600 visits more, with changes of twice the rank (11 MB), brought the reader
alone from 0.872 to 0.881 (area under the curve, 1,000 development questions) and the answers
nothing: 89.6 instead of 89.6 % right, 66.9 instead of 67.1 % rightly abstained; they were not kept.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from safetensors.torch import load_file, save_file

from corpus.lesson import read_lesson
from index import e5
from index.e5_file import Stored
from index.reader import FILE
from index.reader_examples import Example
from index.reader_training import train
from rag.assistant import Assistant
from rag.evidence import shown
from rag.gold import GoldQuestion, parse_gold
from rag.lesson import Passage
from rag.question import clean
from rag.reading import READ, Place, place_of
from rag.scoring import Span, gold_spans, overlap
from rag.smalltalk import smalltalk
from ui.evaluate import fresh_assistant
from ui.settings import read_settings
from ui.terminal import ProgressLine
from ui.wiring import load_parts

_EPOCHS = 2
_PLACES = READ
_SPREAD = ("list", "comparison", "yesno")  # whose answer one line does not hold alone
_LEFT = 20  # characters that a place must keep
FOLDER = Path("corpus/reading")


def examples(assistant: Assistant, questions: Sequence[GoldQuestion]) -> Iterator[Example]:
    """Each question with the places found for it, and which of them show gold evidence.

    A place that hangs under the evidence is left out: the reader sees the evidence above it.
    """
    lesson = assistant.lesson
    for gold in questions:
        if smalltalk(clean(gold.question)):
            continue
        trace, spans = assistant.trace(clean(gold.question), gold.history), gold_spans(gold, lesson)
        seen = [(hit, shown(trace.question, hit, lesson)) for hit in trace.hits[:_PLACES]]
        right = [any(_holds(e.passage, e.start, e.end, spans) for e in found) for _, found in seen]
        kept = [
            (place_of(trace.question, hit, lesson), answers)
            for (hit, _), answers in zip(seen, right, strict=True)
            if answers
            or not any(_holds(p, p.start, p.end, spans) for p in lesson.ancestors(hit.passage))
        ]
        words = [_words(place.text, gold.evidence) if holds else [] for place, holds in kept]
        yield Example(
            trace.question.text,
            [place for place, _ in kept],
            [holds for _, holds in kept],
            words,
            _cut(gold, [(place, w) for (place, _), w in zip(kept, words, strict=True) if w]),
            next(iter(_words(trace.question.text, [gold.missing])), None),
        )


def _words(text: str, quotes: Sequence[str]) -> list[tuple[int, int]]:
    """Where the quotes stand in a text without markup."""
    plain = [re.sub(r"[*`]", "", quote) for quote in quotes]
    return [(text.index(q), text.index(q) + len(q)) for q in plain if q and q in text]


def _cut(gold: GoldQuestion, places: Sequence[tuple[Place, list[tuple[int, int]]]]) -> list[Place]:
    """Places without the line that answers, where one line does and others are left."""
    if len(gold.evidence) != 1 or gold.kind in _SPREAD:
        return []
    found = []
    for place, ((start, _),) in places:
        lines = place.text.split("\n")
        del lines[place.text.count("\n", 0, start)]
        if sum(map(len, lines)) > _LEFT:
            found.append(Place(place.path, "\n".join(lines)))
    return found


def _holds(passage: Passage, start: int, end: int, spans: Sequence[Span]) -> bool:
    return any(overlap(span, (passage.source, start, end)) for span in spans)


def main() -> int:
    """Teaches the packaged reader and writes ``index/reader.safetensors``."""
    parser = argparse.ArgumentParser(prog="python -m ui.reader_training", description=main.__doc__)
    parser.add_argument("--epochs", type=int, default=_EPOCHS)
    parser.add_argument("--further", action="store_true", help="go on from the packaged reader")
    options = parser.parse_args()
    settings = replace(read_settings({}, os.environ), reranker="none")
    progress, parts = ProgressLine(settings.language), load_parts(settings)
    questions = parse_gold((FOLDER / "questions.jsonl").read_text("utf-8"), "questions.jsonl")
    known = load_file(FILE) if options.further else None
    found: list[Example] = []
    with tempfile.TemporaryDirectory() as folder:
        for document in sorted((FOLDER / "documents").glob("*.md")):
            place = Path(folder) / document.stem
            lesson = read_lesson(document)
            assistant = fresh_assistant(lesson, settings, place, parts, progress)
            found += examples(assistant, [q for q in questions if q.document == document.name])
    stored = Stored.read(e5.package_file())
    changes = train(stored, found, options.epochs, lambda n, of: progress("teaching", n, of), known)
    save_file(dict(changes), FILE)
    print(f"{len(found)} questions, {options.epochs} times", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
