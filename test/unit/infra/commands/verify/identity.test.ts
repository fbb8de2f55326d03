import { KubeConfig } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { identityOf } from "../../../../../infra/ec2.ts";

const roleArn = "arn:aws:iam::111122223333:role/deployer";

function configOf(user: object): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(
    JSON.stringify({
      clusters: [{ name: "c", cluster: { server: "https://c.example.com" } }],
      contexts: [{ name: "aws", context: { cluster: "c", user: "me" } }],
      users: [
        {
          name: "other",
          user: { exec: { command: "aws", args: ["--role", "arn:aws:iam::444455556666:role/other"] } },
        },
        { name: "me", user },
      ],
      "current-context": "aws",
    }),
  );
  return config;
}

describe("the identity for EC2", () => {
  it.each([
    {
      title: "the role and profile of a stack's kubeconfig",
      user: {
        exec: {
          command: "aws",
          args: [
            ...["--region", "eu-west-1", "eks", "get-token", "--cluster-name", "c", "--output", "json"],
            ...["--role", roleArn, "--profile", "work"],
          ],
          env: [{ name: "KUBERNETES_EXEC_INFO", value: "{}" }],
        },
      },
      identity: { profile: "work", roleArn },
    },
    {
      title: "the profile of the environment that a kubeconfig sets",
      user: {
        exec: {
          command: "aws",
          args: ["eks", "get-token", "--cluster-name", "c"],
          env: [{ name: "AWS_PROFILE", value: "work" }],
        },
      },
      identity: { profile: "work", roleArn: undefined },
    },
    {
      title: "the profile of the flag, which overrules the environment",
      user: {
        exec: {
          command: "aws",
          args: ["eks", "get-token", "--cluster-name", "c", "--profile", "flag"],
          env: [{ name: "AWS_PROFILE", value: "environment" }],
        },
      },
      identity: { profile: "flag", roleArn: undefined },
    },
    {
      title: "those of a kubeconfig by the aws CLI",
      user: {
        exec: {
          command: "/usr/bin/aws",
          args: ["eks", "get-token", "--role-arn", roleArn, "--profile", "p"],
        },
      },
      identity: { profile: "p", roleArn },
    },
    {
      title: "no explicit identity where the kubeconfig names none",
      user: { exec: { command: "aws", args: ["eks", "get-token", "--cluster-name", "c"] } },
      identity: { profile: undefined, roleArn: undefined },
    },
    {
      title: "no explicit identity for another helper, whatever its flags mean",
      user: { exec: { command: "kubelogin", args: ["--role", "reader"] } },
      identity: { profile: undefined, roleArn: undefined },
    },
    {
      title: "no explicit identity for a token",
      user: { token: "abc" },
      identity: { profile: undefined, roleArn: undefined },
    },
  ])("is $title", ({ user, identity }) => {
    expect(identityOf(configOf(user))).toEqual(identity);
  });
});
