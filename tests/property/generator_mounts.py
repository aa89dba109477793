"""Random trees of files: `root`, `mounts` and what covers paths."""

from places import WORLD, WORLD_FILES, WORLD_TARGETS, pick

WORDS = ("ro", "rw", "nosuid", "suid", "nodev", "dev", "noexec", "exec", "noatime", "relatime", "strictatime",
         "nodiratime", "nosymfollow", "defaults", "private", "rprivate", "slave", "rslave", "shared", "rshared",
         "unbindable")
ADDED = ("ro", "nosuid", "nodev", "noexec", "nosymfollow", "defaults", "rprivate", "slave")
# What a root without anything in it needs, so that programs can run there.
TOOLS = ({"type": "bind", "source": "/usr", "target": "/usr", "options": ["rbind", "ro"]},
         {"type": "symlink", "source": "usr/bin", "target": "/bin"},
         {"type": "symlink", "source": "usr/lib", "target": "/lib"},
         {"type": "symlink", "source": "usr/lib64", "target": "/lib64"},
         {"type": "symlink", "source": "usr/sbin", "target": "/sbin"},
         # What nested nodes mount on.
         {"type": "dir", "target": "/mnt"}, {"type": "dir", "target": "/tmp", "mode": "1777"},
         {"type": "dir", "target": "/proc"})
PARTS_OF_PROC = ("/proc/sys", "/proc/kcore", "/proc/sysrq-trigger", "/proc/timer_list", "/proc/not-there")


