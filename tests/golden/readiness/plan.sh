#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: no, because several processes are started, and nobody stops them in order; nobody looks
# whether processes are `ready`; processes do not wait for others to be ready
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # .init, in place of pidns's init
  { command exec 9>/proc/sys/kernel/ns_last_pid; } 2>/dev/null || :
  mount -t tmpfs tmpfs /run                                 # mounts, 5:10
  mount -t proc -o nosuid,nodev,noexec proc /proc           # mount-proc, 4:13
  ip link set lo up                                         # loopback (default)
  { printf 1 >&9; } 2>/dev/null || :  # the next pid is 2
  exec 9>&-
  /bin/sh -euc "$2" sh 3 "$2" &
  p3=$!
  /bin/sh -euc "$2" sh 4 "$2" &
  p4=$!
  /bin/sh -euc "$2" sh 5 "$2" &
  p5=$!
  /bin/sh -euc "$2" sh 6 "$2" &
  p6=$!
  /bin/sh -euc "$2" sh 7 "$2" &
  p7=$!
  /bin/sh -euc "$2" sh 8 "$2" &
  p8=$!
  /bin/sh -euc "$2" sh 9 "$2" &
  p9=$!
  /bin/sh -euc "$2" sh 10 "$2" &
  p10=$!
  /bin/sh -euc "$2" sh 11 "$2" &
  p11=$!
  unshare --uts -- /bin/sh -euc "$2" sh 12 "$2" &
  p12=$!
  status=0
  wait "$p3" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p4" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p5" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p6" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p7" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p8" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p9" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p10" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p11" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p12" || { now=$?; [ "$status" != 0 ] || status=$now; }
  exit "$status"
  ;;
3) # db
  exec </dev/null                                           # stdin (default)
  exec 2>>/dev/null                                         # stderr, 7:61
  exec env --chdir="$([ -x /home/somebody/. ] && echo /home/somebody || echo /)" PIDNS_NAME=readiness PIDNS_PATH=db python3 -m http.server 5432  # command, 7:17
  ;;
4) # cache
  exec </dev/null                                           # stdin (default)
  exec env --chdir="$([ -x /home/somebody/. ] && echo /home/somebody || echo /)" PIDNS_NAME=readiness PIDNS_PATH=cache /bin/sh -eu -c 'touch /run/cache.sock; sleep 60'  # script, 8:19
  ;;
5) # queue
  exec </dev/null                                           # stdin (default)
  exec env --chdir="$([ -x /home/somebody/. ] && echo /home/somebody || echo /)" setpriv --reuid=33 --clear-groups -- env QUEUE=/run PIDNS_NAME=readiness PIDNS_PATH=queue sleep 60  # command, 9:20
  ;;
6) # search
  exec </dev/null                                           # stdin (default)
  exec >>/dev/null                                          # stdout, 10:81
  exec env --chdir="$([ -x /home/somebody/. ] && echo /home/somebody || echo /)" PIDNS_NAME=readiness PIDNS_PATH=search /bin/sh -eu -c 'sleep 60'  # script, 10:20
  ;;
7) # migrate
  # not done: processes do not wait for others to be ready  # depends-on, 11:41
  exec </dev/null                                           # stdin (default)
  exec env --chdir="$([ -x /home/somebody/. ] && echo /home/somebody || echo /)" PIDNS_NAME=readiness PIDNS_PATH=migrate /bin/sh -eu -c 'exit 0'  # script, 11:21
  ;;
8) # web-1
  # not done: processes do not wait for others to be ready  # depends-on, 16:17
  exec </dev/null                                           # stdin (default)
  exec env --chdir="$([ -x /home/somebody/. ] && echo /home/somebody || echo /)" PIDNS_NAME=readiness PIDNS_PATH=web-1 PIDNS_REPLICA=1 /bin/sh -eu -c 'echo listening on port 80; sleep 60'  # script, 13:13
  ;;
9) # web-2
  # not done: processes do not wait for others to be ready  # depends-on, 16:17
  exec </dev/null                                           # stdin (default)
  exec env --chdir="$([ -x /home/somebody/. ] && echo /home/somebody || echo /)" PIDNS_NAME=readiness PIDNS_PATH=web-2 PIDNS_REPLICA=2 /bin/sh -eu -c 'echo listening on port 80; sleep 60'  # script, 13:13
  ;;
10) # report
  # not done: processes do not wait for others to be ready  # depends-on, 17:40
  exec </dev/null                                           # stdin (default)
  exec env --chdir="$([ -x /home/somebody/. ] && echo /home/somebody || echo /)" PIDNS_NAME=readiness PIDNS_PATH=report /bin/sh -eu -c 'exit 0'  # script, 17:20
  ;;
11) # main
  # not done: processes do not wait for others to be ready  # depends-on, 18:53
  exec env --chdir="$([ -x /home/somebody/. ] && echo /home/somebody || echo /)" PIDNS_NAME=readiness PIDNS_PATH=main true  # command, 18:19
  ;;
12) # tests/.init, in place of pidns's holder
  setpriv --pdeathsig KILL -- /bin/sh -euc "$2" sh 13 "$2" &
  p13=$!
  setpriv --pdeathsig KILL -- /bin/sh -euc "$2" sh 14 "$2" &
  p14=$!
  status=0
  wait "$p13" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p14" || { now=$?; [ "$status" != 0 ] || status=$now; }
  exit "$status"
  ;;
13) # tests/one
  # not done: processes do not wait for others to be ready  # depends-on, 23:41
  exec </dev/null                                           # stdin (default)
  exec env --chdir="$([ -x /home/somebody/. ] && echo /home/somebody || echo /)" PIDNS_NAME=readiness PIDNS_PATH=tests/one /bin/sh -eu -c 'exit 0'  # script, 23:21
  ;;
14) # tests/two
  exec </dev/null                                           # stdin (default)
  exec env --chdir="$([ -x /home/somebody/. ] && echo /home/somebody || echo /)" PIDNS_NAME=readiness PIDNS_PATH=tests/two sleep 2  # command, 24:22
  ;;
esac
END
)
exec unshare --pid --mount --net --kill-child=SIGKILL --propagation private -- /bin/sh -euc "$steps" sh 2 "$steps"
