/** What fails at AWS or at home: a call, a reading, a function, the table, the customer's EC2 as a whole. */
import { SpotOptimizerError } from "../../core/errors.ts";
import type { FaultCall } from "../cloud/faults.ts";
import { isMutating } from "../cloud/journal.ts";
import { oneOf, type Random } from "../cloud/random.ts";
import { createKiller, harmCall, harms, isMutation, refusals } from "../lab/harm.ts";
import { currentInvocation } from "../platform/invocation.ts";
import { accountId } from "../lab/lab.ts";
import { mostMutations, type Disturbance, type Kind } from "./disturbance.ts";

const mostReadings = 150;
/** Of the functions in one evaluation. */
const mostWrites = 110;
const minuteMs = 60_000;

/** A change that the product makes for an evaluation. */
const isOurs = (call: FaultCall): boolean =>
  isMutation(accountId)(call) && call.caller.sessionName !== undefined;

const failingCall = (random: Random): Disturbance => {
  const harm = oneOf(random, harms);
  const nth = random.integer(1, mostMutations);
  return {
    sentence: `changing call ${String(nth)} meets: ${harm}`,
    begin: ({ lab }) => {
      harmCall(lab.platform, { harm, nth, matches: isOurs });
    },
  };
};

const isReading = ({ caller, operation }: FaultCall): boolean =>
  caller.accountId === accountId && caller.sessionName !== undefined && !isMutating(operation);

const failingReading = (random: Random): Disturbance => {
  const kind = oneOf(random, ["unavailable", "throttled"] as const);
  const nth = random.integer(1, mostReadings);
  return {
    sentence: `reading call ${String(nth)} is ${kind}`,
    begin: ({ lab }) => {
      let count = 0;
      lab.platform.cloud.faults.before((call) => {
        if (!isReading(call)) return;
        count += 1;
        if (count === nth) throw refusals[kind]();
      });
    },
  };
};

/** And not by the API, whose caller asks again. */
const isByFunction = (): boolean => currentInvocation() !== undefined;

const dyingFunction = (random: Random): Disturbance => {
  const moment = oneOf(random, ["before", "after"] as const);
  const nth = random.integer(1, mostWrites);
  return {
    sentence: `the function dies ${moment} write ${String(nth)}`,
    begin: ({ table }) => {
      const killer = createKiller();
      table.addHook((when, write) =>
        isByFunction() && when === moment && write === nth && killer.deaths === 0
          ? killer.die()
          : undefined,
      );
    },
  };
};

/** As DynamoDB's client tells it after its own tries. */
const tableIsDown = (): SpotOptimizerError =>
  new SpotOptimizerError("RetryableUnavailable", "PutItem: InternalServerError: Try again.", {
    code: "InternalServerError",
    isOwn: true,
  });

const lostWrite = (random: Random): Disturbance => {
  const moment = oneOf(random, ["before", "after"] as const);
  const nth = random.integer(1, mostWrites);
  return {
    sentence: `DynamoDB fails ${moment} it has made write ${String(nth)}`,
    begin: ({ table }) => {
      table.addHook((when, write) => {
        if (isByFunction() && when === moment && write === nth) throw tableIsDown();
        return undefined;
      });
    },
  };
};

const tableOutage = (random: Random): Disturbance => {
  const nth = random.integer(1, mostWrites);
  const minutes = oneOf(random, [1, 5, 20]);
  return {
    sentence: `DynamoDB is down for ${String(minutes)} minutes from write ${String(nth)} on`,
    begin: ({ lab, table, forgiveLateness }) => {
      table.addHook((when, write) => {
        if (isByFunction() && when === "before" && write === nth) {
          forgiveLateness();
          const endMs = lab.clock.now() + minutes * minuteMs;
          table.fail(() => (lab.clock.now() < endMs ? tableIsDown() : undefined));
          throw tableIsDown();
        }
        return undefined;
      });
    },
  };
};

const cloudOutage = (random: Random): Disturbance => {
  const nth = random.integer(1, mostMutations);
  const minutes = oneOf(random, [2, 10, 40]);
  return {
    sentence: `the customer's AWS is down for ${String(minutes)} minutes from changing call ${String(nth)} on`,
    begin: ({ lab, forgiveLateness }) => {
      let count = 0;
      let endMs: number | undefined;
      lab.platform.cloud.faults.before((call) => {
        if (call.caller.accountId !== accountId || call.caller.sessionName === undefined) return;
        if (isOurs(call)) count += 1;
        if (count < nth) return;
        endMs ??= lab.clock.now() + minutes * minuteMs;
        forgiveLateness();
        if (lab.clock.now() < endMs) throw refusals.unavailable();
      });
    },
  };
};

export const failures: readonly Kind[] = [
  failingCall,
  failingCall,
  failingReading,
  dyingFunction,
  dyingFunction,
  lostWrite,
  tableOutage,
  cloudOutage,
];
