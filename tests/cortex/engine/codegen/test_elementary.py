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
        const double values[] = {
            cortex::exp(x), cortex::log(x), cortex::sin(x), cortex::cos(x), cortex::expm1(x), cortex::exprel(x),
            cortex::log1p(x), cortex::sinh(x), cortex::cosh(x), cortex::tanh(x), cortex::pow(x, 2.3),
            cortex::pow(x, -0.3)
        };
        std::fwrite(values, sizeof values, 1, stdout);
    }
}
"""


def compiled(folder, *flags):
    """Return a function that returns all functions of numbers, a row each."""
    header = resources.files("cortex.engine.codegen") / "include" / "elementary.h"
    (folder / "main.cpp").write_text(header.read_text() + MAIN)
    words = ["-O2", "-ffp-contract=off", "-std=c++17", *flags, str(folder / "main.cpp"), "-o", str(folder / "main")]
    subprocess.run([*compiler.find_compiler().command, *words], check=True)

    def apply(points):
        ended = subprocess.run([folder / "main"], input=points.tobytes(), stdout=subprocess.PIPE, check=True)
        return np.frombuffer(ended.stdout).reshape(len(points), -1).T

    return apply


@pytest.fixture(scope="module")
def apply(tmp_path_factory):
    """Without fused products."""
    return compiled(tmp_path_factory.mktemp("elementary"))


@pytest.fixture(scope="module", params=["-O2", "-march=native"], ids=["portable", "fused"])
def relatives(request, apply, tmp_path_factory):
    """All but exp, log, sin and cos; powers have a logarithm of their own where the processor fuses products."""
    chosen = apply if request.param == "-O2" else compiled(tmp_path_factory.mktemp("fused"), request.param)
    return lambda points: chosen(points)[4:]


def ordinary(low, high):
    return low + (high - low) * ((np.arange(20_000) * 0.6180339887498949) % 1)


@needs_compiler
def test_ordinary_values_are_what_they_always_were(apply):
    values = [
        apply(ordinary(-708, 709))[0],
        apply(np.ldexp(ordinary(1, 2), np.arange(20_000) % 2045 - 1022))[1],
        *apply(ordinary(-1e6, 1e6))[2:4],
        *apply(ordinary(-7, 7))[2:4],
    ]
    assert hashlib.sha256(np.concatenate(values).tobytes()).hexdigest()[:16] == "511622effc37f284"


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
    exponential, logarithm, sine, cosine = apply(points)[:4]
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(exponential, np.exp(points), rtol=5e-16, atol=5e-324)
        np.testing.assert_allclose(logarithm, np.log(points), rtol=1e-15)
        np.testing.assert_allclose(sine, np.sin(points), rtol=0, atol=5e-16)
        np.testing.assert_allclose(cosine, np.cos(points), rtol=0, atol=5e-16)


@needs_compiler
def test_the_relatives_are_right_to_a_few_units_in_the_last_place(relatives):
    magnitudes = 2.0 ** ordinary(-1022, 1024)
    points = np.concatenate(
        [
            ordinary(-745, 720), ordinary(-3, 3), ordinary(-40, 40), -1 + 2.0 ** ordinary(-52, 0), magnitudes,
            -magnitudes, [0.0, np.inf, -np.inf, np.nan, -1.0, -1.5, 1.0, 709.78, 710.4, 710.5, 716.3, 1e16],
        ]
    )  # fmt: skip
    x = points.astype(np.longdouble)
    with np.errstate(all="ignore"):
        relative = np.where(np.abs(x) < 1e-300, 1, np.where(np.isposinf(x), x, np.expm1(x) / x))
        powers = [np.power(x, np.longdouble(exponent)) for exponent in (2.3, -0.3)]
        right = [np.expm1(x), relative, np.log1p(x), np.sinh(x), np.cosh(x), np.tanh(x), *powers]
        for found, value in zip(relatives(points), right, strict=True):
            np.testing.assert_allclose(found, value.astype(float), rtol=8e-16, atol=5e-308)


@needs_compiler
def test_subnormal_numbers_stay_what_they_are(relatives):
    tiny = 5e-324 * np.round(2.0 ** ordinary(0, 52))
    expm1, exprel, log1p, sinh, cosh, tanh, power, root = relatives(tiny)
    for same in (expm1, log1p, sinh, tanh):
        np.testing.assert_allclose(same, tiny, rtol=0, atol=5e-324)
    np.testing.assert_array_equal([exprel, cosh, power], [tiny * 0 + 1, tiny * 0 + 1, tiny * 0])
    np.testing.assert_allclose(root, np.power(tiny, -0.3), rtol=1e-15)
