"""How fast the engine is: against hand-written C++, plain Brian2, NEST and ANNarchy, and on the main job.

    python -m benchmarks                       everything, about half an hour; writes docs/benchmarks.md
    python -m benchmarks simulation study      some sections
    python -m benchmarks --python-nest ENV/bin/python --python-annarchy ENV2/bin/python
    python -m benchmarks.precision             whether single precision says what double does, over seeds
    python -m benchmarks.long_studies          what a study of 10,000 short runs costs

Every comparison is interleaved: each repeat runs each candidate once, so that a slow minute of the machine hits all.
Read the ratios, not the seconds.
"""
