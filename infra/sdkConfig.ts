import type { EC2ClientConfig } from "@aws-sdk/client-ec2";

/** The identity of an AWS SDK client. */
export interface SdkIdentity {
  /** Unset: from the environment. */
  readonly region: string | undefined;
  /** Unset: the ambient credentials. */
  readonly profile: string | undefined;
  /** Role that is assumed with them; unset: none. */
  readonly roleArn: string | undefined;
}

/** Configuration of a client of the AWS SDK that has the same credentials as the aws provider. */
export async function sdkConfig({ region, profile, roleArn }: SdkIdentity): Promise<EC2ClientConfig> {
  const base = {
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
  };
  if (roleArn === undefined) return base;
  // Imported only here: most stacks do not need this library.
  const { fromTemporaryCredentials } = await import("@aws-sdk/credential-providers");
  const params = { RoleArn: roleArn, RoleSessionName: "calico-ebpf-eks" };
  return { ...base, credentials: fromTemporaryCredentials({ params, clientConfig: base }) };
}
