import type { Ec2Endpoint } from "./ec2Endpoint.ts";

/** Environment in which the AWS SDK finds a simulated EC2, and no account of the user's. */
export function awsEnvironment({ url }: Pick<Ec2Endpoint, "url">): Readonly<Record<string, string>> {
  return { AWS_ENDPOINT_URL_EC2: url, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
}
