from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("rag", "corpus", "index", "ui")
MAY_IMPORT = {
    "rag": {"rag"},
    "corpus": {"corpus", "rag"},
    "index": {"index", "rag"},
    "ui": {"ui", "index", "corpus", "rag"},
}
ONLY_IN = {
    "faiss": {"index/vectors.py"},
    "sentence_transformers": {"index/sentence_model.py", "index/reranker.py"},
    "tokenizers": {"index/e5.py"},
    "safetensors": {"index/reader.py", "ui/reader_training.py"},
    "sentencepiece": {"index/use.py"},
    "kiwipiepy": {"index/terms.py"},
    "bm25s": {"index/lexical.py"},
    "bs4": {"corpus/html_file.py"},
    "markdownify": {"corpus/html_file.py"},
    "mammoth": {"corpus/docx_file.py"},
    "pptx": {"corpus/pptx_file.py"},
    "pypdfium2": {"corpus/pdf_file.py"},
    "gradio": {"ui/chat.py", "ui/teacher.py", "ui/teacher_work.py"},
    "mcp": {"ui/tools.py"},
    "markdown_it": {
        "corpus/markdown.py",
        "corpus/typed.py",
        "corpus/words.py",
        "ui/lesson_view.py",
    },
}


def imports() -> Iterator[tuple[str, str]]:
    """(file, outermost package it imports) for every import anywhere in the code."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    yield from ((name, alias.name.split(".")[0]) for alias in node.names)
                elif isinstance(node, ast.ImportFrom):
                    assert node.level == 0, f"{name} has a relative import"
                    yield name, (node.module or "").split(".")[0]


def test_imports_point_one_way() -> None:
    wrong = [
        (name, imported)
        for name, imported in imports()
        if imported in PACKAGES and imported not in MAY_IMPORT[name.split("/")[0]]
    ]
    assert wrong == []


@pytest.mark.parametrize("library", ONLY_IN)
def test_each_library_stays_in_its_modules(library: str) -> None:
    assert {name for name, imported in imports() if imported == library} == ONLY_IN[library]


def test_the_core_names_no_heavy_library() -> None:
    standard = sys.stdlib_module_names
    outside = {i for name, i in imports() if name.startswith("rag/") and i not in standard}
    assert outside == {"rag"}


def test_importing_the_core_loads_nothing_heavy_and_prints_nothing() -> None:
    modules = sorted(
        path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        for path in (ROOT / "rag").rglob("*.py")
        if path.name != "__init__.py"
    )
    code = (
        "import sys\n"
        + "".join(f"import {module}\n" for module in modules)
        + "heavy = {'numpy', 'faiss', 'torch', 'gradio', 'kiwipiepy', 'sentence_transformers'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_files_and_functions_are_small() -> None:
    long = []
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            source = path.read_text("utf-8")
            if len(source.splitlines()) > 250:
                long.append(path.name)
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.FunctionDef):
                    lines = (node.end_lineno or 0) - node.lineno + 1
                    long += [f"{path.name}:{node.name}"] if lines > 50 else []
    assert long == []


def test_the_lesson_is_byte_for_byte_the_one_given() -> None:
    given = ROOT.parent / "shared" / "corpus" / "lesson-12.6-nvidia-cloud-solutions.md"
    if not given.exists():
        pytest.skip("the given lesson is not beside this checkout")
    assert (ROOT / "corpus" / given.name).read_bytes() == given.read_bytes()
