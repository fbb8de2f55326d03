/** What GitHub puts into the environment of a job on a stack that is set up, with its state in a bucket. */
export const stack = {
  OPERATION: "preview",
  STACK: "dev",
  ENVIRONMENT: "dev-preview",
  STACK_ROLE_ARN: "arn:aws:iam::111122223333:role/calico-preview",
  PULUMI_BACKEND_URL: "s3://states?region=eu-west-1",
  PULUMI_ORGANIZATION: "",
};

/** The same with the state in Pulumi Cloud. */
export const cloud = { ...stack, PULUMI_BACKEND_URL: "https://api.pulumi.com", PULUMI_ORGANIZATION: "acme" };
