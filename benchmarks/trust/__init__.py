"""What the programs do when things go wrong: faults, nonsense, Brian2's own tests, and senseless settings.

    python -m benchmarks.trust                       all parts, under an hour; writes docs/trust.md
    python -m benchmarks.trust --quick               a short form, within three minutes
    python -m benchmarks.trust --part faults --case "corrupt study:17"      one case again, its folder kept

Every case is decided by ``--seed``, its group and its number. Counted are what was lost, what hung, what was executed
though it was only to be read, tracebacks, and what came out wrong without a word. All have to be 0.
"""
