/** What the figures of all benches are made of: the account they are measured in, and sums over what was recorded there. */
import type { StateMachine } from "../../statemachines/asl.ts";
import { isMutating } from "../cloud/journal.ts";
import type { Market } from "../cloud/market/market.ts";
import { seededMarket } from "../cloud/market/seeded.ts";
import type { RecordedEvent } from "../interpreter/history.ts";
import { openAccount, type LabAccount } from "../lab/account.ts";
import type { CallRecord } from "../platform/call-recorder.ts";
import { createMemoryTable } from "../platform/memory-table.ts";

/** The demo's own market and moment. */
export const firstSeed = 1;
const startMs = Date.parse("2026-03-02T09:00:00Z");

export const openBenchAccount = (
  seed: number = firstSeed,
  marketOf: (market: Market) => Market = (market) => market,
): Promise<LabAccount> =>
  openAccount({
    market: marketOf(seededMarket({ seed })),
    seed,
    startMs,
    region: "us-east-1",
    version: "bench",
    name: "bench",
    front: "direct",
    // What is written is counted in kilobytes, as DynamoDB bills it.
    table: createMemoryTable("dense"),
  });

/** The states of an execution in the order entered: what AWS bills as transitions. */
export const enteredIn = (history: readonly RecordedEvent[]): readonly string[] =>
  history.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);

/** A round is the wait, the step asked again, and the choice after it. */
const statesPerRound = 3;

/** Of the states entered, those of rounds of asking again. */
export const pollingIn = ({ States }: StateMachine, entered: readonly string[]): number =>
  statesPerRound * entered.filter((name) => States[name]?.Type === "Wait").length;

/** Request units of the state table. */
export const unitsOf = ({ tableRequests }: CallRecord, isWriting: boolean): number =>
  tableRequests
    .filter(({ action }) => /:(Put|Delete)Item$/.test(action) === isWriting)
    .reduce((sum, { units }) => sum + units, 0);

const isAction = ({ action }: CallRecord["awsCalls"][number]): boolean =>
  isMutating(action.slice(action.indexOf(":") + 1));

/**
 * Calls to AWS of the looks of a wait that found nothing to do: the invocation changed nothing and is asked again. The look that ends the wait
 * is not among them, and neither is one that acts.
 */
export const pollingCallsIn = ({ awsCalls, kinds }: CallRecord): number => {
  const acting = new Set(awsCalls.filter(isAction).map(({ place }) => place));
  return awsCalls.filter(({ place }) => kinds[place] === "WAITING" && !acting.has(place)).length;
};

export const copyOf = ({
  invocations,
  kinds,
  awsCalls,
  tableRequests,
}: CallRecord): CallRecord => ({
  invocations: [...invocations],
  kinds: [...kinds],
  awsCalls: [...awsCalls],
  tableRequests: [...tableRequests],
});
