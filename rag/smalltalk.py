"""Greetings and thanks get a kind word, orders to the program a plain one: none is a search."""

from __future__ import annotations

import re
from typing import Literal

from rag.question import wonders

Smalltalk = Literal["greeting", "thanks", "who", "noise", "instruction"]

_GREETS = (
    r"안녕(?:하세요|하십니까|하신가요|히\s*계세요)?|하이|헬로우?|반가(?:워|웠어)요?|반갑습니다|뵙겠습니다|"
    r"잘\s*부탁(?:해요?|합니다|드려요|드립니다|드릴게요)|좋은\s*(?:아침|저녁|하루)(?:이에요|입니다|예요)?|"
    r"\b(?:hi|hello|hey|good (?:morning|evening))\b|こんにちは|你好|ㅎㅇ|방가"
)
_THANKS = (
    r"감사(?:해요?|드려요|합니다|했습니다|드립니다)|고마(?:워|웠어)요?|고맙습니다|땡큐|수고(?:하셨|했|하세|\s*많)\S*|"
    r"알겠(?:어|습)\S*|이해(?:했|됐|되었)\S*|(?:됐|되었|들었|배웠)(?:어요?|네요|습니다)|"
    r"\b(?:thank you|thanks|thx)\b|ありがとう(?:ございます)?|谢谢"
)
# What stands around them: how, for what and to whom.
_AROUND = (
    r"네|넵|아|와|오늘도?|오|처음|정말|진짜|너무|아주|많이|잘|또|다|모두|친절(?:하게|히)|자세(?:하게|히)|쉽게|"
    r"빠르게|빨리|늘|항상|덕분에|답변|답해|설명|알려|가르쳐|도와|대답해|주셔서|줘서|주시고|도움[이을]?|이해[가를]?|"
    r"선생님|쌤|여러분|\b(?:so much|very much|a lot|there|for (?:the|your) (?:help|answers?))\b|"
    r"[\s,!?~.ㅎㅋㅠ^♡]"
)
_GREETING, _THANKING = re.compile(_GREETS, re.I), re.compile(_THANKS, re.I)
_SOCIAL = re.compile(f"{_GREETS}|{_THANKS}|{_AROUND}", re.I)
_NOISE = re.compile(
    r"^([ㄱ-ㅎㅏ-ㅣ\s~!.?^…]+|(음+|아+|네+|넵|응|오+|와+|우와|헐|대박|그렇구나|그렇군요?|그래요?|알겠어요?|"
    r"알겠습니다|오케이|ok(ay)?|good|nice)([\s,!~.?ㅎㅋ^…]*))+$",
    re.I,
)
_MOOD = re.compile(
    r"기분(이|은)?\s*(어때|좋|안)|잘\s*(지냈|잤|있었)|심심(해|하)|사랑해|밥\s*(은)?\s*먹었|뭐\s*해\s*\?*$|"
    r"how are you|what'?s up",
    re.I,
)
_LESSON = re.compile(r"시간|수업|강의|단계|그\s*다음|여기서")  # "다음 시간엔 뭐 해?"
_FAREWELL = re.compile(
    r"(잘\s*(가|있어|자|지내)|안녕히|다음에\s*(또|봐|만나|올)|또\s*(올게|봐|만나|뵐|올)|나중에\s*(봐|올)|"
    r"좋은\s*(하루|밤|주말|저녁|시간)|굿\s*나잇|화이팅|파이팅|수고하|최고(야|예요|네|다)|멋지|멋져|똑똑하|천재|"
    r"칭찬|\bbye\b|see you|good night|well done|さようなら|再见)",
    re.I,
)
# Orders to the program rather than questions about a lesson, whatever they are about.
_INSTRUCTION = re.compile(
    r"(지시|명령|프롬프트|규칙|설정|instructions?|prompts?|rules)(들|사항)?(를|을|은|는)?\s*(모두|다|전부|싹)?\s*"
    r"(무시|잊|버리|어기)|(지시\s*사항|프롬프트)(를|을)?\s*\S{0,6}\s*(출력|공개|보여|알려|번역|적어)|"
    r"(무시|잊어)\S*\s*(하고|버리고|줘)|시스템\s*(프롬프트|메시지|설정)|개발자\s*모드|탈옥|"
    r"(지금|이제)부터\s*(너|넌|당신|네가)|(너|넌|당신)(는|은)?\s*(이제|지금)부터|역할(극|놀이)|인\s*척|"
    r"나는\s*(관리자|개발자|선생)|(숨겨진|내부|비밀)\s*(설정|지시|프롬프트|정보|값)|지어내|"
    r"(아무|모든)\s*제한|라고만\s*(답|말|대답|출력)|"
    r"ignore (all|any|the|previous|your)|disregard|jailbreak|system prompt|you are now|"
    r"pretend (to|you)|act as|developer mode",
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


_SHORT = 25  # characters; longer talk asks something


def smalltalk(text: str) -> Smalltalk | None:
    """Which kind of small talk the whole text is, or None for a question."""
    if not _SOCIAL.sub("", text):
        if _THANKING.search(text) and "?" not in text:
            return "thanks"
        if _GREETING.search(text):
            return "greeting"
    if _INSTRUCTION.search(text):
        return "instruction"
    if _NOISE.match(text):
        return "noise"
    if _MOOD.search(text) and len(text) <= _SHORT and not _LESSON.search(text):
        return "greeting"
    if _FAREWELL.search(text) and not wonders(text) and len(text) <= _SHORT:
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
        "noise": "궁금한 점이 있으면 강의 내용에 대해 물어보세요.",
        "instruction": "저는 강의 내용에 대한 질문에만 답할 수 있어요.",
        "who": "저는 강의에서 답을 찾아 근거와 함께 알려 드리는 질문 도우미예요.",
    }[kind]
