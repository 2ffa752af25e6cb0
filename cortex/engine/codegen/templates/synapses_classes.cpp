{% macro cpp_file() %}
{% endmacro %}

{% macro h_file() %}
#ifndef _BRIAN_SYNAPSES_H
#define _BRIAN_SYNAPSES_H

// The events of one synaptic pathway on their way from the cells that send them to the synapses that act.
#include <algorithm>
#include <cstdint>
#include <ostream>
#include <vector>

// The synapses at which one cell's events act, and the cells at their other side.
struct Row {
    const int32_t* synapses;  // ascending numbers
    const int32_t* partners;  // the cell at the other side of each
    int count;
    int step;     // distance of their numbers, if all have the same and the partners are consecutive, else 0: a dense row
    int partner;  // the first cell at the other side
};

// Since 2.10 Brian2 writes down which events still wait at the end of a run, to go on from there; we never do.
struct Waiting {};
inline std::ostream& operator<<(std::ostream& out, const Waiting&) { return out; }

class SynapticPathway {
    int start, stop;                                 // cells that send events
    std::vector<int32_t> by_cell;                    // synapses, sorted by the cell that sends
    std::vector<int> first;                          // where each cell's begin
    std::vector<int> delays;                         // steps; one for all synapses, or one for each
    std::vector<std::vector<int32_t>> arriving;      // events by step of arrival: cells, or synapses if delays differ
    size_t now = 0;
    std::vector<int32_t> partners;
    std::vector<Row> rows;

    std::vector<int32_t>& arriving_in(int steps) { return arriving[(now + steps) % arriving.size()]; }

public:
    std::vector<int>& sources;
    Waiting waiting, *queue[1] = {&waiting};
    bool by_row = true;  // all delays are the same: events travel as cells, not as synapses

    SynapticPathway(std::vector<int>& sources, int start, int stop)
        : start(start), stop(stop), arriving(1), sources(sources) {}

    template <class Real>
    void prepare(int, int, Real* seconds, int n_delays, int* source, int n_synapses, double dt) {
        first.assign(stop - start + 1, 0);
        for (int k = 0; k < n_synapses; k++) first[source[k] - start + 1]++;
        for (int i = 0; i < stop - start; i++) first[i + 1] += first[i];
        by_cell.resize(n_synapses);
        std::vector<int> position(first.begin(), first.end() - 1);
        for (int k = 0; k < n_synapses; k++) by_cell[position[source[k] - start]++] = k;

        delays.assign(std::max(n_delays, 1), 0);
        for (int k = 0; k < n_delays; k++) delays[k] = int(seconds[k] / dt + 0.5);
        const auto range = std::minmax_element(delays.begin(), delays.end());
        by_row = *range.first == *range.second;
        std::rotate(arriving.begin(), arriving.begin() + now, arriving.end());
        now = 0;
        arriving.resize(std::max(arriving.size(), size_t(*range.second + 1)));
        rows.clear();
        partners.clear();
    }

    // The rows of all cells; `partner` gives the cell at the other side of each synapse.
    void find_rows(const int32_t* partner) {
        if (!rows.empty()) return;
        for (const int32_t synapse : by_cell) partners.push_back(partner[synapse]);
        for (int i = 0; i < stop - start; i++) {
            const int32_t* row = by_cell.data() + first[i];
            const int count = first[i + 1] - first[i];
            int step = count > 1 ? row[1] - row[0] : count;
            for (int k = 1; k < count && step; k++)
                if (row[k] - row[k - 1] != step || partner[row[k]] - partner[row[k - 1]] != 1) step = 0;
            rows.push_back({row, partners.data() + first[i], count, step, count ? partner[row[0]] : 0});
        }
    }

    const Row& row(int cell) const { return rows[cell - start]; }

    void advance() {
        arriving[now].clear();
        now = (now + 1) % arriving.size();
    }

    void push(const int32_t* spikes, int count) {
        const int32_t* end = spikes + count;
        for (spikes = std::lower_bound(spikes, end, start); spikes != end && *spikes < stop; spikes++) {
            if (by_row) {
                arriving_in(delays[0]).push_back(*spikes);
                continue;
            }
            for (int k = first[*spikes - start]; k < first[*spikes - start + 1]; k++)
                arriving_in(delays[by_cell[k]]).push_back(by_cell[k]);
        }
    }

    // What arrives now: cells if `by_row`, else synapses.
    std::vector<int32_t>* peek() { return &arriving[now]; }
};

using namespace std;  // the other templates count on it
#endif
{% endmacro %}
