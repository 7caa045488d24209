"""What chat programs ask for themselves is not what their user said. The requests are
worded as programs word them; those of people hold at least one thing that they lack.
"""

from __future__ import annotations

import pytest

from services.gateway.chat.program_requests import own_words

TALK = (
    "USER: My sister Ada moved to Oslo.\nASSISTANT: I love Oslo! My tip: go.\n\nEnjoy."
)
HISTORY = f"### Chat History:\n<chat_history>\n{TALK}\n</chat_history>"
LINES = (
    "User: My sister Ada moved to Oslo.\nAI: Nice. I would visit her.\n\nMy tip: go."
)
TURNS = '[{"role":"user","text":"I moved."},{"role":"assistant","text":"Oh!"}]'

OF_PROGRAMS = {
    "title": "### Task:\nWrite a title of 3-5 words with an emoji that sums up the chat.\n"
    '### Output:\nJSON format: { "title": "the title" }\n' + HISTORY,
    "tags": "### Task:\nGive 1-3 broad tags for the themes of the chat.\n### Output:\n"
    'JSON format: { "tags": ["one", "two"] }\n' + HISTORY,
    "questions": "### Task:\nSuggest 3-5 questions that the user might ask next.\n"
    '### Output:\nJSON format: { "follow_ups": ["Question?"] }\n' + HISTORY,
    "searches": "### Task:\nSay whether a search is needed.\n### Output:\nStrictly return"
    ' JSON: { "queries": ["one"] } or { "queries": [] }\n' + HISTORY,
    "rest of a line": "### Task:\nContinue the text in `<text>`.\n### Output:\nRespond "
    'only in JSON: `{ "text": "the rest" }`.\n' + HISTORY + "\n<text>My sist</text>",
    "another language": "### Tâche :\nRédiger un titre de 3 à 5 mots.\n### Sortie :\n"
    '{ "titre": "le titre" }\n' + HISTORY,
    "turns": "Provide a title of 5 words or less for the conversation, without "
    "punctuation. Only return the title itself.\n\nConversation:\n" + LINES,
    "characters": "Write a concise title (max 40 characters) for what begins with:\n"
    "User: My sister moved.\nAssistant: I see.\n\nTitle:",
    "turns in a fence": "Find a title for this conversation. Only respond with the title"
    " and nothing else.\n\n```\n- You: My sister moved.\n- Assistant: Nice.\n```",
    "turns in chinese": "请把下面的对话总结成标题，不超过10个字，只输出标题：\n"
    "用户：我搬到了上海\n助手：太好了",
    "a question reworded": "Given the conversation, rephrase the last question to stand "
    "alone. Return only the question.\nHuman: I moved.\nAssistant: Where?\nHuman: Oslo.",
}
ASKED_BY_SYSTEM = [
    ("Summarize the conversation into a title of at most 10 words.", LINES),
    ("Summarize the user's chat into a title within 10 words, only text.", TURNS),
    ("Choose the tools. Only return the JSON object.", f"Query: History:\n{LINES}"),
    (
        "你需要将用户的会话总结为 10 个字以内的标题",
        "user: 我搬到了上海\nassistant: 太好了",
    ),
]
BEHIND_THE_CONVERSATION = [
    "Write a title of four to five words for our conversation, without any lead-in, "
    "punctuation or additional text.",
    "What would be a short title for this chat? Answer with only the title, no other "
    "text is allowed.",
    "使用四到五个字直接返回这句话的简要主题，不要解释、不要标点",
]
OF_PEOPLE = [
    "My sister Ada moved to Oslo.",
    "### Task: my own notes\nI moved to Oslo. Return only JSON from now on.",
    "Write a title for my talk: only 5 words. I live in Oslo.",
    "Here is my chat from yesterday, only for the title, I moved since:\n" + LINES,
    "Wer von den beiden hat recht?\n" + LINES,
    "Read this.\n<chat_history>\n" + TALK + "\n</chat_history>\nI think Ada is right.",
    "Me: I moved to Oslo.\nHer: only for the title?",
    "User: I moved to Oslo. Only the title is missing.",
    "Please only return JSON with tags for <chat_history>",
    LINES,
]


@pytest.mark.parametrize("name", OF_PROGRAMS)
def test_what_a_program_asks_is_nobodys_words(name: str) -> None:
    assert own_words(OF_PROGRAMS[name], "You are helpful.", is_first=True) == ""


@pytest.mark.parametrize(("system", "query"), ASKED_BY_SYSTEM)
def test_the_system_may_ask_about_quoted_turns(system: str, query: str) -> None:
    assert own_words(query, system, is_first=True) == ""
    assert (
        own_words(query, "Answer only questions about names.", is_first=True) == query
    )


@pytest.mark.parametrize("query", BEHIND_THE_CONVERSATION)
def test_a_title_may_be_asked_for_behind_the_conversation(query: str) -> None:
    assert own_words(query, "", is_first=False) == ""


@pytest.mark.parametrize("query", OF_PEOPLE)
@pytest.mark.parametrize("is_first", [True, False])
def test_what_may_be_a_persons_is_theirs(query: str, is_first: bool) -> None:
    assert own_words(query, "You are helpful.", is_first=is_first) == query


@pytest.mark.parametrize("query", [*OF_PROGRAMS.values(), LINES])
def test_in_a_conversation_it_may_be_quoted(query: str) -> None:
    assert own_words(query, "", is_first=False) == query


@pytest.mark.parametrize(
    "template",
    [
        "### Task:\nRespond to the user with the context.\n<context>\n<source>Oslo"
        "</source>\n</context>\n\n{}",
        "Use the excerpts.\n<context>x</context>\n<user_query>\n{}\n</user_query>",
    ],
)
def test_of_a_template_about_files_the_question_is_the_users(template: str) -> None:
    question = "I moved to Oslo. What does it say of taxes?"
    assert own_words(template.format(question), "", is_first=True) == question


@pytest.mark.parametrize(
    "query",
    [
        "<context>I moved to Oslo.</context>",
        "I moved.\n<context>x</context> And now?",
        "### Task:\nRespond.\n<context>My question: where?</context>",
    ],
)
def test_where_no_question_is_found_all_of_it_is(query: str) -> None:
    assert own_words(query, "", is_first=True) == query
