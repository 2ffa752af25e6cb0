"""What is told on standard error while a command works."""

import logging

from brian2 import BrianLogger


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
    BrianLogger.console_handler.setLevel(max(level, logging.INFO))


def hush() -> None:
    """Have Brian2 say no more: what it says of objects that an error leaves behind is no news."""
    BrianLogger.console_handler.setLevel(logging.ERROR)
