{# USES_VARIABLES { N } #}
{# ALLOWS_SCALAR_WRITE #}
{% extends 'common_group.cpp' %}

{% block maincode %}
    const int _N = {{constant_or_scalar('N', variables['N'])}};
    {% set parallel = independent(vector_code, variables) %}
    {% set drawn = 0 if parallel else normals(vector_code, variables) %}
    {% if (parallel or drawn) and divisible(scalar_code, variables) %}
    if (cortex::team.divides() && _N >= cortex::LEAST_CELLS{{' / 2' if calls(vector_code)}}) {
        {% if drawn %}
        cortex::generator.prepare(int64_t(_N) * {{drawn}});
        {% endif %}
        cortex::team.run(_run_{{codeobj_name}});
        {% if drawn %}
        cortex::generator.skip(int64_t(_N) * {{drawn}});
        {% endif %}
        return;
    }
    const cortex::Range _share = cortex::team.cells(_N{{', 512' if is_watched(vector_code)}});
    {% else %}
    const cortex::Range _share = {0, _N};
    {% endif %}
    const size_t _vectorisation_idx = -1;
    {{scalar_code|autoindent}}

    {% if parallel %}
    {% set repeats = is_watched(vector_code) %}
    for (int _first = _share.begin; _first < _share.end; _first += 512) {
        const int _last = _first + 512 < _share.end ? _first + 512 : _share.end;
        {% for array in truth_values(vector_code) %}
        int64_t _wide{{array}}[512];
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
    {% if drawn %}
    cortex::Normals _randn(cortex::generator, int64_t(_share.begin) * {{drawn}}, cortex::part >= 0);
    {% endif %}
    for (int _idx = _share.begin; _idx < _share.end; _idx++) {
        const size_t _vectorisation_idx = _idx;
        {{vector_code|autoindent}}
    }
    {% endif %}
{% endblock %}
