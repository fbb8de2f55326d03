// biome-ignore-all lint/style/noDefaultExport: the language host runs the default export
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

class Pair extends pulumi.ComponentResource {
  readonly kmsKey: aws.kms.Key;

  constructor(name: string) {
    super("test:index:Pair", name);
    this.kmsKey = new aws.kms.Key(
      name,
      { description: new pulumi.Config("calico-ebpf-eks").require("note") },
      { parent: this },
    );
  }
}

/** An entry point that uses what the real one uses: components, secrets, calls, dependencies and outputs. */
const program = async () => {
  const { accountId } = await aws.getCallerIdentity();
  const { kmsKey } = new Pair("pair");
  const parameter = new aws.ssm.Parameter(
    "parameter",
    { type: "SecureString", keyId: kmsKey.arn, value: pulumi.secret("hidden"), tags: { account: accountId } },
    { dependsOn: kmsKey, deletedWith: kmsKey },
  );
  return { kmsKeyArn: kmsKey.arn, value: parameter.value };
};

export { program as default };
