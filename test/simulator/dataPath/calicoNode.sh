#!/usr/bin/env bash
# What Calico's node image runs with the VXLAN backend (node/filesystem/etc/rc.local and etc/service): the start once,
# then Felix and its companions, each started again when it ends. Felix ends itself when its configuration changes.
calico-node -startup || exit 1
NODENAME=$(cat /var/lib/calico/nodename)
export NODENAME FELIX_FELIXHOSTNAME=$NODENAME FELIX_DATASTORETYPE=$DATASTORE_TYPE
calico-node -allocate-tunnel-addrs -allocate-tunnel-addrs-run-once || exit 1

keep() {
  while :; do
    "$@"
    echo "calico-node $2 ended with code $?"
    sleep 0.5
  done
}
keep calico-node -felix &
keep calico-node -allocate-tunnel-addrs &
if [ "${CALICO_MANAGE_CNI:-}" != false ]; then keep calico-node -monitor-token & fi
trap 'kill $(jobs -p) 2> /dev/null; exit' TERM
wait
