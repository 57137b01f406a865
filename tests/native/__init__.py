"""
The native provider without the engine: values, schema, the server.
"""
