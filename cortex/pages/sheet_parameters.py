"""By which parameters a run is known to have a cortical sheet: light to import, as most runs have none."""

from collections.abc import Mapping

SETTINGS = ("mapping.electrode_spacing", "mapping.electrode_radius", "mapping.threshold", "mapping.repeats")
REACH = ("sheet.digit_width", "sheet.arbor_radius")
LENGTHS = ("sheet.proximal_length", "sheet.middle_length", "sheet.distal_length")


def has_sheet(parameters: Mapping[str, str]) -> bool:
    """Return whether a run has all parameters from which its maps are laid out."""
    return {*SETTINGS, *REACH, *LENGTHS} <= parameters.keys()
