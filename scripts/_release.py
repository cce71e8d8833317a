"""Whether a tag may be released: `_release.py v0.2.0 https://github.com/…`. Standard library only.

Exit code: 0, or 1 after every reason why not.
"""

import re
import sys
import tomllib
from pathlib import Path


def objections(root: Path, tag: str, repository: str) -> list[str]:
    """What stands against releasing this tag from this repository; nothing, if it may be."""
    source = (root / "cloudrec" / "_version.py").read_text(encoding="utf-8")
    [version] = re.findall(r'^__version__ = "(.+)"$', source, re.MULTILINE)
    changes = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    urls = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"].get("urls", {})
    found = []
    if tag != f"v{version}":
        found.append(f"the tag is {tag}, and cloudrec/_version.py says {version}: the tag must be v{version}")
    if not re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", changes, re.MULTILINE):
        found.append(f"CHANGELOG.md has no section `## [{version}] - YYYY-MM-DD`")
    if urls.get("Repository") != repository:
        found.append(f'[project.urls] in pyproject.toml must have Repository = "{repository}"')
    return found


if __name__ == "__main__":
    found = objections(Path(__file__).resolve().parent.parent, *sys.argv[1:])
    for line in found:
        print(f"cloudrec: {line}", file=sys.stderr)
    sys.exit(1 if found else 0)
