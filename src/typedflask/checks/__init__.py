"""What `typedflask check` knows, and what it shares with the mypy plugin."""
