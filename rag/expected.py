"""What an answer must hold to be one: a number of the unit asked for, a date, a price."""

from __future__ import annotations

import re

_ONES = "하나|한|둘|두|셋|세|넷|네|다섯|여섯|일곱|여덟|아홉"
_TENS = "열|스물|스무|서른|마흔|쉰|예순|일흔|여든|아흔"
_NATIVE = rf"(?:{_TENS})(?:{_ONES})?|{_ONES}|수십|수백|수천"
_NUMERAL = (
    r"(?:(?<![\d.,])\d[\d.,]*+(?:\s?[십백천만억조]|\s?\d[\d.,]*+[십백천만억조])*|"
    rf"(?<![가-힣])(?:{_NATIVE})|\b(?:one|two|three|four|five|six|seven|eight|nine|ten)\b)"
)
# How lessons write the units that questions name in words (of Korean, not of any lesson).
_UNITS = {
    "퍼센트": "%|퍼센트|프로", "프로": "%|퍼센트|프로", "도": "도|℃|°", "시": "시|:",
    "원": "원|만", "달러": "달러|\\$", "명": "명|사람|인", "사람": "명|사람|인", "년": "년|해",
    "살": "살|세", "센티": "센티|cm", "미터": "미터|m", "그램": "그램|g", "킬로": "킬로|k",
    "개": "개|가지|종|:", "번": "번|회|차례", "회": "번|회|차례", "배": "배", "월": "월|달",
    "달": "월|달", "자": "자|글자", "초": "초(?!등)|s(?![A-Za-z])",
    "밀리초": "밀리초|ms", "바이트": "바이트|byte|[KMGT]?B(?![A-Za-z])",
    "기가": "기가|GB?(?![A-Za-z])",
    "메가": "메가|MB?(?![A-Za-z])",
    "테라": "테라|TB?(?![A-Za-z])", "와트": "와트|k?W", "킬로와트": "킬로와트|kW",
}  # fmt: skip
_MEASURES = frozenset("와센미그킬바기메테퍼달원도시")  # begin units that no lesson leaves out
# What a question asks for by name, and how such a thing is written.
_WRITTEN = (
    (
        r"가격|요금|비용|값은|값이|(?<!무게)(?<!크기)(?<!길이)(?<!높이)(?<!온도)(?:은|는|이|가)?\s*"
        r"얼마(예요|에요|이에요|인가|인데|인지|죠|야|입니까|\?|$)|how much|cost|price",
        r"\d[\d,.]*\s*(?:만|천|억)?\s*(?:원|달러|불|유로|엔|위안)|[$₩€¥]\s*\d|무료|free|받지 않|없",
    ),
    (r"전화\s*번호|연락처|phone", r"\d{2,4}[-.) ]\d{3,4}"),
    (r"이메일|메일\s*주소|e-?mail", r"@"),
    (r"링크|홈페이지\s*주소|웹\s*주소|url", r"https?://|www\.|\.(?:com|kr|org|net)"),
    (r"몇\s*버전|버전(은|이)?\s*(몇|뭐|무엇|어떻)|which version", r"\d"),
)
_STANDS_FOR = re.compile(
    r"\b([A-Za-z][A-Za-z0-9]{1,9}?)(?:[은는이가의도]|이?란)?\s+(?:[가-힣]+\s+)*?"
    r"(?:약자|약어|줄임말|준말|풀\s?네임)|what (?:does|do) (?:the letters )?(\w+) stand for",
    re.I,
)
_MEANS = re.compile(
    r"(?<![A-Za-z])([A-Z]{2,6})(?:[은는이가의]|이?란|라는\s?(?:건|게|말은))?\s*"
    r"(?:무슨\s*(?:뜻|말|의미)|뜻이|의미가)()"
)
# Of 2,560 answerable questions, of development and others, one whose answer holds no such words is
# answered right by none.
_VERSION = re.compile(
    r"버전(?:은|이)?(?:이?야|이에요|이요|\s*(?:몇|뭐|무엇|어떻|어느)|\s*\?|$)|(?:몇|어느|무슨)\s*버전"
)
_VERSIONED = re.compile(r"버전\s*\d|version|\bv\d|\d+\.\d+", re.I)
_SUPERLATIVE = re.compile(
    r"(?:가장|제일|젤)\s*(?:[가-힣]+[이가도]\s)?(?:비[싼싸]|[싼싸]|저렴|빠[르른]|빨|느[리린]|[큰크]|작|많|"
    r"적[은게]|높|낮|정확|길|긴|짧|오래|무[거겁]|가[벼볍]|넓|좁)"
)
_COMPARED = re.compile(
    r"가장|제일|최[대소고저상하초다단장신우]|더 |보다|유일|첫|처음|먼저|특히|맨|으뜸|1위|most|best",
    re.I,
)
# "요금은 어떤 방식으로 받나요?" names a price and asks for something else.
_PRICED = re.compile(
    r"어떤|어떻게|무슨|방식|포함|종류|왜|이유|절감|줄|낮|누가|누구|how (?!much)|why|which"
)
_HOW_MANY = re.compile(r"몇\s*([가-힣]{1,4}|%)?")
_AMOUNT = re.compile(
    r"얼마|가격|요금은|비용은|달러|퍼센트|[가-힣]\s*(개)?수는|개수|횟수|용량|"
    r"how (many|much|long)|いくら|何個|多少",
    re.I,
)
_HOW_MANY_DAYS = re.compile(r"(?:며칠|몇\s?일)(?!\s?차|날?(?:에|부터|까지)(?:\s|는|\?|$))")
_DAYS = re.compile(
    r"\d\s*(?:일|시간)|하루|이틀|사흘|나흘|닷새|엿새|이레|여드레|아흐레|열흘|보름|주일|\d+\s*주|[한두세네]\s주"
)
_DAY = r"(?:며칠|몇\s?일)날?(?:에|부터|까지)(?=\s|는|\?|$)"  # "며칠에", not "며칠"
_WHEN = re.compile(rf"언제|{_DAY}|몇\s*년|연도|날짜|출시일|when|いつ|什么时候|何时", re.I)
_PAST = re.compile(r"[았었였했됐졌났갔왔봤셨]|were|was|did|ました|了", re.I)
_DATE = re.compile(r"\d+\s*(년|월|일|세기|시|분)|\d{4}|\d{1,2}:\d{2}|\d{1,2}\.\s?\d{1,2}\.")
_ANY_NUMBER = re.compile(_NUMERAL)
# A number that counts nothing by name, and so may count anything: "기본 1000이고", "둘뿐이다".
_BARE = re.compile(
    r"(?<![\d.,A-Za-z-])(?<!제)\d+(?:[.,]\d+)*+(?:\s*[~–-]\s*\d+(?:[.,]\d+)*+)?"
    r"(?=\s*$|[.,](?!\s*\d)|\s+(?!미터|킬로|센티|그램|퍼센트|프로|시간|개월|달러|페이지|버전)[가-힣]{2}|"
    r"(?:이고|이며|이다|입니다|이에요|예요|으로|로|을|를|은|는)(?:[\s,.]|$))"
    r"|(?<![가-힣])(?:하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉)(?=뿐|이|은|는|을|를|로|과|와|[,.]|$)"
)


