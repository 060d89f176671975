#!/bin/sh
# Print the path of a CPython that can make a virtual environment for this project.
#
# usage: find_python.sh NAME      NAME if it is CPython 3.11 or newer, else any other that is
#        find_python.sh =3.12     exactly this version
#
# Looks at the names on PATH, then at the versions pyenv keeps, which need not be on PATH. Every
# candidate is run, because a name on PATH may be a shim for a version that is not there.
set -u

wanted=${1:-python3}
exact=
case $wanted in
=*) exact=${wanted#=} ;;
esac

suits() {
    "$1" - "$exact" <<'PYTHON' 2>/dev/null
import sys, venv, ensurepip
version = "%d.%d" % sys.version_info[:2]
fits = version == sys.argv[1] if sys.argv[1] else sys.version_info >= (3, 11)
if not (fits and sys.implementation.name == "cpython"):
    raise SystemExit(1)
# A virtual environment stands on the interpreter below it; print that one.
print(sys.executable)
PYTHON
}

if [ -n "$exact" ]; then
    names=python$exact
    kept=$(ls -d "${PYENV_ROOT:-$HOME/.pyenv}/versions/$exact."*/bin/python3 2>/dev/null)
else
    names="$wanted python3 python3.13 python3.12 python3.11"
    kept=$(ls -dr "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[1-9]*/bin/python3 2>/dev/null)
fi

for candidate in $names $kept; do
    if suits "$candidate"; then
        exit 0
    fi
done

if [ -z "$exact" ]; then
    {
        echo "No suitable Python: this project needs CPython 3.11 or newer, with the modules venv and ensurepip."
        echo "Tried: $names $kept"
        echo "\"$wanted\" is $("$wanted" --version 2>&1 | head -n 1)."
        echo "Install one (on Debian: apt-get install python3 python3-venv) or name one: make PYTHON=/path/to/python3.12 ..."
    } >&2
fi
exit 1
