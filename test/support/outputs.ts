import * as pulumi from "@pulumi/pulumi";

/** The value behind an output, or inside a mapping or list of outputs; never comes when it is unknown. */
export function resolved<T>(output: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => {
    pulumi.output(output).apply(resolve);
  });
}

/** `type name` of the resources that a component hands out, in alphabetical order. */
export async function labels(resources: readonly pulumi.Resource[]): Promise<string[]> {
  const urns = await Promise.all(resources.map(({ urn }) => resolved(urn)));
  return urns
    .map((urn) => urn.split("::"))
    .map(([, , type = "", name = ""]) => `${type.split("$").at(-1)} ${name}`)
    .toSorted();
}
