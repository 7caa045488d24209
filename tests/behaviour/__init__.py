"""What a user says, and what the system makes of it: rows of data, run without a model.

    python -m tests.behaviour [--kind K1,K2] [--language zh] [--details]
                              [--update-failing] [--url URL --key KEY]

`rows/*.jsonl` has a file for each kind of behaviour and a row for each case:

    {"id": "k1-rent-en", "kind": "K1", "language": "en", "steps": [...], "checks": [...]}

Kinds are K1..K18, U2.1..U2.9 and U4 (first use), M0..M4 (what a model would write), S
(small ones), P (sequences of statements), C (controls: what must go on working).

Steps, each with a conversation of its own unless `in` names one:

    {"add": [["user", "My rent is 900 euro.", "2025-03-01 10:00:00"], ...], "in": "c1",
     "tags": ["vehicle"]}           a message is [role, text, time] or a whole object
    {"feedback": "Wrong. The key is in the mailbox."}
    {"update": "Henrik", "content": "The teacher is called Sven."}
    {"file": {"name": "rota.html", "text": "<table>..."}}    also "docx": body XML, or
                                    "maker": a function of makers.py
Checks:

    {"ask": "How much is my rent?", "relativity": 0.45, "first": "900"}   a search
    {"stored": {"kind": "preference", "absent": ["Peta"], "at_most": 3}}  get/memory
    {"standing": {"contains": ["German"]}}   preferences that come with any search
    {"instruction": "Plan my day", "contains": ["German"]}    both prompts of a search
    {"chat": "Where do I live?", "contains": ["Rome"]}        the answer of a chat
    {"tools": {"refund": {"rate": 0.0, "error": "denied"}}}   tool memories
    {"titles": {"of": "violin", "contains": ["Sven"], "proper": true}}    of memories that
    {"tags": {"of": "violin", "absent": ["Henrik"], "proper": true}}      hold a phrase

What may be asked of texts: `first` (of the most relevant one), `contains` (each in some
text), `absent` (in no text, unless a note says that it has changed), `gone` (in no text
at all), `at_most`, `at_least` (so many texts), `nothing`. A phrase is written as in
`tests/benchmarks/everyday_talks.py` ("a & b", "a & !b", "allerg*"); a list of phrases
stands for any of them.

Rows that fail today are listed in failing.txt. They are expected to fail: one that
passes fails the suite, so that the list only becomes shorter.
"""
