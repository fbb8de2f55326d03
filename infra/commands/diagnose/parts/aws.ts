import type { Live } from "../../verify/check.ts";
import { isOnEc2, nodeInterfaces, securityRules } from "../../verify/reading/interfaces.ts";
import type { Collection } from "../collection.ts";

/** Collects what EC2 says of the nodes' network interfaces and security groups. */
export async function collectAws(live: Live, collection: Collection): Promise<void> {
  await collection.attempt("EC2", async () => {
    if ((await isOnEc2(live)) !== true) return;
    collection.addObject("aws/interfaces.json", await nodeInterfaces(live));
    collection.addObject("aws/security-group-rules.json", await securityRules(live));
  });
}
