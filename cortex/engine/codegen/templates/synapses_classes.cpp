{% macro cpp_file() %}
{% endmacro %}

{% macro h_file() %}
#ifndef _BRIAN_SYNAPSES_H
#define _BRIAN_SYNAPSES_H

// The events of a synaptic pathway between the cells that send them and the synapses at which they arrive.
#include <algorithm>
#include <cassert>
#include <cstdint>
#include <iostream>
#include <iterator>
#include <map>
#include <vector>

// The synapses of one cell of the sending side, and their partners: the cells of the other side.
struct Row {
    const int32_t* synapses;  // in ascending order; null if they have numbers in sequence
    const int32_t* partners;  // the partner of each synapse
    int first, partner;       // the first synapse and its partner
    int count;
    int step;    // of a dense row (numbers in equal steps, partners in sequence); else 0
    bool apart;  // no partner occurs twice, and they are in ascending order

    // Whether there may be partners among these cells.
    bool reaches(cortex::Range cells) const {
        return count && (!apart || (partners[0] < cells.end && partners[count - 1] >= cells.begin));
    }
};

// Since version 2.10, Brian2 writes the queued events at the end of a run to continue from them; here no run continues.
struct Waiting {};
inline std::ostream& operator<<(std::ostream& out, const Waiting&) { return out; }

class SynapticPathway {
    int start, stop;                                 // range of the cells that send events
    std::vector<int32_t> by_cell;                    // synapses by the sending cell; none if they have this order
    std::vector<int> first;                          // where the synapses of each cell begin in this order
    std::vector<int> delays;                         // in steps; one for all synapses, or one for each
    std::vector<std::vector<int32_t>> arriving;      // events by step of arrival: cells, or synapses if delays differ
    size_t now = 0;
    std::vector<int32_t> partners;                   // in the order of by_cell
    std::vector<Row> rows;

    std::vector<int32_t>& arriving_in(int steps) { return arriving[(now + steps) % arriving.size()]; }
    int32_t synapse(int k) const { return by_cell.empty() ? k : by_cell[k]; }

public:
    std::vector<int>& sources;
    Waiting waiting, *queue[1] = {&waiting};
    bool by_row = true;  // all delays are the same: events travel as cells, not as synapses
    bool by_partner = false;  // threads can share the partners: no row is dense, but those of one synapse

    SynapticPathway(std::vector<int>& sources, int start, int stop)
        : start(start), stop(stop), arriving(1), sources(sources) {}

    template <class Real>
    void prepare(int, int, Real* seconds, int n_delays, int* source, int n_synapses, double dt) {
        first.assign(stop - start + 1, 0);
        for (int k = 0; k < n_synapses; k++) first[source[k] - start + 1]++;
        for (int i = 0; i < stop - start; i++) first[i + 1] += first[i];
        by_cell.clear();
        if (!std::is_sorted(source, source + n_synapses)) {
            by_cell.resize(n_synapses);
            std::vector<int> position(first.begin(), first.end() - 1);
            for (int k = 0; k < n_synapses; k++) by_cell[position[source[k] - start]++] = k;
        }

        delays.assign(std::max(n_delays, 1), 0);
        for (int k = 0; k < n_delays; k++) delays[k] = int(seconds[k] / dt + 0.5);
        const auto range = std::minmax_element(delays.begin(), delays.end());
        by_row = *range.first == *range.second;
        std::rotate(arriving.begin(), arriving.begin() + now, arriving.end());
        now = 0;
        arriving.resize(std::max(arriving.size(), size_t(*range.second + 1)));
        by_partner = false;
        rows.clear();
        partners.clear();
    }

    // Find the rows of all cells; `partner` has the partner of each synapse.
    void find_rows(const int32_t* partner) {
        if (!rows.empty()) return;
        partners.reserve(by_cell.size());
        for (const int32_t synapse : by_cell) partners.push_back(partner[synapse]);
        const int32_t* const ordered = by_cell.empty() ? partner : partners.data();
        for (int i = 0; i < stop - start; i++) {
            const int begin = first[i], end = first[i + 1], count = end - begin;
            int step = count > 1 ? synapse(begin + 1) - synapse(begin) : count;
            for (int k = begin + 1; k < end && step; k++)
                if (synapse(k) - synapse(k - 1) != step || ordered[k] - ordered[k - 1] != 1) step = 0;
            bool apart = true;
            for (int k = begin + 1; k < end; k++) apart &= ordered[k] > ordered[k - 1];
            const int32_t* const listed = by_cell.empty() ? nullptr : by_cell.data() + begin;
            const int synapse_0 = count ? synapse(begin) : 0, partner_0 = count ? ordered[begin] : 0;
            rows.push_back({listed, ordered + begin, synapse_0, partner_0, count, step, apart});
        }
        by_partner = true;
        for (const Row& row : rows) by_partner &= row.step == 0 || row.count == 1;
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
                arriving_in(delays[synapse(k)]).push_back(synapse(k));
        }
    }

    // The events that arrive in this step: cells if `by_row`, else synapses.
    std::vector<int32_t>* peek() { return &arriving[now]; }
};

// Synapses with numbers in sequence and targets in sequence.
struct Sequence { int first, count, target; };

// All synapses of a summed variable as sequences; none if these would be short.
class Sequences {
    std::vector<Sequence> sequences;
    int known = 0;

public:
    const std::vector<Sequence>& of(const int32_t* target, int n_synapses) {
        if (known == n_synapses) return sequences;
        known = n_synapses;
        sequences.clear();
        for (int k = 0; k < n_synapses; k++) {
            if (k && target[k] == target[k - 1] + 1) sequences.back().count++;
            else sequences.push_back({k, 1, target[k]});
        }
        if (sequences.size() > size_t(n_synapses / 16)) sequences.clear();
        return sequences;
    }

    bool any() const { return !sequences.empty(); }
};

using namespace std;  // Brian2's templates rely on it
#endif
{% endmacro %}
