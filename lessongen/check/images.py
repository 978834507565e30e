"""Rules on the lead image of a lesson: it is a free one, says whose it is and what it shows, and its file is kept."""

from __future__ import annotations

from lessongen.check.reading import Reading
from lessongen.check.report import Findings
from lessongen.lesson.image import fault_of_file, faults_of
from lessongen.lesson.place import Place


def image_credited(reading: Reading) -> Findings:
    """An image says its author, its free licence, its page, and in words what it shows."""
    if reading.lesson.image:
        yield from ((Place.of("image", field), fault) for field, fault in faults_of(reading.lesson.image))


def image_kept(reading: Reading) -> Findings:
    """The file of an image is kept, is what its SHA-256 says, and is a JPEG, PNG or WebP of the size that it says."""
    if reading.lesson.image and (fault := fault_of_file(reading.lesson.image, reading.image_file)):
        yield Place.of("image", "data_sha256"), fault
