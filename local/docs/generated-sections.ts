/**
 * Parts of the pages that are written from the code: between `<!-- generated: name -->` and `<!-- end -->` stands
 * what the section of that name gives. A page without its markers, or a marker without a section, is an error.
 */
import { enabledTag, groupTags } from "../../core/policy/group-tags.ts";
import { snakeName } from "../../core/snake-name.ts";
import { clusterWorkflow } from "../../statemachines/cluster.ts";
import { kubernetesWorkflow } from "../../statemachines/kubernetes.ts";
import { linearWorkflow } from "../../statemachines/linear.ts";
import { commandReference, exitCodes, globalOptions } from "./cli-reference.ts";
import { clusterRoleSection } from "./cluster-role.ts";
import { costTable } from "./cost-table.ts";
import { demoExcerpt } from "./demo-excerpt.ts";
import { policyTable } from "./policy-table.ts";
import { noticeSchemaSection } from "./notice-schema.ts";
import { retentionTable } from "./retention-table.ts";
import { markdownTable } from "./markdown-table.ts";
import { chapterDiagram, chapterTable, type ChapterOf } from "./workflow-diagram.ts";

const linear: ChapterOf = {
  workflow: linearWorkflow,
  usualCatch: "Roll back",
  chapters: [
    { name: "judge", from: "Open evaluation" },
    { name: "secure capacity", from: "Prepare image" },
    { name: "freeze and carry the root", from: "Freeze original" },
    { name: "move and retire", from: "Move identity" },
    { name: "roll back and record", from: "Roll back" },
  ],
};

const cluster: ChapterOf = {
  workflow: clusterWorkflow,
  usualCatch: "Roll back",
  chapters: [
    { name: "judge", from: "Open evaluation" },
    { name: "plan and launch a batch", from: "Plan batch" },
    { name: "join the group", from: "Register replacements" },
    { name: "remove and restore", from: "Remove originals" },
    { name: "roll back and record", from: "Roll back" },
  ],
};

const kubernetes: ChapterOf = {
  workflow: kubernetesWorkflow,
  usualCatch: "Roll back",
  chapters: [
    { name: "judge", from: "Open evaluation" },
    { name: "plan, launch and join", from: "Plan node" },
    { name: "cordon and drain", from: "Cordon node" },
    { name: "terminate and release", from: "Terminate node" },
    { name: "answer a notice", from: "Answer warning" },
    { name: "roll back and record", from: "Roll back" },
  ],
};

const chapterSections = (of: ChapterOf): Readonly<Record<string, () => string>> =>
  Object.fromEntries(
    of.chapters.map(({ name }) => [
      name,
      () => `${chapterDiagram(of, name)}\n\n${chapterTable(of, name)}`,
    ]),
  );

/** Tags by which a group's owner sets limits at the group. */
const groupTagTable = (): string =>
  markdownTable(
    ["Tag", "Limit", "What may stand in it"],
    [
      [`\`${enabledTag}\``, "none: opts the group in or out", "true or false"],
      ...groupTags.map(({ key, limit, form }) => [`\`${key}\``, `\`${snakeName(limit)}\``, form]),
    ],
  );

/** By page, then by name of the section. */
export const generatedSections: Readonly<
  Record<string, Readonly<Record<string, () => string | Promise<string>>>>
> = {
  "README.md": { demo: demoExcerpt },
  "docs/cli.md": {
    "exit codes": exitCodes,
    "global options": globalOptions,
    commands: commandReference,
  },
  "docs/cost.md": { cost: costTable },
  "docs/configuration.md": { policy: policyTable, "group tags": groupTagTable },
  "docs/operations.md": { retention: retentionTable },
  "docs/notices.md": { "event schema": noticeSchemaSection },
  "docs/kubernetes-access.md": { manifest: clusterRoleSection },
  "docs/workflows/linear.md": chapterSections(linear),
  "docs/workflows/cluster.md": chapterSections(cluster),
  "docs/workflows/kubernetes.md": chapterSections(kubernetes),
};

/** As it stands in its page. */
export const generatedSection = (name: string, text: string): string =>
  `<!-- generated: ${name} -->\n\n${text}\n\n<!-- end -->`;

const section = /<!-- generated: (.+?) -->[^]*?<!-- end -->/g;

/**
 * The page with each section as the code has it now.
 * @param kept names of sections that stay as they are
 * @throws Error naming what doesn't fit
 */
export const withSections = async (
  page: string,
  text: string,
  kept: readonly string[] = [],
): Promise<string> => {
  const sections = generatedSections[page] ?? {};
  const marked = [...text.matchAll(section)].map(([, name = ""]) => name);
  const missing = Object.keys(sections).filter((name) => !marked.includes(name));
  if (missing.length > 0) {
    throw new Error(`${page}: no place is marked for ${missing.join(", ")}.`);
  }
  const written = new Map<string, string>();
  for (const name of marked) {
    const write = sections[name];
    if (write === undefined) throw new Error(`${page}: there is no section "${name}".`);
    if (!kept.includes(name)) written.set(name, generatedSection(name, await write()));
  }
  return text.replaceAll(section, (found, name: string) => written.get(name) ?? found);
};
