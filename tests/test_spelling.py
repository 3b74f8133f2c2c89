from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.sounds import long_key, similarity, sound_keys
from rag.spelling import Vocabulary
from tests.conftest import KIWI

TEXTS = ["NVIDIA DGX Cloud", "Kubernetes Docker", "NGC 카탈로그", "연체 대출", "Git restore"]
VOCABULARY = Vocabulary(
    [term.form for text in TEXTS for term in KIWI.terms(text) if term.tag != "SP"], TEXTS
)


def correct(text: str) -> str:
    return VOCABULARY.correct(text, KIWI.terms(text))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("엔지씨에서 뭘 해요?", "NGC에서 뭘 해요?"),
        ("디지엑스 클라우드가 뭐야", "DGX Cloud가 뭐야"),
        ("쿠버네티스는요?", "Kubernetes는요?"),
        ("엔비디아가 만들었나요", "NVIDIA가 만들었나요"),
        ("카달로그가 뭐예요", "카탈로그가 뭐예요"),
        ("A100이 들어가나요?", "A100이 들어가나요?"),
        ("리스트를 뒤집는 방법", "리스트를 뒤집는 방법"),
        ("which command is new?", "which command is new?"),
        ("DGX Clod는어떤훈련에적합한가요", "DGX Cloud는어떤훈련에적합한가요"),
        ("Doker랑 Kuberentes 차이", "Docker랑 Kubernetes 차이"),
        ("3D프린터는 뭐예요?", "3D프린터는 뭐예요?"),
        ("Poincaré는 누구예요?", "Poincaré는 누구예요?"),
        ("NGC카타로그가 뭐예요", "NGC카탈로그가 뭐예요"),
        ("100GB까지 되나요", "100GB까지 되나요"),
        ("ngc", "NGC"),
        ("그 ngc는 dgx cloud랑 뭐가 달라요?", "그 NGC는 DGX cloud랑 뭐가 달라요?"),
        ("ngc-cli는 뭐예요?", "ngc-cli는 뭐예요?"),
        ("can it run on dgx?", "can it run on dgx?"),
        ("Rocker는 뭐예요?", "Rocker는 뭐예요?"),  # another first letter is another word
    ],
)
def test_names_are_spelt_as_the_lesson_spells(typed: str, meant: str) -> None:
    assert correct(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("서킷 브레이커는 언제 열려?", "Circuit Breaker는 언제 열려?"),
        ("토큰 버킷이랑 슬라이딩 윈도우 차이", "Token Bucket이랑 Sliding Window 차이"),
        ("베이스 커맨드 플랫폼이 뭐야", "Base Command Platform이 뭐야"),
        ("토큰 형식이 뭐야", "토큰 형식이 뭐야"),
        ("버킷은 뭐야", "버킷은 뭐야"),  # alone it may be any
        ("서비스 메시가 뭐야", "서비스 메시가 뭐야"),  # the lesson writes it so too
    ],
)
def test_two_words_that_sound_like_a_name_are_the_name(typed: str, meant: str) -> None:
    texts = [
        "Circuit Breaker: 회로", "Token Bucket과 Sliding Window", "NVIDIA Base Command Platform",
        "토큰 형식", "Service Mesh, 곧 서비스 메시는 길이다",
    ]  # fmt: skip
    vocabulary = Vocabulary([term.form for text in texts for term in KIWI.terms(text)], texts)
    assert vocabulary.correct(typed, KIWI.terms(typed)) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("시엄은 언제 봐요?", "시험은 언제 봐요?"),
        ("상테일 때 뭘 해요?", "상태일 때 뭘 해요?"),
        ("가겨에는 뭐가 들어가요?", "가격에는 뭐가 들어가요?"),
        ("효률이 왜 낮아요?", "효율이 왜 낮아요?"),
        ("시간은 얼마나 걸려요?", "시간은 얼마나 걸려요?"),  # a word of its own
        ("교우는 누구예요?", "교우는 누구예요?"),
        ("겸즘은 뭐예요?", "겸즘은 뭐예요?"),  # two letters off
        ("건즘은 뭐예요?", "건즘은 뭐예요?"),
        ("검종이 뭐예요?", "검종이 뭐예요?"),  # "검증" or "검정"
    ],
)
def test_a_word_that_is_none_is_the_only_one_of_the_lesson_but_for_a_letter(
    typed: str, meant: str
) -> None:
    texts = ["시험 상태 가격 효율 검증 검정", "교육"]
    vocabulary = Vocabulary([term.form for text in texts for term in KIWI.terms(text)], texts)
    assert vocabulary.correct(typed, KIWI.terms(typed)) == meant


