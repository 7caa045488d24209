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

from shared.contract import MEGABYTE, Code, FileStatus
from shared.domain.extraction import Draft
from shared.domain.job import FileReport, Step
from shared.domain.memory import Origin, Type
from shared.domain.memory_detail import SKILL_TYPE, SKILL_VALUE
from shared.errors import FileRejected
from workers.pipeline.files import FileToRead, failed, file_reports, load_bytes
from workers.pipeline.job_run import JobRun

_KILOBYTE = 1024
MAX_TEXT_BYTES = 100 * _KILOBYTE
MAX_ZIP_BYTES = 20 * MEGABYTE
MAX_ZIP_ENTRIES = 200

_ZIP_SIGNATURE = b"PK\x03\x04"
_FRONT_MATTER = re.compile(
    r"\A\ufeff?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)(.*)\Z", re.S
)
_FIELD = re.compile(r"^(\w[\w-]*):[ \t]*(.*(?:\n[ \t]+.*)*)", re.M)
_PATH = re.compile(r"(?:[^/]+/)?SKILL\.md", re.I)
"""In a zip: at the first level, or in the one folder that was packed."""
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
)
"""What reading a damaged or an encrypted zip raises."""


async def read_skill(run: JobRun, file: FileToRead) -> list[Draft]:
    """The skill as a draft; how its file fared is written down in the job."""
    name, drafts = file.name or "SKILL.md", list[Draft]()
    [earlier] = file_reports(run, [file])
    report = FileReport(name, earlier.source)
    await run.progress(Step.PARSE, files=1, file=report.name)
    try:
        report, data = await load_bytes(run, file, report)
        drafts = [parse_skill(data, report)]
        report = replace(
            report, status=FileStatus.COMPLETED, media_type="text/markdown"
        )
    except FileRejected as error:
        report = failed(report, error.message, error.code)
    await run.save(files=(report,))
    await run.progress(Step.EXTRACT, files_done=1, file="")
    return drafts


def parse_skill(data: bytes, report: FileReport) -> Draft:
    """Read a SKILL.md or a zip with one. Raises `FileRejected` with FILE_NOT_ACCEPTED for
    anything else, FILE_TOO_LARGE for too much, FILE_UNREADABLE without name and
    description.
    """
    is_zip = data.startswith(_ZIP_SIGNATURE)
    text = _decoded(_unpacked(data) if is_zip else data)
    front_matter = _FRONT_MATTER.match(text)
    header, body = front_matter.groups() if front_matter else ("", "")
    fields = {key.lower(): _value(value) for key, value in _FIELD.findall(header)}
    name, description = fields.pop("name", ""), fields.pop("description", "")
    if not name or not description:
        raise FileRejected(
            "A skill begins with its name and description between two lines of ---."
        )
    value: dict[str, Any] = {
        "name": name,
        "description": description,
        "procedure": body.strip(),
        "experience": [],
        "preference": [],
        "examples": [],
        "script": {},
        "others": fields,
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
    """The SKILL.md of a zip, one byte longer than allowed at most."""
    if len(data) > MAX_ZIP_BYTES:
        message = f"The zip is larger than {MAX_ZIP_BYTES // MEGABYTE} MB."
        raise FileRejected(message, code=Code.FILE_TOO_LARGE)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if len(names) > MAX_ZIP_ENTRIES:
                raise FileRejected(f"The zip holds more than {MAX_ZIP_ENTRIES} files.")
            paths = [name for name in names if _PATH.fullmatch(name)]
            if not paths:
                raise FileRejected("The zip holds no SKILL.md at its first level.")
            with archive.open(min(paths, key=len)) as file:
                return file.read(MAX_TEXT_BYTES + 1)
    except _ZIP_ERRORS as error:
        raise FileRejected("The zip is damaged or locked.") from error


def _decoded(data: bytes) -> str:
    if len(data) > MAX_TEXT_BYTES:
        message = f"The skill is longer than {MAX_TEXT_BYTES // _KILOBYTE} KB."
        raise FileRejected(message, code=Code.FILE_TOO_LARGE)
    try:
        return data.decode("utf-8").replace("\0", " ")
    except UnicodeDecodeError as error:
        message = "A skill is a Markdown file in UTF-8, or a zip with one."
        raise FileRejected(message, code=Code.FILE_NOT_ACCEPTED) from error


def _value(text: str) -> str:
    """A value of the front matter: plain, quoted, or a block over several lines."""
    text = " ".join(re.sub(r"\A[|>][+-]?", "", text.strip()).split())
    if not text.startswith('"'):
        return text.strip("'")
    try:
        return str(json.loads(text))
    except ValueError:
        return text.strip('"')
