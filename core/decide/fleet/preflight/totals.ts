/** How many subjects of a preflight come out how, and what they would save: by outcome, mode, reason and what is missing. */
import { noTotals, type PreflightRow, type PreflightTotals } from "../../../model/preflight.ts";

type Counts = PreflightTotals["outcomes"];

const add = (one: Counts, other: Counts): Counts => {
  const sum = { ...one };
  for (const [key, { subjects, monthlyUsd }] of Object.entries(other)) {
    const before = sum[key] ?? { subjects: 0, monthlyUsd: 0 };
    sum[key] = {
      subjects: before.subjects + subjects,
      monthlyUsd: before.monthlyUsd + monthlyUsd,
    };
  }
  return sum;
};

export const addTotals = (one: PreflightTotals, other: PreflightTotals): PreflightTotals => ({
  outcomes: add(one.outcomes, other.outcomes),
  modes: add(one.modes, other.modes),
  reasons: add(one.reasons, other.reasons),
  missing: add(one.missing, other.missing),
});

const totalsOfRow = ({ outcome, mode, reason, missing, monthlyUsd = 0 }: PreflightRow) => {
  const counts = { subjects: 1, monthlyUsd };
  return {
    outcomes: { [outcome]: counts },
    modes: { [`${mode} ${outcome}`]: counts },
    reasons: { [`${outcome} ${reason}`]: counts },
    missing: Object.fromEntries(missing.map(({ kind, name }) => [`${kind} ${name}`, counts])),
  };
};

export const totalsOf = (rows: readonly PreflightRow[]): PreflightTotals =>
  rows.map(totalsOfRow).reduce(addTotals, noTotals);
