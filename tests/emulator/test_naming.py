"""File names, by the provider's rules."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st

from cloudrec.emulator.world import naming
from cloudrec.emulator.world.naming import Kind

SID, CNAME = "sid713476478245", "cnameagora"
AT = round(datetime(2019, 9, 20, 12, 51, 42, 485_000, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (naming.playlist(naming.stem(SID, CNAME)), "sid713476478245_cnameagora.m3u8"),
        (naming.slice_file(naming.stem(SID, CNAME), AT), "sid713476478245_cnameagora_20190920125142485.ts"),
        (naming.mp4(naming.stem(SID, CNAME), 0), "sid713476478245_cnameagora_0.mp4"),
        (
            naming.slice_file(naming.individual_stem(SID, CNAME, "123", Kind.VIDEO), AT),
            "sid713476478245_cnameagora__uid_s_123__uid_e_video_20190920125142485.ts",
        ),
        (
            naming.playlist(naming.individual_stem(SID, CNAME, "123", Kind.AUDIO)),
            "sid713476478245_cnameagora__uid_s_123__uid_e_audio.m3u8",
        ),
        (
            naming.screenshot(naming.individual_stem(SID, CNAME, "123", Kind.VIDEO), AT),
            "sid713476478245_cnameagora__uid_s_123__uid_e_video_20190920125142485.jpg",
        ),
    ],
)
def test_the_provider_s_examples(name: str, expected: str) -> None:
    """Each kind of file is named as on the provider's page."""
    assert name == expected


def test_special_characters_become_a_dash() -> None:
    """Every character that the provider lists is replaced, one for one."""
    assert naming.stem("s", "!@#$%^&*()+_.=[]{}~|,;:?<>") == "s_" + "-" * 26


@given(st.text(min_size=1))
def test_no_name_leaves_its_folder(cname: str) -> None:
    """Whatever a web recording is called, its name is as long and has nothing special in it."""
    stem = naming.stem("s", cname)
    assert len(stem) == 2 + len(cname)
    assert re.fullmatch(r"s_[0-9A-Za-z \-]+", stem)


def test_the_prefix_belongs_to_the_key() -> None:
    """fileNamePrefix makes folders."""
    assert naming.object_key(["a", "b"], "c.m3u8") == "a/b/c.m3u8"
    assert naming.object_key([], "c.m3u8") == "c.m3u8"
