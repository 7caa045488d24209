"""Media type -> parser, and the guards that stand before and behind every parser."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import replace

from shared.errors import FileRejected
from workers.parsers.document import FileLimits, ParsedFile, Part, Progress
from workers.parsers.file_types import BY_MEDIA_TYPE, FileType, Parser
from workers.parsers.refusals import library_missing, too_large
from workers.parsers.sniff import sniff

KILOBYTE = 1024
_CONTROL_CODES = (*range(32), *range(0x7F, 0xA0), 0xFEFF, 0xFFFE, 0xFFFF)
_REMOVED = {code: None for code in _CONTROL_CODES if chr(code) not in "\n\t"}


def parse_bytes(
    data: bytes, limits: FileLimits, progress: Progress, name: str = ""
) -> ParsedFile:
    """Parse a file of any accepted type. Raises FileRejected, and nothing else that a
    file could cause.
    """
    if not data:
        raise FileRejected("The file is empty.")
    if len(data) > limits.bytes:
        raise too_large(limits.bytes)
    media_type = sniff(data)
    parser = parser_for(BY_MEDIA_TYPE[media_type])
    try:
        parsed = parser(data, limits, progress, name)
    except FileRejected:
        raise
    except MemoryError as error:
        raise FileRejected(
            "The file needs more memory than one file may take."
        ) from error
    except RecursionError as error:
        raise FileRejected("The file is nested too deeply.") from error
    except Exception as error:
        raise FileRejected(
            f"The file cannot be read as {media_type}: it is damaged or cut off."
        ) from error
    parsed = replace(_storable(parsed, limits), media_type=media_type)
    if any(part.text for part in parsed.parts):
        return parsed
    return replace(parsed, parts=(_note_of_no_text(parsed, len(data), name),))


def parser_for(file_type: FileType) -> Parser:
    """The parser of a type, imported now. Raises FileRejected where the optional
    library that it needs is not installed.
    """
    library = file_type.library
    if library and importlib.util.find_spec(library) is None:
        raise library_missing(file_type.label, file_type.extra)
    module = importlib.import_module(f"workers.parsers.{file_type.parser}")
    parser: Parser = module.parse_bytes
    return parser


def _storable(parsed: ParsedFile, limits: FileLimits) -> ParsedFile:
    """The same, its text fit to be stored. Raises FileRejected when there is more text
    than one file may hold.
    """
    characters = sum(len(part.text) for part in parsed.parts)
    if characters > limits.characters:
        raise FileRejected(
            "The file holds more text than one file may"
            f" ({limits.characters} characters)."
        )
    parts = tuple(replace(part, text=clean(part.text)) for part in parsed.parts)
    return replace(parsed, parts=parts, title=clean(parsed.title))


def _note_of_no_text(parsed: ParsedFile, size: int, name: str) -> Part:
    """What can be said of a file without text: that there was one, and its size."""
    facts = [parsed.media_type]
    if parsed.pages:
        facts.append(f"{parsed.pages} pages")
    facts.append(f"{max(size // KILOBYTE, 1)} KB")
    label = f" named {name}" if name else ""
    return Part("NarrativeText", f"A file{label} ({', '.join(facts)}) without text.")


def clean(text: str) -> str:
    """Text without control characters and lone surrogates, which neither JSON nor a
    database takes.
    """
    printable = text.translate(_REMOVED)
    return printable.encode("utf-8", "ignore").decode("utf-8").strip()
