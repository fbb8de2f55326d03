/** One environment, as its stack file asks for it. The form of `npm run stacks -- --json`. */
export interface Environment {
  readonly stack: string;
  /** From the project's folder. */
  readonly file: string;
  /** Everything that is wrong with the file, each in a line. Nothing else is known then. */
  readonly problems: readonly string[];
  /** What the program would warn of, a sentence each. */
  readonly warnings: readonly string[];
  /** Null: the file has problems. */
  readonly asked: Asked | null;
}

/** What a sound stack file asks for. Null: it takes a cluster that is there, and leaves that as it is. */
export interface Asked {
  readonly region: string;
  /** From account.id or account.roleArn; null: whatever the credentials lead to. */
  readonly account: string | null;
  readonly cluster: string;
  readonly kubernetesVersion: string | null;
  readonly calicoVersion: string | null;
  readonly dataplane: string;
  readonly externalService: string;
  readonly kubeProxy: string;
  /** US dollars at list price, as a rehearsal estimates them. */
  readonly usdPerMonth: number | null;
  /** Whether every part of the sum has a known price. */
  readonly isPriceComplete: boolean;
  /** Last day before AWS upgrades Kubernetes by itself, ISO date. */
  readonly forcedUpgradeAfter: string | null;
  /** Last day before Kubernetes costs six times as much, ISO date; null: it never does. */
  readonly standardPriceUntil: string | null;
}
