/** A tool that did not measure, in the tool's own words. */
export class ToolError extends Error {
  override readonly name = "ToolError";
}

/** What a tool printed as JSON, with everything before the first brace left out: warnings of its own. */
export function jsonOf(tool: string, text: string): unknown {
  const start = text.indexOf("{");
  try {
    return JSON.parse(start === -1 ? text : text.slice(start));
  } catch {
    const said = text.trim().split("\n").at(-1)?.slice(0, 200) ?? "";
    throw new ToolError(`${tool} printed no JSON${said === "" ? "" : `: ${said}`}`);
  }
}
