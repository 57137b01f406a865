"""
Tools for working on this repository; none of them ships in the wheel.
"""
