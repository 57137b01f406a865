"""
Declares as many links as BENCH_LINKS says, with the provider of the contender BENCH_CONTENDER.

BENCH_PROCESSES spreads ours over so many explicit providers, each of which is a process of its own.
"""

import importlib
import os
from typing import Any

from pulumi import ResourceOptions

CONTENDERS = {
    "ours": "neetocal_provider:SchedulingLink",
    "plain": "plain_link:PlainLink",
    "engine": "idle_link:IdleLink",
    "sampled": "sampled_link:SampledLink",
}

module, name = CONTENDERS[os.environ["BENCH_CONTENDER"]].split(":")
link = getattr(importlib.import_module(module), name)


def providers(count: int) -> list[Any]:
    """
    Return so many explicit providers with the settings of the environment; None stands for the default one.
    """
    if not count:
        return [None]
    from neetocal_provider import Provider

    return [
        Provider(
            f"process-{number}",
            workspace=os.environ["NEETOCAL_WORKSPACE"],
            api_key=os.environ["NEETOCAL_API_KEY"],
            base_url=os.environ["NEETOCAL_BASE_URL"],
        )
        for number in range(count)
    ]


pool = providers(int(os.environ.get("BENCH_PROCESSES", "0")))
for number in range(int(os.environ["BENCH_LINKS"])):
    link(
        f"intro-{number}",
        slug=f"intro-{number}",
        name=f"Intro call {number}",
        hosts=["ada@acme.example"],
        duration=int(os.environ["BENCH_DURATION"]),
        # Links that wait for one provider each come in the order of the providers: one process works at a time.
        opts=ResourceOptions(provider=pool[number % len(pool)], depends_on=pool if pool[0] else []),
    )
