"""Words that stand for something said before ("그건", "it"), and the question in full."""

from __future__ import annotations

import re

from rag.asking import LESSON
from rag.naming import with_particle
from rag.structure import NUMERALS

_PARTICLE = (
    r"(?:에서는|에서도|에서|서는|서도|서|에는|엔|에도|에게|에|으로|로|보다|까지|부터|처럼|이랑|랑|하고|"
    r"한테|만|면|의|도|를|을|은|는|이|가|과|와|요)?"
)
# A pronoun with what its end says of its part in the sentence: "그건" is "그것은".
_PRONOUN = (
    r"(?:[그이저](?P<short>[건게걸])|"
    r"(?:그것|그거|이것|이거|저것|저거|거기|여기|그곳|이곳|그쪽|이쪽|그들|걔|얘|"
    rf"^(?:둘|두\s*(?:개|가지|것))(?!\s*(?:수|곳|때|이상)))(?P<end>{_PARTICLE}))(?=요?(?![가-힣]))"
)
# "it", not "IT"; "that" of "Is that free?", not of "the service that hosts".
_BEFORE_THAT = "is are was does did can about of for with than use"
_THAT = "|".join(rf"(?<=\b{word}\s)that" for word in _BEFORE_THAT.split()) + "|^that"
# Of "둘 다" the words stay: "NGC와 VMI 둘 다".
_OF_BOTH = re.compile(
    r"(?:[그이위]\s*)?(?:(?:둘|두\s*(?:개|가지|것))(?:(?P<end>[의은는이가을를])(?=\s)|(?=\s*(?:중|사이|간)))|"
    r"(?=둘\s*다\s))\s*(?P<rest>.+)"
)
_FOREIGN = rf"(?P<foreign>\b(?:(?-i:[Ii]ts?)|{_THAT}|this|they|them|those|these)\b|それ|它)"
_POINTING = re.compile(
    rf"(?:^|(?<=\s)){_PRONOUN}|(?:^|\s)(?:그\s|이\s(?!문장)|해당(?=\s)|앞의|앞에|방금|위의|아까)|{_FOREIGN}",
    re.I,
)
_IN_FULL = {
    "건": "은", "게": "이", "걸": "을", "엔": "에는",
    "서": "에서", "서는": "에서는", "서도": "에서도",
}  # fmt: skip
# "그건 됐고": what comes after it has nothing to do with what came before.
_DISMISSING = re.compile(
    r"^(?:아|음|네)?\s*(?:(?:그건|그거는?|그\s*얘기는|이건)\s*(?:이제|일단|다)?\s*"
    r"(?:그렇고|(?:됐|알겠|알았|이해했)(?:고|어요?|습니다)|넘어가고|그만하고)|그나저나|아무튼|"
    r"(?:다른|딴)\s*(?:얘기|이야기|질문)(?:인데요?|입니다만|이지만|지만)|(?:화제|주제)를\s*바꿔서|"
    r"never\s*mind|anyway|by the way)[\s,.;:]+(?=\S)",
    re.I,
)
_OF_LESSON = re.compile(rf"^(?:(?:이|이번)\s*)?(?:{'|'.join(LESSON)})(?:의|에서)?\s+(?=\S)")
_OPENING = re.compile(
    r"^(?:그럼|그러면|그렇다면|그런데|근데|그리고|또|반대로|반면|대신|then|and|so)\b\s*,?\s*",
    re.I,
)
# A question that begins so lacks what it is about: "누가 관리해요?".
_ASKS = re.compile(
    r"(?:누구|누가|언제|어디|왜|어떻게|어떤|얼마|몇|무엇|무슨|뭐|뭘|뭔)(?:[가-힣]{0,4})?(?=[\s?]|$)"
)
_NUMBERS = {
    **NUMERALS, "첫": 1, "둘": 2, "셋": 3, "넷": 4, "열한": 11, "열두": 12,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "마지막": 0, "last": 0,
}  # fmt: skip
_ORDINAL = re.compile(
    r"(?<![가-힣])(?P<native>열한|열두|열|첫|두|세|네|다섯|여섯|일곱|여덟|아홉)\s*번\s*째|"
    r"(?<![가-힣])(?P<short>첫|둘|셋|넷|다섯|여섯|일곱|여덟|아홉|열)째"
    r"(?=[은는이가을를도만요]|\s*(?:것|거|항목|단계)|\s*[?.]?$)|"
    r"(?<![\d.])(?P<digits>[1-9]\d?)\s*번(?:\s*째|(?=[은는이가을를도만요]|\s*(?:것|거|항목|단계|자세|설명|더)|\s*[?.]?$))|"
    # "the second layer", "second one?", not "per second" or "how long does it last".
    r"(?P<word>마지막|(?:(?<=\bthe )|^)(?:first|second|third|fourth|last)\b|"
    r"\b(?:first|second|third|fourth|last)(?=\s+one\b))",
    re.I,
)
_FROM_HERE = r"(?<![가-힣])(?<!맨\s)(?<!가장\s)(?<!제일\s)(?:바로\s*|한\s*(?:단계|칸|층)\s*)?"
# What stands beside what is talked about.
_BESIDE = {
    "next": re.compile(
        r"다음|(?<![가-힣])(?:그\s*뒤|이후)|\bnext\s+(?:one|step|item|layer|stage)\b|"
        r"(?:^|\bthe\s|\bcomes\s|\bis\s|'s\s)next\b(?!\.\w)",
        re.I,
    ),
    "before": re.compile(
        r"(?<![가-힣])(?:이전|앞\s*(?:단계|계층|것)|그\s*전|전\s*단계)|\bprevious\b", re.I
    ),
    "above": re.compile(rf"{_FROM_HERE}위(?=\s|에|쪽|는)|\babove\b", re.I),
    "other": re.compile(r"(?:나머지|다른)\s*(?:하나|한\s*(?:개|가지|쪽))|나머지(?=[는은도가])"),
    "below": re.compile(rf"{_FROM_HERE}(?:아래|밑)(?=\s|에|쪽|는)|\bbelow\b", re.I),
}  # fmt: skip


