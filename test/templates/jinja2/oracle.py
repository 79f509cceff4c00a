"""Renders templates with the real Jinja2: a request as JSON on each line of standard input, an answer on each of output.

Request: {"templates": {name: text}, "main": name, "data": {…}, "options": {…}}
Answer:  {"output": text} or {"error": kind, "message": text}

Data is JSON with Python's other types as objects of one key, see data.ts. The kinds are Jinja2's and Python's names of
exceptions, "Object" where the output has the place of an object in memory, or names a function, and "Time".
"""

import json
import re
import signal
import sys

import jinja2
import jinja2.compiler
import jinja2.nodes
from markupsafe import Markup

SECONDS = 10
LIMIT = 10_000_000
OBJECT = re.compile(
    r"\sat\s0x[0-9a-f]{6}|(?:<|%3c|&(?:amp;)*lt;)(?:built-in|class|macro|cycler|blockreference)(?:\s|%20)", re.IGNORECASE
)

ADDRESS = re.compile(r" at 0x[0-9a-f]+")


class Timeout(BaseException):
    pass


def decode(value):
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        [(key, inner)] = value.items()
        if key == "$tuple":
            return tuple(decode(item) for item in inner)
        if key == "$float":
            return float(inner)
        if key == "$int":
            return int(inner)
        if key == "$markup":
            return Markup(inner)
        if key == "$dict":
            return {decode(name): decode(item) for name, item in inner}
    return {name: decode(item) for name, item in value.items()}


def raise_exception(message):
    raise RuntimeError(message)


class PlainGenerator(jinja2.compiler.CodeGenerator):
    """Computes what is printed when the template runs, also where it is constant."""

    def _output_child_to_const(self, node, frame, finalize):
        if isinstance(node, jinja2.nodes.TemplateData):
            return super()._output_child_to_const(node, frame, finalize)
        raise jinja2.nodes.Impossible()


environments = {}


def environment(options):
    key = json.dumps(options, sort_keys=True)
    if key not in environments:
        environments[key] = jinja2.Environment(
            trim_blocks=options.get("trim_blocks", False),
            lstrip_blocks=options.get("lstrip_blocks", False),
            keep_trailing_newline=options.get("keep_trailing_newline", False),
            optimized=options.get("optimized", True),
            undefined=jinja2.Undefined if options.get("undefined") == "lenient" else jinja2.StrictUndefined,
            extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
        )
        if not options.get("optimized", True):
            environments[key].code_generator_class = PlainGenerator
        environments[key].globals["raise_exception"] = raise_exception
    return environments[key]


def answer(request):
    env = environment(request.get("options") or {})
    env.loader = jinja2.DictLoader(request["templates"])
    try:
        signal.alarm(SECONDS)
        text = env.get_template(request["main"]).render(decode(request.get("data") or {}))
        signal.alarm(0)
        if OBJECT.search(text):
            return {"error": "Object", "message": ADDRESS.sub("", text[:200])}
        if len(text) > LIMIT:
            return {"error": "Size", "message": f"{len(text)} characters"}
        return {"output": text}
    except Timeout:
        return {"error": "Time", "message": f"more than {SECONDS} s"}
    except Exception as error:
        line = getattr(error, "lineno", None)
        return {"error": type(error).__name__, "message": str(error)[:500], **({"line": line} if line else {})}
    finally:
        signal.alarm(0)


def on_alarm(*_):
    raise Timeout()


def main():
    signal.signal(signal.SIGALRM, on_alarm)
    sys.setrecursionlimit(2000)
    print(json.dumps({"version": jinja2.__version__}), flush=True)
    for line in sys.stdin:
        result = json.dumps(answer(json.loads(line)))
        sys.stdout.write(result + "\n")
        sys.stdout.flush()


main()
