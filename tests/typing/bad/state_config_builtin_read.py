"""A built-in key is read as another type than it has."""
from typedflask import current_app

limit: str = current_app.config["MAX_CONTENT_LENGTH"]  # E: an int or None
