"""Computed practice: skills whose worked examples, exercises and keys are computed, and computed a second time."""

from lessongen.computed.fitting import sections
from lessongen.computed.registry import modules_for
from lessongen.computed.skill import Module, Practice, keys_of

__all__ = ["Module", "Practice", "keys_of", "modules_for", "sections"]
