"""Storage on loopback: moto's S3 with its IAM, and a server that answers as it is told to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, NamedTuple

import boto3
import httpx
import pytest
from moto.server import ThreadedMotoServer

BUCKET, REGION = "lessons", "eu-central-1"
ANYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}

ANYONE = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}


class Key(NamedTuple):
    """Access key and secret, and the token where they are lent."""

    access: str
    secret: str
    token: str | None = None


class Amazon:
    """moto's server. Like S3, it checks signatures and what IAM allows."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._sign_in(Key("nobody", "nobody"))
        self.admin = self.user("admin", json.dumps(ANYTHING))
        # From here on nobody may do what no policy allows.
        httpx.post(f"{url}/moto-api/reset-auth", content=b"0").raise_for_status()
        self._sign_in(self.admin)
        self._s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})

    def _sign_in(self, key: Key) -> None:
        found: dict[str, Any] = {
            "endpoint_url": self.url,
            "region_name": REGION,
            "aws_access_key_id": key.access,
            "aws_secret_access_key": key.secret,
        }
        self._iam, self._s3, self._sts = (boto3.client(service, **found) for service in ("iam", "s3", "sts"))

    def user(self, name: str, policy: str | None = None) -> Key:
        """A key of a user who may do what that policy allows, and nothing without one."""
        self._iam.create_user(UserName=name)
        if policy is not None:
            self._iam.put_user_policy(UserName=name, PolicyName="given", PolicyDocument=policy)
        made = self._iam.create_access_key(UserName=name)["AccessKey"]
        return Key(made["AccessKeyId"], made["SecretAccessKey"])

    def lent(self, name: str, policy: str) -> Key:
        """A key of a role, for some hours."""
        role = self._iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(ANYONE))["Role"]
        self._iam.put_role_policy(RoleName=name, PolicyName="given", PolicyDocument=policy)
        made = self._sts.assume_role(RoleArn=role["Arn"], RoleSessionName=name)["Credentials"]
        return Key(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])

    def objects(self) -> list[str]:
        """Keys of all that is in the bucket."""
        return [item["Key"] for item in self._s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]

    def clear(self) -> None:
        """Takes all of it away."""
        for key in self.objects():
            self._s3.delete_object(Bucket=BUCKET, Key=key)


@pytest.fixture(scope="session")
def amazon_server() -> Iterator[Amazon]:
    """The one server of a run."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield Amazon(f"http://{host}:{port}")
    httpx.post(f"http://{host}:{port}/moto-api/reset-auth", content=b"inf").raise_for_status()
    server.stop()


@pytest.fixture
def amazon(amazon_server: Amazon) -> Iterator[Amazon]:
    """The server, with an empty bucket."""
    yield amazon_server
    amazon_server.clear()


class Reply(NamedTuple):
    """An answer that was decided on before."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = {}  # noqa: RUF012  # nobody changes it
    hold: Event | None = None
    """It is sent once this is set."""


class Seen(NamedTuple):
    """A request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Scripted:
    """A storage that keeps nothing and answers as it is told to, by method; of several, the last stays."""

    url: str = ""
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    arrived: Event = field(default_factory=Event)

    def methods(self) -> list[str]:
        """What was asked, in order."""
        return [request.method for request in self.seen]

    def answer(self, request: Seen) -> Reply:
        """What is answered to it."""
        self.seen.append(request)
        self.arrived.set()
        replies = self.replies.get(request.method)
        if replies:
            return replies.pop(0) if len(replies) > 1 else replies[0]
        written = [request.body for request in self.seen if request.method == "PUT"]
        return Reply(body=written[-1].decode() if request.method == "GET" else "")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    storage: Scripted

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.storage.answer(Seen(self.command, self.path, headers, body))
        if reply.hold is not None:
            reply.hold.wait(10)
        self.send_response(reply.status)
        usual = {"ETag": '"1"', "Last-Modified": "Sat, 21 Nov 2026 12:00:00 GMT", "Content-Length": len(reply.body)}
        for name, value in (usual | reply.headers).items():
            if value != "":
                self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(reply.body.encode())

    do_PUT = do_GET = do_DELETE = do_POST = _handle  # noqa: N815  # names that http.server looks for

    def do_HEAD(self) -> None:
        self._handle()

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    """A storage without a will of its own."""
    storage = Scripted()
    handler = type("Handler", (_Handler,), {"storage": storage})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        storage.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield storage
        for replies in storage.replies.values():
            for reply in replies:
                if reply.hold is not None:
                    reply.hold.set()
        server.shutdown()
        thread.join()
