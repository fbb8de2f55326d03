// biome-ignore-all lint/style/noProcessEnv: the one place where the rehearsal looks at its environment

/** Environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment that this process was started in. */
export function ownEnvironment(): Environment {
  return process.env;
}

/** Sets the temporary directory of this process and of what it starts from now on. */
export function setTemporaryFolder(folder: string): void {
  process.env["TMPDIR"] = folder;
}

/** Sets other variables for this process and what it starts meanwhile. */
export async function withEnvironment<Result>(
  variables: Environment,
  run: () => Promise<Result>,
): Promise<Result> {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  setVariables(Object.entries(variables));
  try {
    return await run();
  } finally {
    setVariables(before);
  }
}

function setVariables(variables: readonly (readonly [string, string | undefined])[]): void {
  for (const [name, value] of variables) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
