/** Images that hold the tools that send. Both exist for x86_64 and arm64. */
export const toolImages = {
  throughput: {
    image: "docker.io/nicolaka/netshoot:v0.16",
    program: "iperf3",
    source:
      "nicolaka/netshoot, Dockerfile at tag v0.16 (2026-07-01) installs Alpine's iperf3; read 2026-11-21",
  },
  requests: {
    image: "docker.io/fortio/fortio:1.66.5",
    program: "fortio",
    source:
      "fortio/fortio v1.66.5; the same release as the Go module that the tests run; its image holds the executable alone",
  },
} as const;

/** Ports that the tools' servers listen on, in the pods. */
export const toolPorts = { iperf3: 5201, fortio: 8080 } as const;

/** Bytes of headers in a packet, IPv4 without options. */
export const headerBytes = {
  tcp: 40,
  udp: 28,
  source: "RFC 791 (20), RFC 9293 (20), RFC 768 (8)",
} as const;

/** MTU that is measured besides the cluster's own: the largest that also fits in WireGuard on a 1500-byte network. */
export const smallMtuBytes = { bytes: 1440, source: "tigera/docs networking/configuring/mtu.mdx" } as const;

/** How often a node's processor time is read anew, at the least. */
export const kubeletReadingSeconds = {
  seconds: 10,
  source: "kubelet: --housekeeping-interval of its cAdvisor, 10 s by default; read 2026-11-21",
} as const;
