"""Virtual experiments: one file each, made of a model, a protocol and what is measured."""
