"""A spec that fails, made smaller as long as it goes on failing."""

import copy
import time


def places_of(value, path=()):
    """The paths of all keys and elements, the outer ones first."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        if path or key != "pidns":
            yield path + (key,)
    for key, one in inner:
        yield from places_of(one, path + (key,))


def without(spec, path):
    spec = copy.deepcopy(spec)
    holder = spec
    for key in path[:-1]:
        holder = holder[key]
    del holder[path[-1]]
    return spec


def hoisted(spec):
    """Specs that are one of the nested nodes alone."""
    for inner in spec.get("namespaces", {}).values():
        yield {"pidns": 1, **copy.deepcopy(inner)}


def smaller(spec, fails, seconds):
    """The smallest that was found within the time for which `fails` still holds."""
    end = time.monotonic() + seconds
    changed = True
    while changed and time.monotonic() < end:
        changed = False
        candidates = list(hoisted(spec)) + [without(spec, path) for path in places_of(spec)]
        for other in candidates:
            if time.monotonic() > end:
                break
            if fails(other):
                spec, changed = other, True
                break
    return spec
