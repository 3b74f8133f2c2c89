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


def to_json(numbers: Tuned) -> str:
    """The text of ``rag/tuned.json``."""
    return json.dumps(asdict(numbers), ensure_ascii=False, indent=1) + "\n"


@cache
def tuned() -> Tuned:
    """The numbers of ``rag/tuned.json``."""
    raw = json.loads((files("rag") / "tuned.json").read_text(encoding="utf-8"))
    return Tuned(
        fusion=FusionWeights(**raw["fusion"]),
        ranking=raw["ranking"],
        abstain=AbstainWeights(**raw["abstain"]),
        run=raw["run"],
    )
