"""The words that rules look for: tables of patterns, one place for all of extraction.
What they mean stands where they are used.
"""

from __future__ import annotations

import re

# ---- facts

SPEAKER = re.compile(
    r"([A-Z][\w.'-]*(?: [A-Z][\w.'-]*){0,2}|[\u4e00-\u9fff]{2,4})[:：]\s*(?=\S)"
)
RECALLED = re.compile(
    r"<(?P<tag>[\w-]*memor(?:y|ies)[\w-]*)(?:\s[^<>]*)?>.*?</(?P=tag)>", re.I | re.S
)
NOT_A_SPEAKER = re.compile(
    r"^(?:note|warning|question|answer|q|a|https?|example|user|assistant|system|human"
    r"|ai|bot|ps|objective|constraints?|todo|stand-?up|updates?|summary|status|reminder"
    r"|tasks?|goals?|context|background|problem|issue|error|bug|edit|fyi|tl;?dr|subject"
    r"|re|fwd|from|to|cc|date|time|name|address|phone|e-?mail|title|topic|ideas?"
    r"|plans?|agenda|(?:meeting )?(?:notes|minutes)|meeting|today|yesterday|tomorrow"
    r"|\w+day|morning|evening|(?:dear )?diary|log|input|output|results?|expected|actual"
    r"|steps?|options?|first|second|third|important|attention|hint|tips?|fact|quote|definition"
    r"|code|python|sql|json|budget|deadline|location|place|price|order"
    r"|translate\b.*|my\b.*|the\b.*)$"
    r"|[我你他她它您的了是要求请不]|问题|注意|备注|地址|电话|时间|日期"
    r"|姓名|标题|主题|总结|例如|比如|提示|如下|答案|方案|目标|任务|内容"
    r"|原因"
    r"|结果|步骤|背景|预算|日记|会议|今天|昨天|明天|周",
    re.I,
)
YES_OR_NO = re.compile(
    r"(?:yes|yeah|yep|yup|no|nope|nah|not yet|not really|not any ?more|i do|i don['’]t"
    r"|i am|i['’]m not|是的?|不是|对的?|有的?|没有|还没有?|会的?|不会|嗯)"
    r"(?:[\s,.!，。！]|$)[^.!?。！？]*",
    re.I,
)
ABOUT_YOU = re.compile(
    r"\b(?:are|were|is|was|do|does|did|have|has)\b(?! you (?:want|need|mean|have any "
    r"(?:other|more|questions?|preferences?)))[^?]*\byou(?:r|rs)?\b[^?]*\?"
    r"|(?<!需)(?<!要)[你您](?!要不要|需要|想让我|可以)[^？?]*[吗没？?]",
    re.I,
)
CHATTER = re.compile(
    r"^(?:(?:oh|ok|okay|well|hey|hi|hmm+|so|anyway|anyways|by the way|btw|(?:big|good"
    r"|great|bad|some) news|(?:good )?(?:morning|evening|afternoon)|right|wow|haha+|lol"
    r"|um+|uh+"
    r"|you know(?: what)?|guess what|speaking of which|quick update)(?:[,!:…]+\s+|\s*[–—-]+\s+)"
    r"|[嗯哦啊哈嘿诶]+[，,！!、\s]+|(?:对了|还有|另外|话说|那个|行|好的?"
    r"|顺便(?:说一下|问一下)?|你好|您好|早上好|早|下午好|晚上好"
    r"|哈喽)[，,！!]\s*"
    r"|(?:对了|另外|还有)(?=[我他她下明今这])|(?:and|also|plus)\s+(?=(?:I|my|we|our|the|can|could)\b))+"
    r"(?=\S)",
    re.I,
)
SYMBOLS = re.compile(r"[^\w\s,.!?'’，。！？~～…]+")
FILLER = re.compile(
    r"(?:(?:hey|hi|hello|goodbye|wow|oh|nothing|congratulations|congrats|well done|good "
    r"luck|have a (?:great|nice|good|lovely|wonderful) (?:day|evening|weekend|night|one"
    r"|time|trip)|yeah|yes|yep|no|nope|sure|ok|okay|cool|nice|great|awesome|amazing|thanks"
    r"|thank you|bye|haha|lol|right|exactly"
    r"|totally|absolutely|definitely|(?:good )?(?:morning|afternoon|evening)|good (?:night"
    r"|to (?:see|hear from) you)|see you(?: later| soon)?|take care|you too|got it|no "
    r"problem"
    r"|sounds (?:good|great)|you(?:'re| are) welcome|how are you(?: doing)?|how have "
    r"you been|what'?s up|anything new|talk (?:to you )?(?:soon|later)"
    r"|so much|again|there|everyone|too|it|all|very|for (?:that|sharing|asking)|i'll "
    r"keep that in mind|noted|understood|(?:i )?hope (?:this|that|it) helps(?: you)?"
    r"|happy to help|glad i could help|my pleasure|certainly|of course"
    r"|(?:please )?(?:feel free to|don['’]t hesitate to|let me know)[^.!?]*|is there "
    r"anything else[^.!?]*|how (?:can|may) i (?:help|assist)[^.!?]*|i['’]ll (?:search"
    r"|look|check)[^.!?]{0,30})"
    r"(?:[,\s]+[A-Z]\w+)?[\s,.!?~…]*)+",
    re.I,
)
FILLER_ZH = re.compile(
    r"(?:(?:你好|您好|大家好|嗨|哈哈+|嗯+|哦+|好的?|好吧|行|可以|谢谢(?:你"
    r"|您)?|不客气|再见|拜拜|早上好|晚上好|晚安|明白了?|收到"
    r"|知道了|是的?|对的?|没事了?|当然|不用了|祝[你您][^。！？]*|希望[^。！？]{0,12}(?:帮助|有用)"
    r"|(?:如果|如)[^。！？]{0,16}(?:随时|尽管)[^。！？]*|随时[^。！？]{0,10}"
    r"|有什么(?:可以|能)?[^。！？]{0,6}帮[^。！？]{0,6}"
    r"|恭喜(?:你|您)?)[呀啊哦啦吧嘛\s，。！？~～…]*)+"
)
PERSONAL = re.compile(
    r"\b(?:my name is|i(?:'m| am) (?:a|an|from|married|single|\d+)|i (?:work|live|grew "
    r"up|was born|study|own|speak)\b|my (?:wife|husband|son|daughter|kids|"
    r"mother|father|sister|brother|dog|cat|birthday|job|email|phone|address|hometown)\b)"
    r"|我(?:叫|是|住|在.{1,8}(?:工作|上班|上学)|的(?:名字|生日|职业|电话|邮箱|家)"
    r"|的?(?:妈妈|爸爸|母亲|父亲|哥哥|弟弟|姐姐|妹妹|女儿|儿子|老公|丈夫|老婆|妻子|孩子|女朋友|男朋友))",
    re.I,
)

