// What by_hand.cpp is made of: functions that vectorise, random numbers, inputs, arrays, contacts.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#ifndef REAL
#define REAL float
#endif
typedef REAL R;
typedef std::vector<int> Ints;
#define INLINE __attribute__((always_inline)) static inline

// ------------------------------------------------------------------------------------------------------- functions

INLINE float exponential(float x) {  // of a number from -87 to 87
    const float n = std::rint(x * 1.44269504f), r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
    const float p = 1 + r * (1 + r * (1 / 2.f + r * (1 / 6.f + r * (1 / 24.f + r * (1 / 120.f + r * (1 / 720.f))))));
    const int32_t power = ((int32_t)n + 127) << 23;
    float scale;
    memcpy(&scale, &power, 4);
    return p * scale;
}

INLINE double exponential(double x) {  // of a number from -708 to 708
    const double n = std::rint(x * 1.4426950408889634);
    const double r = (x - n * 0.69314718036912382) - n * 1.9082149292705877e-10, r2 = r * r, r4 = r2 * r2;
    const double low = (1 + r) + (1 / 2. + r * (1 / 6.)) * r2;
    const double middle = (1 / 24. + r * (1 / 120.)) + (1 / 720. + r * (1 / 5040.)) * r2;
    const double high = (1 / 40320. + r * (1 / 362880.)) + (1 / 3628800. + r * (1 / 39916800.)) * r2;
    const int64_t power = ((int64_t)n + 1023) << 52;
    double scale;
    memcpy(&scale, &power, 8);
    return (low + r4 * (middle + r4 * high)) * scale;
}

INLINE float logarithm(float x) {  // of a positive number
    int32_t bits;
    memcpy(&bits, &x, 4);
    const int32_t shifted = bits - 0x3f3504f3, mantissa = (shifted & 0x007fffff) + 0x3f3504f3;  // sqrt(1/2) to sqrt(2)
    float m;
    memcpy(&m, &mantissa, 4);
    const float s = (m - 1) / (m + 1), z = s * s;
    const float series = 1 + z * (1 / 3.f + z * (1 / 5.f + z * (1 / 7.f + z * (1 / 9.f))));
    return (float)(shifted >> 23) * 0.69314718f + 2 * s * series;
}

// -------------------------------------------------------------------------------------------------- random numbers

// xoshiro128++ (Blackman & Vigna 2021, doi:10.1145/3460772), sixteen generators side by side, seeded by splitmix64
class Random {
    static const int LANES = 16;
    uint32_t a[LANES], b[LANES], c[LANES], d[LANES], words[LANES];
    int used = LANES;

    INLINE uint32_t rotate(uint32_t x, int k) { return (x << k) | (x >> (32 - k)); }
    void draw(uint32_t *out) {
        for (int k = 0; k < LANES; k++) {
            const uint32_t t = b[k] << 9;
            out[k] = rotate(a[k] + d[k], 7) + a[k];
            c[k] ^= a[k]; d[k] ^= b[k]; b[k] ^= c[k]; a[k] ^= d[k];
            c[k] ^= t;
            d[k] = rotate(d[k], 11);
        }
    }

public:
    explicit Random(uint64_t seed) {
        for (int k = 0; k < LANES; k++)
            for (uint32_t *word : {&a[k], &b[k], &c[k], &d[k]}) {
                uint64_t z = (seed += 0x9e3779b97f4a7c15ull);
                z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
                z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
                *word = (z ^ (z >> 31)) >> 32;
            }
    }

    double exponential() {  // of mean 1, from 52 bits
        if (used == LANES) { draw(words); used = 0; }
        const uint64_t word = (uint64_t)words[used] << 32 | words[used + 1];
        used += 2;
        return -std::log(((word >> 12) + 0.5) * 0x1p-52);
    }

    // n normal numbers times a factor, n a multiple of 32, by the transform of Box & Muller (1958); from 32 bits each,
    // in single precision: none is larger than 6.7 standard deviations, which one in 5e10 would be
    void normal(R *__restrict out, int n, float factor) {
        for (int start = 0; start < n; start += 2 * LANES) {
            uint32_t first[LANES], second[LANES];
            draw(first); draw(second);
            for (int k = 0; k < LANES; k++) {
                const float u = ((float)(int32_t)(first[k] >> 1) + 0.5f) * 0x1p-31f;
                const float length = factor * std::sqrt(-2 * logarithm(u));
                const float angle = (float)(int32_t)second[k] * 0x1p-31f;  // from -1 to 1, in half turns
                const float near = std::rint(2 * angle), r = (angle - 0.5f * near) * 3.14159265f, z = r * r;
                const float sine = r * (1 + z * (-1 / 6.f + z * (1 / 120.f + z * (-1 / 5040.f))));
                const float cosine = 1 + z * (-1 / 2.f + z * (1 / 24.f + z * (-1 / 720.f + z * (1 / 40320.f))));
                const int32_t quarter = (int32_t)near;  // the nearest axis, as seen from the first one
                const float x = quarter & 1 ? sine : cosine, y = quarter & 1 ? cosine : sine;
                out[start + k] = length * ((quarter + 1) & 2 ? -x : x);
                out[start + LANES + k] = length * (quarter & 2 ? -y : y);
            }
        }
    }
};

