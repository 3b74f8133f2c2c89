from __future__ import annotations

import pytest

from corpus.markdown import cut
from rag.assistant import Assistant
from rag.conversation import bounded, resolve
from rag.lesson import Document, Lesson
from rag.naming import with_particle
from rag.pointing import (
    beside,
    by_order,
    completed,
    of_both,
    opens_with_ordinal,
    ordinal,
    points,
)
from rag.question import Question, understand
from rag.topic import Topic
from tests.conftest import KIWI


@pytest.mark.parametrize(
    ("history", "asked", "understood"),
    [
        (["DGX Cloud에 대해 설명해 주세요"], "그건 어디에서 호스팅되나요?",
         "NVIDIA DGX Cloud는 어디에서 호스팅되나요?"),
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
        (["DGX Cloud에 대해 설명해 주세요"], "거기에서는 뭘 해요?",
         "NVIDIA DGX Cloud에서는 뭘 해요?"),
        (["NGC는 뭐예요?"], "컨테이너는요?", "NVIDIA NGC 카탈로그 컨테이너는요?"),
        (["NGC는 뭐예요?"], "DGX Cloud의 가격은?", "DGX Cloud의 가격은?"),
        (["DGX Cloud가 뭐예요?"], "Elastic IP가 뭐예요?", "Elastic IP가 뭐예요?"),
        (["What is DGX Cloud?"], "What items does NGC have?", "What items does NGC have?"),
        (["NGC는 뭐예요?"], "이 강의의 목표가 뭐예요?", "이 강의의 목표가 뭐예요?"),
        ([], "그건 누가 관리해요?", "그건 누가 관리해요?"),
        (["두 가지 컬렉션이 뭐야?", "첫 번째는 모두 몇 개의 언어를 지원하고 있어?"],
         "그럼 두 번째 건 뭐가 좋아?", "그럼 커뮤니티 모델은 뭐가 좋아?"),
        (["DGX Cloud가 뭐야?", "AI Foundry는 뭐야?"], "둘의 차이는?",
         "NVIDIA DGX Cloud와 NVIDIA AI Foundry의 차이는?"),
        (["VMI랑 NGC 둘 다 설명해줘"], "그 둘 중에 뭐가 더 상위야?",
         "VMI와 NGC 중에 뭐가 더 상위야?"),
        (["VMI가 뭐야?", "NGC는?"], "그럼 둘 다 무료야?",
         "VMI와 NVIDIA NGC 카탈로그 둘 다 무료야?"),
        (["NGC는 얼마예요?"], "그럼 깻잎은 얼마인가요?", "깻잎은 얼마예요?"),
        (["NGC의 이용자는 누구예요?"], "그러면 관리자는 누구야?", "NGC의 관리자는 누구예요?"),
        (["DGX Cloud 이용자는 누구예요?"], "그럼 관리자는 누구죠?",
         "DGX Cloud 관리자는 누구예요?"),
        (["NGC는 뭐예요?"], "그럼 이용자는 누구야?", "NVIDIA NGC 카탈로그 이용자는 누구야?"),
        # It lacks nothing, and is far likelier to be answered as it stands.
        (["엔비디아 소프트웨어를 오라클 클라우드에서 쓰려면 구독이 꼭 있어야 해요?"],
         "그럼 무료로 받으면 뭐가 빠져요?", "무료로 받으면 뭐가 빠져요?"),
        (["AI Foundations에는 어떤 컬렉션이 들어 있나요?"], "둘의 차이는?",
         "NeMo 모델과 커뮤니티 모델의 차이는?"),
        (["NeMo 모델은 어떤 건가요?"], "그럼 나머지 하나는?", "그럼 커뮤니티 모델은?"),
        (["커뮤니티 모델은 뭐예요?"], "나머지는 뭐야?", "NeMo 모델은 뭐야?"),
        (["커뮤니티 모델에는 뭐가 있어요?"], "NeMo는요?", "NeMo에는 뭐가 있어요?"),
        (["NeMo 모델이 뭐예요?"], "가상 머신 이미지는 어디서 받아요?",
         "가상 머신 이미지는 어디서 받아요?"),
    ],
)  # fmt: skip
def test_follow_ups(history: list[str], asked: str, understood: str, assistant: Assistant) -> None:
    assert assistant.trace(asked, history).question.text == understood


