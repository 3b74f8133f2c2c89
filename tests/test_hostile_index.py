"""An index folder from a stranger: at worst it is refused, and nothing outside it is touched."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import store
from index.generation import FILES
from index.manifest import FORMAT, Manifest, parse_manifest
from index.matrix import npy_header
from index.rows import read_lesson, read_terms
from index.verify import check_files
from rag.errors import IndexDamaged, IndexMismatch, IndexStoreError
from tests.cheap import cheap_build
from tests.forging import forge, forge_manifest

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["../../etc/passwd", "/etc/passwd", "a\0b", "\ud800", "0" * 64, 2**200]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
SHA = "0" * 64
GOOD: dict[str, Any] = {
    "format": FORMAT,
    "recipe": {
        "encoder": "cheap",
        "fingerprint": "cheap-1",
        "dimension": 16,
        "word_dimension": 8,
        "cutter": "markdown-1",
        "views": "views-1",
        "analyzer": "kiwi",
        "sources": [["a.md", SHA], ["나/b.md", SHA]],
    },
    "passages": 3,
    "vectors": 4,
    "files": {name: {"size": 10, "sha256": SHA} for name in FILES},
}


def canonical(raw: Any) -> bytes:
    return (json.dumps(raw, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode(
        "utf-8", "surrogatepass"
    )


def test_the_good_one_is_read() -> None:
    assert parse_manifest(canonical(GOOD)).to_bytes() == canonical(GOOD)


def refused(read: Callable[[bytes], object], data: bytes) -> None:
    try:
        found = read(data)
    except (IndexDamaged, IndexMismatch) as error:
        assert "`lesson-qa index build`" in str(error)
        return
    assert isinstance(found, Manifest)
    assert found.to_bytes() == data


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(data: bytes) -> None:
    refused(parse_manifest, data)


@given(anything)
def test_any_json_is_refused(raw: Any) -> None:
    refused(parse_manifest, json.dumps(raw).encode())


def paths(raw: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where there is a value inside a JSON value."""
    inside: Any = raw.items() if isinstance(raw, dict) else ()
    found = []
    for key, value in enumerate(raw) if isinstance(raw, list) else inside:
        found += [(*path, key), *paths(value, (*path, key))]
    return found


@given(st.sampled_from(paths(GOOD)), anything)
@settings(max_examples=400)
def test_any_value_in_the_place_of_another_is_refused_or_harmless(
    path: tuple[Any, ...], value: Any
) -> None:
    raw = json.loads(json.dumps(GOOD))
    inner = raw
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    refused(parse_manifest, canonical(raw))


@pytest.mark.parametrize(
    "source", ["../../etc/passwd", "/etc/passwd", "a/../b", "a//b", "", ".", "a\0b", "a/"]
)
def test_a_source_that_leads_elsewhere_is_refused(source: str) -> None:
    raw = json.loads(json.dumps(GOOD))
    raw["recipe"]["sources"][0][0] = source
    with pytest.raises(IndexDamaged) as caught:
        parse_manifest(canonical(raw))
    assert str(caught.value) == (
        "The index's manifest.json is damaged; run `lesson-qa index build` to make it again."
    )


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b'{"a":' * 50_000,
        canonical(GOOD).replace(b'"passages": 3', b'"passages": 3, "passages": 3'),
        canonical(GOOD).replace(b'"passages": 3', b'"passages": NaN'),
        canonical(GOOD).replace(b'"passages": 3', b'"passages": 3.0'),
        canonical(GOOD).replace(b'"passages": 3', b'"passages": true'),
        canonical(GOOD).replace(b'"passages": 3', b'"passages": ' + b"9" * 5000),
        canonical(GOOD).replace(b'"dimension": 16', b'"dimension": 9000000'),
        canonical(GOOD).replace(b"a.md", "나/b.md".encode()),
        canonical(GOOD) + b" ",
        b"\xef\xbb\xbf" + canonical(GOOD),
        canonical(GOOD).decode().encode("utf-16"),
    ],
)
def test_what_is_nearly_a_manifest_is_refused(data: bytes) -> None:
    with pytest.raises(IndexDamaged):
        parse_manifest(data)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    lesson = tmp_path / "a.md"
    lesson.write_text("# 과일\n\n- 사과\n  - 빨간 사과\n- 배\n", "utf-8")
    cheap_build(tmp_path / "index", lesson)
    return tmp_path / "index"


def current(index: Path) -> Path:
    return index / (index / "CURRENT").read_text().split()[0]


def rows(index: Path, name: str) -> list[Any]:
    return [json.loads(line) for line in (current(index) / name).read_text().splitlines()]


def lines(made: list[Any]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in made).encode()


PASSAGE_CHANGES: list[dict[str, Any]] = [
    {"start": "0"},
    {"start": -1},
    {"start": 2**60},
    {"start": 1.0},
    {"end": True},
    {"id": 5},
    {"kind": "file"},
    {"kind": ["item"]},
    {"heading": "과일"},
    {"heading": [1]},
    {"heading": None},
    {"parent": "none such"},
    {"parent": []},
    {"source": "b.md"},
    {"text": "다른 글"},
    {"plain": None},
    {"plain": "\ud800"},
    {"level": None},
    {"number": "1"},
    {"more": 1},
]


@pytest.mark.parametrize("change", PASSAGE_CHANGES)
def test_a_passage_of_other_types_is_refused(index: Path, change: dict[str, Any]) -> None:
    made = rows(index, "passages.jsonl")
    made[1] |= change
    forge(index, {"passages.jsonl": lines(made)})
    for use in (store.load, check_files):
        with pytest.raises(IndexDamaged) as caught:
            use(index)
        assert str(caught.value).startswith("The index file passages.jsonl is missing or damaged;")


