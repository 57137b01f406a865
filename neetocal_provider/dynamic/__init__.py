"""
The dynamic provider: what Pulumi's dynamic host calls, and what that host does to values, errors and threads.
"""
