import { describe, expect, it } from "vitest";
import { knownSecrets, redactObject, redactText } from "../../../../../infra/commands/diagnose/redact.ts";

// Put together here, so that no scanner takes them for real ones.
const jwt = ["eyJhbGciOiJSUzI1NiJ9", "eyJzdWIiOiJtZSJ9", "c2lnbmF0dXJl"].join(".");
const accessKey = ["AKIA", "IOSFODNN7EXAMPLE"].join("");
const pem = ["-----BEGIN RSA", " PRIVATE KEY-----\nMIIEpAIB\n-----END RSA", " PRIVATE KEY-----"].join("");

describe("in a text", () => {
  it.each([
    ["a bearer token", "Authorization: Bearer abcdef0123456789", "Authorization: Bearer [removed]"],
    ["an account's token", `token is ${jwt} here`, "token is [removed] here"],
    ["a token of EKS", "k8s-aws-v1.aHR0cHM6Ly9zdHM", "[removed]"],
    ["an access key", `id=${accessKey}`, "id=[removed]"],
    ["a private key", `key:\n${pem}\nend`, "key:\n[removed]\nend"],
    ["a private key that was cut off", pem.slice(0, 40), "[removed]"],
    ["a password in an address", "https://me:hunter2@example.com/x", "https://me:[removed]@example.com/x"],
    ["a secret key in JSON", '{"secretAccessKey": "abc/def+ghi"}', '{"secretAccessKey": [removed]}'],
    ["one in the environment", "AWS_SECRET_ACCESS_KEY=abc/def", "AWS_SECRET_ACCESS_KEY=[removed]"],
    ["a signed address", "?X-Amz-Signature=0123abcd&x=1", "?X-Amz-Signature=[removed]&x=1"],
    ["a kubeconfig's key", "client-key-data: LS0tLS1CRUdJTg==", "client-key-data: [removed]"],
    ["a token in YAML", "    token: abc.def", "    token: [removed]"],
  ])("takes out %s", (_, text, without) => {
    expect(redactText(text)).toBe(without);
  });

  it.each([
    "secretName: typha-certs",
    "serviceAccountToken:",
    "automountServiceAccountToken: false",
    "172.20.0.1 port 443 proto 6 id 0 count 1 local 0",
    "quay.io/calico/node:v3.32.4",
    "Failed to set source-destination-check: UnauthorizedOperation",
  ])("leaves alone %s", (text) => {
    expect(redactText(text)).toBe(text);
  });

  it("takes out whatever is known, wherever it stands", () => {
    expect(redactText("x-my-own-credential-x", ["my-own-credential"])).toBe("x-[removed]-x");
  });
});

it("keeps of a container's variables what tells of Calico, and of others the name", () => {
  const env = [
    { name: "FELIX_BPFENABLED", value: "true" },
    { name: "FELIX_TYPHAKEYFILE", value: "/key" },
    { name: "DB_URL", value: "anything" },
    { name: "NODENAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
  ];
  const annotations = { "kubectl.kubernetes.io/last-applied-configuration": "{}", other: "kept" };
  const object = { metadata: { annotations, managedFields: [{}] }, spec: { containers: [{ env }] } };

  expect(redactObject(object)).toEqual({
    metadata: { annotations: { other: "kept" } },
    spec: {
      containers: [
        {
          env: [
            { name: "FELIX_BPFENABLED", value: "true" },
            { name: "FELIX_TYPHAKEYFILE", value: "[removed]" },
            { name: "DB_URL", value: "[removed]" },
            { name: "NODENAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
          ],
        },
      ],
    },
  });
});

it("knows every credential of the kubeconfig and of the environment, and no short word", () => {
  const kubeconfig = JSON.stringify({
    clusters: [{ name: "c", cluster: { server: "https://a" } }],
    users: [
      { name: "u", user: { token: "token-of-the-user" } },
      { name: "v", user: { username: "me", password: "password-of-v" } },
    ],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  });
  const env = {
    AWS_SECRET_ACCESS_KEY: "key-of-the-account",
    PULUMI_CONFIG_PASSPHRASE: "short",
    HOME: "/home/someone",
  };

  expect(knownSecrets(kubeconfig, env).toSorted()).toEqual([
    "key-of-the-account",
    "password-of-v",
    "token-of-the-user",
  ]);
});
