"""Pictures: right way up, what EXIF says of time and place, and the text in them."""

from __future__ import annotations

import importlib.util
import io
import warnings
from typing import Any

from shared.errors import FileRejected
from workers.parsers.document import Limits, Part, Picture, Progress, Reading

LONGEST_SIDE = 3000
SMALLEST = 40
SHOWN_SIDE, SHOWN_SMALLEST = 1280, 100
"""Of a picture that is to be described, pixels: larger ones are made smaller, smaller
ones are ornaments.
"""
_GPS_IFD, _EXIF_IFD = 0x8825, 0x8769
_ORIGINAL_TIME, _TIME, _OFFSET, _MAKE, _MODEL, _DESCRIPTION = (
    36867,
    306,
    36881,
    271,
    272,
    270,
)


def read(data: bytes, limits: Limits, progress: Progress, name: str = "") -> Reading:
    """What is known of a picture, then its text; the frames of a TIFF are its pages.
    Raises FileRejected.
    """
    picture = open_picture(data, limits)
    frames = _frames(picture)
    if frames > limits.pages:
        raise FileRejected(
            f"The picture has {frames} pages; at most {limits.pages} are read."
        )
    progress(0, frames)
    known = _known(picture, data, name)
    texts, shown = list[Part](), list[Picture]()
    for at in range(frames):
        picture.seek(at)
        page, seen = at + 1 if frames > 1 else 0, upright(picture)
        texts += [
            Part(part.kind, part.text, page, part.depth) for part in parts_of(seen)
        ]
        shown += pictures_of(seen, page) if len(shown) < limits.shown else []
        progress(at + 1, frames)
    said = "The text in it follows." if texts else "No text was found in it."
    return Reading(
        (Part("Image", f"{known} {said}", 1 if frames > 1 else 0), *texts),
        pages=frames,
        pictures=tuple(shown),
    )


def open_picture(data: bytes, limits: Limits) -> Any:
    """A PIL image, size checked before a pixel is unpacked. Raises FileRejected for a
    bomb, a cut or an unknown picture.
    """
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = limits.pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(data), formats=_formats())
    except Image.DecompressionBombError as error:
        raise FileRejected(
            f"The picture has more than {limits.pixels // 10**6} million pixels."
        ) from error
    except UnidentifiedImageError as error:
        raise FileRejected(
            "The picture cannot be read: it is damaged, cut off, or of a kind that is not supported here."
        ) from error
    if picture.width * picture.height > limits.pixels:
        raise FileRejected(
            f"The picture has more than {limits.pixels // 10**6} million pixels."
        )
    return picture


def _formats() -> tuple[str, ...]:
    """The formats that are read here, their plugins loaded; HEIC where its decoder is
    installed (a wheel of 1.5 MB).
    """
    from PIL import AvifImagePlugin, Image, TiffImagePlugin, WebPImagePlugin  # noqa: F401

    Image.preinit()
    if importlib.util.find_spec("pi_heif"):
        importlib.import_module("pi_heif").register_heif_opener()
    return tuple(
        name
        for name in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF")
        if name in Image.OPEN
    )


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
        turned = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    if turned.mode.startswith("I;16") or turned.mode in ("I", "F"):
        turned = turned.convert("F").point(lambda value: value / 256)
    return turned.convert("RGB")


def parts_of(picture: Any) -> list[Part]:
    """The text of an upright RGB picture as parts."""
    from workers.parsers.picture.ocr import lines_of
    from workers.parsers.picture.scan import parts_of_lines

    return parts_of_lines(lines_of(picture).lines)


def pictures_of(picture: Any, page: int = 0) -> list[Picture]:
    """An upright RGB picture as one to be described; none where it is too small to show anything."""
    if min(picture.size) < SHOWN_SMALLEST:
        return []
    small, held = picture.copy(), io.BytesIO()
    small.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    small.save(held, "JPEG", quality=85)
    return [Picture(held.getvalue(), page)]


def inner_picture(data: bytes, limits: Limits) -> Any:
    """A picture inside a document, upright; None when it cannot be read or is too small
    to hold anything.
    """
    try:
        picture = open_picture(data, limits)
        return None if min(picture.size) < SMALLEST else upright(picture)
    except (FileRejected, OSError, ValueError, SyntaxError):
        return None


def _frames(picture: Any) -> int:
    """A TIFF has pages; the frames of an animation are one picture."""
    return int(getattr(picture, "n_frames", 1)) if picture.format == "TIFF" else 1


def _known(picture: Any, data: bytes, name: str) -> str:
    from PIL import Image

    kind = {"MPO": "JPEG", "HEIF": "HEIC"}.get(picture.format or "", picture.format)
    try:
        exif: Any = picture.getexif()
    except Exception:
        exif = Image.Exif()
    width, height = picture.size if exif.get(0x0112, 1) < 5 else picture.size[::-1]
    facts = [f"{kind}, {width} × {height} pixels, {_size(len(data))}"]
    told = _told(exif)
    return f"A picture{f' named {name}' if name else ''} ({'; '.join(facts + told)})."


def _told(exif: Any) -> list[str]:
    """What EXIF says: time, place, camera, description; whatever of it can be read."""
    told = []
    for reader in (_taken, _place, _camera, _description):
        try:
            said = reader(exif)
        except Exception:
            continue
        if said:
            told.append(said)
    return told


def _taken(exif: Any) -> str:
    inner = exif.get_ifd(_EXIF_IFD)
    day, _, time = (
        str(inner.get(_ORIGINAL_TIME) or exif.get(_TIME) or "")
        .strip("\0 ")
        .partition(" ")
    )
    if not day or day.startswith("0000"):
        return ""
    return f"taken on {day.replace(':', '-')} at {time} {str(inner.get(_OFFSET) or '').strip(chr(0))}".strip()


def _place(exif: Any) -> str:
    gps = exif.get_ifd(_GPS_IFD)
    if 2 not in gps or 4 not in gps:
        return ""
    latitude, longitude = (
        _degrees(gps[2], gps.get(1, "N")),
        _degrees(gps[4], gps.get(3, "E")),
    )
    return f"at latitude {latitude:.5f}, longitude {longitude:.5f}"


def _degrees(parts: Any, side: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if str(side).upper().startswith(("S", "W")) else value


def _camera(exif: Any) -> str:
    make, model = (str(exif.get(tag) or "").strip("\0 ") for tag in (_MAKE, _MODEL))
    named = model if model.startswith(make) else f"{make} {model}".strip()
    return f"with {named}" if named else ""


def _description(exif: Any) -> str:
    text = str(exif.get(_DESCRIPTION) or "").strip("\0 ")
    return f"described as {text[:300]}" if text else ""


def _size(size: int) -> str:
    return (
        f"{size / 1024**2:.1f} MB" if size >= 1024**2 else f"{max(size // 1024, 1)} KB"
    )