def test_an_ordinal_points_at_one_item(assistant: Assistant) -> None:
    history = ["NVIDIA DGX Cloud가 뭐예요?"]
    trace = assistant.trace("두 번째 것만 자세히 알려 줘", history)
    assert trace.hits[0].passage.plain.startswith("올인원 월간 가격")


def test_what_is_pointed_at_and_asked_for_as_a_whole_is_told(assistant: Assistant) -> None:
    history = ["NVIDIA DGX Cloud가 뭐예요?"]
    answer = assistant.ask("첫 번째 것만 조금 더 자세히 말씀해 주시겠어요?", history)
    first = assistant.trace("첫 번째 것은 얼마예요?", history)
    assert not answer.abstained
    assert answer.citations[0].quote.startswith("**멀티노드 AI 트레이닝 서비스**")
    assert first.hits[0].passage.plain.startswith("멀티노드 AI 트레이닝 서비스")
    assert not first.decision.answerable


def test_how_many_there_are_is_told_by_the_list_that_was_shown(assistant: Assistant) -> None:
    history = ["AI Foundry의 구성 요소를 모두 알려 줘"]
    answer = assistant.ask("모두 몇 가지예요?", history)
    assert answer.understood == "세 가지 요소로 구성 – 모두 몇 가지예요?"
    assert [c.quote.split(":")[0].strip("*") for c in answer.citations] == [
        "세 가지 요소로 구성",
        "NVIDIA AI 파운데이션 모델",
        "NVIDIA NeMo 프레임워크",
        "NVIDIA DGX Cloud",
    ]
    assert assistant.trace("몇 명이 써요?", history).pointed is None


def test_a_question_without_a_subject_goes_on_about_the_same() -> None:
    text = "# 길\n\n이 구간의 길이는 약 5,000킬로미터이며 33곳의 유적을 포함한다.\n"
    document = Document("a.md", text, "0" * 64)
    lesson, analyzer = Lesson((document,), tuple(cut(document))), KIWI

    def asked(text: str) -> Question:
        return understand(text, text, analyzer)

    length = asked("톈산 회랑 길이는 얼마나 되죠?")
    topic = Topic(lesson.passages[1], length, subject="톈산 회랑")
    more = resolve(asked("유적은 몇 곳이나 들어 있나요?"), topic, lesson, named=False)
    assert more.text == "톈산 회랑 유적은 몇 곳이나 들어 있나요?"
    pointing = resolve(asked("그건 어떻게 쟀어요?"), topic, lesson, named=False)
    assert pointing.text == "톈산 회랑 길이 어떻게 쟀어요?"
    first = Topic(lesson.passages[1], asked("창안-톈산 회랑이 뭔가요?"))
    assert (
        resolve(asked("유적은요?"), first, lesson, named=False).text == "창안-톈산 회랑 유적은요?"
    )


@pytest.mark.parametrize(
    ("asked", "complete"),
    [
        ("두 번째로 나온 것만 자세히 설명해 주세요", "NGC만 자세히 설명해 주세요"),
        ("첫 번째 과정은 왜 필요해요?", "NGC는 왜 필요해요?"),
        ("그중에 마지막 건 누가 만들어요?", "NGC는 누가 만들어요?"),
        ("세 번째 자세히 알려 줘", "NGC 자세히 알려 줘"),
        ("마지막으로 나온 모델이 뭐예요?", "NGC가 뭐예요?"),
        ("Tell me about the second one", "Tell me about NGC"),
        ("두 번째 가격은요?", "NGC 가격은요?"),
        ("두 번째는요?", "NGC는요?"),
        ("두 번째 요약해 줘", "NGC 요약해 줘"),
        ("두 번째 용도 알려 줘", "NGC 용도 알려 줘"),
    ],
)
def test_a_name_takes_the_place_of_what_is_pointed_at_by_its_place(
    asked: str, complete: str
) -> None:
    found = by_order(asked, "NGC")
    assert found is not None
    assert found[0] == complete


