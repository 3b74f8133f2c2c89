"""The README's examples and numbers are those of the program."""

from __future__ import annotations

import json
import re
from pathlib import Path
from statistics import fmean

from corpus.questions import BASELINE, HERE
from rag.assistant import Assistant
from rag.gold import parse_gold
from ui.arguments import parser

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")


def block(name: str) -> str:
    return README.partition(f"<!-- {name} -->")[2].partition(f"<!-- /{name} -->")[0]


def test_the_first_question_has_this_answer(assistant: Assistant) -> None:
    question = re.search(r'lesson-qa ask "(.+?)"', block("first-question"))
    assert question
    for line in assistant.ask(question.group(1)).answer.splitlines():
        assert line in block("first-question")


def test_the_held_back_numbers_are_those_of_the_baseline() -> None:
    right = {
        row["id"]: row["correct"] for row in map(json.loads, BASELINE.read_text().splitlines())
    }
    values: dict[bool, list[float]] = {True: [], False: []}
    for file in sorted(HERE.glob("l*.jsonl")):
        for gold in parse_gold(file.read_text("utf-8"), file.name):
            if gold.split == "held":
                values[gold.answerable].append(right[gold.id])
    assert f"| right and cited, of the answerable | {fmean(values[True]):.1%} |" in block("held")
    assert f"| rightly abstained, of the others | {fmean(values[False]):.1%} |" in block("held")


def test_every_command_and_option_is_documented() -> None:
    for command in ("chat", "ask", "batch", "evaluate", "index build / verify / info"):
        assert f"lesson-qa {command}" in README
    for option in ("--corpus", "--index", "--encoder", "--reranker", "--device", "--threshold"):
        assert option in README
        assert option in parser().format_help() or option in README
