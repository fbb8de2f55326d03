import { afterEach, describe, expect, it, vi } from "vitest";
import { cloud, Runner, stack } from "../../../../support/pipeline/runner.ts";

// Each step starts npm and Node.
vi.setConfig({ testTimeout: 60_000 });

const operation = ["on-stack", "on-stack", "$OPERATION"] as const;
const token = { GH_TOKEN: "ghs_job" };

let runner = new Runner();
const withAnswers = (answers: ConstructorParameters<typeof Runner>[0]) => {
  runner.remove();
  runner = new Runner(answers);
};
afterEach(() => {
  runner.remove();
  runner = new Runner();
});

describe("a pull request", () => {
  it("affects the stacks whose files it touches, including names before a move", async () => {
    const values = { ...token, PULL_REQUEST: "3" };
    const touched = ["pull-request", "touched", "touched"] as const;
    runner.repository = {
      "pulls/3/files": [{ filename: "docs/ci.md" }, { filename: "stacks/Pulumi.prod.yaml" }],
    };
    const one = await runner.step(touched, values);
    runner.repository = { "pulls/3/files": [{ filename: "docs/x.md", previous_filename: "infra/x.ts" }] };
    const all = await runner.step(touched, values);

    expect(one).toMatchObject({ code: 0, outputs: { stacks: '["prod"]' } });
    expect(all).toMatchObject({ code: 0, outputs: { stacks: '["dev","prod"]' } });
  });

  it("gets its previews in one comment, which the next run brings up to date", async () => {
    withAnswers({ "pulumi preview --stack dev": { code: 0, says: "+ 3 to create" } });
    runner.repository = { "issues/3/comments": [{ id: 99, body: "Nice.", user: { login: "someone" } }] };
    const first = await runner.step(operation, { ...stack, ...token, COMMENT_ON: "3" });
    await runner.step(operation, { ...stack, ...token, STACK: "prod", COMMENT_ON: "3" });
    await runner.step(operation, { ...stack, ...token, COMMENT_ON: "3" });
    const comments = runner.repository["issues/3/comments"] ?? [];

    expect(first).toMatchObject({ code: 0, summary: expect.stringContaining("# Preview of dev\n") });
    expect(comments.map(({ body }) => body.match(/# .*/g))).toEqual([
      null,
      ["# Preview of dev", "# Preview of prod"],
    ]);
    expect(comments[1].body).toContain("+ 3 to create");
    expect(runner.calls.filter((call) => call.startsWith("npx"))[0]).toBe(
      "npx pulumi preview --stack dev --diff --policy-pack infra/policies --non-interactive --color never --suppress-progress",
    );
  });

  it("never writes into another author's comment that looks like its own", async () => {
    const forged = { id: 1, body: "<!-- calico-ebpf-eks pull request -->", user: { login: "someone" } };
    runner.repository = { "issues/3/comments": [forged] };
    await runner.step(operation, { ...stack, ...token, COMMENT_ON: "3" });

    expect(runner.repository["issues/3/comments"]?.[0]).toEqual(forged);
    expect(runner.repository["issues/3/comments"]).toHaveLength(2);
  });

  it("fails with its preview, and shows why in summary and comment", async () => {
    withAnswers({
      "pulumi preview": { code: 255, says: "error: ```AccessDenied``` <!-- end of section -->" },
    });
    const { code, summary } = await runner.step(operation, { ...stack, ...token, COMMENT_ON: "3" });

    expect(code).toBe(255);
    expect(summary).toContain("# Preview of dev failed");
    expect(runner.repository["issues/3/comments"]?.[0].body).toContain(
      "````text\nerror: ```AccessDenied``` &lt;!--",
    );
  });

  it("from a fork gets the reason why there is no preview", async () => {
    const { code, summary } = await runner.step(["pull-request", "no-preview", "echo"], {});

    expect(code).toBe(0);
    expect(summary).toContain(
      "**No preview on AWS**, because GitHub issues no identity to pull requests from forks",
    );
  });
});

describe("a stack", () => {
  const require = ["on-stack", "on-stack", "--step require"] as const;

  it("that is not set up is skipped with a note that says what to set where", async () => {
    const { code, outputs, summary } = await runner.step(require, {
      ...stack,
      STACK_ROLE_ARN: "",
      PULUMI_BACKEND_URL: "",
    });

    expect({ code, outputs }).toEqual({ code: 0, outputs: { ready: "false", region: "eu-west-1" } });
    expect(summary).toContain(
      "**preview of stack dev was skipped**: environment `dev-preview` has no variables `STACK_ROLE_ARN` and `PULUMI_BACKEND_URL`. Set them in Settings → Environments → dev-preview",
    );
  });

  it("that is half set up fails with every problem at once, and without a stack trace", async () => {
    const { code, output, outputs } = await runner.step(require, {
      ...stack,
      STACK_ROLE_ARN: "",
      PULUMI_BACKEND_URL: "file://~",
    });

    expect({ code, outputs }).toEqual({ code: 1, outputs: {} });
    expect(output).toContain(
      "calico-ebpf-eks: 3 problems in the setup of preview of stack dev\n  STACK_ROLE_ARN: ",
    );
    expect(output).not.toMatch(/\n\s+at .*:\d+/);
  });

  it("that is set up is ready, with its region for the credentials", async () => {
    expect(await runner.step(require, cloud)).toMatchObject({
      code: 0,
      outputs: { ready: "true", region: "eu-west-1" },
      summary: "",
    });
  });

  it("that has no file is refused", async () => {
    const { code, output } = await runner.step(require, { ...cloud, STACK: "../dev" });

    expect(code).toBe(1);
    expect(output).toContain('STACK: no stack is named "../dev"; there are dev, prod.');
  });

  it("whose role does not trust the workflow gets the trust policy with its own names", async () => {
    const { code, summary } = await runner.step(["on-stack", "on-stack", "explain-credentials"], stack);

    expect(code).toBe(0);
    expect(summary).toContain(
      '"token.actions.githubusercontent.com:sub": "repo:acme/clusters:environment:dev-preview"',
    );
    expect(summary).toContain("arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com");
  });

  it("is updated without a question", async () => {
    const { code } = await runner.step(operation, { ...stack, OPERATION: "up" });

    expect(code).toBe(0);
    expect(runner.calls).toEqual([
      "npx pulumi up --stack dev --yes --suppress-outputs --policy-pack infra/policies --non-interactive --color never --suppress-progress",
    ]);
  });
});

describe("drift", () => {
  const differs = { code: 7, says: "~ natGateway: tags" };
  const search = (of: string) =>
    runner.step(operation, { ...stack, ...token, OPERATION: "drift", STACK: of });

  it("opens one issue, adds stacks to it, and closes it when none differs any more", async () => {
    withAnswers({ "pulumi refresh --stack dev": differs, "pulumi refresh --stack prod": differs });
    const codes = [await search("dev"), await search("prod"), await search("dev")].map(({ code }) => code);
    const [issue, ...others] = runner.repository["issues"] ?? [];

    expect({ codes, others }).toEqual({ codes: [0, 0, 0], others: [] });
    expect(issue.title).toBe("AWS and the stacks differ");
    expect(issue.body.match(/# .*/g)).toEqual([
      "# dev differs from its state",
      "# prod differs from its state",
    ]);

    const { repository } = runner;
    withAnswers({});
    runner.repository = repository;
    await search("dev");
    expect(runner.repository["issues"]?.[0]).toMatchObject({ state: "open" });
    await search("prod");
    expect(runner.repository["issues"]?.[0]).toMatchObject({ state: "closed", state_reason: "completed" });
  });

  it("that is none opens nothing, and looks without changing anything", async () => {
    const { code, summary } = await search("dev");

    expect(code).toBe(0);
    expect(summary).toContain("# dev matches its state");
    expect(runner.calls).toEqual([
      "npx pulumi refresh --stack dev --preview-only --expect-no-changes --diff --exclude **:CalicoCrds$kubernetes:** --exclude **:ManifestCalico$kubernetes:batch/v1:Job::** --non-interactive --color never --suppress-progress",
      "gh GET issues",
    ]);
  });

  it("that could not be looked for fails, and leaves the issue as it is", async () => {
    withAnswers({ "pulumi refresh": { code: 255, says: "error: ExpiredToken" } });
    const { code } = await search("dev");

    expect(code).toBe(255);
    expect(runner.repository["issues"]).toBeUndefined();
  });
});

describe("the rehearsal of a pull request", () => {
  const rehearse = ["pull-request", "rehearse", "rehearse"] as const;

  it("needs the list of stacks that another job has made", async () => {
    const { code, output } = await runner.step(rehearse, { STACKS: "dev" });

    expect(code).toBe(1);
    expect(output).toContain(
      'STACKS: "dev" must be a JSON list of stacks. Use the output of the step touched.',
    );
  });

  it("of a stack that cannot be read fails, says why, and drops previews of an earlier commit", async () => {
    const ours =
      "<!-- calico-ebpf-eks pull request -->\n\n<!-- section 2-preview-dev -->\nold\n<!-- end of section -->";
    runner.repository = {
      "issues/3/comments": [{ id: 1, body: ours, user: { login: "github-actions[bot]" } }],
    };
    const values = { STACKS: '["gone"]', ...token, COMMENT_ON: "3" };
    const { code, summary } = await runner.step(rehearse, values);
    const [comment] = runner.repository["issues/3/comments"] ?? [];

    expect(code).toBe(1);
    expect(comment.body).toContain("section 1-rehearsal");
    expect(comment.body).not.toContain("section 2-preview-dev");
    expect(summary).toContain("# Rehearsal failed: stacks/Pulumi.gone.yaml, 1 problem");
    expect(summary).toContain('--stack: no stack is named "gone"; there are dev, prod.');
  });
});
