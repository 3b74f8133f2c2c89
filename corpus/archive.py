"""Zip archives, which Word and PowerPoint files are: looked through before anything reads them."""

from __future__ import annotations

import io
import zipfile
import zlib

from corpus.limits import MEGABYTE, Limits, too_big_unpacked
from rag.errors import CorpusError

_OLE = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how an Office file with a password, or an old one, begins
)
_MOST_PARTS = 20_000
_PIECE = 1 << 16  # bytes unpacked at a time


def check_archive(data: bytes, source: str, kind: str, limits: Limits) -> None:
    """Unpacks every part to nowhere, so that what a part says of its size need not be believed.

    Archives inside the archive are parts like any other and are not opened. Raises CorpusError for
    a damaged archive, one with a password, and one that unpacks to more than the limit.
    """
    if data.startswith(_OLE):
        raise CorpusError(
            f"The lesson {source} is protected by a password or in the old format; "
            f"save it as a {kind} file without one.",
            f"강의 {source}에 암호가 걸려 있거나 옛 형식입니다. "
            f"암호 없이 {kind} 파일로 저장해 주세요.",
        )
    most = limits.max_unpacked_mb * MEGABYTE
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            declared = sum(part.file_size for part in parts)
            if declared > most or len(parts) > _MOST_PARTS:
                raise too_big_unpacked(source, limits.max_unpacked_mb)
            for part in parts:
                with archive.open(part) as content:
                    while piece := content.read(_PIECE):
                        most -= len(piece)
                        if most < 0:
                            raise too_big_unpacked(source, limits.max_unpacked_mb)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise damaged(source, kind) from error


def damaged(source: str, kind: str) -> CorpusError:
    """The refusal of a file that is not what its name says."""
    return CorpusError(
        f"The lesson {source} is damaged, or no {kind} file; save it again.",
        f"강의 {source}이(가) 손상되었거나 {kind} 파일이 아닙니다. 다시 저장해 주세요.",
    )
