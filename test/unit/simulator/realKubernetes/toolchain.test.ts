import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..", "..", "..");
const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8");

it("The kubernetes plugin says that it is of the SDK's version: of another one the engine warns", () => {
  const { dependencies } = JSON.parse(read("package.json"));

  expect(read("test", "toolchain", "kubernetes-provider", "main.go")).toContain(
    `const sdkVersion = "${dependencies["@pulumi/kubernetes"]}"`,
  );
});