// ---------------------------------------------------------------------------------------------- inputs and outputs

[[noreturn]] static void stop(const char *what, const char *name) {
    fprintf(stderr, "by_hand: %s %s\n", what, name);
    exit(1);
}

// named arrays of numbers, in the units of the model (SI)
struct Inputs {
    std::map<std::string, std::vector<double>> arrays;

    explicit Inputs(const char *path) {
        FILE *file = fopen(path, "rb");
        if (!file) stop("cannot read", path);
        int32_t sizes[2];  // of the name, and of the array
        while (fread(sizes, 4, 2, file) == 2) {
            std::string name(sizes[0], ' ');
            std::vector<double> values(sizes[1]);
            if (fread(&name[0], 1, sizes[0], file) != (size_t)sizes[0]
                || fread(values.data(), 8, sizes[1], file) != (size_t)sizes[1]) stop("too short:", path);
            arrays[name] = values;
        }
        fclose(file);
    }
    const std::vector<double> &of(const std::string &name) const {
        const auto found = arrays.find(name);
        if (found == arrays.end()) stop("no input", name.c_str());
        return found->second;
    }
    int size(const std::string &name) const { return of(name).size(); }
    double number(const std::string &name, double unit = 1) const { return of(name).at(0) / unit; }
    Ints integers(const std::string &name) const { return Ints(of(name).begin(), of(name).end()); }
};

template <class T> static void write(FILE *out, const char *name, const std::vector<T> &values) {
    const int32_t sizes[2] = {(int32_t)strlen(name), (int32_t)values.size()};
    const std::vector<double> numbers(values.begin(), values.end());
    fwrite(sizes, 4, 2, out); fwrite(name, 1, sizes[0], out); fwrite(numbers.data(), 8, numbers.size(), out);
}

static double decay_over(double dt, double time_constant) { return std::exp(-dt / time_constant); }

const double ms = 1e-3, mV = 1e-3, nS = 1e-9, pF = 1e-12, pA = 1e-12;  // nS*mV = pA, nS*ms = pF

// ---------------------------------------------------------------------------------------------- arrays and contacts

// values of cells from the beginning of a cache line on, filled up with 0 to whole blocks
const int BLOCK = 64;
static int padded(int n) { return (n + BLOCK - 1) / BLOCK * BLOCK; }
template <class T> static T *allocate(int n, T value = 0) {
    T *p = static_cast<T *>(aligned_alloc(64, padded(n) * sizeof(T)));
    std::fill(p, p + padded(n), value);
    return p;
}
static R *load(const std::vector<double> &values, double unit = 1) {
    R *p = allocate<R>(values.size());
    for (size_t k = 0; k < values.size(); k++) p[k] = values[k] / unit;
    return p;
}

// contacts of source i: first[i] .. first[i + 1] - 1; they are sorted by source
struct Contacts {
    Ints source, target, first;

    Contacts(const Inputs &in, const std::string &name, int sources)
        : source(in.integers(name + ".source")), target(in.integers(name + ".target")), first(sources + 1, 0) {
        for (int i : source) first[i + 1]++;
        for (int i = 0; i < sources; i++) first[i + 1] += first[i];
    }
};

// the same contacts by target: those of target j have the numbers contact[first[j]] .. contact[first[j + 1] - 1]
struct Arriving {
    Ints first, contact, source;

    Arriving(const Contacts &contacts, int targets) : first(targets + 1, 0), contact(contacts.target.size()) {
        for (int j : contacts.target) first[j + 1]++;
        for (int j = 0; j < targets; j++) first[j + 1] += first[j];
        Ints place = first;
        for (size_t k = 0; k < contact.size(); k++) contact[place[contacts.target[k]]++] = k;
        for (int k : contact) source.push_back(contacts.source[k]);
    }
};

// spikes of the last few steps, and of those to come
class Spikes {
    std::vector<Ints> steps;

public:
    explicit Spikes(int n) : steps(n) {}
    Ints &in(int step) { return steps[step % steps.size()]; }
    Ints &begin(int step) { in(step).clear(); return in(step); }
};
