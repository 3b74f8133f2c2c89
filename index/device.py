"""Which device encodes and searches."""

from __future__ import annotations

from rag.errors import EncoderError


def choose_device(name: str) -> str:
    """Either "cuda" or "cpu"; ``name`` is one of them or "auto", CUDA when torch has it.

    Raises EncoderError for "cuda" where torch sees no CUDA device.
    """
    import torch

    available = torch.cuda.is_available()
    if name == "cuda" and not available:
        raise EncoderError(
            "There is no CUDA device that torch can use; choose --device cpu or auto.",
            "torch가 쓸 수 있는 CUDA 장치가 없습니다. --device cpu나 auto를 골라 주세요.",
        )
    return "cuda" if available and name != "cpu" else "cpu"


def device_name(name: str) -> str:
    """The chosen device as people call it: "CPU" or "CUDA (NVIDIA H200)"."""
    import torch

    device = choose_device(name)
    return "CPU" if device == "cpu" else f"CUDA ({torch.cuda.get_device_name()})"
