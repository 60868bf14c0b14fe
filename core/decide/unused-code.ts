/**
 * Which published versions of our functions nobody can need now. A workflow names the versions that were there when it was deployed,
 * and an execution keeps its definition to its end, and when it is redriven (docs/decisions/0020-published-versions.md).
 */
import type { PublishedVersion } from "../model/published-version.ts";

/** One that another has taken the place of. */
export interface ReplacedVersion {
  readonly arn: string;
  /** When the next one was published. A deployment lets its workflow name it minutes later. */
  readonly replacedAt: Date;
}

const dayMs = 86_400_000;

/**
 * An execution that failed can be redriven within 14 days of its end (Step Functions API reference, RedriveExecution). What was
 * replaced less than that ago is not even asked about.
 */
export const redrivableMs = 14 * dayMs;

/** A deployment that takes longer, and a start that still meets the definition before, are not known. */
const deploymentMs = dayMs;

const qualifiedFunction = /arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]+:\d+/g;

/** ARNs of the versions that a workflow's definition names, each once. */
export const versionsNamedBy = (definition: string): ReadonlySet<string> =>
  new Set(definition.match(qualifiedFunction) ?? []);

/** `…:function:NAME:7` is a version of `…:function:NAME`. */
export const functionOf = (versionArn: string): string => versionArn.replace(/:\d+$/, "");

/** Those that the present workflow doesn't name, and that were replaced so long ago that nobody starts or redrives with them. */
export const longReplaced = (
  versions: readonly PublishedVersion[],
  current: ReadonlySet<string>,
  now: Date,
): readonly ReplacedVersion[] => {
  const inOrder = versions.toSorted((one, other) => one.version - other.version);
  return inOrder.flatMap(({ arn }, index) => {
    const next = inOrder[index + 1];
    if (next === undefined || current.has(arn)) return [];
    const replacedAt = next.publishedAt;
    const ageMs = now.getTime() - replacedAt.getTime();
    return ageMs > redrivableMs + deploymentMs ? [{ arn, replacedAt }] : [];
  });
};

/** An execution that began later names what came after all of these. */
export const lastStartWith = (replaced: readonly ReplacedVersion[]): Date =>
  new Date(Math.max(...replaced.map(({ replacedAt }) => replacedAt.getTime())) + deploymentMs);
