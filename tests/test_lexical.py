from __future__ import annotations

import math

import pytest

from index.lexical import Bm25
from index.terms import (
    LessonAnalyzer,
    character_bigrams,
    content_terms,
    with_words,
)
from rag.search import Term
from tests.conftest import KIWI


def test_scores_by_hand() -> None:
    # Four passages of 2, 2, 0 and 1 terms; k1 = 0.9, b = 0.6, mean length 5/4.
    scores = Bm25.build([["a", "b"], ["b", "c"], [], ["d"]]).scores([{"a": 1.0}, {"b": 1.0}])
    rare = math.log(1 + (4 - 1 + 0.5) / (1 + 0.5))  # "a" is in one passage
    common = math.log(1 + (4 - 2 + 0.5) / (2 + 0.5))  # "b" is in two
    saturation = 1 / (1 + 0.9 * (1 - 0.6 + 0.6 * 2 / 1.25))
    assert scores.tolist() == pytest.approx(
        [saturation, common * saturation / (rare + common), 0.0, 0.0], rel=1e-5
    )


def test_alternatives_count_once_and_unknown_words_cost() -> None:
    bm25 = Bm25.build([["cloud", "클라우드"], ["cloud"], ["다른"]])
    one = bm25.scores([{"클라우드": 1.0, "cloud": 0.9}])
    assert one[0] > one[1] > one[2] == 0.0
    with_unknown = bm25.scores([{"클라우드": 1.0, "cloud": 0.9}, {"없는": 1.0}])
    assert with_unknown[0] < one[0]


def test_nothing_to_find() -> None:
    assert Bm25.build([[], []]).scores([{"a": 1.0}]).tolist() == [0.0, 0.0]
    assert Bm25.build([["a"], []]).scores([]).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("nfd", [False, True])
def test_morphemes_keep_their_place_in_the_original(nfd: bool) -> None:
    import unicodedata

    text = unicodedata.normalize("NFD" if nfd else "NFC", "😀 쿠버네티스를 GPU에서!")
    terms = KIWI.terms(text)
    assert content_terms(terms) == ["쿠버네티스", "gpu"]
    for term in terms:
        piece = unicodedata.normalize("NFC", text[term.start : term.end])
        assert piece.casefold().startswith(term.form[0])


def test_a_lone_surrogate_does_not_stop_the_analysis() -> None:
    assert "gpu" in content_terms(KIWI.terms("GPU \ud800 가격"))


def test_bigrams_stay_inside_words() -> None:
    assert character_bigrams("DGX 클라우드, a") == ["dg", "gx", "클라", "라우", "우드", "a"]


class Cut:
    """An analyzer that cuts where it is told to: "파|드의"."""

    def terms(self, text: str) -> list[Term]:
        found, start = list[Term](), 0
        for part in text.split("|"):
            found.append(Term(part, "NNG", start, start + len(part)))
            start += len(part)
        return found


def test_what_the_lesson_writes_as_one_word_stays_one() -> None:
    analyzer = LessonAnalyzer(Cut(), {"파드", "금강전도"})
    assert analyzer.terms("파|드") == [Term("파드", "NNG", 0, 2)]
    assert [term.form for term in analyzer.terms("파|도")] == ["파", "도"]
    apart = LessonAnalyzer(KIWI, {"파드"}).terms("파드의 정의")
    assert [term.form for term in apart] == ["파드", "의", "정의"]
    assert [term.form for term in LessonAnalyzer(KIWI, {"파드"}).terms("파 드")] == [
        "파",
        "드",
    ]


def test_words_that_point_are_joined_to_nothing() -> None:
    terms = LessonAnalyzer(KIWI, {"그다음", "공유기"}).terms("그다음 공유기는")
    assert [term.form for term in terms if term.tag != "JX"] == ["그", "다음", "공유기"]


def test_a_word_cut_in_one_passage_is_found_as_in_the_others() -> None:
    rows = [["파드"], ["파", "드", "정의"], ["파", "드"], ["드"]]
    texts = ["파드(Pod)", "파드의 정의", "파 드", "드라마 파드닥"]
    assert with_words(rows, texts) == [["파드"], ["파", "드", "정의", "파드"], ["파", "드"], ["드"]]
