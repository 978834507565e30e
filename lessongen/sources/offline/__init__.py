"""The offline encyclopedia: the leads of an installed pack, indexed, searchable by name, with neighbours in meaning."""

from lessongen.sources.offline.encyclopedia import OfflineEncyclopedia, open_encyclopedia
from lessongen.sources.offline.source import OfflineSource

__all__ = ["OfflineEncyclopedia", "OfflineSource", "open_encyclopedia"]
