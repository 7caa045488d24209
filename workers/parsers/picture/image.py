"""Pictures: right way up, what is known of them, and the text in them.

Two settings of PIL are global. `open_picture` sets `PIL.Image.MAX_IMAGE_PIXELS` to the
limit of the file at hand, because PIL checks it deep in its decoders and takes it from
nowhere else; and it registers the decoder for HEIC. Both are harmless in the parsing
process, which reads one file at a time and does nothing else with PIL; whoever calls
`parse` in a process of their own shares that limit.
"""

from __future__ import annotations

import importlib.util
import io
import warnings
from typing import Any

from shared.errors import FileRejected
from workers.parsers.document import (
    FileLimits,
    ParsedFile,
    Part,
    Picture,
    Progress,
    check_pages,
)
from workers.parsers.picture import exif, ocr
from workers.parsers.picture.ocr_layout import parts_of_lines

LONGEST_SIDE = 3000
"""Pixels: larger pictures are made smaller before their text is read."""
MIN_INNER_SIDE = 40
"""Pixels: a smaller picture in a document holds no text."""
DESCRIBED_SIDE = 1280
"""Pixels: larger pictures are made smaller before they are described."""
MIN_DESCRIBED_SIDE = 100
"""Pixels: a smaller picture is an ornament."""
DESCRIBED_QUALITY = 85
"""Of the JPEG."""
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF")
"""PIL's names of the formats that are read, where their decoders are installed."""
HEIF_DECODER = "pi_heif"
"""A module that is not required: a wheel of 1.5 MB."""
FORMAT_NAMES = {"MPO": "JPEG", "HEIF": "HEIC"}
"""As people call them."""
STEPS_OF_16_BITS = 256
"""Of a 16-bit pixel that are one step of an 8-bit pixel."""
KILOBYTE, MEGABYTE = 1024, 1024**2


def parse_bytes(
    data: bytes, limits: FileLimits, progress: Progress, name: str = ""
) -> ParsedFile:
    """What is known of a picture, then its text; the frames of a TIFF are its pages.
    Raises FileRejected.
    """
    picture = open_picture(data, limits)
    # A TIFF has pages; the frames of an animation are one picture.
    count = int(getattr(picture, "n_frames", 1)) if picture.format == "TIFF" else 1
    check_pages(count, limits, "picture")
    progress(0, count)
    description = _describe(picture, len(data), name)
    texts, described = list[Part](), list[Picture]()
    for index in range(count):
        picture.seek(index)
        page = index + 1 if count > 1 else 0
        frame = upright(picture)
        for part in parts_of(frame):
            texts.append(Part(part.kind, part.text, page, part.depth))
        if len(described) < limits.described_pictures:
            described += pictures_of(frame, page)
        progress(index + 1, count)
    result = "The text in it follows." if texts else "No text was found in it."
    head = Part("Image", f"{description} {result}", 1 if count > 1 else 0)
    return ParsedFile((head, *texts), pages=count, pictures=tuple(described))


def open_picture(data: bytes, limits: FileLimits) -> Any:
    """A PIL image, size checked before a pixel is unpacked. Raises FileRejected for a
    bomb, a cut or an unknown picture. Sets a global limit of PIL: see above.
    """
    from PIL import Image, UnidentifiedImageError

    too_many_pixels = FileRejected(
        f"The picture has more than {limits.pixels // 10**6} million pixels."
    )
    Image.MAX_IMAGE_PIXELS = limits.pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(data), formats=_installed_formats())
    except Image.DecompressionBombError as error:
        raise too_many_pixels from error
    except UnidentifiedImageError as error:
        raise FileRejected(
            "The picture cannot be read: it is damaged, cut off, or of a kind that is"
            " not supported here."
        ) from error
    if picture.width * picture.height > limits.pixels:
        raise too_many_pixels
    return picture


def _installed_formats() -> tuple[str, ...]:
    """Those of FORMATS that can be read, their plugins loaded."""
    from PIL import AvifImagePlugin, Image, TiffImagePlugin, WebPImagePlugin  # noqa: F401

    Image.preinit()
    if importlib.util.find_spec(HEIF_DECODER):
        importlib.import_module(HEIF_DECODER).register_heif_opener()
    return tuple(name for name in FORMATS if name in Image.OPEN)


def upright(picture: Any) -> Any:
    """The picture as RGB, turned as EXIF says, on white where it is transparent, no
    side above LONGEST_SIDE.
    """
    from PIL import Image, ImageOps

    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    turned = ImageOps.exif_transpose(picture)
    turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info:
        layer = turned.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        turned = Image.alpha_composite(white, layer)
    if turned.mode.startswith("I;16") or turned.mode in ("I", "F"):
        turned = turned.convert("F").point(lambda value: value / STEPS_OF_16_BITS)
    return turned.convert("RGB")


def parts_of(picture: Any) -> list[Part]:
    """The text of an upright RGB picture as parts."""
    return parts_of_lines(ocr.recognise(picture).lines)


def pictures_of(picture: Any, page: int = 0) -> list[Picture]:
    """An upright RGB picture as one to be described; none where it is too small to show
    anything.
    """
    if min(picture.size) < MIN_DESCRIBED_SIDE:
        return []
    small, jpeg = picture.copy(), io.BytesIO()
    small.thumbnail((DESCRIBED_SIDE, DESCRIBED_SIDE))
    small.save(jpeg, "JPEG", quality=DESCRIBED_QUALITY)
    return [Picture(jpeg.getvalue(), page)]


def open_inner_picture(data: bytes, limits: FileLimits) -> Any:
    """A picture inside a document, upright; None when it cannot be read or is too small
    to hold anything.
    """
    try:
        picture = open_picture(data, limits)
        return None if min(picture.size) < MIN_INNER_SIDE else upright(picture)
    except (FileRejected, OSError, ValueError, SyntaxError):
        return None


def _describe(picture: Any, size: int, name: str) -> str:
    """Format, measures, size and what EXIF says, in one sentence."""
    tags = exif.exif_of(picture)
    format = FORMAT_NAMES.get(picture.format or "", picture.format)
    width, height = picture.size
    if exif.is_rotated(tags):
        width, height = height, width
    if size >= MEGABYTE:
        readable_size = f"{size / MEGABYTE:.1f} MB"
    else:
        readable_size = f"{max(size // KILOBYTE, 1)} KB"
    measures = f"{format}, {width} × {height} pixels, {readable_size}"
    facts = "; ".join([measures, *exif.facts_of(tags)])
    label = f" named {name}" if name else ""
    return f"A picture{label} ({facts})."
