"""Exceptions of webhooks: what can go wrong before there is an event.

::

    CloudRecordingError
    └── WebhookError                  (also a ValueError)
        ├── SignatureError            it does not come from the service, as far as can be told
        └── MalformedNoticeError      it comes from the service and is not a JSON object
            └── NoticeTooLargeError   it is larger than is read
"""

from ..errors import CloudRecordingError


class WebhookError(CloudRecordingError, ValueError):
    """A webhook that is not taken."""


class SignatureError(WebhookError):
    """The signature is missing, is none, or is not that of the body with any of the secrets. Answer 401."""


class MalformedNoticeError(WebhookError):
    """The body is not a JSON object in UTF-8. Answer 400."""


class NoticeTooLargeError(MalformedNoticeError):
    """The body is larger than is read. Answer 413."""
