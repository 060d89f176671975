"""A key of a declared configuration is set to another type."""
from typedflask import typed_config


class Settings:
    PAGE_SIZE: int = 20


config = typed_config(Settings)
config.PAGE_SIZE = "x"  # E: an int is declared
