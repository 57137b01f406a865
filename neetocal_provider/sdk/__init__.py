"""
What both providers need of Pulumi's SDK: resources, providers, and what a program may not combine.
"""
