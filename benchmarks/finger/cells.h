// Pyramidal and PV cells of by_hand.cpp, without their synapses.
// standard deviation of the noise current of a cell, pA
static float noise_of(const Inputs &in, const std::string &cell) {
    const double g = in.number(cell + ".leak_conductance"), C = in.number(cell + ".capacitance");
    return in.number(cell + ".noise") * std::sqrt(2 * g * C / in.number("noise_interval")) / pA;
}

// numbers of the cells of a block that are above threshold
static void fire(const R *v, R threshold, int first, int n, Ints &spikes) {
    for (int i = first; i < std::min(first + BLOCK, n); i++) if (v[i] > threshold) spikes.push_back(i);
}

struct Pyramidal {
    const int n, refractory;
    R *v, *g_afferent, *g_lateral, *g_fast, *g_slow, *noise, *drive, *set_point, *received, *taught, *trace, *maturity;
    int *resting;
    const R leak, per_step, threshold, E_excitation, E_inhibition;
    const R decay_excitation, decay_fast, decay_slow, decay_trace, decay_use;

    Pyramidal(const Inputs &in, double dt)
        : n(in.size("pyramidal.v")), refractory(lround(in.number("pyramidal.refractory_period", ms) / dt)),
          leak(in.number("pyramidal.leak_conductance", nS)), per_step(-dt / in.number("pyramidal.capacitance", pF)),
          threshold(above_rest(in, "firing_threshold")), E_excitation(above_rest(in, "excitatory_reversal")),
          E_inhibition(above_rest(in, "inhibitory_reversal")),
          decay_excitation(decay_over(dt, in.number("pyramidal.excitatory_decay", ms))),
          decay_fast(decay_over(dt, in.number("pyramidal.fast_decay", ms))),
          decay_slow(decay_over(dt, in.number("pyramidal.slow_decay", ms))),
          decay_trace(decay_over(dt, in.number("pyramidal.trace_time_constant", ms))),
          decay_use(decay_over(dt, in.number("pyramidal.use_time_constant", ms))) {
        for (R **state : {&v, &g_afferent, &g_lateral, &g_fast, &g_slow, &noise, &drive, &set_point, &received, &taught,
                          &trace})
            *state = allocate<R>(n);
        maturity = load(in.of("pyramidal.maturity"));
        resting = allocate<int>(n);
    }
    static double above_rest(const Inputs &in, const std::string &potential) {
        return in.number("pyramidal." + potential, mV) - in.number("pyramidal.leak_potential", mV);
    }

    void step(R decay_set_point, Ints &spikes) {
        const Pyramidal c = *this;  // of which the compiler knows that no store changes it
        for (int first = 0; first < c.n; first += BLOCK) {
            R highest = -1000;
            #pragma omp simd reduction(max : highest)
            for (int i = first; i < first + BLOCK; i++) {
                const R excitation = c.g_afferent[i] + c.g_lateral[i];
                const R g = c.leak + excitation + c.g_fast[i] + c.g_slow[i];
                const R towards = (excitation * c.E_excitation + c.g_fast[i] * c.E_inhibition + c.noise[i]) / g;
                const R next = towards + (c.v[i] - towards) * exponential(c.per_step * g);
                c.v[i] = c.resting[i] > 0 ? c.v[i] : next;
                c.resting[i] = std::max(c.resting[i] - 1, 0);
                highest = c.v[i] > highest ? c.v[i] : highest;  // gcc 12 does not vectorise std::max here
                c.set_point[i] = c.drive[i] + (c.set_point[i] - c.drive[i]) * decay_set_point;
                c.drive[i] = c.g_afferent[i] + (c.drive[i] - c.g_afferent[i]) * c.decay_use;
                c.g_afferent[i] *= c.decay_excitation;
                c.g_lateral[i] *= c.decay_excitation;
                c.g_fast[i] *= c.decay_fast;
                c.g_slow[i] *= c.decay_slow;
                c.taught[i] = c.received[i] + (c.taught[i] - c.received[i]) * c.decay_use;
                c.received[i] *= c.decay_trace;
                c.trace[i] *= c.decay_trace;
            }
            if (highest > c.threshold) fire(c.v, c.threshold, first, c.n, spikes);
        }
    }
    void reset(const Ints &spikes) {
        for (int i : spikes) { v[i] = 0; resting[i] = refractory - 1; trace[i] += 1; }
    }
};

