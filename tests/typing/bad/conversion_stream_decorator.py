# cat: helpers | needs: plain
from typedflask import stream_with_context


@stream_with_context  # E: a generator function
def number() -> int:  # E:
    return 3
