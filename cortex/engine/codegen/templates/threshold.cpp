{# USES_VARIABLES { N } #}
{% extends 'common_group.cpp' %}

{% block maincode %}
    const int _vectorisation_idx = -1;
    {{scalar_code|autoindent}}

    {% set _spikes = get_array_name(eventspace_variable) %}
    {% set vector_code = vector_code|chosen(not_refractory) if _uses_refractory else vector_code %}
    {% set stored = [not_refractory, lastspike] if _uses_refractory else [] %}
    {% set parallel = independent(vector_code, variables, stored=stored, drawn=True) %}
    {% set drawings = draws(vector_code) if parallel else [] %}
    {% if drawings %}
    {% set uniforms = drawings|selectattr(1, 'equalto', 'rand')|list|length %}
    static cortex::Starts _starts;
    {% endif %}
    {% if parallel and divisible(scalar_code, variables) %}
    if (cortex::team.divides(N)) {
        {% if drawings %}
        const int64_t _groups = cortex::Words::groups(64, {{uniforms}}, {{drawings|length - uniforms}});  // of words
        _starts.find(cortex::generator, (int64_t(N) + 63) / 64 * _groups, 512 / 64 * _groups);
        {% endif %}
        return cortex::team.run(_run_{{codeobj_name}}, {{_spikes}}, N);
    }
    const cortex::Range _share = cortex::team.cells(N);
    {% else %}
    const cortex::Range _share = {0, int(N)};
    {% endif %}

    int32_t *const _fired = {{_spikes}} + _share.begin, _count = 0;
    {% set fire %}
    _fired[_count++] = _idx;
    {% if _uses_refractory %}
    {{if_kept(not_refractory, owner)}}{{not_refractory}}[_idx] = false;
    {{lastspike}}[_idx] = {{t}};
    {% endif %}
    {% endset %}
    {% if parallel %}
    {% set repeats = is_watched(vector_code) %}
    {% if drawings %}
    {% set vector_code = vector_code|drawn %}
    cortex::Words _words(cortex::generator, _starts, _share.begin / 512);
    {% endif %}
    // most cells do not fire in a step: test 64 at once, each of which has a bit that says whether it fires
    const size_t _size = N < 64 ? N : 64;
    for (size_t _next = _share.begin; _next < _share.end; _next += 64) {
        const size_t _first = _next + _size <= N ? _next : N - _size;  // the last 64 may overlap the block before
        uint64_t _fires = 0;
        {% for array, function in drawings %}
        {{'double' if function == 'rand' else 'float'}} {{array}}[64];
        _words.{{function}}({{array}}, 64);
        {% endfor %}
        {% if repeats %}
        int64_t _repeat = 0;
        {% endif %}
        #pragma omp simd reduction(|:_fires{% if repeats %}, _repeat{% endif %})

        for (size_t _k = 0; _k < _size; _k++) {
            const size_t _idx = _first + _k, _vectorisation_idx = _idx;
            {{vector_code|wide_truth|watched|autoindent}}
            _fires |= uint64_t(_cond != 0) << _k;
        }
        {% if repeats %}
        if (_repeat) _fires = 0;
        for (size_t _k = 0; _k < _size && _repeat; _k++) {
            const size_t _idx = _first + _k, _vectorisation_idx = _idx;
            {{vector_code|autoindent}}
            _fires |= uint64_t(_cond != 0) << _k;
        }
        {% endif %}
        for (_fires >>= _next - _first; _fires; _fires &= _fires - 1) {
            const size_t _idx = _next + __builtin_ctzll(_fires);
            {{fire|autoindent}}
        }
    }
    {% else %}
    for (size_t _idx = 0; _idx < N; _idx++) {
        const size_t _vectorisation_idx = _idx;
        {{vector_code|autoindent}}
        if (_cond) {
            {{fire|autoindent}}
        }
    }
    {% endif %}
    cortex::team.fired({{_spikes}}, N, _count);
{% endblock %}

{% block after_code %}
    {{get_array_name(eventspace_variable)}}[N] = 0;
{% endblock %}
