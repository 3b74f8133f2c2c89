"""What a person can choose: options of the command line, each also an environment variable."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.lesson import DEFAULT_CORPUS
from corpus.limits import AS_USUAL, Limits
from rag.errors import UsageError

DEFAULT_ENCODER = "use-multilingual-v3"
DEVICES = ("auto", "cpu", "cuda")
GENERATORS = ("extractive",)
LIMITS = tuple(asdict(AS_USUAL))  # their names, as options have them
_PREFIX = "LESSON_QA_"


@dataclass(frozen=True, slots=True)
class Settings:
    """The common options, read once. ``index`` is where the index of this corpus is kept."""

    corpus: Path
    index: Path
    encoder: str
    reranker: str  # "auto", "none", or a cross-encoder's name or folder
    device: str
    generator: str
    threshold: float | None  # of the probability to answer from; None: the tuned one
    feedback: Path  # where opinions about answers are kept
    language: str  # of messages: "ko" or "en"
    limits: Limits  # of one lesson file
    strict: bool  # whether a lesson that cannot be read fails the rest, too


def read_settings(options: Mapping[str, str | None], environment: Mapping[str, str]) -> Settings:
    """Options win over LESSON_QA_... variables, those over the defaults.

    Raises UsageError for a device or a generator that does not exist, for a threshold that is no
    number from 0 to 1, and for a limit that is no whole number above 0.
    """

    def chosen(name: str, default: str) -> str:
        return options.get(name) or environment.get(_PREFIX + name.upper()) or default

    corpus = Path(chosen("corpus", str(DEFAULT_CORPUS)))
    return Settings(
        corpus=corpus,
        index=Path(chosen("index", "") or _default_index(corpus, environment)),
        encoder=chosen("encoder", DEFAULT_ENCODER),
        reranker=chosen("reranker", "auto"),
        device=_one_of("device", chosen("device", "auto"), DEVICES),
        generator=_one_of("generator", chosen("generator", "extractive"), GENERATORS),
        threshold=_probability(chosen("threshold", "")),
        feedback=Path(chosen("feedback", "") or _default_feedback(corpus, environment)),
        language=language_of(environment),
        limits=Limits(**{n: _count(n, chosen(n, ""), d) for n, d in asdict(AS_USUAL).items()}),
        strict=chosen("strict", "").lower() not in ("", "0", "no", "false"),
    )


def _one_of(name: str, value: str, choices: tuple[str, ...]) -> str:
    if value in choices:
        return value
    listed = ", ".join(choices)
    raise UsageError(
        f"There is no {name} {value!r}; choose one of {listed}.",
        f"{name} 값 {value!r}은(는) 없습니다. {listed} 가운데에서 골라 주세요.",
    )


def _count(name: str, value: str, default: int) -> int:
    if not value:
        return default
    if re.fullmatch(r"0*[1-9][0-9]{0,8}", value):
        return int(value)
    raise UsageError(
        f"{name} is a whole number above 0, not {value!r}.",
        f"{name} 값은 0보다 큰 정수여야 합니다: {value!r}.",
    )


def _probability(value: str) -> float | None:
    if not value:
        return None
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0.0 <= number <= 1.0:
        raise UsageError(
            f"The threshold is a number from 0 to 1, not {value!r}.",
            f"threshold는 0부터 1까지의 수여야 합니다: {value!r}.",
        )
    return number


def _default_index(corpus: Path, environment: Mapping[str, str]) -> Path:
    """A folder of the user's cache for each corpus, so that two corpora never share an index."""
    home = environment.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "lesson-qa" / _name(corpus)


def _default_feedback(corpus: Path, environment: Mapping[str, str]) -> Path:
    """Among the user's data, which outlives the cache."""
    home = environment.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "lesson-qa" / _name(corpus) / "feedback.jsonl"


def _name(corpus: Path) -> str:
    digest = hashlib.sha256(os.fsencode(corpus.absolute())).hexdigest()[:8]
    return f"{corpus.stem or 'corpus'}-{digest}"


def language_of(environment: Mapping[str, str]) -> str:
    """The user's language, as the locale variables give it; Korean unless they name another."""
    for name in ("LESSON_QA_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value:
            return "ko" if value.lower().startswith("ko") else "en"
    return "ko"
