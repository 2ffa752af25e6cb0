{# USES_VARIABLES { _synaptic_pre, _synaptic_post } #}
{% extends 'common_synapses.cpp' %}

{% set _sender, _partner = ('_presynaptic_idx', '_postsynaptic_idx') if pathway.prepost == 'pre' else ('_postsynaptic_idx', '_presynaptic_idx') %}

{% block maincode %}
    {# threads share the events if these change synapses alone; if they change partners, each thread has some of these #}
    {% set parallel = independent(vector_code, variables, _partner) %}
    {% set apart = parallel and calls(vector_code) and not is_watched(vector_code) %}
    {% set shared = parallel and divisible(scalar_code, variables) %}
    {% set by_event = shared and not _partner in written(vector_code).values() %}
    {% set by_partner = shared and not by_event and not apart %}
    const std::vector<int32_t>& _arriving = *{{pathway.name}}.peek();
    if (_arriving.empty()) return;
    if ({{pathway.name}}.by_row) {{pathway.name}}.find_rows({{_synaptic_post if pathway.prepost == 'pre' else _synaptic_pre}});
    {% if by_event or by_partner %}
    {% set enough = '_arriving.size() >= cortex::LEAST_EVENTS' if by_event else pathway.name + '.by_partner' %}
    if (cortex::team.divides() && {{enough}} && {{pathway.name}}.work() >= cortex::LEAST_SYNAPSES)
        return cortex::team.run(_run_{{codeobj_name}});
    {% endif %}
    {% if by_event %}
    const cortex::Range _events = cortex::team.items(0, _arriving.size());
    {% else %}
    const cortex::Range _events = {0, int(_arriving.size())};
    {% endif %}
    {% if by_partner %}
    const bool _whole = cortex::part < 0;
    {% endif %}
    const size_t _vectorisation_idx = -1;
    {{scalar_code|autoindent}}

    if (!{{pathway.name}}.by_row) {
        for (int _event = _events.begin; _event < _events.end; _event++) {
            const int32_t _idx = _arriving[_event];
            const size_t _vectorisation_idx = _idx;
            {{vector_code|autoindent}}
        }
    } else {
    for (int _event = _events.begin; _event < _events.end; _event++) {
        const int32_t {{_sender}} = _arriving[_event];
        const Row& _row = {{pathway.name}}.row({{_sender}});
        const int _count = _row.count;
        {% if by_partner %}
        if (_row.step && !_whole && !cortex::team.has(_row.partner)) continue;  // it is of one synapse
        {% endif %}
        if (_row.step == 1) {
            const int _first = _row.first, _partner = _row.partner;
            {% if parallel and is_watched(vector_code) %}
            for (int _begin = 0; _begin < _count; _begin += 512) {
                const int _end = _begin + 512 < _count ? _begin + 512 : _count;
                int64_t _repeat = 0;
                {% for array, index in written(vector_code).items() %}
                cortex::Kept _kept{{array}}({{array}} + {{'_first' if index == '_idx' else '_partner'}} + _begin, _end - _begin);
                {% endfor %}
                #pragma omp simd reduction(|:_repeat)
                for (int _k = _begin; _k < _end; _k++) {
                    const size_t _idx = _first + _k, _vectorisation_idx = _idx;
                    const int32_t {{_partner}} = _partner + _k;
                    {{vector_code|without_indices|watched|autoindent}}
                }
                if (!_repeat) continue;
                {% for array in written(vector_code) %}
                _kept{{array}}.restore();
                {% endfor %}
                for (int _k = _begin; _k < _end; _k++) {
                    const size_t _idx = _first + _k, _vectorisation_idx = _idx;
                    const int32_t {{_partner}} = _partner + _k;
                    {{vector_code|without_indices|autoindent}}
                }
            }
            {% else %}
            {% if parallel %}
            #pragma omp simd
            {% endif %}
            for (int _k = 0; _k < _count; _k++) {
                const size_t _idx = _first + _k, _vectorisation_idx = _idx;
                const int32_t {{_partner}} = _partner + _k;
                {{vector_code|without_indices|autoindent}}
            }
            {% endif %}
        } else if (_row.step) {
            const int _first = _row.first, _partner = _row.partner;
            const size_t _step = _row.step;
            {% if apart %}
            #pragma omp simd
            {% endif %}
            for (int _k = 0; _k < _count; _k++) {
                const size_t _idx = _first + _k * _step, _vectorisation_idx = _idx;
                const int32_t {{_partner}} = _partner + _k;
                {{vector_code|without_indices|autoindent}}
            }
        } else {
            const int32_t *const _synapses = _row.synapses, *const _partners = _row.partners;
            const int _first = _row.first;
            {% if apart %}
            // gathering and scattering pays off for the functions
            if (_row.apart && _synapses) {
                #pragma omp simd
                for (int _k = 0; _k < _count; _k++) {
                    const size_t _idx = _synapses[_k], _vectorisation_idx = _idx;
                    const int32_t {{_partner}} = _partners[_k];
                    {{vector_code|without_indices|autoindent}}
                }
                continue;
            }
            if (_row.apart) {
                #pragma omp simd
                for (int _k = 0; _k < _count; _k++) {
                    const size_t _idx = _first + _k, _vectorisation_idx = _idx;
                    const int32_t {{_partner}} = _partners[_k];
                    {{vector_code|without_indices|autoindent}}
                }
                continue;
            }
            {% endif %}
            for (int _k = 0; _k < _count; _k++) {
                {% if by_partner %}
                if (!_whole && !cortex::team.has(_partners[_k])) continue;
                {% endif %}
                const size_t _idx = _synapses ? _synapses[_k] : _first + _k, _vectorisation_idx = _idx;
                const int32_t {{_partner}} = _partners[_k];
                {{vector_code|without_indices|autoindent}}
            }
        }
    }
    }
{% endblock %}
