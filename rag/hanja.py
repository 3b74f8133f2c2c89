"""Chinese characters read as Korean reads them: "光飽和点" of a Japanese question is "광포화점".

Most learned words of Korean and Japanese are the same characters, and Korean lessons write them in
Hangul. A reading counts only where it makes a word of the lesson, so a character with
several readings needs no choice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache
from itertools import product

_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]{2,}")
_KANA_OR_HANGUL = re.compile(r"[\u3040-\u30ff가-힣]")
_SHORTEST, LONGEST_READ = 2, 8  # characters of a word
_MOST = 64  # ways to read one word
# KS X 1001 (1987) lists its 4,888 characters by their Korean reading, a character of several
# readings once for each; so many there are of each reading.
_KS_X_1001 = """
    가29 각11 간24 갈10 감20 갑6 강24 개20 객2 갱4 갹 거17 건12 걸4 검7 겁3 게3 격7 견11 결6 겸6
    경45 계24 고39 곡7 곤10 골3 공16 곶 과12 곽4 관17 괄4 광13 괘3 괴9 굉4 교25 구54 국6 군6 굴4
    궁6 권10 궐5 궤6 귀6 규15 균7 귤 극7 근15 글 금14 급7 긍4 기64 긴 길4 김 끽 나15 낙8 난9 날2
    남9 납5 낭7 내6 냉 녀 년3 념4 녕2 노18 녹6 논 농7 뇌6 뇨 누8 눈 눌 뉴2 늑2 늠 능6 니2 닉2 다2
    단20 달5 담17 답5 당11 대16 댁 덕2 도40 독10 돈10 돌2 동17 두11 둔6 득 등9 라9 락9 란9 랄2
    람10 랍3 랑8 래4 랭 략2 량13 려18 력7 련12 렬6 렴5 렵 령18 례5 로18 록7 론 롱7 뢰8 료12 룡
    루13 류14 륙3 륜6 률4 륭 륵2 름 릉6 리26 린9 림5 립4 마8 막6 만19 말7 망12 매14 맥5 맹6 멱2
    면11 멸2 명15 몌 모24 목7 몰2 몽3 묘12 무22 묵2 문12 물3 미19 민13 밀3 박19 반25 발11 방28
    배20 백8 번10 벌4 범9 법2 벽11 변7 별4 병17 보16 복17 본 볼 봉16 부43 북 분19 불5 붕6 비43
    빈14 빙4 사60 삭4 산12 살5 삼8 삽4 상31 새3 색5 생5 서30 석15 선32 설13 섬8 섭4 성18 세9 소37
    속9 손6 솔 송8 쇄5 쇠2 수61 숙12 순27 술4 숭3 슬3 습5 승10 시28 식15 신24 실4 심10 십3 쌍 씨
    아18 악14 안10 알4 암8 압4 앙7 애11 액7 앵4 야11 약9 양31 어10 억5 언6 얼2 엄6 업2 엔 여24
    역13 연43 열10 염15 엽4 영40 예24 오30 옥5 온6 올 옹9 와8 완18 왈 왕5 왜4 외5 요38 욕6 용24
    우32 욱9 운13 울3 웅2 원27 월3 위25 유56 육7 윤13 율5 융5 은7 을 음6 읍3 응4 의19 이38 익8
    인24 일9 임11 입5 잉4 자26 작13 잔5 잠6 잡 장37 재17 쟁4 저28 적25 전41 절8 점9 접3 정55 제23
    조46 족4 존2 졸3 종17 좌5 죄 주40 죽2 준19 줄 중4 즉 즐 즙3 증11 지34 직5 진35 질15 짐2 집7
    징3 차15 착7 찬15 찰5 참10 창22 채12 책4 처4 척15 천19 철10 첨10 첩10 청8 체10 초27 촉6 촌4
    총10 촬 최3 추23 축12 춘3 출3 충6 췌4 취14 측5 층 치24 칙3 친 칠3 침9 칩 칭2 쾌 타14 탁16 탄10
    탈2 탐4 탑3 탕5 태14 택3 탱 터 토4 통7 퇴6 투6 특2 틈 파16 판9 팔3 패11 팽4 퍅 편10 폄 평5
    폐10 포28 폭6 표14 품2 풍5 피7 필10 핍2 하14 학5 한14 할2 함12 합7 항17 해18 핵2 행5 향9 허4
    헌4 헐 험2 혁4 현21 혈4 혐 협12 형20 혜9 호41 혹3 혼6 홀3 홍10 화14 확6 환17 활5 황24 회20 획2
    횡3 효13 후13 훈10 훙 훤4 훼3 휘8 휴5 휼3 흉5 흑 흔4 흘4 흠3 흡4 흥 희20 힐
