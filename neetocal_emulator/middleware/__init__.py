"""
What each request comes through before it reaches a route.
"""
