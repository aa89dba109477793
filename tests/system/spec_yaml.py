"""YAML as an editor's schema validator reads it: the core schema of YAML 1.2, with merge keys."""

import re

import yaml


class CoreLoader(yaml.SafeLoader):
    """`yes`, `1:30` and `0777` are no bool and no number of sixty or eight; every key is text."""

    yaml_implicit_resolvers = {}

    def construct_mapping(self, node, deep=False):
        self.flatten_mapping(node)
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}

    def construct_number(self, node):
        text = self.construct_scalar(node)
        return int(text) if re.fullmatch(r"[-+]?\d+", text) else float(text)


CoreLoader.add_constructor("tag:yaml.org,2002:map", CoreLoader.construct_mapping)
CoreLoader.add_constructor("tag:yaml.org,2002:int", CoreLoader.construct_number)
CoreLoader.add_constructor("tag:yaml.org,2002:float", CoreLoader.construct_number)
for _tag, _pattern in (("merge", r"<<"), ("null", r"~|null|Null|NULL|"), ("bool", r"true|True|TRUE|false|False|FALSE"),
                       ("int", r"[-+]?[0-9]+"),
                       ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")):
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})\\Z"), None)


def load(text):
    return yaml.load(text, CoreLoader)  # noqa: S506 - a SafeLoader
