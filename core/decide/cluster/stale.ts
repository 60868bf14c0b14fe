/**
 * Right before a replacement is attached, and before an original is removed: is the group still what was judged? A deployment, another
 * template or an other hook makes the replacement the wrong one.
 */
import type { GroupFacts } from "../../model/group.ts";
import { spellTemplate, type GroupTemplate } from "../../model/group-template.ts";

/** What a replacement was launched by, and what it was judged to need. Sizes and members change by themselves. */
type Judged = Pick<
  GroupFacts,
  "asgName" | "hooks" | "subnetIds" | "kind" | "traffic" | "placementGroup"
> & { readonly template?: GroupTemplate };

interface Part {
  readonly name: string;
  readonly of: (group: Judged) => readonly string[];
}

const parts: readonly Part[] = [
  {
    name: "launch template",
    of: ({ template }) => [template === undefined ? "none" : spellTemplate(template)],
  },
  { name: "lifecycle hook", of: ({ hooks }) => hooks.map(({ name }) => name) },
  { name: "subnet", of: ({ subnetIds }) => subnetIds },
  {
    name: "placement group",
    of: ({ placementGroup }) => (placementGroup === undefined ? [] : [placementGroup.name]),
  },
  {
    name: "source of traffic",
    of: ({ traffic }) => [
      ...traffic.targetGroups.map(({ arn }) => arn),
      ...traffic.classic.map(({ name }) => name),
      ...traffic.unreadable,
    ],
  },
  {
    name: "way to launch",
    of: ({ kind }) => [
      ...(kind.launchConfigurationName === undefined ? [] : ["a launch configuration"]),
      ...(kind.mixedInstances === undefined ? [] : ["a mixed-instances policy"]),
      ...(kind.warmPool === undefined ? [] : ["a warm pool"]),
    ],
  },
];

const changesIn = ({ name, of }: Part, before: Judged, now: Judged): readonly string[] => {
  const [had, has] = [of(before), of(now)];
  return [
    ...had.filter((one) => !has.includes(one)).map((one) => `${name} ${one} is gone`),
    ...has.filter((one) => !had.includes(one)).map((one) => `${name} ${one} is new`),
  ];
};

/** Undefined: nothing that a replacement rests on has changed. */
export const changeOfGroup = (before: Judged, now: Judged): string | undefined => {
  const changes = parts.flatMap((part) => changesIn(part, before, now));
  return changes.length === 0
    ? undefined
    : `Group ${before.asgName} has changed since it was judged: ${changes.join("; ")}.`;
};
