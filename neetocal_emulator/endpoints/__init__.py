"""
The API over HTTP: one function per endpoint, and the tables that bind them to paths.
"""
