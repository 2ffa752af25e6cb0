// exp, log, sin, cos and their relatives without branches: compilers vectorise the loops that call them.
//
// Arguments are reduced to a small interval, where a Taylor polynomial is exact up to rounding. Errors are a few units
// in the last place. Compile without -fassociative-math.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

// a loop of many calls is vectorised only if all are inline, of which compilers think that it grows too much
#if defined(__GNUC__)
#define CORTEX_INLINE __attribute__((always_inline)) inline
#define CORTEX_APART __attribute__((noinline))
#else
#define CORTEX_INLINE inline
#define CORTEX_APART
#endif

namespace cortex {

CORTEX_INLINE int64_t bits_of(double x) { int64_t bits; std::memcpy(&bits, &x, 8); return bits; }
CORTEX_INLINE double from_bits(int64_t bits) { double x; std::memcpy(&x, &bits, 8); return x; }

const double ROUNDS = 6755399441055744.0;  // 1.5 * 2^52: adding it rounds a number into the lowest bits

// what is left of x without n times log(2)
CORTEX_INLINE double reduced(double x, double n) {
    return (x - n * 0.69314718036912382) - n * 1.9082149292705877e-10;  // log(2) in two parts
}

// p * 2^(whole + more), where ROUNDS has been added to the whole number; in two factors, which large powers need
CORTEX_INLINE double scaled(double p, double whole, int64_t more = 0) {
    const int64_t power = bits_of(whole) + 2 * 1023 + more, half = power >> 1;
    return p * from_bits(half << 52) * from_bits((power - half) << 52);
}

// exp(x + low) * 2^more, for a low that is small; the polynomial interpolates at Chebyshev's nodes, to 2e-17
CORTEX_INLINE double exponential(double x, double low = 0.0, int64_t more = 0) {
    const double inside = x < -746.0 ? -746.0 : (x > 720.0 ? 720.0 : x);  // 0 and infinity from there on
    const double whole = inside * 1.4426950408889634 + ROUNDS;
    const double r = reduced(inside, whole - ROUNDS) + low;
    const double r2 = r * r, r4 = r2 * r2;
    const double lowest = (1.0 + r) + (0.5000000000000001 + r * 0.16666666666666669) * r2;
    const double middle = (0.04166666666662413 + r * 0.008333333333330062)
                        + (0.0013888888917213717 + r * 0.00019841269863053618) * r2;
    const double high = (2.4801521295954376e-05 + r * 2.7557268459997064e-06)
                      + (2.7620088445409746e-07 + r * 2.510038549551032e-08) * r2;
    return scaled(lowest + r4 * (middle + r4 * high), whole, more);
}

// exp(x) in single precision
CORTEX_INLINE float exponential(float x) {
    const float inside = x < -104.0f ? -104.0f : (x > 89.0f ? 89.0f : x);  // 0 and infinity from there on
    const float whole = inside * 1.44269504f + 12582912.0f, n = whole - 12582912.0f;  // 1.5 * 2^23 rounds
    const float r = (inside - n * 0.693359375f) + n * 2.12194440e-4f, r2 = r * r;
    const float high = 0.041666552f + r * 0.008363233f + r2 * 0.001392625f;
    const float p = (1.0f + r) + r2 * ((0.5f + r * 0.16666576f) + r2 * high);
    int32_t power, half, rest;
    std::memcpy(&power, &whole, 4);
    power += 2 * 127;
    half = (power >> 1) << 23, rest = (power - (power >> 1)) << 23;
    float factor, other;
    std::memcpy(&factor, &half, 4);
    std::memcpy(&other, &rest, 4);
    return p * factor * other;
}

// (exp(x) - 1) / divisor * 2^more, where the quotient may be finite although exp(x) is not
CORTEX_INLINE double exponential_less_one(double x, double divisor = 1.0, int64_t more = 0) {
    const double inside = x < -50.0 ? -50.0 : (x > 720.0 ? 720.0 : x);
    const double n = std::rint(inside * 1.4426950408889634);
    const double r = reduced(inside, n), r2 = r * r, r4 = r2 * r2;
    const double low = (1.0 / 2 + r * (1.0 / 6)) + (1.0 / 24 + r * (1.0 / 120)) * r2;
    const double middle = (1.0 / 720 + r * (1.0 / 5040)) + (1.0 / 40320 + r * (1.0 / 362880)) * r2;
    const double high = (1.0 / 3628800 + r * (1.0 / 39916800)) + (1.0 / 479001600 + r * (1.0 / 6227020800)) * r2;
    const double p = r + r2 * (low + r4 * (middle + r4 * high));
    const double one = from_bits((bits_of(ROUNDS - (n < 64.0 ? n : 64.0)) + 1023) << 52);  // 1 / 2^n, or less than 2^-63
    return scaled((p + (1.0 - one)) / divisor, n + ROUNDS, more);
}

CORTEX_INLINE double exp(double x) { return exponential(x); }
CORTEX_INLINE double expm1(double x) { return exponential_less_one(x); }
CORTEX_INLINE double exprel(double x) { return x == 0.0 ? 1.0 : exponential_less_one(x, x > 720.0 ? 720.0 : x); }
CORTEX_INLINE double cosh(double x) {
    const double half = exponential(std::fabs(x), 0.0, -1);
    return half + 0.25 / half;
}
CORTEX_INLINE double sinh(double x) {
    const bool large = std::fabs(x) > 1.0;  // halve before a large number overflows
    const double two = large ? 2.0 : 1.0, part = exponential_less_one(std::fabs(x), 1.0, large ? -1 : 0);
    const double finite = part > 1e300 ? 1e300 : part;
    return std::copysign(0.5 * two * (part + finite / (two * finite + 1.0)), x);
}
CORTEX_INLINE double tanh(double x) {
    const double below = exponential_less_one(-2.0 * std::fabs(x));
    return std::copysign(below / (below + 2.0), x);
}

// logarithm of a number that is not subnormal
CORTEX_INLINE double logarithm(double x) {
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
    const double value = exponent * 0.69314718055994531 + 2.0 * s * p;
    return x > 0.0 ? (x < INFINITY ? value : INFINITY) : (x == 0.0 ? -INFINITY : NAN);
}

// the same in single precision, of a positive number
CORTEX_INLINE float logarithm(float x) {
    int32_t bits;
    std::memcpy(&bits, &x, 4);
    const int32_t above = bits - 0x3f3504f3, mantissa = (above & 0x007fffff) + 0x3f3504f3;  // from sqrt(1/2) to sqrt(2)
    float m;
    std::memcpy(&m, &mantissa, 4);
    const float s = (m - 1) / (m + 1), z = s * s;
    return float(above >> 23) * 0.69314718f + 2 * s * (1 + z * (1 / 3.f + z * (1 / 5.f + z * (1 / 7.f + z * (1 / 9.f)))));
}

CORTEX_INLINE double log1p(double x) {
    const double sum = 1.0 + x, value = logarithm(sum) + (x - (sum - 1.0)) / sum;  // with what was rounded off
    return x > -1.0 && x < INFINITY ? value : logarithm(sum);
}

#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
const double FAR = 1e9;
#else
const double FAR = 1e6;  // n * 1.57... would be rounded
#endif

// sine of x + quarters * pi/2, for |x| up to FAR
CORTEX_INLINE double sine(double x, int64_t quarters) {
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
    return from_bits(bits_of(quadrant & 1 ? c : s) ^ ((quadrant & 2) << 62));
}

// x^y for a positive x that is not subnormal, and a y that is not huge
CORTEX_INLINE double power(double x, double y) {
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
    const int64_t bits = bits_of(x);
    const int64_t above = (bits & 0x000fffffffffffff) > 0x0006a09e667f3bcd ? 1 : 0;
    const double exponent = from_bits((((bits >> 52) + above) | 0x4330000000000000)) - 4503599627370496.0 - 1023.0;
    const double m = from_bits((bits & 0x000fffffffffffff) | ((1023 - above) << 52));
    const double sum = m + 1.0, s = (m - 1.0) / sum, z = s * s;
    const double s_low = (__builtin_fma(-s, sum, m - 1.0) - s * (m - (sum - 1.0))) / sum;
    const double z2 = z * z, z4 = z2 * z2;
    const double middle = (1.0 / 3 + z * (1.0 / 5)) + (1.0 / 7 + z * (1.0 / 9)) * z2;
    const double high = (1.0 / 11 + z * (1.0 / 13)) + (1.0 / 15 + z * (1.0 / 17)) * z2;
    const double tail = z * (middle + z4 * (high + z4 * (1.0 / 19 + z * (1.0 / 21))));
    const double whole = exponent * 0.69314718036912382, most = whole + 2.0 * s;
    const double rest = (2.0 * s - (most - whole)) + (2.0 * (s_low + s * tail) + exponent * 1.9082149292705877e-10);
    const double log = most + rest, log_low = rest - (log - most);
    const double product = y * log, low = __builtin_fma(y, log, -product) + y * log_low;
    const double value = exponential(product, std::fabs(product) < 800.0 ? low : 0.0);
    return x == 0.0 ? (y > 0.0 ? 0.0 : (y < 0.0 ? INFINITY : 1.0)) : value;
#else
    return std::pow(x, y);  // a logarithm in two parts needs fused products
#endif
}

CORTEX_INLINE bool is_subnormal(double x) { return uint64_t(bits_of(x)) - 1 < 0x000fffffffffffff; }  // and positive
CORTEX_INLINE bool is_far(double x) { return std::fabs(x) > FAR; }
CORTEX_INLINE bool is_unusual(double x, double y) {
    return !((x == 0.0 || (x >= 2.2250738585072014e-308 && x < INFINITY)) && std::fabs(y) < 1e300);
}

CORTEX_INLINE double log(double x) {  // a subnormal number is its mantissa times 2^-1074, also where processors take it for 0
    return is_subnormal(x) ? logarithm(double(bits_of(x))) - 744.44007192138125 : logarithm(x);
}
CORTEX_INLINE double sin(double x) { return is_far(x) ? std::sin(x) : sine(x, 0); }
CORTEX_INLINE double cos(double x) { return is_far(x) ? std::cos(x) : sine(x, 1); }
CORTEX_INLINE double pow(double x, double y) { return is_unusual(x, y) ? std::pow(x, y) : power(x, y); }

// The same for loops that are vectorised: they tell whether the loop must be repeated with the functions above.
CORTEX_INLINE double log(int64_t& repeat, double x) { repeat |= is_subnormal(x); return logarithm(x); }
CORTEX_INLINE double sin(int64_t& repeat, double x) { repeat |= is_far(x); return sine(x, 0); }
CORTEX_INLINE double cos(int64_t& repeat, double x) { repeat |= is_far(x); return sine(x, 1); }
CORTEX_INLINE double pow(int64_t& repeat, double x, double y) { repeat |= is_unusual(x, y); return power(x, y); }

// Up to 512 values that such a loop overwrites.
template <class T> class Kept {
    T values[512], *const first;
    const int count;
public:
    Kept(T* first, int count) : first(first), count(count) { std::copy(first, first + count, values); }
    void restore() const { std::copy(values, values + count, first); }
};

// Convert some numbers to another type; a function of its own, or else it would keep registers of vectors from a loop
// that comes before it.
template <class From, class To> CORTEX_APART void convert(const From* from, int count, To* to) {
    for (int k = 0; k < count; k++) to[k] = from[k];
}

// Whether `steps` steps are over after some time, as Brian2 counts them: int((time + dt/1000)/dt) >= steps.
CORTEX_INLINE bool passed(double time, double dt, int64_t steps) {
    return time >= (double(steps - (steps <= 0)) - 1e-3) * dt;
}

}  // namespace cortex
