"""Hosts that SDKs have fixed in their code, and a certificate for them: how such an SDK is led to the emulator.

Nothing of it is done by itself: who wants it writes the names into /etc/hosts, and trusts the certificate.
"""

from __future__ import annotations

import json
from importlib.resources import files
from itertools import product
from pathlib import Path

#: What the certificate is good for beside them: the page, and clients that are told an address.
_HERE = ("localhost", "127.0.0.1", "::1")


def fixed_hosts() -> list[str]:
    """Every host of the service that the contract knows."""
    servers = json.loads(files("cloudrec").joinpath("contract.json").read_text("utf-8"))["servers"]
    names: dict[str, None] = {}
    for server in servers:
        template = server["url"].removeprefix("https://").partition("/")[0]
        variables = {name: it["enum"] for name, it in server.get("variables", {}).items() if f"{{{name}}}" in template}
        for values in product(*variables.values()):
            names[template.format(**dict(zip(variables, values, strict=True)))] = None
    return list(names)


def lines_for_hosts(address: str) -> str:
    """Lines for /etc/hosts by which all of them lead to this address."""
    return "".join(f"{address} {name}\n" for name in fixed_hosts())


def make_certificate(folder: Path) -> str:
    """Write a certificate for all of them, of an authority made for it; what to do with both, in words.

    ValueError where there is one already, OSError where it cannot be written, ImportError without the extra.
    """
    try:
        import trustme
    except ImportError:
        raise ImportError(
            "make_certificate needs trustme, which is not installed: pip install 'cloudrec[emulator-tls]'"
        ) from None
    authority_file, server_file = folder / "ca.pem", folder / "server.pem"
    for path in (authority_file, server_file):
        if path.exists():
            raise ValueError(f"make_certificate has found {path} already: name another folder, or delete it")
    folder.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA()
    issued = authority.issue_cert(*_HERE, *fixed_hosts())
    # The key is for nobody else to read.
    server_file.touch(mode=0o600)
    issued.private_key_and_cert_chain_pem.write_to_path(server_file)
    authority.cert_pem.write_to_path(authority_file)
    return f"""\
{server_file}  certificate and key, for the emulator
{authority_file}  the authority, for who is to trust it: only while you test, and never on a machine of others

An SDK that has the hosts of the service in its code calls the emulator so:

  cloudrec emulator --print-hosts | sudo tee -a /etc/hosts
  sudo "$(command -v cloudrec)" emulator --port 443 --certfile {server_file}
  export SSL_CERT_FILE={authority_file}          # Go, Ruby, PHP, Python with httpx
  export REQUESTS_CA_BUNDLE={authority_file}     # Python with requests
  export NODE_EXTRA_CA_CERTS={authority_file}    # Node

Afterwards take the lines out of /etc/hosts again.
"""
