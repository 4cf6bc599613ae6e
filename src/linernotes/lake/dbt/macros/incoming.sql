{# The current rows of the records that this build takes in, from one bronze table (linernotes.lake.incoming). A unit
   test of dbt gives the rows as bronze has them. #}
{% macro new_records(table) -%}
    {%- set received = source("bronze", table) -%}
    {%- if model.resource_type == "unit_test" -%}
    {%- set origin, name = table.split("_", 1) -%}
    {%- set is_group = name.startswith("master") or name.startswith("release_group") -%}
    (
        SELECT
            '{{ origin }}' AS source,
            '{{ "release_group" if is_group else name.split("_")[0] }}' AS record_type,
            b.* REPLACE (b.record_id::VARCHAR AS record_id)
        FROM {{ received }} AS b
    )
    {%- else -%}
    memory.incoming.{{ model.name }}__{{ table }}
    {%- endif -%}
{%- endmacro %}

{# Which records this build takes in: source, entity_type, record_id. #}
{% macro changed_records() -%}
    memory.incoming.{{ model.name }}__changed
{%- endmacro %}

{# Records that their source no longer has: source, entity_type, record_id, gone_month. #}
{% macro gone_records() -%}
    {%- if model.resource_type == "unit_test" -%}
    (SELECT '' AS source, '' AS entity_type, '' AS record_id, '' AS gone_month WHERE false)
    {%- else -%}
    memory.incoming.{{ model.name }}__gone
    {%- endif -%}
{%- endmacro %}

{# The rows a test has to look at: all of them, or those of the records that this build takes in, where the rest was
   tested before. #}
{% macro rows_to_test(relation) -%}
    {%- set plan = run_query(
        "SELECT tests_changed_only FROM memory.incoming.plan WHERE model = '" ~ relation.identifier ~ "'"
    ) if execute -%}
    {%- if plan and plan.rows | length == 1 and plan.rows[0][0] -%}
    (
        SELECT t.* FROM {{ relation }} AS t
        SEMI JOIN memory.incoming.{{ relation.identifier }}__changed AS c
            ON c.source = t.source AND c.record_id = t.record_id
    )
    {%- else -%}
    {{ relation }}
    {%- endif -%}
{%- endmacro %}

{# A model whose version has taken in nothing yet is created whole, and swapped in. #}
{% macro should_full_refresh() %}
    {%- if execute -%}
        {%- set plan = run_query("SELECT mode FROM memory.incoming.plan WHERE model = '" ~ model.name ~ "'") -%}
        {{ return(plan.rows | length == 1 and plan.rows[0][0] == "first") }}
    {%- endif -%}
    {{ return(false) }}
{% endmacro %}
