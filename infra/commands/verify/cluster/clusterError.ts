import { printable } from "../../shared/errors.ts";
import { UserError } from "../../shared/userError.ts";

/** Why something could not be asked of a cluster, in a line for people. */
export class ClusterError extends UserError {
  /** HTTP status; 0: there was no answer. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Makes the error of an answer. */
export function refusalOf(status: number, asked: string, text: string): ClusterError {
  return new ClusterError(status, wordsFor(status, asked, messageOf(text)));
}

function wordsFor(status: number, asked: string, message: string): string {
  if (status === 401) {
    return "the credentials are not accepted (401): they have expired, or are those of another cluster";
  }
  if (status === 403) return `this account may not: ${message || asked} (403)`;
  if (status === 429) return `the API server is too busy for ${asked}, asked again and again (429)`;
  return `${asked}: ${message || "no reason given"} (${status})`;
}

/** The message of the API's Status object, in one line; empty: there is none. */
function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === "string" ? oneLine(message) : "";
  } catch {
    return isPage(text) ? "the answer is a web page, not that of an API server" : oneLine(text);
  }
}

/** Whether a text is HTML: the answer of a proxy, a login page or a load balancer. */
export function isPage(text: string): boolean {
  return /^\s*<(!doctype|html|\?xml|head|body)/i.test(text);
}

/** A text on one line, cut where it is long. */
export function oneLine(text: string, most = 300): string {
  const line = printable(text).replace(/\s+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}
