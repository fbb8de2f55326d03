/**
 * Blocks of addresses that Calico gives one node at most; pods beyond them fail with "cannot allocate new block due to per host
 * block limit". Source: projectcalico/libcalico-go#1368, projectcalico/calico#9462 and #4861; IPAMConfiguration
 * maxBlocksPerHost, which the operator does not set (v1.42.4). Read 2026-11-27.
 */
export const mostBlocksPerNode = 20;

/** Prefix lengths of a block that the operator accepts in an IPv4 pool. Source: tigera/operator v1.42.4 ippool/validation.go. */
export const blockSizes = { shortest: 20, longest: 32 } as const;