_MENTIONED = r"(?:나온|나오는|말한|말하신|말씀하신|소개한|언급한|적힌|있는)"
_ADVERB = re.compile(rf"으?로(?!\s+{_MENTIONED})")  # "두 번째로 비싼 것", "마지막으로 ..."
_GENERIC = r"(?:것|거|건|게|걸|항목|단계|과정|모델|방법|방식|종류|유형|서비스|제품|기능|요소|조건)"
# What is pointed at by its place, up to the particle behind it: "그중 두 번째로 나온 것만". Of
# "두 번째 가격" the noun stays: it is what is asked about.
_BY_ORDER = re.compile(
    r"(?:(?:그|이|위)\s?중\s?(?:에서|에)?\s*|\bthe\s+)?"
    rf"(?:{_ORDINAL.pattern})"
    rf"(?:\s+one\b|(?:(?:으?로|에)?\s+{_MENTIONED}\s*(?:[가-힣]+?)?|\s*(?P<noun>{_GENERIC}))?"
    rf"(?P<end>{_PARTICLE[:-1]})??(?P<rest>요)?(?![가-힣]))?",
    re.I,
)

# What may follow "다음": what kind of thing it is, and a particle.
_OF_KIND = re.compile(
    rf"\s*(?P<noun>[가-힣]{{1,6}}?)??(?P<end>{_PARTICLE[:-1]})?(?P<rest>요)?(?![가-힣])"
)
_MARKS = frozenset("은는이가을를의도만")  # "마지막에 줄 끝은" begins with an adverb
_PLACED = frozenset(("에", "에는", "엔", "으로", "로"))  # "다음에는" is "다음은"

# Nothing but words of telling: what stands beside something that is asked for as a whole.
_TELL = re.compile(
    r"(?:에\s*대해서?|조금|좀|더|자세히|상세히|구체적으로|다시|쉽게|뭐\S*|뭔\S*|무엇\S*|알려\S*|말해\S*|"
    r"말씀\S*|설명\S*|소개\S*|요약\S*|정리\S*|해|줘\S*|주[세실시]\S*|부탁\S*|그럼|그러면|"
    r"tell|me|more|about|what|is|explain|describe|please|in|detail|[\s,.?!])*",
    re.I,
)


def ordinal(text: str) -> int | None:
    """Which one of a list the text points at, from 0: "두 번째" is 1, "3번은?" 2, "마지막" -1."""
    found = ordinal_at(text)
    return found[0] if found and not _ADVERB.match(text, found[1][1]) else None


def ordinal_at(text: str) -> tuple[int, tuple[int, int]] | None:
    """The first ordinal of the text, from 0, -1 the last, and where it stands: "두 번째로" too."""
    match = _ORDINAL.search(text)
    if not match:
        return None
    said = match[match.lastgroup or 0].casefold()
    return (int(said) if said.isdigit() else _NUMBERS[said]) - 1, match.span()