struct Pv {
    const int n, refractory;
    R *v, *g, *noise, *recurrent, *feedforward, *usual, *expectation, *strength;
    int *resting;
    const R leak, per_step, threshold, reset_to, E_excitation;
    const R decay_excitation, decay_average, decay_usual;
    const double strength_before, interval, learning_rate, calibration_rate;

    Pv(const Inputs &in, double dt)
        : n(in.size("pv.v")), refractory(lround(in.number("pv.refractory_period", ms) / dt)),
          leak(in.number("pv.leak_conductance", nS)), per_step(-dt / in.number("pv.capacitance", pF)),
          threshold(above_rest(in, "firing_threshold")), reset_to(above_rest(in, "reset_potential")),
          E_excitation(above_rest(in, "excitatory_reversal")),
          decay_excitation(decay_over(dt, in.number("pv.excitatory_decay", ms))),
          decay_average(decay_over(dt, in.number("pv.expectation_time_constant", ms))),
          decay_usual(decay_over(dt, in.number("pv.usual_time_constant", ms))),
          strength_before(in.number("pv.conductance", nS)), interval(in.number("adaptation_interval")),
          learning_rate(in.number("pv.learning_rate")), calibration_rate(in.number("pv.calibration_rate")) {
        for (R **state : {&v, &g, &noise, &recurrent, &feedforward}) *state = allocate<R>(n);
        usual = load(in.of("pv.usual_feedforward"));
        expectation = load(in.of("pv.expectation"));
        strength = load(in.of("pv.strength"), nS);
        resting = allocate<int>(n);
    }
    static double above_rest(const Inputs &in, const std::string &potential) {
        return in.number("pv." + potential, mV) - in.number("pv.leak_potential", mV);
    }

    void step(Ints &spikes) {
        const Pv c = *this;  // of which the compiler knows that no store changes it
        for (int first = 0; first < c.n; first += BLOCK) {
            R highest = -1000;
            #pragma omp simd reduction(max : highest)
            for (int i = first; i < first + BLOCK; i++) {
                const R total = c.leak + c.g[i], towards = (c.g[i] * c.E_excitation + c.noise[i]) / total;
                const R next = towards + (c.v[i] - towards) * exponential(c.per_step * total);
                c.v[i] = c.resting[i] > 0 ? c.v[i] : next;
                c.resting[i] = std::max(c.resting[i] - 1, 0);
                highest = c.v[i] > highest ? c.v[i] : highest;  // gcc 12 does not vectorise std::max here
                c.usual[i] = c.feedforward[i] + (c.usual[i] - c.feedforward[i]) * c.decay_usual;
                c.g[i] *= c.decay_excitation;
                c.recurrent[i] *= c.decay_average;
                c.feedforward[i] *= c.decay_average;
            }
            if (highest > c.threshold) fire(c.v, c.threshold, first, c.n, spikes);
        }
    }
    void reset(const Ints &spikes) {
        for (int i : spikes) { v[i] = reset_to; resting[i] = refractory - 1; }
    }
    void adapt(double calibration, double hold_plasticity) {
        for (int i = 0; i < n; i++) {
            const double mismatch = (recurrent[i] - expectation[i] * feedforward[i]) / usual[i];
            const double expected = expectation[i] + calibration * calibration_rate * interval * mismatch;
            expectation[i] = std::min(std::max(expected, 0.001), 1000.0);
            const double growth = std::min(std::max(learning_rate * interval * mismatch / expectation[i], -0.01), 0.01);
            const double grown = strength[i] * std::exp(hold_plasticity * growth);
            strength[i] = std::min(std::max(grown, strength_before / 100), strength_before * 100);
        }
    }
};
