/** Says which of the targets that were judged are evaluated now: no more than may begin, and of those on their way back to Spot no more than bear it. */
import { updateSpotBackoff } from "../../../adapters/store/spot-backoffs.ts";
import { readSwitching } from "../../../adapters/store/switching.ts";
import { isOnTheWayBack, returnsToBegin } from "../../../core/decide/fleet/returns.ts";
import { isToAct, isToLook, type Judged } from "../../../core/decide/fleet/starts.ts";
import { freeSwitches } from "../../../core/decide/switch/concurrency.ts";
import { longestWaitingFirst } from "../../../core/decide/switch/due.ts";
import type { Account } from "../../../core/model/account.ts";
import type { Place } from "../../../core/model/place.ts";
import type { Target } from "../../../core/model/target.ts";
import type { PlaceSession } from "../../fleet/place.ts";
import type { StartsContext } from "./starts.ts";

interface ToStartInput extends Pick<PlaceSession, "backoffs"> {
  readonly place: Place;
  readonly account: Account;
  /** Of the place, all of them. */
  readonly targets: readonly Target[];
  readonly judged: readonly Judged[];
}

/** Those that are not on their way back, and of the others as many as bear it. */
const withoutTooManyReturns = (
  due: readonly Target[],
  { targets, backoffs }: ToStartInput,
  now: Date,
): readonly Target[] => {
  const returning = due.filter((target) => isOnTheWayBack(target, backoffs));
  const chosen = returnsToBegin(returning, { targets, backoffs, now });
  return due.filter((target) => !returning.includes(target) || chosen.has(target.targetId));
};

/** No more that act than may begin now: the others would be judged for nothing. */
export const toStart = async (
  context: Pick<StartsContext, "now" | "table" | "workflowOf">,
  input: ToStartInput,
): Promise<readonly Target[]> => {
  const { place, account, judged } = input;
  const { table, workflowOf, now } = context;
  const at = now();
  const startable = judged.filter(({ target }) => workflowOf(target.pipelineMode) !== undefined);
  const acting = startable.filter((each) => isToAct(each, at));
  const looking = startable.filter((each) => !acting.includes(each) && isToLook(each, at));
  const free =
    acting.length === 0
      ? 0
      : freeSwitches(await readSwitching(table, place.accountId), account, {
          region: place.region,
          at: at.toISOString(),
        });
  const targetsOf = (these: readonly Judged[]): readonly Target[] =>
    longestWaitingFirst(these.map(({ target }) => target));
  const due = withoutTooManyReturns(targetsOf(acting), input, at);
  return [...due.slice(0, free), ...targetsOf(looking)];
};

/** Once its evaluation is begun: those that follow count it. */
export const noteReturn =
  (
    { table, now }: Pick<StartsContext, "now" | "table">,
    { place, backoffs }: Pick<ToStartInput, "place" | "backoffs">,
  ) =>
  async (target: Target): Promise<void> => {
    if (!isOnTheWayBack(target, backoffs)) return;
    const returnBegunAt = now().toISOString();
    await updateSpotBackoff(table, { place, targetId: target.targetId }, (stored) =>
      stored === undefined ? stored : { ...stored, returnBegunAt },
    );
  };