def opens_with_ordinal(text: str) -> bool:
    """Whether the text begins with what it points at by its place: "첫 번째는 ...", not "첫 번째
    법칙은 ...", which names it.
    """
    rest = without_opening(text)
    found = _BY_ORDER.match(rest)
    marked = found is not None and (found["end"] or "") in _MARKS
    return marked and ordinal(rest) is not None


def by_order(text: str, name: str) -> tuple[str, tuple[int, int]] | None:
    """The text with ``name`` for what it points at by its place, and where that stood in it.

    "두 번째 것만 자세히 알려 줘" is "NGC만 자세히 알려 줘"; None for a text without an ordinal.
    """
    found = _BY_ORDER.search(text)
    if found is None or ordinal(text) is None:
        return None
    end = _IN_FULL.get(found["noun"] or "") or found["end"] or ""
    said = with_particle(name, end) + (found["rest"] or "")
    return text[: found.start()] + said + text[found.end() :], found.span()


def beside(text: str) -> tuple[str, tuple[int, int]] | None:
    """Which way from what is talked about the text points, "next", "before", "above", "below" or
    to the "other" of two, and where it says so.
    """
    found = ((way, words.search(text)) for way, words in _BESIDE.items())
    return next(((way, match.span()) for way, match in found if match), None)


def by_step(text: str, name: str) -> tuple[str, tuple[int, int]] | None:
    """The text with ``name`` for what it points at beside what is talked about, and where that
    stood in it: "그 다음 계층은 뭐예요?" is "NGC는 뭐예요?"; None where it points at nothing.
    """
    found = beside(text)
    if found is None:
        return None
    start, end = found[1]
    opening = re.search(r"(?:^|\s)[그이]\s?$", text[:start])
    start = opening.start() if opening else start
    kind = _OF_KIND.match(text, end)
    particle = rest = ""
    noun = (kind["noun"] or "") if kind else ""
    if kind and (not noun or re.fullmatch(_GENERIC, noun) or noun in name):
        end, particle, rest = kind.end(), kind["end"] or "", kind["rest"] or ""
    said = with_particle(name, "은" if particle in _PLACED else particle) + rest
    return text[:start] + said + text[end:], (start, end)


def only_tells(*texts: str) -> bool:
    """Whether what stands beside something asked about asks to be told of it and nothing else."""
    return all(map(_TELL.fullmatch, texts))


def undismissed(text: str) -> str:
    """The question without an opening that leaves the subject: "그건 됐고, NGC는 뭐예요?"."""
    return _DISMISSING.sub("", text, count=1)


def of_lesson(text: str) -> bool:
    """Whether the text asks about the lesson, whatever came before: "강의 목표가 뭐예요?"."""
    opening = _OF_LESSON.match(text)
    return opening is not None and not points(text[opening.end() :])


def without_opening(text: str) -> str:
    """The text without a word that only ties it to what came before: "그럼 가격은요?"."""
    return _OPENING.sub("", text)


def points(text: str) -> bool:
    """Whether a word of the text stands for something said before: "그건", "그 서비스", "it"."""
    return bool(_POINTING.search(without_opening(text)))


def of_both(text: str) -> tuple[str, str] | None:
    """The particle and the rest of a text about the two things said before: "둘의 차이는?" gives
    ("의", "차이는?"); None for any other text.
    """
    match = _OF_BOTH.match(without_opening(text))
    return (match["end"] or "", match["rest"]) if match else None


def completed(text: str, name: str, takes_particle: bool) -> str:
    """The follow-up with ``name`` for what it points at, or in front where it names nothing.

    "그건 누가 관리해요?" is "NGC는 누가 관리해요?", "누가 관리해요?" the same, "가격은요?" is
    "NGC 가격은요?", "Who runs it?" is "Who runs NGC?". A row of words that is no name
    ``takes_particle`` not.
    """
    rest = without_opening(text)
    pointing = _POINTING.search(rest)
    if pointing is None:
        lacking = takes_particle and _ASKS.match(rest)
        subject = with_particle(name, "은") if lacking else name
        return f"{subject} {rest}".strip()
    short, end, foreign = pointing.group("short", "end", "foreign")
    before, after = rest[: pointing.start()], rest[pointing.end() :]
    if foreign:
        said = name + "'s" * (foreign.casefold() == "its")
    elif (end := short or end) is not None:
        said = with_particle(name, _IN_FULL.get(end, end)) if takes_particle else f"{name} "
    else:
        before, said = f"{name} {before}", " "
    return " ".join(f"{before}{said}{after}".split())
