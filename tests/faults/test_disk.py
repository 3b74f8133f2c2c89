"""A disk that is full at each moment of a build, and one that cannot be written."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import store
from index.verify import check_files
from rag.errors import IndexStoreError
from tests.cheap import bytes_of, cheap_build

PAGE = 4096


def mount(folder: Path, *options: str) -> None:
    command = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(folder)]
    try:
        subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no file system can be mounted here: {error}")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount(folder, "size=256k")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.md").write_text("# 과일\n\n" + "사과는 빨간 과일입니다.\n\n" * 40, "utf-8")
    return folder


def free(folder: Path) -> int:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def leave_free(folder: Path, pages: int) -> None:
    (folder / "filler").write_bytes(b"")
    (folder / "filler").write_bytes(bytes(max(0, free(folder) - pages * PAGE)))


def test_a_full_disk_leaves_the_old_index(disk: Path, corpus: Path, tmp_path: Path) -> None:
    index = disk / "index"
    cheap_build(index, corpus)
    old = bytes_of(index)
    (corpus / "b.md").write_text("# 채소\n\n배추는 채소입니다.\n", "utf-8")
    new = cheap_build(tmp_path / "reference", corpus)[0]
    full = 0
    for pages in range(100):
        leave_free(disk, pages)
        try:
            assert cheap_build(index, corpus) == (new, True)
            break
        except IndexStoreError as error:
            full += 1
            told = f"The index cannot be written to {index}: No space left on device."
            assert (str(error), type(error)) == (told, IndexStoreError)
            assert bytes_of(index) == old
            assert store.load(index).notice is None
            assert not list(index.glob(".build-*"))
    assert full > 10
    assert bytes_of(index) == bytes_of(tmp_path / "reference")
    check_files(index)


def test_a_read_only_index_is_read_and_never_half_written(disk: Path, corpus: Path) -> None:
    index = disk / "index"
    built, _ = cheap_build(index, corpus)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    assert store.load(index).manifest == built
    check_files(index)
    assert cheap_build(index, corpus) == (built, False)  # it is current: nothing to write
    (corpus / "a.md").write_text("# 다른 글\n", "utf-8")
    for folder in (index, disk / "another"):
        with pytest.raises(IndexStoreError) as caught:
            cheap_build(folder, corpus)
        assert str(caught.value) == (
            f"The index cannot be written to {folder}: Read-only file system."
        )
    assert store.load(index).manifest == built


def test_a_folder_of_somebody_else_cannot_be_written(tmp_path: Path, corpus: Path) -> None:
    if os.geteuid():
        pytest.skip("only root can become somebody else")
    folder = tmp_path / "theirs"
    folder.mkdir(mode=0o755)
    for path in (tmp_path, *tmp_path.parents):
        if path.stat().st_mode & 0o001 == 0:
            path.chmod(path.stat().st_mode | 0o011)
    child = os.fork()
    if child == 0:
        os.setuid(65534)
        try:
            cheap_build(folder, corpus)
        except IndexStoreError as error:
            told = f"The index cannot be written to {folder}: Permission denied."
            os._exit(0 if str(error) == told else 1)
        except BaseException:
            os._exit(2)
        os._exit(3)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert list(folder.iterdir()) == []
