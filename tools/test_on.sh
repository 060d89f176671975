#!/bin/sh
# Run the tests on one more version of Python, without coverage, and without those that look at
# something else than Python: a browser, type checkers, servers of databases; or take long.
#
# usage: test_on.sh 3.12      its environment is .venv-3.12, made when it is missing or outdated
set -eu

version=$1
environment=.venv-$version
stamp=$environment/.installed-test

if [ "$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')" = "$version" ]; then
    echo "==> Python $version ran the tests already"
    exit 0
fi
if ! python=$(sh tools/find_python.sh "=$version"); then
    echo "==> Python $version is not installed here: no tests on it"
    exit 0
fi

outdated() {
    [ ! -e "$stamp" ] || [ -n "$(find requirements pyproject.toml -newer "$stamp" -type f)" ]
}

if outdated; then
    echo "==> installing requirements/test.txt into $environment, some seconds"
    [ -x "$environment/bin/python" ] || "$python" -m venv "$environment"
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check -r requirements/test.txt
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
    touch "$stamp"
fi

echo "==> tests on Python $version"
# What was asked for was asked of the main version only.
unset TYPEDFLASK_REQUIRE_BROWSER TYPEDFLASK_REQUIRE_SERVERS
exec "$environment/bin/python" -m pytest -q -x -n auto -p no:cacheprovider \
    -m "not browser and not types and not servers and not slow"
