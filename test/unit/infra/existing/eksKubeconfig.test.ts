import { expect, it } from "vitest";
import { eksKubeconfig } from "../../../../infra/existing/access.ts";

const found = {
  endpoint: "https://0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com",
  certificateAuthorities: [{ data: "Y2E=" }],
};
const roleArn = "arn:aws:iam::111122223333:role/deployer";
const getToken = [
  ...["eks", "get-token", "--cluster-name", "platform", "--region", "eu-west-1", "--output", "json"],
];

it.each([
  [undefined, {}, getToken],
  ["work", {}, [...getToken, "--profile", "work"]],
  ["work", { roleArn }, [...getToken, "--role-arn", roleArn, "--profile", "work"]],
])(
  "an existing EKS cluster's kubeconfig names the profile %s by a flag, which the environment does not overrule",
  (profile, account, args) => {
    const text = eksKubeconfig({ account, region: "eu-west-1", profile }, "platform", found);

    expect(JSON.parse(text).users).toEqual([
      {
        name: "platform",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "aws",
            args,
            interactiveMode: "Never",
          },
        },
      },
    ]);
  },
);

it("its kubeconfig reaches the endpoint by its certificate, with the context that is current", () => {
  const { users: _, ...kubeconfig } = JSON.parse(
    eksKubeconfig(
      { account: { roleArn: undefined }, region: "eu-west-1", profile: undefined },
      "platform",
      found,
    ),
  );

  expect(kubeconfig).toEqual({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      { name: "platform", cluster: { server: found.endpoint, "certificate-authority-data": "Y2E=" } },
    ],
    contexts: [{ name: "platform", context: { cluster: "platform", user: "platform" } }],
    "current-context": "platform",
  });
});
