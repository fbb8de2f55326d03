import { isCidr } from "../../components/settings/formats.ts";
import { openRanges } from "../../components/values/cidr.ts";

/** Shortest prefix of a range with one owner, as in IPv4. */
const shortestPrefix = 8;

/** The sources that are open to everyone: each too large for one owner, or all of them together. */
export function openSources(sources: readonly unknown[]): string[] {
  const texts = sources.filter((source) => typeof source === "string");
  const open = new Set(openRanges(texts.filter(isCidr)).flat());
  return texts.filter((text) => open.has(text) || isOpenIpv6(text));
}

function isOpenIpv6(text: string): boolean {
  const [address = "", prefix = ""] = text.split("/");
  return address.includes(":") && prefix !== "" && Number(prefix) < shortestPrefix;
}
