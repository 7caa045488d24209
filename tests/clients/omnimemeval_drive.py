"""OmniMemEval's client of MemOS, unmodified: `python omnimemeval_drive.py FOLDER USER SAID
ASKED`. Its settings come from the environment. Adds, searches, deletes and searches again;
prints what the two searches gave as a JSON list.
"""

from __future__ import annotations

import json
import sys


def main(folder: str, user: str, said: str, asked: str) -> None:
    sys.path.insert(0, f"{folder}/scripts")
    answers, sys.stdout = sys.stdout, sys.stderr  # it prints what it does
    from client_factory import create_client  # type: ignore[import-not-found]

    client = create_client("memos")
    when = "09:44 AM on 10 December, 2025 UTC"
    messages = [{"role": "user", "content": said, "chat_time": when}]
    client.add(messages, user, conv_id="talk-1")
    found = [client.search(asked, user, 20)]
    client.delete(user)
    found.append(client.search(asked, user, 20))
    print(json.dumps(found), file=answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
