/** How many subjects of a preflight come out how: in its body. */
import * as z from "../zod.ts";
import {
  missingKinds,
  preflightOutcomes,
  type PreflightTotals,
} from "../../../core/model/preflight.ts";
import { pipelineModeField } from "./targets.ts";
import { text } from "./verdict.ts";

export const outcomeField = z.enum(preflightOutcomes).meta({
  description:
    "WILL: a sweep would switch it. WOULD: as far as the lists of its region tell; it was not looked at by itself. WILL_ONCE: once what is `missing` is there. WONT: it stays as it is. NOT_JUDGED: what was read of it does not allow a judgement.",
  example: "WILL_ONCE",
});

export const count = (description: string) => z.int().nonnegative().meta({ description });
export const usd = (description: string) => z.number().meta({ description });

const countsFields = {
  subjects: count("How many."),
  monthly_usd: usd("What these would save, USD for 730 hours."),
};

export const totalsSchema = z
  .strictObject({
    by_outcome: z
      .array(z.strictObject({ outcome: outcomeField, ...countsFields }))
      .meta({ description: "By what becomes of them." }),
    by_mode: z
      .array(z.strictObject({ mode: pipelineModeField, outcome: outcomeField, ...countsFields }))
      .meta({ description: "By the mode to use." }),
    by_reason: z
      .array(
        z.strictObject({
          outcome: outcomeField,
          reason: text("Code of the reason, or name of the error."),
          ...countsFields,
        }),
      )
      .meta({ description: "By why, most first." }),
    missing: z
      .array(
        z.strictObject({
          kind: z.enum(missingKinds).meta({ description: "What kind of thing is missing." }),
          name: text("Limit of the policy, IAM action, or tag."),
          ...countsFields,
        }),
      )
      .meta({ description: "By what is missing, what would save most first." }),
  })
  .meta({ id: "PreflightTotals", description: "How many come out how, and what they would save." });

type Counts = PreflightTotals["outcomes"];

const inOrder = (counts: Counts, by: "subjects" | "monthlyUsd") =>
  Object.entries(counts).toSorted(
    ([one, { [by]: mine }], [other, { [by]: theirs }]) => theirs - mine || (one < other ? -1 : 1),
  );

/** `WONT ALREADY_SPOT` in two. */
const twoOf = (key: string): readonly [string, string] => {
  const space = key.indexOf(" ");
  return [key.slice(0, space), key.slice(space + 1)];
};

/** In cents: a sum of many has digits that say nothing. */
const countsJson = ({ subjects, monthlyUsd }: Counts[keyof Counts]) => ({
  subjects,
  monthly_usd: Math.round(monthlyUsd * 100) / 100,
});

export const totalsJson = ({ outcomes, modes, reasons, missing }: PreflightTotals) =>
  totalsSchema.parse({
    by_outcome: preflightOutcomes.flatMap((outcome) => {
      const counts = outcomes[outcome];
      return counts === undefined ? [] : [{ outcome, ...countsJson(counts) }];
    }),
    by_mode: inOrder(modes, "subjects").map(([key, counts]) => {
      const [mode, outcome] = twoOf(key);
      return { mode, outcome, ...countsJson(counts) };
    }),
    by_reason: inOrder(reasons, "subjects").map(([key, counts]) => {
      const [outcome, reason] = twoOf(key);
      return { outcome, reason, ...countsJson(counts) };
    }),
    missing: inOrder(missing, "monthlyUsd").map(([key, counts]) => {
      const [kind, name] = twoOf(key);
      return { kind, name, ...countsJson(counts) };
    }),
  });
