import { z } from "zod";
import { webhookPorts } from "../facts/webhookPorts.ts";
import { text, wholeNumber } from "./formats.ts";

const known = Object.keys(webhookPorts) as [keyof typeof webhookPorts, ...(keyof typeof webhookPorts)[]];

const fromControlPlane = z
  .strictObject({
    for: z.enum(known).optional().describe("A common webhook or API whose ports are known."),
    port: wholeNumber(1, 65535).optional().describe("Any other TCP port, with a reason."),
    reason: text({
      fits: /^[A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]{1,255}$/,
      needs: "EC2 takes 1 to 255 letters, digits, spaces and . _ - : / ( ) # , @ [ ] + = & ; { } ! $ *",
      examples: ["API server to the webhook of orders", "API server to the policy webhook"],
    })
      .optional()
      .describe("What listens there; the description of the rule."),
  })
  .describe("What the control plane may reach: either for, or port and reason.");

/** Settings under `nodeFirewall`. */
export const nodeFirewall = z
  .strictObject({
    fromControlPlane: z
      .array(fromControlPlane)
      .default([])
      .describe(
        "Ports of webhooks and aggregated APIs on the host network, each `{ for: cert-manager }` or `{ port: 9444, reason: … }`; the control plane reaches nodes, and never pods on the pod network.",
      ),
  })
  .describe("The security group of the nodes.");
