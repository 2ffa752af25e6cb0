"""What is told on standard error while a command works."""

import logging
import sys

from cortex import preferences


def listen(quiet: bool, verbose: bool, debug: bool) -> None:
    """Show messages on standard error, more or fewer of them."""
    level = logging.ERROR if quiet else logging.INFO if verbose else logging.WARNING
    if debug:
        level = logging.DEBUG
    handler = logging.StreamHandler()
    handler.setLevel(level)
    logger = logging.getLogger("cortex")
    logger.setLevel(min(level, logging.INFO))
    logger.handlers = [handler]
    _listen_to_brian2(max(level, logging.INFO))


def hush() -> None:
    """Have Brian2 say no more: what it says of objects that an error leaves behind is no news."""
    _listen_to_brian2(logging.ERROR)


def _listen_to_brian2(level: int) -> None:
    """Show messages of Brian2 from this level on, now or once it is loaded."""
    preferences.console_level = logging.getLevelName(level)
    logger = getattr(sys.modules.get("brian2.utils.logger"), "BrianLogger", None)
    if logger and logger.console_handler:
        logger.console_handler.setLevel(level)
