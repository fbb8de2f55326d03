// Builds the npm package: compiled JavaScript with types, as Node strips no types inside node_modules.
// Usage: node .ci/package.mjs [FOLDER], by default dist.
import { execFileSync } from "node:child_process";
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, resolve } from "node:path";
import { env } from "node:process";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = resolve(process.argv[2] ?? join(root, "dist"));

rmSync(folder, { recursive: true, force: true });
execFileSync(process.execPath, [
  join(root, "node_modules", "@typescript", "native", "bin", "tsc"),
  ...["--project", join(root, "tsconfig.package.json"), "--outDir", folder],
]);

/** Packages that the compiled code imports. */
const imported = new Set(
  globSync("**/*.{js,d.ts}", { cwd: folder }).flatMap((file) =>
    [...readFileSync(join(folder, file), "utf8").matchAll(/^(?:import|export)[^"]*? from "([^."][^"]*)"/gm)]
      .map(([, name = ""]) => name)
      .filter((name) => !isBuiltin(name))
      .map((name) =>
        name
          .split("/")
          .slice(0, name.startsWith("@") ? 2 : 1)
          .join("/"),
      ),
  ),
);

const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
/** Where GitHub builds it: npm refuses a provenance whose repository the package does not name (E422). */
const { GITHUB_REPOSITORY: repository, GITHUB_SERVER_URL: server = "https://github.com" } = env;
const exported = (file) => ({ types: `./${file}.d.ts`, default: `./${file}.js` });
writeFileSync(
  join(folder, "package.json"),
  `${JSON.stringify(
    {
      name: own.name,
      version: own.version,
      description: "A Pulumi component: an EKS cluster whose whole data path is Calico eBPF.",
      license: own.license,
      ...(repository === undefined
        ? {}
        : { repository: { type: "git", url: `git+${server}/${repository}.git` } }),
      type: "module",
      engines: own.engines,
      // The whole cluster, or one of the components that it is made of.
      exports: { ".": exported("infra/ebpfCluster"), "./components/*": exported("components/*") },
      dependencies: Object.fromEntries(
        Object.entries(own.dependencies).filter(([name]) => imported.has(name)),
      ),
    },
    undefined,
    2,
  )}\n`,
);
cpSync(join(root, "docs", "package.md"), join(folder, "README.md"));
cpSync(join(root, "LICENSE"), join(folder, "LICENSE"));
