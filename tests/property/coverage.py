"""Which parts of the language a set of specs has used: counted along the JSON Schema that the program
prints, so that a key, a word or a way of writing that is new there, and is not generated, is missed.
"""

import collections
import json
import re
import subprocess

ROOT_ONLY = {"pidns", "name", "description", "tests", "x-"}
# In a long list of words (signals, limits, capabilities) half of them are enough.
LONG = 10
FEW = 2000


def schema_of(program):
    return json.loads(subprocess.run([program, "schema"], stdout=subprocess.PIPE, check=True).stdout)


class Coverage:
    def __init__(self, schema):
        self.schema = schema
        self.specs = 0
        self.keys = collections.defaultdict(collections.Counter)  # (map, key): how many specs, by depth.
        self.words = collections.Counter()                       # (key, word): how many specs.
        self.forms = collections.Counter()                       # (key, form): how many specs.
        self._seen = set()

    def resolve(self, schema):
        while "$ref" in schema:
            target = self.schema
            for part in schema["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            schema = target
        return schema

    # ---- what there is ----

    def supported(self):
        """All keys of a node, of a process and of the root."""
        process = self.schema["definitions"]["process"]["properties"]
        words = {f"terminal: {word}" for word in self.resolve(process["terminal"])["enum"]}
        return set(self.schema["properties"]) | set(process) | words

    def required(self):
        """(keys, words, forms) that the schema has, found by walking it once."""
        keys, words, forms = set(), set(), set()

        def walk(schema, where, seen):
            schema = self.resolve(schema)
            if id(schema) in seen:
                return
            seen = seen | {id(schema)}
            words.update((where, json.dumps(word)) for word in schema.get("enum", ()))
            for alternatives in ("anyOf", "oneOf"):
                for inner in schema.get(alternatives, ()):
                    if "required" not in inner:
                        forms.add((where, self.form(inner)))
                    walk(inner, where, seen)
            if schema.get("type") == "boolean":
                words.update(((where, "true"), (where, "false")))
            for name, inner in schema.get("properties", {}).items():
                keys.add((where, name))
                walk(inner, self.inner(where, name), seen)
            for part in ("items", "additionalProperties"):
                if isinstance(schema.get(part), dict):
                    walk(schema[part], where, seen)

        definitions = self.schema["definitions"]
        keys.update(("root", name) for name in self.schema["properties"] if name in ROOT_ONLY)
        # `run` ignores the tests: that their keys are written is enough.
        walk(self.schema["properties"]["tests"], "tests", frozenset())
        words, forms = ({one for one in some if not one[0].startswith("tests")} for some in (words, forms))
        for room in ("node", "process"):
            for name, inner in definitions[room]["properties"].items():
                keys.add((room, name))
                if name not in ("namespaces", "processes"):
                    walk(inner, name, frozenset())
        return keys, words, forms

    @staticmethod
    def inner(where, name):
        """Where a key of a value stands. Limits are one like the other, and so are namespaces to join."""
        return f"{where}.*" if where in ("rlimits", "join") else f"{where}.{name}"

    def form(self, schema):
        schema = self.resolve(schema)
        if "enum" in schema:
            return "word"
        if "anyOf" in schema:
            return "or ".join(self.form(inner) for inner in schema["anyOf"])
        return "number" if schema.get("type") == "integer" else schema.get("type", "any")

    # ---- what was used ----

    def add(self, spec):
        self.specs += 1
        self._seen = set()
        for name in ROOT_ONLY & set(spec):
            self._count("keys", ("root", name), 1)
        self.value(self.schema["properties"]["tests"], spec.get("tests", []), "tests", 1)
        self.node(spec, 1)

    def _count(self, table, what, depth=None):
        if (table, what, depth) in self._seen:
            return
        self._seen.add((table, what, depth))
        if table == "keys":
            self.keys[what][depth] += 1
        else:
            getattr(self, table)[what] += 1

    def node(self, spec, depth):
        known = self.schema["definitions"]["node"]["properties"]
        spec = {**spec.get("<<", {}), **spec}
        for name, value in spec.items():
            if name not in known:
                continue
            self._count("keys", ("node", name), depth)
            if name == "namespaces":
                for inner in value.values():
                    self.node(inner, depth + 1)
            elif name == "processes":
                for inner in value.values():
                    self.process(inner, depth)
            else:
                self.value(known[name], value, name, depth)
        if "unshare" in spec:
            kinds = spec["unshare"] if isinstance(spec["unshare"], list) else [spec["unshare"]]
            for kind in kinds:
                self._count("keys", ("kind", kind), depth)

    def process(self, spec, depth):
        known = self.schema["definitions"]["process"]["properties"]
        for name, value in spec.items():
            if name in known:
                self._count("keys", ("process", name), depth)
                self.value(known[name], value, name, depth)

    def value(self, schema, value, where, depth):
        schema = self.resolve(schema)
        if "enum" in schema:
            self._count("words", (where, json.dumps(value)))
        if schema.get("type") == "boolean":
            self._count("words", (where, json.dumps(value)))
        for alternatives in ("anyOf", "oneOf"):
            for inner in schema.get(alternatives, ()):
                if self.accepts(inner, value):
                    self._count("forms", (where, self.form(inner)))
                    self.value(inner, value, where, depth)
        for inner in schema.get("allOf", ()):
            if "if" not in inner:
                self.value(inner, value, where, depth)
        if isinstance(value, dict):
            for name, inner in value.items():
                if name in schema.get("properties", {}):
                    self._count("keys", (where, name), depth)
                    self.value(schema["properties"][name], inner, self.inner(where, name), depth)
                elif isinstance(schema.get("additionalProperties"), dict):
                    self.value(schema["additionalProperties"], inner, where, depth)
        if isinstance(value, list) and "items" in schema:
            for inner in value:
                self.value(schema["items"], inner, where, depth)

    def accepts(self, schema, value):
        """Whether the value has the form; what it means is the program's business."""
        schema = self.resolve(schema)
        if "enum" in schema:
            return value in schema["enum"] and not isinstance(value, bool)
        if "anyOf" in schema and "type" not in schema:
            return any(self.accepts(inner, value) for inner in schema["anyOf"])
        types = {"string": str, "boolean": bool, "array": list, "object": dict, "null": type(None)}
        kind = schema.get("type")
        if kind in ("integer", "number"):
            return isinstance(value, (int, float) if kind == "number" else int) and not isinstance(value, bool)
        if kind in types and not isinstance(value, types[kind]):
            return False
        return not isinstance(value, str) or re.search(schema.get("pattern", ""), value) is not None

    # ---- what is missing ----

    def missing(self, part=0.01):
        """Lines about what was written in too few of the specs. Of a few hundred only the keys are asked."""
        keys, words, forms = self.required()
        keys |= {("kind", kind) for kind in
                 self.schema["definitions"]["node"]["properties"]["unshare"]["anyOf"][0]["enum"]}
        least = part * self.specs
        lines = []
        for what in sorted(keys):
            depths = sorted(self.keys[what].values(), reverse=True)
            wanted = 1 if what[0] == "root" else 2
            if what[0] not in ("root", "node", "process", "kind"):  # A key of a value: its own share is smaller.
                if not depths:
                    lines.append(f"key {what[1]} of {what[0]}: never")
            elif len(depths) < wanted or depths[wanted - 1] < least:
                lines.append(f"key {what[1]} of a {what[0]}: at the depths {dict(self.keys[what])}")
        if self.specs < FEW:
            return lines
        for name, wanted, used in (("word", words, self.words), ("form", forms, self.forms)):
            for where in sorted({one[0] for one in wanted}):
                all_of_them = {one for one in wanted if one[0] == where}
                absent = sorted(one[1] for one in all_of_them if not used[one])
                if len(absent) > (len(all_of_them) // 2 if len(all_of_them) > LONG else 0):
                    lines.append(f"{name}s of {where}: never {', '.join(absent)}")
        return lines

    def table(self):
        """Each key with the number of specs that have it, by depth."""
        rows = []
        for (room, name), depths in sorted(self.keys.items()):
            counts = "  ".join(f"{depth}: {count}" for depth, count in sorted(depths.items()))
            rows.append(f"{room:12} {name:18} {100 * max(depths.values()) / self.specs:5.1f} %   {counts}")
        return "\n".join(rows)
