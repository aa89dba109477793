#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: yes
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # /
  prlimit --pid $$ --nofile=64:64                           # rlimits, 4:19
  prlimit --pid $$ --core=0:0                               # rlimits, 4:29
  renice -n 5 -p $$ >/dev/null                              # nice, 5:7
  printf %s 500 >/proc/self/oom_score_adj                   # oom-score-adj, 6:16
  exec setsid --wait setpriv --no-new-privs -- env PIDNS_NAME=limits PIDNS_PATH=/ /bin/sh -eu -c 'ulimit -n; ulimit -c; nice; cat /proc/self/oom_score_adj
grep NoNewPrivs /proc/self/status
'
  ;;
esac
END
)
exec </dev/null
exec unshare --pid --kill-child=SIGKILL -- /bin/sh -euc "$steps" sh 2 "$steps"
