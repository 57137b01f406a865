"""
neetoCal scheduling links as Pulumi resources.
"""

from neetocal_provider.fields import Kind, Spot
from neetocal_provider.scheduling_link import (
    DurationArgs,
    DurationArgsDict,
    SchedulingLink,
    SpotArgs,
    SpotArgsDict,
)
from neetocal_provider.version import __version__

__all__ = [
    "DurationArgs",
    "DurationArgsDict",
    "Kind",
    "SchedulingLink",
    "Spot",
    "SpotArgs",
    "SpotArgsDict",
    "__version__",
]
