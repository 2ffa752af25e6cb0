// The sheet of finger_expansion by hand: the same cells and contacts, and the spikes of a run of this engine again, so
// that both do the same work. What is computed is that of the model, less what touches the skin, maturity, and what is
// done once a second (forgetting, scaling).
//
//   sheet FILE        written by sheet.py; the last line on standard output is one JSON object
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

typedef std::vector<double> Doubles;
typedef std::vector<int32_t> Ints;

static FILE *file;

static int64_t number() {
    int64_t n;
    if (fread(&n, sizeof n, 1, file) != 1) exit(1);
    return n;
}

template <class T> std::vector<T> array() {
    std::vector<T> values(number());
    if (fread(values.data(), sizeof(T), values.size(), file) != values.size()) exit(1);
    return values;
}

// numbers of cells, at different places of their pages: each would else be taken for what was just stored in another
static double *states(int n, double value = 0) {
    static int before = 0;
    const int offset = 5 * 64 * before++ % 4096;
    char *memory = static_cast<char *>(aligned_alloc(4096, (n * sizeof(double) / 4096 + 2) * 4096));
    double *values = reinterpret_cast<double *>(memory + offset);
    for (int i = 0; i < n; i++) values[i] = value;
    return values;
}

// contacts in the order of their sources; synapse k is onto target[k]
struct Sparse {
    Ints first, target, incoming, order, sender;  // order and sender: those of each target

    Sparse(int sources, int targets, bool learns) : first(sources + 1) {
        const Ints source = array<int32_t>();
        target = array<int32_t>();
        for (int32_t i : source) first[i + 1]++;
        for (int i = 0; i < sources; i++) first[i + 1] += first[i];
        if (!learns) return;
        incoming.resize(targets + 1);
        for (int32_t j : target) incoming[j + 1]++;
        for (int j = 0; j < targets; j++) incoming[j + 1] += incoming[j];
        order.resize(target.size());
        sender.resize(target.size());
        Ints next(incoming.begin(), incoming.end() - 1);
        for (size_t k = 0; k < target.size(); k++) {
            order[next[target[k]]] = k;
            sender[next[target[k]]++] = source[k];
        }
    }
};

// spikes by their step
struct Spikes {
    Ints cell, step;
    size_t next = 0;
    Spikes() : cell(array<int32_t>()), step(array<int32_t>()) {}
    bool now(int at) const { return next < step.size() && step[next] <= at; }
};

// normal numbers, drawn once; each use begins at a random one
struct Noise {
    Doubles drawn = Doubles(1 << 21);
    uint64_t state = 1;
    Noise() {
        for (double &value : drawn) value = std::sqrt(-2 * std::log(uniform())) * std::cos(2 * M_PI * uniform());
    }
    double uniform() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return ((state >> 11) + 0.5) * (1.0 / 9007199254740992.0);
    }
    const double *some() { return drawn.data() + (int)(uniform() * (drawn.size() / 2)); }
};

