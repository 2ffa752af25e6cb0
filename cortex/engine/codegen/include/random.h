// Random numbers in blocks: eight xoshiro256++ generators side by side (Blackman & Vigna 2021, doi:10.1145/3460772),
// seeded by splitmix64; normal numbers by the transform of Box & Muller (1958, doi:10.1214/aoms/1177706645).

#include <cstring>
#include <initializer_list>
#include <vector>

namespace cortex {

// Eight generators; each gives one of eight words.
struct Lanes {
    static const int NUMBER = 8;
    typedef uint64_t Vector __attribute__((vector_size(NUMBER * sizeof(uint64_t))));
    Vector a, b, c, d;

    static Vector rotate(Vector x, int k) { return (x << k) | (x >> (64 - k)); }

    void draw(uint64_t* words) {
        const Vector drawn = rotate(a + d, 23) + a;
        pass();
        std::memcpy(words, &drawn, sizeof drawn);
    }

    // Go on without the words.
    void pass() {
        const Vector t = b << 17;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= t;
        d = rotate(d, 45);
    }
};

class Random {
    friend class Words;
    friend class Starts;
    static const int BLOCK = 512;
    Lanes lanes;
    double uniforms[BLOCK];
    float normals[BLOCK];
    int uniform = BLOCK, normal = BLOCK;

public:
    explicit Random(uint64_t start) { seed(start); }

    void seed(uint64_t start) {
        for (int k = 0; k < Lanes::NUMBER; k++) {
            for (Lanes::Vector* words : {&lanes.a, &lanes.b, &lanes.c, &lanes.d}) {
                uint64_t z = (start += 0x9e3779b97f4a7c15);
                z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
                z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
                (*words)[k] = z ^ (z >> 31);
            }
        }
        uniform = normal = BLOCK;
    }

    double rand();
    double randn();
};

// The generators at the beginning of each block of cells, in a loop that threads share.
class Starts {
    friend class Words;
    std::vector<Lanes> blocks;

public:
    // Find them for a loop that takes so many groups of words, of which each block takes some; pass all its words.
    void find(Random& random, int64_t groups, int64_t of_a_block) {
        Lanes lanes = random.lanes;
        blocks.clear();
        for (; groups > 0; groups -= of_a_block) {
            blocks.push_back(lanes);
            for (int64_t k = 0; k < std::min(groups, of_a_block); k++) lanes.pass();
        }
        random.lanes = lanes;
    }
};

// The random numbers of a loop. Their words, in groups of eight, are drawn as they are needed; in the share of a thread,
// by generators of its own, which start at one of the blocks.
class Words {
    Lanes own;
    Lanes& lanes;

public:
    explicit Words(Random& random) : lanes(random.lanes) {}
    Words(Random& random, const Starts& starts, size_t block) : lanes(part < 0 ? random.lanes : own) {
        if (part >= 0 && block < starts.blocks.size()) own = starts.blocks[block];  // a share may have no cells
    }

    // How many groups a loop takes that draws numbers for some cells
    static int64_t groups(int64_t cells, int uniforms, int normals) {
        const int64_t once = Lanes::NUMBER, twice = 2 * Lanes::NUMBER;
        return uniforms * ((cells + once - 1) / once) + normals * ((cells + twice - 1) / twice);
    }

    // n numbers in (0, 1), symmetric about 1/2, from 52 bits each; room is needed for a multiple of 8
    void rand(double* numbers, int n) {
        uint64_t words[Lanes::NUMBER];
        for (int start = 0; start < n; start += Lanes::NUMBER) {
            lanes.draw(words);
            #pragma omp simd
            for (int k = 0; k < Lanes::NUMBER; k++)
                numbers[start + k] = from_bits((words[k] >> 12) | 0x3ff0000000000000) - (1.0 - 1.1102230246251565e-16);
        }
    }

    // n normal numbers, two from the 64 bits of a word; room is needed for a multiple of 16. They are calculated in
    // single precision, and none is larger than 6.6 standard deviations, which one in 2e10 would be
    void randn(float* numbers, int n) {
        uint64_t words[Lanes::NUMBER];
        for (int start = 0; start < n; start += 2 * Lanes::NUMBER) {
            lanes.draw(words);
            #pragma omp simd
            for (int k = 0; k < Lanes::NUMBER; k++) {
                const float u = (float(int32_t(words[k] >> 33)) + 0.5f) * 0x1p-31f;
                const float length = std::sqrt(-2 * cortex::logarithm(u));
                const float turns = float(int32_t(words[k])) * 0x1p-30f;  // from -2 to 2, in quarters of a circle
                const float axis = std::rint(turns), r = (turns - axis) * 1.57079633f, z = r * r;
                const float s = r * (1 + z * (-1 / 6.f + z * (1 / 120.f + z * (-1 / 5040.f))));
                const float c = 1 + z * (-1 / 2.f + z * (1 / 24.f + z * (-1 / 720.f + z * (1 / 40320.f))));
                const int32_t quarter = int32_t(axis);
                const float x = quarter & 1 ? s : c, y = quarter & 1 ? c : s;
                numbers[start + k] = length * ((quarter + 1) & 2 ? -x : x);
                numbers[start + Lanes::NUMBER + k] = length * (quarter & 2 ? -y : y);
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
