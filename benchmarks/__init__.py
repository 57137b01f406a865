"""
Measurements, each a script: `python -m benchmarks.emulator`.
"""
