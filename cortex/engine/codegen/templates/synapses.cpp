{# USES_VARIABLES { _synaptic_pre, _synaptic_post } #}
{% extends 'common_synapses.cpp' %}

{% set _sender, _partner = ('_presynaptic_idx', '_postsynaptic_idx') if pathway.prepost == 'pre' else ('_postsynaptic_idx', '_presynaptic_idx') %}

{% block maincode %}
    const size_t _vectorisation_idx = -1;
    {{scalar_code|autoindent}}

    const std::vector<int32_t>& _arriving = *{{pathway.name}}.peek();
    if (!{{pathway.name}}.by_row) {
        for (const int32_t _idx : _arriving) {
            const size_t _vectorisation_idx = _idx;
            {{vector_code|autoindent}}
        }
    } else if (!_arriving.empty()) {
    {{pathway.name}}.find_rows({{_synaptic_post if pathway.prepost == 'pre' else _synaptic_pre}});
    for (const int32_t {{_sender}} : _arriving) {
        const Row& _row = {{pathway.name}}.row({{_sender}});
        const int _count = _row.count;
        if (_row.step == 1) {
            const int _first = _row.synapses[0], _partner = _row.partner;
            {% if independent(vector_code, variables, _partner) %}
            #pragma omp simd
            {% endif %}
            for (int _k = 0; _k < _count; _k++) {
                const size_t _idx = _first + _k, _vectorisation_idx = _idx;
                const int32_t {{_partner}} = _partner + _k;
                {{vector_code|without_indices|autoindent}}
            }
        } else if (_row.step) {
            const int _first = _row.synapses[0], _partner = _row.partner;
            const size_t _step = _row.step;
            for (int _k = 0; _k < _count; _k++) {
                const size_t _idx = _first + _k * _step, _vectorisation_idx = _idx;
                const int32_t {{_partner}} = _partner + _k;
                {{vector_code|without_indices|autoindent}}
            }
        } else {
            const int32_t *const _synapses = _row.synapses, *const _partners = _row.partners;
            for (int _k = 0; _k < _count; _k++) {
                const size_t _idx = _synapses[_k], _vectorisation_idx = _idx;
                const int32_t {{_partner}} = _partners[_k];
                {{vector_code|without_indices|autoindent}}
            }
        }
    }
    }
{% endblock %}
