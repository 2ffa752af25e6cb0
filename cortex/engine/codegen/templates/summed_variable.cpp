{# USES_VARIABLES { N } #}
{% extends 'common_group.cpp' %}

{% block maincode %}
    {% set _sum = get_array_name(_target_var) %}
    {% set _index = get_array_name(_index_var) %}
    const int _target_size = {{constant_or_scalar(_target_size_name, variables[_target_size_name])}};
    for (int _k = 0; _k < _target_size; _k++) {{_sum}}[_k + {{_target_start}}] = 0;

    const size_t _vectorisation_idx = -1;
    {{scalar_code|autoindent}}

    {% set parallel = independent(vector_code, variables) and not accesses(vector_code, _sum) %}
    {% set repeats = is_watched(vector_code) %}
    {% if parallel and calls(vector_code) %}
    // the functions of many synapses at once, then the sums one by one
    for (int _first = 0; _first < {{N}}; _first += 512) {
        const int _count = _first + 512 < {{N}} ? 512 : {{N}} - _first;
        {{c_data_type(_target_var.dtype)}} _summand[512];
        {% if repeats %}
        int64_t _repeat = 0;
        {% endif %}
        #pragma omp simd{% if repeats %} reduction(|:_repeat){% endif %}

        for (int _k = 0; _k < _count; _k++) {
            const size_t _idx = _first + _k, _vectorisation_idx = _idx;
            {{vector_code|watched|autoindent}}
            _summand[_k] = _synaptic_var;
        }
        {% if repeats %}
        for (int _k = 0; _k < _count && _repeat; _k++) {
            const size_t _idx = _first + _k, _vectorisation_idx = _idx;
            {{vector_code|autoindent}}
            _summand[_k] = _synaptic_var;
        }
        {% endif %}
        for (int _k = 0; _k < _count; _k++) {{_sum}}[{{_index}}[_first + _k]] += _summand[_k];
    }
    {% else %}
    {% if parallel %}
    static Sequences _sequences;
    for (const Sequence& _piece : _sequences.of({{_index}}, {{N}})) {
        #pragma omp simd
        for (int _k = 0; _k < _piece.count; _k++) {
            const size_t _idx = _piece.first + _k, _vectorisation_idx = _idx;
            {{vector_code|autoindent}}
            {{_sum}}[_piece.target + _k] += _synaptic_var;
        }
    }
    const int _n = _sequences.any() ? 0 : {{N}};
    {% else %}
    const int _n = {{N}};
    {% endif %}
    #pragma GCC unroll 4
    for (int _idx = 0; _idx < _n; _idx++) {
        const size_t _vectorisation_idx = _idx;
        {{vector_code|autoindent}}
        {{_sum}}[{{_index}}[_idx]] += _synaptic_var;
    }
    {% endif %}
{% endblock %}
