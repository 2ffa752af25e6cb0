{# USES_VARIABLES { N } #}
{# ALLOWS_SCALAR_WRITE #}
{% extends 'common_group.cpp' %}

{% block maincode %}
    const int _N = {{constant_or_scalar('N', variables['N'])}};
    const size_t _vectorisation_idx = -1;
    {{scalar_code|autoindent}}

    {% set parallel = independent(vector_code, variables, drawn=True) %}
    {% set drawings = draws(vector_code) if parallel else [] %}
    {% if drawings %}
    {% set uniforms = drawings|selectattr(1, 'equalto', 'rand')|list|length %}
    {% set numbers = uniforms ~ ', ' ~ (drawings|length - uniforms) %}
    static cortex::Starts _starts;
    {% endif %}
    {% if parallel and divisible(scalar_code, variables) %}
    if ({{'_N >= cortex::LEAST_CELLS && cortex::team.divides()' if '_synaptic_post' in owner.variables else 'cortex::team.divides(_N)'}}) {
        {% if drawings %}
        const int64_t _groups = cortex::Words::groups(512, {{numbers}});  // of words, for each block of cells
        _starts.find(cortex::generator, _N / 512 * _groups + cortex::Words::groups(_N % 512, {{numbers}}), _groups);
        {% endif %}
        return cortex::team.run(_run_{{codeobj_name}});
    }
    const cortex::Range _share = cortex::team.cells(_N);
    {% else %}
    const cortex::Range _share = {0, _N};
    {% endif %}

    {% if parallel %}
    {% set repeats = is_watched(vector_code) %}
    {% if drawings %}
    {% set vector_code = vector_code|drawn %}
    cortex::Words _words(cortex::generator, _starts, _share.begin / 512);
    {% endif %}
    for (int _first = _share.begin; _first < _share.end; _first += 512) {
        const int _last = _first + 512 < _share.end ? _first + 512 : _share.end;
        {% for array, function in drawings %}
        {{'double' if function == 'rand' else 'float'}} {{array}}[512];
        _words.{{function}}({{array}}, _last - _first);
        {% endfor %}
        {% for array in truth_values(vector_code) %}
        alignas(4096) {{wide()}} _wide{{array}}[512];
        {% if is_read(array, vector_code) %}
        cortex::convert({{array}} + _first, _last - _first, _wide{{array}});
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
        {{if_kept(array, owner)}}cortex::convert(_wide{{array}}, _last - _first, {{array}} + _first);
        {% endfor %}
    }
    {% else %}
    for (int _idx = _share.begin; _idx < _share.end; _idx++) {
        const size_t _vectorisation_idx = _idx;
        {{vector_code|autoindent}}
    }
    {% endif %}
{% endblock %}
