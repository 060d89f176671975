"""typedflask: the interface of Flask's documentation, with types that checkers follow."""
