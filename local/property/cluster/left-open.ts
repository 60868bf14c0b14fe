/**
 * What an ending that needs a person names: only that may be other than it was. Everything else is judged as after any other ending. Open
 * intents are shown with the evaluation, and by them it is rolled back or adopted.
 */
import { isOpenIntent } from "../../../core/decide/switch/outcome.ts";
import type { Intent } from "../../../core/model/intent.ts";
import type { GroupEnding } from "../../lab/group-lab.ts";

type Setting = "max" | "suspended" | "tags" | "protected" | "desired";

export interface Named {
  /** An instance that was launched and has no group, or is a target without one. */
  readonly ids: ReadonlySet<string>;
  /** By the name that the judge gives them. */
  readonly settings: ReadonlySet<string>;
}

const settingsOf: Readonly<Partial<Record<Intent["change"]["kind"], readonly Setting[]>>> = {
  RAISE_MAX: ["max"],
  SUSPEND_AZ_REBALANCE: ["suspended"],
  CLAIM_GROUP: ["tags"],
  PROTECT_MEMBERS: ["protected"],
  HOLD_MEMBERS: ["protected"],
  ATTACH_MEMBERS: ["desired"],
  REMOVE_MEMBER: ["desired"],
};

const idsIn = ({ change }: Intent): readonly string[] => {
  switch (change.kind) {
    case "LAUNCH_INSTANCE":
    case "REGISTER_TARGET":
      return change.instanceId === undefined ? [] : [change.instanceId];
    default:
      return [];
  }
};

export const namedToOperator = ({
  status,
  evaluation,
  intents,
}: Pick<GroupEnding, "status" | "evaluation" | "intents">): Named => {
  const open = status === "NEEDS_OPERATOR" ? intents.filter(isOpenIntent) : [];
  const left = (evaluation.leftBehind ?? []).map(({ id }) => id);
  return {
    ids: new Set([...left, ...open.flatMap(idsIn)]),
    settings: new Set(open.flatMap(({ change: { kind } }) => settingsOf[kind] ?? [])),
  };
};
