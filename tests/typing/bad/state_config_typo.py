"""A declared configuration is read by a name it does not declare."""
from typedflask import typed_config


class Settings:
    PAGE_SIZE: int = 20


config = typed_config(Settings)
print(config.PAGE_SIZ)  # E: not declared
