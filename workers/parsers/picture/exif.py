"""What EXIF says of a picture: time, place, camera, description."""

from __future__ import annotations

from typing import Any

# Tags of EXIF 2.32.
_ORIENTATION = 0x0112
_ORIGINAL_TIME, _TIME, _UTC_OFFSET = 36867, 306, 36881
_MAKE, _MODEL, _DESCRIPTION = 271, 272, 270
_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE = 1, 2, 3, 4
FIRST_ROTATED = 5
"""Orientations from this on swap width and height."""
MAX_DESCRIPTION = 300
"""Characters."""


def exif_of(picture: Any) -> Any:
    """The EXIF of a PIL image; an empty one where it is broken."""
    from PIL import Image

    try:
        return picture.getexif()
    except Exception:
        return Image.Exif()


def is_rotated(exif: Any) -> bool:
    """Whether the picture is stored lying on its side."""
    return bool(exif.get(_ORIENTATION, 1) >= FIRST_ROTATED)


def facts_of(exif: Any) -> list[str]:
    """Time, place, camera and description in words; whatever of them can be read."""
    facts = []
    for reader in (time_of, place_of, camera_of, description_of):
        try:
            fact = reader(exif)
        except Exception:
            continue
        if fact:
            facts.append(fact)
    return facts


def time_of(exif: Any) -> str:
    """When it was taken; "" where EXIF does not say, as in the following."""
    details = exif.get_ifd(_EXIF_IFD)
    stamp = str(details.get(_ORIGINAL_TIME) or exif.get(_TIME) or "").strip("\0 ")
    day, _, time = stamp.partition(" ")
    if not day or day.startswith("0000"):
        return ""
    offset = str(details.get(_UTC_OFFSET) or "").strip("\0")
    return f"taken on {day.replace(':', '-')} at {time} {offset}".strip()


def place_of(exif: Any) -> str:
    """Where it was taken, in degrees."""
    gps = exif.get_ifd(_GPS_IFD)
    if _LATITUDE not in gps or _LONGITUDE not in gps:
        return ""
    latitude = _degrees(gps[_LATITUDE], gps.get(_LATITUDE_REF, "N"))
    longitude = _degrees(gps[_LONGITUDE], gps.get(_LONGITUDE_REF, "E"))
    return f"at latitude {latitude:.5f}, longitude {longitude:.5f}"


def _degrees(parts: Any, side: str) -> float:
    """Degrees, minutes and seconds as one number; negative in the south and west."""
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if str(side).upper().startswith(("S", "W")) else value


def camera_of(exif: Any) -> str:
    """Make and model of the camera."""
    make = str(exif.get(_MAKE) or "").strip("\0 ")
    model = str(exif.get(_MODEL) or "").strip("\0 ")
    name = model if model.startswith(make) else f"{make} {model}".strip()
    return f"with {name}" if name else ""


def description_of(exif: Any) -> str:
    """What the author wrote."""
    text = str(exif.get(_DESCRIPTION) or "").strip("\0 ")
    return f"described as {text[:MAX_DESCRIPTION]}" if text else ""
