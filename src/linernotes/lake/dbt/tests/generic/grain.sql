{# One row per key, and no part of the key missing. #}
{% test grain(model, columns) %}
SELECT {{ columns | join(", ") }}, count(*) AS row_count
FROM {{ rows_to_test(model) }} AS t
GROUP BY ALL
HAVING count(*) > 1 {% for column in columns %} OR {{ column }} IS NULL {% endfor %}
{% endtest %}
