import { describe, expect, it } from "vitest";
import { cell, codeBlock, ganttText, mermaidText } from "../../../../infra/commands/shared/escape.ts";

describe("text in a diagram", () => {
  it.each([
    ["NodeGroup default · nodes Ready", "NodeGroup default · nodes Ready"],
    ["Subnet × 3", "Subnet × 3"],
    ['say "no"', "say #34;no#34;"],
    ["<script>", "#60;script#62;"],
    ["a:b;c#d", "a#58;b#59;c#35;d"],
    ["pool[0]{x}(y)|z", "pool#91;0#93;#123;x#125;#40;y#41;#124;z"],
    ["`a` _b_ *c*", "#96;a#96; #95;b#95; #42;c#42;"],
    ["1. not a list", "1#46; not a list"],
    ["- not a list", "#45; not a list"],
    ["größer 日本 🚀", "größer 日本 #128640;"],
    ["two\nlines", "two lines"],
    ["", ""],
  ])("%j becomes %j", (text, escaped) => {
    expect(mermaidText(text)).toBe(escaped);
  });

  it.each([
    ["Section eight", "#83;ection eight"],
    ["title", "#116;itle"],
    ["Vpc network", "Vpc network"],
    ["", ""],
  ])("of a gantt chart does not begin with a statement: %j becomes %j", (text, escaped) => {
    expect(ganttText(text)).toBe(escaped);
  });
});

describe("text in Markdown", () => {
  it.each([
    ["plain text, 3.50", "plain text, 3.50"],
    ["a|b", "a\\|b"],
    ["<b> & `c` *d* _e_ [f](g) #1", "\\<b\\> \\& \\`c\\` \\*d\\* \\_e\\_ \\[f\\](g) \\#1"],
    ["two\n  lines ", "two lines"],
    ["back\\slash", "back\\\\slash"],
  ])("in a table, %j becomes %j", (text, escaped) => {
    expect(cell(text)).toBe(escaped);
  });

  it("is not closed by backticks in it", () => {
    expect(codeBlock("no fence")).toEqual(["```text", "no fence", "```"]);
    expect(codeBlock("a ```` b")).toEqual(["`````text", "a ```` b", "`````"]);
  });
});
