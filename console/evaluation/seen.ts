/** Until when an evaluation is drawn: what has ended is not drawn again each second. */
import { nowMs } from "../clock.ts";
import { isOver, type EvaluationRecord } from "./story.ts";

/** Milliseconds since the epoch. */
export const seenMs = (record: EvaluationRecord): number =>
  isOver(record) && record.ended_at !== undefined ? Date.parse(record.ended_at) : nowMs.value;
