"""
Our provider with a profiler around each call; what it saw is saved in the folder BENCH_PROFILES, a file for each call.
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult
from pyinstrument import Profiler

from neetocal_provider.dynamic.resource import DynamicResource
from neetocal_provider.scheduling_link import SchedulingLinkBase, SchedulingLinkProvider


@contextmanager
def sampled(name: str) -> Iterator[None]:
    """
    Sample this thread.
    """
    profiler = Profiler(interval=0.0002)
    profiler.start()
    try:
        yield
    finally:
        profiler.stop().save(Path(os.environ["BENCH_PROFILES"]) / f"{name}-{uuid.uuid4()}")


class SampledLinkProvider(SchedulingLinkProvider):
    """
    Does what its base does.
    """

    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """
        Check its arguments.
        """
        with sampled("check"):
            return super().check(olds, news)

    def diff(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """
        Compare them.
        """
        with sampled("diff"):
            return super().diff(id_, olds, news)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """
        Create it.
        """
        with sampled("create"):
            return super().create(props)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """
        Read it.
        """
        with sampled("read"):
            return super().read(id_, props)


class SampledLink(SchedulingLinkBase, DynamicResource, provider=SampledLinkProvider):
    """
    A link with that provider.
    """
