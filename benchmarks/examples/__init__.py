"""Published networks as Brian2 users write them: the engine's C++ against that of plain Brian2.

    python -m benchmarks.examples                  all, about five minutes
    python -m benchmarks.examples cobahh cuba      some
    python -m benchmarks examples                  all, written to docs/benchmarks.md

What is compared is the processor time of the simulation loop, without building, compiling and writing: medians of
interleaved repeats. Networks are small and short, their connections and inputs the same for both (but for the Poisson
input of `brunel`, which each draws itself); ratios are what matters.
"""
