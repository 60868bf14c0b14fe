/** Runs the clock until an execution has ended, and tells each workflow state as it is left. */
import * as z from "zod";
import type { RecordedEvent } from "../interpreter/history.ts";
import type { LabAccount } from "./account.ts";

/** One stay in a state; a state that is polled counts as one until it answers something else than that it goes on. */
export interface StateVisit {
  readonly state: string;
  /** Milliseconds since the epoch, virtual. */
  readonly enteredMs: number;
  readonly summary: string;
  readonly hasFailed: boolean;
}

export type OnVisit = (visit: StateVisit) => void;

/** A switch takes minutes to hours: what runs longer in virtual time hangs. */
const longestMs = 24 * 3_600_000;

const answerSchema = z.object({ Payload: z.object({ kind: z.string(), summary: z.string() }) });

/** Answers of a state that is entered again after a while. */
const polled: ReadonlySet<string> = new Set(["WAITING", "DRAINING"]);

interface OpenVisit {
  readonly state: string;
  readonly enteredMs: number;
  answer?: { readonly kind: string; readonly summary: string };
}

/** Reads the history event by event. Waits and routes are left out: they say nothing of their own. */
const createTeller = (onVisit: OnVisit): ((event: RecordedEvent) => void) => {
  let open: OpenVisit | undefined;
  const enter = (state: string, enteredMs: number): void => {
    if (open?.state !== state) open = { state, enteredMs };
  };
  const leave = (): void => {
    if (open?.answer === undefined || polled.has(open.answer.kind)) return;
    const { state, enteredMs, answer } = open;
    onVisit({ state, enteredMs, summary: answer.summary, hasFailed: answer.kind === "FAILED" });
    open = undefined;
  };
  const answered = (event: RecordedEvent): void => {
    if (open === undefined) return;
    const { taskSucceededEventDetails: succeeded, taskFailedEventDetails: failed } = event;
    if (succeeded !== undefined) {
      const output: unknown = JSON.parse(succeeded.output ?? "{}");
      open.answer = answerSchema.parse(output).Payload;
    } else if (failed !== undefined) {
      open.answer = { kind: "FAILED", summary: failed.error ?? "no reason given" };
    }
  };
  return (event) => {
    switch (event.type) {
      case "TaskStateEntered":
        enter(event.stateEnteredEventDetails?.name ?? "", event.timestamp.getTime());
        break;
      case "TaskStateExited":
        leave();
        break;
      default:
        answered(event);
    }
  };
};

/** @param onTick after each job of the clock, when something may have changed */
export const followExecution = async (
  { clock, platform }: LabAccount,
  executionArn: string,
  { onVisit, onTick }: { readonly onVisit: OnVisit; readonly onTick: () => void },
): Promise<void> => {
  const tell = createTeller(onVisit);
  const endMs = clock.now() + longestMs;
  let told = 0;
  for (;;) {
    const events = await platform.interpreter.history(executionArn);
    for (const event of events.slice(told)) tell(event);
    told = events.length;
    const { status } = await platform.interpreter.describe(executionArn);
    if (status !== "RUNNING") return;
    if (clock.pending === 0 || clock.now() > endMs) {
      throw new Error(`Execution ${executionArn} does not come to an end.`);
    }
    let jobs = 0;
    await clock.run({ until: () => jobs++ > 0 });
    onTick();
  }
};
