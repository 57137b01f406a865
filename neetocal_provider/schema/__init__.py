"""
What can be declared: the table of arguments, and the kinds of value. Knows neither HTTP nor Pulumi.
"""