@pytest.mark.parametrize("text", ["두 번째로 비싼 건 뭐예요?", "마지막으로 환불은 돼요?"])
def test_an_adverb_points_at_no_place(text: str) -> None:
    assert ordinal(text) is None
    assert by_order(text, "NGC") is None


@pytest.mark.parametrize(
    ("asked", "whole"),
    [
        ("두 번째 것만 자세히 알려 줘", True),
        ("첫 번째 것만 조금 더 자세히 말씀해 주시겠어요?", True),
        ("Tell me more about the second one", True),
        ("두 번째는요?", True),
        ("두 번째 것의 단점은 뭐예요?", False),
        ("첫 번째 가격은요?", False),
        ("첫 번째 담당자 알려 주세요", False),
        ("두 번째 것은 얼마예요?", False),
        ("누가 두 번째예요?", False),
        ("How much is the second one?", False),
        ("두 번째는 안 되나요?", False),
    ],
)
def test_what_is_asked_for_as_a_whole(asked: str, whole: bool, assistant: Assistant) -> None:
    analyzer, history = KIWI, assistant.trace("NVIDIA DGX Cloud가 뭐예요?")
    shown = [e.passage for e in history.evidence if e.depth == 1]
    topic = Topic(history.hits[0].passage, history.question, tuple(shown))
    resolved = resolve(understand(asked, asked, analyzer), topic, assistant.lesson, named=False)
    assert (resolved.pointed, resolved.whole) == (True, whole)


def test_history_is_bounded() -> None:
    turns = bounded([f"{n}" * 10 for n in range(20)] + ["  "], 5)
    assert len(turns) == 7
    assert turns[-1] == "19191"


@pytest.mark.parametrize(
    ("asked", "complete"),
    [
        ("그건 누가 관리해요?", "NGC는 누가 관리해요?"),
        ("누가 관리해요?", "NGC는 누가 관리해요?"),
        ("그럼 그게 왜 필요해요?", "NGC가 왜 필요해요?"),
        ("중앙은행은 그걸 왜 봐요?", "중앙은행은 NGC를 왜 봐요?"),
        ("여기서 뭘 배워요?", "NGC에서 뭘 배워요?"),
        ("가격은요?", "NGC 가격은요?"),
        ("그 서비스 이용자는요?", "NGC 서비스 이용자는요?"),
        ("Who runs it?", "Who runs NGC?"),
        ("What about its price?", "What about NGC's price?"),
        ("それは何ですか", "NGCは何ですか"),
    ],
)
def test_a_name_takes_the_place_of_what_points(asked: str, complete: str) -> None:
    assert completed(asked, "NGC", takes_particle=True) == complete


def test_a_name_takes_the_particle_of_its_last_sound() -> None:
    assert (
        completed("그게 그거랑 같아요?", "모둠방", takes_particle=True) == "모둠방이 그거랑 같아요?"
    )
    assert completed("그거랑 같아요?", "모둠방", takes_particle=True) == "모둠방이랑 같아요?"
    assert completed("그걸 왜 해요?", "갈대 물", takes_particle=False) == "갈대 물 왜 해요?"


@pytest.mark.parametrize(
    "text",
    [
        "자식 노드를 둘 수 있나요?",
        "IT 인프라는 어떻게 관리하나요?",
        "What is the service that hosts GPUs?",
        "해당화는 언제 피나요?",
        "별표가 두 개면요?",
    ],
)
def test_words_that_only_look_like_pronouns_do_not_point(text: str) -> None:
    assert not points(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("두 번째 것만", 1),
        ("열두 번째는?", 11),
        ("12번은 뭐예요?", 11),
        ("첫째는?", 0),
        ("마지막은요?", -1),
        ("the second one", 1),
        ("셋째 날은?", None),
        ("둘째 소리는요?", None),
        ("Elasticsearch가 뭐예요?", None),
        ("3번 반복하면?", None),
    ],
)
def test_an_ordinal_is_one_of_a_list(text: str, place: int | None) -> None:
    assert ordinal(text) == place


