"""Dense layers that are fast on the CPU, and plain torch everywhere else."""

from __future__ import annotations

import torch
from torch import Tensor, nn

# A question is one sentence, some 20 rows, for which reading the weights is most of the work. In
# half precision there is half as much to read, and the sums are still made in float32: one
# sentence takes 2.3 ms instead of 3.8 ms (two shared Zen 3 cores, tests/bench; 14 MB of weights
# outgrow the cache). Above this many rows oneDNN's packed float32 product is the faster.
_FEW_ROWS = 32
_BYTE, _LEAST = 127, 1e-12  # the largest whole number; what a scale is not smaller than


class Dense(nn.Module):
    """``x @ weight + bias``, then ReLU when ``relu``. weight: (inputs, outputs); bias: (outputs,).

    Both are buffers, so ``.to(device)`` moves them; the packed copies stay behind for the CPU. The
    weight is rounded to half precision at once, so every path multiplies by the same numbers.
    """

    weight: Tensor
    bias: Tensor | None

    def __init__(self, weight: Tensor, bias: Tensor | None = None, relu: bool = False) -> None:
        super().__init__()
        self.relu = relu
        rounded = weight.half().float()
        self.register_buffer("weight", rounded)
        self.register_buffer("bias", bias)
        self._few, self._many = _half_packed(rounded, bias), _packed(rounded)

    def forward(self, x: Tensor) -> Tensor:
        """(rows, inputs) to (rows, outputs)."""
        if x.device.type == "cpu" and len(x) <= _FEW_ROWS and self._few is not None:
            ops = torch.ops.quantized
            few = ops.linear_relu_dynamic_fp16 if self.relu else ops.linear_dynamic_fp16
            result: Tensor = few(x, self._few)
            return result
        if x.device.type == "cpu" and self._many:
            after = "relu" if self.relu else "none"
            result = torch.ops.mkldnn._linear_pointwise(x, self._many[0], self.bias, after, [], "")
            return result
        plain = x @ self.weight if self.bias is None else torch.addmm(self.bias, x, self.weight)
        return plain.relu_() if self.relu else plain


class ByteDense(nn.Module):
    """``x @ weight + bias`` with the weight, and on the CPU the rows of ``x``, in 8 bits.

    Each output's weights and each row are scaled by their largest number (Dettmers et al., 2022,
    "LLM.int8()", vector-wise), so what a row gives does not depend on those beside it. The sums
    are made in whole numbers of 32 bits, which takes the CPU less than half the time of float32.
    weight: (inputs, outputs); bias: (outputs,).
    """

    weight: Tensor
    scale: Tensor
    bias: Tensor

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        scale = weight.abs().amax(dim=0).clamp(min=_LEAST) / _BYTE
        self.register_buffer("scale", scale)
        self.register_buffer("weight", (weight / scale).round().to(torch.int8))
        self.register_buffer("bias", bias)
        self._whole = _multiplies_bytes()

    def forward(self, x: Tensor) -> Tensor:
        """(rows, inputs) to (rows, outputs)."""
        if x.device.type != "cpu" or not self._whole:
            return torch.addmm(self.bias, x, self.weight.to(x.dtype) * self.scale)
        size = x.abs().amax(dim=1, keepdim=True).clamp(min=_LEAST) / _BYTE
        sums = torch._int_mm((x / size).round_().to(torch.int8), self.weight)
        return torch.addcmul(self.bias, sums.float().mul_(size), self.scale)


def _multiplies_bytes() -> bool:
    try:
        one = torch.ones(1, 1, dtype=torch.int8)
        return int(torch._int_mm(one, one)) == 1
    except (AttributeError, RuntimeError):
        return False


def _half_packed(weight: Tensor, bias: Tensor | None) -> object | None:
    """The layer as FBGEMM packs it in half precision, or None where this torch is without it."""
    if "fbgemm" not in torch.backends.quantized.supported_engines:
        return None
    try:
        packed: object = torch.ops.quantized.linear_prepack_fp16(weight.t().contiguous(), bias)
        torch.ops.quantized.linear_relu_dynamic_fp16(weight.new_zeros(1, len(weight)), packed)
    except (AttributeError, RuntimeError):
        return None
    return packed


def _packed(weight: Tensor) -> list[Tensor]:
    """The weight in oneDNN's own layout, or nothing where this torch cannot make or use it.

    In a list, so that torch does not take it for a part of the module's state.
    """
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return []
    try:
        packed: Tensor = torch.ops.mkldnn._reorder_linear_weight(
            weight.t().contiguous(), 4 * _FEW_ROWS
        )
        torch.ops.mkldnn._linear_pointwise(
            weight.new_zeros(1, len(weight)), packed, None, "none", [], ""
        )
    except (AttributeError, RuntimeError):
        return []
    return [packed]
