import { z } from "zod";
import { text } from "./formats.ts";

const namespaceName = text({
  fits: /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  needs: "a namespace's name is needed: up to 63 lower-case letters, digits and -",
  examples: ["shop", "payments"],
});

/** Settings under `networkPolicies`. */
export const networkPolicies = z
  .strictObject({
    defaultDeny: z
      .array(namespaceName)
      .default([])
      .describe(
        "Namespaces in which pods reach only DNS and the API server, and only their node reaches them, until policies of yours allow more.",
      ),
  })
  .describe("Network policies to start from.");
