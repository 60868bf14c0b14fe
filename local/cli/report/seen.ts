/** What an evaluation saw of its subject in the course of time, in a line each: of a group its capacity, of nodes the budgets of their pods. */
import type { Schemas } from "../api/client.ts";

type Evaluation = Schemas["Evaluation"];
type CapacityPoint = Schemas["CapacityPoint"];

const span = (values: readonly number[]): string => {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? String(least) : `${String(least)} to ${String(most)}`;
};

/** By those looks that asked who serves. */
const lackingOf = (points: readonly CapacityPoint[]): number =>
  Math.max(0, ...points.map(({ asked, serving = asked }) => asked - serving));

export const capacityText = ({ capacity }: Pick<Evaluation, "capacity">): string => {
  if (capacity.length === 0) return "";
  const serving = capacity.flatMap((point) => point.serving ?? []);
  const lacking = lackingOf(capacity);
  const byUs = Math.max(0, ...capacity.map((point) => point.lacking_by_us ?? 0));
  return [
    `${span(capacity.map(({ asked }) => asked))} asked for`,
    ...(serving.length === 0 ? [] : [`${span(serving)} serving`]),
    `desired ${span(capacity.map(({ desired }) => desired))}`,
    lacking === 0
      ? "never too few"
      : `too few by ${String(lacking)} at worst${byUs === 0 ? ", not by us" : `, ${String(byUs)} of them by us`}`,
  ].join(", ");
};

/** As each stood at last. */
export const budgetsText = ({ budgets }: Pick<Evaluation, "budgets">): string => {
  const last = new Map(budgets.map((point) => [point.name, point]));
  return [...last.values()]
    .map(
      ({ name, healthy, needed, allowed }) =>
        `${name} ${String(healthy)} healthy of ${String(needed)} needed, allows ${allowed === 0 ? "none" : String(allowed)}`,
    )
    .join("; ");
};
