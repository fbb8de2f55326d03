import { argumentError, readArguments } from "../shared/arguments.ts";
import { pipelineCommand, type Step } from "./options.ts";
import type { Surroundings } from "./run.ts";
import { all, touched } from "./steps/listed.ts";
import { login } from "./steps/login.ts";
import { drift, preview, up } from "./steps/operate.ts";
import { explainCredentials, require } from "./steps/reach.ts";
import { rehearse } from "./steps/rehearse.ts";

const actions: Readonly<Record<Step, (around: Surroundings) => Promise<number>>> = {
  touched,
  all,
  rehearse,
  require,
  "explain-credentials": explainCredentials,
  login,
  preview,
  up,
  drift,
};

/**
 * `npm run pipeline`.
 * @returns the exit code
 * @throws UserError when the arguments or the step's environment are wrong
 */
export async function pipeline(argv: readonly string[], around: Surroundings): Promise<number> {
  const { given, problems } = readArguments(pipelineCommand.options, argv);
  const step = given.get("step") as Step | undefined;
  const wrong = step === undefined && problems.length === 0 ? ["--step: is required."] : problems;
  if (step === undefined || wrong.length > 0) throw argumentError(pipelineCommand, wrong);
  return actions[step](around);
}
