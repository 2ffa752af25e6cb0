// exp, log, sin and cos without branches: compilers vectorise the loops that call them.
//
// Arguments are reduced to a small interval, where a Taylor polynomial is exact up to rounding. Errors are a few units
// in the last place. Compile without -fassociative-math.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace cortex {

inline int64_t bits_of(double x) { int64_t bits; std::memcpy(&bits, &x, 8); return bits; }
inline double from_bits(int64_t bits) { double x; std::memcpy(&x, &bits, 8); return x; }

const double ROUNDS = 6755399441055744.0;  // 1.5 * 2^52: adding it rounds a number into the lowest bits

inline double exp(double x) {
    const double inside = x < -746.0 ? -746.0 : (x > 710.0 ? 710.0 : x);  // 0 and infinity from there on
    const double n = std::rint(inside * 1.4426950408889634);
    const double r = (inside - n * 0.69314718036912382) - n * 1.9082149292705877e-10;  // log(2) in two parts
    const double r2 = r * r, r4 = r2 * r2;
    const double low = (1.0 + r) + (1.0 / 2 + r * (1.0 / 6)) * r2;
    const double middle = (1.0 / 24 + r * (1.0 / 120)) + (1.0 / 720 + r * (1.0 / 5040)) * r2;
    const double high = (1.0 / 40320 + r * (1.0 / 362880)) + (1.0 / 3628800 + r * (1.0 / 39916800)) * r2;
    const double highest = 1.0 / 479001600 + r * (1.0 / 6227020800);
    const double p = low + r4 * (middle + r4 * (high + r4 * highest));
    const int64_t power = bits_of(n + ROUNDS) + 2 * 1023, half = power >> 1;  // 2^n in two factors, which n may need
    return p * from_bits(half << 52) * from_bits((power - half) << 52);
}

// logarithm of a number that is not subnormal
inline double logarithm(double x) {
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

#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
const double FAR = 1e9;
#else
const double FAR = 1e6;  // n * 1.57... would be rounded
#endif

// sine of x + quarters * pi/2, for |x| up to FAR
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
    return from_bits(bits_of(quadrant & 1 ? c : s) ^ ((quadrant & 2) << 62));
}

inline bool is_subnormal(double x) { return uint64_t(bits_of(x)) - 1 < 0x000fffffffffffff; }  // and positive
inline bool is_far(double x) { return std::fabs(x) > FAR; }

inline double log(double x) {  // a subnormal number is its mantissa times 2^-1074, also where processors take it for 0
    return is_subnormal(x) ? logarithm(double(bits_of(x))) - 744.44007192138125 : logarithm(x);
}
inline double sin(double x) { return is_far(x) ? std::sin(x) : sine(x, 0); }
inline double cos(double x) { return is_far(x) ? std::cos(x) : sine(x, 1); }

// The same for loops that are vectorised: they tell whether the loop must be repeated with the functions above.
inline double log(int64_t& repeat, double x) { repeat |= is_subnormal(x); return logarithm(x); }
inline double sin(int64_t& repeat, double x) { repeat |= is_far(x); return sine(x, 0); }
inline double cos(int64_t& repeat, double x) { repeat |= is_far(x); return sine(x, 1); }

// Up to 512 values that such a loop overwrites.
template <class T> class Kept {
    T values[512], *const first;
    const int count;
public:
    Kept(T* first, int count) : first(first), count(count) { std::copy(first, first + count, values); }
    void restore() const { std::copy(values, values + count, first); }
};

}  // namespace cortex
