"""The mypy plugin (`plugins = typedflask.mypy_plugin`): it adds errors that types cannot express."""
