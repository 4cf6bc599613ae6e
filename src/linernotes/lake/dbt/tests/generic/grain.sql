{# One row per key, and no part of the key missing. Many rows are looked at slice by slice, up to the first bad one. #}
{% test grain(model, columns) %}
{%- set slices = planned_slices(model.identifier) | int -%}
{%- set rows = rows_to_test(model) -%}
{%- set bad = namespace(keys=repeated_keys(rows, columns) if slices == 1 else "SELECT 1 WHERE false", found=false) -%}
{%- for slice in range(slices) if slices > 1 and execute -%}
    {%- if not bad.found -%}
        {%- set keys = repeated_keys(rows, columns, slices, slice) -%}
        {%- set bad.found = run_query(keys ~ " LIMIT 1").rows | length > 0 -%}
        {%- set bad.keys = keys if bad.found else bad.keys -%}
    {%- endif -%}
{%- endfor -%}
{{ bad.keys }}
{% endtest %}
