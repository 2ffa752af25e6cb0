// One animal of finger_expansion by hand, one thread. The reference of the main job.
//
//   by_hand INPUTS.bin SEED [OUT.bin]
//
// INPUTS.bin, written by by_hand.py, holds what one run of the model sets, by the names of the model: constants,
// wiring, initial weights, stimuli and gates of each slot. OUT.bin receives spikes, final weights, maturity, strength.
// The last line on standard output is one JSON object; "cpu" is the processor time of the loop, s.
//   -DREAL=float|double     precision of states and weights (default float)
//
// The equations are solved as in the model: exponential Euler for membranes, exact decay for all else. What is done
// differently changes no more than rounding and random numbers:
//   * potentials are relative to the leak potential, and a refractory cell counts the steps that are left;
//   * an afferent keeps what is left of the integral of its rate until it fires, an exponential number, which is
//     (next_spike - t)*rate of the model. It is compared once in each update of the skin, as the rate is constant;
//   * skin that nothing touches has no profile, and a smooth surface no ridges;
//   * idle cells, which teach nobody, skip their lateral contacts, and so do established cells, which nobody teaches.
#include "by_hand.h"

#include "cells.h"
#include "skin.h"
#include <ctime>

struct Train {
    Ints cell, step;
    void record(const Ints &spikes, int now) {
        for (int i : spikes) { cell.push_back(i); step.push_back(now); }
    }
};

