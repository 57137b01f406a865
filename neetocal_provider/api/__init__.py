"""
The conversation with neetoCal: one request and what becomes of it, the endpoints, and the objects in answers.
"""
