"""The two things a comparison asks about."""

from __future__ import annotations

import re

_AND = r"(?:와|과|이랑|랑|하고|및|,|vs\.?|versus|and|と|和|跟|与)"
_ASKED = (
    r"(?:차이|비교|다른|다르|다릅|다를|다름|달라|같은|같나|같아|공통|구별|구분|어떻게|뭐가|무엇이|어느|어떤|서로|각각|둘\s*다|"
    r"differ|compare|違|区别|不同|差异)"
)
_KOREAN = re.compile(
    rf"^(.+?)\s*{_AND}\s+(.+?)(?:의|은|는|이|가|를|을|을요|간|는요|の|は|的)?\s*{_ASKED}", re.I
)
_JOINED = re.compile(
    r"^(.+?)\s*(?:と|和|跟|与)\s*(.+?)(?:の|は|的|有)?\s*(?:違|区别|不同|差异|比较)"
)
_VERSUS = re.compile(r"^(.+?)\s+vs\.?\s+(?!code|studio)(.+)$", re.I)  # "VS Code" is one name
_BOTH = re.compile(  # "A는 뭐고 B는 뭐예요?"
    r"^(.+?)(?:은|는|이|가)\s*(?:뭐|무엇)(?:이?고|이며)\s*,?\s*(.+?)(?:은|는|이|가)?\s*(?:뭐|뭔|무엇).*$"
)
_ENGLISH = re.compile(
    r"(?:difference(?:s)? between|compare|different(?: is| are)?)\s+(.+?)"
    r"\s+(?:and|with|to|from|vs\.?)\s+(.+?)\s*[?.]*$",
    re.I,
)
_WITH = re.compile(
    rf"^(?:(?:그럼|그러면|혹시)\s+)?(.{{1,40}}?)(?:와|과|이랑|랑|하고)(?:은|는|의)?\s+((?:.{{0,6}}\s)?{_ASKED}.*)$"
)
_FROM = re.compile(
    r"(?:how (?:is|are|does|do))\s+(.+?)\s+differ(?:ent)?\s+from\s+(.+?)\s*[?.]*$", re.I
)


def sides(question: str) -> tuple[str, ...] | None:
    """The things compared or asked about at once, as the question names them; None when it does
    not name two.

    "A와 B의 차이는?" gives ("A", "B"), "A, B, C 비교" all three; a word that they share is left
    for the search to find.
    """
    for pattern in (_BOTH, _FROM, _ENGLISH, _KOREAN, _JOINED, _VERSUS):
        match = pattern.search(question)
        if match:
            found = [_bare(part) for group in match.groups() for part in group.split(", ")]
            if all(found):
                return tuple(found)
    return None


def one_side(question: str) -> tuple[str, str] | None:
    """What a question compares with something it does not name, and the rest of the question.

    "NGC랑은 뭐가 달라요?" gives ("NGC", "뭐가 달라요?").
    """
    match = _WITH.search(question)
    return (match[1].strip(), match[2]) if match else None


def _bare(part: str) -> str:
    return re.sub(r"^(그럼|그러면|혹시|the)\s+|[\s,.?!]+$", "", part, flags=re.I).strip()