int main(int, char **words) {
    file = fopen(words[1], "rb");
    if (!file) return 1;
    const int n = number(), n_pv = number(), n_afferents = number(), steps = number();
    const Sparse afferent(n_afferents, n, true), lateral(n, n, true), recurrent(n, n_pv, false),
        feedforward(n_afferents, n_pv, false), inhibition(n_pv, n, false);
    Doubles w = array<double>(), affinity = array<double>();
    const Doubles arbor = array<double>();
    Spikes touch, spikes, pv_spikes;
    Noise draws;
    const double *noise = nullptr, *pv_noise = nullptr;
    double *v = states(n, -60e-3), *drive = states(n), *set_point = states(n);
    double *received = states(n), *trace = states(n);
    double *g_afferent = states(n), *g_lateral = states(n), *g_fast = states(n), *g_slow = states(n);
    double *pv_v = states(n_pv, -60e-3), *pv_g = states(n_pv), *heard = states(n_pv), *fed = states(n_pv);
    double *usual = states(n_pv), *in_trace = states(n_afferents), *in_usual = states(n_afferents);
    const double dt = 0.5e-3, fast = std::exp(-dt / 5e-3), inhibits = std::exp(-dt / 10e-3);
    const double slow = std::exp(-dt / 0.1), traces = std::exp(-dt / 20e-3), long_term = std::exp(-dt / 20);
    const auto start = std::chrono::steady_clock::now();
    for (int step = 0; step < steps; step++) {
        if (step % 2 == 0) {
            noise = draws.some();
            pv_noise = draws.some();
        }
        #pragma omp simd
        for (int i = 0; i < n; i++) {
            const double g = 10e-9 + g_afferent[i] + g_lateral[i] + g_fast[i] + g_slow[i];
            const double to = (-60e-3 * (10e-9 + g_slow[i]) - 80e-3 * g_fast[i] + 1e-10 * noise[i]) / g;
            v[i] = to + (v[i] - to) * std::exp(-dt * g / 200e-12);
            drive[i] = g_afferent[i] + (drive[i] - g_afferent[i]) * (1 - dt / 15);
            set_point[i] += dt / 30 * (drive[i] - set_point[i]);
            g_afferent[i] *= fast;
            g_lateral[i] *= fast;
            g_fast[i] *= inhibits;
            g_slow[i] *= slow;
            received[i] *= traces;
            trace[i] *= traces;
        }
        #pragma omp simd
        for (int i = 0; i < n_pv; i++) {
            const double g = 10e-9 + pv_g[i], to = (-60e-3 * 10e-9 + 1e-10 * pv_noise[i]) / g;
            pv_v[i] = to + (pv_v[i] - to) * std::exp(-dt * g / 100e-12);
            usual[i] += dt / 10 * (fed[i] - usual[i]);
            pv_g[i] *= fast;
            heard[i] *= 1 - dt / 0.3;
            fed[i] *= 1 - dt / 0.3;
        }
        #pragma omp simd
        for (int i = 0; i < n_afferents; i++) {
            in_usual[i] = in_trace[i] + (in_usual[i] - in_trace[i]) * long_term;
            in_trace[i] *= traces;
        }
        for (; touch.now(step); touch.next++) {
            const int i = touch.cell[touch.next];
            in_trace[i] += 1;
            for (int k = afferent.first[i]; k < afferent.first[i + 1]; k++)
                g_afferent[afferent.target[k]] += 6e-9 * w[k];
            for (int k = feedforward.first[i]; k < feedforward.first[i + 1]; k++) {
                pv_g[feedforward.target[k]] += 0.03e-9;
                fed[feedforward.target[k]] += 1;
            }
        }
        for (; pv_spikes.now(step); pv_spikes.next++) {
            const int i = pv_spikes.cell[pv_spikes.next];
            for (int k = inhibition.first[i]; k < inhibition.first[i + 1]; k++) {
                g_fast[inhibition.target[k]] += 0.2e-9;
                g_slow[inhibition.target[k]] += 0.6e-9;
            }
        }
        for (; spikes.now(step); spikes.next++) {
            const int i = spikes.cell[spikes.next];
            v[i] = -60e-3;
            trace[i] += 1;
            const bool recruits = drive[i] > 1.5 * set_point[i];
            for (int k = lateral.first[i]; k < lateral.first[i + 1]; k++) {
                g_lateral[lateral.target[k]] += affinity[k] * (recruits ? 60e-9 : 7e-9);
                received[lateral.target[k]] += affinity[k] * recruits;
            }
            for (int k = recurrent.first[i]; k < recurrent.first[i + 1]; k++) {
                pv_g[recurrent.target[k]] += 12e-9;
                heard[recurrent.target[k]] += 1;
            }
            for (int k = afferent.incoming[i]; k < afferent.incoming[i + 1]; k++) {
                const int synapse = afferent.order[k], from = afferent.sender[k];
                const double change = arbor[synapse] * (in_trace[from] - 0.5 * in_usual[from]) - w[synapse];
                w[synapse] = std::fmin(std::fmax(w[synapse] + 0.02 * change, 0), 2);
            }
            for (int k = lateral.incoming[i]; k < lateral.incoming[i + 1]; k++) {
                const int from = lateral.sender[k];
                double &share = affinity[lateral.order[k]];
                share = std::fmin(std::fmax(share * (1 + 0.02 * ((drive[from] > 1.5 * set_point[from]) * trace[from] -
                                                               received[i])), 0), 1);
            }
        }
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    double sum = 0;
    for (double x : w) sum += x;
    for (int i = 0; i < n; i++) sum += v[i];
    printf("{\"sim\": %g, \"check\": %g}\n", seconds, sum);
}
