/** What was last found of EBS in a region of an account to stand against no switch. Many evaluations may find the same at one time. */
import { ebsStandingSchema, type EbsStanding } from "../../core/model/ebs-standing.ts";
import { ebsStandingKey } from "./keys.ts";
import { readValue, updateValue, type SingleValue } from "./single-value.ts";
import type { Table } from "./table.ts";

interface Place {
  readonly accountId: string;
  readonly region: string;
}

const nothing: EbsStanding = {};

const ebsStandingOf = ({ accountId, region }: Place): SingleValue<EbsStanding, EbsStanding> => ({
  key: ebsStandingKey(accountId, region),
  name: `what was found of EBS in ${region} of account ${accountId}`,
  schema: ebsStandingSchema(),
  none: nothing,
});

/** Empty where nothing was found yet. @throws BrokenFacts naming the place if what is stored does not parse */
export const readEbsStanding = (table: Table, place: Place): Promise<EbsStanding> =>
  readValue(table, ebsStandingOf(place));

/** A change that returns its argument itself writes nothing. @throws RetryableContention, BrokenFacts; both name the place */
export const updateEbsStanding = (
  table: Table,
  place: Place,
  change: (stored: EbsStanding) => EbsStanding,
): Promise<EbsStanding> => updateValue(table, ebsStandingOf(place), change);
