"""
Declares as many links as BENCH_LINKS says, with the provider of the contender BENCH_CONTENDER.
"""

import importlib
import os

CONTENDERS = {
    "plain": "plain_link:PlainLink",
    "dynamic": "neetocal_provider:SchedulingLink",
    "native": "neetocal_provider.native:SchedulingLink",
    "engine": "idle_link:IdleLink",
    "sampled": "sampled_link:SampledLink",
}

module, name = CONTENDERS[os.environ["BENCH_CONTENDER"]].split(":")
link = getattr(importlib.import_module(module), name)

for number in range(int(os.environ["BENCH_LINKS"])):
    link(
        f"intro-{number}",
        slug=f"intro-{number}",
        name=f"Intro call {number}",
        hosts=["ada@acme.example"],
        duration=int(os.environ["BENCH_DURATION"]),
    )
