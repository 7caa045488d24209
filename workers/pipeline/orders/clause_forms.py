"""What a clause is by its words: one with a subject, one that takes over the subject of the
clause before ("works at a school"), or a fragment that belongs to that ("Thursdays at 4").

Read only in the languages that the text may be in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence, Set
from enum import Enum

from shared.language.english_verbs import AUXILIARIES, third_person, verbs
from shared.language.function_words import classes
from workers.pipeline.extract.speech.patterns import TELLS_IN


class Form(Enum):
    """What a clause is."""

    WHOLE = "whole"
    """It has a subject."""
    GAPPED = "gapped"
    """It has a subject and no verb of its own: "my sister in Basel"."""
    GOES_ON = "goes on"
    """It takes over the subject."""
    FRAGMENT = "fragment"


_USER: Mapping[str, str] = {
    "en": r"(?:I|we)(?=['’\s])|the user(?=\s)",
    "de": r"ich\b|wir\b",
    "fr": r"j['’]|je\b|on\b|nous\b",
    "es": r"yo\b|nosotr[oa]s\b|me\b|nos\b",
    "it": r"io\b|noi\b|mi\b|ci\b",
    "pt": r"eu\b|nós\b|me\b",
    "ru": r"я\b|мы\b|у\s+меня\b|мне\b|меня\b",
}
"""The user as the subject of a clause."""
_OTHER: Mapping[str, str] = {
    "en": r"he|she|they",
    "de": r"er|sie",
    "fr": r"ils?|elles?",
    "es": r"él|ella|ell[oa]s",
    "it": r"lui|lei|loro",
    "pt": r"eles?|elas?",
    "ru": r"он|она|они",
}
"""Those who were named before."""
_THAT: Mapping[str, str] = {
    "en": r"it|this|that",
    "de": r"es|das(?!\s+(?:für|bei|von|vom|in|im|an|am|mit|aus|zu)\b)|dies(?:e[rs]?)?",
    "fr": r"ce|c['’]|ça|cela",
    "es": r"eso|esto|ello",
    "it": r"questo|quello|ciò",
    "pt": r"isso|isto",
    "ru": r"оно|это",
}
"""What was said before."""
_OWN: Mapping[str, str] = {
    "en": r"(?:my|our|the user['’]s|his|her|their|its)\s+",
    "de": r"(?:mein|unser|sein|ihr)\w*\s+",
    "fr": r"(?:mon|ma|mes|notre|nos|son|sa|ses|leurs?)\s+",
    "es": r"(?:mis?|nuestr[oa]s?|sus?)\s+",
    "it": r"(?:(?:il|la|i|le)\s+)?(?:mi[oae]|miei|nostr[oaie]|su[oae]|suoi)\s+",
    "pt": r"(?:[oa]s?\s+)?(?:meus?|minhas?|noss[oa]s?|seus?|suas?)\s+",
    "ru": r"(?:мо[йяёеи]|наш[аеи]?|его|её)\s+",
}
_RELATIVE: Mapping[str, str] = {
    "en": r"which|who|whose|whom|where|when|that\s+(?=[a-z])",
    "de": r"(?:der|die|das|den|dem|dessen|deren)\s+(?=[a-zß-ü])|wo|welche\w*",
    "fr": r"qui|que|qu['’]|dont|où|lequel|laquelle",
    "es": r"que|quien|cuy[oa]|donde",
    "it": r"che|cui|dove",
    "pt": r"que|cuj[oa]|onde",
    "ru": r"котор\w+|где",
}
_BECAUSE: Mapping[str, str] = {
    "en": r"because|since|as|so that|if|although|unless|until|till",
    "de": r"weil|da|dass|damit|wenn|obwohl|falls|bis",
    "fr": r"parce|puisque|si|quand|jusqu",
    "es": r"porque|si|cuando|aunque|hasta",
    "it": r"perché|se|quando|fino",
    "pt": r"porque|se|quando|até",
    "ru": r"потому|чтобы|если|когда",
}
PRO_DROP = frozenset(("es", "it", "pt", "ru"))
"""Languages that leave out pronouns of the subject."""
_AUX = frozenset(("aux", "modal", "naming"))
_PLACES = frozenset(
    """
    flat apt apartment floor room unit suite building door gate block platform terminal bay box row seat po
    wohnung stock etage zimmer haus eingang gleis tor hinterhaus appartement étage bâtiment porte escalier
    piso puerta planta escalera bloque scala interno piano andar apto bloco
    """.split()
)
"""What stands before a number within an address."""
_LABEL = re.compile(r"[^\W\d_][^:：]{0,29}[:：]\s")
_TOKEN = re.compile(r"[^\W_]+(?:[’'-][^\W\d_]+)*")
_ENDS_DE = ("t", "te")
"""Of German verbs that no table has: "lautet"."""


def subject_in(text: str, names: Set[str]) -> tuple[Form, str]:
    """The form of a clause in one of these languages, and its subject as it is written."""
    if _match(_RELATIVE, text, names, r"\b") or _match(_BECAUSE, text, names, r"\b"):
        return Form.FRAGMENT, ""
    pronoun = of_user(text, names) or of_other(text, names) or of_all(text, names)
    if pronoun:
        return Form.WHOLE, pronoun
    if label := _LABEL.match(text):
        return Form.WHOLE, label[0].strip()
    tokens = list(_TOKEN.finditer(text))
    words = [token[0] for token in tokens]
    own = len(_match(_OWN, text, names).split())
    place = _verb_in(words, names)
    if not words or (not own and _class(words[0], names, ("link",))):
        return (Form.WHOLE if _speaks(text, names) else Form.FRAGMENT), ""
    if place == 0:
        tells = any(TELLS_IN[name].match(text) for name in PRO_DROP & names)
        return (Form.WHOLE if tells else Form.GOES_ON), ""
    if place:
        return Form.WHOLE, text[: tokens[place].start()].strip()
    if own and len(words) > own:
        return Form.GAPPED, text[: tokens[own].end()]
    return (Form.WHOLE if _has_price(words, names) else Form.FRAGMENT), ""


def of_user(text: str, names: Set[str]) -> str:
    """The user as the subject that a clause begins with; empty where it has another."""
    return _match(_USER, text, names)


def of_other(text: str, names: Set[str]) -> str:
    """The pronoun of someone named before that a clause begins with."""
    return _match(_OTHER, text, names, r"\b")


def of_all(text: str, names: Set[str]) -> str:
    """The pronoun that a clause begins with of what was said before."""
    return _match(_THAT, text, names, r"(?<=['’])|\b")


def _match(table: Mapping[str, str], text: str, names: Set[str], end: str = "") -> str:
    """The longest that a text begins with of the rows of these languages."""
    rows = [table[name] for name in names if name in table]
    matches = (re.match(f"(?:{row})(?:{end})", text, re.I) for row in rows)
    return max((match[0] for match in matches if match), key=len, default="")


def _speaks(text: str, names: Set[str]) -> bool:
    """Whether a pronoun is the subject within a clause: "on Sundays I swim"."""
    rows = "|".join(f"{_USER[name]}|{_OTHER[name]}" for name in names)
    return bool(rows) and bool(re.search(rf"\s(?:{rows})", text, re.I))


def _class(word: str, names: Set[str], wanted: Collection[str]) -> bool:
    return any(classes(name).get(word.lower()) in wanted for name in names)


def _verb_in(words: Sequence[str], names: Set[str]) -> int | None:
    """The place of the first verb."""
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else ""
        if "en" in names and word.endswith("ing"):
            continue
        # Those of English have participles and adjectives among them ("allergic").
        is_known = _class(word, names, _AUX) or _class(word, names - {"en"}, ("verb",))
        if is_known or _is_english(word, following, place, names):
            return place
        is_plain = word.islower() and word.isalpha() and not _is_small(word, names)
        behind_name = (
            place == 1 and words[0].istitle() and not _is_small(words[0], names)
        )
        is_german = "de" in names and word.endswith(_ENDS_DE)
        if is_plain and (is_german or (behind_name and "en" not in names)):
            return place
    return None


def _is_english(word: str, following: str, place: int, names: Set[str]) -> bool:
    """Whether it is an English verb: behind a subject, or "weigh 61 kg"."""
    if "en" not in names or word != word.lower():
        return False
    forms = verbs()
    if word in AUXILIARIES or word in third_person() or word in forms.past:
        return True
    is_noun = word in forms.nouns and following[:1].isdigit()
    return word in forms.base and place == 0 and not is_noun


def _is_small(word: str, names: Set[str]) -> bool:
    return any(word.lower() in classes(name) for name in names)


def _has_price(words: Sequence[str], names: Set[str]) -> bool:
    """Whether it is a thing with its number: "internet 35", and not "flat 12"."""
    if len(words) < 2 or not words[1][0].isdigit():
        return False
    return words[0].islower() and not (
        words[0] in _PLACES or _is_small(words[0], names)
    )


_KIN_ZH = (
    r"老婆|妻子|太太|媳妇|老公|丈夫|先生|女儿|儿子|孩子|爸爸?|妈妈?|父亲|母亲|父母|哥哥?|姐姐?|弟弟?|妹妹?|爷爷|奶奶"
    r"|外公|外婆|姥姥|姥爷|岳父|岳母|公公|婆婆|叔叔|阿姨|舅舅|姑姑|表[哥姐弟妹]|堂[哥姐弟妹]|前?男朋?友|前?女朋?友|前任"
    r"|朋友|同事|老板|室友|邻居|闺蜜|妻|夫|娘|息子|母|父|兄|姉|弟|妹|祖父|祖母|友人|彼氏|上司|同僚"
)
_USER_DENSE = re.compile(
    rf"(?:我们?|用户|咱们?)(?:自己)?(?!的|们|前|{_KIN_ZH})|(?:私|僕|俺|わたし|ぼく)(?:たち)?[はがも]"
)
_OTHER_DENSE = re.compile(r"[他她它佢]们?(?!的)|彼女?(?:たち)?[はがも]|それ[はがも]")
_KIN = re.compile(
    rf"(?:(?:我们?|用户|咱们?)的?|(?:私|僕|俺)の)?(?:前|大|小|二)?(?:{_KIN_ZH})|(?:我们?|用户)的[^是叫在，。]{{1,6}}(?=[是叫在有为])"
)
_TOPIC_JA = re.compile(r"(?P<topic>[^はがもをで、。]{1,12}?)[はがも](?=.)")
_DENSE = re.compile(r"[\u3041-\u30fa\u3400-\u9fff]")
_KANA = re.compile(r"[\u3041-\u30fa]")
_NUMBER = r"[\d０-９〇零一二两三四五六七八九十百千万]"
_FRAGMENT_DENSE = re.compile(
    rf"(?:就?在|位于|靠近|离|近|旁边|对面|也就是|就是|即|因为|{_NUMBER}{{2,}}|{_NUMBER}+[号楼栋单室层])"
    rf"|[^\s]{{0,8}}?{_NUMBER}+(?:号|楼|室|单元|栋|层|弄|番地|丁目)|[a-z0-9.@-]+$",
    re.I,
)
_PRICE_DENSE = re.compile(
    rf"(?P<thing>[^\W\d_了有养买住]{{2,6}}?)(?:是|为|每月|要|共)?\s*{_NUMBER}+"
)


def subject_dense(text: str) -> tuple[Form, str]:
    """The same in Chinese or Japanese."""
    for pattern in (_USER_DENSE, _OTHER_DENSE, _KIN):
        if match := pattern.match(text):
            return Form.WHOLE, match[0]
    if _FRAGMENT_DENSE.match(text):
        return Form.FRAGMENT, ""
    if _KANA.search(text):
        topic = _TOPIC_JA.match(text)
        return (Form.WHOLE, topic["topic"]) if topic else (Form.GOES_ON, "")
    has_price = _PRICE_DENSE.match(text)
    return (Form.GAPPED, has_price["thing"]) if has_price else (Form.GOES_ON, "")


def is_dense(text: str) -> bool:
    """Whether it is written without spaces."""
    return bool(_DENSE.search(text))


def is_kin(subject: str) -> bool:
    """Whether it is a person of the user's, in Chinese or Japanese."""
    return bool(_KIN.match(subject))


def is_user_dense(text: str) -> bool:
    """Whether the subject is the user."""
    return bool(_USER_DENSE.match(text))


def is_other_dense(text: str) -> bool:
    """Whether it is a pronoun of someone named before."""
    return bool(_OTHER_DENSE.match(text))
