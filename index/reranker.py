"""Any cross-encoder as a reader: of the hub, or a local folder, through sentence-transformers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from sentence_transformers import CrossEncoder

from index.device import choose_device
from index.models import load_model
from rag.errors import EncoderError
from rag.reading import Place

_KIND = ("reranker", "재순위 모델", "use --reranker none", "--reranker none으로 실행해 주세요")


class Reranker:
    """Scores how well places answer a question, one at a time with the question beside it."""

    def __init__(self, model: CrossEncoder, name: str) -> None:
        self.name = name
        self._model = model

    @classmethod
    def load(cls, name: str, device: str = "auto") -> Reranker:
        """The cross-encoder with this name: a local folder, or a model of the hub.

        Raises EncoderError, telling what to do, when there is none, or it gives more than one
        score a pair.
        """
        chosen = choose_device(device)
        model = load_model(
            name, lambda local: CrossEncoder(name, device=chosen, local_files_only=local), _KIND
        )
        if model.num_labels != 1:
            raise EncoderError(
                f"The model {name} is no reranker: it gives {model.num_labels} scores a pair.",
                f"{name}은(는) 재순위 모델이 아닙니다. 한 쌍에 점수를 {model.num_labels}개 줍니다.",
            )
        return cls(model, name)

    def scores(self, question: str, places: Sequence[Place]) -> list[float]:
        """For each place, the log-odds that it answers the question."""
        pairs = [(question, f"{place.path} › {place.text}") for place in places]
        try:
            return self._scores(pairs)
        except torch.OutOfMemoryError:
            self._model = self._model.to("cpu")  # slower, and says the same
            torch.cuda.empty_cache()
            return self._scores(pairs)

    def _scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        found = self._model.predict(
            list(pairs), activation_fn=torch.nn.Identity(), show_progress_bar=False
        )
        scores = [float(score) for score in found]
        if not all(math.isfinite(score) for score in scores):
            raise EncoderError(
                f"The reranker {self.name} gives scores that are no numbers; use another.",
                f"재순위 모델 {self.name}의 점수가 숫자가 아닙니다. 다른 모델을 골라 주세요.",
            )
        return scores
