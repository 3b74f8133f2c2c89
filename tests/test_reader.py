from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from rag.assistant import Assistant
from rag.reading import READ, Place, place_of


class Favouring:
    """A reader that likes the places with one word."""

    def __init__(self, word: str) -> None:
        self.word, self.asked = word, list[tuple[str, int]]()

    def scores(self, question: str, places: Sequence[Place]) -> list[float]:
        self.asked.append((question, len(places)))
        return [4.0 if self.word in place.text else -4.0 for place in places]


def with_reader(assistant: Assistant, reader: Favouring, weight: float) -> Assistant:
    """The assistant with another reader, which counts so much."""
    parts, numbers = (assistant._retriever, assistant._analyzer), assistant.numbers
    weighed = replace(numbers, ranking={**numbers.ranking, "read": weight})
    return Assistant(assistant.lesson, *parts, weighed, reader=reader)


@pytest.mark.parametrize("weight", [0.0, 10.0])
def test_what_the_reader_likes_comes_first_by_its_weight(
    assistant: Assistant, weight: float
) -> None:
    question = "어떤 모델이 있나요?"
    plain = with_reader(assistant, Favouring("?"), 0.0).trace(question).hits[:READ]
    liked = plain[-1].passage
    reader = Favouring(liked.plain)
    found = with_reader(assistant, reader, weight).trace(question).hits
    assert reader.asked == [(question, READ)]
    assert found[0].passage == (liked if weight else plain[0].passage)
    assert [hit.features["read"] for hit in found if hit.passage == liked] == [1.0]
    assert {hit.features["read"] for hit in found if hit.passage != liked} == {-1.0}


def test_a_place_is_what_an_answer_would_show(assistant: Assistant) -> None:
    trace = assistant.trace("NeMo 모델이 뭐예요?")
    hit = next(hit for hit in trace.hits if hit.passage.plain.startswith("NeMo 모델:"))
    place = place_of(trace.question, hit, assistant.lesson)
    assert place.path.endswith("NVIDIA AI Foundations › 두 가지 컬렉션 포함:")
    assert place.text.splitlines() == [
        "NeMo 모델: 책임감 있게 소싱된 데이터를 사용하여 훈련된 엔터프라이즈 준비 모델.",
        "50개 이상의 언어와 35개의 코딩 언어 지원.",
        "다양한 산업에서의 적용: 의료, 통신, 금융 서비스 등.",
    ]
