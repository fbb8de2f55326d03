import { z } from "zod";
import { text } from "./formats.ts";
import { addonPodIdentity } from "./podIdentities.ts";

const addonName = text({
  fits: /^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/,
  needs: "must be the name of an EKS add-on",
  examples: ["aws-ebs-csi-driver", "snapshot-controller"],
});

const addon = z.strictObject({
  version: text({
    fits: /^v?\d+\.\d+\.\d+\S*$/,
    needs: "must be a version of the add-on",
    examples: ["v1.62.0-eksbuild.1", "v0.8.1-eksbuild.2"],
  })
    .optional()
    .describe("Version of the add-on; unset: EKS's default, looked up at every run."),
  configuration: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("Configuration values, as in the add-on's JSON schema."),
  podIdentity: addonPodIdentity.optional(),
});

/** Settings under `addons`. */
export const addons = z
  .record(addonName, addon)
  .default({})
  .describe("EKS add-ons by name, installed once Calico and DNS work; not CoreDNS and kube-proxy.");

/** One add-on, complete except for its version. */
export type AddonSettings = Readonly<z.output<typeof addon>>;