class Mounts:
    """The part of the generator that writes the keys of a file tree into the map of a node."""

    def tree(self, spec, place, kinds):
        v = self.values
        if v.chance(0.3):
            spec["propagation"] = v.choice(("private", "slave", "shared", "unchanged"))
        # What stands in the tree of the node around is there for the mounts, too: sources are looked up in it.
        mounts, around = [], place
        if v.chance(place.often(0.2)):
            place = self.root(spec, place, mounts)
        place, inside = place.with_(dev=around.dev, folder=around.folder), place
        # In a user namespace the kernel mounts a new one only where there is one already.
        there = not place.under_user or around.proc and "pid" in place.owned or v.chance(0 if place.joined or around.folder else 0.03)
        wants_proc = there and ("pid" in kinds and v.chance(0.7) or v.chance(0.12))
        if wants_proc:
            place = self.mount_proc(spec, place)
        elif v.chance(0.08):
            spec["mount-proc"] = False
        if v.chance(0.35):
            for _ in range(v.randint(1, 3)):
                mounts.append(self.mount(place))
        if mounts or v.chance(0.02):
            spec["mounts"] = mounts
        if v.chance(0.12):
            spec["masked-paths"] = self.paths(place)
        if v.chance(0.12):
            spec["read-only-paths"] = self.paths(place)
        if spec.get("propagation") in ("shared", "unchanged"):
            # It would reach the caller's /proc, through which parameters are set.
            for key in {"masked-paths", "read-only-paths"} & set(spec):
                spec[key] = [path for path in spec[key] if path != "/proc/sys"]
        if v.chance(0.12):
            spec["read-only-root"] = v.chance(0.8)
        return place.with_(dev=inside.dev, folder=inside.folder)

    def paths(self, place):
        return self.values.some(PARTS_OF_PROC + (self.target(place), self.target(place), "/not/there", "/usr/share",
                                                 "/tmp", "/dev/null"))

    # ---- root ----

    def root(self, spec, place, mounts):
        v = self.values
        form = v.choice(("host", "folder", "tmpfs", "overlay", "overlay of a folder"))
        if not place.world and "folder" in form or form == "overlay" and not place.tools:
            form = "tmpfs"
        if form == "host":
            spec["root"] = "/"
            return place
        if form == "overlay":
            spec["root"] = {"type": "overlay", "lower": "/"}
            # It takes no mounts along.
            return place.with_(world=False, etc=False, proc=False, sys=False, dev=False, own_tree=not place.under_user,
                               tools=not place.under_user)
        if form == "tmpfs":
            spec["root"] = {"type": "tmpfs"}
            if v.chance(0.8):
                spec["root"]["options"] = v.some(("size=10m", "mode=0755", "nr_inodes=1k", "nosuid", "huge=never"))
        elif form == "folder":
            spec["root"] = v.choice(("rootfs", WORLD + "/rootfs", "./rootfs/"))
        else:
            spec["root"] = {"type": "overlay", "lower": v.choice(("rootfs", WORLD + "/rootfs"))}
        # In a user namespace nothing can be made in a folder whose owner is not mapped.
        made = form == "tmpfs" or form != "folder" and not place.under_user
        for tool in TOOLS:
            tool = dict(tool)
            if tool["type"] == "symlink" and form != "tmpfs":
                # The folder is there already.
                tool = {"type": "bind", "source": tool["target"], "target": tool["target"]}
            mounts.append(tool)
        etc, dev = v.flip() and place.etc, v.flip() and place.dev
        if etc:
            mounts.append({"type": "bind", "source": "/etc", "target": "/etc", "options": ["rbind"]})
        if dev:
            mounts.append({"type": "dev", "target": "/dev"})
        return place.with_(world=False, proc=False, sys=False, etc=etc, dev=dev, own_tree=made, tools=False,
                           folder=form == "folder")

    # ---- /proc ----

    def mount_proc(self, spec, place):
        v = self.values
        form = v.random()
        target = "/proc"
        if form < 0.5:
            spec["mount-proc"] = True
        elif form < 0.65:
            spec["mount-proc"] = target = v.choice(("/proc", self.target(place)))
        else:
            options = spec["mount-proc"] = {}
            if v.flip():
                options["target"] = target = v.choice(("/proc", "/proc", self.target(place)))
            if v.flip():
                options["hidepid"] = v.choice(("off", "noaccess", "invisible", "ptraceable"))
            if v.chance(0.3):
                options["subset"] = "pid"
        return place.with_(proc=place.proc or target == "/proc")

    # ---- mounts ----

    def target(self, place):
        """A folder that is there, or can be made."""
        v = self.values
        if place.own_tree:
            return v.choice(("/mnt/a", "/mnt/b", "/data", "/made/deep/er"))
        if place.world:
            return v.choice(WORLD_TARGETS)
        return v.choice(("/mnt", "/tmp"))

    def file_target(self, place):
        """A file that is there, or can be made; nothing where there is none."""
        v = self.values
        if place.own_tree:
            return v.choice(("/mnt/file", "/file"))
        return v.choice(WORLD_FILES) if place.world else None

    def mount(self, place):
        v = self.values
        form = v.choice(("bind", "bind", "tmpfs", "proc", "sysfs", "devpts", "mqueue", "overlay", "dev", "symlink",
                         "dir", "file", "another"))
        if form in ("file", "symlink") and self.file_target(place) is None:
            form = "tmpfs"
        shown = {"proc": "pid", "sysfs": "net", "mqueue": "ipc"}.get(form)
        owned = not place.under_user or shown is None or shown in place.owned and (place.sys or form != "sysfs") and (place.proc or form != "proc")
        if form == "dev" and not place.dev or not owned and v.chance(1 if place.joined or place.folder else 0.9):
            form = "tmpfs"
        mount = getattr(self, "of_" + form)(place)
        mount.setdefault("target", self.target(place))
        if place.world and not place.own_tree and v.chance(0.15):
            mount["target"] = f"{WORLD}/made/{v.choice('abc')}{v.randint(1, 99)}"
            mount["create"] = True
        elif place.own_tree and v.chance(0.2):
            mount["create"] = True
        elif v.chance(0.05) and not place.own_tree and form not in ("symlink", "dir"):
            mount["create"] = v.flip() and form != "file"
        if form != "symlink" and (mount.get("create") or form in ("dir", "file")) and v.flip():
            mount["mode"] = v.octal()
        if form in ("bind", "tmpfs", "another") and "optional" not in mount and v.chance(0.1):
            mount["optional"] = v.flip()
        return mount

    def words(self, part=0.5):
        return self.values.some(WORDS, 3) if self.values.chance(part) else []

    def of_bind(self, place):
        v = self.values
        if v.chance(0.08):
            return {"type": "bind", "source": "/not/there", "optional": True}
        mount = {"type": "bind"}
        file = self.file_target(place)
        if file and v.chance(0.3):
            mount.update(source=v.choice(("/dev/null", "/usr/bin/env") if place.dev else ("/usr/bin/env",)), target=file)
        else:
            sources = ["/usr/share", "/usr/lib", "/bin", "/"]
            if place.world and not place.own_tree:
                sources += ["data", "./data/sub", WORLD + "/data"]
            mount["source"] = v.choice(sources)
        # What is locked in a user namespace depends on the mounts of the machine.
        options = self.words() if not place.under_user else v.some(ADDED, 3, 0)
        if mount["source"] == "/" or v.chance(0.3):
            options.insert(v.randint(0, len(options)), "rbind")
        elif v.chance(0.2):
            options.append("bind")
        elif v.chance(0.03):
            options.append("size=1m")
        if options or v.chance(0.05):
            mount["options"] = options
        return mount

    def of_tmpfs(self, place):
        v = self.values
        own = ["size=1m", "mode=0700", "nr_inodes=100", "huge=never", "inode64", "size=50%",
               f"uid={pick(v, place, 'uids')}", f"gid={pick(v, place, 'gids')}"]
        mount = {"type": "tmpfs"}
        if v.flip():
            mount["source"] = v.choice(("tmpfs", "scratch"))
        if v.chance(0.7):
            mount["options"] = v.some(own) + self.words(0.3)
        return mount

    def of_proc(self, place):
        options = self.values.some(("hidepid=2", "hidepid=invisible", "subset=pid", f"gid={pick(self.values, place, 'gids')}",
                                    "ro", "nosuid"), 2, 0)
        return {"type": "proc", **({"options": options} if options else {})}

    def of_sysfs(self, place):
        options = self.values.some(ADDED if place.under_user else WORDS)
        return {"type": "sysfs", **({"options": options} if self.values.flip() else {})}

    def of_devpts(self, place):
        options = self.values.some(("newinstance", "ptmxmode=0666", "mode=620", f"gid={pick(self.values, place, 'gids')}",
                                    "noexec"), 3, 0)
        return {"type": "devpts", **({"options": options} if options else {})}

    def of_mqueue(self, _):
        return {"type": "mqueue", **({"options": self.words(1)} if self.values.flip() else {})}

    def of_overlay(self, place):
        v = self.values
        options = ["lowerdir=/usr/share:/usr/lib"]
        if place.world and not place.own_tree and not place.nobody and not place.copied and v.flip():
            options = [f"lowerdir={WORLD}/data", f"upperdir={WORLD}/layers/upper", f"workdir={WORLD}/layers/work",
                       "userxattr"]
        return {"type": "overlay", "options": options + self.words(0.3),
                **({"source": "overlay"} if v.flip() else {})}

    def of_dev(self, _):
        return {"type": "dev", **({"options": self.values.some(("size=64k", "mode=0700", "noexec"))}
                                  if self.values.chance(0.3) else {})}

    def of_symlink(self, place):
        v = self.values
        folder = "/mnt" if place.own_tree else WORLD + "/made"
        return {"type": "symlink", "source": v.choice(("usr/bin", "/", "nowhere")),
                "target": f"{folder}/link{v.randint(1, 99999)}"}

    def of_dir(self, place):
        v = self.values
        return {"type": "dir", "target": v.choice(("/new", "/mnt/deep/er")) if place.own_tree else self.target(place)}

    def of_file(self, place):
        return {"type": "file", "target": self.file_target(place),
                "content": self.values.choice(("", "two\nlines\n", "naïve", "x" * 5000))}

    def of_another(self, place):
        v = self.values
        kinds = ["ramfs"]
        if not place.joined and (not place.under_user or v.chance(0.1)):
            kinds += ["cgroup2", "devtmpfs", "binfmt_misc", "debugfs"]
        elif "cgroup" in place.owned:
            kinds += ["cgroup2"]
        kind = v.choice(kinds)
        return {"type": kind, **({"options": self.words(1)} if v.flip() else {})}
