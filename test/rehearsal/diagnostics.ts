/** One error of the engine: the resource's URN, if it is about one, and the text. */
export interface Diagnostic {
  readonly urn: string;
  readonly message: string;
}

/** What the SDK adds when the engine has ended at another error: a stack trace without further information. */
const aftermath = /^(?:Unhandled exception: .*)?(?:\w*Error: )?resource monitor shut down/;

const unreachableChart =
  /'([^']+)' has a problem: unable to locate the chart: looks like "([^"]+)" is not a valid chart repository or cannot be reached: (.+)/;

/** The errors for a reader: without those that only follow from another, and with the fix where it is known. */
export function readable(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const causes = diagnostics.filter(({ message }) => !aftermath.test(message));
  return (causes.length > 0 ? causes : [...diagnostics]).map(({ urn, message }) => ({
    urn,
    message: chartProblem(message) ?? message,
  }));
}

function chartProblem(message: string): string | undefined {
  const [, chart, repository, why] = unreachableChart.exec(message) ?? [];
  if (repository === undefined) return undefined;
  const setting = chart === "tigera-operator" ? "calico.chartRepository" : "charts.repository";
  return `${setting}: the chart could not be downloaded from ${repository} (${why}); check the address from this machine, or set a repository that it can reach, https:// or oci://`;
}
