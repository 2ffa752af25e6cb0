// Random numbers in blocks: eight xoshiro256++ generators side by side (Blackman & Vigna 2021, doi:10.1145/3460772),
// seeded by splitmix64; normal numbers by the transform of Box & Muller (1958, doi:10.1214/aoms/1177706645).

#include <initializer_list>
#include <vector>

namespace cortex {

class Random {
    friend class Normals;
    static const int LANES = 8, BLOCK = 1024;
    uint64_t a[LANES], b[LANES], c[LANES], d[LANES];
    double uniforms[BLOCK], normals[BLOCK];
    int uniform = BLOCK, normal = BLOCK;
    std::vector<double> ahead;  // blocks of uniform numbers of which normal ones are to be made

    static uint64_t rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

    // numbers in (0, 1), symmetric about 1/2
    void draw(double* numbers) {
        for (int start = 0; start < BLOCK; start += LANES) {
            #pragma omp simd
            for (int k = 0; k < LANES; k++) {
                const uint64_t word = rotate(a[k] + d[k], 23) + a[k], t = b[k] << 17;
                c[k] ^= a[k];
                d[k] ^= b[k];
                b[k] ^= c[k];
                a[k] ^= d[k];
                c[k] ^= t;
                d[k] = rotate(d[k], 45);
                numbers[start + k] = from_bits((word >> 12) | 0x3ff0000000000000) - (1.0 - 1.1102230246251565e-16);
            }
        }
    }

    // one copy, so that all threads round alike
    __attribute__((noinline)) static void make_normals(const double* first, double* normals) {
        #pragma omp simd
        for (int k = 0; k < BLOCK / 2; k++) {
            const double length = std::sqrt(-2.0 * cortex::logarithm(first[k])), angle = 6.283185307179586 * first[k + BLOCK / 2];
            normals[k] = length * cortex::sine(angle, 1);
            normals[k + BLOCK / 2] = length * cortex::sine(angle, 0);
        }
    }

    void draw_normals() {
        double first[BLOCK];
        draw(first);
        make_normals(first, normals);
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

    double rand() {
        if (uniform == BLOCK) {
            draw(uniforms);
            uniform = 0;
        }
        return uniforms[uniform++];
    }

    double randn() {
        if (normal == BLOCK) {
            draw_normals();
            normal = 0;
        }
        return normals[normal++];
    }

    // Before threads share a loop: draw what the normal numbers of all its cells are made of, for `Normals`.
    void prepare(int64_t number) {
        const int64_t rest = number - (BLOCK - normal);
        ahead.resize(rest > 0 ? (rest + BLOCK - 1) / BLOCK * BLOCK : 0);
        for (size_t start = 0; start < ahead.size(); start += BLOCK) draw(&ahead[start]);
    }

    // After that loop: go on as if one thread had drawn them.
    void skip(int64_t number) {
        if (!ahead.empty()) make_normals(&ahead[ahead.size() - BLOCK], normals);
        normal += number - ahead.size();
    }
};

// The normal numbers of a loop over cells from one of them on; in a share of the loop, they are made of what was drawn.
class Normals {
    Random& source;
    const bool shared;
    double own[Random::BLOCK], *next, *end;
    size_t block = 0;  // the next one of those that were drawn

    void refill() {
        if (shared) Random::make_normals(&source.ahead[block], own);
        else source.draw_normals();
        block += Random::BLOCK;
        next = shared ? own : source.normals;
        end = next + Random::BLOCK;
    }

public:
    Normals(Random& source, int64_t first, bool shared)
        : source(source), shared(shared), next(source.normals + source.normal), end(source.normals + Random::BLOCK) {
        const int64_t position = source.normal + first;
        block = (position / Random::BLOCK - 1) * Random::BLOCK;
        if (!shared || position < Random::BLOCK) {
            block = 0;
            next += first;
        } else if (block < source.ahead.size()) {
            refill();
            next += position % Random::BLOCK;
        }
    }

    ~Normals() {
        if (!shared) source.normal = next - source.normals;
    }

    double operator()(int) {
        if (next == end) refill();
        return *next++;
    }
};

static Random generator(0);

}  // namespace cortex
