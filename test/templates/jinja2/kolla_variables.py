"""kolla-build itself, which also writes down the variables of each image:

    python kolla_variables.py VARIABLES.json --template-only --work-dir FOLDER -b debian [--template-override FILE]

Nothing of its rendering is changed.
"""

import json
import sys

import jinja2
from kolla.cmd import build
from kolla.template import methods

render = jinja2.Template.render
images = {}


def recording(template, values, env):
    images[values["image_name"]] = {name: value for name, value in values.items() if name != "parent_template"}
    return render(template, values, env=env)


target = sys.argv.pop(1)
jinja2.Template.render = recording
try:
    status = build.main()
finally:
    with open(target, "w") as file:
        json.dump({"images": images, "repos": methods._load_repos()}, file)
sys.exit(status)
