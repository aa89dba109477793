"""What the generator knows of the surroundings of a node: enough to write specs that mostly work."""

import dataclasses

KINDS = ("pid", "mount", "uts", "ipc", "net", "user", "cgroup", "time")

# The folder that only the tests see; world.py makes it.
WORLD = "/srv"
WORLD_TARGETS = tuple(f"{WORLD}/t{number}" for number in range(1, 5))
WORLD_FILES = (f"{WORLD}/f1", f"{WORLD}/f2")
# Stand in the text for the pids of processes whose namespaces can be joined, known at the run.
TARGET_PIDS = {"ns": 4100001, "ns-user": 4100002}


@dataclasses.dataclass(frozen=True)
class Caller:
    """Who runs pidns."""
    uid: int
    gid: int
    privileged: bool
    subordinate: int = 65536  # How many ids /etc/subuid and /etc/subgid lend.


@dataclasses.dataclass(frozen=True)
class Place:
    caller: Caller
    depth: int = 1
    user_levels: int = 0
    in_pid: bool = False
    owned: frozenset = frozenset()    # Kinds made at or below the nearest `user` level.
    uid: int = 0                      # Of the maker, as it is seen here.
    gid: int = 0
    uids: tuple = ()                  # (first, count) of the ids that exist here.
    gids: tuple = ()
    nobody: bool = False              # The maker's ids are not mapped here.
    denies_groups: bool = False
    world: bool = True                # WORLD is there.
    etc: bool = True                  # /etc with passwd and group.
    proc: bool = True                 # Something is mounted on /proc.
    sys: bool = True                  # Something is mounted on /sys.
    dev: bool = True                  # /dev has devices.
    own_tree: bool = False            # A root that was made new, and can be written.
    tools: bool = True                # The root itself holds programs, not what is mounted there.
    joined: bool = False
    copied: bool = False              # It may be there several times.
    folder: bool = False              # A directory is the root: whether it has a /proc, only the run can tell.
    env_cleared: bool = False
    limited: bool = False             # By limits that may be too small for a shell.
    lo: bool = True                   # A connection to 127.0.0.1 can be made.
    address: str = ""

    @property
    def under_user(self):
        return self.user_levels > 0

    def often(self, part):
        """The same chance for a key in fewer nodes: those further in are rare."""
        return part if self.depth == 1 else min(0.9, 2.5 * part)

    @property
    def rooted(self):
        """May make namespaces other than user."""
        return self.caller.privileged or self.under_user

    def with_(self, **changes):
        return dataclasses.replace(self, **changes)


def start(caller):
    everything = ((0, 0xffffffff),)
    return Place(caller, uid=caller.uid, gid=caller.gid, uids=everything, gids=everything)


def pick(values, place, which, stray=0.1):
    """An id that exists there; seldom one that may not, where the spec says which do."""
    ranges = getattr(place, which)
    if place.joined and ranges == ((0, 1),):
        return 0
    if not ranges or values.chance(stray):
        return values.choice((0, 1, 5, 1000, 65534, 4000000000))
    first, count = values.choice(ranges)
    return values.choice((first, first + count - 1, first + values.randrange(count)))
