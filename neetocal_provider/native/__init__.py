"""
neetoCal scheduling links under a provider of their own, instead of Pulumi's dynamic host: `pulumi-resource-neetocal`.

The names are those of `neetocal_provider`, so a program moves by its import line.
"""

from neetocal_provider.native.resources import MeetingTemplate, Provider, SchedulingLink

__all__ = ["MeetingTemplate", "Provider", "SchedulingLink"]
