"""Finding a sentence-transformers model: a local folder, the hub's cache, or the hub."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from huggingface_hub import model_info, try_to_load_from_cache

from rag.errors import EncoderError

_PATIENCE = 10  # seconds until the hub counts as out of reach

Model = TypeVar("Model")


def load_model(name: str, make: Callable[[bool], Model], kind: tuple[str, str, str, str]) -> Model:
    """``make(local)``'s model, where ``local`` says that nothing may be downloaded.

    ``kind``: what it is called in English and in Korean, and what to do without it in both.
    Raises EncoderError with one sentence when there is no such model here or on the hub. Code that
    comes with a model is never run.
    """
    english, korean, without_english, without_korean = kind
    for library in ("sentence_transformers", "huggingface_hub", "transformers"):
        logging.getLogger(library).setLevel(logging.ERROR)
    if Path(name).exists():
        try:
            return make(True)
        except Exception as error:  # a folder of anything fails in as many ways
            raise EncoderError(
                f"The folder {name} holds no sentence-transformers model that can be loaded.",
                f"{name} 폴더에서 sentence-transformers 모델을 불러올 수 없습니다.",
            ) from error
    try:
        cached = _is_cached(name)
        if not cached:
            # Asked first, once: without a network the download itself retries for a minute.
            model_info(name, timeout=_PATIENCE)
        return make(cached)
    except Exception as error:  # the hub, its client and a model's files fail in many ways
        raise EncoderError(
            f"The {english} {name} is not on this computer and could not be downloaded; connect to "
            f"the network once, give a local folder, or {without_english}.",
            f"{name} {korean}가 이 컴퓨터에 없고 내려받지도 못했습니다. 네트워크에 한 번 "
            f"연결하거나, 로컬 폴더를 지정하거나, {without_korean}.",
        ) from error


def _is_cached(name: str) -> bool:
    """Whether the hub's cache on this computer holds the model."""
    return any(
        isinstance(try_to_load_from_cache(name, file), str)
        for file in ("modules.json", "config.json")
    )
