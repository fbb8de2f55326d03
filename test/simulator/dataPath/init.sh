#!/usr/bin/env bash
# First process of a machine of the lab: NAME ROOT SHARED VISIBLE...
# Gives it a copy-on-write view of this machine's files, then waits for its stdin to end.
set -euo pipefail
name=$1 root=$2
shift 2
# Read through the old /proc, which counts as the whole machine does.
read -r pid _ < /proc/self/stat

hostname "$name"
mount -t tmpfs -o mode=755 node "$root"
mkdir "$root/upper" "$root/work" "$root/root"
mount -t overlay -o "lowerdir=/,upperdir=$root/upper,workdir=$root/work" overlay "$root/root"
cd "$root/root"
mount --rbind /dev dev
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t bpf bpf sys/fs/bpf
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 run run
mkdir -p run/lock run/netns run/calico/cgroup
mount -t cgroup2 cgroup2 run/calico/cgroup
for path in "$@"; do
  mkdir -p "./$path"
  mount --rbind "$path" "./$path"
done

# Of the kernel's settings only those of its own network may be changed: the others are the whole machine's. Felix sets
# one of them without need: it gets a file of that name.
mkdir run/proc
mount -t proc proc run/proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount --bind run/proc/sys/net proc/sys/net
umount -l run/proc
cat proc/sys/kernel/unprivileged_bpf_disabled > run/unprivileged_bpf_disabled
mount --bind run/unprivileged_bpf_disabled proc/sys/kernel/unprivileged_bpf_disabled

mkdir -p .old
pivot_root . .old
umount -l /.old
rmdir /.old
ip link set lo up
echo "ready $pid"
# A shell also takes leave of the processes whose parents have ended.
while read -r _; do :; done
