"""HTTP statuses as literals, so that a checker refuses one that is out of place.

For type checkers: nothing imports this module when a program runs. A parameter that takes any
`int` cannot refuse some of them; an overload that takes those, and gives back what is of no use,
can (decision 062).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Literal, TypeAlias

# fmt: off
RedirectStatus: TypeAlias = Literal[
    301, 302, 303, 305, 307, 308, HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND,
    HTTPStatus.SEE_OTHER, HTTPStatus.USE_PROXY, HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
]
"""What a redirect may be sent with."""

ErrorStatus: TypeAlias = Literal[
    400, 401, 403, 404, 405, 406, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418,
    421, 422, 423, 424, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505,
    HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_ACCEPTABLE,
    HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.GONE,
    HTTPStatus.LENGTH_REQUIRED, HTTPStatus.PRECONDITION_FAILED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.REQUEST_URI_TOO_LONG,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
    HTTPStatus.EXPECTATION_FAILED, HTTPStatus.IM_A_TEAPOT, HTTPStatus.MISDIRECTED_REQUEST,
    HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.LOCKED, HTTPStatus.FAILED_DEPENDENCY,
    HTTPStatus.PRECONDITION_REQUIRED, HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS,
    HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT,
    HTTPStatus.HTTP_VERSION_NOT_SUPPORTED,
]
"""What there is an HTTP exception for."""

OtherStatus: TypeAlias = Literal[
    0, 100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 304, 306,
    HTTPStatus.CONTINUE, HTTPStatus.SWITCHING_PROTOCOLS, HTTPStatus.PROCESSING,
    HTTPStatus.EARLY_HINTS, HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED,
    HTTPStatus.NON_AUTHORITATIVE_INFORMATION, HTTPStatus.NO_CONTENT,
    HTTPStatus.RESET_CONTENT, HTTPStatus.PARTIAL_CONTENT, HTTPStatus.MULTI_STATUS,
    HTTPStatus.ALREADY_REPORTED, HTTPStatus.IM_USED, HTTPStatus.MULTIPLE_CHOICES,
    HTTPStatus.NOT_MODIFIED,
]
"""What neither sends a client elsewhere nor is an error."""

UnknownStatus: TypeAlias = Literal[
    402, 407, 419, 420, 425, 426, 427, 430, 432, 433, 434, 435, 436, 437, 438, 439, 440,
    441, 442, 443, 444, 445, 446, 447, 448, 449, 450, 452, 453, 454, 455, 456, 457, 458,
    459, 460, 461, 462, 463, 464, 465, 466, 467, 468, 469, 470, 471, 472, 473, 474, 475,
    476, 477, 478, 479, 480, 481, 482, 483, 484, 485, 486, 487, 488, 489, 490, 491, 492,
    493, 494, 495, 496, 497, 498, 499, 506, 507, 508, 509, 510, 511, 512, 513, 514, 515,
    516, 517, 518, 519, 520, 521, 522, 523, 524, 525, 526, 527, 528, 529, 530, 531, 532,
    533, 534, 535, 536, 537, 538, 539, 540, 541, 542, 543, 544, 545, 546, 547, 548, 549,
    550, 551, 552, 553, 554, 555, 556, 557, 558, 559, 560, 561, 562, 563, 564, 565, 566,
    567, 568, 569, 570, 571, 572, 573, 574, 575, 576, 577, 578, 579, 580, 581, 582, 583,
    584, 585, 586, 587, 588, 589, 590, 591, 592, 593, 594, 595, 596, 597, 598, 599, 600,
    700, 800, 900, 999, HTTPStatus.PAYMENT_REQUIRED,
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED, HTTPStatus.TOO_EARLY,
    HTTPStatus.UPGRADE_REQUIRED, HTTPStatus.VARIANT_ALSO_NEGOTIATES,
    HTTPStatus.INSUFFICIENT_STORAGE, HTTPStatus.LOOP_DETECTED, HTTPStatus.NOT_EXTENDED,
    HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED,
]
"""What lies among the errors, or above them, and has no HTTP exception."""

NotAnErrorStatus: TypeAlias = RedirectStatus | OtherStatus | UnknownStatus
"""What no HTTP exception has."""

NotARedirectStatus: TypeAlias = ErrorStatus | OtherStatus | UnknownStatus
"""What no redirect has."""
# fmt: on


class NoSuchError:
    """Stands where a checker was told of a status that no HTTP exception has."""


class NoSuchRedirect:
    """Stands where a checker was told of a status that no redirect has."""
