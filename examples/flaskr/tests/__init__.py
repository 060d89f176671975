"""The tests of the blog, as an application would have them: `pytest examples/flaskr`."""
