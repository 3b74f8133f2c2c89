from __future__ import annotations

from time import perf_counter

import pytest

from rag.expected import expects_value, lacks_its_words, lacks_what_is_asked


@pytest.mark.parametrize(
    ("question", "evidence", "lacks"),
    [
        ("몇 개 언어를 지원하나요?", "50개 이상의 언어", False),
        ("몇 개 언어를 지원하나요?", "여러 언어를 지원한다", True),
        ("몇 도에서 굽나요?", "250℃로 데운다", False),
        ("언제 만들었나요?", "1434년에 만들었다", False),
        ("언제 만들었나요?", "장영실이 만들었다", True),
        ("가격은 얼마예요?", "올인원 월간 가격으로 제공", True),
        ("가격은 얼마예요?", "한 달에 3만 원", False),
        ("전화번호 알려 줘", "02-123-4567로 건다", False),
        ("전화번호 알려 줘", "1층에 있다", True),
        ("어떤 방식으로 요금을 받나요?", "월간 가격으로 제공", False),
        ("누가 관리해요?", "NVIDIA가 관리한다", False),
        ("경판은 몇 장이에요?", "판의 수가 8만 1천여 장이다", False),
        ("벡터 하나는 몇 바이트예요?", "벡터 하나는 3,072 bytes를 차지한다", False),
        ("포트는 몇 번부터 열려요?", "모든 노드의 30000~32767 범위 포트를 연다", False),
        ("몇 단계까지 들어가요?", "깊이 한도는 기본 1000이고, 넘으면 멈춘다", False),
        ("살아남은 사람은 몇 명이에요?", "남은 사람은 장건과 감보 둘뿐이었다", False),
        ("학생은 몇 명이에요?", "1분에 60~100번 뛰고 20분 쉰다", True),
        ("몇 명이 탔어요?", "1234년에 떠났다", True),
        ("학생은 몇 명이에요?", "가격은 1,000원이고 온도는 36.5도다", True),
        ("GPU를 몇 개 묶나요?", "A100은 빠르고 H100을 쓴다", True),
        ("몇 초 걸려요?", "5 servers", True),
        ("몇 살이에요?", "열두 살이다", False),
        ("일꾼이 몇 명이었나요?", "일꾼은 마흔세 명이었다", False),
        ("몇 그루 심었나요?", "서른 그루씩 심었다", False),
        ("며칠 걸렸나요?", "네 사람이 엿새를 매달렸다", False),
        ("며칠 걸렸나요?", "네 사람이 매달렸다", True),
        ("몇일 동안 해요?", "19일 동안 이어졌다", False),
        ("며칠에 만들었나요?", "넷째 날(8. 1.)에 만든다", False),
        ("며칠에 만들었나요?", "사흘 동안 만든다", True),
        ("몇 시부터 몇 시까지 열어요?", "40개가 있고", True),
        ("몇 시부터 몇 시까지 열어요?", "오전 8시 ~ 오후 5시", False),
    ],
)
def test_an_answer_must_hold_what_is_asked_for(question: str, evidence: str, lacks: bool) -> None:
    assert lacks_what_is_asked(question, evidence) is lacks


@pytest.mark.parametrize(
    ("question", "evidence", "lacks"),
    [
        ("CSP가 뭐의 약자야", "CSP가 제공하는 가상 서버 구성", True),
        ("What does CSP stand for?", "CSP 마켓플레이스를 통해 제공됩니다.", True),
        ("VMI는 무엇의 줄임말인가요?", "가상 머신 이미지(VMI): 마켓플레이스를 통해", False),
        ("BFF 풀네임이 뭐야", "BFF: Backend for Frontend", False),
        ("K8s는 무슨 약자예요?", "Kubernetes는 여덟 글자를 세어 K8s로 줄여 씁니다.", False),
        ("CSP가 뭐예요?", "CSP가 제공하는 가상 서버 구성", False),
        ("AED는 무슨 뜻이에요?", "정류장마다 AED를 갖춘다", True),
        ("AED는 무슨 뜻이에요?", "자동 심장 충격기(AED)를 갖춘다", False),
    ],
)
def test_what_letters_stand_for_is_said_beside_them(
    question: str, evidence: str, lacks: bool
) -> None:
    assert lacks_its_words(question, evidence) == lacks


@pytest.mark.parametrize(
    ("question", "evidence", "around", "lacks"),
    [
        ("Ubuntu 버전이 뭐예요?", "Ubuntu OS 기반", "강의 12.6", True),
        ("TLS 버전은?", "TLS 1.3을 쓴다", "", False),
        ("버전은 몇이에요?", "버전 7을 쓴다", "", False),
        ("버전을 왜 올려요?", "새 기능을 쓴다", "", False),
        ("그중에 어디가 제일 싸요?", "세 곳에서 호스팅된다", "", True),
        ("그중에 어디가 제일 싸요?", "서울이 가장 저렴하다", "", False),
        ("성능이 제일 높은 건 뭐야?", "둘이 있다", "최고 성능", False),
        ("제일 좋아하는 게 뭐예요?", "둘이 있다", "", False),
    ],
)
def test_a_version_and_a_superlative_are_said(
    question: str, evidence: str, around: str, lacks: bool
) -> None:
    assert lacks_its_words(question, evidence, around) is lacks


def test_a_row_of_digits_is_no_slower_to_read() -> None:
    def seconds(count: int) -> float:
        start = perf_counter()
        lacks_what_is_asked("몇 명이에요?", "3." + "1" * count)
        return perf_counter() - start

    seconds(100)
    assert seconds(4_000) < 200 * max(seconds(400), 1e-5)


def test_what_asks_for_a_value() -> None:
    assert expects_value("얼마나 걸려요?")
    assert not expects_value("왜 그래요?")
