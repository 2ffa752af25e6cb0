// Random numbers in blocks: eight xoshiro256++ generators side by side (Blackman & Vigna 2021, doi:10.1145/3460772),
// seeded by splitmix64; normal numbers by the transform of Box & Muller (1958, doi:10.1214/aoms/1177706645).

#include <cstring>
#include <initializer_list>
#include <vector>

namespace cortex {

class Random {
    friend class Words;
    static const int LANES = 8, BLOCK = 512;
    uint64_t a[LANES], b[LANES], c[LANES], d[LANES];
    double uniforms[BLOCK];
    float normals[BLOCK];
    int uniform = BLOCK, normal = BLOCK;
    std::vector<uint64_t> ahead;  // words that were drawn for a loop that threads share

    static uint64_t rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

    void draw(uint64_t* words) {
        #pragma omp simd
        for (int k = 0; k < LANES; k++) {
            const uint64_t word = rotate(a[k] + d[k], 23) + a[k], t = b[k] << 17;
            c[k] ^= a[k];
            d[k] ^= b[k];
            b[k] ^= c[k];
            a[k] ^= d[k];
            c[k] ^= t;
            d[k] = rotate(d[k], 45);
            words[k] = word;
        }
    }

public:
    explicit Random(uint64_t start) { seed(start); }

    void seed(uint64_t start) {
        for (int k = 0; k < LANES; k++) {
            for (uint64_t* word : {&a[k], &b[k], &c[k], &d[k]}) {
                uint64_t z = (start += 0x9e3779b97f4a7c15);
                z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
                z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
                *word = z ^ (z >> 31);
            }
        }
        uniform = normal = BLOCK;
    }

    // Draw the groups of words of a loop that threads are to share.
    void prepare(int64_t groups) {
        ahead.resize(groups * LANES);
        for (size_t start = 0; start < ahead.size(); start += LANES) draw(&ahead[start]);
    }

    double rand();
    double randn();
};

// The random numbers of a loop. Their words, in groups of eight, are drawn as they are needed; in the share of a thread,
// they are those that `prepare` drew, from one of the groups on.
class Words {
    Random& random;
    const uint64_t* ahead;

    void next(uint64_t* words) {
        if (!ahead) return random.draw(words);
        std::memcpy(words, ahead, Random::LANES * sizeof *words);
        ahead += Random::LANES;
    }

public:
    explicit Words(Random& random) : random(random), ahead(nullptr) {}
    Words(Random& random, int64_t group)
        : random(random), ahead(part < 0 ? nullptr : random.ahead.data() + group * Random::LANES) {}

    // How many groups a loop takes that draws numbers for some cells
    static int64_t groups(int64_t cells, int uniforms, int normals) {
        const int64_t once = Random::LANES, twice = 2 * Random::LANES;
        return uniforms * ((cells + once - 1) / once) + normals * ((cells + twice - 1) / twice);
    }

    // n numbers in (0, 1), symmetric about 1/2, from 52 bits each; room is needed for a multiple of 8
    void rand(double* numbers, int n) {
        uint64_t words[Random::LANES];
        for (int start = 0; start < n; start += Random::LANES) {
            next(words);
            #pragma omp simd
            for (int k = 0; k < Random::LANES; k++)
                numbers[start + k] = from_bits((words[k] >> 12) | 0x3ff0000000000000) - (1.0 - 1.1102230246251565e-16);
        }
    }

    // n normal numbers, two from the 64 bits of a word; room is needed for a multiple of 16. They are calculated in
    // single precision, and none is larger than 6.6 standard deviations, which one in 2e10 would be
    void randn(float* numbers, int n) {
        uint64_t words[Random::LANES];
        for (int start = 0; start < n; start += 2 * Random::LANES) {
            next(words);
            #pragma omp simd
            for (int k = 0; k < Random::LANES; k++) {
                const float u = (float(int32_t(words[k] >> 33)) + 0.5f) * 0x1p-31f;
                const float length = std::sqrt(-2 * cortex::logarithm(u));
                const float turns = float(int32_t(words[k])) * 0x1p-30f;  // from -2 to 2, in quarters of a circle
                const float axis = std::rint(turns), r = (turns - axis) * 1.57079633f, z = r * r;
                const float s = r * (1 + z * (-1 / 6.f + z * (1 / 120.f + z * (-1 / 5040.f))));
                const float c = 1 + z * (-1 / 2.f + z * (1 / 24.f + z * (-1 / 720.f + z * (1 / 40320.f))));
                const int32_t quarter = int32_t(axis);
                const float x = quarter & 1 ? s : c, y = quarter & 1 ? c : s;
                numbers[start + k] = length * ((quarter + 1) & 2 ? -x : x);
                numbers[start + Random::LANES + k] = length * (quarter & 2 ? -y : y);
            }
        }
    }
};

inline double Random::rand() {
    if (uniform == BLOCK) {
        Words(*this).rand(uniforms, BLOCK);
        uniform = 0;
    }
    return uniforms[uniform++];
}

inline double Random::randn() {
    if (normal == BLOCK) {
        Words(*this).randn(normals, BLOCK);
        normal = 0;
    }
    return normals[normal++];
}

static Random generator(0);

}  // namespace cortex
