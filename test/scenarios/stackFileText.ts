import fc from "fast-check";

/** Plain scalars that YAML 1.1, YAML 1.2 and yaml.v3 read in different ways, or nearly. */
export const plainScalars = [
  ..."010 0o10 0O10 -010 +010 08 09.5 0x1F -0x1f 0X_1f 0b101 -0b1 0b-1 0o-7 0b2 1_00 1__0 _1 1_ +_1 00 -0 +0 0".split(
    " ",
  ),
  ..."1.30 1.0 1e3 1E3 1e+3 1e-7 1e20 1e21 1e400 .5 5. .5e1 ._5 .e1 -.5 +.5 0.1 1_0.5 123456789.0 1.e5 1..2".split(
    " ",
  ),
  ..."yes no on off y n Y N True TRUE tRUE False ~ null Null NULL nULL true false".split(" "),
  ..."2026-01-02 2026-1-2 2026-02-29 2024-02-29 2026-13-01 2026-01-02x 20260102 2026-01".split(" "),
  ..."9007199254740991 -9007199254740991 18446744073709551616 99999999999999999999 0777777777777777777777777".split(
    " ",
  ),
  ..."190:20:30 1:30 12:30:45 v1.2.3 1.35.6-20260714 10.0.0.0/8 a<< <<a = - 1- 1,5 + e1 x".split(" "),
].filter((text) => text !== "-");

const letters = [..."0123456789_+.eExXobOBTZtynaf~<=-"];

const anyPlain = fc
  .string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 9 })
  .filter((text) => text !== "<<" && !/^-+$/.test(text) && !text.startsWith("..."));

const quoted = fc
  .string({ unit: fc.constantFrom(..."aé€😀 0:#-'\\,[]{}&*!%@`"), maxLength: 12 })
  .chain((text) => fc.constantFrom(JSON.stringify(text), `'${text.replaceAll("'", "''")}'`));

/** A scalar as written, flow style. */
export const scalarText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...plainScalars) },
  { weight: 3, arbitrary: anyPlain },
  { weight: 1, arbitrary: quoted },
);

const key = fc.oneof(
  fc.constantFrom("a", "b", "name", "yes", "no", "on", "10", "010", "true", "'1'", '"x y"', "a.b", "a/b"),
  fc.string({ unit: fc.constantFrom(..."abcxyz"), minLength: 1, maxLength: 3 }),
);

interface Tree {
  readonly flow: string;
  /** Lines of its block form, without indentation; a mapping's or a list's. */
  readonly block?: readonly string[];
}

const leaf = scalarText.map((flow): Tree => ({ flow }));

const { tree } = fc.letrec<{ tree: Tree }>((tie) => {
  const entries = fc.uniqueArray(fc.tuple(key, tie("tree")), {
    maxLength: 4,
    selector: ([name]) => name.replaceAll(/['"]/g, ""),
  });
  return {
    tree: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      { weight: 3, arbitrary: leaf },
      { weight: 1, arbitrary: entries.map(mappingOf) },
      { weight: 1, arbitrary: fc.array(tie("tree"), { maxLength: 4 }).map(listOf) },
    ),
  };
});

function mappingOf(entries: readonly (readonly [string, Tree])[]): Tree {
  const flow = `{ ${entries.map(([name, { flow: value }]) => `${name}: ${value}`).join(", ")} }`;
  if (entries.length === 0) return { flow: "{}" };
  return { flow, block: entries.flatMap(([name, value]) => under(`${name}:`, value)) };
}

function listOf(items: readonly Tree[]): Tree {
  if (items.length === 0) return { flow: "[]" };
  return {
    flow: `[${items.map(({ flow }) => flow).join(", ")}]`,
    block: items.flatMap((item) => under("-", item)),
  };
}

function under(head: string, { flow, block }: Tree): string[] {
  return block === undefined ? [`${head} ${flow} # a comment`] : [head, ...block.map((line) => `  ${line}`)];
}

const merged = fc.constantFrom(
  "<<: *one",
  "<<: [*one, *two]",
  "<<: [{ a: 010 }, *two]",
  "<<: { q: 1_0 }",
  "c: *two",
);

/** A stack file: settings in block and in flow style, with anchors, merges, and a block text. */
export const stackFileTexts = fc
  .tuple(
    fc.array(fc.tuple(tree, fc.boolean()), { minLength: 20, maxLength: 30 }),
    merged,
    fc.constantFrom("\n", "\r\n"),
  )
  .map(([trees, merge, lineBreak]) =>
    [
      "encryptionsalt: v1:abc",
      "config:",
      "  x:one: &one { a: 1.0, b: 010, q: yes }",
      "  x:two: &two { b: 2, c: 0x10 }",
      `  x:merged: { b: 3, ${merge} }`,
      "  x:text: |",
      "    010",
      "      two",
      ...trees.flatMap(([value, isFlow], index) =>
        under(`x:k${index}:`, isFlow ? { flow: value.flow } : value).map((line) => `  ${line}`),
      ),
      "",
    ].join(lineBreak),
  );
