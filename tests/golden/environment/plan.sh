#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: yes
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # .init, in place of pidns's init
  unshare --uts -- /bin/sh -euc "$2" sh 3 "$2"
  exit
  ;;
3) # inner
  hostname inner                                            # hostname, 12:15
  umask 0027                                                # umask, 8:8
  exec env --chdir=/ -i ${PATH+"PATH=$PATH"} ${HOME+"HOME=$HOME"} 'QUOTE=it'\''s "two"
lines' VERSION=1.10 PIDNS_NAME=environment PIDNS_PATH=inner /bin/sh -eu -c 'printenv QUOTE VERSION; echo "${LEVEL-no level} ${LANG-no language}"; pwd; umask; hostname'
  ;;
esac
END
)
exec unshare --pid --kill-child=SIGKILL -- /bin/sh -euc "$steps" sh 2 "$steps"
