"""Makes a release, but for pushing and publishing it.

    ./scripts/release make 0.2.0 --dry-run   all of it, in a clone that is thrown away
    ./scripts/release make 0.2.0             sets version and changelog, builds, looks through, tries, commits and tags
    ./scripts/release build                  only the packages of HEAD, into dist/, with SBOM and licences in about/
    ./scripts/release try                    only what was built, in clean environments: each Python and each extra
    ./scripts/release callers [REVISION]     only examples and tests of the last tag, type-checked against HEAD
    ./scripts/release agree TAG REPOSITORY   whether this checkout is the tag's and its changelog has a date

Exit code: 0, or 1 after every reason why not.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from . import version as versions

ROOT = Path(__file__).resolve().parent.parent.parent
DIST, ABOUT = "dist", "about"


def refused(reasons: Iterable[str]) -> int:
    """Says why not; the exit code."""
    told = [f"cloudrec: {reason}" for reason in reasons]
    for line in told:
        print(line, file=sys.stderr)
    return 1 if told else 0


def build(source: Path, commit: str, out: Path) -> None:
    """Packages of a commit and what is to say of them, into `dist` and `about` below a folder."""
    from .packages import build, describe, look_through

    for name in (DIST, ABOUT):
        shutil.rmtree(out / name, ignore_errors=True)
    built = build(source, commit, out / DIST)
    print(f"{built.wheel.name} and {built.sdist.name}: built twice, and the same byte for byte", flush=True)
    look_through(built)
    print("twine, check-wheel-contents and foreign licences: nothing", flush=True)
    describe(built, source, out / ABOUT)
    print(f"written into {ABOUT}/: {', '.join(sorted(path.name for path in (out / ABOUT).iterdir()))}", flush=True)


def tried(source: Path, out: Path, only: list[str]) -> None:
    """What was built, in clean environments."""
    from .packages import Built, Wrong
    from .trial import trial

    found = [*(out / DIST).glob("*.whl"), *(out / DIST).glob("*.tar.gz")]
    if len(found) != 2:
        raise Wrong(f"{out / DIST} does not hold one wheel and one sdist: ./scripts/release build")
    trial(Built(*found), source, only)


def checked(source: Path, revision: str | None) -> None:
    """Programs of before, against this version."""
    from .callers import check, last_tag

    revision = revision or last_tag(source)
    if revision is None:
        print("NOT RUN: programs of the last release, since nothing is tagged; a revision can be named", flush=True)
    else:
        print(f"programs of {revision} with this version: {check(source, revision)}", flush=True)


def make(root: Path, version: str, *, dry: bool, steps: Iterable[Callable[[Path], None]]) -> int:
    """A release in a clone; what came of it is brought over at the end, unless it is to be tried alone."""
    if found := versions.objections(root, version):
        return refused(found)
    with tempfile.TemporaryDirectory(prefix="cloudrec-") as home:
        clone = Path(home, "cloudrec")
        versions.git(root, "clone", "--quiet", "--no-hardlinks", str(root), str(clone))
        for setting in ("user.name", "user.email"):
            versions.git(clone, "config", setting, versions.git(root, "config", setting))
        versions.set_version(clone, version, datetime.now(UTC).date())
        if versions.git(clone, "status", "--porcelain"):
            versions.git(clone, "commit", "--quiet", "--all", "--message", f"Release {version}")
        versions.git(clone, "tag", "--annotate", f"v{version}", "--message", f"cloudrec {version}")
        print(versions.git(clone, "show", "--unified=0", "--format=%s", "HEAD"), flush=True)
        for step in steps:
            step(clone)
        if dry:
            print(f"dry run: nothing is changed here; commit and tag v{version} would be made", flush=True)
            return 0
        versions.git(root, "fetch", "--quiet", "--no-tags", str(clone), f"refs/tags/v{version}:refs/tags/v{version}")
        versions.git(root, "merge", "--quiet", "--ff-only", f"v{version}^{{commit}}")
    print(f"{versions.BRANCH} has the commit, and v{version} is its tag. To publish: git push origin main v{version}")
    return 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/release", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    agree = commands.add_parser("agree")
    agree.add_argument("tag")
    agree.add_argument("repository")
    making = commands.add_parser("make")
    making.add_argument("version")
    making.add_argument("--dry-run", action="store_true")
    building, trying = commands.add_parser("build"), commands.add_parser("try")
    calling = commands.add_parser("callers")
    calling.add_argument("revision", nargs="?")
    for one in (making, trying):
        one.add_argument("--python", action="append", default=[], metavar="3.13", help="try only on these")
    for one in (making, building, trying):
        one.add_argument("--out", type=Path, default=ROOT, metavar="FOLDER", help="where dist/ and about/ are")
    options = parser.parse_args(arguments)
    if options.command == "agree":
        return refused(versions.disagreements(ROOT, options.tag, options.repository))

    from .packages import Wrong

    def build_it(source: Path) -> None:
        build(source, "HEAD", options.out)

    def try_it(source: Path) -> None:
        tried(source, options.out, options.python)

    def check_it(source: Path) -> None:
        checked(source, getattr(options, "revision", None))

    try:
        if options.command == "make":
            return make(ROOT, options.version, dry=options.dry_run, steps=[check_it, build_it, try_it])
        {"build": build_it, "try": try_it, "callers": check_it}[options.command](ROOT)
    except Wrong as wrong:
        return refused([str(wrong)])
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
