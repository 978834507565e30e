"""Programs for those who work on lessongen; none is part of the package."""
