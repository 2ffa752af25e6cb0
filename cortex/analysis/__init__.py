"""Numbers from arrays: what a run's recordings say, and what the papers say beside it.

Nothing here knows the simulator: arrays come in plain SI units (lengths and areas of maps in mm and mm^2, as
microelectrode maps are drawn) and numbers go out.
"""
