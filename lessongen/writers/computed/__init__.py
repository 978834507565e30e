"""Computed practice: skills whose worked examples, exercises and keys are computed, and computed a second time."""

from lessongen.writers.computed.fitting import sections
from lessongen.writers.computed.registry import modules_for
from lessongen.writers.computed.skill import Module, Practice, keys_of

__all__ = ["Module", "Practice", "keys_of", "modules_for", "sections"]
