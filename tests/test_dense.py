from __future__ import annotations

import pytest
import torch

from index.dense import ByteDense


def numbers(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("rows", [1, 3, 200])
def test_in_bytes_the_sums_are_right_within_two_hundredths(rows: int) -> None:
    weight, bias, x = numbers(384, 96), numbers(96), numbers(rows, 384)
    exact = x @ weight + bias
    found = ByteDense(weight, bias)(x)
    assert ((found - exact).norm() / exact.norm()).item() < 0.02


def test_a_row_gives_the_same_beside_a_large_one() -> None:
    layer, x = ByteDense(numbers(64, 32), numbers(32)), numbers(2, 64)
    x[1] *= 1_000
    assert torch.equal(layer(x)[0], layer(x[:1])[0])


def test_zeros_give_the_bias() -> None:
    bias = numbers(32)
    assert torch.equal(ByteDense(torch.zeros(64, 32), bias)(numbers(2, 64))[0], bias)
    assert torch.equal(ByteDense(numbers(64, 32), bias)(torch.zeros(1, 64))[0], bias)


def test_where_the_cpu_cannot_multiply_bytes_the_weight_is_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    weight, bias, x = numbers(384, 96), numbers(96), numbers(5, 384)
    whole = ByteDense(weight, bias)(x)

    def missing(*_: object) -> torch.Tensor:
        raise RuntimeError

    monkeypatch.setattr(torch, "_int_mm", missing)
    plain = ByteDense(weight, bias)
    scale = weight.abs().amax(dim=0) / 127
    assert torch.allclose(plain(x), x @ ((weight / scale).round() * scale) + bias, atol=1e-4)
    assert ((plain(x) - whole).norm() / whole.norm()).item() < 0.02
