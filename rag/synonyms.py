"""Everyday Korean words that mean about the same, for words too short or common for an encoder.

A general word list, no lesson's: each line is one group. Related words are otherwise found by the
encoder (``index/related.py``), which knows few words of one syllable.
"""

from __future__ import annotations

from collections.abc import Mapping

_GROUPS = """
위 상위 상단 윗 최상위 꼭대기
아래 하위 하단 밑 최하위 밑바닥 바닥
가운데 중간 중앙
맨 가장 제일 최고
돈 비용 요금 가격 값 금액
공짜 무료 무상
유료 구독 결제
까닭 이유 원인
회사 기업 업체 사업자
만들 제작 생성 구축 개발 만들어지
쓰 사용 이용 활용 쓰이
고치 수정 변경 바꾸
없애 삭제 지우 제거
돌려주 반납 반환
늦 연체 지각 지연
빌리 대출 대여
합치 병합 통합 결합
나누 구분 분류 나뉘
배우 학습 훈련
가르치 훈련 교육
알리 안내 공지 통지
고르 선택
모으 수집 모음
묶 패키징 포장 모음
줄이 절감 감소 축소
늘리 증가 확대
막 방지 차단
지키 보호 준수
빠르 신속 속도
느리 천천히 늦
크 크기 규모
맞추 조정 맞춤 커스터마이징
돌리 실행 구동 돌아가
굽 구워지 구움
얼리 냉동
열 개관 열리
닫 폐관 닫히
시작 개시 출발
끝나 종료 마치 끝내
틀 프레임워크 뼈대
도구 툴 연장
자료 데이터
그림 이미지 사진
결과물 출력물 산출물
글쓴이 저자 작성자
사람 인원 명
도와주 지원 돕 도움
"""
_WEIGHT = 0.8  # of a synonym beside the word itself, which counts 1


def _pairs() -> Mapping[str, Mapping[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for line in _GROUPS.strip().splitlines():
        group = line.split()
        for word in group:
            others = {other: _WEIGHT for other in group if other != word}
            found.setdefault(word, {}).update(others)
    return found


SYNONYMS = _pairs()
