"""Lesson files of every format, written by the programs that write such files."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx
import fpdf
import pptx
from pptx.util import Inches

# Debian's fonts-nanum, which CI installs; another Korean font does as well.
_FONTS = Path("/usr/share/fonts/truetype/nanum/NanumGothic.ttf")
FONT = next(iter([_FONTS, *Path("/usr/share/fonts").rglob("*NotoSansCJK*.ttc")]), _FONTS)


def saved(write: object) -> bytes:
    """What a document's ``save`` writes."""
    buffer = io.BytesIO()
    write.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


def word() -> bytes:
    """Title, headings, a nested list, a numbered list, a table with a merged cell."""
    document = docx.Document()
    document.add_heading("식물의 광합성", 0)
    document.add_heading("빛 반응", 1)
    paragraph = document.add_paragraph("엽록체의 ")
    paragraph.add_run("틸라코이드").bold = True
    paragraph.add_run("에서 일어나며 물을 분해합니다. 2024. 3. 1. 기준 <b>와 a*b*c")
    for style, words in (
        ("List Bullet", "산소가 나옵니다"),
        ("List Bullet 2", "공기로 나갑니다"),
        ("List Bullet", "ATP를 만듭니다"),
        ("List Number", "빛을 받습니다"),
        ("List Number", "물을 나눕니다"),
    ):
        document.add_paragraph(words, style=style)
    table = document.add_table(rows=3, cols=3)
    rows = [("단계", "장소", "결과"), ("빛", "틸라코이드", "ATP|NADPH"), ("", "스트로마", "포도당")]
    for number, row in enumerate(rows):
        for column, words in enumerate(row):
            table.cell(number, column).text = words
    table.cell(1, 0).merge(table.cell(2, 0))
    return saved(document)


def slides() -> bytes:
    """A title slide, bullets with levels and notes, a table, a slide without a title."""
    deck = pptx.Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[0])
    first.shapes.title.text = "판의 경계"
    first.placeholders[1].text = "지구과학 3강"
    second = deck.slides.add_slide(deck.slide_layouts[1])
    second.shapes.title.text = "발산 경계"
    frame = second.placeholders[1].text_frame
    frame.text = "두 판이 멀어집니다"
    inner = frame.add_paragraph()
    inner.text, inner.level = "해령이 생깁니다 😀", 1
    outer = frame.add_paragraph()
    outer.text, outer.level = "# 예: 대서양 중앙 해령", 0
    second.notes_slide.notes_text_frame.text = "화산 활동이 잦은 까닭을 설명합니다."
    third = deck.slides.add_slide(deck.slide_layouts[6])
    box = third.shapes.add_textbox(Inches(1), Inches(1), Inches(4), Inches(1))
    box.text_frame.text = "수렴 경계"
    cells = third.shapes.add_table(2, 2, Inches(1), Inches(3), Inches(5), Inches(2)).table
    for place, words in enumerate(("종류", "보기", "충돌형", "히말라야")):
        cells.cell(place // 2, place % 2).text = words
    return saved(deck)


class _Printed(fpdf.FPDF):
    def header(self) -> None:
        self.set_font("korean", size=9)
        self.cell(0, 8, "한국사 강의 자료")
        self.ln(12)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("korean", size=9)
        self.cell(0, 8, f"- {self.page_no()} -", align="C")


def printed(pages: Sequence[Sequence[tuple[float, str]]], password: str = "") -> bytes:
    """A PDF: for each page, paragraphs as (size in points, words); with a header and a footer."""
    paper = _Printed()
    paper.add_font("korean", fname=FONT)
    if password:
        paper.set_encryption(owner_password="owner", user_password=password)
    for page in pages:
        paper.add_page()
        for size, words in page:
            paper.set_font("korean", size=size)
            paper.multi_cell(0, size * 0.6, words, new_x="LMARGIN", new_y="NEXT")
            paper.ln(size * 0.4)
    return bytes(paper.output())


def blank() -> bytes:
    """A PDF of one page with a drawing and no words."""
    paper = fpdf.FPDF()
    paper.add_page()
    paper.rect(10, 10, 50, 50)
    return bytes(paper.output())


def notebook(*cells: tuple[str, str], **more: object) -> bytes:
    """A notebook of version 4 with (type, source) cells."""
    rows = [
        {
            "cell_type": kind,
            "metadata": {},
            "source": source.splitlines(keepends=True),
            **({"outputs": [{"text": "나온 값"}]} if kind == "code" else {}),
        }
        for kind, source in cells
    ]
    metadata = {"kernelspec": {"language": "python"}}
    return json.dumps({"cells": rows, "metadata": metadata, "nbformat": 4, **more}).encode()


def part(archive: bytes, name: str) -> bytes:
    """One part of a Word or PowerPoint file."""
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        return file.read(name)
