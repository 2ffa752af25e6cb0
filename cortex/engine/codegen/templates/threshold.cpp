{# USES_VARIABLES { N } #}
{% extends 'common_group.cpp' %}

{% block maincode %}
    const int _vectorisation_idx = -1;
    {{scalar_code|autoindent}}

    int32_t _count = 0;
    {% set stored = [not_refractory, lastspike] if _uses_refractory else [] %}
    {% if independent(vector_code, variables, stored=stored, drawn=True) %}
    {% set vector_code, drawings = vector_code|drawn, draws(vector_code) %}
    // most cells do not fire in a step: test 64 at once, then go through those groups of eight in which a cell fires
    for (size_t _next = 0; _next < N; _next += 64) {
        const size_t _first = _next + 64 <= N || N < 64 ? _next : N - 64;  // the last 64 may overlap the block before
        char _fires[64] = {0};
        {% for array, function in drawings %}
        {{'double' if function == 'rand' else 'float'}} {{array}}[64];
        cortex::generator.{{function}}({{array}}, 64);
        {% endfor %}
        if (N < 64) {
            for (size_t _idx = 0; _idx < N; _idx++) {
                const size_t _vectorisation_idx = _idx;
                {{vector_code|autoindent}}
                _fires[_idx] = _cond;
            }
        } else {
            {% set repeats = is_watched(vector_code) %}
            {% if repeats %}
            int64_t _repeat = 0;
            {% endif %}
            #pragma omp simd{% if repeats %} reduction(|:_repeat){% endif %}

            for (size_t _k = 0; _k < 64; _k++) {
                const size_t _idx = _first + _k, _vectorisation_idx = _idx;
                {{vector_code|watched|autoindent}}
                _fires[_k] = _cond;
            }
            {% if repeats %}
            for (size_t _k = 0; _k < 64 && _repeat; _k++) {
                const size_t _idx = _first + _k, _vectorisation_idx = _idx;
                {{vector_code|autoindent}}
                _fires[_k] = _cond;
            }
            {% endif %}
        }
        uint64_t _eights[8], _any = 0;
        std::memcpy(_eights, _fires, 64);
        for (int _k = 0; _k < 8; _k++) _any |= _eights[_k];
        if (!_any) continue;
        for (size_t _eight = 0; _eight < 8; _eight++) {
            if (!_eights[_eight]) continue;
            for (size_t _k = 8 * _eight; _k < 8 * _eight + 8; _k++) {
                const size_t _idx = _first + _k;
                const bool _cond = _fires[_k] && _idx >= _next;
    {% else %}
    {
        {
            for (size_t _idx = 0; _idx < N; _idx++) {
                const size_t _vectorisation_idx = _idx;
                {{vector_code|autoindent}}
    {% endif %}
                if (_cond) {
                    {{get_array_name(eventspace_variable)}}[_count++] = _idx;
                    {% if _uses_refractory %}
                    {{not_refractory}}[_idx] = false;
                    {{lastspike}}[_idx] = {{t}};
                    {% endif %}
                }
            }
        }
    }
    {{get_array_name(eventspace_variable)}}[N] = _count;
{% endblock %}

{% block after_code %}
    {{get_array_name(eventspace_variable)}}[N] = 0;
{% endblock %}
