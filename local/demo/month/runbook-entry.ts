/** What the runbook says of an alarm: the entry whose title the alarm's description ends with. */
import { readFileSync } from "node:fs";

const runbook = new URL("../../../docs/runbook.md", import.meta.url);

export interface RunbookEntry {
  readonly title: string;
  /** Its first paragraph, without its links. */
  readonly text: string;
}

const withoutLinks = (text: string): string => text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");

/** @throws Error where the runbook has none of that title */
export const runbookEntryOf = (alarmDescription: string): RunbookEntry => {
  const title = alarmDescription.replace(/^.*docs\/runbook\.md, /, "");
  const [, entry] = readFileSync(runbook, "utf8").split(`\n## ${title}\n`);
  const [paragraph] = entry?.trim().split("\n\n") ?? [];
  if (paragraph === undefined) throw new Error(`docs/runbook.md has no entry ${title}.`);
  return { title, text: withoutLinks(paragraph.replaceAll("\n", " ")) };
};
