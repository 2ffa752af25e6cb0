{# USES_VARIABLES { _synaptic_pre, _synaptic_post } #}
{% extends 'common_synapses.cpp' %}

{% set _sender, _partner = ('_presynaptic_idx', '_postsynaptic_idx') if pathway.prepost == 'pre'
    else ('_postsynaptic_idx', '_presynaptic_idx') %}

{% block maincode %}
    {# each thread does the synapses of its own postsynaptic cells; no dense rows with many of these, nor functions #}
    {% set parallel = independent(vector_code, variables, _partner) %}
    {% set apart = parallel and calls(vector_code) and not is_watched(vector_code) %}
    {% set by_cell = pathway.prepost == 'post' and not _partner in written(vector_code).values() %}
    {% set by_partner = pathway.prepost == 'pre' and not apart %}
    {% set cells = postsynaptic_cells(pathway) %}
    {% set shared = parallel and divisible(scalar_code, variables) and (by_cell or by_partner) and cells %}
    {% set other_share = '!_whole && !_own.has' %}
    {% set partners = _synaptic_post if pathway.prepost == 'pre' else _synaptic_pre %}
    const std::vector<int32_t>& _arriving = *{{pathway.name}}.peek();
    if (_arriving.empty()) return;
    if ({{pathway.name}}.by_row) {{pathway.name}}.find_rows({{partners}});
    {% if shared %}
    if (cortex::team.divides()) {
        {% if by_partner %}
        if (!{{pathway.name}}.by_row || {{pathway.name}}.by_partner) return cortex::team.run(_run_{{codeobj_name}});
        cortex::team.meet();
        {% else %}
        return cortex::team.run(_run_{{codeobj_name}});
        {% endif %}
    }
    const bool _whole = cortex::part < 0;
    const cortex::Range _own = cortex::team.cells({{cells}});
    {% endif %}
    const size_t _vectorisation_idx = -1;
    {{scalar_code|autoindent}}

    if (!{{pathway.name}}.by_row) {
        for (size_t _event = 0; _event < _arriving.size(); _event++) {
            const int32_t _idx = _arriving[_event];
            {% if shared %}
            if ({{other_share}}({{_synaptic_post}}[_idx])) continue;
            {% endif %}
            const size_t _vectorisation_idx = _idx;
            {{vector_code|autoindent}}
        }
    } else {
    for (size_t _event = 0; _event < _arriving.size(); _event++) {
        const int32_t {{_sender}} = _arriving[_event];
        {% if shared and by_cell %}
        if ({{other_share}}({{_sender}})) continue;
        {% endif %}
        const Row& _row = {{pathway.name}}.row({{_sender}});
        const int _count = _row.count;
        {% if shared and by_partner %}
        if (!_whole && !_row.reaches(_own)) continue;
        {% endif %}
        if (_row.step == 1) {
            const int _first = _row.first, _partner = _row.partner;
            {% if parallel and is_watched(vector_code) %}
            for (int _begin = 0; _begin < _count; _begin += 512) {
                const int _end = _begin + 512 < _count ? _begin + 512 : _count;
                int64_t _repeat = 0;
                {% for array, index in written(vector_code).items() %}
                {% set first = '_first' if index == '_idx' else '_partner' %}
                cortex::Kept _kept{{array}}({{array}} + {{first}} + _begin, _end - _begin);
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
            {% else %}
            {# SOMA-1 takes about 2 % less time; see docs/performance.md #}
            #pragma GCC unroll 8
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
                {% if shared and by_partner %}
                if ({{other_share}}(_partners[_k])) continue;
                {% endif %}
                const size_t _idx = _synapses ? _synapses[_k] : _first + _k, _vectorisation_idx = _idx;
                const int32_t {{_partner}} = _partners[_k];
                {{vector_code|without_indices|autoindent}}
            }
        }
    }
    }
{% endblock %}
