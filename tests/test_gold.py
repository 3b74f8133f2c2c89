from __future__ import annotations

import json

import pytest

from corpus.lesson import read_lesson
from corpus.questions import suite
from rag.errors import QuestionFileError
from rag.gold import parse_gold, parse_korquad
from rag.scoring import gold_spans


def test_json_lines_and_csv_say_the_same() -> None:
    row = {
        "id": "a", "question": "누구예요?", "history": [{"question": "앞 질문"}],
        "evidence": ["근거"], "facts": [["하나", "1"], ["둘"]],
    }  # fmt: skip
    lines = parse_gold(json.dumps(row), "x.jsonl")
    table = parse_gold(
        "id,question,history,evidence,facts\na,누구예요?,앞 질문,근거,하나 | 1 || 둘\n", "x.csv"
    )
    assert lines == table
    assert lines[0].facts == (("하나", "1"), ("둘",))


@pytest.mark.parametrize("text", ["{", "[]", '{"id": 1}', '{"question": 3}'])
def test_a_broken_row_is_named(text: str) -> None:
    with pytest.raises(QuestionFileError, match=r"^Row 2 of the question file is not a "):
        parse_gold('{"question": "뭐예요?"}\n' + text, "x.jsonl")


def test_an_empty_file_is_told() -> None:
    with pytest.raises(QuestionFileError) as caught:
        parse_gold("\n", "x.jsonl")
    assert str(caught.value) == "The question file x.jsonl holds no question."


def test_korquad() -> None:
    paragraph = {"context": "글", "qas": [{"id": "7", "question": "뭐?"}]}
    documents, questions = parse_korquad(json.dumps({"data": [{"paragraphs": [paragraph]}]}))
    assert [d.text for d in documents] == ["글"]
    assert (questions[0].id, questions[0].document) == ("7", "00000")
    with pytest.raises(QuestionFileError) as caught:
        parse_korquad("{}")
    assert str(caught.value) == "The .json file is not in KorQuAD's format."


def test_every_quote_of_our_questions_stands_in_its_lesson() -> None:
    count = {True: 0, False: 0}
    ids = set()
    for file, document in suite():
        lesson = read_lesson(document)
        for gold in parse_gold(file.read_text("utf-8"), file.name):
            if gold.document == document.name:
                assert len(gold_spans(gold, lesson)) == len(gold.evidence)
                assert bool(gold.evidence) is gold.answerable
                assert gold.split in ("dev", "held")
                count[gold.answerable] += 1
                ids.add(gold.id)
    assert len(ids) == sum(count.values()) >= 400
    assert count[False] * 2.5 >= count[True] >= count[False]
