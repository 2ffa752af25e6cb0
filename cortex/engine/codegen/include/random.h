// Random numbers in blocks: eight xoshiro256++ generators side by side (Blackman & Vigna 2021, doi:10.1145/3460772),
// seeded by splitmix64; normal numbers by the transform of Box & Muller (1958, doi:10.1214/aoms/1177706645).

#include <initializer_list>

namespace cortex {

class Random {
    static const int LANES = 8, BLOCK = 1024;
    uint64_t a[LANES], b[LANES], c[LANES], d[LANES];
    double uniforms[BLOCK], normals[BLOCK];
    int uniform = BLOCK, normal = BLOCK;

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

    void draw_normals() {
        double first[BLOCK];
        draw(first);
        #pragma omp simd
        for (int k = 0; k < BLOCK / 2; k++) {
            const double length = std::sqrt(-2.0 * cortex::logarithm(first[k])), angle = 6.283185307179586 * first[k + BLOCK / 2];
            normals[k] = length * cortex::sine(angle, 1);
            normals[k + BLOCK / 2] = length * cortex::sine(angle, 0);
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
};

static Random generator(0);

}  // namespace cortex
