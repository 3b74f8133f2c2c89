from __future__ import annotations

import pytest

from rag.assistant import Assistant
from rag.conversation import bounded


@pytest.mark.parametrize(
    ("history", "asked", "understood"),
    [
        (["DGX Cloud에 대해 설명해 주세요"], "그건 어디에서 호스팅되나요?",
         "NVIDIA DGX Cloud 어디에서 호스팅되나요?"),
        (["NGC는 뭐예요?"], "DGX Cloud는요?", "DGX Cloud는 뭐예요?"),
        (["DGX Cloud가 뭐예요?"], "NeMo 모델은 몇 개 언어를 지원해요?",
         "NeMo 모델은 몇 개 언어를 지원해요?"),
        (["NeMo 모델이 뭐예요?"], "서울 날씨는 어때요?", "서울 날씨는 어때요?"),
        ([], "그건 누가 관리해요?", "그건 누가 관리해요?"),
    ],
)  # fmt: skip
def test_follow_ups(history: list[str], asked: str, understood: str, assistant: Assistant) -> None:
    assert assistant.trace(asked, history).question.text == understood


def test_an_ordinal_points_at_one_item(assistant: Assistant) -> None:
    history = ["NVIDIA DGX Cloud가 뭐예요?"]
    trace = assistant.trace("두 번째 것만 자세히 알려 줘", history)
    assert trace.hits[0].passage.plain.startswith("올인원 월간 가격")


def test_history_is_bounded() -> None:
    turns = bounded([f"{n}" * 10 for n in range(20)] + ["  "], 5)
    assert len(turns) == 7
    assert turns[-1] == "19191"
