from __future__ import annotations

import unicodedata

import pytest

from rag.errors import QuestionError
from rag.question import clean, content_of, kind_of
from tests.conftest import KIWI


@pytest.mark.parametrize(
    ("text", "english", "korean"),
    [
        (
            "  ?? ",
            "The question is empty; type a question about the lesson.",
            "질문이 비어 있어요. 강의에 대해 궁금한 점을 적어 주세요.",
        ),
        (
            "가" * 2001,
            "The question has 2,001 characters; the most is 2,000.",
            "질문이 2,001자예요. 2,000자까지 물어볼 수 있어요.",
        ),
        (
            "이건\ud800 뭐예요",
            "The question holds a broken character (half of a surrogate pair); type it again.",
            "질문에 깨진 글자가 있어요. 다시 입력해 주세요.",
        ),
    ],
)
def test_what_cannot_be_asked_is_told(text: str, english: str, korean: str) -> None:
    with pytest.raises(QuestionError) as caught:
        clean(text)
    assert (caught.value.sentence("en"), caught.value.sentence("ko")) == (english, korean)


def test_a_question_becomes_one_line_of_nfc() -> None:
    typed = unicodedata.normalize("NFD", "  누가\n관리해요?\u200b\x07 ")
    assert clean(typed) == "누가 관리해요?"
    assert clean("\u1100\u200b\u1161 e\u200b\u0301") == "가 é"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("NGC가 뭐예요?", "definition"),
        ("What is NGC?", "definition"),
        ("구성 요소를 모두 알려 줘", "list"),
        ("A와 B의 차이는 뭐예요?", "comparison"),
        ("A랑 B는 무엇이 다릅니까?", "comparison"),
        ("A와 B가 배경을 다루는 방식은 어떻게 다른지 서술하라.", "comparison"),
        ("모두 몇 가지고 각각 무슨 일을 하나요?", "list"),
        ("서버가 몇 개 필요한지 알려줘", "number"),
        ("다른가게에서 사도 되나요?", "yesno"),
        ("다름이 아니라 환불이 뭐예요?", "definition"),
        ("몇 개 언어를 지원하나요?", "number"),
        ("어떻게 설치하나요?", "procedure"),
        ("브라우저로 쓸 수 있나요?", "yesno"),
        ("누가 관리해요?", "fact"),
    ],
)
def test_the_kind_of_answer_wanted(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_words_of_asking_are_no_content() -> None:
    terms = content_of(KIWI.terms("그럼 반납은 어디에서 하는지 알려 주세요"))
    assert [term.form for term in terms] == ["반납"]


def test_a_question_of_nothing_but_words_of_asking_is_about_those() -> None:
    def about(text: str) -> list[str]:
        return [term.form for term in content_of(KIWI.terms(text))]

    assert about("단점이 뭐예요?") == ["단점"]
    assert about("DGX의 단점이 뭐예요?") == ["dgx"]
