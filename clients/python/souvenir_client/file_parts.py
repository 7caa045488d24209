"""Files as parts of messages."""

from __future__ import annotations

import base64
from pathlib import Path

from souvenir_client.values import Json


def file_part(file: str | Path | bytes, name: str = "") -> Json:
    """A message part for a file: a path or bytes are sent along as base64, an http(s)
    URL is fetched by the server. `name` is the file's, by default that of the path.
    """
    if isinstance(file, str) and file.startswith(("http://", "https://")):
        data = file
    elif isinstance(file, bytes):
        data = base64.b64encode(file).decode()
    else:
        path = Path(file)
        data = base64.b64encode(path.read_bytes()).decode()
        name = name or path.name
    content = {"file_data": data, "filename": name} if name else {"file_data": data}
    return {"type": "file", "file": content}
