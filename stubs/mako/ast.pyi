class ArgumentList:
    args: list[str]
