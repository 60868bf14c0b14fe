/** What can happen in the middle of a switch: a call that fails, a function that dies, a person, the market. Drawn, and let happen. */
import type { FaultCall } from "../cloud/faults.ts";
import { isMutating } from "../cloud/journal.ts";
import { oneOf, type Random } from "../cloud/random.ts";
import type { Lab } from "../lab/contract.ts";
import {
  createKiller,
  harmCall,
  harms,
  isMutation,
  refusals,
  type WatchedTable,
} from "../lab/harm.ts";
import { accountId, region } from "../lab/lab.ts";
import { asOwner, at, throwKillSwitch } from "../lab/scenarios.ts";

export interface Disturbance {
  /** For whoever repeats the case. */
  readonly sentence: string;
  readonly begin: (lab: Lab, table: WatchedTable) => void;
}

/** A switch makes 10 to 25 of these. */
const mostMutations = 25;
const mostReadings = 150;
/** Of the functions in one evaluation. */
const mostWrites = 110;

const failingCall = (random: Random): Disturbance => {
  const harm = oneOf(random, harms);
  const nth = random.integer(1, mostMutations);
  return {
    sentence: `changing call ${String(nth)} meets: ${harm}`,
    begin: (lab) => {
      harmCall(lab.platform, { harm, nth, matches: isMutation(accountId) });
    },
  };
};

const isReading = ({ caller, operation }: FaultCall): boolean =>
  caller.accountId === accountId && !isMutating(operation);

const failingReading = (random: Random): Disturbance => {
  const kind = oneOf(random, ["unavailable", "throttled"] as const);
  const nth = random.integer(1, mostReadings);
  return {
    sentence: `reading call ${String(nth)} is ${kind}`,
    begin: (lab) => {
      let count = 0;
      lab.platform.cloud.faults.before((call) => {
        if (!isReading(call)) return;
        count += 1;
        if (count === nth) throw refusals[kind]();
      });
    },
  };
};

const dyingFunction = (random: Random): Disturbance => {
  const moment = oneOf(random, ["before", "after"] as const);
  const nth = random.integer(1, mostWrites);
  return {
    sentence: `the function dies ${moment} write ${String(nth)}`,
    begin: (_lab, table) => {
      const killer = createKiller();
      table.setHook((when, write) =>
        when === moment && write === nth && killer.deaths === 0 ? killer.die() : undefined,
      );
    },
  };
};

const atCall =
  (what: string, act: (lab: Lab) => void | Promise<void>) =>
  (random: Random): Disturbance => {
    const nth = random.integer(1, mostMutations);
    return {
      sentence: `${what} after changing call ${String(nth)}`,
      begin: (lab) => {
        at(lab, { nth }, { when: "after", what: () => act(lab) });
      },
    };
  };

const interrupt =
  (noticeSeconds: number) =>
  (lab: Lab): void => {
    const replacement = lab.replacement();
    if (replacement?.state !== "running") return;
    lab.watch.excuse("replacement");
    lab.control.interrupt(replacement.instanceId, { noticeSeconds });
  };

/** The owner terminates what we launched, as one more instance that he doesn't know. */
const terminateReplacement = async (lab: Lab): Promise<void> => {
  const replacement = lab.replacement();
  if (replacement?.state !== "running") return;
  lab.watch.excuse("replacement");
  await asOwner(lab)("TerminateInstances", { InstanceIds: [replacement.instanceId] });
};

const tagOriginal = async (lab: Lab): Promise<void> => {
  await asOwner(lab)("CreateTags", {
    Resources: [lab.originalId],
    Tags: [{ Key: "Team", Value: region }],
  });
};

const kinds: readonly ((random: Random) => Disturbance)[] = [
  failingCall,
  failingCall,
  failingReading,
  dyingFunction,
  dyingFunction,
  atCall("the kill switch is thrown", throwKillSwitch),
  atCall("the replacement is interrupted with notice", interrupt(120)),
  atCall("the replacement is interrupted", interrupt(0)),
  atCall("the owner terminates the replacement", terminateReplacement),
  atCall("the owner tags the original", tagOriginal),
];

/** One to three. */
export const drawDisturbances = (random: Random): readonly Disturbance[] =>
  Array.from({ length: random.integer(1, 3) }, () => oneOf(random, kinds)(random));
