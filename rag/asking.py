"""The words of asking itself, Korean and English, which say nothing of what is asked about."""

from __future__ import annotations

import re
from collections.abc import Iterable

LESSON = ("강의", "수업", "단원", "강좌", "레슨", "차시")  # what a student calls the whole lesson
TEXT = ("문서", "자료", "교재", "글")  # and what it is written in
# Words that ask, ask politely or name the act of answering. They say what kind of answer is
# wanted, never what it is about, so they are not looked for in the lesson.
ASKING = frozenset(
    """
    무엇 뭐 뭣 머 누구 어디 언제 어떻 어떠 어떤 어느 무슨 왜 얼마 몇 어찌 어때 알리 가르치 말하
    설명 설명하 대답 답 답하 묻 질문 궁금 궁금하 알 싶 주 하 되 있 없 이것 그것 저것 이거 그거
    저거 여기 거기 것 거 수 때 등 더 좀 다 또 그리고 그럼 그러면 그런데 근데 혹시 정확히 정확 간단
    간단히 자세히 자세하 자세 의미 뜻 정의 개념 말 경우 부분 내용 강의 수업 레슨 단원 관련 대하
    대해 관하 의하 위하 통하 따르 보 오 가 나오 들 쓰이 그렇 이렇 어떡하 이 그 저 우리 나 저희 제
    내 한번 아무 정리 요약 소개 정도 다음 같 어떤가 무언가 그냥 바로 진짜 도대체 대체 각각 모두
    전부 전체 모든 여러 종류 목록 리스트 가지 나열 나열하 열거 열거하 차이 차이점 비교 비교하 다르
    공통점 장점 이유 방법 특징 역할 필요 개수 예 예시 사항 용어 주체 모습 형태 특성 세부 곳 점 절
    이점 혜택 단점 목적 용도 까닭 원인 걱정 얘기 이야기 혹은 과연 쓰 대 안 못 꼭 막 이미 하나 이름
    원래 요 건 게 거든 말씀 말씀하 부탁 부탁하 부탁드리
    what who where when why which how is are was were be the a an of in on to
    for and or do does did can could would should will me i you it its this that these those tell
    explain describe list give about with by from as at please between difference compare many
    much there any mean name have has get gets got use used using per each one let lets make makes
    out up not no any some than then there here so if also only just into
    """.split()
)

# A question of nothing but these words is about the lesson itself, when one of _SUMMING is among
# them, or a word for the lesson and one of _MATTER, or this lesson and one of _WHAT.
_SUMMING = frozenset(
    "요약 핵심 주제 개요 요점 줄거리 목차 배우 다루 summary summarize summarise overview".split()
)
_MATTER = frozenset(
    "내용 전체 중심 정리 소개 설명 공부 학습 구성 흐름 learn cover covers topic topics main "
    "content contents".split()
)
_WHAT = frozenset("무엇 뭐 무슨 대하 관하 about".split())
_LESSON = frozenset((*LESSON, *TEXT, "lesson", "lecture", "course"))
_THIS = frozenset("이 이번 오늘 본 이거 무슨 this the".split())
_AROUND = frozenset(
    """
    지금 여기 이것 것 거 게 어떤 모두 다 좀 하 되 있 주 알리 말하 말씀 보이 부탁 궁금 간단히 간략히
    간단 짧 짧게 쉽 쉽게 대충 주로 크 크게 한 세 두 마디 줄 문장 전부 가장 제일 중요 주요
    what is are of does do will i we in it tell me give please can you a an s
    """.split()
)
_CALLED = "|".join((*LESSON, *TEXT))
_SAYS = re.compile(
    rf"(?<![가-힣])(?:이|이번|본|그)?\s?(?:{_CALLED})|\b(?:lesson|lecture|course)\b", re.I
)


def asks_of_lesson(forms: Iterable[str]) -> bool:
    """Whether the words of a question ask what its lesson is about, and of nothing in it."""
    said = frozenset(forms)
    if said - _SUMMING - _MATTER - _WHAT - _LESSON - _THIS - _AROUND:
        return False
    of_lesson = said & _LESSON and (said & _MATTER or (said & _WHAT and said & _THIS))
    return bool(said & _SUMMING or of_lesson)


def says_lesson(text: str) -> bool:
    """Whether a text has a word for the whole lesson."""
    return bool(_SAYS.search(text))
