"""Parts of a request that cannot be built wrong.

Each is checked when it is made, by the rules of the API, and stands wherever a model or a dict of that part may stand::

    client.mix.record("lesson-42", ..., transcoding=Transcoding("720p"), encryption=Encryption(mode, key, salt))
    client.individual.start(resource_id, "lesson-42", uid, ..., snapshot_config=Snapshots(interval=10))
"""

from ._deferred import DeferredTranscoding
from ._encryption import Encryption
from ._snapshots import Snapshots
from ._transcoding import Transcoding
from ._web import CdnPush, WebPage, extension_service_config

__all__ = [
    "CdnPush",
    "DeferredTranscoding",
    "Encryption",
    "Snapshots",
    "Transcoding",
    "WebPage",
    "extension_service_config",
]
