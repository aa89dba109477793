"""Varied specs, for tests that compare two ways to the same end. Each prints only what is promised.

`NSPID` prints how many pid namespaces a process is in, as far as the /proc that it sees shows:
numbers that nobody promises would differ from run to run.
"""

NSPID = "awk '/^NSpid:/ {print \"pid levels\", NF - 1}' /proc/self/status"

# Names of specs that run without privilege, too.
FOR_USERS = ("user", "user and pid", "user, holder", "user inside user", "user, current", "user, plain process",
             "user, own init")

SPECS = {
    "nothing new": f"pidns: 1\nscript: {NSPID}; echo $#\n",
    "pid": f"pidns: 1\nunshare: [pid]\nscript: echo $$; {NSPID}\n",
    "pid, mount, uts": f"""\
pidns: 1
unshare: [pid, mount, uts]
hostname: ns1
domainname: d1
mount-proc: true
script: echo $$; hostname; cat /proc/sys/kernel/domainname; ls -d /proc/[0-9]* | head -n 1; {NSPID}
""",
    "without pid": "pidns: 1\nunshare: [mount, uts, ipc]\nhostname: ns1\nscript: hostname; exit 3\n",
    "own init": f"""\
pidns: 1
unshare: [pid, mount]
mount-proc: true
init: true
script: echo $$; tr -d '\\0' </proc/1/cmdline; echo; {NSPID}; (sleep 0.05 &) ; sleep 0.1; exit 4
""",
    "three levels": f"""\
pidns: 1
x-level: &level
  unshare: [pid, mount, uts]
namespaces:
  ns1:
    <<: *level
    hostname: ns1
    namespaces:
      ns2:
        <<: *level
        hostname: ns2
        namespaces:
          ns3:
            <<: *level
            hostname: ns3
            script: hostname; echo $$; {NSPID}
""",
    "levels with and without pid": f"""\
pidns: 1
namespaces:
  a:
    unshare: [uts]
    hostname: a
    namespaces:
      b:
        unshare: [pid, mount]
        namespaces:
          c:
            unshare: [ipc]
            namespaces:
              d: {{unshare: [pid], script: "hostname; echo $$; {NSPID.replace('"', chr(92) + '"')}"}}
""",
    "several processes": """\
pidns: 1
unshare: [pid]
processes:
  a: {script: sleep 0.05; echo a}
  b: {script: sleep 0.15; echo b; exit 9}
  c: {script: sleep 0.25; echo c; exit 8}
""",
    "holder": """\
pidns: 1
unshare: [uts, mount]
hostname: held
processes:
  a: {script: hostname}
namespaces:
  in: {unshare: [pid], script: sleep 0.1; hostname; echo $$}
""",
    "init of the spec": f"""\
pidns: 1
unshare: [pid, mount]
mount-proc: true
init: one
processes:
  one: {{script: "trap : CHLD; sleep 0.3; ls -d /proc/[0-9]* | head -n 1; exit 5"}}
  two: {{script: "echo $PPID; sleep 60"}}
namespaces:
  in: {{unshare: [pid], script: "sleep 0.1; echo in $$; sleep 60"}}
""",
    "siblings": """\
pidns: 1
namespaces:
  red: {unshare: [pid, uts], hostname: red, script: hostname; echo $$}
  blue: {unshare: [pid, uts], hostname: blue, script: sleep 0.1; hostname; echo $$}
""",
    "killed by a signal": "pidns: 1\nunshare: [pid]\nscript: sh -c 'kill -USR1 $$' 2>/dev/null || echo $?\n",
    "dies of a signal": "pidns: 1\nunshare: [pid]\ninit: true\nscript: kill -USR1 $$; sleep 5\n",
    "not found": "pidns: 1\nunshare: [pid]\ncommand: [/nowhere/at-all]\n",
    "timeout": "pidns: 1\nunshare: [pid]\ntimeout: 100ms\nscript: echo on; sleep 30\n",
    "clocks": """\
pidns: 1
unshare: [time]
boottime: 10d
monotonic: -250ms
script: cat /proc/self/timens_offsets | tr -s ' '
""",
    "clocks of our init": """\
pidns: 1
unshare: [time, pid]
boottime: 3d
processes:
  a: {script: "cut -d. -f1 /proc/uptime | awk '{print ($1 > 259200)}'"}
  b: {script: sleep 0.1; echo b}
""",
    "clocks of a holder": """\
pidns: 1
unshare: [time]
boottime: 3d
processes:
  a: {script: "cut -d. -f1 /proc/uptime | awk '{print ($1 > 259200)}'"}
  b: {script: sleep 0.1; echo b}
""",
    "network": """\
pidns: 1
unshare: [net, pid]
script: tail -n +3 /proc/net/dev | tr -s ' ' | cut -d' ' -f2; ip -br link show lo | tr -s ' ' | cut -d' ' -f1,4
""",
    "mounts": """\
pidns: 1
unshare: [mount, pid]
mount-proc: true
mounts:
  - {type: tmpfs, target: /mnt, options: [nosuid, size=1m]}
  - {type: dir, target: /mnt/d}
  - {type: bind, source: /etc, target: /mnt/d, options: [ro]}
masked-paths: [/proc/kcore]
script: ls /mnt; test -e /mnt/d/passwd; touch /mnt/d/x 2>/dev/null || echo read-only; wc -c </proc/kcore
""",
    "a root of its own": """\
pidns: 1
unshare: [mount, pid]
root: {type: tmpfs}
mounts:
  - {type: bind, source: /usr, target: /usr, options: [rbind, ro]}
  - {type: symlink, source: usr/bin, target: /bin}
  - {type: symlink, source: usr/lib, target: /lib}
  - {type: symlink, source: usr/lib64, target: /lib64}
mount-proc: true
cwd: /
script: ls /; echo $$
""",
    "who it is": """\
pidns: 1
unshare: [pid]
uid: 1234
gid: 1235
groups: [1236]
umask: "0027"
nice: 3
rlimits: {nofile: 100}
capabilities: []
no-new-privs: true
script: id -u; id -g; id -G; umask; nice; ulimit -n; grep -E 'CapEff|NoNewPrivs' /proc/self/status
""",
    "user": f"pidns: 1\nunshare: [user]\nscript: id -u; id -g; cat /proc/self/setgroups; {NSPID}\n",
    "user and pid": f"""\
pidns: 1
unshare: [user, pid, uts]
hostname: inside
script: id -u; hostname; echo $$; {NSPID}
""",
    "user, holder": """\
pidns: 1
unshare: [user, uts]
hostname: inside
processes:
  a: {script: id -u; hostname}
namespaces:
  in: {unshare: [pid], script: sleep 0.1; echo $$}
""",
    "user inside user": f"""\
pidns: 1
unshare: [user, pid]
namespaces:
  in: {{unshare: [user, pid], script: "id -u; echo $$; awk '{{print $1, $3}}' /proc/self/uid_map"}}
""",
    "user, current": "pidns: 1\nunshare: [user, pid]\nuid-map: current\ngid-map: current\nscript: id -u; id -g; echo $$\n",
    "user, plain process": "pidns: 1\nunshare: [user, pid]\nnamespaces:\n  a: {script: id -u; echo $$}\n",
    "user, own init": "pidns: 1\nunshare: [user, pid, time]\nboottime: 1d\ninit: true\nscript: id -u; echo $$; exit 6\n",
    "user, list": """\
pidns: 1
unshare: [user, pid, mount]
uid-map: [{inside: 0, outside: 1000, count: 100}]
gid-map: [{inside: 0, outside: 1000, count: 100}]
script: id -u; id -g; awk '{print $1, $2, $3}' /proc/self/uid_map
""",
}
