import { z } from "zod";
import { text } from "./formats.ts";

/** Settings under `account`. */
export const account = z
  .strictObject({
    id: text({
      fits: /^\d{12}$/,
      needs: "the twelve digits of an AWS account are needed, in quotes",
      examples: ["111122223333", "444455556666"],
    })
      .optional()
      .describe("Account that this stack belongs to, in quotes; in any other, everything is refused."),
    roleArn: text({
      fits: /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
      needs: "the ARN of an IAM role is needed",
      examples: [
        "arn:aws:iam::111122223333:role/deployer",
        "arn:aws:iam::444455556666:role/platform/deployer",
      ],
    })
      .optional()
      .describe(
        "Role that is assumed for everything, kubeconfig included; unset: the credentials as they are.",
      ),
  })
  .describe("The AWS account.");

/** Settings of the account, complete. */
export type AccountSettings = Readonly<z.output<typeof account>>;
