import type { Part } from "./reportData.ts";

export interface Origins {
  /** Source of the pulumi CLI; undefined: the rehearsal ended before it was found. */
  readonly engine?: string | undefined;
  /** Description of the real control plane; undefined: Kubernetes is in memory. */
  readonly kubernetes?: string | undefined;
  /** Where the kubernetes provider's plugin is; undefined: it is simulated. */
  readonly provider?: string | undefined;
  /** The operator's executable; undefined: it is simulated. */
  readonly operator?: string | undefined;
}

/** The parts of a rehearsal, and which of them are simulated. */
export function partsWith({ engine, kubernetes, provider, operator }: Origins): Part[] {
  return [
    real("the program", "infra/program.ts, as run by pulumi up"),
    real("Pulumi's engine", engine ?? "not started"),
    simulated("AWS", "objects in memory that refuse what AWS refuses"),
    simulated("the eks component", "registers the children that the real one registers"),
    kubernetes === undefined
      ? simulated("Kubernetes", "objects in memory")
      : real("Kubernetes", `${kubernetes}; its nodes are fake`),
    provider === undefined
      ? simulated("Kubernetes' provider", "waits as the real provider does")
      : real("Kubernetes' provider", provider),
    simulated("the operator's chart", "the objects whose values this program sets"),
    operator === undefined
      ? simulated("Calico's operator", "needs a node and the API server's address as the real one does")
      : real("Calico's operator", operator),
    simulated("Felix", "needs ports, permissions and kernels as the real one does"),
  ];
}

function real(name: string, detail: string): Part {
  return { name, real: true, detail };
}

function simulated(name: string, detail: string): Part {
  return { name, real: false, detail };
}
