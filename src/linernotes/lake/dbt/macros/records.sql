{# The increment: change what changed, add what is new, drop what is gone, for the records that this build takes in.
   One transaction, one snapshot. A merge alone never deletes, and a merge of everything would rewrite everything. #}
{% macro get_incremental_records_sql(arg_dict) %}
    {%- set target = arg_dict["target_relation"] %}
    {%- set record = config.require("record_key") %}
    {%- set columns = arg_dict["dest_columns"] | map(attribute="name") | list %}
    {%- set taken_in %}EXISTS (SELECT 1 FROM {{ changed_records() }} AS c WHERE {{ same(record, "c", "t") }}){% endset %}
    {{ write_what_differs(target, arg_dict["temp_relation"], columns, taken_in) }}
    {% if "gone_month" in columns %}
    UPDATE {{ target }} AS t SET gone_month = g.gone_month
    FROM {{ gone_records() }} AS g
    WHERE {{ same(record, "g", "t") }} AND t.gone_month IS DISTINCT FROM g.gone_month;

    UPDATE {{ target }} AS t SET gone_month = NULL
    WHERE t.gone_month IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM {{ gone_records() }} AS g WHERE {{ same(record, "g", "t") }});
    {% endif %}

    {# dbt would keep it until the build is over, and with it what every other model staged #}
    DROP TABLE {{ arg_dict["temp_relation"] }};
{% endmacro %}

{# A model made from other models is staged whole: what is not staged goes. #}
{% macro get_incremental_whole_sql(arg_dict) %}
    {%- set columns = arg_dict["dest_columns"] | map(attribute="name") | list %}
    {{ write_what_differs(arg_dict["target_relation"], arg_dict["temp_relation"], columns, "true") }}
    DROP TABLE {{ arg_dict["temp_relation"] }};
{% endmacro %}

{# Bring a table to what is staged, slice by slice, where it differs; rows that are not staged go if `taken_in` holds. The
   load that says what another said before is no difference, unless that one was withdrawn: only a model of records knows. #}
{% macro write_what_differs(target, staged, columns, taken_in) %}
    {%- set keys = config.require("unique_key") %}
    {%- set origin = ["load_id"] if "load_id" in columns and config.get("record_key") else [] %}
    {%- set values = columns | reject("in", keys) | reject("in", origin) | list %}
    {%- set slices = slice_count() | int %}
    {%- for slice in range(slices) %}
    {%- if slices > 1 %}
    SET VARIABLE slice = {{ slice }};
    {%- endif %}
    DELETE FROM {{ target }} AS t
    WHERE {{ in_slice("t.record_id") }}
        AND {{ taken_in }}
        AND NOT EXISTS (
            SELECT 1 FROM {{ staged }} AS s WHERE {{ in_slice("s.record_id") }} AND {{ same(keys, "s", "t") }}
        );

    MERGE INTO {{ target }} AS t USING (
        SELECT * FROM {{ staged }} WHERE {{ in_slice("record_id") }}
    ) AS s ON {{ same(keys, "s", "t") }}
    WHEN MATCHED AND (
        {{ listed(values, "t") }} IS DISTINCT FROM {{ listed(values, "s") }}
        {%- if origin %}
        OR t.load_id IN (SELECT load_id FROM memory.incoming.{{ model.name }}__withdrawn)
        {%- endif %}
    ) THEN UPDATE SET {{ assign(values + origin, "s") }}
    WHEN NOT MATCHED THEN INSERT ({{ columns | join(", ") }}) VALUES {{ listed(columns, "s") }};
    {% endfor %}
{% endmacro %}

{% macro same(columns, left, right) -%}
    {%- for column in columns %}{{ left }}.{{ column }} = {{ right }}.{{ column }}{{ " AND " if not loop.last }}{% endfor -%}
{%- endmacro %}

{% macro listed(columns, alias) -%}
    ({%- for column in columns %}{{ alias }}.{{ column }}{{ ", " if not loop.last }}{% endfor -%})
{%- endmacro %}

{% macro assign(columns, alias) -%}
    {%- for column in columns %}{{ column }} = {{ alias }}.{{ column }}{{ ", " if not loop.last }}{% endfor -%}
{%- endmacro %}
