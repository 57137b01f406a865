"""
The promises of this project, one module for each of ours and a folder for the real engine.
"""
