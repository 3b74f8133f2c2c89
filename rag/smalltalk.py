"""Greetings and thanks get a kind word, orders to the program a plain one: none is a search."""

from __future__ import annotations

import re
from typing import Literal

Smalltalk = Literal["greeting", "thanks", "who", "noise", "instruction"]

# A text is small talk when nothing is left of it without these words: each is taken out once, so
# that this takes no longer for a long text of anything.
_GREETS = (
    r"안녕(?:하세요|하십니까|하신가요)?(?!히)|하이|헬로우?|반가(?:워|웠어)요?|반갑습니다|뵙겠습니다|방가|ㅎㅇ|"
    r"잘\s*부탁(?:해요?|합니다|드려요|드립니다|드릴게요)|좋은\s*(?:아침|저녁|하루)(?:이에요|입니다|예요)|"
    r"기분(?:이|은)?\s*(?:어때|좋아|안\s*좋아)요?|잘\s*(?:지냈|잤|있었)(?:어|니|나)?요?|심심(?:해|하)(?:요|다|네)?|놀아\s*줘요?|"
    r"사랑해요?|밥\s*은?\s*먹었(?:어|니|나)?요?|(?:지금|오늘|요즘)\s*뭐\s*(?:해|하고\s*있어)요?|"
    r"\b(?:hi|hello|hey|good (?:morning|evening)|how are you|what'?s up)\b|こんにちは|你好"
)
_THANKS = (
    r"감사(?:해요?|드려요|합니다|했습니다|드립니다)|고마(?:워|웠어)요?|고맙습니다|땡큐|수고(?:하셨|했|하세|\s*많)\S*|"
    r"알겠(?:어|습)\S*|이해(?:했|됐|되었)\S*|(?:됐|되었|들었|배웠)(?:어요?|네요|습니다)|"
    r"안녕히\s*(?:계세요|가세요|주무세요)|잘\s*(?:가|있어|자|지내)(?:요|세요)?|굿\s*나잇|[화파]이팅|"
    r"(?:다음에|나중에|또)\s*(?:또\s*)?(?:봐|만나|올게|뵐게|뵈어)요?|좋은\s*(?:하루|밤|주말|저녁|시간)\s*(?:되|보내)\S*|"
    r"최고(?:야|예요|네요?|다|입니다)|멋(?:지|져)\S{0,3}|똑똑하\S{0,3}|천재(?:야|네요?|예요|다)|칭찬(?:해|할게|합니다)\S?|"
    r"\b(?:thank you|thanks|thx|bye|see you|good night|well done)\b|ありがとう(?:ございます)?|谢谢|"
    r"さようなら|再见"
)
# What stands around them: how, for what and to whom.
_AROUND = (
    r"네|넵|아|와|오늘도?|오|처음|정말|진짜|너무|아주|많이|잘|또|다|모두|친절(?:하게|히)|자세(?:하게|히)|쉽게|"
    r"빠르게|빨리|늘|항상|덕분에|답변|답해|설명|알려|가르쳐|도와|대답해|주셔서|줘서|주시고|도움[이을]?|이해[가를]?|"
    r"선생님|쌤|여러분|그럼|너는?|넌|당신은?|"
    r"\b(?:so much|very much|a lot|there|for (?:the|your) (?:help|answers?))\b|[\s,!?~.ㅎㅋㅠ^♡]"
)
_NOISE = re.compile(
    r"[ㄱ-ㅎㅏ-ㅣ]|음|아|네|넵|응|오케이|오|우와|와|헐|대박|그렇구나|그렇군요?|그래요?|알겠어요?|알겠습니다|"
    r"\b(?:ok(?:ay)?|good|nice)\b|[\s,~!.?^…]",
    re.I,
)
_GREETING, _THANKING = re.compile(_GREETS, re.I), re.compile(_THANKS, re.I)
_SOCIAL = re.compile(f"{_GREETS}|{_THANKS}|{_AROUND}", re.I)
_WHO = re.compile(
    r"(?:(?:너는?|넌|당신은?|자네는?|니가?)\s*(?:누구|뭐|무엇|이름|정체|뭘|할\s*수\s*있).{0,14}|"
    r"(?:who|what) are you|what can you do)[\s?!.]*",
    re.I,
)
# Talk that wants no answer from a lesson, whatever follows.
_CHAT = re.compile(
    r"(?:나|오늘|요즘)?\s*(?:너무|진짜)?\s*(?:심심(?:해(?!서)|하[다네]|한데)|사랑해|놀아\s*줘|농담\s*(?:좀|하나|해|$))"
)
_SHORT = 25  # characters; longer talk asks something
# Orders to the program rather than questions about a lesson, whatever they are about.
_DROP = (
    r"(?:무시(?:하고|하시고|하세요|하라|해|한\s*채)|잊(?:고|어\s*(?:줘|라|버려)|으(?:세요|십시오|라))|"
    r"버리고|버려|어기고|어겨)(?!도)"
)
_SHOW = r"(?:출력|공개|번역|(?:보여|알려|말해|적어)(?:\s*(?:줘|주세요|달라|라|봐)|[\s.!]*$))"
_PARTS = re.compile(r"[^.,!?~…]+(?:[.,!?~…]+(?:\s+|$))?|[.,!?~…]+")
_COURTESY = ("greeting", "thanks", "noise")
_INSTRUCTION = re.compile(
    rf"(?:지시|명령|프롬프트|규칙|설정|instructions?|prompts?|rules)(?:들|사항)?[를을은는]?\s*(?:모두|다|전부|싹)?\s*{_DROP}|"
    r"(?:지금까지|이전|앞의?|위의?|방금|다|모두|전부|싹)\s.{0,12}(?:무시하고|무시해|잊고|잊어).*(?:줘|주세요|[하해]라|[답말]해|써)[\s.!]*$|"
    rf"(?:지시\s*사항|프롬프트|(?:숨겨진|내부|비밀|시스템)\s*(?:설정|메시지|정보|값|키)).{{0,14}}{_SHOW}|"
    r"개발자\s*모드(?:로|야|다|를\s*켜)|탈옥(?:해|모드)|(?:지금|이제)부터\s*(?:너|넌|당신|네가)|"
    r"(?:너|넌|당신)[는은]?\s*(?:이제|지금)부터|역할(?:극|놀이)[을를]?\s*(?:하|해)|"
    r"인\s*척\s*(?:(?:하고|하며|하면서|해서)?\s*(?:답|대답|말|행동|연기|설명)[하해]|해\s*(?:줘|봐|주세요)?[\s.!]*$)|"
    r"나는\s*(?:관리자|개발자|선생)(?:님)?(?:이|다|야|입니다|인데|니까)|지어내(?:서|도|라|\s*(?:줘|봐|주세요)|[\s.!]*$)|"
    r"(?:아무|모든)\s*제한.{0,4}(?:없|풀|해제|무시)|라고만\s*(?:답|말|대답|출력)|"
    r"\b(?:ignore|disregard|forget) (?:(?:all|any|the|previous|your|prior|above|of)\s)*"
    r"(?:instructions?|prompts?|rules?|guidelines|lesson|everything (?:above|before))|jailbreak|"
    r"(?:show|print|reveal|repeat|output|tell)\b.{0,20}\bsystem prompt|\byou are now\b|"
    r"\bpretend (?:to|you)\b|(?:^|now |please |must )act as\b|(?:enter|enable) developer mode",
    re.I,
)


