/** Reads an execution's history event by event as stays in its states, as people follow them. */
import * as z from "zod";
import type { RecordedEvent } from "./history.ts";

/** One stay in a state; a state that is polled counts as one until it answers something else than that it goes on. */
export interface StateVisit {
  readonly state: string;
  /** Milliseconds since the epoch, virtual. */
  readonly enteredMs: number;
  /** Likewise. */
  readonly leftMs: number;
  readonly summary: string;
  readonly hasFailed: boolean;
}

export type OnVisit = (visit: StateVisit) => void;

const answerSchema = z.object({ Payload: z.object({ kind: z.string(), summary: z.string() }) });

/** Answers of a state that is entered again after a while. */
const polled: ReadonlySet<string> = new Set(["WAITING", "DRAINING"]);

interface OpenVisit {
  readonly state: string;
  readonly enteredMs: number;
  answer?: { readonly kind: string; readonly summary: string };
}

/** Waits and routes are left out: they say nothing of their own. */
export const visitsOf = (onVisit: OnVisit): ((event: RecordedEvent) => void) => {
  let open: OpenVisit | undefined;
  const enter = (state: string, enteredMs: number): void => {
    if (open?.state !== state) open = { state, enteredMs };
  };
  const leave = (leftMs: number): void => {
    if (open?.answer === undefined || polled.has(open.answer.kind)) return;
    const { state, enteredMs, answer } = open;
    const { summary, kind } = answer;
    onVisit({ state, enteredMs, leftMs, summary, hasFailed: kind === "FAILED" });
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
        leave(event.timestamp.getTime());
        break;
      default:
        answered(event);
    }
  };
};
