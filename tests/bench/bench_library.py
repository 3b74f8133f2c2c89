"""A library of lessons: building all of it, building what changed, opening it, asking it.

``python -m tests.bench.bench_library [LESSONS]``; 1,000 by default, which takes some minutes.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from typing import TypeVar

from tests.bench.bench_answer import times
from tests.many_lessons import FIELDS, code, lesson, write
from ui.settings import Settings, read_settings
from ui.terminal import ProgressLine
from ui.wiring import build_index, load_parts, open_service, verify_index

Result = TypeVar("Result")
CHANGED = 10  # lessons between the two builds
ASKED = 200


def measured(name: str, work: Callable[[], Result]) -> tuple[Result, float]:
    """What the work gives and the seconds it took, which are printed beside the processor's."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    sys.stdout.write(f"{name:<36}{wall:>8.1f} s{cpu:>8.1f} s of processor\n")
    return result, wall


def memory() -> float:
    """The most memory this process has had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def questions(count: int) -> list[str]:
    """Some that one lesson answers, some that many do, some that none does, comparisons."""
    asked = []
    for i in range(ASKED // 4):
        number = i * 7 % count
        field, words = FIELDS[number % len(FIELDS)]
        asked += [
            f"{code(number)}은 언제 처음 썼나요?",
            f"{field}에서 {words[i % 5]}을 다룰 때 주의할 점은 무엇인가요?",
            f"{code(number)}와 {code((number + 3) % count)}의 차이는 무엇인가요?",
            f"{i + 3}번 버스는 몇 분마다 오나요?",
        ]
    return asked


def show(name: str, milliseconds: list[float]) -> None:
    """One line of a distribution."""
    p95 = quantiles(milliseconds, n=20)[-1]
    sys.stdout.write(f"{name:<36}{median(milliseconds):>8.1f} ms p50{p95:>8.1f} ms p95\n")


def main(count: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        write(corpus, count)
        options = {"corpus": str(corpus), "index": f"{folder}/index", "device": "cpu"}
        run(read_settings(options, {}), count)
    return 0


def run(settings: Settings, count: int) -> None:
    line, parts = ProgressLine("en"), load_parts(settings)
    before = memory()
    (manifest, _), wall = measured("build", lambda: build_index(settings, line, parts))
    sys.stdout.write(
        f"  {count / wall:.1f} lessons/s, {manifest.passages / wall:.0f} passages/s, "
        f"{manifest.vectors / wall:.0f} vectors/s; memory {before:.0f} -> {memory():.0f} MB\n"
    )
    measured("nothing changed", lambda: build_index(settings, line, parts))
    for number in range(CHANGED):
        path = settings.corpus / "00" / f"lesson-{number:04d}.md"
        path.write_text(lesson(number) + "\n이 줄은 나중에 더했다.\n", "utf-8")
    _, wall = measured("build again", lambda: build_index(settings, line, parts))
    sys.stdout.write(f"  {CHANGED} of {count} lessons changed: {count / wall:.0f} lessons/s\n")
    measured("verify", lambda: verify_index(settings, line, parts))
    service, _ = measured("open", lambda: open_service(settings, line, parts))
    sys.stdout.write(f"  memory at most {memory():.0f} MB\n")
    asked = questions(count)
    show("ask, words not seen", times(service.assistant.ask, asked))
    show("ask, words seen", times(service.assistant.ask, asked))
    part = [d.source for d in service.assistant.lesson.documents[: max(1, count // 100)]]
    show(f"ask {len(part)} of them", times(service.assistant.within(part).ask, asked))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
