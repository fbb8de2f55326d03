// biome-ignore-all lint/style/noProcessEnv: the one place where the rehearsal looks at its environment

/** Environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment that this process was started in. */
export function ownEnvironment(): Environment {
  return process.env;
}

/** Where this process, and what it starts from now on, puts what is temporary. */
export function setTemporaryFolder(folder: string): void {
  process.env["TMPDIR"] = folder;
}
