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
  exec env PIDNS_NAME=readiness PIDNS_PATH=db db            # command, 6:17
  ;;
4) # cache
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=readiness PIDNS_PATH=cache cache      # command, 7:20
  ;;
5) # queue
  exec </dev/null                                           # stdin (default)
  exec setpriv --reuid=33 --clear-groups -- env QUEUE=jobs PIDNS_NAME=readiness PIDNS_PATH=queue queue  # command, 8:20
  ;;
6) # search
  exec </dev/null                                           # stdin (default)
  exec >>/var/log/search                                    # stdout, 9:86
  exec env PIDNS_NAME=readiness PIDNS_PATH=search /bin/sh -eu -c search  # script, 9:20
  ;;
7) # migrate
  # not done: processes do not wait for others to be ready  # depends-on, 10:42
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=readiness PIDNS_PATH=migrate /bin/sh -eu -c migrate  # script, 10:21
  ;;
8) # web-1
  # not done: processes do not wait for others to be ready  # depends-on, 15:17
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=readiness PIDNS_PATH=web-1 PIDNS_REPLICA=1 web  # command, 12:14
  ;;
9) # web-2
  # not done: processes do not wait for others to be ready  # depends-on, 15:17
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=readiness PIDNS_PATH=web-2 PIDNS_REPLICA=2 web  # command, 12:14
  ;;
10) # report
  # not done: processes do not wait for others to be ready  # depends-on, 16:40
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=readiness PIDNS_PATH=report /bin/sh -eu -c report  # script, 16:20
  ;;
11) # main
  # not done: processes do not wait for others to be ready  # depends-on, 17:49
  exec env PIDNS_NAME=readiness PIDNS_PATH=main sh          # command, 17:19
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
  # not done: processes do not wait for others to be ready  # depends-on, 22:41
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=readiness PIDNS_PATH=tests/one one    # command, 22:22
  ;;
14) # tests/two
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=readiness PIDNS_PATH=tests/two two    # command, 23:22
  ;;
esac
END
)
exec unshare --pid --mount --net --kill-child=SIGKILL --propagation private -- /bin/sh -euc "$steps" sh 2 "$steps"
