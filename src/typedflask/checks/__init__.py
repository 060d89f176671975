"""What `typedflask check` knows, and what it shares with the mypy plugin.

`table` lists the checks, one file each; `subject` is what they look at; `rules` is the reading of
rules that the plugin shares; `registration` is what debug mode says while routes are registered.
"""
