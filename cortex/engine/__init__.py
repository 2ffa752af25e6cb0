"""The simulation engine, for any Brian2 network: one model, many arms, compiled once."""
