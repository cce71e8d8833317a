"""The environment in which the examples' services run."""

from collections.abc import Callable

import pytest

from cloudrec.emulator import Emulator


@pytest.fixture(scope="session")
def environment_of() -> Callable[..., dict[str, str]]:
    """Makes that of a service whose recordings an emulator makes; more variables may be named."""

    def make(emulator: Emulator, secret: str, **more: str) -> dict[str, str]:
        return {
            "AGORA_APP_ID": emulator.app_id,
            "AGORA_CUSTOMER_ID": emulator.credential.customer_id,
            "AGORA_CUSTOMER_SECRET": emulator.credential.customer_secret,
            "AGORA_BASE_URL": emulator.url,
            "AGORA_WEBHOOK_SECRET": secret,
            **{f"LESSONS_{name}": name.lower() for name in ("BUCKET", "ACCESS_KEY", "SECRET_KEY")},
            **more,
        }

    return make
