class MakoException(Exception): ...

class CompileException(MakoException):
    lineno: int
    filename: str | None

class SyntaxException(MakoException):
    lineno: int
    filename: str | None

class TemplateLookupException(MakoException): ...
