/** API version of the operator's own kinds. */
export const operatorApi = "operator.tigera.io/v1";

/** Type of the component that holds the Installation; once also of what is behind its gate. */
export const dataplaneType = "calico-ebpf-eks:index:Dataplane";
