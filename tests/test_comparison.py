from __future__ import annotations

import pytest

from rag.comparison import one_side, sides


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
