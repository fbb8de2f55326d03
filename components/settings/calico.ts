import { z } from "zod";
import { chartRepository, cidr, registry, text, wholeNumber } from "./formats.ts";

/** Settings under `calico`. */
export const calico = z
  .strictObject({
    version: text({
      fits: /^\d+\.\d+\.\d+$/,
      needs: "must be a Calico release without v",
      examples: ["3.32.4", "3.33.1"],
    })
      .default("3.32.4")
      .describe("Calico release."),
    cni: z
      .enum(["Calico", "AmazonVPC"])
      .default("Calico")
      .describe(
        "Where pods get their addresses: Calico, from podCidr; AmazonVPC, from the node subnets through the AWS VPC CNI, with externalService: Tunnel. Cannot change later.",
      ),
    dataplane: z.enum(["BPF", "Iptables"]).default("BPF").describe("What forwards packets on the nodes."),
    externalService: z
      .enum(["DSR", "Tunnel"])
      .default("DSR")
      .describe(
        "Reply path for NodePorts: DSR, directly to the client; Tunnel, back through the first node.",
      ),
    dsrOptOutCidrs: z
      .array(cidr("198.51.100.7/32", "10.0.0.0/8"))
      .default([])
      .describe("Client ranges that get Tunnel when the mode is DSR."),
    podCidr: cidr("192.168.0.0/16", "10.244.0.0/16")
      .default("192.168.0.0/16")
      .describe("Addresses of pods, outside the VPC and serviceCidr."),
    blockSize: wholeNumber(20, 32)
      .default(26)
      .describe("Prefix length of the address blocks that Calico assigns to nodes."),
    encapsulation: z
      .enum(["VXLAN", "VXLANCrossSubnet", "None", "IPIP", "IPIPCrossSubnet"])
      .default("VXLAN")
      .describe(
        "How pod traffic crosses between nodes. None needs one node subnet. IPIP is refused: it performs poorly under eBPF.",
      ),
    mtu: z
      .union([z.literal("auto"), wholeNumber(576, 9001)])
      .default("auto")
      .describe("Largest packet of a pod, in bytes; auto: detected from the node's interface."),
    apiServer: z.boolean().default(true).describe("Serve projectcalico.org/v3 to kubectl and calicoctl."),
    metricsPort: wholeNumber(1024, 65535)
      .nullable()
      .default(9091)
      .describe("Port of Felix's metrics on every node; null: none."),
    registry: registry("111122223333.dkr.ecr.eu-west-1.amazonaws.com/quay")
      .optional()
      .describe("Registry that mirrors quay.io, for Calico's and the operator's images."),
    chartRepository: chartRepository("https://docs.tigera.io/calico/charts")
      .default("https://docs.tigera.io/calico/charts")
      .describe("Source of the operator's Helm chart."),
    felix: z
      .record(
        text({
          fits: /\S/,
          needs: "must be the name of a field of FelixConfiguration",
          examples: ["logSeverityScreen", "bpfLogLevel"],
        }),
        z.unknown(),
      )
      .default({})
      .describe(
        "Further fields of FelixConfiguration, named as in its CRD; fields that this program or the operator owns are refused.",
      ),
  })
  .describe("Calico and its operator.");
