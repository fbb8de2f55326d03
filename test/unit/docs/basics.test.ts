import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import semver from "semver";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { brokenLinks, root } from "./pages.ts";

const text = (file: string) => readFileSync(join(root, file), "utf8");
const { license, engines } = JSON.parse(text("package.json"));

describe("what GitHub and editors look for", () => {
  it("is the same license in LICENSE and in package.json", () => {
    expect(license).toBe("Apache-2.0");
    expect(text("LICENSE")).toMatch(/^\s*Apache License\s+Version 2\.0/);
    expect(text("LICENSE")).toMatch(/^ {3}Copyright 20\d\d The calico-ebpf-eks authors$/m);
    expect(text("LICENSE")).not.toMatch(/\[yyyy\]|\[name of copyright owner\]/);
  });

  it("is a devcontainer with the Node.js, the Go and the extensions that the project names elsewhere", () => {
    const { image, features, customizations } = JSON.parse(text(".devcontainer/devcontainer.json"));
    const { recommendations } = JSON.parse(text(".vscode/extensions.json"));
    const [, go] = /^go (\d+\.\d+)/m.exec(text("test/toolchain/kubernetes/go.mod")) ?? [];

    expect(image).toMatch(new RegExp(`typescript-node:${text(".nvmrc").trim()}-`));
    expect(features["ghcr.io/devcontainers/features/go:1"].version).toBe(go);
    expect(customizations.vscode.extensions).toEqual(recommendations);
  });

  it.each(["SECURITY.md", "CONTRIBUTING.md"])("links in %s only to what is there", (file) => {
    expect(brokenLinks({ file, text: text(file) })).toEqual([]);
  });

  it("is a Node.js in .nvmrc that package.json allows", () => {
    const version = semver.coerce(text(".nvmrc"))?.version ?? "";
    expect(semver.satisfies(version, engines.node)).toBe(true);
  });

  it("is a schema for the stack files that is there, for all of them", () => {
    const schemas: Record<string, string> = JSON.parse(text(".vscode/settings.json"))["yaml.schemas"];
    for (const [schema, files] of Object.entries(schemas)) {
      expect(existsSync(join(root, schema))).toBe(true);
      expect(globSync(files, { cwd: root })).toContain(join("stacks", "Pulumi.dev.yaml"));
    }
    expect(Object.keys(schemas)).toHaveLength(1);
  });

  it.each(["bug", "feature"])("is a form for a %s, whose fields have ids and labels", (name) => {
    const { body } = parse(text(`.github/ISSUE_TEMPLATE/${name}.yml`)) as {
      body: { type: string; id?: string; attributes: { label?: string } }[];
    };
    const fields = body.filter(({ type }) => type !== "markdown");
    expect(fields.length).toBeGreaterThan(1);
    expect(fields.filter(({ id, attributes }) => id === undefined || attributes.label === undefined)).toEqual(
      [],
    );
  });
});

describe(".gitignore", () => {
  const isIgnored = (file: string) => {
    try {
      execFileSync("git", ["check-ignore", "--quiet", "--no-index", file], { cwd: root });
      return true;
    } catch {
      return false;
    }
  };

  it.each([
    "kubeconfig.json",
    "state.json",
    "next.json",
    "preview.json",
    "report.md",
    "calico-ebpf-eks-diagnosis-2026-11-27-20-00-00.tar.gz",
    "stacks/Pulumi.trial.yaml",
  ])("has %s, which the documents tell people to write", (file) => {
    expect(isIgnored(file)).toBe(true);
  });

  it.each(["README.md", "SECURITY.md", "package.json", "stacks/Pulumi.dev.yaml", "docs/ci.md"])(
    "leaves %s alone",
    (file) => {
      expect(isIgnored(file)).toBe(false);
    },
  );
});
