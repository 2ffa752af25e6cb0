"""The C++ that a Brian2 network becomes: templates of the standalone device, written to be vectorised."""
