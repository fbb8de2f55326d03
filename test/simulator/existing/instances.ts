import { resourceId } from "../aws/ids.ts";
import type { Instance } from "../world/instance.ts";

/** What the tests change of an instance. */
export type InstanceChange = Partial<Instance>;

/** A number of EC2 instances in one subnet, with one security group and without source/destination check. */
export function instancesOf(count: number, changes: InstanceChange = {}): Instance[] {
  return Array.from({ length: count }, (_, index) => {
    const address = `10.40.${Math.floor(index / 250)}.${(index % 250) + 4}`;
    return {
      id: resourceId("i", `existing ${index}`),
      nodeName: `ip-${address.replaceAll(".", "-")}.eu-west-1.compute.internal`,
      privateIp: address,
      subnetId: "subnet-0000000000000000c",
      networkInterfaceId: resourceId("eni", `existing ${index}`),
      securityGroupIds: ["sg-0000000000000000a"],
      roleArn: "arn:aws:iam::111122223333:role/node",
      nodeGroupName: "default",
      instanceType: "m7i.large",
      family: "AL2023",
      architecture: "x86_64",
      kernel: "6.12.94-123.amzn2023.x86_64",
      labels: {},
      taints: [],
      sourceDestCheck: false,
      ready: false,
      ...changes,
    };
  });
}
