/** Which backup plan takes a resource, whether or not it has backed it up yet. Source: AWS Backup developer guide, "Selecting resources". */
import type { BackupSelection } from "../model/waste/backup-selection.ts";
import type { Tagged } from "../model/waste/tagged.ts";

interface Named extends Tagged {
  readonly arn: string;
}

const prefix = "aws:ResourceTag/";

/** Absent: it does not carry it. */
const valueOf = ({ tags }: Named, key: string): string | undefined =>
  tags[key.startsWith(prefix) ? key.slice(prefix.length) : key];

/** `*` for any text, as in its own places. */
const isLike = (text: string | undefined, pattern: string): boolean => {
  if (text === undefined) return false;
  const parts = pattern
    .split("*")
    .map((part) => part.replaceAll(/[$()+.?[\\\]^{|}]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(text);
};

const isNamed = ({ arn }: Named, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => isLike(arn, pattern));

const holds = (resource: Named, selection: BackupSelection): boolean => {
  const { equals, notEquals, like, notLike } = selection;
  return (
    equals.every(({ key, value }) => valueOf(resource, key) === value) &&
    notEquals.every(({ key, value }) => valueOf(resource, key) !== value) &&
    like.every(({ key, value }) => isLike(valueOf(resource, key), value)) &&
    notLike.every(({ key, value }) => !isLike(valueOf(resource, key), value))
  );
};

const takes = (resource: Named, selection: BackupSelection): boolean =>
  (isNamed(resource, selection.resources) ||
    selection.anyTag.some(({ key, value }) => valueOf(resource, key) === value)) &&
  !isNamed(resource, selection.notResources) &&
  holds(resource, selection);

/** Its name; undefined: none. */
export const planThatTakes = (
  resource: Named,
  selections: readonly BackupSelection[],
): string | undefined => selections.find((selection) => takes(resource, selection))?.planName;
