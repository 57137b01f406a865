"""
States as released versions recorded them: each must come up unchanged with the code of today.

A folder is a version: `links.json` is its program, `state.json` the exported stack, `seed.json` the workspace at that
moment. `python -m tests.engine.upgrades.record VERSION` writes the latter two from the first, before a release.
"""
