{# USES_VARIABLES { N } #}
{# ALLOWS_SCALAR_WRITE #}
{% extends 'common_group.cpp' %}

{% block maincode %}
    const size_t _vectorisation_idx = -1;
    {{scalar_code|autoindent}}

    const int _N = {{constant_or_scalar('N', variables['N'])}};
    {% if independent(vector_code, variables, drawn=True) %}
    {% set repeats = is_watched(vector_code) %}
    {% set vector_code, drawings = vector_code|drawn, draws(vector_code) %}
    for (int _first = 0; _first < _N; _first += 512) {
        const int _last = _first + 512 < _N ? _first + 512 : _N;
        {% for array, function in drawings %}
        {{'double' if function == 'rand' else 'float'}} {{array}}[512];
        cortex::generator.{{function}}({{array}}, _last - _first);
        {% endfor %}
        {% for array in truth_values(vector_code) %}
        {{wide()}} _wide{{array}}[512];
        {% if is_read(array, vector_code) %}
        for (int _k = 0; _k < _last - _first; _k++) _wide{{array}}[_k] = {{array}}[_first + _k];
        {% endif %}
        {% endfor %}
        {% if repeats %}
        int64_t _repeat = 0;
        {% for array in written(vector_code) %}
        cortex::Kept _kept{{array}}({{array}} + _first, _last - _first);
        {% endfor %}
        {% endif %}
        #pragma omp simd{% if repeats %} reduction(|:_repeat){% endif %}

        for (int _idx = _first; _idx < _last; _idx++) {
            const size_t _vectorisation_idx = _idx;
            {{vector_code|widened|watched|autoindent}}
        }
        {% if repeats %}
        if (_repeat) {
            {% for array in written(vector_code) %}
            _kept{{array}}.restore();
            {% endfor %}
            for (int _idx = _first; _idx < _last; _idx++) {
                const size_t _vectorisation_idx = _idx;
                {{vector_code|autoindent}}
            }
            continue;
        }
        {% endif %}
        {% for array in truth_values(vector_code) %}
        for (int _k = 0; _k < _last - _first; _k++) {{array}}[_first + _k] = _wide{{array}}[_k];
        {% endfor %}
    }
    {% else %}
    for (int _idx = 0; _idx < _N; _idx++) {
        const size_t _vectorisation_idx = _idx;
        {{vector_code|autoindent}}
    }
    {% endif %}
{% endblock %}
