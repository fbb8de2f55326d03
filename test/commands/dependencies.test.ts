import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, it } from "vitest";
import { entry, root } from "./run.ts";

/** Packages that a file and all that it imports need when they run, by name, with one file that needs each. */
function packagesOf(first: string): Map<string, string> {
  const [seen, open] = [new Set<string>(), [first]];
  const found = new Map<string, string>();
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const text = readFileSync(file, "utf8");
    const imports = text.matchAll(
      /(?:^import (?!type )(?:[^;"]*from )?|^export [^;"=]* from |\bimport\()"([^"]+)"/gm,
    );
    for (const [, name = ""] of imports) {
      if (name.startsWith("node:")) continue;
      if (name.startsWith(".")) {
        const path = join(dirname(file), name);
        if (existsSync(path)) open.push(path);
      } else
        found.set(
          name
            .split("/")
            .slice(0, name.startsWith("@") ? 2 : 1)
            .join("/"),
          relative(root, file),
        );
    }
  }
  return found;
}

it("npm ci --omit=dev leaves every command what it needs to run", () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const found = packagesOf(entry);

  expect([...found.keys()]).toEqual(
    expect.arrayContaining(["@kubernetes/client-node", "tar-stream", "vega", "zod"]),
  );
  expect([...found].filter(([name]) => !Object.hasOwn(dependencies, name))).toEqual([]);
  expect(dependencies).toHaveProperty("node");
});
