"""Rows of a table that a question picks, places that speak of something, steps with numbers."""

from __future__ import annotations

import pytest

from rag.assistant import Assistant
from tests.conftest import quiet
from ui.page import turn_json
from ui.settings import read_settings
from ui.wiring import Parts, Service, open_service

TRAM = """# 노면전차

## 차량

| 차량 형식 | 길이 | 정원(명) | 도입 연도 | 값 |
|---|---|---|---|---|
| 소나무형 | 27m | 160 | 2011 | 3억 원 |
| 물결형 | 32m | 210 | 2018 | 12억 원 |
| 등대형 | 43m | 300 | 2023 | 없음 |

소나무형 교체: 소나무형을 모두 등대형으로 바꿀 예정이다.

## 여닫는 시간

| 시간대 | 문 닫힘 | 배차 간격 |
|---|---|---|
| 아침 | 20초 | 5~6분 |
| 밤 | 1분 | 15분 |

## 두 가지 운행

| 구분 | 급행 운행 | 완행 운행 |
|---|---|---|
| 서는 곳 | 여섯 곳 | 모든 정류장 |
| 운임 | 2,000원 | 1,500원 |

## 예산

- 전기료 1,500,000원
- 청소비 400,000원
- 수리비 900,000원

## 가장 넓은 곳

정류장 가운데 가장 넓은 곳은 항구광장이다.

## 관제사

- **당직 관제사**: 전기를 끊으라고 명령한다.
- 기관사는 당직 관제사에게 무전으로 알린다.
- 버스가 모자라면 당직 관제사가 회사에 연락한다.

## 정전 대응

1. 차를 세운다.
2. 위치를 알린다.
3. 승객을 내린다.
"""


@pytest.fixture(scope="module")
def tram_service(tmp_path_factory: pytest.TempPathFactory, parts: Parts) -> Service:
    folder = tmp_path_factory.mktemp("tram")
    (folder / "a.md").write_text(TRAM, "utf-8")
    options = {"corpus": str(folder / "a.md"), "index": str(folder / "ix"), "device": "cpu"}
    return open_service(read_settings(options, {}), quiet, parts)


@pytest.fixture(scope="module")
def tram(tram_service: Service) -> Assistant:
    return tram_service.assistant


def told(assistant: Assistant, question: str) -> list[str]:
    """The first cell or the first word of each citation."""
    quotes = [citation.quote for citation in assistant.ask(question).citations]
    return [quote.strip("| ").split(" |")[0].split()[0] for quote in quotes]


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("정원이 가장 많은 차량은?", ["등대형"]),
        ("길이가 제일 짧은 차량 형식은 뭐예요?", ["소나무형"]),
        ("정원이 최소인 차량은?", ["소나무형"]),
        ("가장 최근에 들여온 차량은?", ["등대형"]),
        ("제일 비싼 차량은 뭐야?", ["물결형"]),  # "없음" is no number
        ("값이 가장 싼 차량은?", ["소나무형"]),
        ("배차 간격이 가장 긴 시간대는?", ["밤"]),
        ("문 닫힘이 제일 짧은 시간대는?", ["아침"]),  # 20 seconds, not 1 minute
        ("예산 가운데 가장 큰 것은?", ["전기료"]),
        ("가장 넓은 정류장은 어디예요?", ["정류장"]),  # no table tells it
    ],
)
def test_the_extreme_row_alone_is_told(tram: Assistant, question: str, rows: list[str]) -> None:
    assert told(tram, question) == rows


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("소나무형과 등대형은 뭐가 달라요?", ["소나무형", "등대형"]),
        ("소나무형과 물결형의 길이를 비교해 줘", ["소나무형", "물결형"]),
        ("소나무형이랑 물결형 중에 뭐가 더 비싸?", ["소나무형", "물결형"]),
        ("급행 운행과 완행 운행은 운임이 어떻게 달라요?", ["운임"]),
        ("급행 운행과 완행 운행의 차이는?", ["서는", "운임"]),
    ],
)
def test_rows_and_columns_are_compared(tram: Assistant, question: str, rows: list[str]) -> None:
    assert [word.split()[0] for word in told(tram, question)] == rows


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("정원이 200명 넘는 차량은?", ["물결형", "등대형"]),
        ("정원이 210명보다 적은 차량은 뭐야?", ["소나무형"]),
        ("길이가 32m 이하인 차량은 어떤 게 있어요?", ["소나무형", "물결형"]),
        ("2018년 이후에 들여온 차량을 모두 알려 줘", ["물결형", "등대형"]),
        ("문 닫힘이 30초 이상인 시간대는?", ["밤"]),  # one minute
        ("예산이 80만 원 넘는 것은 뭐예요?", ["전기료", "수리비"]),
    ],
)
def test_the_rows_on_one_side_of_a_bound(tram: Assistant, question: str, rows: list[str]) -> None:
    assert told(tram, question) == rows


@pytest.mark.parametrize(
    "question",
    [
        "정원이 200명 넘으면 무슨 일이 생겨요?",
        "정원이 900명 넘는 차량은?",
        "정원이 가장 많은 까닭은 뭐예요?",
        "밤에 문 닫힘과 배차 간격 가운데 가장 긴 것은?",
        "지붕이 가장 무거운 차량은?",
        "두 번째로 긴 차량은?",
    ],
)
def test_what_no_column_tells_is_no_extreme_row(tram: Assistant, question: str) -> None:
    assert len(told(tram, question)) != 1


def test_every_place_that_speaks_of_something(tram: Assistant) -> None:
    answer = tram.ask("당직 관제사가 나오는 곳을 모두 찾아 줘")
    assert [citation.quote[:5] for citation in answer.citations] == [
        "**당직 ",
        "기관사는 ",
        "버스가 모",
    ]


def test_steps_keep_their_numbers(tram: Assistant) -> None:
    assert tram.ask("정전 대응 절차를 알려 줘").answer.splitlines() == [
        "정전 대응 [1]",
        "- 1. 차를 세운다. [2]",
        "- 2. 위치를 알린다. [3]",
        "- 3. 승객을 내린다. [4]",
    ]


@pytest.mark.parametrize(
    ("history", "question", "quote"),
    [
        (["정전 대응에서 가장 먼저 뭘 해요?"], "다음 단계는요?", "위치를 알린다."),
        (["정전 대응에서 가장 먼저 뭘 해요?", "다음 단계는요?"], "그다음은?", "승객을 내린다."),
    ],
)
def test_the_step_after_what_was_told(
    tram: Assistant, history: list[str], question: str, quote: str
) -> None:
    assert [citation.quote for citation in tram.ask(question, history).citations] == [quote]


def test_a_row_is_shown_with_what_its_cells_are_called(tram_service: Service) -> None:
    answer = tram_service.assistant.ask("운임은 급행 운행이 얼마예요?")
    turn = turn_json(answer, tram_service)
    assert turn["citations"][0]["plain"] == "구분: 운임, 급행 운행: 2,000원, 완행 운행: 1,500원"
