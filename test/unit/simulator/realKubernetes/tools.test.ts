import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Pin } from "../../../../infra/commands/shared/engine/pinned.ts";
import { kubernetesTools, presentKubernetesTools } from "../../../toolchain/kubernetesTools.ts";

const programs = {
  etcd: "etcd",
  apiServer: "kube-apiserver",
  controllerManager: "kube-controller-manager",
  scheduler: "kube-scheduler",
  kwok: "kwok",
} as const;

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tools-test-"));
  mkdirSync(join(folder, "module"));
  writeFileSync(join(folder, "module", "go.mod"), "module m\n\ngo 1.26\n\nrequire example.com/m v1.2.3\n");
  writeFileSync(join(folder, "module", "go.sum"), "");
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function pin(program: string): Pin {
  const packagePath = `example.com/m/${program}`;
  return { program, packagePath, module: "example.com/m", moduleFolder: join(folder, "module") };
}

const pins = () => ({
  etcd: pin(programs.etcd),
  apiServer: pin(programs.apiServer),
  controllerManager: pin(programs.controllerManager),
  scheduler: pin(programs.scheduler),
  kwok: pin(programs.kwok),
});

function script(path: string, text: string): void {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

/** A `go` that builds programs that tell a version, but for one that it fails at. */
function go(failsAt?: string): void {
  script(
    join(folder, "bin", "go"),
    `for last; do :; done
case "$last" in *${failsAt ?? "/none"}) echo "undefined: Foo" >&2; exit 1;; esac
while [ "$1" != -o ]; do shift; done
mkdir -p "$(dirname "$2")"; printf '#!/bin/sh\\necho v1.2.3\\n' > "$2"; chmod +x "$2"`,
  );
}

const options = (said: string[] = []) => ({
  say: (line: string) => void said.push(line),
  env: { PATH: `${join(folder, "bin")}:/usr/bin:/bin`, HOME: folder },
  cacheFolder: join(folder, "cache"),
  pins: pins(),
});

describe("The tools of a real control plane", () => {
  it("are built once, with progress, and then found", async () => {
    go();
    const said: string[] = [];
    const { description, kwok } = await kubernetesTools(options(said));

    expect(description).toBe("Kubernetes 1.2.3, etcd 1.2.3, kwok 1.2.3");
    expect(said[0]).toContain("building etcd 1.2.3 from Go modules: 0.0 s");
    expect(await presentKubernetesTools(options())).toHaveProperty("kwok", kwok);
  });

  it("are taken from the folder that KUBEBUILDER_ASSETS names", async () => {
    const assets = join(folder, "assets");
    for (const program of Object.values(programs)) script(join(assets, program), "echo v1.36.0");
    const { env, ...rest } = options();
    const found = await presentKubernetesTools({ ...rest, env: { ...env, KUBEBUILDER_ASSETS: assets } });

    expect(found).toMatchObject({
      etcd: join(assets, "etcd"),
      description: expect.stringContaining("1.36.0"),
    });
  });

  it("tell with the log's last lines and its file why one cannot be built", async () => {
    go("kube-scheduler");
    const refusal = await kubernetesTools(options()).catch((error: Error) => error.message);
    const [log] = readdirSync(join(folder, "cache")).filter((name) => name.endsWith(".log"));

    expect(refusal).toContain("--kubernetes real needs kube-scheduler 1.2.3, and building it failed:");
    expect(refusal).toContain(`the end of ${join(folder, "cache", String(log))}:\n    undefined: Foo`);
    expect(refusal).toContain("leave --kubernetes out");
  });
});
