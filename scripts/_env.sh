# Sourced by the scripts beside it with env=demo or env=dev set. Leaves $root, the checkout, and $python, the
# interpreter of a .venv in which requirements/$env.txt and cloudrec itself are installed.
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
python=$root/.venv/bin/python
unset PYTHONHOME PYTHONPATH
export PYTHONNOUSERSITE=1

# Sets $base: $PYTHON if given, else the first CPython from 3.11 on that can make virtual environments. One later
# than 3.14 only when there is no other: the locks may name packages that are not built for it yet.
find_python() {
    why="no Python 3.11 or later was found. Install one, or name it: PYTHON=/path/to/python3 $0"
    later=
    set -- python3 python3.14 python3.13 python3.12 python3.11 python
    if [ -n "${PYTHON:-}" ]; then
        why="PYTHON=$PYTHON is not a CPython 3.11 or later."
        set -- "$PYTHON"
    fi
    for name in "$@"; do
        status=0
        base=$("$name" -I -c 'if True:
            import sys
            if sys.version_info < (3, 11) or sys.implementation.name != "cpython":
                sys.exit(3)
            try:
                import ensurepip, venv
            except ImportError:
                sys.exit(4)
            print(sys._base_executable)
            sys.exit(5 if sys.version_info >= (3, 15) else 0)' 2>/dev/null) || status=$?
        case $status in
        0) return ;;
        4) why="$name cannot make virtual environments; install its venv module (Debian, Ubuntu: apt install ${name##*/}-venv)." ;;
        5) later=${later:-$base} ;;
        esac
    done
    base=$later
    if [ -z "$base" ]; then
        echo "cloudrec: $why" >&2
        exit 1
    fi
}

if [ -n "$env" ]; then
    if [ -n "${PYTHON:-}" ] || ! "$python" -I "$root/scripts/_env.py" --check "$env" 2>/dev/null; then
        find_python
        "$base" -I "$root/scripts/_env.py" "$env"
    fi
    export PATH="$root/.venv/bin:$PATH"
fi
