"""Specs whose script is complete: one for each thing that a script does in its own way."""

import specs

# What a script can take as a whole. Each level is one process, or holds just one nested node.
# Of the specs that are run elsewhere, too.
SHARED = ("nothing new", "pid", "pid, mount, uts", "without pid", "three levels", "levels with and without pid",
          "killed by a signal", "not found", "network", "mounts", "who it is", "timeout", "a root of its own",
          "user", "user and pid", "user inside user", "user, current", "user, list")
SMALL = """\
mounts:
  - {type: bind, source: /usr, target: /usr, options: [rbind, ro]}
  - {type: symlink, source: usr/bin, target: /bin}
  - {type: symlink, source: usr/lib, target: /lib}
  - {type: symlink, source: usr/lib64, target: /lib64}
"""
OWN_ROOT = "pidns: 1\nunshare: [pid, mount]\nroot: {type: tmpfs}\nmount-proc: true\n" + SMALL
MORE = {
    "own init": f"pidns: 1\nunshare: [pid]\ninit: true\nscript: echo $$; {specs.NSPID}; (sleep 0.05 &) ; sleep 0.1; exit 4\n",
    "own init, after mounts": "pidns: 1\nunshare: [pid, mount, uts]\ninit: true\nhostname: h\nmount-proc: true\n"
                              "mounts: [{type: tmpfs, target: /mnt}]\nscript: echo $$; set -- /proc/[0-9]*; echo $#; exit 9\n",
    "timeout under an init": "pidns: 1\nunshare: [pid]\ninit: true\ntimeout: 0.2s\nscript: echo on $$; sleep 30\n",
    "timeout, an own /proc": "pidns: 1\nunshare: [pid, mount]\ninit: true\nmount-proc: {target: /proc, subset: pid}\n"
                             "timeout: 0.2s\nscript: echo on $$; ls /proc/self/fd | wc -l; sleep 30\n",
    "timeout, a stop-signal that is handled": "pidns: 1\nunshare: [pid]\ntimeout: 1s\nstop-signal: USR1\nscript: |\n"
                                              "  trap 'echo had; exit 3' USR1\n  while :; do sleep 0.02; done\n",
    # The first process has no handler: it gets SIGKILL at once, and what it would go on to write is not there.
    "timeout, one that is not": "pidns: 1\nunshare: [pid]\ntimeout: 0.2s\nstop-signal: SIGRTMIN+1\nstop-timeout: 5s\n"
                                "script: echo on; sleep 1; echo too late\n",
    "timeout, never ends by itself": "pidns: 1\nunshare: [pid]\ntimeout: 1s\nstop-timeout: 0.2s\nscript: |\n"
                                     "  trap 'echo no' TERM\n  while :; do sleep 0.02 || :; done\n",
    "timeout that is not reached": "pidns: 1\nunshare: [pid]\ntimeout: 20s\nscript: cat; echo on; exit 8\n",
    "timeout, nested": "pidns: 1\nunshare: [pid]\nnamespaces:\n  in:\n    unshare: [pid, mount]\n    mount-proc: true\n"
                       "    timeout: 0.2s\n    script: echo on; sleep 30\n",
    "another argv[0]": "pidns: 1\nunshare: [pid]\nclear-env: true\nenv: {A: b}\nargv0: other name\n"
                       "command: [cat, /proc/self/cmdline, /proc/self/environ]\n",
    "kept by pattern": "pidns: 1\nunshare: [pid]\nclear-env: true\nkeep-env: [PATH, LC_*, XY_*]\n"
                       "env: {LC_NONE: ~, LC_OTHER: changed}\ncommand: [printenv]\n",
    "kept, of names that no shell has": "pidns: 1\nunshare: [pid]\nclear-env: true\nkeep-env: ['ODD.1', 'ODD-[2]', 'NONE.x', PATH]\n"
                                        "namespaces: {in: {unshare: [pid, mount], command: [printenv, PIDNS_PATH, 'ODD.1', 'ODD-[2]', PATH, NONE.x]}}\n",
    "no PATH": "pidns: 1\nunshare: [pid]\nclear-env: true\ncommand: [losetup, --version]\n",
    "all capabilities": "pidns: 1\nunshare: [pid]\nuid: 1234\ncapabilities: all\ncommand: [grep, Cap, /proc/self/status]\n",
    "a program with = in its name": "pidns: 1\nunshare: [pid, mount]\nclear-env: true\nenv: {PATH: /mnt}\nmounts:\n"
                                    "  - {type: tmpfs, target: /mnt}\n"
                                    "  - {type: bind, source: /usr/bin/printenv, target: /mnt/a=b, create: true}\ncommand: [a=b, PATH, PIDNS_PATH]\n",
    "pids that begin elsewhere": "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\ninit: true\n"
                                 "sysctls: {kernel.ns_last_pid: 300}\nscript: echo $$\n",
    "nice of a user": "pidns: 1\nunshare: [user, pid]\nnice: -3\ncommand: [nice]\n",
    "a file is no way to be root": "pidns: 1\nunshare: [mount]\nmounts:\n  - {type: tmpfs, target: /mnt}\n"
                                   "  - {type: file, target: /mnt/f, content: x, create: true, mode: '4755'}\n"
                                   "  - {type: symlink, target: /mnt/-l, source: '-n'}\n"
                                   "script: stat -c '%a %N' /mnt/*; findmnt -no VFS-OPTIONS /mnt/f\n",
    "a directory leaves no mark": "pidns: 1\nunshare: [pid, mount]\nmounts: [{type: dir, target: /tmp}]\ncwd: /usr\n"
                                  "command: [sh, -c, 'pwd; tr \"\\\\0\" \"\\n\" </proc/self/environ | grep -c OLDPWD']\n",
    "clocks, whole seconds": "pidns: 1\nunshare: [time]\nboottime: 10d\nmonotonic: -2s\n"
                             "script: cat /proc/self/timens_offsets | tr -s ' '\n",
    "clocks, by fractions": "pidns: 1\nunshare: [time]\nmonotonic: -0.5s\nboottime: 2250ms\n"
                            "script: cat /proc/self/timens_offsets | tr -s ' '\n",
    "clocks, nested": "pidns: 1\nunshare: [pid, time, user]\nuid-map: [{inside: 0, outside: 0, count: 9}]\ngid-map: all\nboottime: 0.25s\n"
                      "namespaces:\n  in:\n    unshare: [time, uts]\n    hostname: h\n    monotonic: -1ms\n"
                      "    script: hostname; id -u; echo $$; tr -s ' ' </proc/self/timens_offsets\n",
    "a terminal": "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\nterminal: new\nstderr: null\n"
                  f"script: stty size; stty -a | grep -o 'echo '; tty | grep -o pts; echo $$ $SHELL; {specs.NSPID}; cat; echo on >&2; exit 7\n",
    "a terminal, user": "pidns: 1\nunshare: [pid, user]\nuid-map: [{inside: 0, outside: 0, count: 9}]\ngid-map: all\nterminal: new\n"
                        "timeout: 20s\nscript: test -t 0; test -t 1; test -t 2; cat; id -u; exit 3\n",
    "streams": "pidns: 1\nunshare: [pid]\nstdin: /etc/hostname\nstderr: null\nscript: cat; echo unseen >&2\n",
    "environment": "pidns: 1\nunshare: [pid]\nclear-env: true\nkeep-env: [LANG, NOT_THERE]\n"
                   "env: {A: \"it's\", B: \"two\\nlines\", PATH: '/usr/bin:/bin'}\n"
                   "script: env | grep -vE '^(PWD|_|SHLVL)=' | sort; cat /proc/$$/comm\n",
    "no kill-child": f"pidns: 1\nunshare: [pid]\nkill-child: false\nscript: echo $$; {specs.NSPID}; exit 11\n",
    "a terminal's session": "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\nterminal: none\n"
                            "script: ps -o pid=,sid= -p $$ | tr -s ' '\n",
    "read-only root": "pidns: 1\nunshare: [mount]\nread-only-root: true\n"
                      "script: touch /at-the-root 2>/dev/null || echo read-only\n",
    "oom score": "pidns: 1\nunshare: [pid]\noom-score-adj: 321\nscript: cat /proc/self/oom_score_adj\n",
    "user, setgroups denied": "pidns: 1\nunshare: [user, pid]\nsetgroups: deny\n"
                              "script: id -u; cat /proc/self/setgroups; echo $$\n",
    "user inside user, denied": "pidns: 1\nunshare: [user, pid]\nsetgroups: deny\nnamespaces:\n  in:\n"
                                "    unshare: [user, pid]\n    setgroups: deny\n    uid-map: current\n"
                                "    gid-map: current\n    script: id -u; echo $$\n",
    "user, own init": specs.SPECS["user, own init"],
    "user, one that is not the own": "pidns: 1\nunshare: [user, pid, uts]\nhostname: in\n"
                                     "uid-map: [{inside: 7, outside: 1234, count: 1}]\ngid-map: all\n"
                                     "script: id; hostname; grep Cap /proc/self/status; tr -s ' ' </proc/self/uid_map\n",
    "user, several extents": "pidns: 1\nunshare: [user, pid, uts]\nhostname: in\nsetgroups: allow\nuid: 3\ngroups: [1, 12]\n"
                             "uid-map: [{inside: 0, outside: 5000, count: 5}, {inside: 10, outside: 0, count: 3}]\n"
                             "gid-map: [{inside: 0, outside: 0, count: 1}, {inside: 1, outside: 5000, count: 20}]\n"
                             "script: |\n  id; hostname; grep Cap /proc/self/status; tr -s ' ' </proc/self/uid_map\n"
                             "  tr -s ' ' </proc/self/gid_map; cat /proc/self/setgroups; cat; exit 3\n",
    "user, all of a user": "pidns: 1\nunshare: [user, pid]\nuid-map: [{inside: 0, outside: 0, count: 9}, {inside: 20, outside: 30, count: 1}]\n"
                           "gid-map: all\nnamespaces:\n  in:\n    unshare: [user, uts]\n    hostname: h\n    uid-map: all\n    gid-map: all\n"
                           "    script: hostname; tr -s ' ' </proc/self/uid_map; id\n",
    "user, none": "pidns: 1\nunshare: [user, uts]\nhostname: h\nuid-map: none\ngid-map: none\ncommand: [sh, -c, id; hostname; grep Cap /proc/self/status]\n",
    "user, several and denied": "pidns: 1\nunshare: [user]\nsetgroups: deny\nuid-map: [{inside: 0, outside: 50, count: 9}]\n"
                                "script: cat /proc/self/setgroups; id\n",
    "user, no groups": "pidns: 1\nunshare: [user]\ngid-map: none\nuid: 0\ncommand: [id]\n",
    "user, with a timeout": "pidns: 1\nunshare: [user, pid]\ntimeout: 0.3s\nscript: echo on; cat; sleep 30\n",
    "user, a root of its own": OWN_ROOT.replace("[pid", "[user, pid") + "  - {type: dev, target: /dev}\nuid: 0\n"
                               "script: ls / /dev; id; pwd; unshare -U id -u\n",
    "a file, a dev, a copy of a tree": """\
pidns: 1
unshare: [pid, mount]
mount-proc: true
mounts:
  - {type: tmpfs, target: /mnt, options: [mode=0750]}
  - {type: file, target: /mnt/motd, content: "it's\\nmine\\n", create: true, mode: "0440"}
  - {type: dev, target: /dev}
  - {type: bind, source: /etc, target: /mnt/etc, create: true, options: [rbind, ro, nosuid]}
  - {type: tmpfs, target: /media}
  - {type: dir, target: /media/in/side, mode: "0700"}
  - {type: tmpfs, target: /media/in}
  - {type: bind, source: /media, target: /mnt/media, create: true, options: [rbind, ro, noexec]}
  - {type: bind, source: /nowhere, target: /mnt/nowhere, create: true, optional: true}
  - {type: bind, source: /etc/passwd, target: /mnt/a/file, create: true, options: [ro]}
  - {type: bind, source: /mnt/a/file, target: /mnt/a/other, create: true, options: [rw]}
script: |
  ls -l /dev /mnt | grep -v total | sed 's/[A-Z][a-z][a-z] *[0-9]* *[0-9:]* / /'; stat -c '%a %n' /mnt/* /mnt/a/*
  cat /mnt/motd; echo x >/mnt/motd || echo x >/mnt/media/in/new || echo x >/mnt/etc/new || echo read-only
  for each in /mnt/media /mnt/media/in /mnt/a/other; do findmnt -no VFS-OPTIONS "$each"; done
  findmnt -no VFS-OPTIONS /dev; stat -c %a /dev; ls /dev/pts; echo on >/dev/shm/new; cat /dev/shm/new
""",
    "targets with more slashes than they need": "pidns: 1\nunshare: [mount]\nmounts:\n  - {type: tmpfs, target: //mnt/}\n"
                                                "  - {type: dir, target: /mnt//a/./b/}\n  - {type: symlink, source: a, target: /mnt//l}\n"
                                                "  - {type: file, target: /mnt/c/./f, content: x, create: true}\n"
                                                "cwd: /mnt/a//b/\nscript: pwd; ls -F /mnt; cat /mnt/c/f\n",
    "masked and read-only": """\
pidns: 1
unshare: [pid, mount]
mount-proc: true
mounts: [{type: tmpfs, target: /mnt}, {type: dir, target: /mnt/in}, {type: tmpfs, target: /mnt/in}]
masked-paths: [/etc/passwd, /usr/share, /nowhere]
read-only-paths: [/mnt, /nowhere, /etc/hostname]
script: |
  cat /etc/passwd; ls /usr/share; touch /mnt/in/new || touch /mnt/new || [ -w /etc/hostname ] || echo read-only
""",
    "a root of its own, who and where": OWN_ROOT + "uid: 1234\ngroups: [7, 8]\ncwd: /usr/bin\ncommand: [sh, -c, 'id; pwd; echo $PWD']\n",
    "a root of its own, capabilities": OWN_ROOT + "uid: 1234\ngroups: [7, 8]\ncapabilities: [net_raw, CAP_CHOWN]\nno-new-privs: true\n"
                                      "cwd: /usr\ncommand: [sh, -c, 'id; grep -E \"Cap|NoNew\" /proc/self/status; pwd; env | sort | grep -v \"^_=\"']\n",
    "a root of its own, all capabilities": OWN_ROOT + "uid: 1234\ncapabilities: all\ncommand: [grep, Cap, /proc/self/status]\n",
    "a root of its own, no capability": OWN_ROOT + "capabilities: []\ncommand: [sh, -c, 'id; grep Cap /proc/self/status']\n",
    "a root of its own, privileges of a name": OWN_ROOT + "  - {type: file, target: /etc/passwd, content: 'me:x:77:78::/:/bin/sh'}\n"
                                               "  - {type: file, target: /etc/group, content: 'us:x:79:'}\n"
                                               "uid: me\ngroups: [us]\ncapabilities: []\ncommand: [sh, -c, 'id -u; id -g; id -G']\n",
    "a root of its own, another argv[0]": OWN_ROOT + "clear-env: true\nargv0: other name\ncommand: [cat, /proc/self/cmdline, /proc/self/environ]\n",
    "a root of its own, no program": OWN_ROOT + "capabilities: []\ncommand: [not-there]\n",
    "a root of its own, without pid": OWN_ROOT.replace("[pid, mount]", "[mount]").replace("mount-proc: true\n", "") + "uid: 1\ncapabilities: []\ncommand: [id]\n",
    "a root of its own, of a user": OWN_ROOT.replace("[pid", "[user, pid") + "uid-map: [{inside: 0, outside: 0, count: 9}]\n"
                                    "gid-map: [{inside: 0, outside: 0, count: 9}]\nuid: 3\ngid: 4\ngroups: [5]\ncapabilities: [sys_admin]\n"
                                    "command: [sh, -c, 'id; grep Cap /proc/self/status']\n",
    "a root of its own, groups denied": OWN_ROOT.replace("[pid", "[user, pid") + "setgroups: deny\ncapabilities: []\ncommand: [id]\n",
    "a root of its own, a user by name": OWN_ROOT + "  - {type: file, target: /etc/passwd, content: 'me:x:77:78::/:/bin/sh'}\n"
                                         "uid: me\ncommand: [id, -u, -r]\n",
    "a root of its own, and an init": OWN_ROOT + "init: true\nno-new-privs: true\nread-only-root: true\nmasked-paths: [/usr/share]\n"
                                      "script: echo $$; ls / /usr/share; touch /new || grep NoNew /proc/self/status\n",
    "a root in a root": OWN_ROOT + """\
  - {type: dir, target: /inner/bin}
  - {type: bind, source: /usr, target: /inner/usr, create: true, options: [rbind]}
  - {type: file, target: /inner/only-here, content: x}
namespaces:
  in:
    unshare: [pid, mount]
    root: /inner
    mounts:
      - {type: symlink, source: usr/lib, target: /lib}
      - {type: symlink, source: usr/lib64, target: /lib64}
      - {type: bind, source: /proc, target: /proc, create: true, options: [rbind]}
    script: cat; ls /; touch /only-here
""".replace("script:", "command: [/usr/bin/sh, -euc, '").replace("touch /only-here\n", "touch /only-here']\n"),
    "links of a root of its own": OWN_ROOT + """\
  - {type: symlink, source: /../../etc, target: /way}
  - {type: dir, target: /etc}
  - {type: symlink, source: usr/share, target: /way/share}
  - {type: file, target: /way/in/side, content: "x\\n"}
script: ls -l /etc | wc -l; cat /etc/in/side; ls -d /etc/share; readlink /way
""",
    "below a root of its own": OWN_ROOT + """\
namespaces:
  in:
    unshare: [pid, mount, uts]
    hostname: inside
    mount-proc: true
    mounts: [{type: tmpfs, target: /more, create: true}]
    script: ls /; hostname; ls -d /proc/[0-9]*; pwd
""",
    "a user below a root of its own": OWN_ROOT + "namespaces:\n  in: {unshare: [user, pid], setgroups: deny, script: ls /; id -u; echo $$}\n",
    "a copy, of a user": "pidns: 1\nunshare: [user, pid, mount]\nroot: {type: overlay, lower: /}\nmount-proc: true\n"
                         "script: '[ \"$(findmnt -no FSTYPE /)\" = tmpfs ]; ls -d /etc/passwd; rm -r /etc/skel; mkdir /etc/skel; touch /usr/new; ls -A /etc/skel /usr/new; stat -c %a /'\n",
    "mounts of nobody": "pidns: 1\nunshare: [user, mount, pid]\nuid-map: none\nmount-proc: true\nmasked-paths: [/usr/share]\nread-only-paths: [/var]\n"
                        "mounts:\n  - {type: tmpfs, target: /mnt, options: [ro, nosuid, size=64k]}\n"
                        "  - {type: bind, source: /usr, target: /media, options: [rbind, ro, nodev]}\n"
                        "  - {type: bind, source: /etc, target: /srv, options: [bind, shared]}\n"
                        "  - {type: tmpfs, target: /opt, options: [nosuid, nodev, dev]}\n"
                        "command: [sh, -c, 'grep -E \" /(mnt|media|srv|opt|proc|var|usr/share)\" /proc/self/mountinfo | cut -d\" \" -f5-6,9-; id; ls /usr/share; grep Cap /proc/self/status']\n",
    "a root of somebody": OWN_ROOT.replace("[pid", "[user, pid") + "  - {type: dev, target: /dev}\n  - {type: file, target: /f, content: x}\n"
                          "uid-map: [{inside: 7, outside: 0, count: 1}]\ngid-map: [{inside: 7, outside: 0, count: 1}]\n"
                          "command: [sh, -c, 'ls / /dev; cat /f; id']\n",
    "twice the same": "pidns: 1\nunshare: [mount]\nmounts:\n  - {type: sysfs, target: /mnt}\n  - {type: sysfs, target: /mnt, options: [ro]}\n"
                      "script: grep ' /mnt ' /proc/self/mountinfo | cut -d' ' -f5-6,9-\n",
    "names that no net knows": "pidns: 1\nunshare: [user, uts, pid]\nhostname: '-under_score.'\ndomainname: '12'\n"
                               "command: [cat, /proc/sys/kernel/hostname, /proc/sys/kernel/domainname]\n",
    "read-only ones": "pidns: 1\nunshare: [user, pid, mount]\nmount-proc: true\nmasked-paths: [/usr/share]\nmounts:\n"
                      "  - {type: tmpfs, target: /mnt, options: [ro, nosuid]}\n"
                      "  - {type: bind, source: /proc, target: /srv, options: [rbind, ro]}\n"
                      "script: grep -E ' /(mnt|srv|usr/share)' /proc/self/mountinfo | cut -d' ' -f5-6,9-\n",
    "a copy of everything": "pidns: 1\nunshare: [pid, mount]\nroot: {type: overlay, lower: /}\nmount-proc: true\ncwd: /etc\n"
                            "script: '[ \"$(findmnt -no FSTYPE /)\" = overlay ]; rm passwd; touch new; ls -d passwd new group; pwd; stat -c %a /; exit 5'\n",
}
TIMEOUTS_OF_SEVERAL = """\
pidns: 1
unshare: [pid]
processes:
  asked: {script: "ls /proc/self/fd | wc -l; trap 'echo asked; exit 3' TERM; sleep 30 & wait", timeout: 0.5s}
  deaf: {script: "trap '' TERM; while :; do sleep 0.1; done", timeout: 0.5s, stop-timeout: 0.3s}
  quick: {script: exit 0, timeout: 20s}
namespaces:
  cache: {unshare: [pid, mount], mount-proc: true, command: [sleep, '30'], timeout: 0.3s}
"""
TERMINAL_OF_SEVERAL = """\
pidns: 1
namespaces:
  shell:
    unshare: [pid, mount, user]
    mount-proc: true
    terminal: new
    script: test -t 0; test -t 2; read -r line; echo "$line $$"
  other: {command: [sh, -c, 'ls /proc/self/fd | wc -l']}
"""
COMPLETE = {**{name: specs.SPECS[name] for name in SHARED}, **MORE}
INCOMPLETE = {
    "ready": "pidns: 1\nunshare: [pid]\nscript: sleep 1\nready: {path: /etc/passwd}\n",
}
