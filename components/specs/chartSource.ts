/** Where a Helm chart comes from, as `helm.v4.Chart` takes it: an OCI address names the chart itself. */
export function chartSource(repository: string, chart: string) {
  return repository.startsWith("oci://")
    ? { chart: `${repository.replace(/\/$/, "")}/${chart}` }
    : { chart, repositoryOpts: { repo: repository } };
}
