"""Many runs of a scenario: the study file, its plan, the engines that work on it, and what has become of it."""
