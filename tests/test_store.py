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
from index.generation import read_generation
from index.manifest import parse_manifest
from index.pointer import read_pointer
from index.rows import passage_lines
from index.verify import check_files
from rag.errors import IndexDamaged, IndexMismatch, IndexMissing, IndexStoreError
from tests.conftest import KIWI, quiet
from tests.forging import forge

FILES = [
    "documents.jsonl",
    "manifest.json",
    "passages.jsonl",
    "terms.jsonl",
    "vectors.npy",
    "words.npy",
]


FALLEN_BACK = (
    "The index is damaged, so the one before it answers, which may lack the latest changes; "
    "run `lesson-qa index build` to make it again."
)


def make(folder: Path, lesson: Path, encoder: Encoder) -> bool:
    return build.build(folder, read_lesson(lesson), CUTTER, encoder, KIWI, quiet)[1]


@pytest.fixture
def index(tmp_path: Path, small_lesson: Path, encoder: Encoder) -> Path:
    assert make(tmp_path / "index", small_lesson, encoder)
    return tmp_path / "index"


def current(index: Path) -> Path:
    return index / (index / "CURRENT").read_text().split()[0]


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


@pytest.mark.parametrize(
    "pointer",
    ["../../etc", "", "0123456789abcdef/..", "G" * 16, "0123456789abcdef", "0123456789abcdef\r\n"],
)
def test_the_pointer_cannot_lead_elsewhere(index: Path, pointer: str) -> None:
    name = current(index).name
    (index / "CURRENT").write_bytes(pointer.encode())
    with pytest.raises(IndexDamaged) as caught:
        read_pointer(index)
    assert str(caught.value).startswith("The index file CURRENT is missing or damaged;")
    found = store.load(index)
    assert found.manifest.generation == name
    assert str(found.notice) == FALLEN_BACK


@pytest.fixture
def two(index: Path, small_lesson: Path, encoder: Encoder) -> tuple[Path, str, str]:
    """An index of two generations: its folder, the one before and the current one."""
    before = current(index).name
    small_lesson.write_text(small_lesson.read_text("utf-8") + "- 감\n", "utf-8")
    assert make(index, small_lesson, encoder)
    return index, before, current(index).name


@pytest.mark.parametrize("name", FILES)
def test_the_one_before_answers_for_a_damaged_one(two: tuple[Path, str, str], name: str) -> None:
    index, before, now = two
    assert store.load(index).notice is None
    (index / now / name).write_bytes(flip((index / now / name).read_bytes()))
    found = store.load(index)
    assert found.manifest.generation == before
    assert found.manifest.passages == 3
    assert str(found.notice) == FALLEN_BACK
    assert found.notice and found.notice.korean == (
        "색인이 손상되어 그 전 색인으로 답합니다. 최근에 바뀐 내용은 빠져 있을 수 있어요. "
        "`lesson-qa index build`로 다시 만들어 주세요."
    )


def test_the_wanted_one_answers_when_the_pointer_is_lost(two: tuple[Path, str, str]) -> None:
    index, *names = two
    (index / "CURRENT").write_bytes(b"?")
    for name in names:
        recipe = read_generation(index / name).manifest.recipe
        assert store.load(index, recipe).manifest.generation == name


def test_when_none_is_whole_that_is_told(two: tuple[Path, str, str]) -> None:
    index, *names = two
    for name in names:
        (index / name / "words.npy").unlink()
    with pytest.raises(IndexDamaged) as caught:
        store.load(index)
    assert str(caught.value) == (
        "The index file words.npy is missing or damaged; "
        "run `lesson-qa index build` to make it again."
    )


def test_mending_keeps_the_one_before(
    two: tuple[Path, str, str], small_lesson: Path, encoder: Encoder
) -> None:
    index, before, now = two
    (index / now / "terms.jsonl").write_bytes(b"")
    assert make(index, small_lesson, encoder)
    assert (index / "CURRENT").read_text() == f"{now}\n{before}\n"
    found = store.load(index)
    assert (found.manifest.generation, found.notice) == (now, None)
    assert check_files(index).manifest.generation == now


def test_going_back_takes_what_is_there(
    two: tuple[Path, str, str], small_lesson: Path, encoder: Encoder
) -> None:
    index, before, now = two
    written = (index / before / "vectors.npy").stat().st_mtime_ns
    small_lesson.write_text(small_lesson.read_text("utf-8").removesuffix("- 감\n"), "utf-8")
    assert make(index, small_lesson, encoder)
    assert (index / "CURRENT").read_text() == f"{before}\n{now}\n"
    assert (index / before / "vectors.npy").stat().st_mtime_ns == written


def test_what_a_stopped_build_left_is_removed_by_the_next(
    two: tuple[Path, str, str], small_lesson: Path, encoder: Encoder
) -> None:
    index, before, now = two
    (index / ".build-stopped" / "new").mkdir(parents=True)
    (index / ".build-stopped" / "new" / "vectors.npy").write_bytes(b"half")
    (index / ("0" * 16)).mkdir()
    (index / "CURRENT.new").write_bytes(b"half")
    (index / "notes.txt").write_text("of somebody else")
    assert not make(index, small_lesson, encoder)
    assert sorted(path.name for path in index.iterdir()) == sorted(
        [".lock", "CURRENT", "notes.txt", before, now]
    )


def test_another_format_is_refused(index: Path) -> None:
    raw = json.loads((current(index) / "manifest.json").read_bytes())
    with pytest.raises(IndexMismatch) as caught:
        parse_manifest(json.dumps({**raw, "format": 99}).encode())
    assert str(caught.value) == (
        "The index has format 99, this program reads format 4; "
        "run `lesson-qa index build` to make it again."
    )


def test_a_consistent_forgery_with_wrong_offsets_is_refused(index: Path) -> None:
    """Hashes are right, but a passage does not slice its source: made by hand, not by us."""
    present = store.load(index)
    first, *rest = present.lesson.passages
    wrong = replace(first, start=first.start + 1, end=first.end + 1)
    lesson = replace(present.lesson, passages=(wrong, *rest))
    forge(index, {"passages.jsonl": passage_lines(lesson)})
    with pytest.raises(IndexDamaged) as caught:
        store.load(index)
    assert str(caught.value).startswith("The index file passages.jsonl is missing or damaged;")
    with pytest.raises(IndexDamaged):  # nor does this program write one
        store.save(
            index, present.manifest.recipe, lesson, present.terms, present.vectors, present.words
        )


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
