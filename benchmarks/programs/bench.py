"""
Declares as many links as BENCH_LINKS says, with the provider of the contender BENCH_CONTENDER.

If BENCH_PROCESSOR names a file, this process writes the processor seconds into it that it took from the first link on.
"""

import atexit
import importlib
import os
import time
from pathlib import Path

CONTENDERS = {
    "plain": "plain_link:PlainLink",
    "plain, as many outputs": "plain_link:FullLink",
    "dynamic": "neetocal_provider:SchedulingLink",
    "native": "neetocal_provider.native:SchedulingLink",
    "engine": "idle_link:IdleLink",
    "sampled": "sampled_link:SampledLink",
}

module, name = CONTENDERS[os.environ["BENCH_CONTENDER"]].split(":")
link = getattr(importlib.import_module(module), name)

began = time.process_time()
if "BENCH_PROCESSOR" in os.environ:
    atexit.register(lambda: Path(os.environ["BENCH_PROCESSOR"]).write_text(f"{time.process_time() - began}"))

for number in range(int(os.environ["BENCH_LINKS"])):
    link(
        f"intro-{number}",
        slug=f"intro-{number}",
        name=f"Intro call {number}",
        hosts=["ada@acme.example"],
        duration=int(os.environ["BENCH_DURATION"]),
    )
