"""Writes what Jinja2 makes of small templates to resources/templates/snippets.json.

A snippet is a line of snippets.txt or an entry of MULTILINE, and exercises one piece of the
language as transformers sets it up. A snippet that Jinja2 refuses is recorded with "error", the
kind of its exception, and must be refused by us too.

    python3 generate_snippets.py
"""

import json
import pathlib

from chat_environment import environment

HERE = pathlib.Path(__file__).parent
TEMPLATES = HERE.parent / "resources" / "templates"

MULTILINE = [
    "a\n  {%- if true %}\n  b\n  {%- endif %}\nc\n   {% if true %}\nd\n   {% endif %}\ne",
    "x   {% if true %}   y   {% endif %}   z\n",
    "  {# comment #}\nnext {# inline #} line\n  {#- stripped -#}  \nend\n",
    "  {{ number }}\n  {{- number -}}  \n  {{ number }}\n",
    "  {%+ if true %}\n kept\n  {%+ endif +%}\nafter\n",
    "{% if true -%}\n   a\n   {%- else -%}\n   b\n{%- endif -%}\n\ntail",
    "{% raw %}{{ y }} {% if %}{% endraw %}\nz",
    " {%- raw -%}  {{ a }}  {%- endraw -%}  q",
    "  {% raw %}\n {{ r }}\n  {% endraw %}\nend\n",
    "{# multi\nline {{ x }} #}\nz",
    "crlf {% if true %}\r\nyes\r\n{% endif %}\r\nand\rcr",
    "{{\n  number\n  +\n  1\n}}\n",
    "{% for m in messages\n   if m.role == 'user' %}\n{{- m.content }}\n{% endfor %}\n",
    "trailing newlines\n\n\n",
    "trailing crlf\r\n",
    "{% set b %}\n hi {{ 1 + 1 }}\n{% endset %}<{{ b }}>",
    "{{ 'a\\\nb' }} {{ 'line\nbreak' }} {{ 'cr\r\nlf' }}",
    "\n\n  {% if true %}\n\n  x\n\n  {% endif %}\n\n",
    "\t{% if true %}\ty{% endif %}\t\n\t\u00a0{% if true %}z{% endif %}",
    "{% for i in [1, 2] %}\n  {{ i }}\n{% endfor %}\n",
    "{% for i in [1, 2] -%}\n  {{ i }}\n{%- endfor %}\n",
    "{%- for i in [1, 2] %}\n    {%- if i == 1 %}\n        {{- 'one' }}\n    {%- else %}\n"
    "        {{- '\\nother' }}\n    {%- endif %}\n{%- endfor %}\n",
    "a {%- if true %} b {%+ endif %} c\n {%+ if true +%} \nd{% endif %}",
    "{{ 1 }}\n{{ 2 }}\n\n{{- 3 }}",
    "text {#+ kept +#}\n  more\n {#+ x #}\nend",
    "{% raw +%}x{% endraw %}",
    "{%- macro f(x) -%}\n  [{{ x }}]\n{%- endmacro -%}\n{{ f(1) }}\n{{ f(2) }}",
    "x{% if true %}\n\ny{% endif %}",
    "{% set x = 'a' -%}\n\n  {{ x }}",
    "{% if true %}{# c #}\n{% endif %}z",
    "\u2028{% if true %}a{% endif %}\u3000{%- if true %}b{% endif %}",
]


def outcome(source, variables):
    try:
        text = environment().from_string(source).render(**variables)
        return {"source": source, "expected": text}
    except Exception as failure:
        return {"source": source, "error": type(failure).__name__}


def main():
    variables = json.loads((TEMPLATES / "context.json").read_text(encoding="utf-8"))
    snippets = (HERE / "snippets.txt").read_text(encoding="utf-8").splitlines() + MULTILINE
    outcomes = [outcome(source, variables) for source in snippets]
    text = ",\n".join(json.dumps(entry, ensure_ascii=True) for entry in outcomes)
    (TEMPLATES / "snippets.json").write_text(f"[\n{text}\n]\n", encoding="utf-8")
    print(len(outcomes), "snippets,", sum("error" in o for o in outcomes), "refused")


if __name__ == "__main__":
    main()
