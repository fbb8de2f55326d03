import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, it } from "vitest";
import { entry, root } from "./run.ts";

/** What a file imports when it runs, now or later. */
function importsOf(file: string): string[] {
  const found = readFileSync(file, "utf8").matchAll(
    /(?:^import (?!type )(?:[^;"]*from )?|^export [^;"=]* from |\bimport\()"([^"]+)"/gm,
  );
  return [...found].map(([, name = ""]) => name).filter((name) => !name.startsWith("node:"));
}

/** Packages that a file and all that it imports need when they run, by name, with one file that needs each. */
function packagesOf(first: string): Map<string, string> {
  const seen = new Set([first]);
  const found = new Map<string, string>();
  // A set goes on with what is added while it is gone through.
  for (const file of seen) {
    for (const name of importsOf(file)) {
      const path = join(dirname(file), name);
      if (!name.startsWith(".")) found.set(packageOf(name), relative(root, file));
      else if (existsSync(path)) seen.add(path);
    }
  }
  return found;
}

function packageOf(name: string): string {
  return name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");
}

it("npm ci --omit=dev leaves every command what it needs to run", () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const found = packagesOf(entry);

  expect([...found.keys()]).toEqual(expect.arrayContaining(["@kubernetes/client-node", "tar-stream", "zod"]));
  expect([...found].filter(([name]) => !Object.hasOwn(dependencies, name))).toEqual([]);
  expect(dependencies).toHaveProperty("node");
});
