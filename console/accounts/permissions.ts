/** What the verification of an account's role has found, in words: what failed, and which action is missing where. */
import type { Schemas } from "../api/types.ts";
import { words } from "../format.ts";
import type { StatusMark } from "../ui/status.tsx";

export type Account = Schemas["Account"];
export type Verification = Schemas["Verification"];

export const accountMarks: Readonly<Record<Account["status"], StatusMark>> = {
  ACTIVE: { word: "Active", icon: "done", tone: "good" },
  PENDING: { word: "To be verified", icon: "clock", tone: "hold" },
  DISABLED: { word: "Disabled", icon: "slashed", tone: "idle" },
};

export const outcomeMarks: Readonly<Record<Schemas["AccountCheck"]["outcome"], StatusMark>> = {
  PASSED: { word: "Passed", icon: "done", tone: "good" },
  FAILED: { word: "Failed", icon: "octagon", tone: "bad" },
  SKIPPED: { word: "Skipped", icon: "dots", tone: "idle" },
};

type Missing = NonNullable<Account["permissions"]>["missing"];

/** An action that AWS refuses, for which part of the role, and where. */
export interface MissingAction {
  readonly action: string;
  readonly feature: string;
  readonly regions: string;
}

/** Of the last verification. */
export const missingIn = (missing: Missing): readonly MissingAction[] =>
  missing.map(({ action, feature, regions }) => ({
    action,
    feature: words(feature),
    regions: regions.join(", "),
  }));

/** `ec2:StopInstances and 2 more`. Undefined: the role was never verified. */
export const missingText = ({ permissions }: Pick<Account, "permissions">): string | undefined => {
  if (permissions === undefined) return undefined;
  const [first, ...rest] = permissions.missing;
  if (first === undefined) return "None";
  return rest.length === 0 ? first.action : `${first.action} and ${String(rest.length)} more`;
};

/** One thing that a verification has found and somebody must see to. */
export interface Trouble {
  readonly what: string;
  readonly sentence: string;
}

const featureTroubles = ({ features }: Verification): readonly Trouble[] =>
  features
    .filter(({ status }) => status === "INCOMPLETE")
    .flatMap(({ feature, missing }) =>
      missing.map(({ action, region, reason }) => ({
        what: `Part ${feature}`,
        sentence: `${action} is refused in ${region}${reason === undefined ? "" : ` (${reason})`}. Update the customer's stack.`,
      })),
    );

const keyTroubles = ({ keys }: Verification): readonly Trouble[] =>
  keys
    .filter(({ status }) => status === "UNUSABLE")
    .map(({ key_id: key, message }) => ({ what: `Key ${key}`, sentence: message }));

const snapshotTroubles = ({ snapshots }: Verification): readonly Trouble[] =>
  snapshots
    .filter(({ status }) => status === "USED_UP")
    .map(({ region, message }) => ({ what: `Snapshots in ${region}`, sentence: message }));

/** Besides its checks, which tell for themselves: missing actions first, then what targets are refused for. */
export const troublesOf = (verification: Verification): readonly Trouble[] => [
  ...featureTroubles(verification),
  ...keyTroubles(verification),
  ...snapshotTroubles(verification),
];

/** What a person does next. */
export const nextStep = ({ verified, account_id: id }: Verification): string =>
  verified ? `spot preflight ${id}` : `spot accounts template ${id} > role.yaml`;
