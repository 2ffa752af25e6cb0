"""The command line as ``python -m cortex``."""

from cortex.cli import main

if __name__ == "__main__":
    main()
