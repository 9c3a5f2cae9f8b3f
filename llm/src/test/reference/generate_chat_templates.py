"""Renders resources/templates/chat/*.jinja with Jinja2, set up as transformers does it.

Every template meets every conversation of conversations.json. What comes out goes to
expected.json; where Jinja2 refuses, the kind of its exception is recorded as "error", and with
"raised" the message that the template itself raised.

    python3 generate_chat_templates.py
"""

import json
import pathlib
import sys

import jinja2

MODULES = pathlib.Path(__file__).parents[4]
sys.path.append(str(MODULES / "jinja" / "src" / "test" / "reference"))
from chat_environment import environment  # noqa: E402

TEMPLATES = MODULES / "llm" / "src" / "test" / "resources" / "templates"
SPECIAL_TOKENS = {"bos_token": "<s>", "eos_token": "</s>"}


def render(template, conversation):
    variables = {"tools": None, "documents": None, **SPECIAL_TOKENS}
    variables.update(conversation.get("variables", {}))

    try:
        text = template.render(
            messages=conversation["messages"],
            add_generation_prompt=conversation["add_generation_prompt"],
            **variables,
        )
        return {"expected": text}
    except jinja2.exceptions.UndefinedError:
        return {"error": "UndefinedError"}
    except jinja2.exceptions.TemplateError as failure:
        return {"error": "TemplateError", "raised": failure.message}
    except Exception as failure:
        return {"error": type(failure).__name__}


def main():
    conversations = json.loads((TEMPLATES / "conversations.json").read_text(encoding="utf-8"))
    outcomes = []

    for path in sorted((TEMPLATES / "chat").glob("*.jinja")):
        with path.open(encoding="utf-8", newline="") as file:
            template = environment().from_string(file.read())

        for conversation in conversations:
            names = {"template": path.name, "conversation": conversation["name"]}
            outcomes.append({**names, **render(template, conversation)})

    text = ",\n".join(json.dumps(outcome, ensure_ascii=True) for outcome in outcomes)
    (TEMPLATES / "expected.json").write_text(f"[\n{text}\n]\n", encoding="utf-8")
    errors = sum("error" in outcome for outcome in outcomes)
    print(len(outcomes), "renderings,", errors, "refused")


if __name__ == "__main__":
    main()
