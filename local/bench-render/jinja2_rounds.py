"""Renders templates with the real Jinja2, a round at each line of standard input.

The first line is {"root": folder, "shared": folder, "images": [{"template": path, "variables": {…}}]}. Then `texts` is
answered with what the templates give, and `round` with the milliseconds that rendering all of them took. Templates stay
compiled between rounds.
"""

import json
import os
import sys
import time

import jinja2

work = json.loads(sys.stdin.readline())
environment = jinja2.Environment(
    loader=jinja2.FileSystemLoader([work["root"], os.path.join(work["root"], work["shared"])]),
    undefined=jinja2.StrictUndefined,
    extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
    auto_reload=False,
    cache_size=-1,
)


def render_all():
    return [environment.get_template(image["template"]).render(image["variables"]) for image in work["images"]]


print(json.dumps({"version": jinja2.__version__, "python": sys.version.split()[0]}), flush=True)
for line in sys.stdin:
    if line.strip() == "texts":
        answer = render_all()
    else:
        began = time.perf_counter()
        render_all()
        answer = (time.perf_counter() - began) * 1000
    print(json.dumps(answer), flush=True)
