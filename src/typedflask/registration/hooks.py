"""The types of hooks, shared by applications and blueprints."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from werkzeug.wrappers import Response as BaseResponse

from ..newer_typing import TypeVar
from ..responses import Response
from ..typing import (
    BeforeRequestCallable,
    ShellContextProcessorCallable,
    TeardownCallable,
    TemplateContextProcessorCallable,
    URLDefaultCallable,
    URLValuePreprocessorCallable,
)
from .results import ExtraReturnValue
from .routes import Extra

BeforeT = TypeVar("BeforeT", bound=BeforeRequestCallable)
TeardownT = TypeVar("TeardownT", bound=TeardownCallable)
ProcessorT = TypeVar("ProcessorT", bound=TemplateContextProcessorCallable)
PreprocessorT = TypeVar("PreprocessorT", bound=URLValuePreprocessorCallable)
DefaultsT = TypeVar("DefaultsT", bound=URLDefaultCallable)
ShellT = TypeVar("ShellT", bound=ShellContextProcessorCallable)
AfterT = TypeVar("AfterT", bound=Callable[[Response], BaseResponse | Awaitable[BaseResponse]])
OwnResponse = TypeVar("OwnResponse", bound=Response)
Answer = TypeVar("Answer", bound=BaseResponse | Awaitable[BaseResponse])

BeforeExtra: TypeAlias = Callable[
    [], ExtraReturnValue[Extra] | None | Awaitable[ExtraReturnValue[Extra] | None]
]
"""A `before_request` function that may answer with what the application's own rules accept."""

AfterOwn: TypeAlias = Callable[[OwnResponse], Answer]
"""An `after_request` function that asks for the application's own response class."""
