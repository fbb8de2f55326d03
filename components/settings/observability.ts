import { z } from "zod";
import { text, wholeNumber } from "./formats.ts";

const labelKey = text({
  fits: /^((?=[^/]{1,253}\/)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/,
  needs: "the key of a Kubernetes label is needed",
  examples: ["release", "example.com/team"],
});

const labelValue = text({
  fits: /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/,
  needs: "the value of a Kubernetes label is needed: up to 63 letters, digits and - _ .",
  examples: ["kube-prometheus-stack", "platform"],
});

/** Settings under `observability`. */
export const observability = z
  .strictObject({
    prometheus: z
      .enum(["None", "Operator"])
      .default("None")
      .describe(
        "Operator: scrape objects and alert rules for a Prometheus operator that is in the cluster already.",
      ),
    labels: z
      .record(labelKey, labelValue)
      .default({})
      .describe("Labels of those objects, by which a Prometheus selects them."),
    typhaMetricsPort: wholeNumber(1024, 65535)
      .nullable()
      .optional()
      .describe(
        "Port of Typha's metrics on its nodes; null: none. Unset: 9093 with prometheus: Operator, else none.",
      ),
    runbooks: text({
      fits: /^https?:\/\/\S+[^\s/]$/,
      needs: "an address without a last slash is needed",
      examples: [
        "https://git.example.com/platform/calico-ebpf-eks/blob/main/docs",
        "https://docs.example.com/calico-ebpf-eks",
      ],
    })
      .optional()
      .describe(
        "Where people read the docs folder, for links in alerts; unset: its path in this repository.",
      ),
    flows: z
      .boolean()
      .default(false)
      .describe("Goldmane, which gathers the flows that Calico saw, and Whisker, which shows them."),
  })
  .describe("Metrics, alerts and flows.");
