"""One fingertip in spikes: idle cells copy, PV cells hold the total, a readout learns, the copies are released."""
