"""
Promises kept by the real Pulumi engine, over real HTTP, against the emulator.
"""
