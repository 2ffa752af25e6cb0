"""The elementary functions of the C++ that is generated, alone and without fast arithmetic, up to the ends of range."""

import hashlib
import subprocess
from importlib import resources

import numpy as np
import pytest

from cortex.engine import compiler

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")

MAIN = """
#include <cstdio>
int main() {
    double x;
    while (std::fread(&x, sizeof x, 1, stdin)) {
        const double values[] = {cortex::exp(x), cortex::log(x), cortex::sin(x), cortex::cos(x)};
        std::fwrite(values, sizeof values, 1, stdout);
    }
}
"""


@pytest.fixture(scope="module")
def apply(tmp_path_factory):
    """A function that returns exp, log, sin and cos of numbers, without fused products."""
    folder = tmp_path_factory.mktemp("elementary")
    header = resources.files("cortex.engine.codegen") / "include" / "elementary.h"
    (folder / "main.cpp").write_text(header.read_text() + MAIN)
    flags = ["-O2", "-ffp-contract=off", "-std=c++17", str(folder / "main.cpp"), "-o", str(folder / "main")]
    subprocess.run([*compiler.find_compiler().command, *flags], check=True)

    def apply(points):
        ended = subprocess.run([folder / "main"], input=points.tobytes(), stdout=subprocess.PIPE, check=True)
        return np.frombuffer(ended.stdout).reshape(-1, 4).T

    return apply


def ordinary(low, high):
    return low + (high - low) * ((np.arange(20_000) * 0.6180339887498949) % 1)


@needs_compiler
def test_ordinary_values_are_what_they_always_were(apply):
    values = [
        apply(ordinary(-708, 709))[0],
        apply(np.ldexp(ordinary(1, 2), np.arange(20_000) % 2045 - 1022))[1],
        *apply(ordinary(-1e6, 1e6))[2:],
        *apply(ordinary(-7, 7))[2:],
    ]
    assert hashlib.sha256(np.concatenate(values).tobytes()).hexdigest()[:16] == "0f955c702c0586b1"


@needs_compiler
def test_they_are_right_from_end_to_end(apply):
    tiny = np.finfo(float).tiny
    points = np.concatenate(
        [
            ordinary(-745.13, -708), ordinary(708, 709.782712893384), [709.79, 1e300, -745.14, -1e300],
            5e-324 * np.round(2.0 ** ordinary(0, 52)), tiny * ordinary(1, 2), -tiny * ordinary(0, 2),
            2.0 ** ordinary(19, 1023), -(2.0 ** ordinary(19, 100)), ordinary(-10, 10), np.arange(-30, 30) * np.pi,
            [0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0, np.finfo(float).max],
        ]
    )  # fmt: skip
    exponential, logarithm, sine, cosine = apply(points)
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(exponential, np.exp(points), rtol=5e-16, atol=5e-324)
        np.testing.assert_allclose(logarithm, np.log(points), rtol=1e-15)
        np.testing.assert_allclose(sine, np.sin(points), rtol=0, atol=5e-16)
        np.testing.assert_allclose(cosine, np.cos(points), rtol=0, atol=5e-16)
