# Runs inside the oracle's guest, in its busybox: real md on RAM disks, what it does in a second. The speeds that are no
# goal come first, so that the machine translator has seen the code when it counts.
# kv, of the oracle, hands a line to the host; /load is load.c.
MS=2000
MD=/dev/md0
S=/sys/block/md0/md

load() { kv "$1" "$(/load "$2" $MD "$3" "$4" $MS)"; }
uptime() { cut -d' ' -f1 /proc/uptime; }

check() { # of the whole array; $1: stripes in the cache
  echo "$1" > $S/stripe_cache_size
  local start
  start=$(uptime)
  echo check > $S/sync_action
  while [ "$(cat $S/sync_action)" != idle ]; do sleep 0.02; done
  kv "CHECK_$1" "$start $(uptime)"
}

insmod /mod/brd.ko rd_nr=5 rd_size=65536
echo 10000000 > /proc/sys/dev/raid/speed_limit_max
echo 1000000 > /proc/sys/dev/raid/speed_limit_min
yes | mdadm --create $MD --run --level=5 --raid-devices=5 --chunk=64 --layout=ls --metadata=1.2 --bitmap=none \
  --assume-clean /dev/ram0 /dev/ram1 /dev/ram2 /dev/ram3 /dev/ram4
load FILL write 1048576 8
load WRITE_256K write 262144 8
load WRITE_1M write 1048576 8
load RANDOM randwrite 4096 32
kv MEMBER_KIB "$(cat $S/component_size)"
check 256
check 4096
echo 256 > $S/stripe_cache_size
mdadm $MD --fail /dev/ram1
load DEGRADED read 1048576 8
