/** The fleet as it was read last, folded from whole answers and from what changed since. */
import { poll } from "../api/polled.ts";
import type { Schemas } from "../api/types.ts";
import { foldRows, type RowsById } from "./rows.ts";

type Answer = Schemas["Fleet"];

export interface FleetState extends Omit<Answer, "columns" | "is_complete" | "removed"> {
  readonly rows: RowsById;
}

const everyMs = 10_000;

const pathOf = (before: FleetState | undefined): string =>
  before === undefined ? "/fleet" : `/fleet?after=${encodeURIComponent(before.revision)}`;

const fold = (before: FleetState | undefined, answer: Answer): FleetState => {
  const { columns, is_complete, removed, ...rest } = answer;
  return { ...rest, rows: foldRows(before?.rows ?? new Map(), { columns, is_complete, removed }) };
};

export const fleet = poll<FleetState, Answer>(pathOf, { everyMs: () => everyMs, fold });
