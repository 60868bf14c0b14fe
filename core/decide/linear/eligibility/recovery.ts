/** Rules about a recovery: EC2 has taken back what a switch of the target had placed, and what was kept of that launch is enough to launch it anew. */
import type { Placement } from "../../../model/evaluation.ts";
import type { Loss } from "../../../model/loss.ts";
import {
  accountIsActive,
  modelIsAllowed,
  permissionsAreThere,
  regionIsConnected,
  regionIsServed,
} from "../../switch/registration.ts";
import type { Objection, RegistrationFacts, RegistrationRule } from "../../switch/objection.ts";
import type { InstanceFacts } from "../../../model/instance.ts";

export interface RecoveryFacts extends RegistrationFacts {
  readonly lost?: Loss;
  readonly placedBy?: Placement;
  readonly instance: InstanceFacts | undefined;
}

type RecoveryRule = (facts: RecoveryFacts) => Objection | undefined;

const subjectOf = ({ target }: RecoveryFacts): string =>
  target.pipelineMode === "LINEAR" ? target.instanceId : target.targetId;

/** What a switch launched is ours to launch anew; its record says so, and no tag. */
const wasPlaced: RecoveryRule = (facts) =>
  facts.placedBy !== undefined
    ? undefined
    : {
        code: "NOT_PLACED_BY_A_SWITCH",
        sentence: `No switch of target ${facts.target.targetId} has launched ${subjectOf(facts)}: it is its owner's, who alone launches it anew.`,
      };

const isLost: RecoveryRule = (facts) =>
  facts.lost !== undefined
    ? undefined
    : {
        code: "NOT_INTERRUPTED",
        sentence: `${subjectOf(facts)} lives, and EC2 has not announced its end: there is nothing to recover.`,
        isThereAlready: true,
      };

/** Who ends his own instance wants it so. Not knowing who did is not an interruption. */
const wasTaken: RecoveryRule = ({ lost, target: { targetId } }) => {
  if (lost === undefined || lost.by === "EC2" || lost.isAskedFor === true) return undefined;
  const who = lost.by === "OWNER" ? "Its owner ended it" : "EC2 does not say who ended it";
  return {
    code: "ENDED_BY_ITS_OWNER",
    sentence: `${lost.sentence} ${who}, and nothing is launched in its place. Next: evaluate the target with {"recover": true} if it is to be launched anew, or delete target ${targetId}.`,
  };
};

const isKnown: RecoveryRule = (facts) =>
  facts.instance !== undefined
    ? undefined
    : {
        code: "LAST_LAUNCH_UNKNOWN",
        sentence: `Nothing was kept of the launch of ${subjectOf(facts)}: a version before this one made it, or its load had no data then and has some now. Next: see "Interruptions" in the runbook.`,
      };

const recoveryRules: readonly RecoveryRule[] = [wasPlaced, isLost, wasTaken, isKnown];

/** What its owner has agreed to for a switch is not asked again: the load is down. */
const registered: readonly RegistrationRule[] = [
  accountIsActive,
  regionIsConnected,
  regionIsServed,
  modelIsAllowed,
  permissionsAreThere,
];

/** Empty: it may be launched anew. A disabled account is not asked, so that nothing is known of the instance. */
export const objectionsToRecovery = (facts: RecoveryFacts): readonly Objection[] => {
  const before = registered.flatMap((rule) => rule(facts) ?? []);
  return before.length > 0 ? before : recoveryRules.flatMap((rule) => rule(facts) ?? []);
};
