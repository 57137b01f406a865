"""
What is decided for a resource, whichever provider asks. Knows no Pulumi, and speaks to neetoCal through `api` alone.
"""
