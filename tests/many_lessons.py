"""A library of lessons from templates: any number of them, each about another thing.

``python -m tests.many_lessons FOLDER [COUNT]`` writes them. The same number is the same lesson.
"""

from __future__ import annotations

import sys
from pathlib import Path

FIELDS = (
    ("원예", ("화분", "물뿌리개", "거름", "씨앗", "가지치기")),
    ("요리", ("냄비", "간장", "육수", "반죽", "오븐")),
    ("천문", ("망원경", "성운", "혜성", "궤도", "분광기")),
    ("의학", ("혈압", "백신", "항체", "처방", "문진")),
    ("건축", ("기초", "철근", "단열", "배수", "설계도")),
    ("음악", ("음계", "화음", "박자", "악보", "조율")),
    ("항해", ("돛", "닻", "해도", "나침반", "조류")),
    ("통계", ("표본", "분산", "회귀", "가설", "신뢰 구간")),
    ("보안", ("암호", "인증", "방화벽", "감사 기록", "권한")),
    ("네트워크", ("라우터", "패킷", "대역폭", "지연", "주소")),
)
PLACES = ("서울", "부산", "대전", "광주", "인천", "강릉", "전주", "제주", "춘천", "목포")
PEOPLE = ("김하늘", "이도윤", "박서연", "최지우", "정민준", "강예린", "조현우", "윤채원")
STEPS = ("준비합니다", "점검합니다", "기록합니다", "비교합니다", "정리합니다", "다시 확인합니다")


def code(number: int) -> str:
    """The name of the thing that lesson ``number`` alone is about, such as "KX-0042"."""
    return f"K{'ABCDEFGHJKLMNPQRSTUVWXYZ'[number * 7 % 24]}-{number:04d}"


def year(number: int) -> int:
    """When the thing of a lesson was first used."""
    return 1900 + number * 37 % 120


def lesson(number: int) -> str:
    """The Markdown of one lesson: about 45 passages."""
    field, words = FIELDS[number % len(FIELDS)]
    place, person = PLACES[number * 3 % 10], PEOPLE[number * 5 % 8]
    name = code(number)
    lines = [
        f"# {field} 강의 {number}: {name}",
        "",
        f"이 강의는 {field}에서 쓰는 장치 {name}을 다룬다. {name}은 {year(number)}년에 {place}에서 "
        f"{person} 연구원이 처음 썼다. 지금은 여러 학교에서 수업에 쓴다.",
        "",
        f"## {name}의 구성",
        "",
        f"{name}은 다음 부분으로 이루어진다.",
        "",
    ]
    for place_in_list, word in enumerate(words):
        size = (number * 13 + place_in_list * 29) % 900 + 10
        lines += [
            f"- **{word}**: {field} 작업에서 {word}의 크기는 {size}mm이다.",
            f"  - {word}을(를) 고를 때에는 {PLACES[(number + place_in_list) % 10]} 규격을 따른다.",
            f"  - {word}이(가) 낡으면 {size % 11 + 1}년마다 바꾼다.",
        ]
    lines += ["", "## 쓰는 순서", ""]
    lines += [
        f"{step + 1}. {words[(number + step) % 5]}을(를) {STEPS[(number + step) % 6]}."
        for step in range(6)
    ]
    lines += ["", "## 값과 기한", "", "| 부분 | 값 | 기한 |", "|---|---|---|"]
    lines += [
        f"| {word} | {(number * 17 + i * 7) % 90 + 10}만 원 | {(number + i) % 28 + 1}일 |"
        for i, word in enumerate(words)
    ]
    lines += ["", "## 주의할 점", ""]
    for i, word in enumerate(words):
        lines += [
            f"{word}을(를) 다룰 때에는 온도를 {(number * 11 + i * 5) % 60 + 5}도 아래로 지킨다. "
            f"{STEPS[(number + i) % 6].removesuffix('합니다')}하는 일을 잊으면 {field} 작업이 "
            f"{(number + i) % 9 + 2}시간 늦어진다. "
            f"이때는 {PEOPLE[(number + i) % 8]} 연구원에게 알린다.",
            "",
        ]
    lines += ["## 묻고 답하기", "", f"{name}은 왜 필요한가?", ""]
    lines += [
        f"{words[0]}과 {words[1]}을 함께 다루는 시간을 {number % 50 + 10}분 줄이기 때문이다.",
        "",
    ]
    return "\n".join(lines)


def write(folder: Path, count: int, first: int = 0) -> None:
    """Writes the lessons ``first`` to ``first + count - 1`` into folders of a hundred."""
    for number in range(first, first + count):
        path = folder / f"{number // 100:02d}" / f"lesson-{number:04d}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(lesson(number), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000)
