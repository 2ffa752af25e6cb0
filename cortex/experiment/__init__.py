"""One experiment: its parameters, random streams, simulation, run folder and progress."""
