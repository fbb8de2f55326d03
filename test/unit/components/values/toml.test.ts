import { describe, expect, it } from "vitest";
import { isTomlValue, toml } from "../../../../components/values/toml.ts";

describe("toml", () => {
  it("writes every form that YAML can give it", () => {
    const table = {
      "a.b": 1,
      text: 'tab\t, quote ", delete \u007f',
      float: 0.5,
      yes: true,
      list: [1, "two", [3]],
      tables: [{ "container-name": "x", enabled: false }],
      empty: {},
      inner: { deep: { value: 1 } },
    };

    expect(toml(table)).toBe(
      `"a.b" = 1
text = "tab\\t, quote \\", delete \\u007f"
float = 0.5
yes = true
list = [1, "two", [3]]
tables = [{ container-name = "x", enabled = false }]

[empty]

[inner.deep]
value = 1
`,
    );
  });

  it.each([
    [{ a: null }, false],
    [[1, null], false],
    [Number.NaN, false],
    [{ a: [{ b: "c" }] }, true],
  ])("knows whether TOML has a form for %j: %s", (value, has) => {
    expect(isTomlValue(value)).toBe(has);
  });
});
