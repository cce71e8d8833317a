"""What users install is what is tested: the built wheel, in an environment of its own, away from the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.support import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the checkout so that nothing is written into it."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in ("cloudrec", "generated"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(out)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [built] = out.glob("*.whl")
    return built


def test_contents(wheel: Path) -> None:
    """It holds both packages, typed, with the contract, the command and the licence, and no tests."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        [info] = {name.partition("/")[0] for name in names if ".dist-info/" in name}
        entry_points = archive.read(f"{info}/entry_points.txt").decode()
        metadata = archive.read(f"{info}/METADATA").decode()
    assert {"cloudrec/py.typed", "cloudrec_api/py.typed", "cloudrec/contract.json", "cloudrec/_sync/client.py"} <= names
    assert {name.partition("/")[0] for name in names} == {"cloudrec", "cloudrec_api", info}
    assert f"{info}/licenses/LICENSE" in names
    assert "cloudrec = cloudrec.cli:main" in entry_points
    assert "cloudrec = cloudrec.emulator.pytest_plugin" in entry_points
    for line in ("Requires-Python: >=3.11", "License-Expression: MIT", "Provides-Extra: emulator"):
        assert line in metadata.splitlines()


def test_installed(wheel: Path, tmp_path: Path) -> None:
    """Installed in a fresh environment it imports from there, says its version and brings its command."""
    place = tmp_path / "env"
    # Without a pip of its own, which takes longer than all else here. That of the tests' environment is run by the
    # other interpreter, and so sees, and may remove, only what is installed there.
    venv.create(place)
    python = place / "bin" / "python"
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_"))}
    clean |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_CONFIG_FILE": os.devnull}
    # Nothing is compiled but what is read below.
    options = ["--quiet", "--no-index", "--no-deps", "--no-compile"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", *options, str(wheel)],
        cwd=tmp_path, env=clean, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    # What it depends on comes from the environment of the tests: nothing is fetched. Only afterwards, and as a path
    # alone, so that no .pth file of that environment leads back to the checkout.
    site = Path(sysconfig.get_path("purelib", vars={"base": str(place), "platbase": str(place)}))
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    program = (
        "import cloudrec, cloudrec_api.models\n"
        "from cloudrec._contract.document import operations\n"
        "print(cloudrec.__file__, cloudrec_api.__file__, cloudrec.__version__, len(operations()))\n"
        "print(cloudrec.CloudRecording('app', cloudrec.BasicAuth('a', 'b'), area='EU'))\n"
        "assert all(hasattr(cloudrec, name) for name in cloudrec.__all__)\n"
    )
    done = subprocess.run(
        [python, "-W", "error", "-c", program], cwd=tmp_path, env=clean, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    package, models, version, count = first.split()
    assert Path(package).is_relative_to(site)
    assert Path(models).is_relative_to(site)
    assert (version, count) == (wheel.name.split("-")[1], "7")
    assert second == "CloudRecording(app_id='app', area=Area.EU)"
    command = place / "bin" / "cloudrec"
    done = subprocess.run([command, "--help"], cwd=tmp_path, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "emulator" in done.stdout
    # The environment of the tests is as it was.
    done = subprocess.run(
        [sys.executable, "-c", "import cloudrec; print(cloudrec.__file__)"],
        cwd=tmp_path, env=clean, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert Path(done.stdout.strip()).is_relative_to(ROOT)
