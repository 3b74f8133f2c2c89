"""Every number that was tuned, read from one file that says which run made it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """Weights of the lexical and dense scores of each view ("own", "context", "below")."""

    lexical: Mapping[str, float]
    dense: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class AbstainWeights:
    """A logistic regression over ``rag.abstain.features``; answers from ``threshold`` up."""

    bias: float
    weights: Mapping[str, float]
    threshold: float


@dataclass(frozen=True, slots=True)
class Tuned:
    """The tuned numbers; ``run`` says how and on what they were made."""

    fusion: FusionWeights
    ranking: Mapping[str, float]  # of ``rag.ranking.features``
    abstain: AbstainWeights
    run: str


FILE = files("rag") / "tuned.json"  # the numbers, by the names of the models they were made for
_DEFAULT = "use-multilingual-v3"  # whose numbers serve for an encoder that has none of its own
_READER = "lesson-reader"  # the same for another reader


def with_numbers(text: str, encoder: str, reader: str, numbers: Tuned) -> str:
    """The text of the file with the numbers of one encoder and reader put in or replaced."""
    everything = {**json.loads(text), _key(encoder, reader): asdict(numbers)}
    return json.dumps(everything, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@cache
def tuned(encoder: str = _DEFAULT, reader: str = "") -> Tuned:
    """The numbers made for an encoder and a reader ("" for none), else the nearest there are.

    Readers give log-odds, so one counts like the packaged reader until it is tuned itself.
    """
    everything = json.loads(FILE.read_text(encoding="utf-8"))
    readers = [reader, _READER, ""] if reader else [""]
    names = [_key(name, known) for name in (encoder, _DEFAULT) for known in readers]
    raw = next(everything[name] for name in names if name in everything)
    return Tuned(
        fusion=FusionWeights(**raw["fusion"]),
        ranking=raw["ranking"],
        abstain=AbstainWeights(**raw["abstain"]),
        run=raw["run"],
    )


def _key(encoder: str, reader: str) -> str:
    return f"{encoder} + {reader}" if reader else encoder
