import { z } from "zod";
import { text } from "./formats.ts";

/** Settings under `iam`. */
export const iam = z
  .strictObject({
    permissionsBoundary: text({
      fits: /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/([\w+=,.@-]+\/)*[\w+=,.@-]+$/,
      needs: "the ARN of an IAM policy is needed",
      examples: [
        "arn:aws:iam::111122223333:policy/platform-boundary",
        "arn:aws:iam::111122223333:policy/teams/boundary",
      ],
    })
      .optional()
      .describe("ARN of the IAM policy that bounds every role of the stack, the control plane's among them."),
  })
  .describe("The IAM roles that the stack creates.");
