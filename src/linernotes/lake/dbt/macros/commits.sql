{# The lake commit carries the run, so that the two stores can be reconciled. #}
{% macro sign_commit() -%}
    {%- if execute -%}
        {%- set run = run_query("SELECT run_id FROM memory.incoming.run").rows[0][0] -%}
        CALL lake.set_commit_message(
            'linernotes', '{{ model.name }}', extra_info => '{"run_id": "{{ run }}", "model": "{{ model.name }}"}'
        )
    {%- endif -%}
{%- endmacro %}

{# A place where fault tests pull the plug. #}
{% macro failpoint(name) -%}
    SELECT failpoint('{{ name }}')
{%- endmacro %}
