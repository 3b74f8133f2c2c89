"""Any damage to an index is found: by its hashes, or where those were made to fit, by its sense."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from corpus.lesson import read_lesson
from index.generation import FILES, Generation
from index.matrix import npy_bytes
from index.rows import json_lines, passage_lines
from index.verify import check_content, check_files
from rag.errors import IndexDamaged, IndexStoreError
from tests.cheap import CheapAnalyzer, CheapEncoder, cheap_build
from tests.conftest import quiet
from tests.forging import forge
from tests.many_lessons import write


@dataclass(frozen=True)
class Place:
    corpus: Path
    index: Path

    def verify(self, every: bool = False) -> None:
        lesson, generation = read_lesson(self.corpus), check_files(self.index)
        check_content(generation, lesson, CheapEncoder(), CheapAnalyzer(), quiet, every)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An index of two generations."""
    found = Place(tmp_path / "corpus", tmp_path / "index")
    for count in (2, 4):
        write(found.corpus, count)
        cheap_build(found.index, found.corpus)
    return found


def test_a_good_index_is_good(place: Place) -> None:
    place.verify()
    place.verify(every=True)


def test_a_flipped_bit_anywhere_is_found(place: Place) -> None:
    files = [path for path in place.index.rglob("*") if path.is_file() and path.name != ".lock"]
    assert len(files) == 2 * (len(FILES) + 1) + 1
    random = np.random.default_rng(5)
    for path in files:
        good = path.read_bytes()
        places = {0, len(good) - 1, *random.integers(0, len(good), 20).tolist()}
        for byte in range(len(good)) if path.name == "CURRENT" else sorted(places):
            bad = bytearray(good)
            bad[byte] ^= 1 << int(random.integers(0, 8))
            path.write_bytes(bad)
            with pytest.raises(IndexStoreError):
                check_files(place.index)
        path.write_bytes(good)
    place.verify()


def test_a_damaged_spare_is_told_and_mended(place: Place) -> None:
    current, spare = (place.index / "CURRENT").read_text().split()
    (place.index / spare / "words.npy").unlink()
    with pytest.raises(IndexDamaged) as caught:
        check_files(place.index)
    assert str(caught.value) == (
        "The index is whole, but the one before it, which is kept for emergencies, is damaged; "
        "run `lesson-qa index build --full`."
    )
    cheap_build(place.index, place.corpus, full=True)
    assert check_files(place.index).manifest.generation == current
    assert (place.index / "CURRENT").read_text() == f"{current}\n"


# Each gives the files of a generation that was changed and the file that is named for it.
Forgery = Callable[[Generation], tuple[dict[str, bytes], str]]


def _words_of_others(made: Generation) -> tuple[dict[str, bytes], str]:
    first, *rest = made.lesson.passages
    lesson = replace(made.lesson, passages=(replace(first, plain="다른 말"), *rest))
    return {"passages.jsonl": passage_lines(lesson)}, "passages.jsonl"


def _another_sign(made: Generation) -> tuple[dict[str, bytes], str]:
    vectors = made.vectors.copy()
    vectors[0] = -vectors[0]  # as long as before: FAISS and the length say nothing
    return {"vectors.npy": npy_bytes(vectors)}, "vectors.npy"


def _swapped(made: Generation) -> tuple[dict[str, bytes], str]:
    vectors = made.vectors.copy()
    vectors[[0, -1]] = vectors[[-1, 0]]
    return {"vectors.npy": npy_bytes(vectors)}, "vectors.npy"


def _not_finite(made: Generation) -> tuple[dict[str, bytes], str]:
    vectors = made.vectors.copy()
    vectors[3, 5] = np.inf
    return {"vectors.npy": npy_bytes(vectors)}, "vectors.npy"


def _other_words(made: Generation) -> tuple[dict[str, bytes], str]:
    return {"words.npy": npy_bytes(np.roll(made.words, 1, axis=0))}, "words.npy"


def _other_terms(made: Generation) -> tuple[dict[str, bytes], str]:
    rows = [list(row) for row in made.terms]
    rows[0], rows[1] = rows[1], rows[0]
    return {"terms.jsonl": json_lines(rows)}, "terms.jsonl"


def _too_few_terms(made: Generation) -> tuple[dict[str, bytes], str]:
    return {"terms.jsonl": json_lines(list(row) for row in made.terms[:-1])}, "passages.jsonl"


@pytest.mark.parametrize(
    "forgery",
    [
        _words_of_others,
        _another_sign,
        _swapped,
        _not_finite,
        _other_words,
        _other_terms,
        _too_few_terms,
    ],
)
def test_what_hashes_cannot_tell_is_found(place: Place, forgery: Forgery) -> None:
    contents, name = forgery(check_files(place.index))
    forge(place.index, contents)
    with pytest.raises(IndexDamaged) as caught:
        place.verify()
    assert str(caught.value).startswith(f"The index file {name} is missing or damaged;")


def test_a_single_number_anywhere_is_found_by_making_all_again(place: Place) -> None:
    vectors = check_files(place.index).vectors.copy()
    row = len(vectors) // 2 + 1
    vectors[row] = vectors[row, ::-1]
    forge(place.index, {"vectors.npy": npy_bytes(vectors)})
    with pytest.raises(IndexDamaged) as caught:
        place.verify(every=True)
    assert str(caught.value).startswith("The index file vectors.npy is missing or damaged;")


def test_the_sources_stored_are_those_the_hashes_are_of(place: Place) -> None:
    current = place.index / (place.index / "CURRENT").read_text().split()[0]
    rows = [json.loads(line) for line in (current / "documents.jsonl").read_text().splitlines()]
    rows[0]["sha256"] = "0" * 64
    forge(place.index, {"documents.jsonl": json_lines(rows)})
    with pytest.raises(IndexDamaged) as caught:
        check_files(place.index)
    assert str(caught.value).startswith("The index file documents.jsonl is missing or damaged;")
