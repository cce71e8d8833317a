"""Policies: the least that a bucket must allow, in the words of its vendor.

The recording service's documents name no rights. What is here is what the vendors' documents ask of whoever writes
objects, whole and in parts: a recorder has no other business in a bucket.
"""

import json
from typing import Any

from .._contract.rule_texts import TYPE
from ..errors import ConfigurationError, InvalidRequestError, Problem
from ._regions import S3Region, StorageRegion

# Beginning of the names of the objects that a check writes.
CHECK_NAME = "cloudrec-check-"


def for_s3(bucket: str, prefix: str, region: StorageRegion | None, *, tagged: bool, with_check: bool) -> str:
    """A policy for AWS IAM. For a region in China its names are those of China's partition."""
    china = isinstance(region, S3Region) and region.spelling.startswith("cn-")
    objects = f"arn:aws{'-cn' * china}:s3:::{bucket}/{prefix}"
    write = ["s3:PutObject", "s3:AbortMultipartUpload", *["s3:PutObjectTagging"] * tagged]
    check = ["s3:GetObject", "s3:DeleteObject"]
    return _written("Version", "2012-10-17", _allowed(objects, write, check, with_check))


def for_alibaba(bucket: str, prefix: str, *, tagged: bool, with_check: bool) -> str:
    """A policy for RAM."""
    write = ["oss:PutObject", "oss:AbortMultipartUpload", *["oss:PutObjectTagging"] * tagged]
    check = ["oss:GetObject", "oss:DeleteObject"]
    return _written("Version", "1", _allowed(f"acs:oss:*:*:{bucket}/{prefix}", write, check, with_check))


def for_huawei(bucket: str, prefix: str, *, with_check: bool) -> str:
    """A custom policy for IAM."""
    write = ["obs:object:PutObject", "obs:object:AbortMultipartUpload"]
    check = ["obs:object:GetObject", "obs:object:DeleteObject"]
    return _written("Version", "1.1", _allowed(f"obs:*:*:object:{bucket}/{prefix}", write, check, with_check))


def for_tencent(bucket: str, prefix: str, region: str, *, with_check: bool) -> str:
    """A policy for CAM, which names the account by the APPID at the end of the bucket's name."""
    _, _, app_id = bucket.rpartition("-")
    if not app_id.isdigit():
        raise ConfigurationError(
            f"policy: the bucket's name {bucket!r} must end in the account's APPID, as in examplebucket-1250000000"
        )
    objects = f"qcs::cos:{region}:uid/{app_id}:{bucket}/{prefix}"
    parts = ("InitiateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload")
    write = [f"name/cos:{action}" for action in ("PutObject", *parts)]
    check = ["name/cos:GetObject", "name/cos:DeleteObject"]
    statements = [
        {"effect": "allow", "action": statement["Action"], "resource": statement["Resource"]}
        for statement in _allowed(objects, write, check, with_check)
    ]
    return _written("version", "2.0", statements)


def _allowed(objects: str, write: list[str], check: list[str], with_check: object) -> list[dict[str, Any]]:
    """Statements: these actions on all objects below a prefix, and those on the objects of a check."""
    if not isinstance(with_check, bool):  # "no" would allow more
        wrong = Problem("with_check", f"of type {type(with_check).__name__}", "must be True or False", TYPE)
        raise InvalidRequestError.of("policy", [wrong])
    statements = [{"Effect": "Allow", "Action": write, "Resource": [f"{objects}*"]}]
    if with_check:
        statements.append({"Effect": "Allow", "Action": check, "Resource": [f"{objects}{CHECK_NAME}*"]})
    return statements


def _written(version: str, number: str, statements: list[dict[str, Any]]) -> str:
    name = "Statement" if version.istitle() else "statement"
    return json.dumps({version: number, name: statements}, indent=2)
