# cat: helpers | needs: plain
from typedflask import get_flashed_messages

for category, message in get_flashed_messages():  # E: texts, not pairs
    print(category, message)

pairs: list[tuple[str, str]] = get_flashed_messages()  # E: texts, not pairs
