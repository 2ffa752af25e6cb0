{% macro cpp_file() %}
#include "network.h"
#include <algorithm>
#include <chrono>
#include <cmath>

{% for name in functions %}
void {{name}}();
{% endfor %}

namespace cortex {

typedef std::pair<size_t, codeobj_func> Call;  // with the index of the clock that must tick

// A step whose calls the compiler knows, and so sees through
struct Step {
    std::vector<Call> calls;
    void (*run)(const std::vector<char>& due);  // which clocks tick
};

// Threads go through calls of one kind without waiting for each other
static const std::vector<Step> steps = {
    {% for blocks in runs %}
    {
        {
            {% for block in blocks %}
            {% for name in block.functions %}
            { {{block.clock}}, {{name}} },
            {% endfor %}
            {% endfor %}
        },
        [](const std::vector<char>& due) {
            int before = 0;
            {% for block in blocks %}
            if (due[{{block.clock}}]) {
                {% for name in block.functions %}
                {% set kind = kinds.get(name) %}
                {% if not kind %}
                team.meet();
                {% elif loop.first %}
                if (before != {{kind}}) team.meet();
                {% elif kind != kinds.get(loop.previtem) %}
                team.meet();
                {% endif %}
                {{name}}();
                {% endfor %}
                before = {{kinds.get(block.functions[-1], 0)}};
            }
            {% endfor %}
        },
    },
    {% endfor %}
};

}  // namespace cortex

double Network::_last_run_time = 0.0;
double Network::_last_run_completed_fraction = 0.0;
bool Network::_globally_stopped = false;
bool Network::_globally_running = false;

void Network::run(const double duration, void (*)(const double, const double, const double, const double), const double)
{
    std::vector<{{clock_class}}*> clocks;
    std::vector<cortex::Call> calls;
    for (const auto& object : objects) {
        size_t number = 0;
        while (number < clocks.size() && clocks[number] != object.first) number++;
        if (number == clocks.size()) clocks.push_back(object.first);
        if (object.second) calls.push_back({number, object.second});
    }
    const auto& steps = cortex::steps;
    const auto known = std::find_if(steps.begin(), steps.end(), [&](const cortex::Step& step) {
        return step.calls.size() <= calls.size() && std::equal(step.calls.begin(), step.calls.end(), calls.begin());
    });
    if (known != steps.end()) calls.erase(calls.begin(), calls.begin() + known->calls.size());
    const double start = t, end = t + duration;
    for ({{clock_class}}* clock : clocks) clock->set_interval(start, end);

    // A time is a step count times a step. Clocks whose times differ by less than a 10,000th of the finest step tick
    // together, as in Brian2's runtime; a fixed tolerance would fall below the rounding error of large times.
    double apart = INFINITY;
    for ({{clock_class}}* clock : clocks)
        if (const Clock* regular = {% if clock_class == "Clock" %}clock{% else %}dynamic_cast<Clock*>(clock){% endif %})
            apart = std::fmin(apart, 1e-4 * regular->dt[0]);
    if (std::isinf(apart)) apart = 1e-14;  // all clocks have lists of times, which are exact

    const auto began = std::chrono::steady_clock::now();
    std::vector<char> due(clocks.size());
    _globally_running = true;
    _globally_stopped = false;
    while (!clocks.empty()) {
        {{clock_class}}* earliest = clocks[0];
        for ({{clock_class}}* clock : clocks)
            if (clock->t[0] < earliest->t[0]) earliest = clock;
        if (!earliest->running() || _globally_stopped) break;
        t = earliest->t[0];
        for (size_t k = 0; k < clocks.size(); k++) due[k] = std::fabs(clocks[k]->t[0] - t) <= apart;
        if (known != steps.end()) known->run(due);
        for (const cortex::Call& call : calls) {
            if (!due[call.first]) continue;
            {{meet}}
            call.second();
        }
        {{meet}}
        for (size_t k = 0; k < clocks.size(); k++)
            if (due[k]) clocks[k]->tick();
    }
    _globally_running = false;
    if (!_globally_stopped) t = end;
    _last_run_time = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    _last_run_completed_fraction = duration > 0 ? (t - start) / duration : 1.0;
}
{% endmacro %}

{% macro h_file() %}
#ifndef _BRIAN_NETWORK_H
#define _BRIAN_NETWORK_H

#include <set>
#include <utility>
#include <vector>
#include "brianlib/clocks.h"

typedef void (*codeobj_func)();

class Network
{
public:
    std::vector<std::pair<{{clock_class}}*, codeobj_func>> objects;
    double t = 0.0;
    static double _last_run_time;
    static double _last_run_completed_fraction;
    static bool _globally_stopped;
    static bool _globally_running;

    void clear() { objects.clear(); }
    void add({{clock_class}}* clock, codeobj_func func) { objects.push_back({clock, func}); }
    void run(const double duration, void (*report_func)(const double, const double, const double, const double), const double report_period);
};

#endif
{% endmacro %}
