"""The functions behind the commands: run, load, study and compare, without printing anything."""


def run() -> None:
    """Not there yet."""


load = study = compare = run
