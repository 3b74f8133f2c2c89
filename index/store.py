"""The index folder: whole generations side by side, and one pointer to the current one.

    INDEX/CURRENT                       the names of the current generation and the one before
    INDEX/GENERATION/manifest.json      what it was built from, counts, sha256 of each file
    INDEX/GENERATION/documents.jsonl    the sources exactly as read, so citations can be checked
    INDEX/GENERATION/passages.jsonl     the passages, in reading order
    INDEX/GENERATION/terms.jsonl        the search terms of each passage
    INDEX/GENERATION/vectors.npy        the vectors of the passages' texts
    INDEX/GENERATION/words.npy          the vectors of single words

A build writes a new generation in a temporary folder, flushes it to disk, reads it back, renames it
and then replaces CURRENT, so a reader finds the old index or the new one, never a half. A reader
takes a whole generation into memory before it uses any of it, so that older ones can be removed at
any time. Nothing is pickled, and nothing outside the folder is read or written.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from index.durable import sync_folder, write
from index.generation import Generation, read_generation, read_manifest
from index.lock import only_writer
from index.manifest import BUILD_COMMAND, FORMAT, Manifest, Recipe, record
from index.matrix import npy_bytes
from index.pointer import CURRENT, Pointer, is_generation, read_pointer, write_pointer
from index.rows import document_lines, json_lines, passage_lines
from index.vectors import FloatArray
from rag.errors import IndexDamaged, IndexStoreError
from rag.lesson import Lesson

_WORK = ".build-"  # what the names of a build's temporary folders start with


def current_manifest(folder: Path) -> Manifest:
    """The manifest of the current generation, without reading the rest.

    Raises IndexMissing when there is no index, IndexDamaged when the manifest is not whole.
    """
    return read_manifest(folder / read_pointer(folder).current)


def load(folder: Path, wanted: Recipe | None = None) -> Generation:
    """The current generation, or when it is damaged another whole one, with a notice.

    Of several others the one made by the recipe ``wanted`` comes first, then the one before.
    Raises IndexMissing when there is no index, IndexMismatch for another format, and IndexDamaged
    when no generation is whole.
    """
    while True:
        pointer: Pointer | None = None
        try:
            pointer = read_pointer(folder)
            return read_generation(folder / pointer.current)
        except IndexDamaged as error:
            if _moved_on(folder, pointer):
                continue  # builds came in between and removed what was being read
            found = _others(folder, pointer, wanted)
            if not found:
                raise
            return replace(found[0], notice=_fallen_back(error))


@contextmanager
def writing(folder: Path, waiting: Callable[[], None]) -> Iterator[IndexStoreError | None]:
    """Makes this the only writer of the folder; ``waiting()`` is called when another goes first.

    Gives None, or the error that ``save`` would raise where nothing can be written: an index that
    is current needs no writing.
    """
    with ExitStack() as stack:
        refused = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(only_writer(folder / ".lock", waiting))
        except OSError as error:
            refused = _unwritable(folder, error)
        yield refused


def save(
    folder: Path,
    recipe: Recipe,
    lesson: Lesson,
    terms: Iterable[Iterable[str]],
    vectors: FloatArray,
    words: FloatArray,
    previous: str | None = None,
) -> Manifest:
    """Writes a new generation and makes it the current one; ``previous`` is kept, others are not.

    The caller is the only writer. Raises IndexStoreError when the folder cannot be written, and
    IndexDamaged when the disk gives back other bytes than were written; the old index is then
    untouched.
    """
    contents = {
        "documents.jsonl": document_lines(lesson),
        "passages.jsonl": passage_lines(lesson),
        "terms.jsonl": json_lines(list(row) for row in terms),
        "vectors.npy": npy_bytes(vectors),
        "words.npy": npy_bytes(words),
    }
    files = {name: record(data) for name, data in contents.items()}
    manifest = Manifest(FORMAT, recipe, len(lesson.passages), len(vectors), files)
    contents["manifest.json"] = manifest.to_bytes()
    name = manifest.generation
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not _is_whole(folder / name):
            _write_generation(folder, name, contents)
        write_pointer(folder, Pointer(name, previous if previous != name else _kept(folder, name)))
        remove_old(folder)
    except OSError as error:
        raise _unwritable(folder, error) from error
    return manifest


def remove_old(folder: Path) -> None:
    """Removes what a build that was stopped has left, and generations but for the last two.

    The caller is the only writer. Whatever cannot be removed stays, and harms nothing.
    """
    pointer = read_pointer(folder)
    for entry in folder.iterdir():
        left = entry.name.startswith(_WORK) or is_generation(entry.name)
        if left and entry.name not in (pointer.current, pointer.previous):
            shutil.rmtree(entry, ignore_errors=True)  # never through a link
    with suppress(OSError):
        (folder / f"{CURRENT}.new").unlink()


def _write_generation(folder: Path, name: str, contents: dict[str, bytes]) -> None:
    work = Path(tempfile.mkdtemp(prefix=_WORK, dir=folder))
    try:
        new, old = work / "new", work / "old"
        new.mkdir()
        for file in list(contents):
            write(new / file, contents.pop(file))  # on the disk, it need not be in memory too
        sync_folder(new)
        read_generation(new, name)
        if (folder / name).exists() or (folder / name).is_symlink():
            (folder / name).rename(old)  # damaged: a whole one would not be written again
        new.rename(folder / name)
        sync_folder(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _is_whole(path: Path) -> bool:
    try:
        read_generation(path)
    except IndexStoreError:
        return False
    return True


def _kept(folder: Path, name: str) -> str | None:
    """The whole generation that is kept beside the current one, when that stays what it is."""
    try:
        previous = read_pointer(folder).previous
    except IndexStoreError:
        return None
    return previous if previous and previous != name and _is_whole(folder / previous) else None


def _moved_on(folder: Path, seen: Pointer | None) -> bool:
    """Whether CURRENT names another generation than it did."""
    try:
        return seen is not None and read_pointer(folder).current != seen.current
    except IndexStoreError:
        return False


def _others(folder: Path, pointer: Pointer | None, wanted: Recipe | None) -> list[Generation]:
    """The whole generations that are not the current one, the best first."""
    found = []
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return []
    for path in paths:
        if is_generation(path.name) and (pointer is None or path.name != pointer.current):
            try:
                found.append(read_generation(path))
            except IndexStoreError:
                continue
    before = pointer.previous if pointer else None
    found.sort(key=lambda g: (g.manifest.recipe != wanted, g.manifest.generation != before))
    return found


def _fallen_back(error: IndexDamaged) -> IndexDamaged:
    return IndexDamaged(
        f"The index is damaged, so the one before it answers, which may lack the latest changes; "
        f"run `{BUILD_COMMAND}` to make it again.",
        f"색인이 손상되어 그 전 색인으로 답합니다. 최근에 바뀐 내용은 빠져 있을 수 있어요. "
        f"`{BUILD_COMMAND}`로 다시 만들어 주세요.",
    )


def _unwritable(folder: Path, error: OSError) -> IndexStoreError:
    return IndexStoreError(
        f"The index cannot be written to {folder}: {error.strerror or error}.",
        f"색인을 {folder}에 쓸 수 없습니다: {error.strerror or error}.",
    )