def smalltalk(text: str) -> Smalltalk | None:
    """Which kind of small talk the whole text is, or None for a question."""
    if not _SOCIAL.sub("", text):
        if _THANKING.search(text) and "?" not in text:
            return "thanks"
        if _GREETING.search(text):
            return "greeting"
    if not _NOISE.sub("", text):
        return "noise"
    if _INSTRUCTION.search(text):
        return "instruction"
    if _CHAT.match(text) and len(text) <= _SHORT:
        return "greeting"
    return "who" if _WHO.fullmatch(text) else None


def without_courtesy(text: str) -> str:
    """The text without greetings and thanks before and after what it asks.

    "고마워! NGC가 뭐야? 감사합니다." is "NGC가 뭐야?"; small talk alone stays as it is.
    """
    parts = _PARTS.findall(text)
    while len(parts) > 1 and smalltalk(parts[0].strip()) in _COURTESY:
        parts.pop(0)
    while len(parts) > 1 and smalltalk(parts[-1].strip()) in _COURTESY:
        parts.pop()
    return "".join(parts).strip()


def reply(kind: Smalltalk) -> str:
    """The kind word."""
    return {
        "greeting": "안녕하세요! 강의 내용에 대해 궁금한 점을 물어보세요.",
        "thanks": "도움이 되었다니 기뻐요. 더 궁금한 점이 있으면 물어보세요.",
        "noise": "궁금한 점이 있으면 강의 내용에 대해 물어보세요.",
        "instruction": "저는 강의 내용에 대한 질문에만 답할 수 있어요.",
        "who": "저는 강의에서 답을 찾아 근거와 함께 알려 드리는 질문 도우미예요.",
    }[kind]
