/** What an evaluation has left to the janitor, as its record tells it until that is settled. */
import { changesOf, type ChangeOf, type Intent } from "../../model/intent.ts";
import type { SettingKind } from "../../model/intents/group.ts";
import type { Settlement } from "../../model/settlement.ts";
import { staysSuspended } from "../switch/az-rebalance.ts";
import { isLeft } from "../switch/unsettled.ts";
import { staysRaised } from "./maximum.ts";

const sentenceOn = (change: ChangeOf<SettingKind>): string => {
  switch (change.kind) {
    case "RAISE_MAX":
      return staysRaised(change);
    case "SUSPEND_AZ_REBALANCE":
      return staysSuspended(change);
    case "HOLD_MEMBERS":
    case "PROTECT_MEMBERS":
      return `Our protection from scale-in is still on ${change.instanceIds.join(" ")} of group ${change.asgName}. It is taken off.`;
  }
};

/** One for each kind: the last of it says what stands there. */
export const leftSettings = (intents: readonly Intent[], at: string): readonly Settlement[] => {
  const byKind = new Map(intents.filter(isLeft).map(({ change }) => [change.kind, change]));
  return [...byKind.values()].map((change) => ({
    of: change.kind,
    resource: change.asgName,
    kind: "WAITING",
    sentence: sentenceOn(change),
    at,
  }));
};

/** The maximum that the evaluation could not hand back, until it is. */
export const leftRaise = (intents: readonly Intent[]): ChangeOf<"RAISE_MAX"> | undefined =>
  changesOf(intents.filter(isLeft), "RAISE_MAX").at(-1);
