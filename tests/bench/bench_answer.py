"""A whole answer against the raw limit, encode + search, in the same process.

``python -m tests.bench.bench_answer``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles

from corpus.questions import HERE
from index import store
from index.vectors import VectorIndex
from ui.settings import read_settings
from ui.wiring import build_index, load_parts, open_service

QUESTIONS = 100


def times(work: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    """Milliseconds of each question."""
    found = []
    for question in questions:
        started = time.perf_counter()
        work(question)
        found.append((time.perf_counter() - started) * 1000)
    return found


def show(name: str, values: Sequence[float]) -> None:
    p95 = quantiles(values, n=20)[-1]
    sys.stdout.write(f"{name:<24}{median(values):>8.1f} ms{p95:>8.1f} ms\n")


def main() -> int:
    rows = [json.loads(line) for line in (HERE / "lesson.jsonl").read_text("utf-8").splitlines()]
    asked = [row["question"] for row in rows if not row["history"]][: 2 * QUESTIONS]
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings({"index": folder, "device": "cpu"}, {})
        started = time.perf_counter()
        manifest, _ = build_index(settings, lambda stage, done, total: None)
        built = time.perf_counter() - started
        parts = load_parts(settings)
        service = open_service(settings, lambda stage, done, total: None, parts)
        vectors = VectorIndex(store.load(Path(folder)).vectors)

        def limit(question: str) -> None:
            vectors.search(parts.encoder.encode_queries([question])[0], 10)

        warm, cold = asked[:QUESTIONS], asked[QUESTIONS:]
        times(service.assistant.ask, warm)
        sys.stdout.write(f"{'':<24}{'p50':>11}{'p95':>11}\n")
        show("encode + search", times(limit, cold))
        show("ask, words not seen", times(service.assistant.ask, cold))
        show("ask, words seen", times(service.assistant.ask, cold))
        sys.stdout.write(f"index build             {built:>8.1f} s, {manifest.passages} passages\n")
        command = [sys.executable, "-m", "ui.cli", "ask", "NGC가 뭐예요?", "--index", folder]
        started = time.perf_counter()
        subprocess.run([*command, "--device", "cpu"], capture_output=True, check=True)
        taken = time.perf_counter() - started
        sys.stdout.write(f"ask, a new process      {taken:>8.1f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
