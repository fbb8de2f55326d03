import { type Arrow, type Box, type Frame, type Picture, picture } from "./boxes.ts";
import { mermaidText } from "./escape.ts";
import { kindOf } from "./labels.ts";
import type { ResourceData } from "./reportData.ts";

const layout = {
  flowchart: {
    nodeSpacing: 24,
    rankSpacing: 32,
    wrappingWidth: 280,
    subGraphTitleMargin: { top: 4, bottom: 10 },
  },
};

/** The resources of a stack as a Mermaid flowchart: by component, in the order in which they are made. */
export function resourceGraph(resources: readonly ResourceData[]): string {
  const all = picture(resources);
  return [
    `%%{init: ${JSON.stringify(layout)}}%%`,
    "flowchart TB",
    ...inFrame(all, [], ""),
    ...all.arrows.map(line),
  ].join("\n");
}

function line({ from, to, what }: Arrow): string {
  return what === undefined ? `  ${from} --> ${to}` : `  ${from} -. "${mermaidText(what)}" .-> ${to}`;
}

/** What is in a frame: its own boxes, then the frames in it. A frame around a single box is that box's title. */
function inFrame(all: Picture, inside: readonly string[], around: string): string[] {
  const depth = inside.length;
  const indent = "  ".repeat(depth + 1);
  const within = all.boxes.filter((box) => inside.every((key, index) => box.inside[index] === key));
  const inner = Map.groupBy(
    within.filter((box) => box.inside.length > depth),
    (box) => box.inside[depth] ?? "",
  );
  return [
    ...within
      .filter((box) => box.inside.length === depth)
      .map(({ id, members }) => `${indent}${id}["${lines(members, around).join("<br/>")}"]`),
    ...[...inner].flatMap(([key, boxes]) => {
      const index = all.frames.findIndex((frame) => frame.key === key);
      const frame = all.frames[index];
      if (frame === undefined) return [];
      const name = frame.members[0]?.name ?? "";
      const [only] = boxes;
      if (only !== undefined && boxes.length === 1) return [`${indent}${titled(only, all, around)}`];
      return [
        `${indent}subgraph c${index}["${title(frame, around)}"]`,
        ...inFrame(all, [...inside, key], name),
        `${indent}end`,
      ];
    }),
  ];
}

function titled({ id, members, inside }: Box, { frames }: Picture, around: string): string {
  const frame = frames.find(({ key }) => key === inside.at(-1));
  const name = frame?.members[0]?.name ?? "";
  const heading = frame === undefined ? [] : [`<b>${title(frame, around)}</b>`];
  return `${id}["${[...heading, ...lines(members, name)].join("<br/>")}"]`;
}

function title({ members }: Frame, around: string): string {
  const [first] = members;
  const kind = kindOf(first?.type ?? "");
  if (members.length > 1) return mermaidText(`${kind} × ${members.length}`);
  return mermaidText(named(kind, without(first?.name ?? "", around)));
}

/** A line for each type; the name of one that is alone. */
function lines(members: readonly ResourceData[], around: string): string[] {
  return [...Map.groupBy(members, ({ type }) => type)].map(([type, alike]) => {
    const kind = kindOf(type);
    const [first] = alike;
    const text =
      alike.length > 1 ? `${kind} × ${alike.length}` : named(kind, without(first?.name ?? "", around));
    return mermaidText(text);
  });
}

/** Kind and name; a name that says no more than the kind is left out. */
function named(kind: string, name: string): string {
  const bare = (text: string) => text.toLowerCase().replaceAll("-", "");
  return name === "" || bare(kind).startsWith(bare(name)) ? kind : `${kind} ${name}`;
}

/** A name without that of the component around it. */
function without(name: string, around: string): string {
  return around !== "" && name.startsWith(around) ? name.slice(around.length).replace(/^-/, "") : name;
}