@pytest.mark.parametrize(
    ("history", "asked", "understood"),
    [
        (["NVIDIA CEO가 누구예요?"], "그 사람은 몇 살이야?", "NVIDIA CEO 사람은 몇 살이야?"),
        (["쿠버네티스가 뭐예요?"], "그건 누가 만들었어?", "쿠버네티스 누가 만들었어?"),
        (["DGX Cloud가 뭐예요?"], "AI Foundry랑은 뭐가 달라요?",
         "NVIDIA DGX Cloud와 AI Foundry는 뭐가 달라요?"),
        (["DGX Cloud가 뭐예요?"], "NGC와 비교해줘", "NVIDIA DGX Cloud와 NGC를 비교해줘"),
        (["가장 아래 계층은 뭐예요?"], "다음 계층은?", "중간 계층은?"),
        (["가장 아래 계층은 뭐예요?", "다음 계층은?"], "그 다음은?", "상위 계층은?"),
        (["가장 하단 계층이 뭐예요?"], "그럼 바로 위 계층은?", "그럼 중간 계층은?"),
        (["최상위 계층은 뭐예요?"], "그 아래는?", "상위 계층은?"),
        (["NGC가 뭐예요?"], "What is this lesson about?", "What is this lesson about?"),
        (["NGC가 뭐예요?"], "How long does the contract of DGX Cloud last?",
         "How long does the contract of DGX Cloud last?"),
    ],
)  # fmt: skip
def test_what_a_follow_up_leans_on(
    history: list[str], asked: str, understood: str, assistant: Assistant
) -> None:
    assert assistant.trace(asked, history).question.text == understood


def test_what_is_pointed_at_is_told_alone(assistant: Assistant) -> None:
    answer = assistant.ask("다음 계층은?", ["가장 아래 계층은 뭐예요?"])
    assert answer.citations[0].quote.startswith("**중간 계층")
    assert not any("상위 계층" in citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("튜플(tuple)", "튜플(tuple)은"),
        ("‘튜플(tuple)’", "‘튜플(tuple)’은"),
        ("파드(Pod)", "파드(Pod)는"),
        ("Docker", "Docker는"),  # as Korean says it, without an r at the end
        ("CPR", "CPR은"),
        ("NGC", "NGC는"),
    ],
)
def test_a_particle_fits_the_last_sound(name: str, said: str) -> None:
    assert with_particle(name, "은") == said


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("그 다음 단계는요?", "next"),
        ("what comes next?", "next"),
        ("Next.js가 뭐예요?", None),
        ("그 전 단계는?", "before"),
        ("바로 위 계층은?", "above"),
        ("그 아래는?", "below"),
        ("위원회가 뭐예요?", None),
        ("나머지 하나는?", "other"),
        ("다른 한쪽은요?", "other"),
        ("나머지를 모두 알려 줘", None),
    ],
)
def test_what_stands_beside(text: str, way: str | None) -> None:
    assert (beside(text) or (None,))[0] == way


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("How many requests per second?", None),
        ("How long does the battery last?", None),
        ("the second layer?", 1),
        ("What about the last one?", -1),
        ("Second one please", 1),
    ],
)
def test_english_ordinals_point_with_an_article(text: str, place: int | None) -> None:
    assert ordinal(text) == place


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("둘의 차이는?", ("의", "차이는?")),
        ("그럼 그 둘은 뭐가 달라?", ("은", "뭐가 달라?")),
        ("두 개 중에 뭐가 나아?", ("", "중에 뭐가 나아?")),
        ("둘 다 무료야?", ("", "둘 다 무료야?")),
        ("두 가지 컬렉션이 뭐야?", None),
        ("둘째는?", None),
    ],
)
def test_both_of_what_was_said(text: str, expected: tuple[str, str] | None) -> None:
    assert of_both(text) == expected


@pytest.mark.parametrize(
    ("text", "opens"),
    [("첫 번째는 누가 써?", True), ("그럼 두 번째 것은?", True), ("첫 번째 법칙은 뭐야?", False),
     ("이것은 두 번째로 커?", False), ("마지막에 줄 끝은 얼마나 남겨요?", False)],
)  # fmt: skip
def test_what_opens_with_an_ordinal(text: str, opens: bool) -> None:
    assert opens_with_ordinal(text) is opens
