// The afferents of the skin of by_hand.cpp, and their spikes.
// what a surface does to a digit at one time
struct Touch { R depth, x, y, per_square, k_x, k_y, phase, ridged; };

struct Afferents {
    static const int DIGITS = 5;
    const int n;
    Ints first;  // of each digit: they are sorted by digit
    R *x, *y, *slowly_adapting, *indentation, *trace, *usual_trace;
    double *left, *spikes_expected;  // until a cell fires, and in an update of the skin
    const double dt;
    const int per_update;
    const R background, sa1_gain, ra_gain, sharpness, follow, decay_trace, decay_usual;
    const double *depth, *radius, *contact_x, *contact_y, *velocity_x, *velocity_y, *ridged;  // of each slot and digit
    const double *wave_x, *wave_y, *wave_frequency, *wave_phase;

    Afferents(const Inputs &in, double dt, double update, Random &random)
        : n(in.size("afferents.x")), dt(dt), per_update(lround(update / dt)),
          background(in.number("afferents.background_rate") * update * ms),
          sa1_gain(in.number("afferents.sa1_gain") * update * ms), ra_gain(in.number("afferents.ra_gain")),
          sharpness(in.number("afferents.ridge_sharpness")),
          follow(1 - decay_over(update, in.number("afferents.skin_time_constant", ms))),
          decay_trace(decay_over(dt, in.number("afferents.trace_time_constant", ms))),
          decay_usual(decay_over(dt, in.number("afferents.usual_time_constant", ms))) {
        const Ints digit = in.integers("afferents.digit");
        for (int d = 0; d <= DIGITS; d++)
            first.push_back(std::lower_bound(digit.begin(), digit.end(), d) - digit.begin());
        x = load(in.of("afferents.x"));
        y = load(in.of("afferents.y"));
        slowly_adapting = load(in.of("afferents.slowly_adapting"));
        for (R **state : {&indentation, &trace, &usual_trace}) *state = allocate<R>(n);
        left = allocate<double>(n);
        spikes_expected = allocate<double>(n);
        for (int i = 0; i < n; i++) left[i] = random.exponential();
        auto stimulus = [&](const char *name) { return in.of(name).data(); };
        depth = stimulus("depth"), radius = stimulus("radius"), ridged = stimulus("ridged");
        contact_x = stimulus("contact_x"), contact_y = stimulus("contact_y");
        velocity_x = stimulus("velocity_x"), velocity_y = stimulus("velocity_y");
        wave_x = stimulus("wave_x"), wave_y = stimulus("wave_y");
        wave_frequency = stimulus("wave_frequency"), wave_phase = stimulus("wave_phase");
    }

    // the skin follows the surface, and the rates follow the skin
    void touch(int slot, double since) {
        for (int d = 0; d < DIGITS; d++) {
            const int s = slot * DIGITS + d;
            if (depth[s] == 0) {
                #pragma omp simd
                for (int i = first[d]; i < first[d + 1]; i++) press(i, 0);
                continue;
            }
            const Touch t = {(R)depth[s], (R)(contact_x[s] + velocity_x[s] * since),
                             (R)(contact_y[s] + velocity_y[s] * since), (R)(-0.5 / (radius[s] * radius[s])),
                             (R)wave_x[s], (R)wave_y[s],
                             (R)std::remainder(wave_frequency[s] * since + wave_phase[s], 2 * M_PI), (R)ridged[s]};
            if (t.ridged == 0) {
                #pragma omp simd
                for (int i = first[d]; i < first[d + 1]; i++) press(i, envelope(t, i));
            } else {
                #pragma omp simd
                for (int i = first[d]; i < first[d + 1]; i++) {
                    const R wave = t.k_x * x[i] + t.k_y * y[i] - t.phase;
                    const R ridge = exponential(sharpness * (std::cos(wave) - 1));
                    press(i, envelope(t, i) * (1 - t.ridged * (1 - ridge)));
                }
            }
        }
    }
    __attribute__((always_inline)) inline void press(int i, R pressed) {
        const R change = (pressed - indentation[i]) * follow;
        indentation[i] += change;
        const R fast = (1 - slowly_adapting[i]) * ra_gain * std::abs(change);
        spikes_expected[i] = background + slowly_adapting[i] * sa1_gain * indentation[i] + fast;
    }
    __attribute__((always_inline)) inline R envelope(const Touch &t, int i) const {
        const R across = x[i] - t.x, along = y[i] - t.y;
        return t.depth * exponential(std::max((across * across + along * along) * t.per_square, (R)-80));
    }

    // spikes from a step until the next update of the skin; a cell fires once a step at most
    void fire(int step, Spikes &spikes, Random &random) {
        for (int k = 0; k < per_update; k++) spikes.begin(step + k);
        for (int start = 0; start < n; start += BLOCK) {
            int any = 0;
            for (int i = start; i < start + BLOCK; i++) any |= left[i] < spikes_expected[i];
            for (int i = start; any && i < std::min(start + BLOCK, n); i++) {
                if (left[i] >= spikes_expected[i]) continue;
                const double expected = spikes_expected[i] / per_update;
                double until = left[i];
                for (int k = 0; k < per_update; k++) {
                    if (until < expected) {
                        spikes.in(step + k).push_back(i);
                        until += random.exponential();
                    }
                    until -= expected;
                }
                left[i] = until + spikes_expected[i];
            }
            for (int i = start; i < start + BLOCK; i++) left[i] -= spikes_expected[i];
        }
    }
    void step() {
        #pragma omp simd
        for (int i = 0; i < n; i++) {
            usual_trace[i] = trace[i] + (usual_trace[i] - trace[i]) * decay_usual;
            trace[i] *= decay_trace;
        }
    }
};
