"""A skill that somebody wrote down: a SKILL.md, alone or in a zip, put on a knowledge
base as a file of kind "skill" (contract 5.5).
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from dataclasses import replace
from typing import Any

from shared.domain.extraction import Draft
from shared.domain.job import FileReport, Step
from shared.domain.memory import Origin, Type
from shared.domain.memory_detail import SKILL_TYPE, SKILL_VALUE
from shared.errors import FileRejected
from workers.pipeline.job_run import JobRun
from workers.pipeline.steps.parse import READ, FileToRead, bytes_of, failed

KIND = "skill"
LARGEST_TEXT = 100 * 1024
LARGEST_ZIP = 20 * 1024 * 1024
MOST_FILES = 200
NOT_ACCEPTED = 40007

_FRONT = re.compile(
    r"\A\ufeff?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)(.*)\Z", re.S
)
_FIELD = re.compile(r"^(\w[\w-]*):[ \t]*(.*(?:\n[ \t]+.*)*)", re.M)
_PLACE = re.compile(
    r"(?:[^/]+/)?SKILL\.md", re.I
)  # at the first level, or in the one folder that was packed


async def read_skill(run: JobRun, paper: FileToRead) -> list[Draft]:
    """The skill as a draft; how its file fared is written down in the job."""
    report, drafts = FileReport(paper.name or "SKILL.md", paper.source), list[Draft]()
    await run.at(Step.PARSE, files=1, file=report.name)
    try:
        report, data = await bytes_of(run, paper, report)
        drafts = [skill(data, report)]
        report = replace(report, status=READ, media_type="text/markdown")
    except FileRejected as error:
        report = failed(report, error.message, error.code)
    await run.save(files=(report,))
    await run.at(Step.EXTRACT, files_done=1, file="")
    return drafts


def skill(data: bytes, report: FileReport) -> Draft:
    """Read a SKILL.md or a zip with one. Raises FileRejected: 40007 for anything else,
    50104 for too much, 50107 without name and description.
    """
    text = _text(_unpacked(data) if data[:4] == b"PK\x03\x04" else data)
    front = _FRONT.match(text)
    fields = (
        {name.lower(): _value(value) for name, value in _FIELD.findall(front[1])}
        if front
        else {}
    )
    name, description = fields.get("name", ""), fields.get("description", "")
    if front is None or not name or not description:
        raise FileRejected(
            "A skill begins with its name and description between two lines of ---."
        )
    value: dict[str, Any] = {
        "name": name,
        "description": description,
        "procedure": front[2].strip(),
        "experience": [],
        "preference": [],
        "examples": [],
        "script": {},
        "others": {
            key: field
            for key, field in fields.items()
            if key not in ("name", "description")
        },
    }
    return Draft(
        type=Type.SKILL,
        text=f"{name}: {description}",
        title=name,
        subject=f"skill:{name.lower()}",
        context=description,
        detail={SKILL_VALUE: value, SKILL_TYPE: "uploaded"},
        origins=(Origin(file=report.name, source=report.source),),
    )


def _unpacked(data: bytes) -> bytes:
    if len(data) > LARGEST_ZIP:
        raise FileRejected(
            f"The zip is larger than {LARGEST_ZIP // 1024**2} MB.", code=50104
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
            if len(names) > MOST_FILES:
                raise FileRejected(f"The zip holds more than {MOST_FILES} files.")
            place = min(
                (name for name in names if _PLACE.fullmatch(name)), key=len, default=""
            )
            if not place:
                raise FileRejected("The zip holds no SKILL.md at its first level.")
            with packed.open(place) as file:
                return file.read(LARGEST_TEXT + 1)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
    ) as error:
        raise FileRejected("The zip is damaged or locked.") from error


def _text(data: bytes) -> str:
    if len(data) > LARGEST_TEXT:
        raise FileRejected(
            f"The skill is longer than {LARGEST_TEXT // 1024} KB.", code=50104
        )
    try:
        return data.decode("utf-8").replace("\0", " ")
    except UnicodeDecodeError as error:
        raise FileRejected(
            "A skill is a Markdown file in UTF-8, or a zip with one.", code=NOT_ACCEPTED
        ) from error


def _value(text: str) -> str:
    """A value of the front matter: plain, quoted, or a block over several lines."""
    text = " ".join(re.sub(r"\A[|>][+-]?", "", text.strip()).split())
    if text[:1] == '"':
        try:
            return str(json.loads(text))
        except ValueError:
            return text.strip('"')
    return text.strip("'")
