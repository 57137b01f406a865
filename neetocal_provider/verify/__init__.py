"""
Whether neetoCal answers as docs/api-notes.md assumes: the questions, and the links on which they are tried.
"""
