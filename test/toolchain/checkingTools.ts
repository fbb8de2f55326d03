import { fileURLToPath } from "node:url";
import { pinned } from "../../infra/commands/shared/engine/pinned.ts";
import { getTool } from "./tool.ts";

type Say = (line: string) => void;

const folderOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const actionlintPin = pinned({
  program: "actionlint",
  packagePath: "github.com/rhysd/actionlint/cmd/actionlint",
  module: "github.com/rhysd/actionlint",
  moduleFolder: folderOf("./actionlint"),
});

/** The checker of GitHub's workflows, built in some seconds. */
export const actionlint = (say: Say) => getTool(actionlintPin, say);

const promtoolPin = pinned({
  program: "promtool",
  packagePath: "github.com/prometheus/prometheus/cmd/promtool",
  module: "github.com/prometheus/prometheus",
  moduleFolder: folderOf("./prometheus"),
  versionSymbol: "github.com/prometheus/common/version.Version",
  // Without the many ways to discover targets, which no rule needs: a third of the packages.
  flags: ["-tags", "remove_all_sd"],
});

/** Prometheus's own checker of rules, built in some minutes. */
export const promtool = (say: Say) => getTool(promtoolPin, say);

const kubectlPin = pinned({
  program: "kubectl",
  packagePath: "k8s.io/kubernetes/cmd/kubectl",
  module: "k8s.io/kubernetes",
  moduleFolder: folderOf("./kubectl"),
  versionSymbol: "k8s.io/component-base/version.gitVersion",
  versionArguments: ["version", "--client"],
});

/** kubectl of any version from PATH, else of the rehearsal's Kubernetes version, built in two minutes. */
export const kubectl = (say: Say) => getTool(kubectlPin, say);
