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
        (["DGX Cloud가 뭐예요?"], "그건 됐고, NeMo 모델은 몇 개 언어를 지원해요?",
         "NeMo 모델은 몇 개 언어를 지원해요?"),
        (["DGX Cloud가 뭐예요?"], "화제를 바꿔서, NGC는 뭐예요?", "NGC는 뭐예요?"),
        (["DGX Cloud가 뭐예요?"], "그건 알겠고, 그 서비스 이용자는 누구예요?",
         "NVIDIA DGX Cloud 서비스 이용자는 누구예요?"),
        (["DGX Cloud가 뭐예요?"], "그럼 NeMo 모델은 몇 개 언어를 지원해요?",
         "그럼 NeMo 모델은 몇 개 언어를 지원해요?"),
        (["DGX Cloud에 대해 설명해 주세요"], "가격은요?", "NVIDIA DGX Cloud 가격은요?"),
        (["DGX Cloud에 대해 설명해 주세요"], "그 서비스 이용자는 누구예요?",
         "NVIDIA DGX Cloud 서비스 이용자는 누구예요?"),
        (["DGX Cloud에 대해 설명해 주세요"], "거기에서는 뭘 해요?", "NVIDIA DGX Cloud 뭘 해요?"),
        (["NGC는 뭐예요?"], "컨테이너는요?", "NVIDIA NGC 카탈로그 컨테이너는요?"),
        (["What is DGX Cloud?"], "What items does NGC have?", "What items does NGC have?"),
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
