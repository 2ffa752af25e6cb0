"""What arrays are called in the program."""

from brian2 import get_device
from brian2.core.variables import Variable


def array_name(variable: Variable) -> str:
    """Return the name of a variable's array in the program, such as ``_array_cells_v``."""
    return str(get_device().get_array_name(variable, access_data=False))
