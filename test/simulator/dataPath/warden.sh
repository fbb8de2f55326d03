#!/bin/sh
# Outlives the run that starts it, and removes what the kernel does not: CGROUP FOLDER. Its file 3 ends when the run does.
cat <&3 > /dev/null
for attempt in $(seq 200); do
  [ -d "$1" ] || break
  echo 1 > "$1/cgroup.kill" 2> /dev/null
  find "$1" -depth -type d -exec rmdir {} \; 2> /dev/null
  sleep 0.1
done
if [ -e "$2/bpf-stats" ]; then echo 0 > /proc/sys/kernel/bpf_stats_enabled; fi
rm -rf "$2"
