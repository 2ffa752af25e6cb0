// exp, log, sin and cos without branches: compilers vectorise the loops that call them.
//
// Arguments are reduced to a small interval, where a Taylor polynomial is exact up to rounding. Errors are a few units
// in the last place; those of sin and cos grow with the argument, to 1e-12 at 10^4. Compile without -fassociative-math.
#include <cmath>
#include <cstdint>
#include <cstring>

namespace cortex {

inline int64_t bits_of(double x) { int64_t bits; std::memcpy(&bits, &x, 8); return bits; }
inline double from_bits(int64_t bits) { double x; std::memcpy(&x, &bits, 8); return x; }

const double ROUNDS = 6755399441055744.0;  // 1.5 * 2^52: adding it rounds a number into the lowest bits

inline double exp(double x) {
    const double inside = x < -708.0 ? -708.0 : (x > 709.0 ? 709.0 : x);
    const double n = std::rint(inside * 1.4426950408889634);
    const double r = (inside - n * 0.69314718036912382) - n * 1.9082149292705877e-10;  // log(2) in two parts
    const double r2 = r * r, r4 = r2 * r2;
    const double low = (1.0 + r) + (1.0 / 2 + r * (1.0 / 6)) * r2;
    const double middle = (1.0 / 24 + r * (1.0 / 120)) + (1.0 / 720 + r * (1.0 / 5040)) * r2;
    const double high = (1.0 / 40320 + r * (1.0 / 362880)) + (1.0 / 3628800 + r * (1.0 / 39916800)) * r2;
    const double highest = 1.0 / 479001600 + r * (1.0 / 6227020800);
    const double p = low + r4 * (middle + r4 * (high + r4 * highest));
    const double power = p * from_bits((bits_of(n + ROUNDS) + 1023) << 52);
    return x < -708.0 ? 0.0 : (x > 709.0 ? INFINITY : power);
}

inline double log(double x) {
    const int64_t bits = bits_of(x);
    const int64_t above = (bits & 0x000fffffffffffff) > 0x0006a09e667f3bcd ? 1 : 0;  // mantissa above sqrt(2)
    const double exponent = from_bits((((bits >> 52) + above) | 0x4330000000000000)) - 4503599627370496.0 - 1023.0;
    const double m = from_bits((bits & 0x000fffffffffffff) | ((1023 - above) << 52));
    const double s = (m - 1.0) / (m + 1.0), z = s * s;
    const double z2 = z * z, z4 = z2 * z2;
    const double low = (1.0 + z * (1.0 / 3)) + (1.0 / 5 + z * (1.0 / 7)) * z2;
    const double middle = (1.0 / 9 + z * (1.0 / 11)) + (1.0 / 13 + z * (1.0 / 15)) * z2;
    const double high = (1.0 / 17 + z * (1.0 / 19)) + (1.0 / 21 + z * (1.0 / 23)) * z2;
    const double p = low + z4 * (middle + z4 * high);
    const double logarithm = exponent * 0.69314718055994531 + 2.0 * s * p;
    return x > 0.0 ? (x < INFINITY ? logarithm : INFINITY) : (x == 0.0 ? -INFINITY : NAN);
}

// sine of x + quarters * pi/2
inline double sine(double x, int64_t quarters) {
    const double n = std::rint(x * 0.63661977236758134);
    const double r = (x - n * 1.5707963267341256) - n * 6.0771005065061922e-11, z = r * r;
    const double z2 = z * z, z4 = z2 * z2;
    const double s_low = (1.0 - z * (1.0 / 6)) + (1.0 / 120 - z * (1.0 / 5040)) * z2;
    const double s_high = (1.0 / 362880 - z * (1.0 / 39916800)) + (1.0 / 6227020800 - z * (1.0 / 1307674368000)) * z2;
    const double s = r * (s_low + z4 * s_high);
    const double c_low = (1.0 - z * (1.0 / 2)) + (1.0 / 24 - z * (1.0 / 720)) * z2;
    const double c_high = (1.0 / 40320 - z * (1.0 / 3628800)) + (1.0 / 479001600 - z * (1.0 / 87178291200)) * z2;
    const double c = c_low + z4 * (c_high + z4 * (1.0 / 20922789888000));
    const int64_t quadrant = bits_of(n + ROUNDS) + quarters;
    const double value = from_bits(bits_of(quadrant & 1 ? c : s) ^ ((quadrant & 2) << 62));
    return std::fabs(x) < 1e15 ? value : NAN;  // a larger double does not determine the angle
}

inline double sin(double x) { return sine(x, 0); }
inline double cos(double x) { return sine(x, 1); }

}  // namespace cortex
