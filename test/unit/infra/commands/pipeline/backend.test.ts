import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { cloud, Runner, stack } from "../../../../support/pipeline/runner.ts";

// Each step starts npm and Node.
vi.setConfig({ testTimeout: 60_000 });

let runner = new Runner();
const withAnswers = (answers: ConstructorParameters<typeof Runner>[0]) => {
  runner.remove();
  runner = new Runner(answers);
};
afterEach(() => {
  runner.remove();
  runner = new Runner();
});

describe("the backend", () => {
  const login = ["on-stack", "on-stack", "--step login"] as const;

  it("in a bucket is not logged in to, which would write, and must have the stack", async () => {
    withAnswers({ "pulumi stack select": { code: 6, says: "error: no stack named 'dev' found" } });
    const { code, output, outputs } = await runner.step(login, stack);

    expect({ code, outputs }).toEqual({ code: 1, outputs: {} });
    expect(output).toContain(
      "dev: s3://states?region=eu-west-1 has no such stack. Create it once, on your machine: npx pulumi login 's3://states?region=eu-west-1' && npx pulumi stack init dev",
    );
    expect(runner.calls).toEqual(["npx pulumi stack select dev --non-interactive"]);
  });

  it("that cannot be read is named", async () => {
    withAnswers({
      "pulumi stack select": { code: 255, says: "error: read .pulumi/meta.yaml: AccessDenied" },
    });
    const { code, output } = await runner.step(login, stack);

    expect(code).toBe(1);
    expect(output).toContain("AccessDenied");
    expect(output).toContain("PULUMI_BACKEND_URL: s3://states?region=eu-west-1 cannot be read");
  });

  it("that refuses the login is named", async () => {
    withAnswers({ "pulumi login": { code: 3, says: "error: invalid token" } });
    const values = { ...cloud, ACTIONS_ID_TOKEN_REQUEST_URL: 'data:application/json,{"value":"t"}#' };
    const { code, output } = await runner.step(login, { ...values, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "job" });

    expect(code).toBe(1);
    expect(output).toContain("PULUMI_BACKEND_URL: https://api.pulumi.com cannot be read");
  });

  it("of Pulumi Cloud takes GitHub's token in exchange, which no command line shows", async () => {
    const requests: string[] = [];
    const server = createServer(({ url, headers }, response) => {
      requests.push(`${url} ${headers.authorization}`);
      response.end(JSON.stringify({ value: "a.github.token" }));
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const { code, outputs } = await runner.step(login, {
        ...cloud,
        ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?v=2`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: "job",
      });

      expect({ code, outputs }).toEqual({ code: 0, outputs: { stack: "acme/dev" } });
      expect(requests).toEqual(["/token?v=2&audience=urn%3Apulumi%3Aorg%3Aacme bearer job"]);
      expect(runner.calls).toEqual([
        expect.stringMatching(
          /^npx pulumi login https:\/\/api\.pulumi\.com --oidc-token file:\/\/\S+\/token --oidc-org acme$/,
        ),
        "npx pulumi stack select acme/dev --non-interactive",
      ]);
    } finally {
      server.close();
    }
  });

  it("of Pulumi Cloud needs an identity, which a job has to ask for", async () => {
    const { code, output } = await runner.step(login, cloud);

    expect(code).toBe(1);
    expect(output).toContain("Add permissions: id-token: write.");
  });
});
