import * as pulumi from "@pulumi/pulumi";
import { vpcCni } from "../components/facts/vpcCni.ts";
import type { Settings, Surroundings } from "../components/settings/settings.ts";
import { versionOfAddon } from "../components/specs/addons.ts";
import { usesVpcCni } from "../components/specs/vpcCni.ts";
import { sdkConfig } from "./sdkConfig.ts";

/** Reads the JSON schema of an add-on's configuration values from EKS. */
export type SchemaOf = (
  settings: Pick<Settings, "account" | "profile" | "region">,
  addon: { readonly name: string; readonly version: string },
) => Promise<unknown>;

/**
 * Schemas of the add-ons whose configuration the stack writes, by name, and of the VPC CNI. One that cannot be read is left out, and a line says so:
 * EKS checks the configuration again when it installs the add-on.
 */
export async function addonSchemas(
  settings: Settings,
  versions: Surroundings["otherAddonVersions"],
  schemaOf: SchemaOf,
): Promise<Readonly<Record<string, unknown>>> {
  const configured = Object.entries(settings.addons).filter(
    ([, { configuration }]) => Object.keys(configuration).length > 0,
  );
  const names = [...configured.map(([name]) => name), ...(usesVpcCni(settings) ? [vpcCni.addonName] : [])];
  const found = names.map(async (name) => {
    const version = versionOfAddon(name, settings, { otherAddonVersions: versions });
    if (version === "") return [];
    try {
      return [[name, await schemaOf(settings, { name, version })] as const];
    } catch (error) {
      pulumi.log.info(`addons.${name}.configuration could not be checked: ${(error as Error).message}`);
      return [];
    }
  });
  return Object.fromEntries((await Promise.all(found)).flat());
}

/** How long EKS may take. */
const timeoutMilliseconds = 10_000;

/**
 * `DescribeAddonConfiguration`, for which the aws provider has no function. Signed by EC2's client: one call needs no client
 * for EKS. Source: EKS API reference, DescribeAddonConfiguration. Read 2026-11-28.
 * @param send sends the signed request; default: over the network
 */
export async function describeAddonSchema(
  { account, profile, region }: Parameters<SchemaOf>[0],
  { name, version }: Parameters<SchemaOf>[1],
  send: typeof fetch = fetch,
): Promise<unknown> {
  // Only here: most stacks configure no add-on.
  const { EC2Client } = await import("@aws-sdk/client-ec2");
  const client = new EC2Client(await sdkConfig({ region, profile, roleArn: account.roleArn }));
  const hostname = `eks.${region}.amazonaws.com`;
  const path = "/addons/configuration-schemas";
  const query = { addonName: name, addonVersion: version };
  const signer = await client.config.signer({
    name: "sigv4",
    signingName: "eks",
    signingRegion: region,
    properties: {},
  });
  const request = { method: "GET", protocol: "https:", hostname, path, query, headers: { host: hostname } };
  const { headers } = await signer.sign(request);
  const response = await send(`https://${hostname}${path}?${new URLSearchParams(query)}`, {
    headers,
    signal: AbortSignal.timeout(timeoutMilliseconds),
  });
  const answer = (await response.json()) as { configurationSchema?: string; message?: string };
  if (!response.ok) throw new Error(`EKS answers with status ${response.status}: ${answer.message}`);
  return JSON.parse(answer.configurationSchema ?? "{}");
}
