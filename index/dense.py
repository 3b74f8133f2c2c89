"""A dense layer that is fast on the CPU for a handful of rows, and plain torch everywhere else."""

from __future__ import annotations

import torch
from torch import Tensor, nn

# A question is one sentence, some 20 rows. For so few, a plain product spends its time repacking
# the weights on every call. oneDNN keeps them packed: measured 1.3 to 2.5 times as fast at 4, 20
# and 64 rows on two Zen 3 cores; for one row the plain product is the faster. The packed product
# has no public name in torch, so it is used only where this torch has it.
_PACKED_ROWS = 32


class Dense(nn.Module):
    """``x @ weight + bias``, then ReLU when ``relu``. weight: (inputs, outputs); bias: (outputs,).

    Both are buffers, so ``.to(device)`` moves them; the packed copy stays behind for the CPU.
    """

    weight: Tensor
    bias: Tensor | None

    def __init__(self, weight: Tensor, bias: Tensor | None = None, relu: bool = False) -> None:
        super().__init__()
        self.relu = relu
        self.register_buffer("weight", weight)
        self.register_buffer("bias", bias)
        packed = _packed(weight)
        # In a list, so that torch does not take it for a part of the module's state.
        self._packed = [packed] if packed is not None else []

    def forward(self, x: Tensor) -> Tensor:
        """(rows, inputs) to (rows, outputs)."""
        if self._packed and x.device.type == "cpu" and len(x) > 1:
            after = "relu" if self.relu else "none"
            result: Tensor = torch.ops.mkldnn._linear_pointwise(
                x, self._packed[0], self.bias, after, [], ""
            )
            return result
        plain = x @ self.weight if self.bias is None else torch.addmm(self.bias, x, self.weight)
        return plain.relu_() if self.relu else plain


def _packed(weight: Tensor) -> Tensor | None:
    """The weight in oneDNN's own layout, or None where this torch cannot make or use it."""
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return None
    try:
        packed: Tensor = torch.ops.mkldnn._reorder_linear_weight(
            weight.t().contiguous(), _PACKED_ROWS
        )
        torch.ops.mkldnn._linear_pointwise(
            weight.new_zeros(1, len(weight)), packed, None, "none", [], ""
        )
    except (AttributeError, RuntimeError):
        return None
    return packed
