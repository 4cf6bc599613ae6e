{# Every child row has its parent record, but for those that only lead to it (`unless`, a condition): what they lead to
   may not have been delivered, which gold.missing_reference counts. #}
{% test belongs_to(model, parent, entity_type=none, unless="FALSE") %}
SELECT c.source, c.record_id
FROM {{ rows_to_test(model) }} AS c
ANTI JOIN {{ parent }} AS p ON p.source = c.source AND p.record_id = c.record_id
WHERE NOT coalesce({{ unless }}, FALSE)
{% if entity_type %} AND c.entity_type = '{{ entity_type }}' {% endif %}
{% endtest %}
