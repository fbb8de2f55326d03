import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stacksIn } from "../../../../../infra/commands/shared/stackFile.ts";
import { sources, workflows } from "../../../../support/pipeline/workflows.ts";

const all = Object.entries(workflows);
const jobs = all.flatMap(([file, { jobs: those }]) =>
  Object.entries(those).map(([name, job]) => ({ where: `${file}/${name}`, file, name, job })),
);
const steps = jobs.flatMap(({ where, job }) => (job.steps ?? []).map((step) => ({ where, step })));

/** Release of each action that is used, by its commit; from the tags of the actions' own repositories, 2026-11-21. */
const releases: Readonly<Record<string, string>> = {
  "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1": "v7.0.1",
  "actions/setup-node@820762786026740c76f36085b0efc47a31fe5020": "v7.0.0",
  "aws-actions/configure-aws-credentials@e6de054238d6b7531b4efff3b6587d9aade6a06c": "v6.2.3",
};

describe("the workflows", () => {
  it("are a pull request's, the deployment's, the nightly one, the release and what they share", () => {
    expect(Object.keys(workflows).toSorted()).toEqual([
      "deploy",
      "drift",
      "on-stack",
      "pull-request",
      "release",
    ]);
  });

  it("pin every action of others by commit, with the release in a comment", () => {
    const used = sources.flatMap((text) => [...text.matchAll(/uses: (?!\.\/)(.*)/g)].map(([, one]) => one));

    expect(used.length).toBeGreaterThan(5);
    for (const one of used) {
      const [action = "", release] = one?.split(" # ") ?? [];
      expect(release).toBe(releases[action]);
    }
  });

  it("give nothing by default, and each job what it needs alone", () => {
    for (const [file, { permissions }] of all) {
      expect({ file, permissions }).toEqual({ file, permissions: file === "on-stack" ? undefined : {} });
    }
    expect(
      Object.fromEntries(
        jobs.filter(({ file }) => file !== "on-stack").map(({ where, job }) => [where, job.permissions]),
      ),
    ).toEqual({
      "deploy/dev": { contents: "read", "id-token": "write" },
      "deploy/prod": { contents: "read", "id-token": "write" },
      "drift/all": { contents: "read" },
      "drift/drift": { contents: "read", "id-token": "write", issues: "write" },
      "pull-request/check": { contents: "read" },
      "pull-request/touched": { contents: "read", "pull-requests": "read" },
      "pull-request/rehearse": { contents: "read", "pull-requests": "write" },
      "pull-request/preview": { contents: "read", "id-token": "write", "pull-requests": "write" },
      "pull-request/no-preview": {},
      "release/publish": { contents: "read", "id-token": "write" },
    });
  });

  it("leave what is called the permissions of the job that calls it", () => {
    expect(workflows["on-stack"]?.jobs["on-stack"]).not.toHaveProperty("permissions");
    expect(Object.keys((workflows["on-stack"]?.on ?? {}) as object)).toEqual(["workflow_call"]);
  });

  it("store no key: AWS is reached by an identity that GitHub gives, and no secret is read", () => {
    expect(sources.join("\n")).not.toMatch(
      /secrets[.[]|secrets: inherit|aws-access-key-id|PULUMI_ACCESS_TOKEN/,
    );
  });

  it("run no code of a fork with an identity or a permission to write", () => {
    expect(sources.join("\n")).not.toContain("pull_request_target");
    expect(sources.join("\n")).not.toContain("workflow_run");
    expect(workflows["pull-request"]?.jobs["preview"]?.if).toContain(
      "github.event.pull_request.head.repo.full_name == github.repository",
    );
  });

  it("keep no credentials in the checkout", () => {
    const checkouts = steps.filter(({ step }) => step.uses?.startsWith("actions/checkout@"));

    expect(checkouts.length).toBeGreaterThan(3);
    for (const { step } of checkouts) expect(step.with).toEqual({ "persist-credentials": false });
  });

  it("hand values to scripts by the environment, never as text of the script", () => {
    const scripts = steps.flatMap(({ step: { run } }) => (run === undefined ? [] : [run]));

    expect(scripts.length).toBeGreaterThan(8);
    for (const script of scripts) expect(script).not.toContain("${{");
  });

  it("end by themselves", () => {
    const ran = jobs.filter(({ job }) => job.steps !== undefined);

    for (const { job } of ran) expect(job["timeout-minutes"]).toBeLessThanOrEqual(60);
  });

  it("run one update of a stack at a time, for any trigger, and never cancel one", () => {
    const group =
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the language of workflows
      "${{ inputs.operation }}-${{ inputs.stack }}-${{ inputs.operation == 'up' && 'only' || github.ref }}";

    expect(workflows["on-stack"]?.jobs["on-stack"]?.concurrency).toEqual({
      group,
      "cancel-in-progress": false,
    });
    expect(sources.filter((text) => /pulumi (up|destroy)/.test(text))).toEqual([]);
    expect(jobs.filter(({ job }) => job.with?.["operation"] === "up").map(({ where }) => where)).toEqual([
      "deploy/dev",
      "deploy/prod",
    ]);
  });

  it("deploy every stack that has a file, each in the environment of its name, prod after dev", () => {
    const { deploy } = workflows;
    const waves = Object.entries(deploy?.jobs ?? {}).map(([name, job]) => ({
      name,
      stack: job.with?.["stack"],
      environment: job.with?.["environment"],
    }));

    expect(waves).toEqual(
      stacksIn(join(import.meta.dirname, "..", "..", "..", "..", "..")).map((stack) => ({
        name: stack,
        stack,
        environment: stack,
      })),
    );
    expect(deploy?.jobs["prod"]?.needs).toBe("dev");
    expect(deploy?.on).toEqual({ push: { branches: ["main"] }, workflow_dispatch: null });
  });

  it("preview and compare with the environment that may only read", () => {
    for (const [file, name] of [
      ["pull-request", "preview"],
      ["drift", "drift"],
    ] as const) {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the language of workflows
      expect(workflows[file]?.jobs[name]?.with?.["environment"]).toBe("${{ matrix.stack }}-preview");
    }
  });

  it("write to the one comment and the one issue one after the other", () => {
    expect(workflows["pull-request"]?.jobs["preview"]?.strategy?.["max-parallel"]).toBe(1);
    expect(workflows["pull-request"]?.jobs["preview"]?.needs).toEqual(["touched", "rehearse"]);
    expect(workflows["drift"]?.jobs["drift"]?.strategy?.["max-parallel"]).toBe(1);
  });
});
