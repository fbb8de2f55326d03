module calico-ebpf-eks/toolchain/calico

go 1.26

require github.com/tigera/operator v1.42.4
