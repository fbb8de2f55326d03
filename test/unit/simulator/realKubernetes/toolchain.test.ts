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

/** Versions of the libraries of Kubernetes and Go that a program is built with. */
function libraries(program: string): Record<string, string> {
  const lines = read("test", "toolchain", program, "go.mod").matchAll(
    /^\s*((?:k8s\.io|golang\.org\/x)\/\S+) (v\S+)/gm,
  );
  return Object.fromEntries([...lines].map(([, name, version]) => [name, version]));
}

it.each(["kwok", "coredns"])(
  "%s is built with libraries of the operator, which Go compiles once",
  (program) => {
    const own = libraries(program);
    const shared = Object.entries(libraries("calico")).filter(([name]) => name in own);

    expect(shared.length).toBeGreaterThan(10);
    expect(Object.fromEntries(shared.map(([name]) => [name, own[name]]))).toEqual(Object.fromEntries(shared));
  },
);
