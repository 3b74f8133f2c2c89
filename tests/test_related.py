from __future__ import annotations

import numpy as np

from index.encoder import Encoder
from index.related import RelatedWords, word_list


def related(encoder: Encoder, lesson: list[str], words: list[str]) -> list[dict[str, float]]:
    listed = word_list([lesson])
    found = RelatedWords(listed, encoder.encode_words(listed), lesson)
    return found.near(encoder.encode_words(words))


def test_words_of_other_languages_and_like_meaning_are_near(encoder: Encoder) -> None:
    lesson = ["가격", "훈련", "언어", "서버", "도서관", "의료"]
    price, training, doctor = related(encoder, lesson, ["price", "training", "의사"])
    assert max(price, key=price.__getitem__) == "가격"
    assert max(training, key=training.__getitem__) == "훈련"
    assert max(doctor, key=doctor.__getitem__) == "의료"
    assert price["가격"] == np.float32(0.9)


def test_a_word_the_encoder_does_not_know_is_near_nothing(encoder: Encoder) -> None:
    assert related(encoder, ["가격", "엣지"], ["섞", "\ue000\ue001\ue002"]) == [{}, {}]


def test_a_lesson_without_words(encoder: Encoder) -> None:
    assert related(encoder, [], ["가격"]) == [{}]
    listed = word_list([])
    assert (
        RelatedWords(listed, encoder.encode_documents(listed), []).near(
            np.zeros((0, encoder.dimension), np.float32)
        )
        == []
    )
