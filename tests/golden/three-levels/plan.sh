#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: yes
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # ns1/.init, in place of pidns's init
  mount -t proc -o nosuid,nodev,noexec proc /proc           # mount-proc, 7:15
  hostname ns1                                              # hostname, 13:15
  unshare --pid --mount --uts --kill-child=SIGKILL --propagation private -- /bin/sh -euc "$2" sh 4 "$2"
  exit
  ;;
4) # ns1/ns2/.init, in place of pidns's init
  mount -t proc -o nosuid,nodev,noexec proc /proc           # mount-proc, 7:15
  hostname ns2                                              # hostname, 17:19
  unshare --pid --mount --uts --kill-child=SIGKILL --propagation private -- /bin/sh -euc "$2" sh 6 "$2"
  exit
  ;;
6) # ns1/ns2/ns3
  mount -t proc -o nosuid,nodev,noexec proc /proc           # mount-proc, 7:15
  hostname ns3                                              # hostname, 21:23
  exec env PIDNS_NAME=three-levels PIDNS_PATH=ns1/ns2/ns3 /bin/sh -eu -c 'echo "hostname: $(hostname)"
ps -e
for level in ns3 ns2 ns1 outside; do
  while read -r key pids; do
    if [ "$key" = NSpid: ]; then echo "NSpid, as $level sees it: $pids"; fi
  done </proc/self/status
  if [ "$level" != outside ]; then umount /proc; fi
done
'
  ;;
esac
END
)
exec unshare --pid --mount --uts --kill-child=SIGKILL --propagation private -- /bin/sh -euc "$steps" sh 2 "$steps"
