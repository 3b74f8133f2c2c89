from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.lesson import CUTTER, read_lesson
from index import build, store
from index.encoder import Encoder
from index.manifest import parse_manifest
from index.terms import KiwiAnalyzer
from rag.errors import IndexDamaged, IndexMismatch, IndexMissing, IndexStoreError
from tests.conftest import quiet

ANALYZER = KiwiAnalyzer()
FILES = [
    "documents.jsonl",
    "manifest.json",
    "passages.jsonl",
    "terms.jsonl",
    "vectors.faiss",
    "words.faiss",
]


def make(folder: Path, lesson: Path, encoder: Encoder) -> bool:
    return build.build(folder, read_lesson(lesson), CUTTER, encoder, ANALYZER, quiet)[1]


@pytest.fixture
def index(tmp_path: Path, small_lesson: Path, encoder: Encoder) -> Path:
    assert make(tmp_path / "index", small_lesson, encoder)
    return tmp_path / "index"


def current(index: Path) -> Path:
    return index / (index / "CURRENT").read_text().strip()


def test_what_is_saved_is_loaded(index: Path, small_lesson: Path) -> None:
    generation = store.load(index)
    lesson = read_lesson(small_lesson)
    assert generation.lesson == lesson
    assert generation.vectors.shape == (generation.manifest.vectors, 512)
    assert len(generation.terms) == generation.manifest.passages == 3
    assert generation.terms[1] == ("사과", "빨갛", "과일")
    assert sorted(p.name for p in current(index).iterdir()) == FILES


def test_building_again_does_nothing_and_the_same_bytes_elsewhere(
    index: Path, small_lesson: Path, encoder: Encoder, tmp_path: Path
) -> None:
    assert not make(index, small_lesson, encoder)
    assert make(tmp_path / "other", small_lesson, encoder)
    assert current(tmp_path / "other").name == current(index).name
    for name in FILES:
        assert (current(index) / name).read_bytes() == (
            current(tmp_path / "other") / name
        ).read_bytes()


def test_a_change_makes_a_new_generation_and_keeps_one_before(
    index: Path, small_lesson: Path, encoder: Encoder
) -> None:
    names = [current(index).name]
    for fruit in ("감", "귤"):
        small_lesson.write_text(small_lesson.read_text("utf-8") + f"- {fruit}\n", "utf-8")
        assert make(index, small_lesson, encoder)
        names.append(current(index).name)
    kept = sorted(p.name for p in index.iterdir() if p.is_dir())
    assert kept == sorted(names[1:])


def test_no_index_is_told(tmp_path: Path) -> None:
    for use in (store.load, store.current_manifest):
        with pytest.raises(IndexMissing) as caught:
            use(tmp_path)
        assert str(caught.value) == (
            f"There is no index in {tmp_path}; run `lesson-qa index build`."
        )


def flip(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "flipped": flip,
    "cut": lambda data: data[:-1],
    "longer": lambda data: data + b" ",
    "empty": lambda data: b"",
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", FILES)
def test_any_damage_is_found_and_mended_by_building(
    index: Path, name: str, damage: str, small_lesson: Path, encoder: Encoder
) -> None:
    path = current(index) / name
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    with pytest.raises((IndexDamaged, IndexMismatch)) as caught:
        store.load(index)
    assert "`lesson-qa index build`" in str(caught.value)
    assert make(index, small_lesson, encoder)
    assert store.load(index).manifest.passages == 3


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_told(index: Path, name: str) -> None:
    (current(index) / name).unlink()
    with pytest.raises(IndexDamaged) as caught:
        store.load(index)
    assert str(caught.value) == (
        f"The index file {name} is missing or damaged; "
        "run `lesson-qa index build` to make it again."
    )


@pytest.mark.parametrize("pointer", ["../../etc", "", "0123456789abcdef/..", "G" * 16])
def test_the_pointer_cannot_lead_elsewhere(index: Path, pointer: str) -> None:
    (index / "CURRENT").write_text(pointer)
    with pytest.raises(IndexDamaged) as caught:
        store.load(index)
    assert str(caught.value).startswith("The index file CURRENT is missing or damaged;")


def test_another_format_is_refused(index: Path) -> None:
    raw = json.loads((current(index) / "manifest.json").read_bytes())
    with pytest.raises(IndexMismatch) as caught:
        parse_manifest(json.dumps({**raw, "format": 99}).encode())
    assert str(caught.value) == (
        "The index has format 99, this program reads format 3; "
        "run `lesson-qa index build` to make it again."
    )


def test_a_consistent_forgery_with_wrong_offsets_is_refused(index: Path) -> None:
    """Hashes are right, but a passage does not slice its source: made by hand, not by us."""
    present = store.load(index)
    first, *rest = present.lesson.passages
    wrong = replace(first, start=first.start + 1, end=first.end + 1)
    lesson = replace(present.lesson, passages=(wrong, *rest))
    recipe = present.manifest.recipe
    store.save(index, recipe, lesson, present.terms, present.vectors, present.words)
    with pytest.raises(IndexDamaged):
        store.load(index)


def test_mismatches_are_told(index: Path) -> None:
    recipe = store.load(index).manifest.recipe
    build.check(recipe, recipe)
    for wanted, sentence in (
        (
            replace(recipe, encoder="other"),
            "The index was built with the encoder use-multilingual-v3, not with other; "
            "run `lesson-qa index build --encoder other`.",
        ),
        (
            replace(recipe, fingerprint="0"),
            "The encoder use-multilingual-v3 has changed since the index was built; "
            "run `lesson-qa index build --encoder use-multilingual-v3`.",
        ),
        (
            replace(recipe, sources=(("small.md", "0"),)),
            "The lesson has changed since the index was built; run `lesson-qa index build`.",
        ),
        (
            replace(recipe, cutter="another"),
            "The index was built with other settings; run `lesson-qa index build`.",
        ),
    ):
        with pytest.raises(IndexMismatch) as caught:
            build.check(recipe, wanted)
        assert str(caught.value) == sentence


def test_a_failed_write_leaves_the_old_index(
    index: Path, small_lesson: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (index / "CURRENT").read_text()
    small_lesson.write_text("# 다른\n\n글입니다.\n", "utf-8")

    def full(path: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(IndexStoreError) as caught:
        make(index, small_lesson, encoder)
    assert str(caught.value) == (
        f"The index cannot be written to {index}: No space left on device."
    )
    assert (index / "CURRENT").read_text() == before
    assert store.load(index).manifest.passages == 3
    assert not list(index.glob(".build-*"))


def test_an_index_can_be_moved(index: Path, tmp_path: Path) -> None:
    shutil.move(index, tmp_path / "moved")
    assert store.load(tmp_path / "moved").manifest.passages == 3
