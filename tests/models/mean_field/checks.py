"""The rate model simulated beside its predictions, one function per phase and claim.

A check compares what a simulation gives with what `predictions` says about it, in a band that was fixed before and
that no result may widen. Where the band is a ratio, the deviation is that of simulated / predicted from 1; where it is
a difference, that of simulated - predicted from 0; of a bound, how far simulated lies above predicted.
"""

from collections.abc import Callable, Iterator

from tests.models.mean_field.check import Check
from tests.models.mean_field.copy_and_hold import copying, holding, old_function
from tests.models.mean_field.learning import equivalences, noise_floors, online_courses, speeds
from tests.models.mean_field.release import benefit, divergence, noisy_divergence, plateau

CHECKS: tuple[Callable[[], Iterator[Check]], ...] = (
    copying,
    holding,
    old_function,
    speeds,
    equivalences,
    noise_floors,
    online_courses,
    plateau,
    divergence,
    noisy_divergence,
    benefit,
)
