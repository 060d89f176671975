"""`python -m typedflask` is the program `typedflask`."""

from __future__ import annotations

from typedflask.cli import main

if __name__ == "__main__":
    main()
