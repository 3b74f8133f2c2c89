"""Greetings and thanks get a kind word, not a search."""

from __future__ import annotations

import re
from typing import Literal

Smalltalk = Literal["greeting", "thanks", "who"]

_GREETING = re.compile(
    r"^(안녕(하세요|하십니까|하신가요|히\s*계세요)?|하이|헬로우?|반가(워|웠어)요?|반갑습니다|"
    r"좋은\s*(아침|저녁|하루).{0,8}|hi|hello|hey|good (morning|evening)|こんにちは|你好|ㅎㅇ|방가)"
    r"([\s,!~.?ㅎㅋ^]|(안녕|반가워요|선생님|여러분|there))*$",
    re.I,
)
_THANKS = re.compile(
    r"^((정말|진짜|너무|아주|오늘도?|네|아|와|오|답변|설명|알려\s*줘서|도와\s*줘서)[\s,!~.]*)*"
    r"(감사(합니다|해요|드려요|드립니다)?|고마(워|웠어)요?|고맙습니다|땡큐|수고(하셨|했)\S*|잘\s*(알겠|이해했)\S*|이해(했|됐)\S*|"
    r"thank you|thanks|thx|ありがとう\S*|谢谢)[\s,!~.ㅎㅋ^♡]*(.{0,12})?[\s!~.]*$",
    re.I,
)
_WHO = re.compile(
    r"^(너는?|넌|당신은?|니|자네|누구|who are you|what can you do)[\s]*"
    r"(누구|뭐|무엇|이름|정체|할\s*수\s*있|뭘|어떤)?.{0,14}$",
    re.I,
)
_WHO_IS = re.compile(
    r"누구|이름|정체|뭐\s*(야|하는|할)|뭘\s*할|할\s*수\s*있|who|what can you", re.I
)


def smalltalk(text: str) -> Smalltalk | None:
    """Which kind of small talk the whole text is, or None for a question."""
    if _GREETING.match(text):
        return "greeting"
    if _THANKS.match(text) and "?" not in text:
        return "thanks"
    if (
        _WHO.match(text)
        and _WHO_IS.search(text)
        and re.match(r"(너|넌|당신|니|who|what)", text, re.I)
    ):
        return "who"
    return None


def reply(kind: Smalltalk) -> str:
    """The kind word."""
    return {
        "greeting": "안녕하세요! 강의 내용에 대해 궁금한 점을 물어보세요.",
        "thanks": "도움이 되었다니 기뻐요. 더 궁금한 점이 있으면 물어보세요.",
        "who": "저는 강의에서 답을 찾아 근거와 함께 알려 드리는 질문 도우미예요.",
    }[kind]
