"""Webhook applications that are mounted in Starlette or FastAPI answer at the path that they are mounted at.

``app.mount("/webhooks", hook)`` serves what is below ``/webhooks/``. To ``/webhooks`` itself Starlette answers by a
redirect, of its own and before any of our code is asked; the service does not follow it, and every event is lost
without a word. So a mount of one of ours, and no other, is made to match its own path, too.

Another library's class is changed for it, since nothing of Starlette asks an application whether a path is its own: a
mount has only its pattern, and the router makes the redirect by itself. Whoever wants it unchanged gives the path as a
route: ``app.add_route("/webhooks", WebhookApp(...), methods=["POST"])``. It is done when the first of ours is made,
since a mount may be made before the application's own code comes here again.
"""

from functools import wraps
from typing import Any

_OURS = "_answers_the_bare_path"


def answer_the_bare_path(kind: type[Any]) -> None:
    """Where Starlette is installed: lets mounts of this kind of application match the path without a slash, too."""
    try:
        from starlette.routing import Match, Mount
    except ImportError:
        return
    original = Mount.matches
    if hasattr(original, _OURS):
        return

    def is_ours(app: Any) -> bool:
        """Whether it is one, or an application that has one mounted at its own root."""
        inside = (route for route in getattr(app, "routes", ()) if isinstance(route, Mount) and not route.path)
        return isinstance(app, kind) or any(is_ours(getattr(route, "_base_app", route.app)) for route in inside)

    @wraps(original)
    def matches(self: Mount, scope: Any) -> Any:
        found = original(self, scope)
        if found[0] is Match.NONE and "path" in scope and is_ours(getattr(self, "_base_app", self.app)):
            return original(self, {**scope, "path": f"{scope['path']}/"})
        return found

    setattr(matches, _OURS, True)
    Mount.matches = matches  # type: ignore[method-assign]
