"""
Declares as many links as BENCH_LINKS says, with the provider of the contender BENCH_CONTENDER.

BENCH_PROCESSES spreads ours over a pool of so many providers, each of which is a process of its own.
"""

import importlib
import os

import pulumi

CONTENDERS = {
    "ours": "neetocal_provider:SchedulingLink",
    "native": "neetocal_provider.native:SchedulingLink",
    "plain": "plain_link:PlainLink",
    "engine": "idle_link:IdleLink",
    "waiting plugin": "waiting_link:WaitingLink",
    "sampled": "sampled_link:SampledLink",
}

module, name = CONTENDERS[os.environ["BENCH_CONTENDER"]].split(":")
link = getattr(importlib.import_module(module), name)


processes = int(os.environ.get("BENCH_PROCESSES", "0"))
if processes:
    from neetocal_provider import ProviderPool

    pulumi.runtime.register_stack_transformation(ProviderPool("process", size=processes).spread)

for number in range(int(os.environ["BENCH_LINKS"])):
    link(
        f"intro-{number}",
        slug=f"intro-{number}",
        name=f"Intro call {number}",
        hosts=["ada@acme.example"],
        duration=int(os.environ["BENCH_DURATION"]),
    )