def test_compounds_and_other_scripts_stand_in() -> None:
    assert VOCABULARY.variants("연체료")["연체"] == pytest.approx(0.9 * 2 / 3)
    assert VOCABULARY.variants("쿠버네티스")["kubernetes"] > 0.7
    assert VOCABULARY.variants("깃")["git"] > 0.8
    assert VOCABULARY.variants("사과") == {"사과": 1.0}


@pytest.mark.parametrize(
    ("latin", "hangul"),
    [("base", "베이스"), ("site", "사이트"), ("table", "테이블"), ("scale", "스케일")],
)
def test_a_vowel_before_a_silent_e_sounds_long(latin: str, hangul: str) -> None:
    assert long_key(latin) == sound_keys(hangul)[0]
    assert Vocabulary([], [latin]).variants(hangul)[latin] == 0.9


def test_a_short_korean_word_is_no_name_with_a_long_vowel() -> None:
    names = Vocabulary([], ["male side"])
    for text in ("메일 주소가 뭐예요?", "사이트 주소가 뭐예요?"):
        assert names.correct(text, KIWI.terms(text)) == text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Foudry는 뭐예요?", "Foundry는 뭐예요?"),
        ("what is a foudry?", "what is a foudry?"),  # in English any word may be meant so
        ("Stornge는요?", "Stornge는요?"),  # "Stronge" or "Storange"
    ],
)
def test_a_slip_of_the_hand_stands_for_the_only_word_it_may(typed: str, meant: str) -> None:
    names = Vocabulary([], ["Foundry Stronge Storange"])
    assert names.correct(typed, KIWI.terms(typed)) == meant


@pytest.mark.parametrize(
    "text",
    [
        "영어를 지원해요?",  # a word of its own, not 언어 misspelt
        "Is there a boundary?",  # nor Foundry: in English any word may be meant
        "갈 만한 곳이 있나요?",
        "PATH에 없으면요?",
        "붕어들이 떠올라요",
    ],
)
def test_another_word_stays_what_it_is(text: str) -> None:
    words = Vocabulary(["언어"], ["Foundry Code Base"])
    assert words.correct(text, KIWI.terms(text)) == text


def test_a_particle_is_no_part_of_a_name() -> None:
    words = Vocabulary([], ["Stable Diffusion"])
    text = "스테이블 디퓨전은 어디에 있어요?"
    assert words.correct(text, KIWI.terms(text)) == "Stable Diffusion은 어디에 있어요?"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("디지엑스 클라우드는 뭐예요?", "DGX Cloud는 뭐예요?"),
        ("DGX 클라우드가 뭐예요?", "DGX Cloud가 뭐예요?"),
        ("클라우드가 뭐예요?", "클라우드가 뭐예요?"),  # written so where it stands alone
        ("NGC 카탈로그는 뭐예요?", "NGC 카탈로그는 뭐예요?"),
    ],
)
def test_a_name_of_two_words_is_spelt_whole(typed: str, meant: str) -> None:
    words = Vocabulary(
        ["클라우드", "카탈로그"], ["DGX Cloud", "클라우드", "NGC 카탈로그", "Catalog"]
    )
    assert words.correct(typed, KIWI.terms(typed)) == meant


def test_letters_read_aloud_sound_like_the_letters() -> None:
    assert sound_keys("NGC")[1] == sound_keys("엔지씨")[0]
    assert similarity("", "") == 0.0
    assert similarity("kit", "kit") == 1.0


@given(st.text(max_size=60))
@settings(max_examples=80, deadline=None)
def test_no_text_breaks_it_and_no_words_change_nothing(text: str) -> None:
    terms = KIWI.terms(text)
    assert Vocabulary([], []).correct(text, terms) == text
    VOCABULARY.correct(text, terms)


def test_a_run_of_letters_too_long_for_a_word_has_no_sound() -> None:
    assert sound_keys("zq" * 250 + "a") == ()
    assert sound_keys("internationalization") != ()


def test_words_of_asking_are_no_names_misspelt() -> None:
    vocabulary = Vocabulary(["dir", "폴더"], ["DIR 폴더에 둡니다."])
    asked = "그게 무슨 뜻이에요?"
    assert vocabulary.correct(asked, KIWI.terms(asked)) == asked
