{# Every child row has its parent record. #}
{% test belongs_to(model, parent, entity_type=none) %}
SELECT c.source, c.record_id
FROM {{ rows_to_test(model) }} AS c
ANTI JOIN {{ parent }} AS p ON p.source = c.source AND p.record_id = c.record_id
{% if entity_type %} WHERE c.entity_type = '{{ entity_type }}' {% endif %}
{% endtest %}
