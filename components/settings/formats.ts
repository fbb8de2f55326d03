import { Netmask } from "netmask";
import { z } from "zod";

/** What a value of this form needs, and the fix when it differs: the last two parts of a Problem. */
export interface Form {
  readonly needs: string;
  readonly fix: string;
}

/** A string that fits a regular expression, or another test. */
interface Text {
  readonly fits: RegExp | ((value: string) => boolean);
  /** For the JSON schema, when `fits` is not a regular expression. */
  readonly pattern?: RegExp;
  readonly needs: string;
  /** Example values: messages show the first one, editors suggest all of them. */
  readonly examples: readonly [string, string, ...string[]];
  /** Replaces "Write it like …" and `needs` where the value allows a better message. */
  readonly about?: (value: string) => Form | undefined;
}

/** A string of one form; what fails is reported with the form's own words. */
export function text({ fits, pattern, needs, examples, about }: Text) {
  const test = fits instanceof RegExp ? (value: string) => fits.test(value) : fits;
  const shown = pattern ?? (fits instanceof RegExp ? fits : undefined);
  const form = { needs, fix: `Write it like ${examples[0]}` };
  return z
    .string()
    .check(({ value, issues }) => {
      if (!test(value)) {
        issues.push({ code: "custom", input: value, params: { ...(about?.(value) ?? form) } });
      }
    })
    .meta({ ...(shown === undefined ? {} : { pattern: shown.source }), examples: [...examples] });
}

/** The ARN of an IAM policy, of an account or of AWS. */
export function policyArn(...examples: readonly [string, string]) {
  return text({
    fits: /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/([\w+=,.@-]+\/)*[\w+=,.@-]+$/,
    needs: "must be the ARN of an IAM policy",
    examples,
  });
}

/** The ID of a security group. */
export const securityGroupId = text({
  fits: /^sg-[0-9a-f]{8,17}$/,
  needs: "must be the ID of a security group",
  examples: ["sg-0a1b2c3d4e5f67890", "sg-0f9e8d7c6b5a43210"],
});

/** A registry of images, which mirrors others. */
export function registry(example: string) {
  return text({
    fits: /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?(\/[a-z0-9._/-]*[a-z0-9])?$/,
    needs: "must be a registry host, optionally with a path, without scheme and trailing slash",
    examples: [example, "registry.example.com"],
  });
}

/** A repository of Helm charts. */
export function chartRepository(example: string) {
  return text({
    fits: /^(https|oci):\/\/\S+$/,
    needs: "must be an https:// or oci:// address",
    examples: [example, "oci://registry.example.com/charts"],
  });
}

/** The key of a label or a taint. */
export function labelKey(...examples: readonly [string, string]) {
  return text({
    fits: /^((?=[^/]{1,253}\/)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/,
    needs:
      "Kubernetes accepts up to 63 letters, digits and - _ . between letters or digits, optionally after a domain and /",
    examples,
  });
}

/** The value of a label or a taint. */
export function labelValue(...examples: readonly [string, string]) {
  return text({
    fits: /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/,
    needs: "Kubernetes accepts up to 63 letters, digits and - _ . between letters or digits",
    examples,
  });
}

const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const ipv4 = `${octet}(?:\\.${octet}){3}`;
const ipv4Cidr = new RegExp(`^${ipv4}/(?:3[0-2]|[12]?\\d)$`);

/** Whether the text is an IPv4 block written by its first address, such as 10.0.0.0/8. */
export function isCidr(value: string): boolean {
  return ipv4Cidr.test(value) && new Netmask(value).base === value.split("/")[0];
}

/** An IPv4 block. The first example is what a message shows. */
export function cidr(...examples: readonly [string, string]) {
  return text({
    fits: isCidr,
    pattern: ipv4Cidr,
    needs: "must be an IPv4 CIDR block",
    examples,
    about: (value) => aboutCidr(value, examples[0]),
  });
}

/** The problem with a string that is almost an IPv4 block. */
function aboutCidr(value: string, example: string): Form | undefined {
  const fix = `Write it like ${example}`;
  if (ipv4Cidr.test(value)) {
    const { base, bitmask } = new Netmask(value);
    return { needs: "a block must begin with its first address", fix: `Write ${base}/${bitmask}` };
  }
  if (new RegExp(`^${ipv4}$`).test(value)) {
    return {
      needs: "a prefix length is missing",
      fix: "Add one, such as /16 for a network or /32 for one address",
    };
  }
  if (new RegExp(`^${ipv4}/\\d+$`).test(value)) {
    return { needs: "an IPv4 prefix length is at most 32", fix };
  }
  if (/^[0-9a-f:.]*:[0-9a-f:.]*(\/\d+)?$/i.test(value)) {
    return { needs: "must be an IPv4 CIDR block; IPv6 is not supported", fix };
  }
  return undefined;
}

/** Integer within inclusive bounds. */
export function wholeNumber(minimum: number, maximum: number) {
  return z
    .number()
    .refine((value) => Number.isInteger(value) && value >= minimum && value <= maximum, {
      params: { needs: `must be an integer from ${minimum} to ${maximum}`, fix: "Change it" },
    })
    .meta({ type: "integer", minimum, maximum });
}
