import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../shared/errors.ts";
import { setOutputs } from "../github.ts";
import { isCloudBackend, qualifiedStack } from "../requirements.ts";
import { run, type Surroundings } from "../run.ts";

/** Exit code of the CLI when the backend has no such stack. Source: pulumi 3.250, cmd/pulumi/cmd/exit_codes.go. */
const stackNotFound = 6;

/**
 * Makes sure that the backend can be read and has the stack, whose full name is the output `stack`. A bucket takes no login:
 * that would write, and the role of a preview may only read.
 */
export async function login(around: Surroundings): Promise<number> {
  const { PULUMI_BACKEND_URL: url = "" } = around.env;
  if (isCloudBackend(around.env) && (await cloudLogin(around, url)).code !== 0) throw unreadable(url);
  const stack = qualifiedStack(around);
  const { code } = await run("npx", ["pulumi", "stack", "select", stack, "--non-interactive"], around);
  if (code === stackNotFound) {
    throw new UserError(
      `${stack}: ${url} has no such stack. Create it once, on your machine: npx pulumi login '${url}' && npx pulumi stack init ${stack} (docs/backends.md)`,
    );
  }
  if (code !== 0) throw unreadable(url);
  setOutputs(around, { stack });
  return 0;
}

function unreadable(url: string): UserError {
  return new UserError(
    `PULUMI_BACKEND_URL: ${url} cannot be read; see the lines above. docs/backends.md lists the permissions of the role.`,
  );
}

/** Pulumi Cloud exchanges GitHub's token for an access token, so that none is stored. */
async function cloudLogin(around: Surroundings, url: string) {
  const { PULUMI_ORGANIZATION: organization = "" } = around.env;
  const folder = mkdtempSync(join(tmpdir(), "login-"));
  const file = join(folder, "token");
  try {
    // A file, because other processes on the machine can see arguments.
    writeFileSync(file, await githubToken(around, `urn:pulumi:org:${organization}`), { mode: 0o600 });
    const args = ["pulumi", "login", url, "--oidc-token", `file://${file}`, "--oidc-org", organization];
    return await run("npx", args, around);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function githubToken({ env }: Surroundings, audience: string): Promise<string> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = env;
  if (!url || !token) {
    throw new UserError(
      "ACTIONS_ID_TOKEN_REQUEST_URL: GitHub issues no identity token to this job. Add permissions: id-token: write.",
    );
  }
  const response = await fetch(`${url}&audience=${encodeURIComponent(audience)}`, {
    headers: { authorization: `bearer ${token}` },
    signal: AbortSignal.timeout(30_000),
  });
  const { value } = (await response.json()) as { value?: string };
  if (!response.ok || value === undefined) {
    throw new UserError(
      `GitHub answered ${response.status} to the request for an identity token for ${audience}.`,
    );
  }
  return value;
}
