"""The pictures in a document that is a package: the text in each, and those that are to be
described.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from workers.parsers.document import FileLimits, Part, Picture
from workers.parsers.picture.image import open_inner_picture, parts_of, pictures_of
from workers.parsers.zip_package import ZipPackage


class InnerPictures:
    """The pictures of one document, each read once and only so many as the limits say."""

    def __init__(self, package: ZipPackage, limits: FileLimits) -> None:
        self._package, self._limits = package, limits
        self._seen: set[str] = set()
        self._described: list[Picture] = []

    def parts(self, target: str, page: int) -> Iterator[Part]:
        """The text in a picture on a page; one that cannot be read says nothing. Raises
        FileRejected.
        """
        is_over_limit = len(self._seen) >= self._limits.pictures
        if target in self._seen or is_over_limit or not self._package.has(target):
            return
        self._seen.add(target)
        picture = open_inner_picture(self._package.read(target), self._limits)
        if picture is None:
            return
        if len(self._described) < self._limits.described_pictures:
            self._described += pictures_of(picture, page)
        text = "\n".join(part.text for part in parts_of(picture))
        if text:
            yield Part("Image", f"Text in a picture: {text}", page)

    def described(self, *, paged: bool = True) -> tuple[Picture, ...]:
        """Those to be described, once the parts were read."""
        if paged:
            return tuple(self._described)
        return tuple(replace(picture, page=0) for picture in self._described)
