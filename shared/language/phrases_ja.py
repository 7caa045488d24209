"""Titles and tags of Japanese text, by its scripts and particles: content words are
written in kanji or katakana, what holds them together in hiragana.
"""

from __future__ import annotations

import re

_CLAUSE = re.compile(r"[、。，．！？!?：:\n]+")
_TOPIC = re.compile(r"^(.{2,}?)(?:には|とは|では|は)(.*)$")
_POINTING = re.compile(
    r"^(?:(?:私|僕|俺|わたし|ぼく|うち|我が家|ユーザー)(?:たち|達)?(?:の|は|が|も|に|には|を)"
    r"|(?:あなた|これ|それ|あれ|ここ|そこ)(?:は|が|を|に|の)"
    r"|(?:この|その|あの|はい|いいえ|ええ|実は|ちなみに|ところで|最近は?|今|あと|そして|でも|だから)"
    r"|(?:今日|明日|昨日|来月|来週|来年|先月|先週|去年|今年|今週|今月|.曜日?|毎[日週月年朝晩])(?:は|の|に|から)?)"
)
_ENDING = re.compile(
    r"(?:(?:と(?:いい|言い|申し)|が(?:い|あり)|(?<=[一-鿿ァ-ヶー]{2})を?し)(?:ます|ました)"
    r"|(?:なん)?で(?:した|すけど|すが)|だった|です|だ|なの|があるので|なので|ので|から|けれど|けど|よ|ね)+$"
)
_WORD = re.compile(
    r"「([^」]{1,12})」|([゠-ヿ]{2,}|[A-Za-z][A-Za-z0-9-]+|[一-鿿々]+(?:っ[一-鿿]し)?)(?=(.?))"
)
_TIME = re.compile(
    r"(?:(?:毎|今|来|先|昨|明|去|翌|本)[日週月年朝晩夜]|.曜|[一二三四五六七八九十何]+[時分月日年歳人回つ].*+"
    r"|午前|午後|最近|今度|以前|朝|昼|夜|晩|前|後|中|上|下|年|月|日|週|時|分|間|方|事|物|者|人|私|僕|俺|何|名前|一番)+"
)
_ONE = frozenset(
    "娘猫犬車家本薬酒魚肉花卵母父妻夫兄姉弟妹孫祖米茶鳥庭鍵傘靴服歯腰膝足耳目春夏秋冬海山川空"
)
"""Kanji that are tags by themselves."""
_PARTICLES = frozenset("のはがをにでとへもや、。「」（）やかだ") | {""}
"""What may follow a kanji that is a word by itself; otherwise it is a verb's stem."""


def japanese_title(text: str, longest: int) -> str:
    """The topic, where one is marked, or else the first clause without what is around
    it; at most `longest` characters.
    """
    clauses = [_trimmed(clause) for clause in _CLAUSE.split(text)]
    telling = [clause for clause in clauses if japanese_tags(clause)]
    return _shortened(telling[0], longest) if telling else ""


def japanese_tags(text: str) -> list[str]:
    """Words in kanji and katakana and what is quoted, in their order."""
    result = []
    for match in _WORD.finditer(text):
        word = match[1] or match[2]
        is_stem = (
            not match[1]
            and len(word) == 1
            and (word not in _ONE or match[3] not in _PARTICLES)
        )
        if not is_stem and not _TIME.fullmatch(word):
            result.append(word)
    return result


def _trimmed(clause: str) -> str:
    while opening := _POINTING.match(clause):
        clause = clause[opening.end() :]
    topic = _TOPIC.match(clause)
    if topic and japanese_tags(topic[1]):
        return topic[1].strip()
    return _ENDING.sub("", clause).strip("「」 　")


def _shortened(title: str, longest: int) -> str:
    """Cut after a particle where it is too long."""
    if len(title) <= longest:
        return title
    ends = [match.end() for match in re.finditer(r"[のをにでがと]", title[:longest])]
    cut = title[: ends[-1] if ends else longest]
    return cut.rstrip("のをにでがと")
