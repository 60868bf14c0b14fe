/** Draws what fails on our side of a conversion: a changing call, a function, or the kill switch that somebody throws. */
import { oneOf, type Random } from "../../cloud/random.ts";
import type { FaultCall } from "../../cloud/faults.ts";
import type { GroupLab } from "../../lab/group-lab.ts";
import { createKiller, harmCall, harms, isMutation, refusals } from "../../lab/harm.ts";

export interface Fault {
  readonly sentence: string;
  /** AWS refuses something for good: a person may have to mend it. */
  readonly isRefusal: boolean;
  readonly begin: (lab: GroupLab) => void;
}

/** A change that the product makes. */
export const isOurChange =
  ({ name }: Pick<GroupLab, "name">) =>
  (call: FaultCall): boolean =>
    isMutation(name.accountId)(call) && call.caller.sessionName !== undefined;

const mostCalls = 30;
const mostThrottled = 3;

const throttle = ({ platform, ...lab }: GroupLab, nth: number): void => {
  const matches = isOurChange(lab);
  let seen = 0;
  let refused = 0;
  platform.cloud.faults.before((call) => {
    if (!matches(call)) return;
    seen += 1;
    if (seen < nth || refused >= mostThrottled) return;
    refused += 1;
    throw refusals.throttled();
  });
};

const killBefore = ({ platform, ...lab }: GroupLab, nth: number): void => {
  const matches = isOurChange(lab);
  const killer = createKiller();
  let seen = 0;
  platform.cloud.faults.before((call) => {
    if (!matches(call)) return undefined;
    seen += 1;
    return seen === nth && killer.deaths === 0 ? killer.die() : undefined;
  });
};

const throwKillSwitch = ({ platform, account, ...lab }: GroupLab, nth: number): void => {
  const matches = isOurChange(lab);
  let seen = 0;
  platform.cloud.faults.after(async (call) => {
    if (!matches(call)) return;
    seen += 1;
    if (seen !== nth) return;
    const body = { engaged: true, reason: "drill" };
    await account.api.send({ method: "PUT", path: "/kill-switch", body });
  });
};

type Kind = (random: Random, nth: number) => Fault;

const kinds: readonly Kind[] = [
  (random, nth) => {
    const harm = oneOf(random, harms);
    return {
      sentence: `changing call ${String(nth)} meets: ${harm}`,
      isRefusal: harm === "unauthorized",
      begin: (lab) => {
        harmCall(lab.platform, { harm, nth, matches: isOurChange(lab) });
      },
    };
  },
  (_random, nth) => ({
    sentence: `changing call ${String(nth)} is throttled`,
    isRefusal: false,
    begin: (lab) => {
      throttle(lab, nth);
    },
  }),
  (_random, nth) => ({
    sentence: `the function dies before changing call ${String(nth)}`,
    isRefusal: false,
    begin: (lab) => {
      killBefore(lab, nth);
    },
  }),
  (_random, nth) => ({
    sentence: `the kill switch is thrown after changing call ${String(nth)}`,
    isRefusal: false,
    begin: (lab) => {
      throwKillSwitch(lab, nth);
    },
  }),
];

/** None to two. */
export const drawFaults = (random: Random): readonly Fault[] =>
  Array.from({ length: random.integer(0, 2) }, () =>
    oneOf(
      random,
      [kinds[0], ...kinds].filter((kind) => kind !== undefined),
    )(random, random.integer(1, mostCalls)),
  );
