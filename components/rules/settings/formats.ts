import { Netmask } from "netmask";
import { z } from "zod";

/** What a value of this form needs, and what to do when it is not: the last two parts of a Problem. */
export interface Form {
  readonly needs: string;
  readonly fix: string;
}

/** A string of one form; what fails is reported with the form's own words. */
export function text(fits: RegExp | ((value: string) => boolean), { needs, fix }: Form) {
  const test = fits instanceof RegExp ? (value: string) => fits.test(value) : fits;
  return z.string().refine(test, { params: { needs, fix } });
}

const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const ipv4Cidr = new RegExp(`^${octet}(?:\\.${octet}){3}/(?:3[0-2]|[12]?\\d)$`);

/** Whether the text is an IPv4 block written by its first address, such as 10.0.0.0/8. */
export function isCidr(value: string): boolean {
  return ipv4Cidr.test(value) && new Netmask(value).base === value.split("/")[0];
}

/** An IPv4 block: `10.40.0.0/16`. */
export const cidr = text(isCidr, {
  needs: "an IPv4 CIDR block written by its first address is needed (IPv6 clusters are not supported)",
  fix: "Write it like 10.40.0.0/16",
});

/** Whole number within bounds, both included. */
export function wholeNumber(min: number, max: number) {
  return z.number().refine((value) => Number.isInteger(value) && value >= min && value <= max, {
    params: { needs: `a whole number from ${min} to ${max} is needed`, fix: "Change it to one" },
  });
}
