"""Evaluates Python expressions: a JSON list of them on standard input, a JSON list of answers on standard output.

An answer is what repr() gives, or null for an error. Generators are answered as lists.

Names besides Python's own: `strict` and `lenient`, undefined values; `F(name, value, *args, **kwargs)`, a filter of
Jinja2; `T(…)`, a test of Jinja2; `M(self, name, …)`, a method's result with what became of self; `A` and `I`, an
attribute and an item as Jinja2 looks them up.
"""

import json
import sys
import types

import jinja2
from markupsafe import Markup

environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
escaping = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=True)


def apply_filter(env):
    context = env.from_string("").new_context()
    return lambda name, value, *args, **kwargs: env.call_filter(name, value, args, kwargs, context=context)


def apply_test(name, value, *args, **kwargs):
    return environment.call_test(name, value, args, kwargs)


def call_method(self, name, *args, **kwargs):
    return plain(getattr(self, name)(*args, **kwargs)), self


def plain(value):
    iterators = (types.GeneratorType, type(reversed([])), type(reversed({})), type(reversed(())), type(reversed({}.keys())))
    iterators += (type(reversed(range(1))), type(reversed({}.items())), type(reversed({}.values())))
    if isinstance(value, iterators):
        return [plain(item) for item in value]
    return value


def attribute(value, name):
    found = environment.getattr(value, name)
    return "a method" if callable(found) and not isinstance(found, jinja2.Undefined) else found


def item(value, key):
    found = environment.getitem(value, key)
    return "a method" if callable(found) and not isinstance(found, jinja2.Undefined) else found


names = {
    "nan": float("nan"),
    "inf": float("inf"),
    "Markup": Markup,
    "strict": jinja2.StrictUndefined(name="missing"),
    "lenient": jinja2.Undefined(name="missing"),
    "F": apply_filter(environment),
    "E": apply_filter(escaping),
    "T": apply_test,
    "M": call_method,
    "A": attribute,
    "I": item,
}


def answer(expression):
    try:
        value = plain(eval(expression, dict(names)))
        # Templates have no complex numbers.
        return None if isinstance(value, complex) else repr(value)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:
        return None


json.dump([answer(expression) for expression in json.load(sys.stdin)], sys.stdout)