"""
# Forms that Japan made simpler (1946), each before the one of KS X 1001.
_SIMPLER = """
    国國学學会會体體発發気氣広廣図圖数數経經済濟価價実實験驗関關応應変變対對当當担擔伝傳来來
    医醫号號処處断斷単單戦戰択擇検檢険險様樣営營労勞効效観觀歓歡帰歸旧舊区區軽輕県縣剣劍倹儉
    圏圈厳嚴駅驛塩鹽桜櫻仮假拡擴覚覺楽樂勧勸巻卷犠犧拠據挙擧峡峽狭狹暁曉勲勳径徑茎莖恵惠渓溪
    継繼撃擊研硏権權顕顯鉱鑛砕碎剤劑雑雜参參桟棧惨慘賛贊残殘糸絲歯齒児兒辞辭湿濕写寫釈釋寿壽
    収收渋澁獣獸縦縱粛肅緒緖叙敍奨奬将將焼燒証證条條状狀乗乘浄淨剰剩畳疊嬢孃譲讓醸釀触觸嘱囑
    真眞寝寢慎愼粋粹酔醉随隨髄髓枢樞声聲静靜斉齊摂攝窃竊専專浅淺践踐銭錢潜潛繊纖禅禪双雙壮壯
    争爭荘莊捜搜挿揷曽曾装裝総總騒騷蔵藏属屬続續堕墮帯帶滞滯滝瀧沢澤胆膽団團弾彈遅遲昼晝虫蟲
    鋳鑄聴聽鎮鎭逓遞鉄鐵転轉党黨盗盜灯燈稲稻闘鬪独獨読讀届屆悩惱脳腦拝拜廃廢売賣麦麥髪髮抜拔
    蛮蠻払拂仏佛併倂並竝辺邊舗鋪満滿黙默弥彌訳譯薬藥与與誉譽揺搖謡謠頼賴竜龍両兩猟獵緑綠塁壘
    励勵礼禮霊靈齢齡暦曆歴歷恋戀錬鍊炉爐楼樓湾灣壊壞徴徵歩步毎每黄黃録錄縁緣温溫涙淚増增渇渴
    掲揭徳德聡聰巣巢悪惡栄榮駆驅鶏鷄郷鄕内內舎舍呉吳娯娛説說脱脫閲閱鋭銳税稅悦悅清淸青靑戯戱
    隠隱穏穩為爲偽僞亜亞壱壹奥奧横橫殴毆黒黑寛寬既旣虚虛薫薰献獻穂穗瀬瀨即卽庁廳瓶甁翻飜麺麵
    戻戾覧覽従從縄繩臓臟挟挾飲飮餅餠蛍螢蝋蠟頬頰麹麴繋繫鴎鷗撹攪醤醬賎賤
"""


def in_hangul(text: str, words: Collection[str]) -> str:
    """The text with its Chinese characters in Hangul where that makes one of ``words``.

    As long as the text. The longest words are read first, from the left. Sentences of Chinese stay
    as they are: what is left of them would be neither language.
    """
    if not (_KANA_OR_HANGUL.search(text) or len(text) <= LONGEST_READ):
        return text
    return _RUN.sub(lambda run: _read(unicodedata.normalize("NFKC", run.group()), words), text)


def _read(run: str, words: Collection[str]) -> str:
    result, start = "", 0
    while start < len(run):
        lengths = range(min(LONGEST_READ, len(run) - start), _SHORTEST - 1, -1)
        candidates = (word for n in lengths for word in _readings(run[start : start + n]))
        found = next((word for word in candidates if word in words), run[start])
        result, start = result + found, start + len(found)
    return result


def _readings(word: str) -> Iterator[str]:
    """The ways to read a word, at most _MOST; none when a character has no reading."""
    each = [_table().get(character, ()) for character in word]
    for count, syllables in enumerate(product(*each)):
        if count == _MOST:
            return
        yield "".join(syllables)


@cache
def _table() -> dict[str, tuple[str, ...]]:
    """The readings of each character, those first that KS X 1001 has."""
    high, low = range(0xCA, 0xFE), range(0xA1, 0xFF)  # where EUC-KR has them
    characters = (bytes((a, b)).decode("euc_kr") for a in high for b in low)
    found: dict[str, list[str]] = {}
    for reading in _KS_X_1001.split():
        for _ in range(int(reading[1:] or 1)):
            known = found.setdefault(unicodedata.normalize("NFKC", next(characters)), [])
            known += [r for r in (reading[0], *_elsewhere(reading[0])) if r not in known]
    simpler = "".join(_SIMPLER.split())
    for new, old in zip(simpler[::2], simpler[1::2], strict=True):
        found.setdefault(new, found[old])
    return {character: tuple(readings) for character, readings in found.items()}


def _elsewhere(reading: str) -> Iterator[str]:
    """How a syllable may be read at another place of a word: 력 of 역사, 낙 of 연락.

    At the beginning of a word ㄹ becomes ㄴ or falls silent, and ㄴ falls silent before i and y.
    """
    lead, vowel, tail = (n := ord(reading) - 0xAC00) // 588, n % 588 // 28, n % 28
    soft = vowel in (2, 3, 6, 7, 12, 17, 20)  # ㅑ, ㅒ, ㅕ, ㅖ, ㅛ, ㅠ, ㅣ
    leads = {2: (5,), 5: (11 if soft else 2,), 11: (5, 2) if soft else ()}.get(lead, ())
    for other in (*leads, *([11] if lead == 2 and soft else [])):
        yield chr(0xAC00 + other * 588 + vowel * 28 + tail)
