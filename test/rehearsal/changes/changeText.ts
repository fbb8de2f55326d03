import { cell } from "../../../infra/commands/shared/escape.ts";
import { counted, minutes } from "../reports/labels.ts";
import type { ChangeData } from "./changeData.ts";

type NoticeData = ChangeData["notices"][number];

const goingBack = "To go back completely, restore the settings on the left and run `pulumi up`.";

/** What a change does, for a terminal. */
export function changeText(data: ChangeData): string[] {
  const { settings, steps, seconds, notices } = data;
  const width = Math.max(0, ...steps.map(({ operation, name }) => `${operation} ${name}`.length));
  return [
    "What changes in the settings",
    ...settings.map(({ path, from, to }) => `   ${path}: ${from ?? "none"} → ${to ?? "none"}`),
    ...(settings.length === 0 ? ["   nothing"] : []),
    "",
    `What \`pulumi up\` does: ${counted(steps.length, "step")}, about ${minutes(seconds)} on AWS, estimated`,
    ...steps.map(
      ({ operation, name, startSeconds, seconds: own }) =>
        `   ${minutes(startSeconds).padStart(6)}  ${`${operation} ${name}`.padEnd(width)}  ${minutes(own)}`,
    ),
    "",
    "What users notice, and how to go back",
    ...(notices.length === 0 ? ["   nothing"] : notices.flatMap(noticeLines)),
    `   ${goingBack}`,
  ];
}

function noticeLines(notice: NoticeData): string[] {
  return [
    `   ${notice.title} (${notice.at.join(", ")})`,
    ...rows(notice).map(([name, text]) => `      ${`${name}:`.padEnd(19)} ${text}`),
  ];
}

/** What a change does, for a pull request. */
export function changeMarkdown(data: ChangeData): string[] {
  const { settings, steps, seconds, notices } = data;
  return [
    "## What changes in the settings",
    "",
    "| setting | from | to |",
    "|---|---|---|",
    ...settings.map(({ path, from, to }) => `| ${cell(path)} | ${cell(from ?? "")} | ${cell(to ?? "")} |`),
    "",
    "## What `pulumi up` does",
    "",
    `${counted(steps.length, "step")}, about ${minutes(seconds)} on AWS, estimated from typical durations.`,
    "",
    "| from | step | takes |",
    "|---|---|---|",
    ...steps.map(
      ({ operation, name, startSeconds, seconds: own }) =>
        `| ${minutes(startSeconds)} | ${cell(`${operation} ${name}`)} | ${minutes(own)} |`,
    ),
    "",
    "## What users notice, and how to go back",
    "",
    ...(notices.length === 0 ? ["Nothing.", ""] : notices.flatMap(noticeMarkdown)),
    goingBack,
  ];
}

function noticeMarkdown(notice: NoticeData): string[] {
  return [
    `**${cell(notice.title)}** (${cell(notice.at.join(", "))})`,
    "",
    ...rows(notice).map(([name, text]) => `- ${name}: ${cell(text)}`),
    "",
  ];
}

function rows(notice: NoticeData): (readonly [name: string, text: string])[] {
  const { newConnections, openConnections, dns, frozenSeconds, back, source } = notice;
  const late = `reach a node up to about ${frozenSeconds} s late`;
  const noticed = [
    ["new connections", newConnections],
    ["open connections", openConnections],
    ["DNS", dns],
    ["changed services", frozenSeconds === 0 ? undefined : late],
  ] as const;
  const said = noticed.flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const]));
  return [
    ...(said.length === 0 ? [["noticed", "nothing"] as const] : said),
    ["to go back", back],
    ["source", source],
  ];
}