def expects_value(question: str) -> bool:
    """Whether the question asks for a number, an amount or a date."""
    when = _WHEN.search(question) or _HOW_MANY_DAYS.search(question)
    asks_when = when and _PAST.search(question)
    return bool(
        _written(question) or asks_when or _HOW_MANY.search(question) or _AMOUNT.search(question)
    )


def _written(question: str) -> str | None:
    """How the thing that the question asks for by name is written."""
    if _PRICED.search(question):
        return None
    return next((how for asks, how in _WRITTEN if re.search(asks, question, re.I)), None)


def lacks_its_words(question: str, evidence: str, around: str = "") -> bool:
    """Whether the question asks for what can only be told in words that the evidence lacks, and
    what it hangs under and holds: what letters mean, which of several is the cheapest; a version.
    """
    if _VERSION.search(question):
        return not _VERSIONED.search(evidence)  # a heading may have the number of a chapter
    told = f"{evidence} {around}"
    if _SUPERLATIVE.search(question):
        return not _COMPARED.search(told)
    asked = _STANDS_FOR.search(question) or _MEANS.search(question)
    return asked is not None and not _spells_out(asked[1] or asked[2], told)


def _spells_out(letters: str, evidence: str) -> bool:
    """Whether what letters stand for is said: in brackets beside them, behind a colon or the like,
    or "is short for" it.
    """
    letters = re.escape(letters)
    said = rf"\({letters}\)|\b{letters}[은는이란]*\s*(?:[(=:,–-]|즉)"
    short = rf"{letters}.*(?:약자|약어|줄[여임인]|준말|short for)"
    return bool(re.search(f"{said}|{short}", evidence, re.I))


def lacks_what_is_asked(question: str, evidence: str) -> bool:
    """Whether the question asks for a number or a date that the evidence does not hold.

    "몇 가지예요?" wants a numeral before "가지"; "언제 만들었나요?" a date; "얼마예요?" any number.
    """
    written = _written(question)
    if written:
        return not re.search(written, evidence, re.I)
    if _HOW_MANY_DAYS.search(question):
        return not _DAYS.search(evidence)
    if _WHEN.search(question) and _PAST.search(question):
        return not _DATE.search(evidence)
    counted = _HOW_MANY.search(question)
    if counted:
        return not _counts(counted.group(1) or "", evidence)
    if _AMOUNT.search(question):
        return not _ANY_NUMBER.search(evidence)
    return False


def _counts(unit: str, evidence: str) -> bool:
    """Whether the evidence counts in the unit; the longest unit known, else its first letter."""
    known = next((_UNITS[unit[:n]] for n in range(len(unit), 0, -1) if unit[:n] in _UNITS), "")
    pattern = known or (re.escape(unit[:2]) if len(unit) > 1 else re.escape(unit))
    if re.search(rf"{_NUMERAL}\s*여?\s*(?:{pattern})", evidence):
        return True
    # "몇 가지" is often answered by the things themselves, "몇 개" by another counter.
    loose = re.escape(unit[:1])
    if unit and re.search(rf"{_NUMERAL}\s*여?\s*{loose}", evidence):
        return True
    return unit[:1] not in _MEASURES and bool(_BARE.search(evidence))
