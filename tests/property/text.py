"""Specs as text, in the styles that YAML has for them."""

import yaml


class Dumper(yaml.SafeDumper):
    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, False)


def text_of(spec, style=0):
    """The text of a spec; `style` chooses block, flow or both. What stands twice is an alias."""
    text = yaml.dump(spec, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=1000,
                     default_flow_style=(False, None, False, True)[style % 4])
    return text.replace("'<<':", "<<:")
