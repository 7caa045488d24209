"""What a statement says for certain of its user: name, home, job, birthday, allergies.

For profiles. The statements are memories, so a user is "the user" or 用户; where no third
person could be made, they stand behind a label in the user's own words. What only may be
("is thinking of moving to Porto"), was, or is somebody else's ("the user's sister lives
in Oslo") says nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from shared.language.lexical import without_date
from shared.language.sentences import sentences

NAME, HOME, JOB, BIRTHDAY, ALLERGY = "name", "home", "job", "birthday", "allergy"
ATTRIBUTES = (NAME, HOME, JOB, BIRTHDAY, ALLERGY)
"""In the order in which a profile lists them."""
SINGLE = frozenset({NAME, HOME, JOB, BIRTHDAY})
"""Attributes of which the newest value holds; of others all do."""

LONGEST_VALUE = 80
"""Characters of a value; a longer one is a story."""


@dataclass(frozen=True, slots=True)
class PersonalFact:
    """One attribute of a user and its value, in the words of the statement."""

    attribute: str
    value: str


_NAME = r"(?P<v>[A-ZÀ-ÞŁŚŠŽČÇ][\w'’-]*(?: [A-ZÀ-ÞŁŚŠŽČÇ][\w'’.-]*){0,3})"
_REST = r"(?P<v>[^,;:!?()（）]+)"
_DATE = r"(?P<v>[^,;:!?()（）]*\d[^,;:!?()（）]*)"
_JOB = (
    r"(?P<v>(?:[\w-]+ ){0,3}(?:nurse|doctor|teacher|engineer|lawyer|designer|manager"
    r"|accountant|chef|cook|driver|programmer|developer|scientist|student|baker|writer"
    r"|electrician|plumber|farmer|artist|architect|dentist|pharmacist|journalist"
    r"|consultant|carpenter|pilot|researcher|analyst|professor|director|editor|librarian"
    r"|photographer|musician|paramedic|veterinarian|vet|therapist|mechanic|translator"
    r"|freelancer|founder)\b(?: (?:at|for|in) [^,;:!?()（）]+)?)"
)
_ZH_END = r"(?=[，。；！？（(、]|$)"
_ZH = r"(?P<v>[^，。；！？（）()]+?)"
_ZH_JOBS = (
    r"(?:师|员|医生|护士|经理|律师|司机|学生|工人|会计|教授|总监|主管|设计|研发|开发"
    r"|销售|老师|教练|演员|作家|记者|编辑|顾问|厨师|农民|警察)"
)

_THIRD_PERSON: Mapping[str, Sequence[str]] = {
    NAME: (
        rf"(?i:the user['’]s (?:full |first )?name is) {_NAME}",
        rf"(?i:the user (?:is called|goes by)) {_NAME}",
    ),
    HOME: (
        rf"the user (?:now |currently |still )?(?:lives|is living|resides) (?:in|at|near|on) {_REST}",
        rf"the user is (?:[^,;:!?()]+ )?based in {_REST}",
        rf"the user is (?-i:[A-ZÀ-Þ])[\w’' -]+, they live (?:in|at|near) {_REST}",
        rf"the user (?:has |just |recently )*(?:moved|relocated) (?:back )?"
        rf"(?:from [^,;:!?()]+? )?(?:to|into) {_REST}",
        rf"(?:the |their |the user['’]s )?new address(?: is|:) {_REST}",
    ),
    JOB: (
        rf"the user (?:now |currently |still )?works (?:as (?:an? )?|for |at ){_REST}",
        rf"the user is (?:now |currently )?(?:an? ){_JOB}",
        rf"the user (?:has |just |recently )*(?:started|joined|started (?:work|working|a new job))"
        rf" (?:at|with) {_REST}",
        rf"the user['’]s (?:new |current )?job is (?:as )?(?:an? )?{_REST}",
    ),
    BIRTHDAY: (
        rf"the user['’]s birthday is (?:on )?{_DATE}",
        rf"the user was born (?:on|in) {_DATE}",
    ),
    ALLERGY: (
        rf"the user (?:is|has been) (?:\w+ly )?allergic to {_REST}",
        rf"the user has an? (?:\w+ )?allergy to {_REST}",
    ),
}
_CHINESE: Mapping[str, Sequence[str]] = {
    NAME: (
        rf"用户(?:的(?:名字|全名))?(?:叫|名叫|是叫)(?P<v>[\u3400-\u9fff·A-Za-z ]{{2,12}}?){_ZH_END}",
    ),
    HOME: (
        rf"用户(?:现在|目前|一直|还|仍|就)?(?:住在|居住在|定居在?){_ZH}{_ZH_END}",
        rf"用户[^，。；]{{0,16}}搬(?:到|去|进|回)了{_ZH}{_ZH_END}",
        rf"用户(?:已经|刚刚?|最近)[^，。；]{{0,4}}搬(?:到|去|进|回){_ZH}{_ZH_END}",
    ),
    JOB: (
        rf"用户(?:现在|目前|一直|还|的名字叫[^，。]{{2,6}}，)?在{_ZH}(?:工作|上班|任职|就职){_ZH_END}",
        rf"用户(?:现在|目前|一直|还|的名字叫[^，。]{{2,6}}，)?(?P<v>在[^，。；！？（）()]+?(?:做|当|担任|任)"
        rf"[^，。；！？（）()]*?{_ZH_JOBS}){_ZH_END}",
        rf"用户(?:现在|目前)?是(?:一名|一个|一位|个|名)?(?P<v>[^，。；！？（）()的]*?{_ZH_JOBS}){_ZH_END}",
        rf"用户的(?:职业|工作)是{_ZH}{_ZH_END}",
    ),
    BIRTHDAY: (
        rf"用户的?生日(?:是|在)(?P<v>[^，。；！？（）()]*[\d一二三四五六七八九十][^，。；！？（）()]*?){_ZH_END}",
        rf"用户(?:出生于|生于)(?P<v>[^，。；！？（）()]*\d[^，。；！？（）()]*?){_ZH_END}",
    ),
    ALLERGY: (rf"用户对{_ZH}过敏",),
}
_OWN_WORDS: Mapping[str, Sequence[str]] = {
    NAME: (
        rf"(?i:ich heiße|ich heisse|me llamo|je m['’]appelle|mi chiamo|(?:eu )?me chamo"
        rf"|mein name ist|mi nombre es|mon nom est|il mio nome è|meu nome é) {_NAME}",
        r"меня зовут (?P<v>[А-ЯЁ][а-яё]+(?: [А-ЯЁ][а-яё]+)?)",
        r"(?:私|僕|俺)の名前は(?P<v>[^、。！？]{1,12}?)(?:です|と)",
        r"(?:제|내) 이름은 (?P<v>[가-힣]{2,4}?)(?:입니다|이에요|예요|야)",
    ),
    HOME: (
        rf"(?:we|i)(?:['’]ve| have)? (?:just |recently )?moved (?:back )?"
        rf"(?:from [^,;:!?()]+? )?(?:to|into) (?=(?-i:[A-ZÀ-Þ])){_REST}",
        rf"(?:(?:ich )?wohne(?: jetzt)? in|vivo (?:ahora )?en|j['’]habite (?:maintenant )?(?:à|en|au)"
        rf"|(?:abito|vivo) a|(?:eu )?moro (?:em|no|na)|я (?:сейчас )?живу в) {_REST}",
        r"(?:私は|僕は)?(?P<v>[^、。！？は]{1,12}?)に住んで",
    ),
    JOB: (
        rf"(?:(?:ich )?arbeite (?:jetzt )?(?:als|bei)|trabajo (?:ahora )?(?:como|en)"
        rf"|je travaille (?:comme|chez)|lavoro (?:come|presso|da|per)"
        rf"|trabalho (?:como|na|no|em)|я работаю) {_REST}",
    ),
    BIRTHDAY: (
        rf"(?:mein geburtstag ist(?: am)?|mi cumpleaños es(?: el)?"
        rf"|mon anniversaire est(?: le)?|il mio compleanno è(?: il)?"
        rf"|meu aniversário é(?: em| dia| no dia)?|мой день рождения) {_DATE}",
    ),
    ALLERGY: (
        rf"(?:ich bin allergisch gegen|soy alérgic[oa] (?:a los|a las|a la|al|a)"
        rf"|je suis allergique (?:aux|au|à la|à)|sono allergic[oa] (?:ai|alle|al|alla|a)"
        rf"|sou alérgic[oa] (?:a|ao|à)|у меня аллергия на) {_REST}",
    ),
}


def _compiled(table: Mapping[str, Sequence[str]]) -> list[tuple[str, re.Pattern[str]]]:
    rows: list[tuple[str, re.Pattern[str]]] = []
    for attribute, patterns in table.items():
        flags = 0 if attribute == NAME else re.IGNORECASE
        rows += [(attribute, re.compile(pattern, flags)) for pattern in patterns]
    return rows


_OWN_LABEL = re.compile(r"^(?:User|用户)[:：]\s*")
_LEAD = re.compile(r"(?:^|.*(?:[,;:，；]|\band|\bund|\by|\bet|\be))\s*$", re.IGNORECASE)
"""What may stand before what is certain: nothing, or another clause."""
_UNCERTAIN = re.compile(
    r"\b(?:if|whether|maybe|perhaps|might|may|would|wish\w*|hop(?:e|es|ing)|plan\w*|think\w*"
    r"|want\w*|used to|no longer|not|never|former\w*|previously|until|said|says|dream\w*)\b|n['’]t\b"
    r"|想|打算|计划|考虑|可能|也许|不再|曾|以前|之前|如果|要是|希望|准备|没有|不是"
)
_VALUE_ENDS = re.compile(
    r"\s+(?:and (?:the user|they|is|has|works|lives|loves|likes)\b|with\b|since\b|but\b|because\b"
    r"|on \w+day\b|where\b|who\b|when\b|while\b|last (?:year|month|week)\b|this (?:year|month|week)\b"
    r"|und\b|seit\b|y\b|desde\b|et\b|depuis\b|now\b|again\b).*$",
    re.IGNORECASE,
)
_BIRTH_PLACE = re.compile(r"(?<=\d) in [A-ZÀ-Þ].*$")
_ABBREVIATED = re.compile(r"\b(St|Dr|Mr|Mrs|Ms)\. ")
"""What ends no sentence."""
_EDGES = " \t.。,，'\"“”"


@lru_cache(maxsize=4096)
def personal_facts(memory_text: str) -> tuple[PersonalFact, ...]:
    """What the text of a memory says for certain of its user, in order; () for most."""
    text = _ABBREVIATED.sub(r"\1 ", without_date(memory_text).strip())
    label = _OWN_LABEL.match(text)
    facts: dict[PersonalFact, None] = {}
    for sentence in sentences(text[label.end() :] if label else text):
        tables = (_THIRD, _ZH_THIRD) if not label else (_OWN, _THIRD)
        for attribute, pattern in chain.from_iterable(tables):
            for value in _values(sentence, attribute, pattern):
                facts[PersonalFact(attribute, value)] = None
    return tuple(facts)


def _values(sentence: str, attribute: str, pattern: re.Pattern[str]) -> Iterator[str]:
    match = pattern.search(sentence)
    if match is None or not _LEAD.match(sentence[: match.start()]):
        return
    if _UNCERTAIN.search(sentence[: match.end("v")]):
        return
    value = _VALUE_ENDS.sub("", match["v"])
    if attribute == BIRTHDAY:
        value = _BIRTH_PLACE.sub("", value)
    value = value.strip(_EDGES)
    if 0 < len(value) <= LONGEST_VALUE:
        yield value


_THIRD = _compiled(_THIRD_PERSON)
_ZH_THIRD = _compiled(_CHINESE)
_OWN = _compiled(_OWN_WORDS)