int main(int argc, char **argv) {
    if (argc < 3) stop("usage:", "by_hand INPUTS.bin SEED [OUT.bin]");
    const Inputs in(argv[1]);
    Random random(strtoull(argv[2], nullptr, 10));
    const double dt = in.number("dt", ms), update = in.number("update_interval", ms);
    Pyramidal cells(in, dt);
    Pv pv(in, dt);
    Afferents skin(in, dt, update, random);

    const Contacts afferent(in, "afferent", skin.n), feedforward(in, "feedforward", skin.n);
    const Contacts lateral(in, "lateral", cells.n), recurrent(in, "recurrent", cells.n);
    const Contacts inhibition(in, "inhibition", pv.n);
    const Arriving learning(afferent, cells.n), selecting(lateral, cells.n);
    R *w = load(in.of("afferent.w")), *share = load(in.of("inhibition.share"));
    std::vector<R> arbor, affinity;  // by target
    for (int k : learning.contact) arbor.push_back(in.of("afferent.arbor")[k]);
    for (int k : selecting.contact) affinity.push_back(in.of("lateral.affinity")[k]);
    Ints by_target(lateral.target.size());
    for (size_t a = 0; a < by_target.size(); a++) by_target[selecting.contact[a]] = a;
    const Ints established = in.integers("pyramidal.established");
    const R weight_conductance = in.number("pyramidal.weight_conductance", nS);
    const R learning_rate = in.number("pyramidal.learning_rate"), weight_decay = in.number("pyramidal.decay");
    const R covariance = in.number("pyramidal.covariance"), w_most = in.number("pyramidal.maximum_weight");
    const R g_teacher = in.number("pyramidal.teacher_conductance", nS);
    const R g_coupling = in.number("pyramidal.coupling_conductance", nS);
    const R selection_rate = in.number("pyramidal.selection_rate"), use = in.number("pyramidal.use_threshold");
    const R established_rate = in.number("pyramidal.established_rate");
    const R forgotten = in.number("forgetting_interval") / in.number("pyramidal.forgetting_time");
    const R scaling = in.number("forgetting_interval") * in.number("pyramidal.scaling_rate");
    const R least_drive = in.number("pyramidal.least_drive");
    const R least_taught = in.number("least_taught"), least_maturity = in.number("least_maturity");
    const R g_recurrent = in.number("pv.recurrent_conductance", nS), competition = in.number("pv.competition", nS);
    const R g_feedforward = in.number("pv.feedforward_conductance", nS);

    auto gate = [&](const char *name) { return in.of(std::string("gate.") + name).data(); };
    const double *plasticity = gate("plasticity"), *calibration = gate("calibration"), *coupling = gate("coupling");
    const double *hold = gate("hold"), *hold_plasticity = gate("hold_plasticity"), *released = gate("released");
    const double set_point_time = in.number("pyramidal.set_point_time_constant", ms);
    const int per_slot = lround(in.number("slot", ms) / dt), per_noise = lround(in.number("noise_interval", ms) / dt);
    const int per_adaptation = lround(in.number("adaptation_interval", ms) / dt);
    const int per_forgetting = lround(in.number("forgetting_interval", ms) / dt);
    const int delay = lround(in.number("delay", ms) / dt), steps = in.size("gate.hold") * per_slot;
    const int per_weights = lround(20000 / dt), per_states = lround(5000 / dt);  // what is recorded
    const float noise = noise_of(in, "pyramidal"), noise_pv = noise_of(in, "pv");

    Spikes of_afferents(delay + skin.per_update), of_cells(delay + 1), of_pv(delay + 1);
    Train train, pv_train;
    long afferent_spikes = 0;
    std::vector<float> weights, maturity, strength;
    const std::clock_t cpu_start = std::clock();
    for (int n = 0; n < steps; n++) {
        const int slot = n / per_slot;

        // 1. what happens at intervals
        if (n % skin.per_update == 0) {
            skin.touch(slot, (n % per_slot) * dt * ms);
            skin.fire(n, of_afferents, random);
        }
        if (n % per_states == 0) {
            maturity.insert(maturity.end(), cells.maturity, cells.maturity + cells.n);
            strength.insert(strength.end(), pv.strength, pv.strength + pv.n);
        }
        if (n % per_forgetting == 0)
            for (int j = 0; j < cells.n; j++) {
                const bool lacking = established[j] && cells.drive[j] < least_drive * cells.set_point[j];
                const R scaled = 1 + lacking * plasticity[slot] * scaling;
                for (int a = learning.first[j]; lacking && a < learning.first[j + 1]; a++)
                    if (R &contact = w[learning.contact[a]]; contact < w_most) contact *= scaled;
                const bool copy = !established[j] && cells.maturity[j] > least_maturity;
                if (!copy || cells.taught[j] >= least_taught) continue;
                const R kept = 1 - plasticity[slot] * forgotten;
                for (int a = learning.first[j]; a < learning.first[j + 1]; a++) w[learning.contact[a]] *= kept;
                cells.maturity[j] *= kept;
            }
        if (n % per_adaptation == 0) pv.adapt(calibration[slot], hold_plasticity[slot]);
        if (n % per_noise == 0) {
            random.normal(pv.noise, padded(pv.n), noise_pv);
            random.normal(cells.noise, padded(cells.n), noise);
        }
        if (n % per_weights == 0) weights.insert(weights.end(), w, w + afferent.target.size());

        // 2. states and thresholds
        const Ints &arrived = of_afferents.in(n);
        Ints &spikes = of_cells.begin(n), &pv_spikes = of_pv.begin(n);
        skin.step();
        pv.step(pv_spikes);
        cells.step(decay_over(dt * calibration[slot], set_point_time), spikes);
        train.record(spikes, n);
        pv_train.record(pv_spikes, n);
        afferent_spikes += arrived.size();

        // 3. synapses: afferents of pyramidal cells at once, all others after the delay
        for (int i : arrived)
            for (int k = afferent.first[i]; k < afferent.first[i + 1]; k++)
                cells.g_afferent[afferent.target[k]] += weight_conductance * w[k];
        if (n >= delay) {
            for (int i : of_afferents.in(n - delay))
                for (int k = feedforward.first[i]; k < feedforward.first[i + 1]; k++) {
                    pv.g[feedforward.target[k]] += g_feedforward;
                    pv.feedforward[feedforward.target[k]] += 1;
                }
            const R held = hold[slot] * (1 - released[slot]), coupled = coupling[slot];
            for (int i : of_pv.in(n - delay))
                for (int k = inhibition.first[i]; k < inhibition.first[i + 1]; k++) {
                    cells.g_fast[inhibition.target[k]] += share[k] * competition;
                    cells.g_slow[inhibition.target[k]] += share[k] * held * pv.strength[i];
                }
            for (int i : of_cells.in(n - delay)) {
                const R recruiting = cells.drive[i] > use * cells.set_point[i];
                for (int k = lateral.first[i]; established[i] && k < lateral.first[i + 1]; k++) {
                    const int j = lateral.target[k];
                    const R taught = recruiting * (1 - cells.maturity[j]) * g_teacher + cells.maturity[j] * g_coupling;
                    const R reach = established[j] ? 0 : affinity[by_target[k]];
                    cells.g_lateral[j] += coupled * reach * taught;
                    cells.received[j] += reach * recruiting;
                }
                for (int k = recurrent.first[i]; k < recurrent.first[i + 1]; k++) {
                    pv.g[recurrent.target[k]] += g_recurrent;
                    pv.recurrent[recurrent.target[k]] += 1;
                }
            }
        }

        // 4. learning: afferent weights, choice among the teachers, maturity
        if (const R plastic = plasticity[slot]) {
            for (int j : spikes) {
                const R pace = established[j] && calibration[slot] == 0 ? established_rate : 1;
                for (int a = learning.first[j]; a < learning.first[j + 1]; a++) {
                    const int k = learning.contact[a], i = learning.source[a];
                    const R coincidence = arbor[a] * (skin.trace[i] - covariance * skin.usual_trace[i]);
                    const R learned = w[k] + plastic * pace * learning_rate * (coincidence - weight_decay * w[k]);
                    w[k] = std::min(std::max(learned, (R)0), w_most);
                }
                const R open = plastic * selection_rate * (1 - cells.maturity[j]);
                for (int a = selecting.first[j]; !established[j] && a < selecting.first[j + 1]; a++) {
                    const int i = selecting.source[a];
                    const R heard = cells.drive[i] > use * cells.set_point[i] ? established[i] * cells.trace[i] : 0;
                    const R selected = affinity[a] * (1 + open * (heard - cells.received[j]));
                    affinity[a] = std::min(std::max(selected, (R)0), (R)1);
                }
            }
            for (int j : spikes) cells.maturity[j] += plastic * learning_rate * weight_decay * (1 - cells.maturity[j]);
        }

        // 5. reset
        for (int i : arrived) skin.trace[i] += 1;
        pv.reset(pv_spikes);
        cells.reset(spikes);
    }
    const double cpu = double(std::clock() - cpu_start) / CLOCKS_PER_SEC, seconds = steps * dt * ms;

    printf("{\"cpu\": %.5f, \"seconds\": %.4f, ", cpu, seconds);
    printf("\"rate_afferents\": %.4f, \"rate_pyramidal\": %.4f, \"rate_pv\": %.4f}\n",
           afferent_spikes / seconds / skin.n, train.cell.size() / seconds / cells.n,
           pv_train.cell.size() / seconds / pv.n);
    if (argc > 3) {
        FILE *out = fopen(argv[3], "wb");
        if (!out) stop("cannot write", argv[3]);
        write(out, "spikes.i", train.cell);
        write(out, "spikes.step", train.step);
        write(out, "pv_spikes.step", pv_train.step);
        write(out, "afferent.w", std::vector<R>(w, w + afferent.target.size()));
        write(out, "pyramidal.maturity", std::vector<R>(cells.maturity, cells.maturity + cells.n));
        write(out, "pv.strength", std::vector<R>(pv.strength, pv.strength + pv.n));
        fclose(out);
    }
    return 0;
}
