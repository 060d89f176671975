# cat: responses | needs: plain
from typedflask.typing import JSONValue

document: JSONValue = {"a": [{1, 2}]}  # E: a set is no JSON