# ---- preferences

_SOFT = (
    r"(?:\s+(?:also|always|really|strongly|greatly|deeply|just|much|still|generally|usually"
    r"|typically|normally|often|mostly|mainly|tend\s+to"
    r"|personally|definitely|absolutely|particularly|especially|specifically|actively"
    r"|actually|kind\s+of|only|now|vastly|truly|\w+ly))*"
)
STATED = re.compile(
    rf"""(?<![\w'’])(?:
      I{_SOFT}\s+(?:prefer|favou?r|avoid|dislike|hate|detest|loathe|despise|refuse|resent
        |steer\s+clear|stay\s+away|keep\s+away|shy\s+away
        |stick\s+(?:to|with)|go\s+for(?!\s+(?:an?\s+)?(?:\w+\s+)?(?:walk|run|swim|ride|drive|hike
        |jog|stroll))|stay\s+clear|learn\s+best|work\s+best|gravitate|lean\s+towards?|swear\s+by
        |opt\s+for|insist\s+on|value|prioriti[sz]e|abstain)\b
    | I{_SOFT}\s+(?:can['’]?t|cannot|can\s+not|could\s?n['’]t)\s+(?:stand|bear|tolerate|eat|drink
        |have|handle|digest|consume|use)\b
    | I{_SOFT}\s+(?:don['’]t|do\s+not|never|won['’]t|will\s+not|wouldn['’]t
        |no\s+longer){_SOFT}\s+(?:like|enjoy|eat|drink|wear|use|watch|listen|read|buy|play
        |follow|want\s+to\s+(?:watch|read|eat|wear|use|buy|play|see|drive|listen)|care\s+for
        |appreciate|consider|drive|own|smoke|cook|support|attend|participate|find)\b
    | I(?:\s+\w+)?\s+tend\s+to\s+(?:use|buy|wear|watch|listen|read|play|eat|drink|order)\b
    | I{_SOFT}\s+(?:try|choose|like|prefer)\s+to\s+(?:avoid|stay\s+away|steer\s+clear|keep\s+away)\b
    | (?:as\s+)?someone\s+who{_SOFT}\s+(?:prefers|avoids|dislikes|hates|loves)\b
    | I['’]?\s?a?m{_SOFT}\s+(?:wary\s+of|reluctant\s+to)\b
    | I\s+(?:only|exclusively|solely|strictly|primarily)\s+[a-z]+\b
    | I['’]?\s?a?m{_SOFT}\s+(?:allergic|intolerant|averse|opposed|(?:an?\s+)?(?:\w+\s+)?(?:vegan
        |vegetarian|pescatarian|teetotal\w*)|lactose|not\s+(?:really\s+|much\s+)?
        (?:an?\s+|one\s+for\s+)?(?:big\s+|huge\s+)?(?:fan|into|keen|interested|fond|comfortable)
        |an?\s+(?:strong\s+|big\s+|huge\s+|firm\s+)?(?:advocate|proponent|fan)\s+of
        |partial\s+to|sensitive\s+to|looking\s+to\s+avoid|trying\s+to\s+avoid|drawn\s+to)
    | I\s+have\s+(?:an?\s+|no\s+)?(?:[\w-]+\s+){{0,2}}(?:aversion|preference|dislike|distaste|fear
        |phobia|allergy|allergies|intolerance|hatred|interest\s+in|soft\s+spot)\b
    | (?:I\s+(?:need|require)|my\s+\w+\s+(?:needs|requires))\s+an?\s+\w+[^.?!]*\b(?:because
        |due\s+to|since)\b
    | I\s+have\s+an?\b[^.?!]*,?\s+so\s+I\s+(?:need|can['’]?t|must|have\s+to|require)\b
    | I{_SOFT}\s+find\s+(?!it\b|out\b|that\b|myself\b)[^.?!,]*\b(?:boring|dull|ineffective
        |distracting|uncomfortable|overwhelming|annoying|unappealing|tedious|stressful|off-putting)\b
    | [^.?!]*\b(?:(?:isn['’]t|is\s+not|aren['’]t|not)\s+(?:really\s+)?(?:my\s+(?:thing|style
        |cup\s+of\s+tea|taste)|for\s+me)|(?:doesn['’]t|don['’]t|does\s+not|do\s+not)\s+appeal\s+to\s+me
        |turns?\s+me\s+off|puts?\s+me\s+off)\b
    | my\s+(?:all-time\s+)?favou?rite\b[^.?!]*\b(?:is|are)\b
    | (?:please\s+)?(?:never|don['’]t(?:\s+ever)?|do\s+not)\s+(?:recommend|suggest|show|give|send
        |call|offer|remind)\b
    )""",
    re.I | re.X,
)
LIKED = re.compile(
    rf"(?<![\w'’])(?:I{_SOFT}\s+(?:love|adore|enjoy|like)|I['’]ve\s+always\s+(?:loved"
    rf"|enjoyed|liked|preferred)|I['’]?\s?a?m\s+(?:\w+\s+)?(?:obsessed\s+with|passionate\s+about))"
    r"\s+(?!the\s+idea|the\s+sound|the\s+way|that\b|this\b|it\b|your\b|those\b|these\b"
    r"|how\b|what\b|when\b|to\s+(?:know|hear|see|learn\s+more|get|discuss|talk|try|make)\b"
    r"|both\b|all\b|them\b|you\b)",
    re.I,
)
HEDGED = re.compile(
    r"\b(?:usually|generally|typically|normally|often|mostly|tend\s+to|lean|gravitate"
    r"|drawn\s+to|kind\s+of|lately|these\s+days|most\s+of\s+the\s+time|try\s+to|wary)\b"
    r"|一般|通常|平时|往往|倾向|习惯|向来|大多|都是",
    re.I,
)
LEAD_IN = re.compile(
    r"^(?:(?:by the way|speaking of (?:which|that)|also|you know|well|actually|honestly"
    r"|oh|and|but|though|on another note|in general)\s*[,:–—-]?\s+)+"
    r"(?=[A-Z\"'“I])",
    re.I,
)
ASKS = re.compile(
    r"[,;:–—-]?\s*(?:but |and |so )?\b(?:do|can|could|would|are|is|what|which|any|have"
    r"|how|should|where)\b\s+"
    r"(?:you|there|it|i|we|recommend\w*|suggest\w*|ideas?|are|is|would|do)\b[^?]*\?\s*$",
    re.I,
)
CLAUSES = re.compile(r"(?:[,;]?\s+(?:and|but)\s+|;\s+)(?=I\b)")
CLAUSES_ZH = re.compile(
    r"[，；]\s*(?:(?:而且|并且|另外|还有|同时|但是?|不过|可是)|(?=(?:我"
    r"|以后|请|别|不要)[^，。]*(?:推荐|发给)))"
)
JOINT = re.compile(
    r"(?:[,;，；]|\s|^|\b)*(?:by the way|btw|also|actually|well|oh|and|but|so|而且|并且|另外"
    r"|还有|同时|但是?|不过|可是|所以|顺便说一下|对了|其实)?[\s,;，；]*$",
    re.I,
)
JOINS = re.compile(
    r"^[\s.,;!。，；！]*(?:(?:and|but|so)\b|而且|并且|另外|还有|同时|但是?|不过|可是|所以)?\s*",
    re.I,
)
LIMITS = re.compile(r"but|但|不过|可是")
SHUT_OUT = re.compile(
    r"(?:\b(?:rather than|instead of|as opposed to|(?:(?<!to )|(?<=(?:tend|like) to )"
    r"|(?<=(?:prefer) to )|(?<=try to ))avoid(?:s|ing)?|without (?:(?:relying on|using"
    r"|requiring|needing|involving|including|creating) |(?!\w+ing\b))|stay(?:ing)? away "
    r"from|steer(?:ing)? clear of|wary of|(?:not|n['’]t) (?:really )?(?:a fan of|into)"
    r"|(?:don['’]?t|doesn['’]?t|do not|does not|can['’]?t|not|never) (?:really )?(?:like"
    r"|enjoy|stand|require|need|involve|include|rely on|depend on|care for))"
    r"|\bprefer\w*\b[^.;?!]*? over)\s*(?<=\s)(?P<what>[^.,;:?!–—()]+)",
    re.I,
)
SHUT_OUT_ZH = re.compile(
    r"(?:而不是|不要|不用|不需要|不含|避免|避开|受不了|不(?:太|怎么)?(?:喜欢"
    r"|习惯|爱|想))(?P<what>[^，。；：！？、]{2,14})"
)
OBJECT_END = re.compile(
    r"\s(?:since|because|as|so|but|due|when|if|though|although|for|and (?:I|they|\w+ "
    r"(?:for|to|at|in))|-)\s|的(?=[^，。]{0,4}$)",
    re.I,
)
PLACED = re.compile(r"(?:at|in|on|by|to|with|from)\b", re.I)
POINTS_BACK = re.compile(r"(?:he|she|they|his|her|their)\b|[他她](?!们)|[他她]们", re.I)
COMMON = """    usually prefer tend avoid like work working thing things stuff time lot lots make
    making want need good better best use using try trying look looking
    find finding anything something help idea ideas suggest suggestion suggestions
    recommend recommendation recommendations tip tips people person feel know think enjoy
    great love way ways new old more less than rather especially since because get getting
    go going come take give keep kind sort type option options day week month year
    really simple always often mostly normally generally some any one ones two user dislike
    stand into instead without require involve include rely sure interest interested
一般 通常 平时 喜欢 习惯 推荐 比较 觉得 东西 时候 用户 倾向 向来 总是"""
WORK = re.compile(
    r"\b(?:write|code|function|essay|paragraph|translate|rewrite|summari[sz]e|sentence"
    r"|output|script|email)\b|```|代码|翻译|改写",
    re.I,
)
_ME = (
    r"(?:我(?:们家|们|家)?(?:个人|本人|自己|平时|平常|一直|其实|真的|比较|特别|非常|尤其|最|很|更|挺|还|也|都|从来|从小"
    r"|通常|一般|总是|只|就|可|实在|现在|倾向于?|喝酒|有点|是)*)"
)
TASK = re.compile(
    r"\s*(?:please\s+|can you\s+|could you\s+)?(?:translate|rewrite|rephrase|paraphrase"
    r"|proofread|correct|pretend|imagine|role-?play|summari[sz]e|act as)\b"
    r"|(?:请)?(?:把|帮我)?(?:下面|以下)?[^，。]{0,8}(?:翻译|改写|润色|校对|扮演|假装)",
    re.I,
)
RULED = re.compile(
    r"^(?:please\s+)?(?:(?:from\s+now\s+on|in\s+(?:the\s+)?future|going\s+forward),?(?!\s+(?:I"
    r"|we|he|she|they|it|there|my|the)\b)"
    r"|(?:always|never|do\s+not|don['’]t)\s+(?:use|answer|reply|respond|recommend|suggest"
    r"|call|show|include|write|give|send|ask|add|mention|say|speak|format|explain|book"
    r"|order)"
    r"|stop\s+(?:using|recommending|suggesting|sending|asking|calling|adding|giving|showing"
    r"|telling|reminding)|(?:always\s+)?call\s+me)\b"
    r"|^(?:请|麻烦)?(?:以后|今后|往后|从现在起|从今以后|从此|下次)(?:你"
    r"|您)?(?:都|请|别|不要|不许|叫|称呼|给我|跟我|对我|回答"
    r"|回复|用[^，。]{0,6}(?:回答|回复|写|说|文)|一律|尽量|记得)"
    r"|^(?:请|麻烦)?(?:一律|始终|总是|永远|务必)(?:用|叫|以|给|使用|不|别)",
    re.I,
)
LIST_OF = re.compile(
    r"^(?:here (?:are|is) )?my\s+(?:\w+\s+){0,2}(?:preferences?|requirements|wishes|likes"
    r"|dislikes|dietary\s+\w+|allergies)\s*(?:are|is)?\s*[:：]\s*$"
    r"|^我的?[^，。：]{0,4}(?:要求|偏好|喜好|忌口|过敏)(?:如下|有|是)?\s*[:：]\s*$",
    re.I,
)
STATED_ZH = re.compile(
    rf"{_ME}(?:不太|不怎么|不|没那么|更|最|很|只)?(?:喜欢|喜爱|偏好|偏爱"
    rf"|钟爱|爱吃|爱喝|爱看|爱听|爱用|愿意|宁愿|宁可|讨厌|厌恶|反感"
    rf"|受不了|忍不了|害怕|怕|排斥|拒绝|忌口|吃素|过敏|避免|避开)"
    rf"|{_ME}(?:对[^，。！？]{{1,12}}(?:过敏|反感|没兴趣|不感兴趣|感兴趣|情有独钟))"
    rf"|{_ME}(?:不吃|不喝|不看|不用|不买|不穿|不坐|不去|不抽|从不|只吃"
    rf"|只喝|只看|只用|只买|只穿|只坐|只听|只住)"
    r"|(?:请)?(?:别|不要|不用)(?:再)?(?:给我|向我|跟我|对我)[^，。！？]{0,6}(?:推荐"
    r"|推|发|看|介绍|提)|^(?:请)?(?:别"
    r"|不要|不用)(?:再)?(?:推荐|介绍|发)"
    rf"|{_ME}[^，。！？]{{0,4}}(?:一般|通常|平时|习惯)[^，。！？]{{0,6}}(?:喝|吃|用|坐|看|听|穿|买|住|选)"
    r"|(?:给我|推荐|回答)[^，。！？]{0,10}(?:的时候|时)[^，。！？]{0,4}(?:别|不要|尽量|必须|一定)"
    rf"|(?:是|为)?(?:素食者|素食主义者)|{_ME}[^，。！？]{{0,6}}(?:不习惯|习惯于?|一般都|通常都|总是|向来)"
)
OTHERS_ZH = re.compile(
    r"我(?:的)?[^，。！？]{0,3}(?:爸|妈|父|母|哥|弟|姐|妹|叔|伯|姑|姨"
    r"|舅|爷|奶|侄|甥|表|堂|儿|女|妻|丈夫|老公|老婆|老板|上司"
    r"|下属|同事|同学|朋友|邻居|老师)"
)

