import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";

/** The same providers as the program's, and nothing else. */
export const emptyProgram: PulumiFn = async () => {
  const provider = new aws.Provider("aws", { region: "eu-west-1" });
  new kubernetes.Provider("kubernetes", { kubeconfig: "{}" });
  await aws.getCallerIdentity({}, { provider });
};
