from __future__ import annotations

from dataclasses import replace

import pytest

from rag.assistant import Assistant
from rag.comparison import one_side, sides
from rag.naming import compares_named
from rag.question import understand


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("NeMo 모델과 커뮤니티 모델의 차이는?", ("NeMo 모델", "커뮤니티 모델")),
        ("fetch랑 pull 차이점 알려줘", ("fetch", "pull")),
        ("What is the difference between A and B?", ("A", "B")),
        ("How does A differ from B?", ("A", "B")),
        ("AとBの違いは?", ("A", "B")),
        ("대륙 지각과 해양 지각은 어떻게 달라요?", ("대륙 지각", "해양 지각")),
        ("DGX Cloud vs AI Foundations", ("DGX Cloud", "AI Foundations")),
        ("Docker vs. Podman?", ("Docker", "Podman")),
        ("설치는 VS Code로 하나요?", None),
        ("VMI가 뭐고 NGC가 뭐예요?", ("VMI", "NGC")),
        ("NGC랑 DGX Cloud 둘 다 설명해줘", ("NGC", "DGX Cloud")),
        ("DGX Cloud, NGC, AI Foundry를 비교해줘", ("DGX Cloud", "NGC", "AI Foundry")),
        ("NGC가 뭐예요?", None),
    ],
)
def test_the_two_sides(question: str, expected: tuple[str, ...] | None) -> None:
    assert sides(question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("NGC랑은 뭐가 달라요?", ("NGC", "뭐가 달라요?")),
        ("그럼 NGC와 비교해 줘", ("NGC", "비교해 줘")),
        ("NGC는 뭐가 달라요?", None),
    ],
)
def test_one_side_is_named(question: str, expected: tuple[str, str] | None) -> None:
    assert one_side(question) == expected


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("NVIDIA DGX Cloud랑 AI Foundry 차이가 뭐야?", True),
        ("NeMo 모델과 커뮤니티 모델은 뭐가 달라요?", True),
        ("NeMo 모델과 커뮤니티 모델의 가격 차이는?", False),  # more is asked than of both
        ("AI Foundry와 AWS Bedrock은 어떤 점이 다른가요?", False),
        ("AI Foundry와 NVIDIA AI Foundry의 차이는?", False),  # the same
        ("AI Foundry가 뭐예요?", False),
    ],
)
def test_what_is_compared_is_called_so_in_the_lesson(
    question: str, named: bool, assistant: Assistant
) -> None:
    understood = understand(question, question, assistant._analyzer)
    assert compares_named(understood, assistant.lesson, assistant._retriever) is named


def test_what_the_lesson_says_of_both_answers(assistant: Assistant) -> None:
    numbers = assistant.numbers
    never = replace(numbers, abstain=replace(numbers.abstain, threshold=1.0))
    answer = assistant.tuned_by(never).ask("NeMo 모델과 커뮤니티 모델의 차이는?")
    assert not answer.abstained
    assert {"NeMo 모델", "커뮤니티 모델"} <= {
        c.quote.split("**")[1] for c in answer.citations if "**:" in c.quote
    }
