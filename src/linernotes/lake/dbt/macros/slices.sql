{# A model with much to take in is made slice by slice, in one transaction: the memory that a statement takes follows the
   rows that it sees. Bronze is cut by ranges of record ids (linernotes.lake.incoming), built tables by a hash of them. #}

{# Into how many slices the records of a model are cut. #}
{% macro planned_slices(name) -%}
    {%- set plan = run_query("SELECT slices FROM memory.incoming.plan WHERE model = '" ~ name ~ "'") if execute -%}
    {{- plan.rows[0][0] if plan and plan.rows | length == 1 else 1 -}}
{%- endmacro %}

{# The same of the model under way, asked once: some models look at their slices forty times. #}
{% macro slice_count() -%}
    {%- if "slices" not in model -%}
    {%- do model.update({"slices": 1 if model.resource_type == "unit_test" else planned_slices(model.name)}) -%}
    {%- endif -%}
    {{- model["slices"] -}}
{%- endmacro %}

{# Whether a record of a built table is in the slice under way. #}
{% macro in_slice(record_id) -%}
    {%- set slices = slice_count() | int -%}
    {{ "true" if slices == 1 else "hash(" ~ record_id ~ ") % " ~ slices ~ " = getvariable('slice')" }}
{%- endmacro %}

{# How dbt creates a table: slice by slice, where the model looks at slices. #}
{% macro duckdb__create_table_as(
    temporary, relation, compiled_code, language="sql", partitioned_by=none, sorted_by=none
) -%}
    {%- set sees_slices = "memory.incoming." in compiled_code or "getvariable('slice')" in compiled_code -%}
    {%- set slices = slice_count() | int if sees_slices else 1 -%}
    {%- if slices > 1 %}
    SET VARIABLE slice = 0;
    {%- endif %}
    {{ dbt.duckdb__create_table_as(temporary, relation, compiled_code, language, partitioned_by, sorted_by) }}
    {%- for slice in range(1, slices) %}
    SET VARIABLE slice = {{ slice }};
    INSERT INTO {{ relation.include(database=(not temporary), schema=(not temporary)) }}
    {{ compiled_code }};
    {%- endfor %}
{%- endmacro %}

{# The keys that stand for several rows, or miss a part, in one slice or in all. Hashes of keys are counted first: they
   take a quarter of the memory, and mostly there is nothing more to look at. #}
{% macro repeated_keys(rows, columns, slices=1, slice=0) -%}
    {%- set key = "hash(" ~ columns | join(", ") ~ ")" -%}
    SELECT {{ columns | join(", ") }}, count(*) AS row_count
    FROM {{ rows }} AS t
    WHERE {{ key }} IN (
        SELECT {{ key }} FROM {{ rows }} AS t
        {% if slices > 1 -%} WHERE {{ key }} % {{ slices }} = {{ slice }} {%- endif %}
        GROUP BY ALL
        HAVING count(*) > 1
    ) {%- for column in columns %} OR {{ column }} IS NULL {%- endfor %}
    GROUP BY ALL
    HAVING count(*) > 1 {%- for column in columns %} OR {{ column }} IS NULL {%- endfor %}
{%- endmacro %}
