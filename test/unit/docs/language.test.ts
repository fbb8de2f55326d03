import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pages, root } from "./pages.ts";
import { proseOf, retiredIn } from "./retired.ts";

/** Folders with sources and workflows; only the list itself and its test may hold what they look for. */
const folders = ["components", "infra", "test", "stacks", ".github"];
const theList = /unit\/docs\/(language\.test|retired)\.ts$/;

/** The table of policies repeats their descriptions, which count where they are written. */
const policyRows = /^\| `[\w-]+` \| [^|]+ \|(?: [^|]+ \|){3}$/gm;

describe("retired phrases", () => {
  it.each(pages)("are not in $file", ({ text }) => {
    expect(retiredIn(proseOf(text.replace(policyRows, "")))).toEqual([]);
  });

  it.each(folders)("are not in %s", (folder) => {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).filter(
      (file) => /\.(ts|ya?ml)$/.test(file) && !theList.test(file),
    );

    expect(files.length).toBeGreaterThan(1);
    expect(
      files.flatMap((file) =>
        retiredIn(readFileSync(join(root, folder, file), "utf8")).map((phrase) => `${file}: ${phrase}`),
      ),
    ).toEqual([]);
  });
});

describe("retiredIn", () => {
  it.each([
    "a pod beside it",
    "whoever runs it",
    "Somebody changed it",
    "nobody knows",
    "grown to so many nodes",
    "what it comes to",
    "as far as destroy",
    '"x" is no whole number',
    "a stand-in for AWS",
    "stand-ins",
    "mend that first",
    "It could not be told",
    "asked for",
    "pods of its own",
    "rules of their own",
    "kept for ever",
  ])("finds the one in: %s", (text) => {
    expect(retiredIn(text)).toHaveLength(1);
  });

  it.each([
    "besides",
    "there is no kube-proxy",
    "it is no longer there",
    "recommended amendments",
    "its own name",
    "The tasks, unmasked",
    "policy no-kube-proxy-beside-ebpf",
  ])("leaves alone: %s", (text) => {
    expect(retiredIn(text)).toEqual([]);
  });

  it("finds one that is broken over two lines, and none in code", () => {
    expect(retiredIn("as far\nas destroy")).toHaveLength(1);
    expect(proseOf("Run `no-kube-proxy-beside-ebpf`.\n```\nnobody\n```\n")).not.toMatch(/beside|nobody/);
  });
});
