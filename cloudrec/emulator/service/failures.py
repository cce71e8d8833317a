"""Failures of the service: every refusal, written once."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """A failure on its way to the caller."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body


def _gateway(status: int, message: str) -> Refusal:
    return Refusal(status, {"message": message})


def _service(status: int, code: int, reason: str) -> Refusal:
    return Refusal(status, {"code": code, "reason": reason})


def unauthorized() -> Refusal:
    """There is no Authorization header."""
    return _gateway(401, "Unauthorized")


def wrong_credentials() -> Refusal:
    """The Authorization header is wrong."""
    return _gateway(401, "Invalid authentication credentials")


def rate_limited() -> Refusal:
    """Too many requests in a second."""
    return _gateway(429, "API rate limit exceeded")


def invalid_app_id() -> Refusal:
    """The App ID in the path is another one."""
    return _gateway(400, "appid is invalid")


def no_route() -> Refusal:
    """No such method and path."""
    return _gateway(404, "no Route matched with those values")


def invalid(operation: str, problem: str) -> Refusal:
    """The request breaks a rule."""
    return _service(400, 2, f"{operation[0].upper()}{operation[1:]}: {problem}")


def unreadable(operation: str, problem: str) -> Refusal:
    """The request is no JSON, or does not say that it is. The provider lists the code, and no words for it."""
    return _service(400, 8, f"{operation[0].upper()}{operation[1:]}: {problem}")


def invalid_channel_name() -> Refusal:
    """No channel can have this name."""
    return _service(400, 401, "invalid_channel_name")


def start_parameter_differs() -> Refusal:
    """A start that is not the one that acquire was told of. The words are the service's, as people have seen them."""
    return _service(400, 2, "request_hash mismatch!")


def overloaded() -> Refusal:
    """As many recordings run as may."""
    return _service(400, 406, "vendor_over_load")


def resource_mismatch() -> Refusal:
    """cname or uid are not those of the resource ID."""
    return _service(400, 432, "request parameter error")


def resource_expired() -> Refusal:
    """The resource ID is too old, or has served its recording."""
    return _service(400, 433, "resource expired")


def unknown_resource() -> Refusal:
    """This resource ID was never given."""
    return _service(400, 1001, "failed to parse resource id")


def sid_mismatch() -> Refusal:
    """The sid does not belong to the resource ID."""
    return _service(400, 1003, "sid does not match resource id")


def task_conflict() -> Refusal:
    """(cname, uid) is recording already."""
    return _service(400, 53, "task conflict")


def token_ended() -> Refusal:
    """The channel token has ended. The provider lists the code, and no words for it."""
    return _service(400, 109, "token expired")


def token_wrong() -> Refusal:
    """The channel token is missing, or another one's. The provider lists the code, and no words for it."""
    return _service(400, 110, "invalid token")


def already_started() -> Refusal:
    """This resource ID's recording runs. A 2xx, and still not a success."""
    return _service(201, 7, "already started")


def already_stopping() -> Refusal:
    """The recording is on its way out."""
    return _service(400, 49, "invalid operation")


def no_recorded_data() -> Refusal:
    """The recording ended and nobody had sent a stream."""
    return _service(206, 435, "no recorded data")


def no_such_task() -> Refusal:
    """The recording is over."""
    return _service(404, 404, "failed to find worker")
