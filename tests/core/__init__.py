"""
The core against the emulator, over real HTTP and without the engine.
"""