def test_passages_that_hang_under_themselves_are_refused(index: Path) -> None:
    made = rows(index, "passages.jsonl")
    for under in (made[1]["id"], made[2]["id"]):  # itself, and what comes after it
        changed = [dict(row) for row in made]
        changed[1]["parent"] = under
        forge(index, {"passages.jsonl": lines(changed)})
        with pytest.raises(IndexDamaged):
            store.load(index)


def test_a_tree_deeper_than_any_stack_is_refused(index: Path) -> None:
    first = rows(index, "passages.jsonl")[0]
    made = [{**first, "id": "0"}]
    made += [{**first, "id": str(i), "parent": str(i - 1)} for i in range(1, 5000)]
    with pytest.raises(ValueError, match="nested too deep"):
        read_lesson((current(index) / "documents.jsonl").read_bytes(), lines(made))


@given(st.lists(anything, max_size=3))
def test_any_rows_are_refused(made: list[Any]) -> None:
    data = lines(made)
    with pytest.raises((ValueError, TypeError, KeyError)):
        read_lesson(data, data)
    with contextlib.suppress(ValueError):
        assert all(isinstance(term, str) for row in read_terms(data) for term in row)


def test_vectors_said_to_be_huge_take_no_memory(index: Path) -> None:
    manifest = parse_manifest((current(index) / "manifest.json").read_bytes())
    huge = replace(manifest, vectors=2**52)
    forge(index, {"vectors.npy": npy_header(2**52, 16)}, huge)
    with pytest.raises(IndexDamaged) as caught:
        store.load(index)
    assert str(caught.value).startswith("The index file vectors.npy is missing or damaged;")


def test_a_faiss_file_or_a_pickle_is_never_opened(index: Path) -> None:
    for data in (b"IxFI" + b"\xff" * 60, b"\x80\x04\x95cos\nsystem\n"):
        forge(index, {"vectors.npy": data})
        with pytest.raises(IndexDamaged):
            store.load(index)


@pytest.mark.parametrize("name", [*FILES, "manifest.json"])
@pytest.mark.parametrize("kind", ["link", "pipe", "device", "folder"])
def test_only_plain_files_inside_the_folder_are_read(
    index: Path, tmp_path: Path, name: str, kind: str
) -> None:
    path = current(index) / name
    outside = tmp_path / "outside"
    outside.write_bytes(path.read_bytes())
    path.unlink()
    if kind == "link":
        path.symlink_to(outside)  # to the very bytes that belong there
    elif kind == "pipe":
        os.mkfifo(path)  # reading it would wait for ever
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    with pytest.raises(IndexDamaged) as caught:
        store.load(index)
    assert str(caught.value).startswith(f"The index file {name} is missing or damaged;")


def test_a_generation_that_is_a_link_is_refused(index: Path, tmp_path: Path) -> None:
    current(index).rename(tmp_path / current(index).name)
    current(index).symlink_to(tmp_path / current(index).name)
    with pytest.raises(IndexDamaged):
        store.load(index)


def test_building_over_a_strangers_folder_touches_nothing_outside(
    index: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    name = current(index).name
    current(index).rename(tmp_path / "elsewhere")
    (index / name).symlink_to(outside)
    (index / ("0" * 16)).symlink_to(outside)
    (index / ".build-1").symlink_to(outside)
    (index / ".build-2").mkdir()
    (index / ".build-2" / "new").symlink_to(outside)
    (index / "CURRENT.new").symlink_to(outside / "kept")
    cheap_build(index, tmp_path / "a.md")
    check_files(index)
    assert [path.name for path in outside.iterdir()] == ["kept"]
    assert (outside / "kept").read_text() == "kept"


@pytest.mark.parametrize("name", [".lock", "CURRENT"])
def test_a_link_in_the_place_of_a_file_is_not_written_through(
    index: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "outside").write_text("kept")
    (index / name).unlink()
    (index / name).symlink_to(tmp_path / "outside")
    try:
        cheap_build(index, tmp_path / "a.md", full=True)
    except IndexStoreError as error:
        assert str(error).startswith(f"The index cannot be written to {index}: ")
    assert (tmp_path / "outside").read_text() == "kept"


def test_a_manifest_of_another_lesson_is_not_believed(index: Path) -> None:
    manifest = parse_manifest((current(index) / "manifest.json").read_bytes())
    sources = (("b.md", manifest.recipe.sources[0][1]),)
    recipe = replace(manifest.recipe, sources=sources)
    forge_manifest(index, replace(manifest, recipe=recipe).to_bytes())
    with pytest.raises(IndexDamaged) as caught:
        store.load(index)
    assert str(caught.value).startswith("The index file documents.jsonl is missing or damaged;")


@given(st.dictionaries(st.sampled_from([*FILES, "manifest.json"]), st.binary(max_size=200)))
@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_any_files_under_good_hashes_are_refused(
    tmp_path_factory: pytest.TempPathFactory, contents: dict[str, bytes]
) -> None:
    folder = tmp_path_factory.mktemp("stranger")
    (folder / "a.md").write_text("# 과일\n\n- 사과\n", "utf-8")
    cheap_build(folder / "index", folder / "a.md")
    manifest = contents.pop("manifest.json", None)
    forge(folder / "index", contents)
    if manifest is not None:
        forge_manifest(folder / "index", manifest)
    if contents or manifest is not None:
        with pytest.raises(IndexStoreError):
            check_files(folder / "index")