# ---- choices

CHOOSES = re.compile(
    r"\b(?:(?:I(?:['’]ll| will|['’]d| would|['’]m going to)?|let['’]s)\s*(?:probably "
    r"|definitely |just |rather |like to )?"
    r"(?:go(?:ing)? (?:with|for)|choose|pick|take|opt for|stick with)|option\s+(?:\d"
    r"|one|two|three|four|five)"
    r"|(?:sounds?|seems?|looks?|would be|is)\s+(?:like\s+)?(?:a |the )?(?:really )?(?:great"
    r"|good|best|perfect|nice|right|most|ideal|better)"
    r"|appeals? to me|interests? me)|^(?:the\s+)?(?:first|second|third|fourth|last)(?:\s+(?:one"
    r"|option))?\s*[.,!]|^[A-E](?=吧|款)"
    r"|(?:选|挑)(?:择)?(?:第|方案|选项)?[一二三四五1-5]?|第[一二三四五]个"
    r"|(?:就|还是).{1,12}吧|(?:想|决定)[选要].{1,16}",
    re.I,
)
LISTED = re.compile(
    r"(?:^|\n|\s)(?:\(?\d{1,2}[.)、:]|[-*•]|[A-E][.)])\s*([^\n]+?)(?=(?:\s\(?\d{1,2}[.)]\s)|\n|$)"
)
NUMBER = re.compile(
    r"\b(?:option|number|choice|#)\s*#?(\d|one|two|three|four|five)\b|\b(first|second"
    r"|third|fourth|fifth|last)\b|第?([一二三四五1-5])(?:个|项|种|号|方案)|(?:方案|选项|选)([一二三四五1-5])"
    r"|^([A-E])(?=吧|款)",
    re.I,
)
AGAINST = re.compile(
    r"\b(?:other|rest|others|remaining|don['’]t|doesn['’]t|not|too|rather than|instead"
    r"|avoid|while|though|less)\b|不|别的|其他|太",
    re.I,
)
