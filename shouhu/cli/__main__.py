"""``python -m shouhu.cli`` is the command ``shouhu``."""

from shouhu.cli import main

main()
