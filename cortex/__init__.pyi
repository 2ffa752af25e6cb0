from cortex.api import compare as compare
from cortex.api import load as load
from cortex.api import run as run
from cortex.api import study as study
from cortex.cli import main as main

__version__: str
