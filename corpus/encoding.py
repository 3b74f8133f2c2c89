"""Bytes to characters: what is certain is decoded, and nothing is guessed or replaced."""

from __future__ import annotations

import codecs

from rag.errors import CorpusError

_KOREAN_SHARE = 0.7  # of the characters beyond ASCII that must be Hangul for text to be CP949
# What a web page may say it is written in; the names a page uses are often wider than they say.
_DECLARED = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "windows-1252": "cp1252",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "cp949": "cp949",
    "ms949": "cp949",
    "windows-949": "cp949",
    "shift_jis": "cp932",
    "euc-jp": "euc_jp",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
}


def decode(data: bytes, source: str, declared: str | None = None) -> str:
    """The characters of a file: UTF-8, UTF-16 with its mark, or Korean CP949 (EUC-KR).

    A web page may be in the encoding it ``declared`` instead. A UTF-8 byte-order mark stays as
    U+FEFF, so that offsets equal those of ``bytes.decode``. Raises CorpusError for anything else.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8", "cp949"]
        if declared and (name := _DECLARED.get(declared.lower())):
            encodings.insert(1, name)  # valid UTF-8 is hardly ever anything else, whatever is said
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        told = encoding == _DECLARED.get((declared or "").lower())
        if "\0" not in text and (encoding != "cp949" or told or _looks_korean(text)):
            return text
    raise CorpusError(
        f"The lesson {source} is not text in UTF-8, UTF-16 or CP949; save it as UTF-8.",
        f"강의 {source}은(는) UTF-8, UTF-16, CP949 텍스트가 아닙니다. UTF-8로 저장해 주세요.",
    )


def _looks_korean(text: str) -> bool:
    """CP949 decodes nearly any bytes; only those that give mostly Hangul were written in it."""
    beyond = [character for character in text if not character.isascii()]
    hangul = sum("가" <= character <= "힣" for character in beyond)
    return bool(beyond) and hangul >= _KOREAN_SHARE * len(beyond)
