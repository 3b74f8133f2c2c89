"""Which sentences of a paragraph an answer takes over."""

from __future__ import annotations

import pytest

from corpus.markdown import cut
from rag.excerpt import answering_sentences
from rag.lesson import Document
from rag.question import Kind, Question
from rag.search import Hit
from rag.sentences import sentence_spans

WATER = [
    "물은 아침에 긷는다.",
    "그릇은 세 개를 쓴다.",
    "이때 뚜껑을 덮는다.",
    "하지만 여름에는 열어 둔다.",
    "남은 물은 밭에 준다.",
]


def taken(
    sentences: list[str], scores: tuple[float, ...], kind: Kind = "fact", longest: int = 220
) -> list[str]:
    text = " ".join(sentences)
    (passage,) = cut(Document("a.md", text, "0"))
    text = passage.text
    hit = Hit(passage, 1.0, 0.0, 0.0, {}, scores)
    spans = answering_sentences(Question("?", "?", kind, ()), hit, longest)
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((2.0, 0.0, 0.0, 0.0, 0.0), WATER[:1]),  # it holds the answer with 98.9 %
        ((0.0, 0.0, 0.0, 0.0, 2.0), WATER[4:]),
        ((0.0, 2.0, 0.0, 0.0, 0.0), WATER[1:2]),
        ((1.0, 0.9, 0.0, 0.0, 0.0), WATER[:4]),  # 96.8 % in two; "하지만" goes on
        ((0.0, 0.0, 2.0, 0.0, 0.0), WATER[1:4]),  # begins with "이때", goes on with "하지만"
        ((0.0, 0.0, 0.0, 2.0, 0.0), WATER[2:4]),  # "하지만" needs the one before
        ((0.0,) * 5, WATER),  # nothing is known of them
        ((), WATER),
    ],
)
def test_so_many_sentences_as_hold_the_answer(
    scores: tuple[float, ...], expected: list[str]
) -> None:
    assert taken(WATER, scores) == expected


@pytest.mark.parametrize("kind", ["list", "procedure", "comparison"])
def test_what_takes_several_sentences_is_told_whole(kind: Kind) -> None:
    assert taken(WATER, (2.0, 0.0, 0.0, 0.0, 0.0), kind) == WATER


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("기간: 2024. 7. 29.(월) ~ 2024. 8. 2.(금), 5일간", 1),
        ("7. 1. ~ 7. 12. 사이에 접수합니다. 그 뒤에는 안 됩니다.", 2),
        ("결과는 2024. 7. 16. 14:00에 알립니다. 문자로 알립니다.", 2),
        ("값은 모두 3. 그리고 더 있습니다.", 2),
    ],
)
def test_a_date_ends_no_sentence(text: str, sentences: int) -> None:
    assert len(sentence_spans(text)) == sentences


def test_there_is_room_for_so_many_characters() -> None:
    assert taken(WATER, (0.0,) * 5, longest=24) == WATER[:2]
    assert taken(WATER, (0.0, 0.0, 0.0, 0.0, 0.1), longest=20) == WATER[4:]
    assert taken(WATER, (0.0, 0.0, 3.0, 0.0, 0.0), longest=30) == WATER[1:3]  # no room for "하지만"


def test_a_short_bullet_is_told_whole() -> None:
    words = ["- 충돌형: 판이 부딪쳐 산맥이 솟는다.", "예: 히말라야산맥이다."]
    assert taken(words, (0.0, 3.0)) == [words[0].removeprefix("- "), words[1]]
    assert taken([*words, *["길게 이어진다." * 40]], (0.0, 3.0, 0.0)) == words[1:2]
