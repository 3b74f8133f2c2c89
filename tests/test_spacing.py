from __future__ import annotations

from time import perf_counter

import pytest

from rag.spacing import Spacing

TEXTS = (
    "고객 센터: 1588-0042",
    "개인 정보 수집 동의서를 낸다.",
    "알코올램프는 심지가 있다.",
    "보관 장소와 보관법을 적는다.",
    "셋째 날에는 물놀이를 한다.",
    "운영 체제 환경을 제공한다.",
    "Stable Diffusion 모델, git log --oneline",
    "장소가 가깝다",
    "응답시간은 짧고 응답 시간을 잰다.",
    "넷째 날(8. 1.)에 만들고 8월 3일에 낸다.",
)


@pytest.fixture(scope="module")
def spacing() -> Spacing:
    return Spacing(TEXTS)


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("고객센터 전화번호는?", "고객 센터 전화번호는?"),
        ("고객센터는 어디예요?", "고객 센터는 어디예요?"),
        ("개인정보수집동의서는?", "개인 정보 수집 동의서는?"),
        ("알코올 램프를 켜는 법", "알코올램프를 켜는 법"),
        ("셋째날 뭐 해요?", "셋째 날 뭐 해요?"),
        ("운영체제 뭐예요?", "운영 체제 뭐예요?"),
        ("고객 센터는?", "고객 센터는?"),
        ("응답시간은?", "응답시간은?"),  # it is written so too
        ("보관 법은?", "보관 법은?"),  # one letter is no word
        ("장소가 어디예요?", "장소가 어디예요?"),
        ("정보센터가 있나요?", "정보센터가 있나요?"),  # these two stand nowhere together
        ("one line per commit", "one line per commit"),
        ("stablediffusion은?", "stable diffusion은?"),
        ("A100은 몇 개?", "A100은 몇 개?"),
        ("8월 1일에는 뭐 해?", "8. 1.에는 뭐 해?"),
        ("8/3에는 뭐 해?", "8월 3일에는 뭐 해?"),
        ("8. 3.은?", "8월 3일은?"),
        ("8월 2일에는?", "8월 2일에는?"),
        ("8. 1.은?", "8. 1.은?"),
        ("고객  센터, 고객\n센터", "고객  센터, 고객\n센터"),
        ("", ""),
    ],
)
def test_words_are_parted_and_joined_as_the_corpus_does(
    spacing: Spacing, question: str, written: str
) -> None:
    assert spacing.as_written(question) == written


def test_a_long_question_is_no_slower_for_each_word(spacing: Spacing) -> None:
    def taken(words: int) -> float:
        started = perf_counter()
        spacing.as_written("고객센터가개인정보수집동의 " * words)
        return perf_counter() - started

    taken(10)
    assert taken(200) < 60 * taken(20) + 0.05
