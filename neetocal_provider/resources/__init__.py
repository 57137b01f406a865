"""
What belongs to one type of resource or function alone.
"""
