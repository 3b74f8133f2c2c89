"""Who may open the page: a file of names with salted password hashes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import threading
from collections.abc import Callable
from pathlib import Path

from rag.errors import UsageError

# scrypt (RFC 7914) with 32 MiB of memory for one check: a guess costs a tenth of a second.
_N, _R, _P, _LENGTH = 2**15, 8, 1, 32
_MEMORY = 2 * 128 * _N * _R
_NAME = re.compile(r"[^:\s]{1,64}")
SHORTEST_PASSWORD, _LONGEST = 8, 1_000  # characters
_ROW = re.compile(r"([^:\s]{1,64}):scrypt:([A-Za-z0-9+/=]{8,64}):([A-Za-z0-9+/=]{44})")


class Users:
    """The names and hashes of a user file, one ``name:scrypt:salt:hash`` in a line."""

    def __init__(self, path: Path) -> None:
        """Reads the file; raises UsageError when it cannot be read or a line is no user."""
        self._hashes: dict[str, tuple[bytes, bytes]] = {}
        for number, line in enumerate(_lines(path), 1):
            found = _ROW.fullmatch(line)
            if not found:
                raise UsageError(
                    f"Line {number} of the user file {path} is no user; "
                    "make lines with `lesson-qa user`.",
                    f"사용자 파일 {path}의 {number}번째 줄을 읽을 수 없습니다. "
                    "`lesson-qa user`로 만들어 주세요.",
                )
            name, salt, digest = found.groups()
            self._hashes[name] = base64.b64decode(salt), base64.b64decode(digest)
        # One check at a time: a flood of guesses must not take the memory of the machine.
        self._lock = threading.Lock()

    def check(self, name: str, password: str) -> bool:
        """Whether the password is that user's; takes as long for a name that is not there."""
        salt, digest = self._hashes.get(name, (b"nobody", b""))
        with self._lock:
            return hmac.compare_digest(_hash(password[:_LONGEST], salt), digest)


def password_check(name: str, password: str) -> Callable[[str, str], bool]:
    """A check for the one user there is, as slow as that of a user file."""
    salt, lock = os.urandom(16), threading.Lock()
    digest = _hash(password[:_LONGEST], salt)

    def check(given_name: str, given: str) -> bool:
        with lock:
            right = hmac.compare_digest(_hash(given[:_LONGEST], salt), digest)
        return (
            hmac.compare_digest(given_name.encode(errors="surrogatepass"), name.encode()) and right
        )

    return check


def user_line(name: str, password: str) -> str:
    """A line for the user file. Raises UsageError for a name or a password that cannot be."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            "A user's name has 1 to 64 characters, without spaces and colons.",
            "사용자 이름은 빈칸과 쌍점 없이 1~64자로 적어 주세요.",
        )
    if not SHORTEST_PASSWORD <= len(password) <= _LONGEST:
        raise UsageError(
            f"A password has {SHORTEST_PASSWORD} to {_LONGEST:,} characters.",
            f"비밀번호는 {SHORTEST_PASSWORD}~{_LONGEST:,}자로 적어 주세요.",
        )
    salt = os.urandom(16)
    parts = (base64.b64encode(part).decode() for part in (salt, _hash(password, salt)))
    return ":".join((name, "scrypt", *parts))


def _hash(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        password.encode(errors="surrogatepass"),
        salt=salt,
        n=_N,
        r=_R,
        p=_P,
        maxmem=_MEMORY,
        dklen=_LENGTH,
    )


def _lines(path: Path) -> list[str]:
    try:
        lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise UsageError(
            f"The user file {path} cannot be read: {reason}.",
            f"사용자 파일 {path}을(를) 읽을 수 없습니다: {reason}.",
        ) from error
    return [line for line in lines if line and not line.startswith("#")]
